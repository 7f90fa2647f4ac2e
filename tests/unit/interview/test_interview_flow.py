"""The way through the pages, every branch, without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.interview import options
from workstation.interview.codec import walk_from_json, walk_to_json
from workstation.interview.fields import Field, FieldKind, Need, Problem, Sign
from workstation.interview.flow import (
    CHECK_IN,
    Finished,
    NeedChoice,
    ShowPage,
    StepState,
    Walk,
    answer,
    back,
    begin,
    caught_up,
    forward,
    go_to,
    rail,
    usual_answers,
)
from workstation.interview.missing import field_problem, page_fields, page_problems
from workstation.interview.model import (
    Address,
    ContactPerson,
    CoverageAnswer,
    Coverages,
    Draft,
    Employer,
    Guarantor,
    Identity,
    PageId,
    PaperAnswer,
    Reach,
    Reason,
    Said,
    Signer,
)
from workstation.interview.paths import get
from workstation.interview.payer_order import ORDER_OPEN, may_take_money
from workstation.interview.rules import money_may_be_asked, papers_due
from workstation.interview.situation import Situation, Verified
from workstation.papers.model import FormId

TODAY = date(2026, 11, 23)
MONEY_PAGES = {PageId.MEDICARE, PageId.GUARANTOR, PageId.BENEFITS, PageId.PAY}


def known_patient(**changes: object) -> Draft:
    """Somebody who was here before, with everything on file."""
    draft = Draft(
        id="d1",
        owner="u1",
        person_id="p1",
        started_empty=False,
        identity=Identity(last="Okafor", first="Maria", dob="1985-03-03", sex="F"),
        address=Address(street="1 Elm St", city="Austin", state="TX", zip="78701"),
        reach=Reach(mobile="+15122345678"),
        contacts=(ContactPerson(id="c", name="Ana Diaz", phone="+15122345679"),),
        employer=Employer(status="retired"),
        guarantor=Guarantor(relation="self"),
        reason=Reason(reason="Knee pain"),
        coverages=Coverages(
            insured=Said.YES,
            items=(
                CoverageAnswer(
                    id="k",
                    payer_name="Blue Cross",
                    payer_kind="commercial",
                    member_id="XQZ123",
                    relation="self",
                ),
            ),
        ),
    )
    draft = replace(draft, about=replace(draft.about, race_ethnicity=("white",), language="en"))
    return replace(draft, **changes)  # type: ignore[arg-type]


def returning(on_file: Draft, day: date = date(2026, 11, 1), **changes: object) -> Situation:
    cards = ("address", "reach", "contacts", "employer", "about", "guarantor", "coverages")
    verified = tuple(Verified(card, day) for card in cards)
    return replace(Situation(TODAY, on_file=on_file, verified=verified), **changes)  # type: ignore[arg-type]


VALUES: dict[FieldKind, list[object]] = {
    FieldKind.TEXT: ["1EG4TE5MK73", "Clinic"],
    FieldKind.NAME: ["Diaz", "Nguyễn"],
    FieldKind.DATE: ["1985-03-03", "2020-02-29", "2012-05-05", "3 of"],
    FieldKind.SSN: ["234567891", "12"],
    FieldKind.PHONE: ["+15122345678", "5"],
    FieldKind.EMAIL: ["ana@example.com", "ana"],
    FieldKind.STATE: ["TX"],
    FieldKind.ZIP: ["78701", "7"],
    FieldKind.CODE_SEARCH: ["Blue Cross"],
    FieldKind.CHECK: [True, False],
    FieldKind.YES_NO: [Said.YES, Said.NO],
    FieldKind.YES_NO_UNKNOWN: [Said.YES, Said.NO, Said.UNKNOWN],
}


def values_for(field: Field) -> list[object]:
    if field.kind is FieldKind.CHOICE:
        return [option.code for option in field.options]
    if field.kind is FieldKind.MULTI_CHOICE:
        return [(option.code,) for option in field.options]
    return VALUES[field.kind]


def settle_paper(walk: Walk, form_id: str, *, signs: bool) -> Walk:
    outcome = ("signed" if signs else "given", "abc" if signs else "")
    paper = PaperAnswer(form_id, "v", "en", outcome[0], strokes=outcome[1])
    others = tuple(p for p in walk.draft.papers if p.form_id != form_id)
    return replace(walk, draft=replace(walk.draft, papers=(*others, paper)))


def settle(walk: Walk, key: str, situation: Situation, choose: st.DataObject) -> Walk:
    """Answers what a stop sign asks for, whatever kind of question it is."""
    if key.startswith("papers."):
        form = next(
            p.form for p in papers_due(walk.draft, situation) if p.form.id == FormId(key[7:])
        )
        return settle_paper(walk, key[7:], signs=form.asks_signature)
    if key.startswith("card."):
        from workstation.interview.cards import say_same

        return replace(walk, draft=say_same(walk.draft, key[5:]))
    if key == "money.settled":
        return answer(walk, key, "nothing_today")
    if key == "money.reason":
        return answer(walk, key, "bill_me")
    page = CHECK_IN.pages[walk.page]
    fields = {f.key: f for f in page_fields(page, walk.draft, situation)}
    assert key in fields, f"{key} is needed on {walk.page} and cannot be reached"
    return answer(walk, key, choose.draw(st.sampled_from(values_for(fields[key]))))


def through(walk: Walk, situation: Situation, data: st.DataObject) -> tuple[Walk, list[PageId]]:
    """Answers with anything that is offered until the end; fails if there is none."""
    pages = [walk.page]
    for _ in range(900):
        result = forward(walk, situation)
        if isinstance(result, Finished):
            return result.walk, pages
        if isinstance(result, NeedChoice):
            code = data.draw(st.sampled_from([option.code for option in result.options]))
            result = forward(walk, situation, reason=code)
        assert isinstance(result, ShowPage | Finished)
        if isinstance(result, Finished):
            return result.walk, pages
        walk = result.walk
        pages.append(walk.page)
        if result.focus:
            walk = settle(walk, result.focus, situation, data)
    raise AssertionError(f"no end was reached; stands at {walk.page}")


situations = st.sampled_from(
    [
        (Draft(), Situation(TODAY)),
        (Draft(), Situation(TODAY, locked=True)),
        (known_patient(), returning(known_patient())),
        (known_patient(), returning(known_patient(), date(2020, 1, 1))),
        (known_patient(), returning(known_patient(), locked=True)),
    ]
)


@settings(max_examples=60, deadline=None)
@given(start=situations, data=st.data())
def test_any_answers_reach_the_end(start: tuple[Draft, Situation], data: st.DataObject) -> None:
    draft, situation = start
    walk, pages = through(begin(draft), situation, data)
    for page in CHECK_IN.applicable(walk.draft, situation):
        problems = page_problems(CHECK_IN.pages[page], walk.draft, situation)
        assert not [p for p in problems if p.sign is Sign.STOP]
    if situation.locked:
        assert not MONEY_PAGES & set(pages)


@settings(max_examples=60, deadline=None)
@given(start=situations, data=st.data())
def test_back_restores_the_exact_draft_and_loses_nothing(
    start: tuple[Draft, Situation], data: st.DataObject
) -> None:
    draft, situation = start
    walk, _ = through(begin(draft), situation, data)
    left = walk
    for stop in reversed(walk.behind):
        walk = back(walk).walk
        assert (walk.page, walk.draft) == (stop.page, stop.draft)
    result = forward(walk, situation, reason="not_known")
    assert isinstance(result, ShowPage | Finished)
    # The page's own Continue may confirm fresh cards; nothing that was answered may be gone.
    for section in ("identity", "address", "coverages", "msp", "papers", "signer"):
        assert getattr(result.walk.draft, section) == getattr(left.draft, section)


@settings(max_examples=60, deadline=None)
@given(start=situations, data=st.data())
def test_a_walk_written_down_is_read_back_the_same(
    start: tuple[Draft, Situation], data: st.DataObject
) -> None:
    draft, situation = start
    walk, _ = through(begin(draft), situation, data)
    gone_back = back(walk).walk
    assert walk_from_json(walk_to_json(gone_back)) == gone_back


def test_going_back_and_changing_one_answer_keeps_what_was_typed_further_on() -> None:
    situation = Situation(TODAY)
    walk = begin(replace(known_patient(), identity=replace(known_patient().identity)))
    walk = answer(walk, "identity.identified_by", "stated")
    shown = forward(walk, situation)
    assert isinstance(shown, ShowPage)
    assert shown.walk.page is PageId.REASON
    typed = answer(shown.walk, "reason.reason", "Fell off a ladder")
    earlier = back(typed).walk
    assert earlier.draft.reason.reason == "Knee pain"
    changed = answer(earlier, "identity.middle", "Elena")
    again = forward(changed, situation)
    assert isinstance(again, ShowPage)
    assert again.walk.draft.reason.reason == "Fell off a ladder"
    assert again.walk.draft.identity.middle == "Elena"


def test_untouched_answers_follow_the_store_and_touched_ones_keep_their_base() -> None:
    known = known_patient()
    walk = begin(known, known=known)
    mine = answer(walk, "address.street", "2 Oak St")
    theirs = replace(known, reach=Reach(mobile="+15129998888"))
    followed = caught_up(mine, returning(theirs))
    assert followed.draft.reach.mobile == "+15129998888"
    assert followed.draft.address.street == "2 Oak St"
    assert followed.known == theirs
    both = replace(theirs, address=replace(known.address, street="3 Ash St"))
    met = caught_up(mine, returning(both))
    assert met.draft.address.street == "2 Oak St"
    assert met.known is not None
    assert met.known.address.street == "1 Elm St"  # recording it is refused as stale
    told = caught_up(met, returning(both), theirs_seen=True)
    assert told.known == both
    assert told.draft.address.street == "2 Oak St"


def test_a_returning_patient_with_nothing_changed_types_nothing() -> None:
    on_file = known_patient()
    situation = returning(on_file)
    walk = answer(begin(on_file), "identity.identified_by", "stated")
    keys = 2
    asked = []
    while True:
        result = forward(walk, situation)
        keys += 1
        if isinstance(result, Finished):
            break
        assert isinstance(result, ShowPage)
        asked.append(result.walk.page)
        walk = result.walk
        focus = result.focus
        while focus is not None:
            if focus.startswith("papers."):
                form = FormId(focus[7:])
                due = {p.form.id: p.form for p in papers_due(walk.draft, situation)}
                walk = settle_paper(walk, focus[7:], signs=due[form].asks_signature)
            elif focus == "accident.is_accident":
                walk = answer(walk, focus, Said.NO)
            elif focus == "signer.right":
                walk = answer(walk, focus, "self")
            elif focus.startswith("money"):
                walk = answer(answer(walk, "money.settled", "paid"), "money.reason", "")
            else:
                pytest.fail(f"asked for {focus}")
            keys += 1
            stops = page_problems(CHECK_IN.pages[walk.page], walk.draft, situation)
            focus = stops[0].field if stops else None
    seen = list(dict.fromkeys(asked))
    assert seen == [
        PageId.REASON,
        PageId.WHAT_CHANGED,
        PageId.PAPERS,
        PageId.BENEFITS,
        PageId.PAY,
    ]
    assert keys <= 25


def test_stale_cards_are_not_confirmed_by_reflex() -> None:
    on_file = known_patient()
    situation = returning(on_file, date(2024, 1, 1))
    result = forward(Walk(on_file, PageId.WHAT_CHANGED), situation)
    assert isinstance(result, ShowPage)
    assert result.focus == "card.address"


def test_the_accident_question_is_never_carried_over() -> None:
    on_file = known_patient()
    walk = Walk(on_file, PageId.REASON)
    result = forward(walk, returning(on_file))
    assert isinstance(result, ShowPage)
    assert result.focus == "accident.is_accident"


def test_a_question_left_open_needs_a_reason_and_keeps_it() -> None:
    on_file = known_patient(contacts=())
    situation = Situation(TODAY)
    draft = replace(on_file, contacts=())
    walk = Walk(draft, PageId.PEOPLE)
    result = forward(walk, situation)
    assert isinstance(result, NeedChoice)
    assert "contacts.0.name" in result.fields
    done = forward(walk, situation, reason="declined")
    assert isinstance(done, ShowPage)
    assert done.walk.draft.skipped("contacts.0.name") == "declined"
    answered = answer(done.walk, "contacts.0.name", "Ana")
    assert answered.draft.skipped("contacts.0.name") is None


def test_nothing_of_money_is_named_while_locked() -> None:
    draft = known_patient()
    situation = returning(draft, locked=True)
    shown = {step.page for step in rail(begin(draft), situation)}
    assert not MONEY_PAGES & shown
    assert not [p for p in papers_due(draft, situation) if p.form.of_money]
    for page in CHECK_IN.applicable(draft, situation):
        for field in page_fields(CHECK_IN.pages[page], draft, situation):
            assert not field.key.startswith(("msp.", "guarantor.", "coverages.do_not", "money."))


def test_the_rail_says_what_must_be_fixed_and_what_is_not_needed() -> None:
    draft = known_patient()
    situation = returning(draft)
    walk = answer(begin(draft), "identity.identified_by", "stated")
    result = forward(walk, situation)
    assert isinstance(result, ShowPage)
    broken = answer(result.walk, "identity.dob", "half typ")
    states = {step.page: step.state for step in rail(broken, situation)}
    assert states[PageId.IDENTITY] is StepState.MUST_FIX
    assert states[PageId.REASON] is StepState.NOW
    assert states[PageId.MEDICARE] is StepState.NOT_NEEDED
    assert PageId.CONTACT not in states
    assert states[PageId.PAY] is StepState.NOT_YET


def test_a_step_of_the_rail_stops_at_the_first_stop_sign() -> None:
    draft = known_patient()
    walk = answer(begin(draft), "identity.identified_by", "stated")
    shown = go_to(walk, PageId.PAY, returning(draft))
    assert shown.walk.page is PageId.REASON
    assert shown.focus == "accident.is_accident"


def test_sixty_five_without_medicare_is_asked_about_it() -> None:
    draft = known_patient(identity=replace(known_patient().identity, dob="1961-11-23"))
    page = CHECK_IN.pages[PageId.COVERAGE]
    keys = {f.key for f in page_fields(page, draft, Situation(TODAY))}
    assert "coverages.medicare_asked" in keys
    younger = known_patient(identity=replace(known_patient().identity, dob="1961-11-24"))
    keys = {f.key for f in page_fields(page, younger, Situation(TODAY))}
    assert "coverages.medicare_asked" not in keys
    disabled = known_patient(employer=Employer(status="disabled"))
    keys = {f.key for f in page_fields(page, disabled, Situation(TODAY))}
    assert "coverages.medicare_asked" in keys


def medicare_patient(**changes: object) -> Draft:
    item = CoverageAnswer(
        payer_name="Medicare", payer_kind="medicare", member_id="1EG4TE5MK73", relation="self"
    )
    return known_patient(coverages=Coverages(insured=Said.YES, items=(item,)), **changes)


def test_medicare_brings_its_questions_except_soon_again_in_recurring_care() -> None:
    draft = medicare_patient()
    assert PageId.MEDICARE in CHECK_IN.applicable(draft, Situation(TODAY))
    recurring = medicare_patient(reason=Reason(reason="Dialysis", patient_class="R"))
    lately = Situation(TODAY, last_medicare_on=date(2026, 9, 1))
    assert PageId.MEDICARE not in CHECK_IN.applicable(recurring, lately)
    long_ago = Situation(TODAY, last_medicare_on=date(2026, 8, 25))
    assert PageId.MEDICARE in CHECK_IN.applicable(recurring, long_ago)


def test_no_money_is_asked_before_the_notice_on_surprise_bills() -> None:
    draft = known_patient()
    situation = Situation(TODAY)
    assert money_may_be_asked(draft, situation)[0] is False
    walk = Walk(draft)
    for form in (FormId.SURPRISE_BILLING_NOTICE, FormId.FINANCIAL_ASSISTANCE_SUMMARY):
        walk = settle_paper(walk, str(form), signs=False)
    assert money_may_be_asked(walk.draft, situation) == (True, "")
    assert money_may_be_asked(walk.draft, replace(situation, locked=True))[0] is False


def test_pay_waits_until_the_order_of_payers_is_known() -> None:
    draft = medicare_patient()
    situation = Situation(TODAY)
    walk = Walk(draft)
    for form in (FormId.SURPRISE_BILLING_NOTICE, FormId.FINANCIAL_ASSISTANCE_SUMMARY):
        walk = settle_paper(walk, str(form), signs=False)
    assert may_take_money(walk.draft, situation) == (False, ORDER_OPEN)
    walk = answer(walk, "accident.is_accident", Said.NO)
    for key in ("black_lung", "research", "va"):
        walk = answer(walk, f"msp.{key}", Said.NO)
    walk = answer(answer(walk, "msp.by_age", True), "msp.patient_work", "retired")
    walk = answer(walk, "msp.spouse_work", "none")
    assert may_take_money(walk.draft, situation) == (True, "")
    open_again = answer(walk, "msp.va", Said.UNKNOWN)
    assert may_take_money(open_again.draft, situation) == (False, ORDER_OPEN)
    nothing = answer(
        answer(open_again, "money.settled", "nothing_today"), "money.reason", "bill_me"
    )
    assert not page_problems(CHECK_IN.pages[PageId.PAY], nothing.draft, situation)


def test_a_minor_is_not_their_own_guarantor() -> None:
    child = known_patient(identity=replace(known_patient().identity, dob="2015-01-01"))
    page = CHECK_IN.pages[PageId.GUARANTOR]
    assert [p.field for p in page_problems(page, child, Situation(TODAY)) if p.sign is Sign.STOP]


def test_every_key_of_every_field_is_a_place_in_the_draft() -> None:
    draft, situation = known_patient(), Situation(TODAY)
    for page in CHECK_IN.pages.values():
        for section in page.sections(draft, situation):
            for field in section.fields:
                get(draft, field.key)
                assert field.label
                choice = field.kind in {
                    FieldKind.CHOICE,
                    FieldKind.MULTI_CHOICE,
                    FieldKind.YES_NO,
                    FieldKind.YES_NO_UNKNOWN,
                }
                assert bool(field.options) is choice
                if field.needed(draft, situation) is not Need.MAY:
                    assert field.why, f"{field.key} is needed and does not say why"


def test_choices_have_distinct_codes_and_keys() -> None:
    for name, offered in vars(options).items():
        if name.isupper():
            codes = [option.code for option in offered]
            keys = [option.key for option in offered if option.key]
            assert len(set(codes)) == len(codes)
            assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("3/3", "Type month, day and year of birth."),
        ("March 1985", "Type month, day and year of birth."),
        ("13.15.85", "There is no such date. Check month, day and year."),
        ("2/30/1985", "There is no such date. Check month, day and year."),
        ("3/3/2030", "This date lies ahead. Check the year."),
        ("3/3/2099", "This date lies ahead. Check the year."),
        ("2026-11-24", "This date lies ahead. Check the year."),
        ("3/3/1885", "This is more than 130 years ago. Check the year."),
    ],
)
def test_a_birth_date_that_cannot_be_says_what_to_do(typed: str, says: str) -> None:
    draft = replace(Draft(), identity=Identity(dob=typed))
    page = CHECK_IN.pages[PageId.IDENTITY]
    field = next(f for f in page_fields(page, draft, Situation(TODAY)) if f.key == "identity.dob")
    assert field.needed(draft, Situation(TODAY)) is Need.MUST
    assert field_problem(field, draft, Situation(TODAY)) == Problem("identity.dob", Sign.STOP, says)


@pytest.mark.parametrize(
    ("status", "work"),
    [("employed", "working"), ("retired", "retired"), ("not_employed", ""), ("", "")],
)
def test_a_new_patients_work_is_not_asked_twice(status: str, work: str) -> None:
    draft = Draft(identity=Identity(dob="1955-03-03"), employer=Employer(status=status))
    new = usual_answers(draft, Situation(TODAY))
    assert (new.msp.patient_work, new.msp.by_age) == (work, True)
    back_again = usual_answers(draft, Situation(TODAY, on_file=draft))
    assert back_again.msp.patient_work == "", "at a later visit it is asked afresh"
    said = replace(draft, msp=replace(draft.msp, patient_work="never"))
    assert usual_answers(said, Situation(TODAY)).msp.patient_work == "never"


@pytest.mark.parametrize(
    ("right", "before", "name"),
    [
        ("parent", "", "Ana Novak"),
        ("guardian", "", ""),
        ("consenting_minor", "", ""),
        ("parent", "Leo Novak", "Leo Novak"),
    ],
)
def test_the_parent_who_answers_for_the_bill_signs_by_name(
    right: str, before: str, name: str
) -> None:
    draft = Draft(
        guarantor=Guarantor(relation="parent", last="Novak", first="Ana"),
        signer=Signer(name=before),
    )
    assert answer(begin(draft), "signer.right", right).draft.signer.name == name
