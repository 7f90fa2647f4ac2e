"""Asking a payer in a real encrypted store: queued, sent once, recorded as facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import db.declared  # noqa: F401  (declares every table)
from db.store import SqlStore
from workstation.access.desk import make_desk, service_session
from workstation.documents.use_cases import Documents
from workstation.eligibility.asking import Asker
from workstation.eligibility.breaker import Breakers
from workstation.eligibility.connector import NoReply, WrongReply
from workstation.eligibility.use_cases import AskPayer
from workstation.facility.model import Facility, facility_id
from workstation.jobs.use_cases import JobQueue
from workstation.kernel.commands import Command, Insert, Revise
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.payers.use_cases import Coverages

ISA = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*HOSPITAL       *261120*1201*^*00501"
    "*000000001*0*P*:~GS*HB*PAYER*HOSPITAL*20261120*1201*1*X*005010X279A1~"
)
ACTIVE = "EB*1**30**EXAMPLE PPO~EB*B*IND*98***27*25****N*Y"
REJECTED = "AAA*N**72*C"
DOWN = "AAA*Y**42*R"


class Payer:
    """A connector that answers what a test says."""

    name = "scripted"

    def __init__(self) -> None:
        self.says: list[str | Exception] = []
        self.asked: list[str] = []

    def ask(self, request_270: str, payload_id: str, trace: str) -> str:
        self.asked.append(request_270)
        said = self.says.pop(0)
        if isinstance(said, Exception):
            raise said
        return (
            f"{ISA}ST*271*0001*005010X279A1~BHT*0022*11*{trace}*20261120*1201~HL*1**20*1~"
            f"NM1*PR*2*EXAMPLE*****PI*99001~HL*2*1*21*1~NM1*1P*2*H*****XX*1~HL*3*2*22*0~"
            f"TRN*2*{trace}*9X~NM1*IL*1*SAMPLE*ANA****MI*X1~{said}~SE*12*0001~GE*1*1~"
            "IEA*1*000000001~"
        )


class Desk:
    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.now = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
        desk = make_desk(store, "desk-1", Facility(facility_id("Example"), "Example"))
        session = service_session(store.read())
        self.person_id, self.visit_id = new_id(), new_id()
        person = {"last": "SAMPLE", "first": "ANA", "dob": "1985-03-03", "sex": "F"}
        with store.unit_of_work() as work:
            work.record(
                Command(
                    new_id(),
                    "register_patient",
                    session.user_id,
                    self.now,
                    desk.facility.id,
                    (Insert("person", self.person_id, person),),
                )
            )
            work.commit()
        self.coverages = Coverages(store, self.clock, session, desk)
        self.payer = Payer()
        self.asking = AskPayer(
            store,
            self.clock,
            session,
            desk,
            JobQueue(store, self.clock),
            Documents(store, self.clock, session, desk),
            self.payer,
            Breakers(self.clock),
            Asker("EXAMPLE HOSPITAL", "1234567893"),
        )

    def clock(self) -> datetime:
        return self.now

    def cover(self, **changes: Any) -> str:
        values = {"payer_id": "99001", "member_id": "X1", "relation": "self", "from": "2026-01-01"}
        return self.coverages.add_coverage(self.person_id, {**values, **changes}, key=None)

    def forget_birth_date(self) -> None:
        change = Revise("person", self.person_id, {"dob": "1985-03-03"}, {"dob": None})
        with self.store.unit_of_work() as work:
            work.record(
                Command(new_id(), "revise", "x", self.now, facility_id("Example"), (change,))
            )
            work.commit()

    def checks(self) -> list[dict[str, Any]]:
        return self.store.read().find("eligibility_check", person_id=self.person_id)


@pytest.fixture
def desk(store_at: Callable[[str], SqlStore]) -> Desk:
    return Desk(store_at("desk-1"))


def test_an_answer_becomes_a_fact_with_its_raw_reply(desk: Desk) -> None:
    desk.payer.says = [ACTIVE]
    desk.asking.ask(desk.person_id, desk.cover())
    assert [row["state"] for row in desk.checks()] == ["asked"]
    assert desk.asking.work_once()
    assert not desk.asking.work_once()
    asked, answered = desk.checks()
    assert (answered["state"], answered["status"]) == ("answered", "active")
    assert answered["answer"]["summary"]["98"]["in"]["copay"] == 2500
    assert answered["question"] == asked["question"]
    content = desk.store.read().get("document_content", answered["raw_document"])
    assert content is not None
    assert bytes(content["content"]).startswith(b"ISA")


def test_a_rejection_becomes_a_work_item_and_may_be_asked_again(desk: Desk) -> None:
    desk.payer.says = [REJECTED, ACTIVE]
    coverage_id = desk.cover()
    desk.asking.ask(desk.person_id, coverage_id)
    desk.asking.work_once()
    row = desk.checks()[-1]
    assert (row["state"], row["status"]) == ("rejected", "not_answered")
    assert "member id" in row["say"]
    (item,) = desk.store.read().find("work_item", kind="eligibility_rejected")
    assert item["detail"]["rejections"][0]["field"] == "member_id"
    desk.now += timedelta(seconds=91)
    desk.asking.ask(desk.person_id, coverage_id)
    desk.asking.work_once()
    assert desk.checks()[-1]["state"] == "answered"


def test_the_same_question_waits_ninety_seconds(desk: Desk) -> None:
    coverage_id = desk.cover()
    desk.asking.ask(desk.person_id, coverage_id)
    with pytest.raises(Refused) as caught:
        desk.asking.ask(desk.person_id, coverage_id)
    assert caught.value.code == "asked_just_now"
    desk.now += timedelta(seconds=91)
    desk.asking.ask(desk.person_id, coverage_id)


def test_silence_is_tried_once_more_after_ninety_seconds_and_is_never_inactive(
    desk: Desk,
) -> None:
    silence = NoReply("payer_timeout", "No answer.", "Go on.", retryable=True)
    desk.payer.says = [silence, silence]
    desk.asking.ask(desk.person_id, desk.cover())
    desk.asking.work_once()
    assert not desk.asking.work_once()
    desk.now += timedelta(seconds=91)
    desk.asking.work_once()
    row = desk.checks()[-1]
    assert (row["state"], row["status"], row["say"]) == ("not_answered", None, "No answer. Go on.")
    assert len(desk.payer.asked) == 2


def test_a_payer_in_trouble_is_asked_again_and_then_given_up(desk: Desk) -> None:
    desk.payer.says = [DOWN, DOWN]
    desk.asking.ask(desk.person_id, desk.cover())
    desk.asking.work_once()
    assert [row["state"] for row in desk.checks()] == ["asked"]
    desk.now += timedelta(seconds=91)
    desk.asking.work_once()
    row = desk.checks()[-1]
    assert (row["state"], row["status"]) == ("not_answered", "not_answered")
    assert desk.store.read().find("work_item", kind="eligibility_rejected") == []


def test_a_wrong_reply_is_never_stored(desk: Desk) -> None:
    desk.payer.says = [WrongReply("reply_to_another_question", "Not ours.", "Ask again.")]
    desk.asking.ask(desk.person_id, desk.cover())
    desk.asking.work_once()
    row = desk.checks()[-1]
    assert (row["state"], row["raw_document"], row["answer"]) == ("not_answered", None, None)


def test_what_is_missing_is_told_before_anything_is_queued(desk: Desk) -> None:
    holder = {"last": "SAMPLE", "first": "BO", "dob": "1980-01-01"}
    coverage_id = desk.cover(relation="child", subscriber=holder)
    desk.forget_birth_date()
    with pytest.raises(NotUnderstood) as caught:
        desk.asking.ask(desk.person_id, coverage_id)
    assert caught.value.field == "dob"
    assert desk.checks() == []


def test_a_coverage_not_to_be_billed_is_not_asked(desk: Desk) -> None:
    with pytest.raises(Refused) as caught:
        desk.asking.ask(desk.person_id, desk.cover(do_not_bill=True))
    assert caught.value.code == "do_not_bill"
    assert desk.payer.asked == []
