"""Where, for what and with whom: asked of a walk-in, quiet for an appointment, and the lock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.interview.accepted import detail_fields
from workstation.interview.fields import FieldKind, Need, Section, Sign
from workstation.interview.flow import CHECK_IN, ShowPage, Walk, answer, begin, forward, rail
from workstation.interview.missing import page_fields, page_problems
from workstation.interview.model import Accident, Draft, Identity, PageId, Reason, Said
from workstation.interview.paths import get
from workstation.interview.rules import lock_of_class, with_class_put_right
from workstation.interview.situation import (
    Place,
    Provider,
    Service,
    Situation,
    VisitChoices,
    VisitOnRecord,
)
from workstation.interview.visit_details import visit_section

TODAY = date(2026, 11, 23)
PLACES = VisitChoices(
    (Place("car", "Cardiology"), Place("ed", "Emergency", emergency=True), Place("lab", "Lab")),
    (
        Provider("castle", "Dr. Ben Castle", "1000000087", "ed"),
        Provider("holm", "Dr. Ingrid Holm", "1000000020", "car"),
    ),
    (Service("LAB", "Laboratory tests"), Service("OV-SPEC", "Office visit, specialist")),
)
WALK_IN = VisitOnRecord("V1", "A1", "O")
APPOINTMENT = replace(WALK_IN, scheduled=True)
REASON = CHECK_IN.pages[PageId.REASON]


def around(visit: VisitOnRecord | None = WALK_IN, **changes: object) -> Situation:
    return replace(Situation(TODAY, places=PLACES, visit=visit), **changes)  # type: ignore[arg-type]


def draft_with(**answers: str) -> Draft:
    return Draft(
        person_id="p1",
        visit_id="v1",
        identity=Identity(last="Okafor", first="Maria", dob="1985-03-03", sex="F"),
        reason=replace(Reason(reason="Chest feels tight"), **answers),
        accident=Accident(is_accident=Said.NO),
    )


def stops(draft: Draft, situation: Situation) -> list[str]:
    found = page_problems(REASON, draft, situation)
    return [problem.field for problem in found if problem.sign is Sign.STOP]


def section(draft: Draft, situation: Situation) -> Section:
    made = visit_section(draft, situation)
    assert made is not None
    return made


def line(draft: Draft, situation: Situation) -> tuple[str, ...]:
    summary = section(draft, situation).summary
    assert summary is not None
    return summary(draft, situation)


COMPLETE = {"department": "car", "clinician": "holm", "service": "OV-SPEC"}


def test_a_walk_in_is_asked_where_for_what_and_with_whom() -> None:
    wanted = ["reason.department", "reason.clinician", "reason.service"]
    assert stops(draft_with(), around()) == wanted
    assert stops(draft_with(), around(None)) == wanted
    assert stops(draft_with(**COMPLETE), around()) == []
    assert line(draft_with(), around()) == ()


def test_an_appointment_is_one_quiet_line_and_enter_passes() -> None:
    draft = draft_with(**COMPLETE)
    assert line(draft, around(APPOINTMENT)) == (
        "Cardiology",
        "Dr. Ingrid Holm",
        "Office visit, specialist",
        "Outpatient",
    )
    shown = forward(Walk(draft, PageId.REASON), around(APPOINTMENT, on_file=draft))
    assert isinstance(shown, ShowPage)
    assert shown.walk.page is PageId.WHAT_CHANGED
    assert stops(draft_with(), around(APPOINTMENT)) == []


def test_a_department_without_clinicians_asks_for_none() -> None:
    assert stops(draft_with(department="lab", service="LAB"), around()) == []


def test_nothing_of_the_visit_is_asked_where_the_store_knows_no_places() -> None:
    assert visit_section(draft_with(), Situation(TODAY)) is None
    assert stops(draft_with(), Situation(TODAY)) == []


def test_the_clinicians_of_the_department_come_first() -> None:
    def first(department: str) -> str:
        fields = section(draft_with(department=department), around()).fields
        return next(f for f in fields if f.key == "reason.clinician").options[0].code

    assert first("car") == "holm"
    assert first("ed") == "castle"


def test_what_is_typed_and_not_on_the_list_stops_with_words() -> None:
    draft = draft_with(**COMPLETE | {"clinician": "Dr. H", "service": "Office"})
    assert stops(draft, around()) == ["reason.clinician", "reason.service"]
    gone = draft_with(**COMPLETE | {"clinician": "left-us"})
    assert stops(gone, around(APPOINTMENT, on_file=gone)) == []


@pytest.mark.parametrize(
    ("npi", "fine"),
    [
        ("1234567893", True),
        ("123 456 7893", True),
        ("1234567890", False),
        ("12345", False),
        ("letters", False),
    ],
)
@pytest.mark.parametrize("role", ["ordering", "referring"])
def test_a_clinician_from_elsewhere_has_a_name_and_a_checked_npi(
    role: str, npi: str, fine: bool
) -> None:
    name = {"ordering": "ordering_name", "referring": "referred_by"}[role]
    bare = draft_with(**COMPLETE, **{role: "other"})
    assert stops(bare, around()) == [f"reason.{name}"]
    full = draft_with(**COMPLETE, **{role: "other", name: "Dr. Far", f"{role}_npi": npi})
    assert (stops(full, around()) == []) is fine
    if fine:
        fields = detail_fields(full, around())
        assert fields[role] == {"name": "Dr. Far", "npi": "1234567893"}
        assert fields[f"{role}_id"] is None


def test_an_answer_left_open_wipes_only_what_was_known() -> None:
    assert detail_fields(draft_with(), around()) == {}
    known = draft_with(**COMPLETE, ordering="castle")
    cleared = draft_with(**COMPLETE)
    fields = detail_fields(cleared, around(on_file=known))
    assert fields["ordering_id"] is None
    assert "service" not in fields
    other = detail_fields(draft_with(service="LAB"), around(on_file=known))
    assert (other["service_code"], other["service"]) == ("LAB", "Laboratory tests")


def test_an_emergency_department_locks_from_the_answer_on() -> None:
    draft = draft_with(**COMPLETE | {"department": "ed"})
    locked = lock_of_class(draft, around())
    assert locked.locked
    assert stops(draft_with(department="ed"), locked) == []  # care does not wait for details
    steps = {step.page for step in rail(begin(draft), locked)}
    assert not steps & {PageId.BENEFITS, PageId.PAY, PageId.GUARANTOR, PageId.MEDICARE}
    keys = {field.key for field in page_fields(REASON, draft, locked)}
    assert not keys & {"reason.ordering", "reason.referring", "reason.referred_by"}


def test_no_answer_opens_a_lock_and_none_closes_it_after_the_exam() -> None:
    locked = replace(WALK_IN, locked=True)
    assert lock_of_class(draft_with(**COMPLETE), around(locked)).locked
    seen = replace(WALK_IN, exam_recorded=True)
    assert not lock_of_class(draft_with(department="ed"), around(seen)).locked
    unopened = replace(draft_with(department="ed"), visit_id="")
    assert lock_of_class(unopened, around(None)).locked
    assert not lock_of_class(replace(unopened, reason=Reason()), around(None)).locked


def test_another_class_takes_a_reason() -> None:
    draft = draft_with(**COMPLETE, patient_class="R")
    assert stops(draft, around()) == ["reason.class_reason"]
    assert line(draft, around()) == ()
    assert stops(draft_with(**COMPLETE, patient_class="R", class_reason="Series"), around()) == []


def test_a_class_put_right_elsewhere_is_not_put_back() -> None:
    draft = draft_with(**COMPLETE, patient_class="E")
    was = around(replace(WALK_IN, patient_class="E", locked=True))
    assert with_class_put_right(draft, was, around()).reason.patient_class == "O"
    mine = replace(draft, reason=replace(draft.reason, patient_class="I"))
    assert with_class_put_right(mine, was, around()) == mine
    assert with_class_put_right(draft, around(), around()) == draft


visits = st.sampled_from([None, WALK_IN, APPOINTMENT, replace(WALK_IN, locked=True)])


@settings(max_examples=60, deadline=None)
@given(visit=visits, data=st.data())
def test_whatever_is_chosen_the_page_can_be_left(
    visit: VisitOnRecord | None, data: st.DataObject
) -> None:
    situation = lock_of_class(draft_with(), around(visit))
    walk = Walk(draft_with(), PageId.REASON)
    for _ in range(40):
        fields = {f.key: f for f in page_fields(REASON, walk.draft, situation)}
        open_now = stops(walk.draft, situation)
        if not open_now:
            break
        offered = [option.code for option in fields[open_now[0]].options] or ["1234567893"]
        walk = answer(walk, open_now[0], data.draw(st.sampled_from(offered)))
        situation = lock_of_class(walk.draft, situation)
    assert stops(walk.draft, situation) == []


def test_every_detail_is_a_place_in_the_draft_and_says_why_it_is_needed() -> None:
    draft, situation = draft_with(), around()
    for field in section(draft, situation).fields:
        assert get(draft, field.key) is not None
        if field.kind in {FieldKind.CHOICE, FieldKind.CODE_SEARCH}:
            assert field.options
        if field.needed(draft, situation) is not Need.MAY:
            assert field.why
