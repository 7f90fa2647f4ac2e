"""While anybody waits for their screening exam no use case asks them, or a payer, about money.

42 CFR 489.24(d)(4). One table of use cases, and every way in which a person comes to be locked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from priced_desk import Desk

from db.store import SqlStore
from workstation.documents.use_cases import Documents
from workstation.eligibility.asking import Asker
from workstation.eligibility.breaker import Breakers
from workstation.eligibility.contacts import Contact, PayerContacts, Way
from workstation.eligibility.use_cases import AskPayer
from workstation.estimates.case import read_case
from workstation.estimates.prices import demo_prices
from workstation.estimates.use_cases import Estimates
from workstation.estimates.visit_money import visit_gates, visit_money
from workstation.interview.known import on_file, situation_of
from workstation.interview.payer_questions import ask_where_needed
from workstation.jobs.model import JobState
from workstation.jobs.use_cases import JobQueue
from workstation.kernel.commands import Revise
from workstation.kernel.errors import Refused
from workstation.kernel.ids import new_id
from workstation.papers.consents import form_on
from workstation.papers.copies import SignedCopies
from workstation.papers.estimate_papers import EstimatePapers
from workstation.papers.model import FormId, Outcome, Signing
from workstation.papers.receipt_mail import ReceiptMail
from workstation.papers.receipts import Receipts
from workstation.papers.use_cases import RecordSignature
from workstation.payments.attempt_book import AttemptBook
from workstation.payments.attempt_model import (
    Accepted,
    Armed,
    Attempt,
    Cancelled,
    InProgress,
    State,
)
from workstation.payments.card_payments import CardPayments, CardTerminal
from workstation.payments.due import visit_due
from workstation.payments.gateways import DriverFacts
from workstation.payments.posting import Posting
from workstation.payments.runner import AttemptRunner
from workstation.payments.use_cases import Payments
from workstation.visits.model import PatientClass, ScreeningOutcome
from workstation.visits.use_cases import NewVisit

COPAY = [{"kind": "copay", "amount": 2500}]
CASE = {
    "payers": [{"kind": "selfpay"}],
    "services": [{"id": "mri", "charge": 250000, "allowed": None}],
}


class Payer:
    """Keeps what it was asked; nothing may reach it."""

    name = "listening"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def ask(self, request_270: str, payload_id: str, trace: str) -> str:
        self.asked.append(request_270)
        return "ISA*"


class Terminal:
    """A terminal that asks for the card until it is told to stop."""

    facts = DriverFacts("listening", 24, fences=True)

    def __init__(self) -> None:
        self.told: list[str] = []

    def _tell(self, what: str, answer: Any) -> Any:
        self.told.append(what)
        return answer

    def arm(self, attempt: Attempt) -> Any:
        return self._tell("arm", Armed("pi_1"))

    def start(self, attempt: Attempt) -> Any:
        return self._tell("start", Accepted())

    def poll(self, attempt: Attempt) -> Any:
        return self._tell("poll", InProgress())

    def cancel(self, attempt: Attempt) -> Any:
        return self._tell("cancel", Cancelled())

    def query(self, attempt: Attempt) -> Any:
        return self._tell("query", InProgress())


class Hospital(Desk):
    """A patient who paid, has an estimate, and is asked about at the payer; not locked yet."""

    def __init__(self, store: SqlStore) -> None:
        super().__init__(store)
        self.now = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
        person = {"last": "SAMPLE", "first": "ANA", "dob": "1985-03-03", "email": "ana@example.com"}
        self.change(Revise("person", self.person_id, dict.fromkeys(("dob", "email")), person))
        args = (store, self.clock, self.session, self.desk)
        queue = JobQueue(store, self.clock)
        self.documents = Documents(*args)
        self.payments, self.estimates = Payments(*args), Estimates(*args)
        self.contacts = PayerContacts(*args)
        self.signatures = RecordSignature(*args)
        self.papers = EstimatePapers(*args, demo_prices())
        self.receipts = Receipts(store, self.desk)
        self.copies = SignedCopies(store, self.session, self.documents, self.desk.facility)
        self.post: list[Any] = []
        self.mail = ReceiptMail(*args, queue, self)  # type: ignore[arg-type]
        self.payer, self.terminal = Payer(), Terminal()
        asker = Asker("EXAMPLE HOSPITAL", "1234567893")
        self.asking = AskPayer(
            *args, queue, self.documents, self.payer, Breakers(self.clock), asker
        )
        book = AttemptBook(store, Posting(self.desk, self.clock))
        self.runner = AttemptRunner(book, {"listening": self.terminal}, self.clock, "boot-1")
        self.cards = CardPayments(
            *args,
            runner=self.runner,
            terminal=CardTerminal("tmr_1", "listening"),
            boot_id="boot-1",
        )
        self.cover_id = self.cover("99001", "commercial")
        self.answered(self.cover_id)
        self.visit_id = self.visit()
        self.payment_id = self.payments.take(
            self.person_id, self.visit_id, "cash", COPAY
        ).payment_id
        self.signature_id = self.sign(FormId.FINANCIAL_AGREEMENT)

    sender = "desk@example.com"

    def send(self, message: Any) -> None:
        self.post.append(message)

    def clock(self) -> datetime:
        return self.now

    def sign(self, form_id: FormId) -> str:
        form = form_on(form_id, self.now.date())
        signing = Signing(
            self.person_id, self.visit_id, form.id, form.version, "en", Outcome.REFUSED,
            reason="no_reason",
        )  # fmt: skip
        return self.signatures.record(signing, new_id())[0]

    def merged(self, retired: str, *, into: str) -> None:
        pointer = {"survivor": into, "retired": retired, "withdrawn": False}
        self.insert("person_merge", new_id(), {**pointer, "at": "2026-11-23T14:00:00Z"})

    def row(self) -> dict[str, Any]:
        row = self.store.read().get("visit", self.visit_id)
        assert row is not None
        return row

    def read_estimate(self) -> None:
        """What is on the screen: nothing but the one gate."""
        store = self.store.read()
        for gates in (
            visit_gates(store, self.row()),
            visit_money(store, self.row(), demo_prices()).gates,
            visit_due(store, self.row(), demo_prices()).money.gates,
        ):
            if [gate.code for gate in gates] == ["emergency"]:
                continue
            return
        raise Refused("emtala_locked", "Emergency: registration only for now.")

    def read_interview(self) -> None:
        """The pages of money are not even named while the situation is locked."""
        draft = on_file(self.store.read(), self.person_id, self.visit_id)
        assert draft is not None
        if situation_of(self.store.read(), draft, self.now.date()).locked:
            raise Refused("emtala_locked", "Emergency: registration only for now.")

    def asked_by_itself(self) -> None:
        """The desk asks of its own accord at a check-in."""
        day = self.now.date()
        if not ask_where_needed(
            self.asking, self.store.read(), self.row(), ("30",), day + timedelta(31), UTC
        ):
            raise Refused("emtala_locked", "Emergency: registration only for now.")


def locked_here(place: Hospital) -> str:
    place.visits.asks_for_emergency_care(place.visit_id)
    return place.visit_id


def locked_in_another_visit(place: Hospital) -> str:
    new = NewVisit(place.person_id, PatientClass.EMERGENCY, "chest pain", "2026-11-23")
    return place.visits.open(new).visit_id


def locked_and_registered(place: Hospital) -> str:
    """Done at the desk is not seen by a clinician."""
    visit_id = locked_in_another_visit(place)
    place.visits.finish(visit_id)
    return visit_id


def locked_in_a_merged_chart(place: Hospital) -> str:
    other = new_id()
    place.insert("person", other, {"last": "SAMPLE", "first": "A"})
    new = NewVisit(other, PatientClass.EMERGENCY, "chest pain", "2026-11-23")
    visit_id = place.visits.open(new).visit_id
    place.merged(other, into=place.person_id)
    return visit_id


def locked_in_the_chart_that_stands(place: Hospital) -> str:
    other = new_id()
    place.insert("person", other, {"last": "SAMPLE", "first": "A"})
    new = NewVisit(other, PatientClass.EMERGENCY, "chest pain", "2026-11-23")
    visit_id = place.visits.open(new).visit_id
    place.merged(place.person_id, into=other)
    return visit_id


LOCKS = (
    locked_here,
    locked_in_another_visit,
    locked_and_registered,
    locked_in_a_merged_chart,
    locked_in_the_chart_that_stands,
)

USE_CASES: dict[str, Callable[[Hospital], object]] = {
    "take cash": lambda d: d.payments.take(d.person_id, d.visit_id, "cash", COPAY),
    "take without a visit": lambda d: d.payments.take(d.person_id, None, "check", COPAY),
    "take a card": lambda d: d.cards.start_card(d.person_id, d.visit_id, COPAY),
    "refund": lambda d: d.payments.refund(d.payment_id, 500, "was too much"),
    "nothing today": lambda d: d.payments.nothing_today(d.visit_id, "other"),
    "count a receipt": lambda d: d.payments.receipt_handed_out(d.payment_id, "print"),
    "see a receipt": lambda d: d.receipts.pdf(d.payment_id),
    "reprint a receipt": lambda d: d.receipts.pdf(d.payment_id, 2),
    "mail a receipt": lambda d: d.mail.send([d.payment_id], "ana@example.com", agreed=True),
    "give an estimate": lambda d: d.estimates.give(
        d.person_id, d.visit_id, read_case(CASE, d.now.date())
    ),
    "see the estimate": lambda d: d.read_estimate(),
    "print the estimate": lambda d: d.papers.pdf(d.visit_id),
    "ask the payer": lambda d: d.asking.ask(d.person_id, d.cover_id, d.visit_id),
    "ask the payer of no visit": lambda d: d.asking.ask(d.person_id, d.cover_id),
    "the desk asks by itself": lambda d: d.asked_by_itself(),
    "note a call": lambda d: d.contacts.note(
        d.cover_id, d.visit_id, Contact(Way.PORTAL, "Active.")
    ),
    "sign a paper of money": lambda d: d.sign(FormId.FINANCIAL_AGREEMENT),
    "copy a paper of money": lambda d: d.copies.pdf(d.signature_id),
    "pages of money": lambda d: d.read_interview(),
}


@pytest.fixture
def place(store_at: Callable[[str], SqlStore]) -> Hospital:
    return Hospital(store_at("desk-1"))


def refused(place: Hospital, use_case: Callable[[Hospital], object]) -> bool:
    try:
        use_case(place)
    except Refused as told:
        return told.code == "emtala_locked"
    return False


@pytest.mark.parametrize("lock", LOCKS)
def test_no_use_case_speaks_of_money_before_the_exam(
    place: Hospital, lock: Callable[[Hospital], str]
) -> None:
    visit_id = lock(place)
    spoke = [name for name, use_case in USE_CASES.items() if not refused(place, use_case)]
    assert spoke == []
    place.visits.record_screening_exam(
        visit_id, ScreeningOutcome.NO_EMERGENCY, by="Dr. Chen", at="2026-11-23T13:50:00Z",
        source="told by the nurse",
    )  # fmt: skip
    place.read_estimate()
    place.payments.take(place.person_id, place.visit_id, "cash", COPAY)


@pytest.mark.parametrize("name", USE_CASES)
def test_each_of_them_speaks_of_money_where_nobody_is_locked(place: Hospital, name: str) -> None:
    """Otherwise the table above would prove nothing."""
    USE_CASES[name](place)


def test_consent_and_coverage_may_be_taken_while_locked(place: Hospital) -> None:
    """Reasonable registration: who insures the patient may be asked, and care consented to."""
    locked_here(place)
    place.sign(FormId.CONSENT_TO_TREAT)
    assert place.cover("99002", "commercial", member_id="X2")


def test_a_question_queued_before_the_lock_waits_for_the_exam(place: Hospital) -> None:
    place.asking.ask(place.person_id, place.cover_id, place.visit_id)
    visit_id = locked_in_another_visit(place)
    assert place.asking.work_once()
    assert not place.asking.work_once(), "it is not looked at over and over"
    assert place.payer.asked == []
    (job,) = JobQueue(place.store, place.clock).open_jobs()
    assert (job.state, job.attempts) == (JobState.WAITING, 0)
    place.visits.record_screening_exam(
        visit_id, ScreeningOutcome.TREATMENT_BEGUN, by="Dr. Chen", at="2026-11-23T13:50:00Z",
        source="chart",
    )  # fmt: skip
    place.now += timedelta(minutes=1)
    place.asking.work_once()
    assert len(place.payer.asked) == 1


def test_a_receipt_queued_before_the_lock_waits_for_the_exam(place: Hospital) -> None:
    place.mail.send([place.payment_id], "ana@example.com", agreed=True)
    locked_in_another_visit(place)
    place.mail.work_once()
    assert place.post == []


@pytest.mark.parametrize("turns", [0, 1, 2])
def test_a_terminal_that_asks_for_a_card_stops_asking(place: Hospital, turns: int) -> None:
    attempt_id = place.cards.start_card(place.person_id, place.visit_id, COPAY)
    for _ in range(turns):
        place.runner.turn()
        place.runner.wake()
    locked_in_another_visit(place)
    for _ in range(3):
        place.runner.wake()
        place.runner.turn()
    attempt = place.cards.status(attempt_id)
    assert attempt.state in (State.CANCELLED, State.DROPPED)
    assert place.terminal.told[-1:] == (["cancel"] if turns else [])
