"""Rule 17 of edi.md section 3: every reason at every loop is one concrete fix (X12 901 and 889)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workstation.eligibility.model import BenefitFile, Rejection
from workstation.eligibility.reading import read_benefits
from workstation.eligibility.rejections import (
    PAYER_TROUBLE,
    Mender,
    mendable_first,
    mended_by,
    of_patient,
    read_rejection,
)
from workstation.x12.model import Segment

Read = Callable[..., BenefitFile]

_PROVIDER = "43 44 45 46 47 48 50 51"
_DATES = "52 56 57 60 61 62 63"
REASONS = {
    "2000A": "04 41 42 79",
    "2100A": "04 41 42 79 80 T4",
    "2100B": f"15 41 79 97 T4 {_PROVIDER}",
    "2100C": f"15 35 42 43 45 47 48 49 51 58 71 72 73 74 75 76 78 {_DATES}",
    "2110C": f"15 33 53 54 55 69 70 {_DATES}",
    "2100D": f"15 35 42 43 45 47 48 49 51 58 64 65 66 67 68 71 77 {_DATES}",
    "2110D": f"15 33 53 54 55 69 70 {_DATES}",
}
EVERY = [(loop, code) for loop, codes in REASONS.items() for code in codes.split()]
_SETTINGS = {"npi", "provider_name", "provider_specialty", "provider_phone", "provider_state"}
_OF_HOSPITAL = {*_SETTINGS, "provider_address", "referring_npi", "primary_care", "enrolment"}
_OF_PERSON = {"last", "dob", "sex", "relation"}
_OF_SUBSCRIBER = {"subscriber_last", "subscriber_dob", "subscriber_sex"}
_OF_COVERAGE = {"member_id", "group_number", "payer_id"}
_OF_VISIT = {"service_date", "service_types"}
FIELDS = _OF_HOSPITAL | _OF_PERSON | _OF_SUBSCRIBER | _OF_COVERAGE | _OF_VISIT


def rejected(loop: str, code: str, follow_up: str = "C") -> Rejection:
    return read_rejection(Segment(["AAA", "N", "", code, follow_up], 1), loop)


@pytest.mark.parametrize(("loop", "code"), EVERY)
def test_every_reason_at_its_loop_is_one_fix_with_the_field_to_open(loop: str, code: str) -> None:
    found = rejected(loop, code)
    assert (found.loop, found.code) == (loop, code)
    assert found.fix.endswith(".")
    assert code not in found.fix
    asks_nobody = code in ("41", "42", "80")
    assert (found.field is None) == asks_nobody
    assert found.field in FIELDS or asks_nobody
    assert found.retryable == (code in PAYER_TROUBLE)


@pytest.mark.parametrize(("loop", "code"), EVERY)
def test_the_loop_tells_whose_data_is_wrong(loop: str, code: str) -> None:
    found = rejected(loop, code)
    if loop == "2100B":
        assert found.field in _OF_HOSPITAL | {"payer_id", None}
    if loop == "2100D":
        assert found.field not in _OF_SUBSCRIBER
        assert "subscriber" not in found.fix or code == "77"
    if loop == "2100C":
        assert found.field not in ("last", "dob", "sex")
        assert of_patient(found).field not in _OF_SUBSCRIBER


@pytest.mark.parametrize(
    ("loop", "line"),
    [
        ("2000A", "HL*1**20*1"),
        ("2100A", "NM1*PR*2*EXAMPLE HEALTH*****PI*99999"),
        ("2100B", "NM1*1P*2*EXAMPLE HOSPITAL*****XX*1234567893"),
        ("2100C", "NM1*IL*1*SAMPLE*ANA****MI*X1"),
        ("2100D", "NM1*03*1*SAMPLE*LEO"),
        ("2110C", "EB*V"),
        ("2110D", "EB*V"),
    ],
)
def test_the_segment_is_read_where_it_stands(
    write: Callable[..., str], loop: str, line: str
) -> None:
    person = ["HL*3*2*22*0", "NM1*IL*1*SAMPLE*ANA****MI*X1"]
    if loop.endswith("D"):
        person += ["HL*4*3*23*0", "NM1*03*1*SAMPLE*LEO"]
    if loop.startswith("2110"):
        person.append("EB*V")
    text = write(person=person)
    before, _, after = text.rpartition(line + "~\n")
    file = read_benefits(f"{before}{line}~\nAAA*Y**42*R~\n{after}")
    told = [*file.rejections, *(r for answer in file.answers for r in answer.rejections)]
    assert [(value.loop, value.code, value.valid) for value in told] == [(loop, "42", "Y")]
    assert all(answer.status == "not_answered" for answer in file.answers)


@pytest.mark.parametrize(
    ("follow_up", "words"),
    [
        ("N", "Do not ask the same again."),
        ("S", "Do not ask again; wait for the payer's answer."),
        ("W", "Wait 30 days before asking again."),
        ("X", "Wait 10 days before asking again."),
        ("Y", "Do not ask again; the payer will answer."),
    ],
)
def test_what_the_payer_wants_next_is_said(follow_up: str, words: str) -> None:
    assert rejected("2100C", "72", follow_up).fix.endswith(words)
    assert words not in rejected("2100C", "72", "C").fix
    assert words not in rejected("2100A", "42", follow_up).fix


@pytest.mark.parametrize(("loop", "code"), EVERY)
def test_the_fix_says_whom_to_tell_where_nobody_at_the_desk_can_mend_it(
    loop: str, code: str
) -> None:
    found = rejected(loop, code)
    told = found.fix.startswith(("Tell IT support", "Tell the billing office"))
    assert (mended_by(code, found.field) is Mender.OTHERS) == told


@pytest.mark.parametrize(
    ("code", "field", "mender"),
    [
        ("72", "member_id", Mender.DESK),
        ("48", "referring_npi", Mender.DESK),
        ("61", "last", Mender.DESK),
        ("62", "service_date", Mender.DAY),
        ("51", "npi", Mender.OTHERS),
        ("41", None, Mender.OTHERS),
        ("IA", "authorization", Mender.PAYER),
        ("ZZ", None, Mender.PAYER),
    ],
)
def test_somebody_can_mend_it(code: str, field: str | None, mender: Mender) -> None:
    assert mended_by(code, field) is mender


def test_what_the_desk_can_mend_is_told_first() -> None:
    several = (rejected("2100B", "43"), rejected("2100C", "57"), rejected("2100C", "72"))
    assert [one.code for one in mendable_first(several)] == ["72", "57", "43"]


def test_an_unknown_reason_still_says_where() -> None:
    assert rejected("2100C", "ZZ").fix == "The payer refused with reason ZZ; ask the payer."
    assert rejected("2100C", "").fix == "The payer refused without a reason; ask the payer."


def test_several_rejections_are_all_kept(read: Read) -> None:
    person = ("HL*3*2*22*0", "NM1*IL*1*SAMPLE*ANA****MI*X1", "AAA*N**72*C", "AAA*N**73*C")
    (answer,) = read(person=person).answers
    assert [value.code for value in answer.rejections] == ["72", "73"]
