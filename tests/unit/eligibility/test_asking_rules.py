"""Who may be asked, what goes into the question, breaker, reply checks, comparison, tiles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from workstation.eligibility.asking import Asker, answer_about, inquiry_for, may_ask
from workstation.eligibility.asking import question_digest as digest
from workstation.eligibility.breaker import COOL_DOWN, Breakers
from workstation.eligibility.comparing import compare
from workstation.eligibility.connector import (
    CutOffReply,
    NotAReply,
    PayerBusy,
    PayerResting,
    WrongReply,
)
from workstation.eligibility.glance import NOT_STATED, benefits_at_a_glance
from workstation.eligibility.model import Answer, BenefitFile
from workstation.eligibility.replies import checked_reply
from workstation.eligibility.service_types import service_types
from workstation.facility.model import DepartmentKind
from workstation.kernel.errors import NotUnderstood, Refused

ASKER = Asker("EXAMPLE HOSPITAL", "1234567893")
ANA = {"last": "Sample", "first": "Ana", "dob": "1985-03-03", "sex": "F"}
LEO = {"last": "Sample", "first": "Leo", "dob": "2018-05-06", "sex": "M"}
COVERAGE = {
    "payer_id": "99001",
    "payer_name": "Lone Star",
    "member_id": "LSB1",
    "relation": "self",
    "subscriber": None,
}
DAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("visit", "coverage", "code"),
    [
        ({"do_not_bill": True}, {}, "do_not_bill"),
        (None, {"do_not_bill": True}, "do_not_bill"),
        ({"employer_paid": True}, {}, "employer_paid"),
        (None, {"payer_kind": "workers_comp"}, "payer_not_asked"),
        (None, {"payer_kind": "auto"}, "payer_not_asked"),
        (None, {"payer_kind": "va"}, "payer_not_asked"),
        (None, {"payer_id": "99009", "payer_name": "Atlas WC"}, "payer_not_asked"),
        ({"accident": {"kind": "work"}}, {}, "work_injury"),
        (None, {"eligibility_supported": False}, "not_supported"),
    ],
)
def test_some_payers_are_never_asked(
    visit: dict[str, Any] | None, coverage: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as caught:
        may_ask(visit, {**COVERAGE, **coverage})
    assert caught.value.code == code
    assert caught.value.do


def test_an_ordinary_coverage_may_be_asked() -> None:
    assert may_ask({"do_not_bill": None, "accident": {"kind": "none"}}, COVERAGE) is None


def test_a_child_is_the_dependent_of_the_subscriber() -> None:
    coverage = {**COVERAGE, "relation": "child", "subscriber": ANA}
    inquiry = inquiry_for(LEO, coverage, DAY, ("30",), ASKER)
    assert (inquiry.subscriber.first, inquiry.subscriber.member_id) == ("Ana", "LSB1")
    assert inquiry.dependent is not None
    assert (inquiry.dependent.first, inquiry.dependent.member_id) == ("Leo", "")
    alone = inquiry_for(ANA, COVERAGE, DAY, ("30",), ASKER)
    assert alone.dependent is None
    assert digest(alone) != digest(inquiry)
    assert digest(alone) == digest(inquiry_for(ANA, COVERAGE, DAY, ("30",), ASKER))


def test_a_birth_date_that_is_none_is_named() -> None:
    with pytest.raises(NotUnderstood) as caught:
        inquiry_for({**ANA, "dob": "03/03/85"}, COVERAGE, DAY, ("30",), ASKER)
    assert caught.value.field == "dob"


def test_the_answer_about_the_patient_is_taken(read: Callable[..., BenefitFile]) -> None:
    person = (
        "HL*3*2*22*1", "NM1*IL*1*SAMPLE*ANA****MI*LSB1", "DMG*D8*19850303*F", "EB*1**30",
        "HL*4*3*23*0", "NM1*03*1*SAMPLE*LEO", "DMG*D8*20180506*M", "EB*1**30", "HL*5*3*23*0",
        "NM1*03*1*SAMPLE*MIA", "DMG*D8*20180506*F",
    )  # fmt: skip
    file = read("EB*1**30", person=person)
    coverage = {**COVERAGE, "relation": "child", "subscriber": ANA}
    child = answer_about(file, inquiry_for(LEO, coverage, DAY, ("30",), ASKER))
    holder = answer_about(file, inquiry_for(ANA, COVERAGE, DAY, ("30",), ASKER))
    assert child is not None
    assert holder is not None
    assert (child.patient.first, holder.patient.first) == ("LEO", "ANA")
    stranger = {**LEO, "first": "Zoe"}
    assert answer_about(file, inquiry_for(stranger, coverage, DAY, ("30",), ASKER)) is None


def test_the_breaker_opens_rests_tries_once_and_closes() -> None:
    now = [datetime(2026, 11, 23, 12, tzinfo=UTC)]
    breakers = Breakers(lambda: now[0])
    for _ in range(3):
        breakers.enter("99001")
        breakers.leave("99001", trouble=True)
    with pytest.raises(PayerResting):
        breakers.enter("99001")
    breakers.enter("99002")
    now[0] += COOL_DOWN
    assert breakers.state("99001") == "half_open"
    breakers.enter("99001")
    with pytest.raises(PayerResting):
        breakers.enter("99001")
    breakers.leave("99001", trouble=True)
    now[0] += COOL_DOWN
    assert breakers.state("99001") == "open"
    now[0] += timedelta(minutes=1)
    breakers.enter("99001")
    breakers.leave("99001", trouble=False)
    assert breakers.state("99001") == "closed"


def test_a_silent_payer_leaves_room_for_the_others() -> None:
    breakers = Breakers(lambda: datetime(2026, 11, 23, tzinfo=UTC))
    breakers.enter("99001")
    breakers.enter("99001")
    with pytest.raises(PayerBusy):
        breakers.enter("99001")
    breakers.enter("99002")
    breakers.leave("99001", trouble=False)
    breakers.enter("99001")


def test_a_trouble_now_and_then_does_not_open_it() -> None:
    breakers = Breakers(lambda: datetime(2026, 11, 23, tzinfo=UTC))
    for trouble in (True, True, False, True, True):
        breakers.enter("99001")
        breakers.leave("99001", trouble=trouble)
    assert breakers.state("99001") == "closed"


def test_replies_are_bound_to_the_question(write: Callable[..., str]) -> None:
    text = write("EB*1**30")
    assert checked_reply(text, "T1") == text
    with pytest.raises(WrongReply):
        checked_reply(text, "T2")
    with pytest.raises(CutOffReply):
        checked_reply(text[: len(text) // 2], "T1")
    with pytest.raises(CutOffReply):
        checked_reply(text[:60], "T1")
    with pytest.raises(NotAReply):
        checked_reply("<html>busy</html>", "T1")
    other = text.replace("*T1*", "*T9*")
    assert read_traces(checked_reply(other + text, "T1")) == 1


def read_traces(text: str) -> int:
    return text.count("BHT*0022*11*T1*")


def test_differences_each_have_one_fix(answer: Callable[..., Answer]) -> None:
    found = answer(
        "EB*1**30**GOLD PPO", "EB*R**30*MP", "LS*2120", "NM1*PRP*2*MEDICARE", "LE*2120"
    ).as_json()
    stored = {"member_id": "X-2", "group_number": None, "plan_name": "Gold PPO", "payer_id": "1"}
    told = compare(stored, {"member_id": "x1"}, found, {"last": "Sample", "first": "Anna"})
    assert [d.field for d in told] == ["member_id", "first", "order"]
    assert told[0].payer == "X1"
    assert "record" in told[0].say
    assert "card" not in told[0].say
    assert all(d.fix.endswith(".") for d in told)
    assert compare({"member_id": " x1"}, None, answer("EB*1**30").as_json()) == ()


def test_five_tiles_with_their_rows(answer: Callable[..., Answer]) -> None:
    found = answer(
        "EB*1**30**GOLD", "EB*C*IND*30***23*1500*****Y", "EB*C*IND*30***29*1000*****Y",
        "EB*B*IND*98***27*25****N*Y", "EB*L", "LS*2120", "NM1*P3*1*MARLOW*TESS", "LE*2120",
        "EB*B*IND*UC***27*50*****Y", "III*ZZ*11", "EB*B*IND*UC***27*75*****Y", "III*ZZ*22",
    ).as_json()  # fmt: skip
    tiles = benefits_at_a_glance(found, service_types().for_visit("primary_care"))
    assert (tiles.active.say, tiles.active.rows) == ("Active", (1,))
    assert (tiles.copay.say, tiles.copay.rows, tiles.copay.service_type) == ("$25.00", (4,), "98")
    assert (tiles.deductible.value, tiles.deductible.total, tiles.deductible.met) == (
        100000, 150000, 50000,
    )  # fmt: skip
    assert (tiles.authorization.say, tiles.primary_care.say) == ("Not needed", "TESS MARLOW")
    urgent = benefits_at_a_glance(found, ("UC",))
    assert (urgent.copay.say, urgent.copay.value) == ("$50.00 or $75.00", None)
    bare = benefits_at_a_glance(answer("EB*1**30").as_json(), ("62",))
    said = (bare.copay.say, bare.deductible.say, bare.authorization.say, bare.primary_care.say)
    assert set(said) == {NOT_STATED}


def test_every_kind_of_department_has_service_types() -> None:
    table = service_types()
    for kind in DepartmentKind:
        codes = table.for_visit(kind.value)
        assert codes
        assert all(code in table.labels for code in table.widening(codes))
    assert len(table.labels) >= 60
