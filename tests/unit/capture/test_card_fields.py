"""Extraction of fields from lines: labels, formats, repairs, doubts, and what is no card."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))
from card_lines import at, column

from workstation.capture import field_formats as formats
from workstation.capture.doubts import doubts_in
from workstation.capture.fields import extract
from workstation.capture.ocr import Line


def a_card(**changes: str) -> list[Line]:
    says = {"payer": "Northwind Health Plan", "id": "Member ID: XNT011524493", **changes}
    return [
        at(40, 30, says["payer"], size=50),
        at(40, 100, says.get("plan", "Choice PPO")),
        at(40, 160, f"Member Name: {says.get('name', 'MARISOL J EXAMPLE')}"),
        at(40, 210, says["id"]),
        at(40, 260, says.get("group", "Group No. 524493")),
        at(40, 310, says.get("rx", "RxBIN: 610279 RxPCN: ADV RxGrp: UHEALTH")),
        at(40, 360, says.get("copays", "PCP $25 Specialist $50 UC $75 ER $250")),
        at(40, 410, says.get("more", "Effective Date: 01/01/2026")),
    ]


def test_a_card_with_labels_on_the_line() -> None:
    back = column(40, 30, "Payer ID: 87726", "Member Services 1-800-555-0123")
    got = extract(a_card(), back)
    assert got.payer_name == "Northwind Health Plan"
    assert got.payer_id == "87726"
    assert got.member_id == "XNT011524493"
    assert got.member_name == "MARISOL J EXAMPLE"
    assert got.group_number == "524493"
    assert (got.rx_bin, got.rx_pcn, got.rx_group) == ("610279", "ADV", "UHEALTH")
    assert got.copays == {"pcp": 2500, "specialist": 5000, "urgent_care": 7500, "er": 25000}
    assert got.effective_date == date(2026, 1, 1)
    assert got.plan_type == "PPO"
    assert [(p.label, p.number) for p in got.phones] == [("member services", "+18005550123")]
    assert "member_id" not in got.review
    assert not got.not_a_card


def test_labels_beside_and_above_their_values() -> None:
    lines = [
        at(40, 30, "Harborlight Insurance", size=50),
        *column(40, 150, "Group No.", "RxBIN"),
        *column(300, 150, "023457", "610279"),
        at(40, 300, "IDENTIFICATION NUMBER", size=24),
        at(40, 330, "94580730215"),
        at(560, 300, "EFFECTIVE DATE", size=24),
        at(560, 330, "07/01/2026"),
    ]
    got = extract(lines, [])
    assert (got.group_number, got.rx_bin, got.member_id) == ("023457", "610279", "94580730215")
    assert got.effective_date == date(2026, 7, 1)


@pytest.mark.parametrize(
    ("text", "copays"),
    [
        ("PCP/Specialist/UC/ER: $20/$40/$50/$300", (2000, 4000, 5000, 30000)),
        ("OV $20 SPC $40 UC $50 ER $300", (2000, 4000, 5000, 30000)),
        ("$20 PCP  $40 Specialist  $50 Urgent Care  $300 ER", (2000, 4000, 5000, 30000)),
        ("Office Visit $0 Emergency Room $1,000", (0, None, None, None)),
        ("Specialist 20%", (None, None, None, None)),
        ("please see your provider after visits", (None, None, None, None)),
    ],
)
def test_copays_in_one_line(text: str, copays: tuple[int | None, ...]) -> None:
    got = extract(a_card(copays=text), []).copays
    assert tuple(got.get(k) for k in ("pcp", "specialist", "urgent_care", "er"))[:1] == copays[:1]
    assert got.get("specialist") == copays[1]


def test_an_unknown_label_does_not_shift_the_amounts() -> None:
    got = extract(a_card(copays="Telecheck: $50  ER: $150"), []).copays
    assert got == {"er": 15000}


def test_a_list_with_an_amount_missing_gives_none() -> None:
    assert extract(a_card(copays="PCP/Specialist/UC/ER: $30/840/$50"), []).copays == {}


def test_amounts_without_a_dollar_sign_are_for_review() -> None:
    got = extract(a_card(copays="PCP 20  SPC 40"), [])
    assert got.copays == {"pcp": 2000, "specialist": 4000}
    assert "copays" in got.review


@pytest.mark.parametrize(
    ("lines", "field", "value"),
    [
        (["GRP: 012345-010-00001"], "group_number", "012345-010-00001"),
        (["RX BIN# 610502 PCN: 00670000"], "rx_pcn", "00670000"),
        (["RxBIN: 004336RxPCN:A4 RxGrp: RX0115"], "rx_pcn", "A4"),
        (["RxBIN/PCN/GRP: 004336/ADV/RX1234"], "rx_group", "RX1234"),
        (["Rx BIN 6.10011"], "rx_bin", "610011"),
        (["ID W1234 56789"], "member_id", "W123456789"),
        (["DBN: 12345678901", "Sponsor ID: 987654321"], "member_id", "12345678901"),
        (["Member lD: 512345678"], "member_id", "512345678"),
        (["Subscriber Nurnber", "512345678"], "member_id", None),
        (["Membcr Numbet: 512345678"], "member_id", "512345678"),
        (["Subecriber D: 512345678"], "member_id", "512345678"),
        (["PCP: James Smith, MD", "PCP Effective: 02/01/2025"], "effective_date", None),
        (["02 JOHN EXAMPLE"], "dependents", ("JOHN EXAMPLE",)),
    ],
)
def test_ways_of_printing(lines: list[str], field: str, value: object) -> None:
    page = [at(40, 30, "Northwind Health Plan", size=50), at(40, 90, "Pharmacy benefits, PPO")]
    page += [at(40, 150, "RxPCN: ZZ9"), at(400, 150, "RxGrp: Q77")] if field[:2] != "rx" else []
    assert getattr(extract([*page, *column(40, 220, *lines)], []), field) == value


def test_medical_is_not_medicaid_and_oscar_is_a_first_name() -> None:
    card = a_card(payer="Anthem", copays="Medical Office Visit Copay $25")
    got = extract([*card, at(560, 160, "OSCAR EXAMPLE")], [])
    assert (got.payer_name, got.plan_type) == ("Anthem", "PPO")


def test_copays_in_columns() -> None:
    lines = [at(40, 30, "Northwind Health Plan", size=50), at(40, 90, "Member ID: 123456789")]
    for n, (label, value) in enumerate(
        (("PCP", "$20"), ("SPC", "$40"), ("UC", "$50"), ("ER", "$300"))
    ):
        lines += [at(40 + 150 * n, 200, label), at(40 + 150 * n, 240, value)]
    got = extract(lines, [])
    assert got.copays == {"pcp": 2000, "specialist": 4000, "urgent_care": 5000, "er": 30000}


@pytest.mark.parametrize(
    ("read", "right"),
    [
        ("1EG4-TE5-MK73", "1EG4TE5MK73"),
        ("1EG4TE5MK73", "1EG4TE5MK73"),
        ("IEG4-TES-MK73", "1EG4TE5MK73"),
        ("1EG4-TE5-MK7B", "1EG4TE5MK78"),
        ("0EG4-TE5-MK73", None),
        ("1EG4-TE5-MK7", None),
        ("1EG4-TE5-M773", None),
        ("XYZ12345678", None),
    ],
)
def test_medicare_numbers_are_repaired_by_position_only(read: str, right: str | None) -> None:
    assert formats.mbi(read) == right


def test_medicare_card() -> None:
    lines = [
        at(40, 30, "MEDICARE HEALTH INSURANCE", size=46),
        at(50, 150, "Name/Nombre", size=22),
        at(50, 178, "RAFAEL J FIXTURE"),
        at(50, 270, "Medicare Number/Número de Medicare", size=22),
        at(50, 300, "1EG4-TE5-MK73", size=46),
        at(50, 440, "HOSPITAL (PART A)"),
        at(560, 440, "03-01-2016"),
    ]
    got = extract(lines, [])
    assert (got.member_id, got.plan_type) == ("1EG4TE5MK73", "MEDICARE")
    assert got.member_name == "RAFAEL J FIXTURE"
    assert got.effective_date == date(2016, 3, 1)


def test_a_contract_number_makes_it_medicare_advantage() -> None:
    got = extract(a_card(payer="Humana", more="CMS H5216-001"), [])
    assert (got.plan_type, got.contract_pbp) == ("MEDICARE_ADVANTAGE", "H5216-001")


def test_issuer_line_gives_the_payer_id() -> None:
    got = extract(a_card(more="Health Plan (80840) 911-87726-04"), [])
    assert got.payer_id == "87726"


def test_the_issuer_prefix_is_no_part_of_the_member_id() -> None:
    assert formats.member_id("80840 9151014609") == ("9151014609", None)


@pytest.mark.parametrize(
    "text",
    ["1-800-555-0123", "(512) 555-0123", "512-555-0123", "01/01/2026", "01-01-2026", "12345"],
)
def test_telephone_numbers_and_dates_are_no_identifiers(text: str) -> None:
    assert formats.member_id(text) is None
    assert text == "12345" or formats.group_number(text) is None


def test_sentences_on_the_back_name_nobody() -> None:
    card = [line for line in a_card() if "Name" not in line.text]
    back = column(40, 40, "This plan is an independent member of the", "Springfield Quarry Lodge")
    assert extract(card, back).member_name is None


def test_person_code_stands_apart_and_is_shown() -> None:
    got = extract(a_card(id="Member ID: 912345678-01"), [])
    assert (got.member_id, got.person_code) == ("912345678", "01")
    assert "member_id" in got.review


@pytest.mark.parametrize(
    ("value", "positions"),
    [
        ("97074155O", [8]),
        ("VOO7569", [1, 2]),
        ("XNT011524493", []),
        ("W123456789", []),
        ("12S45678", [2]),
        ("123456789", []),
    ],
)
def test_characters_no_picture_can_settle(value: str, positions: list[int]) -> None:
    assert [d.position for d in doubts_in(value, [0.99] * len(value), None)] == positions


def test_two_readings_that_differ_go_to_review() -> None:
    card = a_card()
    got = extract(card, [], second_look=lambda line: line.text.upper().replace("493", "498"))
    assert "member_id" in got.review
    assert got.evidence["member_id"].doubts or got.confidence["member_id"] < 0.85


def test_an_unsure_character_goes_to_review() -> None:
    card = a_card()
    sure = tuple(0.4 if n == 15 else 0.99 for n in range(len(card[3].text)))
    card[3] = Line(card[3].text, 0.95, sure, card[3].box)
    assert "member_id" in extract(card, []).review


@pytest.mark.parametrize(
    "lines",
    [
        ["DRIVER LICENSE", "DL 12345678", "LN EXAMPLE", "DOB 01/01/1980"],
        ["City Public Library", "Member ID: 21234000123456", "JANE EXAMPLE"],
        [
            "Northwind Health Plan",
            "Explanation of Benefits",
            "Member ID: 123456789",
            "Group 524493",
            "This is not a bill",
        ],
        ["Gift Card", "$50", "Balance due: $0"],
        ["4111 1111 1111 1111", "VISA DEBIT", "VALID THRU 12/29", "JANE EXAMPLE"],
        ["Thank you for your visit", "Subtotal $20.00", "Total due $21.50"],
        ["WE ARE OPEN", "Monday to Friday", "Call 512-555-0100"],
        [],
    ],
)
def test_what_is_no_card_gives_nothing(lines: list[str]) -> None:
    got = extract(column(40, 40, *lines), [])
    assert got.not_a_card
    told = got.as_json()
    assert told["member_id"] is None
    assert told["payer"]["name"] is None
    assert told["phones"] == []


@pytest.mark.parametrize(
    ("text", "day", "exact"),
    [
        ("01/02/2026", date(2026, 1, 2), True),
        ("1-2-26", date(2026, 1, 2), True),
        ("2026-01-02", date(2026, 1, 2), True),
        ("JAN 2, 2026", date(2026, 1, 2), True),
        ("02 Jan 2026", date(2026, 1, 2), True),
        ("01/2026", date(2026, 1, 1), False),
        ("13/45/2026", None, False),
        ("00/00/00", None, False),
    ],
)
def test_dates(text: str, day: date | None, exact: bool) -> None:
    assert formats.a_date(text) == ((day, exact) if day else None)


def test_dependents_and_names() -> None:
    lines = [
        *a_card(),
        at(560, 160, "Dependents"),
        at(560, 200, "GUS EXAMPLE"),
        at(560, 240, "UNA EXAMPLE"),
    ]
    got = extract(lines, [])
    assert got.dependents == ("GUS EXAMPLE", "UNA EXAMPLE")
    assert formats.person_name("Member Services") is None
    assert formats.person_name("00 JANE A EXAMPLE") == "JANE A EXAMPLE"


def test_ten_digits_without_the_word_phone_are_no_telephone_number() -> None:
    got = extract([*a_card(), at(40, 500, "8005550123")], [])
    assert got.phones == ()


@given(
    st.lists(
        st.tuples(st.integers(0, 1000), st.integers(0, 600), st.text(max_size=40)), max_size=25
    )
)
@settings(max_examples=80, deadline=None)
def test_any_lines_give_a_reading(rows: list[tuple[int, int, str]]) -> None:
    lines = [at(x, y, text) for x, y, text in rows if text.strip()]
    got = extract([*a_card(), *lines], lines)
    assert set(got.as_json()) >= {"payer", "member_id", "review", "not_a_card"}


_FORMATS = (
    formats.mbi,
    formats.member_id,
    formats.group_number,
    formats.rx_bin,
    formats.payer_code,
    formats.contract_pbp,
    formats.a_date,
    formats.person_name,
)


@given(st.text(max_size=30))
def test_formats_answer_any_text(text: str) -> None:
    for test in _FORMATS:
        answer = test(text)
        assert answer is None or answer


def test_amounts_that_stand_before_their_words() -> None:
    words = ("Primary Care Visit", "Specialist", "Urgent Care", "Hospital ER")
    amounts = column(560, 280, "$20", "$40", "$50", "$300")
    got = extract([*a_card(copays=""), *amounts, *column(660, 280, *words)], [])
    assert got.copays == {"pcp": 2000, "specialist": 4000, "urgent_care": 5000, "er": 30000}


def test_an_amount_of_another_word_is_not_taken_from_its_left() -> None:
    row = [at(40, 360, "PCP"), at(140, 360, "$20"), at(240, 360, "Urgent Care")]
    assert extract([*a_card(copays=""), *row], []).copays == {"pcp": 2000}


@pytest.mark.parametrize("label", ["Payer ID No.:", "PAYOR ID #", "EDI Payer #"])
def test_words_before_a_payer_id(label: str) -> None:
    assert extract(a_card(), [at(40, 300, f"{label} 68465")]).payer_id == "68465"


def test_whoever_is_called_specimen_has_a_name() -> None:
    assert extract(a_card(name="Ivy L Specimen"), []).member_name == "Ivy L Specimen"


def test_the_printed_network_outweighs_what_a_payer_is_known_for() -> None:
    assert extract(a_card(payer="Molina Healthcare", plan="Silver HMO"), []).plan_type == "HMO"


def test_what_a_sentence_says_of_medicare_is_no_plan_type() -> None:
    said = at(40, 590, "When Medicare is primary, file all claims with Medicare first.")
    assert extract([*a_card(plan="Trio HMO"), said], []).plan_type == "HMO"
