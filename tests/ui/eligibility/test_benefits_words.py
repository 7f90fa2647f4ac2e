"""What the benefits page and the bill say, before any widget: absent is never zero."""

from __future__ import annotations

from typing import Any

import pytest
from benefits_visit import DEDUCTIBLE, NOW, PLAN, TORN, Shelf, answer, check, eb

from ui.eligibility import notices
from ui.eligibility.benefit_rows import table_of
from ui.eligibility.benefits import answer_line, benefits_of, choices_of
from ui.eligibility.bill import Bill, bill_of, rows_by_index
from ui.eligibility.notices import Notice
from ui.eligibility.seen import Seen, gather
from ui.eligibility.words import figure_words, inside, row_facts
from workstation.eligibility import rejections
from workstation.eligibility.sides import Amounts, Level, Limits, Side, Stated
from workstation.estimates.chosen import chosen_in, chosen_note
from workstation.estimates.prices import demo_prices
from workstation.kernel.phrases import kept

OF_PLAN = Limits(Level(DEDUCTIBLE, PLAN))


def seen(*checks: dict[str, Any], chosen: dict[str, int] | None = None, **visit: Any) -> Seen:
    found = gather(Shelf(*checks, **visit), demo_prices(), "v", NOW, chosen)  # type: ignore[arg-type]
    assert found is not None
    return found


def torn() -> dict[str, Any]:
    side = Side(
        Stated("active", rows={2, 3}, conflicts=(TORN,)), Limits(Level(DEDUCTIBLE, Amounts(0)))
    )
    return check(answer=answer(side))


def notice(*checks: dict[str, Any]) -> Notice:
    found = benefits_of(seen(*checks), 0, NOW).notice
    assert found is not None
    return found


def under_way(check_id: str, **job: Any) -> dict[str, Any]:
    """The stored job behind a question."""
    made = {
        "id": "j",
        "kind": "ask_payer",
        "key": f"ask_payer:{check_id}",
        "state": "running",
        "subject": "p",
        "payload": {"coverage_id": "c", "asked_at": "2026-11-23T15:33:40Z"},
        "result": None,
        "attempts": 1,
        "not_before": "2026-11-23T15:33:40Z",
    }
    return {**made, **job}


def notice_beside(job: dict[str, Any], *checks: dict[str, Any]) -> Notice:
    shelf = Shelf(*checks)
    shelf.rows["job"] = [job]
    found = gather(shelf, demo_prices(), "v", NOW)  # type: ignore[arg-type]
    assert found is not None
    told = benefits_of(found, 0, NOW).notice
    assert told is not None
    return told


def test_the_five_tiles_answer_with_their_rows() -> None:
    found = benefits_of(seen(check()), 0, NOW)
    assert [tile.answer for tile in found.tiles] == [
        "Yes",
        "$25.00",
        "$640.00",
        "Not stated",
        "Not stated",
    ]
    assert found.tiles[0].note == "since 01 Jan 2026"
    assert found.tiles[1].rows == (2,)
    assert found.tiles[2].met == (86000, 150000)
    assert "answered in 4 s" in found.heading
    assert found.notice is None


def test_absent_is_said_in_words_and_zero_is_a_statement() -> None:
    free = table_of(answer(Side(Stated("active", copay=0, rows={2}))), ("98", "30"))
    assert free[0].copay.words == "$0.00"
    assert free[0].coinsurance.words == "not stated"
    assert not free[0].coinsurance.known
    assert free[0].deductible.words == "not stated"
    assert table_of(answer(), ("98", "30"))[0].deductible.words == "not stated"


def test_todays_service_stands_first_and_is_marked_once() -> None:
    rows = table_of(answer(), ("98", "30"))
    assert [row.today for row in rows].count(True) == 1
    assert rows[0].today
    assert rows[0].service == "Office visit"
    assert rows[0].network.words == "in"


def test_both_networks_are_one_row_where_the_payer_says_the_same() -> None:
    same = Side(Stated("active", copay=2500, rows={2})).as_json()
    model = answer(summary={"98": {"in": same, "out": same}})
    assert [row.network.words for row in table_of(model, ("98",))] == ["in and out"]


def test_an_unanswered_payer_says_that_nothing_ended() -> None:
    told = notice(check("not_answered", say="It was silent."))
    assert told.words == "The payer has not answered. That does not mean the coverage ended."
    assert told.ask


def test_a_pending_question_keeps_the_older_answer_in_sight() -> None:
    newer = check("asked", asked_at="2026-11-23T15:33:50Z")
    found = benefits_of(seen(check(), newer), 0, NOW)
    assert found.notice is not None
    assert found.notice.words.startswith("Asking since")
    assert found.tiles


def test_a_payer_that_takes_long_is_called_slow_and_nobody_waits_for_it() -> None:
    job = under_way("check-asked")
    told = notice_beside(job, check("asked", asked_at="2026-11-23T15:33:40Z"))
    assert told.words == "This payer is slow: asked at 15:33, no answer yet."
    assert told.do.startswith("Go on with the check-in: the answer comes in by itself")
    assert (told.level, told.ask) == ("wait", False)


def test_a_first_try_that_failed_says_why_and_when_it_is_asked_once_more() -> None:
    why = "The clearinghouse cannot be reached."
    job = under_way(
        "check-asked",
        state="waiting",
        result={"said": kept(why)},
        not_before="2026-11-23T15:35:10Z",
    )
    told = notice_beside(job, check("asked", asked_at="2026-11-23T15:33:50Z"))
    assert told.words == why
    assert told.do.startswith("It is asked once more by itself at 15:35.")


def test_a_question_of_another_desk_that_stays_open_may_be_asked_from_here() -> None:
    told = notice(check("asked", asked_at="2026-11-23T15:31:00Z"))
    assert told.words == "Another desk asked at 15:31; no answer is here yet."
    assert told.ask


@pytest.mark.parametrize(
    ("code", "field", "page"),
    [
        ("72", "member_id", "coverage"),
        ("58", "dob", "identity"),
        ("71", "subscriber_dob", "coverage"),
        ("48", "referring_npi", "reason"),
        ("54", "service_types", "reason"),
    ],
)
def test_a_rejection_leads_to_the_field_at_fault(code: str, field: str, page: str) -> None:
    told = notice(check("rejected", say="Check it.", rejections=[{"code": code, "field": field}]))
    assert told.go is not None
    assert told.go.page == page
    assert told.go.words.startswith("Correct the ")
    assert told.do == "Check it."


def test_what_was_refused_answers_nothing_the_answer_before_it_does() -> None:
    refused = check(
        "rejected",
        say="Check it.",
        rejections=[{"code": "72", "field": "member_id"}],
        answer={**answer(), "status": "not_answered", "rows": [], "summary": {}},
        asked_at="2026-11-23T15:32:00Z",
        answered_at="2026-11-23T15:32:01Z",
    )
    found = benefits_of(seen(check(), refused), 0, NOW)
    assert found.tiles[0].answer == "Yes"
    assert found.notice is not None
    assert found.notice.do == "Check it. Below is the answer of 23 Nov 2026."
    assert benefits_of(seen(refused), 0, NOW).tiles == ()


def test_two_figures_of_medicares_deductible_are_never_both_silent() -> None:
    told = Limits(Level(DEDUCTIBLE, Amounts(25700, 15700, 10000)))
    office = Side(Stated("active", coinsurance_bp=2000, rows={2}), told)
    shelf = Shelf(check(answer=answer(office)))
    shelf.rows["coverage"][0]["payer_kind"] = "medicare"
    found = gather(shelf, demo_prices(), "v", NOW)  # type: ignore[arg-type]
    assert found is not None
    page = benefits_of(found, 0, NOW)
    tile = page.tiles[2]
    assert (tile.answer, tile.tone) == ("$100.00", "warn")
    assert tile.note == "of $257.00: not this year's"
    assert "for 2026 it is $283.00. What the answer says is left is counted" in (
        page.differences[0].words
    )
    deductible = next(line for line in bill_of(found).lines if line.key == "deductible")
    assert deductible.note == "$100.00 is left of it"


def test_every_field_that_the_desk_can_mend_has_its_question() -> None:
    desk = {
        field.removeprefix("subscriber_") if alone else field
        for code, (_, field) in rejections._FIXES.items()
        for alone in (True, False)
        if field and rejections.mended_by(code, field) is rejections.Mender.DESK
    }
    assert desk <= set(notices._QUESTIONS)


def test_what_only_others_can_mend_blames_nobody_at_the_desk() -> None:
    refused = [{"code": "51", "field": "npi"}]
    told = notice(check("rejected", say="Tell the billing office.", rejections=refused))
    assert told.go is None
    assert "Nothing at this desk is wrong." in told.do
    assert "Call the payer" in told.do


def test_an_insurer_that_must_not_be_told_is_not_asked_and_what_it_said_counts_for_nothing() -> (
    None
):
    found = benefits_of(seen(check(), do_not_bill=True), 0, NOW)
    assert found.notice is not None
    assert found.notice.words.startswith("The patient asked not to involve this insurer")
    assert not found.notice.ask
    assert found.tiles == ()


def test_an_answer_of_another_month_is_told_as_old() -> None:
    old = check(
        asked_at="2026-10-02T15:30:00Z",
        answered_at="2026-10-02T15:30:04Z",
        service_date="2026-10-02",
    )
    assert notice(old).words == "This answer is of 02 Oct 2026."
    assert bill_of(seen(old)).lines[-1].amount == "not known yet"


def test_differing_copays_are_a_question_with_the_payers_words() -> None:
    found = benefits_of(seen(torn()), 0, NOW)
    assert found.question is not None
    assert choices_of(found.question) == ((2500, "RATES VARY A"), (5000, "RATES VARY B"))
    assert found.tiles[1].answer == "$25.00 or $50.00"


def test_a_chosen_copay_settles_tile_and_bill() -> None:
    looked = seen(torn(), chosen={"OV-PCP": 2500})
    found = benefits_of(looked, 0, NOW)
    assert found.question is None
    assert (found.tiles[1].answer, found.tiles[1].note) == ("$25.00", "chosen at the desk")
    assert bill_of(looked).lines[-1].amount == "$25.00"


def test_the_bill_is_read_downwards_to_what_is_owed() -> None:
    looked = seen(check())
    bill = bill_of(looked)
    assert [line.key for line in bill.lines] == [
        "price",
        "plan",
        "deductible",
        "copay",
        "total",
    ]
    assert bill.lines[-1].amount == "$25.00"
    assert bill.lines[-1].steps
    assert 2 in bill.lines[-1].rows
    assert bill.estimate is not None
    assert looked.to_give == seen(check()).to_give != ""


def test_a_silent_payer_leaves_no_amount_and_nothing_to_read_aloud() -> None:
    bill = bill_of(seen(check("not_answered")))
    assert bill.estimate is None
    assert all(line.amount != "$0.00" for line in bill.lines)
    assert bill.lines[-1].amount == "not known yet"


def test_an_ended_plan_leaves_no_figure_but_the_price() -> None:
    ended = check(status="inactive", answer=answer(status="inactive"))
    bill = bill_of(seen(ended))
    assert [line.key for line in bill.lines] == ["price", "total"]
    assert bill.lines[-1].amount == "not known yet"
    assert "not active" in bill.remarks[0]


def test_a_coinsurance_that_nobody_told_is_no_zero() -> None:
    free = answer(Side(Stated("active", copay=0, rows={2}), OF_PLAN))
    lines = {line.key: line for line in bill_of(seen(check(answer=free))).lines}
    assert (lines["coinsurance"].amount, lines["copay"].amount) == ("not stated", "$0.00")


def test_a_range_says_what_the_payer_left_open() -> None:
    torn_limit = Side(Stated("active", coinsurance_bp=2000, rows={2}), OF_PLAN)
    silent = answer(torn_limit)
    for one in ("98", "30"):
        silent["summary"][one]["in"]["out_of_pocket"]["individual"] = Amounts().as_json()
    bill = bill_of(seen(check(answer=silent)))
    assert bill.lines[-1].amount == "not known yet"
    assert bill.unsure == (
        "Between $0.00 and $148.00: the payer did not say what is left of the yearly limit."
    )


def test_bills_on_their_way_may_make_it_less() -> None:
    priced = answer(Side(Stated("active", coinsurance_bp=2000, rows={2}), OF_PLAN))
    bill = bill_of(seen(check(answer=priced)))
    assert bill.lines[-1].amount == "$148.00"
    assert bill.unsure == (
        "It would be $29.60 if earlier bills on their way to the payer use up the deductible."
    )


def test_a_locked_visit_says_nothing_of_money() -> None:
    looked = seen(check(), lock="locked")
    assert looked.locked
    assert looked.coverages == ()
    assert bill_of(looked) == Bill()
    assert looked.to_give == ""


def test_a_kept_estimate_is_not_given_twice_and_brings_the_choice_back() -> None:
    looked = seen(torn(), chosen={"OV-PCP": 2500})
    assert looked.money is not None
    assert looked.money.built is not None
    assert looked.money.built.case is not None
    shelf = Shelf(torn())
    shelf.rows["estimate"] = [
        {
            "id": "e",
            "person_id": "p",
            "visit_id": "v",
            "at": "2026-11-23T15:31:00Z",
            "input": looked.money.built.case.as_json(),
            "note": chosen_note({"OV-PCP": 2500}),
        }
    ]
    again = gather(shelf, demo_prices(), "v", NOW)  # type: ignore[arg-type]
    assert again is not None
    assert again.chosen == {"OV-PCP": 2500}
    assert again.to_give == ""


def test_a_choice_is_found_in_its_note_and_in_no_other() -> None:
    assert chosen_in({"note": chosen_note({"A B": 2500, "C": 0})}) == {"A B": 2500, "C": 0}
    assert chosen_in({"note": "told by telephone"}) == {}
    assert chosen_in(None) == {}
    assert chosen_note({}) is None


def test_a_row_is_told_with_the_payers_words_as_they_are() -> None:
    row = eb(2, messages=["<b>PCP</b>"], place_of_service="11", authorization="no")
    facts = dict(row_facts([row, {**row, "service_type": "BY"}]))
    assert figure_words(row) == "Copay $25.00"
    assert facts["Service"] == "Office visit, Office visit, sick"
    assert facts["Authorization"] == "not needed"
    assert facts["Place"] == "office (11)"
    assert facts["In its words"] == "“<b>PCP</b>”"


def test_an_acronym_keeps_its_letters_inside_a_sentence() -> None:
    assert [inside(label) for label in ("Office visit", "MRI or CT scan", "X-ray")] == [
        "office visit",
        "MRI or CT scan",
        "X-ray",
    ]


def test_rows_are_found_by_their_number() -> None:
    assert [number for number, _ in rows_by_index(answer(), (3, 2))] == [2, 3]
    assert rows_by_index(None, (2,)) == ()
    assert len(rows_by_index(answer(), ())) == 3


def test_the_short_line_says_active_and_copay() -> None:
    assert answer_line(seen(check()), 0, NOW) == (
        "ok",
        "Active today.",
        "Copay today $25.00: office visit.",
    )
    asked = check("asked", asked_at="2026-11-23T15:33:50Z")
    assert answer_line(seen(asked), 0, NOW)[0] == "muted"
