"""Asking a payer in a real encrypted store: queued, sent once, recorded as facts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest

import db.declared  # noqa: F401  (declares every table)
from db.store import SqlStore
from workstation.access.desk import make_desk, service_session
from workstation.documents.use_cases import Documents
from workstation.eligibility.asking import Asker
from workstation.eligibility.breaker import Breakers
from workstation.eligibility.connector import NoReply, WrongReply
from workstation.eligibility.kept_answers import answered_checks, newest_check
from workstation.eligibility.use_cases import AskPayer
from workstation.facility.model import Facility, facility_id
from workstation.jobs.use_cases import JobQueue
from workstation.kernel.clock import iso
from workstation.kernel.commands import Command, Insert, Revise
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.payers.model import Coverage
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
        self.session, self.desk = session, desk
        self.payer = Payer()
        self.breakers = Breakers(self.clock)
        self.asking = self.asking_with(self.payer)

    def asking_with(self, payer: Payer) -> AskPayer:
        return AskPayer(
            self.store,
            self.clock,
            self.session,
            self.desk,
            JobQueue(self.store, self.clock),
            Documents(self.store, self.clock, self.session, self.desk),
            payer,
            self.breakers,
            Asker("EXAMPLE HOSPITAL", "1234567893"),
        )

    def clock(self) -> datetime:
        return self.now

    def cover(self, **changes: Any) -> str:
        values = {"payer_id": "99001", "member_id": "X1", "relation": "self", "from": "2026-01-01"}
        return self.coverages.add_coverage(self.person_id, {**values, **changes}, key=None)

    def refused(self) -> list[dict[str, Any]]:
        return self.store.read().find("work_item", kind="eligibility_rejected")

    def coverage(self) -> Coverage:
        (row,) = self.store.read().find("coverage", person_id=self.person_id)
        return Coverage.from_row(row)

    def visit(self, **fields: Any) -> str:
        values = {
            "person_id": self.person_id,
            "visit_number": "V1",
            "account_number": "A1",
            "class": "O",
            "lock": "none",
            "state": "in_progress",
            "service_date": "2026-11-23",
        }
        with self.store.unit_of_work() as work:
            work.record(
                Command(
                    new_id(),
                    "open_visit",
                    self.session.user_id,
                    self.now,
                    self.desk.facility.id,
                    (Insert("visit", self.visit_id, {**values, **fields}),),
                )
            )
            work.commit()
        return self.visit_id

    def forget_birth_date(self) -> None:
        self.correct("person", self.person_id, "dob", "1985-03-03", None)

    def correct(self, kind: str, id: str, field: str, old: Any, new: Any) -> None:
        change = Revise(kind, id, {field: old}, {field: new})
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
    assert [one["state"] for one in desk.refused()] == ["settled"]


def test_refusals_of_one_coverage_are_one_piece_of_work(desk: Desk) -> None:
    desk.payer.says = [REJECTED, "AAA*N**75*C", REJECTED]
    coverage_id = desk.cover()
    other = desk.cover(member_id="Y9", order=2)
    for asked in (coverage_id, coverage_id, other):
        desk.asking.ask(desk.person_id, asked)
        desk.asking.work_once()
        desk.now += timedelta(seconds=91)
    states = [(one["state"], one["detail"]["rejections"][0]["code"]) for one in desk.refused()]
    assert states == [("settled", "72"), ("open", "75"), ("open", "72")]


def test_the_same_question_waits_while_it_is_under_way_and_ninety_seconds_more(desk: Desk) -> None:
    desk.payer.says = [ACTIVE, ACTIVE]
    coverage_id = desk.cover()
    desk.asking.ask(desk.person_id, coverage_id)
    desk.now += timedelta(seconds=200)
    assert refusal(desk, coverage_id).say == "The payer is being asked the same already."
    desk.asking.work_once()
    desk.now += timedelta(seconds=89)
    assert "less than 90 seconds" in refusal(desk, coverage_id).say
    desk.now += timedelta(seconds=2)
    desk.asking.ask(desk.person_id, coverage_id)


def refusal(desk: Desk, coverage_id: str) -> Refused:
    with pytest.raises(Refused) as caught:
        desk.asking.ask(desk.person_id, coverage_id)
    assert caught.value.code == "asked_just_now"
    return caught.value


def test_a_corrected_question_may_follow_at_once(desk: Desk) -> None:
    desk.payer.says = [REJECTED, ACTIVE]
    coverage_id = desk.cover()
    desk.asking.ask(desk.person_id, coverage_id)
    desk.asking.work_once()
    desk.correct("coverage", coverage_id, "member_id", "X1", "X2")
    desk.asking.ask(desk.person_id, coverage_id)
    desk.asking.work_once()
    assert desk.checks()[-1]["state"] == "answered"
    assert "*MI*X2~" in desk.payer.asked[-1]


def test_of_a_subscriber_who_is_the_patient_the_own_field_is_opened(desk: Desk) -> None:
    desk.payer.says = ["AAA*N**71*C"]
    desk.asking.ask(desk.person_id, desk.cover())
    desk.asking.work_once()
    assert [one["field"] for one in desk.checks()[-1]["rejections"]] == ["dob"]


def test_only_what_a_payer_goes_by_is_sent_until_it_wants_more(desk: Desk) -> None:
    desk.payer.says = ["AAA*N**76*C", ACTIVE]
    coverage_id = desk.cover(group_number="G7")
    desk.asking.ask(desk.person_id, coverage_id)
    desk.asking.work_once()
    desk.asking.ask(desk.person_id, coverage_id)
    desk.asking.work_once()
    least, full = desk.payer.asked
    assert ("REF*6P" in least, "DMG*D8*19850303~" in least) == (False, True)
    assert ("REF*6P*G7~" in full, "DMG*D8*19850303*F~" in full) == (True, True)
    assert desk.checks()[-1]["state"] == "answered"


PLAN_ALONE = "EB*1**30**EXAMPLE PPO~EB*C*IND*30***23*1500*****Y"
OFFICE = "EB*1**98~EB*B*IND*98***27*25*****Y~III*ZZ*11~EB*B*IND*98***27*40*****Y~III*ZZ*22"


def test_rule_20_the_plan_is_asked_alone_and_then_what_its_answer_lacks(desk: Desk) -> None:
    desk.payer.says = [PLAN_ALONE, OFFICE]
    desk.asking.ask(desk.person_id, desk.cover(), service_types=("98", "UC", "30"))
    desk.asking.work_once()
    assert desk.asking.work_once()
    assert not desk.asking.work_once()
    assert [request.split("~EQ*")[1:] for request in map(until_se, desk.payer.asked)] == [
        ["30"],
        ["98"],
    ]
    asked, first, both = desk.checks()
    assert (first["state"], first["answer"]["summary"].get("98")) == ("answered", None)
    answer = both["answer"]
    assert (both["state"], both["say"], both["question"]) == (
        "answered",
        first["say"],
        asked["question"],
    )
    assert [row["index"] for row in answer["rows"]] == [1, 2, 3, 4, 5]
    side = answer["summary"]["98"]["in"]
    (conflict,) = side["conflicts"]
    assert [(value["amount"], value["row"]) for value in conflict["values"]] == [
        (2500, 4),
        (4000, 5),
    ]
    assert side["rows"] == [3, 4, 5]
    assert answer["summary"]["30"] == first["answer"]["summary"]["30"]
    assert "second_question" in [finding["code"] for finding in answer["findings"]]


def until_se(request: str) -> str:
    return request.partition("~SE")[0]


def test_what_the_plan_says_is_not_asked_again(desk: Desk) -> None:
    desk.payer.says = [ACTIVE]
    desk.asking.ask(desk.person_id, desk.cover(), service_types=("BY", "30"))
    desk.asking.work_once()
    assert not desk.asking.work_once()


@pytest.mark.parametrize(
    "second", [REJECTED, "EB*1**98", NoReply("payer_timeout", "No answer.", "Go on.")]
)
def test_a_second_question_in_vain_changes_nothing(desk: Desk, second: str | Exception) -> None:
    desk.payer.says = [PLAN_ALONE, second]
    desk.asking.ask(desk.person_id, desk.cover(), service_types=("98", "30"))
    desk.asking.work_once()
    desk.asking.work_once()
    assert not desk.asking.work_once()
    assert [row["state"] for row in desk.checks()] == ["asked", "answered"]
    assert desk.store.read().find("work_item", kind="eligibility_rejected") == []


def test_a_silent_payer_is_never_in_the_way_of_a_writer(desk: Desk) -> None:
    under_way, end = Event(), Event()

    class Silent(Payer):
        def ask(self, request_270: str, payload_id: str, trace: str) -> str:
            under_way.set()
            assert end.wait(20)
            raise NoReply("payer_timeout", "No answer.", "Go on.")

    coverage_id = desk.cover()
    desk.asking = desk.asking_with(Silent())
    desk.asking.ask(desk.person_id, coverage_id)
    worker = Thread(target=desk.asking.work_once)
    worker.start()
    assert under_way.wait(20)
    desk.correct("coverage", coverage_id, "member_id", "X1", "X2")
    assert desk.store.read().find("coverage", person_id=desk.person_id)[0]["member_id"] == "X2"
    end.set()
    worker.join(20)
    assert desk.checks()[-1]["state"] == "not_answered"


def test_a_question_that_waits_its_turn_is_not_counted_as_sent(desk: Desk) -> None:
    silence = NoReply("payer_timeout", "No answer.", "Go on.", retryable=True)
    desk.payer.says = [silence, ACTIVE]
    desk.asking.ask(desk.person_id, desk.cover())
    desk.breakers.enter("99001")
    desk.breakers.enter("99001")
    for _ in range(3):
        desk.asking.work_once()
        desk.now += timedelta(seconds=3)
    assert desk.payer.asked == []
    desk.breakers.leave("99001", trouble=False)
    desk.asking.work_once()
    desk.now += timedelta(seconds=91)
    desk.asking.work_once()
    assert desk.checks()[-1]["state"] == "answered"


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


def test_what_is_still_to_come_is_counted_until_it_comes(desk: Desk) -> None:
    desk.payer.says = [NoReply("payer_timeout", "No answer.", "Go on.", retryable=True), ACTIVE]
    desk.asking.ask(desk.person_id, desk.cover(payer_name="Example"))
    (asked,) = desk.asking.pending()
    assert (asked.payer, asked.again_at, asked.why) == ("Example", "", "")
    desk.asking.work_once()
    (waits,) = desk.asking.pending()
    assert (waits.why, waits.again_at) == ("No answer.", iso(desk.now + timedelta(seconds=90)))
    desk.now += timedelta(seconds=91)
    desk.asking.work_once()
    assert desk.asking.pending() == ()


def test_the_patient_may_say_no_after_the_question_was_queued(desk: Desk) -> None:
    coverage_id = desk.cover()
    desk.asking.ask(desk.person_id, coverage_id)
    desk.correct("coverage", coverage_id, "do_not_bill", None, True)
    desk.asking.work_once()
    assert desk.payer.asked == []
    row = desk.checks()[-1]
    assert row["state"] == "not_answered"
    assert row["say"].startswith("The patient asked not to involve this insurer")
    assert desk.asking.pending() == ()


def test_the_patient_may_say_no_between_the_first_question_and_the_second(desk: Desk) -> None:
    desk.payer.says = [PLAN_ALONE]
    coverage_id = desk.cover()
    desk.asking.ask(desk.person_id, coverage_id, service_types=("98", "30"))
    desk.asking.work_once()
    desk.correct("coverage", coverage_id, "do_not_bill", None, True)
    desk.asking.work_once()
    assert len(desk.payer.asked) == 1
    assert [row["state"] for row in desk.checks()] == ["asked", "answered"]


def test_a_payer_that_wants_who_referred_is_told_once_it_is_known(desk: Desk) -> None:
    desk.payer.says = ["AAA*N**48*C", ACTIVE]
    coverage_id, visit_id = desk.cover(), desk.visit(referring={"name": "R", "npi": "1987654328"})
    desk.asking.ask(desk.person_id, coverage_id, visit_id)
    desk.asking.work_once()
    desk.asking.ask(desk.person_id, coverage_id, visit_id)
    desk.asking.work_once()
    assert [("PRV*RF*HPI*1987654328" in one) for one in desk.payer.asked] == [False, True]


def test_an_answer_about_another_member_or_of_another_payer_counts_no_more(desk: Desk) -> None:
    desk.payer.says = [ACTIVE, REJECTED]
    coverage_id = desk.cover()
    desk.asking.ask(desk.person_id, coverage_id)
    desk.asking.work_once()
    assert [one["state"] for one in answered_checks(desk.store.read(), desk.coverage())] == [
        "answered"
    ]
    desk.correct("coverage", coverage_id, "member_id", "X1", "X2")
    assert answered_checks(desk.store.read(), desk.coverage()) == []
    assert newest_check(desk.store.read(), desk.coverage()) is None
    desk.asking.ask(desk.person_id, coverage_id)
    desk.asking.work_once()
    last = newest_check(desk.store.read(), desk.coverage())
    assert last is not None
    assert last["state"] == "rejected"
    assert answered_checks(desk.store.read(), desk.coverage()) == []
    desk.correct("coverage", coverage_id, "member_id", "X2", "x-1")
    assert len(answered_checks(desk.store.read(), desk.coverage())) == 1


def test_what_was_corrected_before_it_was_sent_is_what_the_answer_is_about(desk: Desk) -> None:
    desk.payer.says = [ACTIVE]
    coverage_id = desk.cover()
    desk.asking.ask(desk.person_id, coverage_id)
    desk.correct("coverage", coverage_id, "member_id", "X1", "X2")
    desk.asking.work_once()
    assert "*MI*X2~" in desk.payer.asked[-1]
    assert len(answered_checks(desk.store.read(), desk.coverage())) == 1
