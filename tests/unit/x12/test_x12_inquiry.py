"""The 270 that is built: fixed widths, counts, character set, loops, and its way back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.kernel.errors import NotUnderstood
from workstation.x12.inquiry import Envelope, Inquiry, Insured, Party, basic, build_270
from workstation.x12.reading import read_x12

ENVELOPE = Envelope(
    "HOSPITAL", "CLEARING", 42, "TRACE42", datetime(2026, 11, 23, 14, 7, 9, tzinfo=UTC)
)
ANA = Insured("Núñez-O'Brien", "Ana María", date(1985, 3, 3), "x1 23", sex="F", group_number="G7")
LEO = Insured("Sample", "Leo", date(2018, 5, 6), sex="X")
QUESTION = Inquiry(
    Party("Example~Health", "99001", "PI"),
    Party("Hospital: North*", "1234567893", "XX"),
    ANA,
    date(2026, 11, 24),
)


def test_the_isa_has_its_widths_and_the_counts_are_right() -> None:
    text = build_270(QUESTION, ENVELOPE)
    assert text.index("~") == 105
    assert text.startswith("ISA*00*          *00*          *ZZ*HOSPITAL       *ZZ*CLEARING       *")
    file = read_x12(text)
    assert [f for i in file.interchanges for f in i.findings] == []
    (transaction,) = file.transactions
    assert (transaction.kind, transaction.version) == ("270", "005010X279A1")
    assert transaction.findings == []


def test_the_body_says_who_when_and_what() -> None:
    text = build_270(QUESTION, ENVELOPE)
    lines = text.split("~")
    assert "BHT*0022*13*TRACE42*20261123*140709" in lines
    assert "NM1*PR*2*EXAMPLE HEALTH*****PI*99001" in lines
    assert "NM1*1P*2*HOSPITAL NORTH*****XX*1234567893" in lines
    assert "NM1*IL*1*NUNEZ-O'BRIEN*ANA MARIA****MI*X1 23" in lines
    assert "DMG*D8*19850303*F" in lines
    assert "REF*6P*G7" in lines
    assert "DTP*291*D8*20261124" in lines
    assert lines.index("TRN*1*TRACE42*9PORTICO01") < lines.index("EQ*30")


def test_a_dependent_has_a_level_of_its_own() -> None:
    asked = replace(QUESTION, dependent=LEO, service_types=("30", "98"))
    lines = build_270(asked, ENVELOPE).split("~")
    at = lines.index("HL*4*3*23*0")
    assert "HL*3*2*22*1" in lines
    assert lines[at + 1 : at + 7] == [
        "TRN*1*TRACE42*9PORTICO01",
        "NM1*03*1*SAMPLE*LEO",
        "DMG*D8*20180506",
        "DTP*291*D8*20261124",
        "EQ*30",
        "EQ*98",
    ]


@settings(max_examples=80, deadline=None)
@given(
    st.text(min_size=1, max_size=70),
    st.text(max_size=40),
    st.integers(1, 999_999_999),
    st.dates(date(1900, 1, 1), date(2026, 1, 1)),
)
def test_any_name_goes_through_and_comes_back(
    last: str, first: str, control: int, born: date
) -> None:
    question = replace(QUESTION, subscriber=replace(ANA, last="A" + last, first=first, dob=born))
    text = build_270(question, replace(ENVELOPE, control=control))
    (interchange,) = read_x12(text).interchanges
    assert interchange.findings == []
    name = next(s for s in interchange.segments if s.elements[:2] == ["NM1", "IL"])
    assert name.get(3) == basic("A" + last, 60)
    assert name.get(4) == basic(first, 35)
    assert text == text.upper()
    assert interchange.header(13) == f"{control:09d}"


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (replace(QUESTION, subscriber=replace(ANA, member_id=" ")), "member_id"),
        (replace(QUESTION, subscriber=replace(ANA, last="中")), "last"),
        (replace(QUESTION, subscriber=replace(ANA, dob=None)), "dob"),
        (replace(QUESTION, dependent=replace(LEO, dob=None)), "dob"),
        (replace(QUESTION, service_types=()), "service_types"),
        (replace(QUESTION, payer=Party("X", "", "PI")), "payer_id"),
    ],
)
def test_what_is_missing_is_named(question: Inquiry, field: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        build_270(question, ENVELOPE)
    assert caught.value.field == field


@pytest.mark.parametrize("control", [0, 1_000_000_000])
def test_control_numbers_have_nine_digits(control: int) -> None:
    with pytest.raises(NotUnderstood):
        build_270(QUESTION, replace(ENVELOPE, control=control))


def test_who_referred_stands_with_the_patient_before_the_birth_date() -> None:
    referred = replace(QUESTION, referring_npi="1987654328")
    lines = build_270(referred, ENVELOPE).split("~")
    at = lines.index("PRV*RF*HPI*1987654328")
    assert lines[at + 1] == "DMG*D8*19850303*F"
    child = build_270(replace(referred, dependent=LEO), ENVELOPE)
    assert child.index("NM1*03") < child.index("PRV*RF")
    assert "PRV" not in build_270(QUESTION, ENVELOPE)
