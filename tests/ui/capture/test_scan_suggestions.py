"""What a scan suggests, fills in, and leaves to a person: without a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ui.capture import scan_model
from ui.capture import suggestions as told
from ui.capture.pictures import letters
from ui.capture.suggestions import Standing, Suggestion
from workstation.capture.card_model import CardReading, Doubt, Evidence, PayerCandidate, SideView
from workstation.capture.licence_model import Finding, Licence
from workstation.interview.model import Address, CoverageAnswer, Coverages, Draft, Identity, Said
from workstation.kernel.errors import NotUnderstood

TODAY = date(2026, 11, 23)
WHERE = Evidence(0, (0.1, 0.2, 0.4, 0.3))
CARD = CardReading(
    payer_name="Northwind Health Plan",
    payer_candidates=(
        PayerCandidate("Northwind Health Plan", 0.8),
        PayerCandidate("Northwind Medicaid", 0.6),
    ),
    member_id="341O721106",
    member_name="LINNEA R FIXTURE",
    group_number="0071234",
    effective_date=date(2026, 7, 1),
    copays={"pcp": 1500, "er": 25050},
    rx_bin="610011",
    confidence={"payer": 0.88, "member_id": 0.71, "group_number": 0.93, "effective_date": 1.0},
    review=("member_id",),
    evidence={
        "member_id": replace(WHERE, doubts=(Doubt(3, "O", "0"),)),
        "group_number": WHERE,
    },
    sides=(SideView(((0, 0), (1, 0), (1, 1), (0, 1)), True, 0, b""),),
)
LINNEA = Draft(
    identity=Identity(last="Fixture", first="Linnea", dob="1985-03-03"),
    coverages=Coverages(insured=Said.YES, items=(CoverageAnswer(),)),
)
LICENCE = Licence(
    last_name="FIXTURE",
    first_name="LINNEA",
    middle_name="RUTH",
    birth_date=date(1985, 3, 3),
    sex="F",
    street="1 ELM ST",
    city="AUSTIN",
    state="TX",
    zip="787010000",
    truncated={"last_name": False, "first_name": False},
)


def by_key(found: tuple[Suggestion, ...]) -> dict[str, Suggestion]:
    return {one.key.rpartition(".")[2]: one for one in found}


def test_sure_values_fill_open_questions_and_doubtful_ones_wait() -> None:
    found = told.from_card(CARD, 0, LINNEA)
    assert told.open_ones(found, LINNEA) == {
        "coverages.items.0.payer_name": "Northwind Health Plan",
        "coverages.items.0.group_number": "0071234",
        "coverages.items.0.from_date": "2026-07-01",
        "coverages.items.0.relation": "self",
    }
    member = by_key(found)["member_id"]
    assert member.look
    assert member.others == ("3410721106",)
    level, words = told.words_for(member, LINNEA, None, False)
    assert level == "warn"
    assert words.startswith("O or 0? Compare")


def test_a_doubt_alone_keeps_a_value_from_the_draft() -> None:
    doubted = replace(CARD, review=(), confidence={"member_id": 0.99})
    assert "coverages.items.0.member_id" not in told.open_ones(
        told.from_card(doubted, 0, LINNEA), LINNEA
    )


def test_what_stands_already_is_never_replaced() -> None:
    item = CoverageAnswer(payer_name="Other", member_id="X1", group_number="0071-234")
    draft = replace(LINNEA, coverages=Coverages(Said.YES, (item,)))
    found = told.from_card(CARD, 0, draft)
    assert set(told.open_ones(found, draft)) == {
        "coverages.items.0.from_date",
        "coverages.items.0.relation",
    }
    assert by_key(found)["group_number"].standing(draft) is Standing.SAME
    other = by_key(found)["payer_name"]
    assert other.standing(draft) is Standing.OTHER
    assert told.words_for(other, draft, None, False) == (
        "warn",
        "the card says Northwind Health Plan: Ctrl+Enter takes it",
    )
    assert told.words_for(other, draft, None, True)[0] == "info"


@pytest.mark.parametrize(
    ("payer", "level", "words"),
    [
        ({"patient": {"group_number": "0071234"}, "subscriber": {}}, "ok", "card and payer agree"),
        ({"patient": {}, "subscriber": {}}, "info", "from the card, clear"),
        (None, "info", "from the card, clear"),
        (
            {"patient": {"group_number": "0071734"}, "subscriber": {}},
            "warn",
            "as on the card; the payer says 0071734",
        ),
    ],
)
def test_agree_is_said_only_where_two_sources_say_the_same(
    payer: dict[str, Any] | None, level: str, words: str
) -> None:
    answer = payer and {**payer, "plan_name": None, "dates": [], "status": "active"}
    draft = replace(
        LINNEA, coverages=Coverages(Said.YES, (CoverageAnswer(group_number="0071234"),))
    )
    one = by_key(told.from_card(CARD, 0, draft))["group_number"]
    assert told.words_for(one, draft, answer, False) == (level, words)


def test_a_card_of_somebody_else_names_the_holder_only_where_one_was_said() -> None:
    draft = replace(LINNEA, identity=Identity(last="Sample", first="Jonas"))
    assert told.name_on_card(CARD, draft) == "Linnea Fixture"
    assert "relation" not in by_key(told.from_card(CARD, 0, draft))
    held = replace(draft, coverages=Coverages(Said.YES, (CoverageAnswer(relation="spouse"),)))
    found = by_key(told.from_card(CARD, 0, held))
    assert (found["first"].value, found["last"].value) == ("Linnea", "Fixture")


def test_nothing_of_money_is_told_while_the_emergency_lock_holds() -> None:
    free = " ".join(told.beside_card(CARD, locked=False))
    assert "PCP $15 · ER $250.50" in free
    assert "$" not in " ".join(told.beside_card(CARD, locked=True))
    state = scan_model.came(scan_model.opened("card", TODAY, locked=True), CARD)
    assert not any("$" in row.value for row in scan_model.rows(state))


def test_how_much_there_is_to_compare_is_said_in_words() -> None:
    state = scan_model.opened("card", TODAY)
    assert scan_model.verdict(scan_model.came(state, CARD)) == (
        "Read. One field to compare with the card", "warn",
    )  # fmt: skip
    sure = replace(CARD, review=(), evidence={})
    assert scan_model.verdict(scan_model.came(state, sure))[1] == "ok"
    assert {row.note for row in scan_model.rows(scan_model.came(state, sure))} == {"clear"}


def test_a_licence_speaks_of_a_licence_and_tells_that_it_ran_out() -> None:
    state = scan_model.opened("licence", TODAY)
    old = replace(LICENCE, expiration_date=date(2026, 11, 22))
    read = scan_model.came(state, old)
    assert scan_model.verdict(read) == ("Read from the barcode", "ok")
    assert "card" not in read.words + read.do
    assert [row.note for row in scan_model.rows(read) if row.level == "warn"] == ["ran out"]
    good = scan_model.came(state, replace(old, expiration_date=TODAY))
    assert not [row for row in scan_model.rows(good) if row.level == "warn"]


def test_a_licence_fills_an_empty_chart() -> None:
    found = told.open_ones(told.from_licence(LICENCE, Draft()), Draft())
    assert found == {
        "identity.last": "Fixture",
        "identity.first": "Linnea",
        "identity.middle": "Ruth",
        "identity.dob": "1985-03-03",
        "identity.sex": "F",
        "address.street": "1 Elm St",
        "address.zip": "78701",
        "address.city": "Austin",
        "address.state": "TX",
        "identity.identified_by": "photo_id",
    }
    assert told.other_person(LICENCE, Draft()) == ""


@pytest.mark.parametrize(
    ("identity", "part"),
    [
        (Identity(last="Fixture", first="Linda", dob="1985-03-03"), "first name"),
        (Identity(last="Mockridge", first="Linnea", dob="1985-03-03"), "last name"),
        (Identity(last="Fixture", first="Linnea", dob="1985-03-04"), "birth date"),
    ],
)
def test_another_name_or_birth_date_may_be_another_person(identity: Identity, part: str) -> None:
    words = told.other_person(LICENCE, Draft(identity=identity))
    assert part in words
    assert "Linnea Fixture" in words


def test_accents_case_and_a_name_cut_short_are_no_difference() -> None:
    same = Draft(identity=Identity(last="FIXTÜRE", first="linnea", dob="1985-03-03"))
    assert told.other_person(LICENCE, same) == ""
    cut = replace(LICENCE, first_name="LINN", truncated={"first_name": True})
    longer = Draft(identity=Identity(last="Fixture", first="Linnea", dob="1985-03-03"))
    assert told.other_person(cut, longer) == ""


def test_a_licence_becomes_words_to_find() -> None:
    assert told.find_words(LICENCE) == "Fixture Linnea 03/03/1985"


def test_names_in_capitals_are_written_as_people_do() -> None:
    assert told.as_name("OKAFOR-DIAZ") == "Okafor-Diaz"
    assert told.as_name("O'NEIL") == "O'Neil"
    assert told.as_name("van der Berg") == "van der Berg"


# The scan itself


def test_a_scan_says_what_is_no_card_and_what_to_do() -> None:
    blank = SideView((), False, 0, b"", ({"code": "blank", "say": "Nothing.", "do": "Turn it."},))
    state = scan_model.came(
        scan_model.reads(scan_model.opened("card", TODAY)),
        CardReading(not_a_card=True, sides=(blank,)),
    )
    assert state.stage is scan_model.Stage.FAILED
    assert (state.words, state.do) == ("Nothing.", "Turn it.")
    assert not state.usable
    receipt = replace(CARD, not_a_card=True)
    state = scan_model.came(scan_model.opened("card", TODAY), receipt)
    assert state.words == "This does not look like an insurance card."
    assert not state.usable


def test_a_blurred_card_is_read_all_the_same_with_advice() -> None:
    blurred = replace(
        CARD.sides[0],
        advice=({"code": "blurred", "say": "This picture is blurred.", "do": "Hold still."},),
    )
    state = scan_model.came(scan_model.opened("card", TODAY), replace(CARD, sides=(blurred,)))
    assert state.usable
    assert (state.words, state.do) == ("This picture is blurred.", "Hold still.")


def test_two_pages_are_front_and_back_and_own_corners_win() -> None:
    state = scan_model.took(scan_model.opened("card", TODAY), 2)
    assert state.sides == 2
    corners = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))
    state = scan_model.came(state, CARD)
    assert state.found_corners(0) == CARD.sides[0].corners
    assert scan_model.moved(state, corners).found_corners(0) == corners
    assert scan_model.turned(scan_model.moved(state, corners)).corners == (None, None)


def test_a_refusal_is_told_in_its_own_words() -> None:
    error = NotUnderstood("pdf_locked", "This PDF is locked with a password.", "Choose another.")
    state = scan_model.refused(scan_model.opened("card", TODAY), error)
    assert (state.words, state.do) == (error.say, error.do)


def test_findings_of_a_licence_are_told() -> None:
    expired = replace(LICENCE, findings=(Finding("expired", "It is not valid any more."),))
    state = scan_model.came(scan_model.opened("licence", TODAY), expired)
    assert state.usable
    assert state.words == "It is not valid any more."


def test_a_pharmacy_card_fills_nothing() -> None:
    assert told.from_card(replace(CARD, plan_type="RX_ONLY"), 0, LINNEA) == ()


def test_the_type_of_the_plan_says_the_kind_of_payer() -> None:
    found = by_key(told.from_card(replace(CARD, plan_type="PPO"), 0, LINNEA))
    assert found["payer_kind"].value == "commercial"
    assert found["payer_kind"].shown == "Health insurance"


def test_another_persons_licence_is_told_and_not_offered() -> None:
    draft = Draft(identity=Identity(last="Sample", first="Linnea", dob="1970-01-02"))
    found = told.only_told(told.from_licence(LICENCE, draft), draft)
    assert {one.key for one in found} == {"identity.last", "identity.dob"}
    assert told.words_for(found[0], draft, None, False) == ("warn", "the licence says Fixture")


def test_another_address_is_told_whole() -> None:
    moved = Draft(address=Address(street="9 Oak Ave", city="Austin", state="TX", zip="78702"))
    assert told.other_address(LICENCE, moved) == "1 Elm St, Austin, TX, 78701"
    here = Draft(address=Address(street="1 ELM ST.", zip="78701-1234"))
    assert told.other_address(LICENCE, here) == ""


def test_a_doubt_is_framed_in_the_value_and_not_in_its_label() -> None:
    alone = letters(100, 206, 20, "W011524493")
    assert alone[0] == pytest.approx((100, 116))
    assert alone[-1][1] == pytest.approx(206)
    labelled = letters(100, 350, 20, "W011524493")
    assert labelled[0][0] > 230
    assert labelled[-1][1] == pytest.approx(350)
