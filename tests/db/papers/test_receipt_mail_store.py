"""Receipts by e-mail in a real encrypted store: consent, one job each, told when it fails."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from pypdf import PdfReader

import db.declared  # noqa: F401  (declares every table)
from db.store import SqlStore
from workstation.access.desk import make_desk, service_session
from workstation.facility.model import Facility, facility_id
from workstation.jobs.use_cases import JobQueue
from workstation.kernel.commands import Command, Insert, Revise
from workstation.kernel.errors import NotUnderstood, OutsideSilent, PorticoError, Refused
from workstation.kernel.ids import new_id
from workstation.papers.receipt_mail import MOST_ATTEMPTS, ReceiptMail, consent_to
from workstation.payments.use_cases import Payments

ADDRESS = "Maria.Nunez@Example.org"
COPAY = [{"kind": "copay", "amount": 2500}]
VISIT = {
    "visit_number": "V1",
    "account_number": "A1",
    "class": "O",
    "lock": "none",
    "state": "in_progress",
    "reason": "Knee pain",
    "service_date": "2026-11-23",
}


class Post:
    """A mail server of the test's own mind."""

    sender = "receipts@pine.example"

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.says: list[Exception] = []

    def send(self, message: EmailMessage) -> None:
        if self.says:
            raise self.says.pop(0)
        self.sent.append(message)


class Desk:
    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.now = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
        facility = Facility(
            facility_id("Pine Valley"), "Pine Valley Hospital", phone="512 555 0100"
        )
        self.desk = make_desk(store, "desk-1", facility)
        self.session = service_session(store.read())
        self.person, self.visit = new_id(), new_id()
        person = {"last": "Núñez", "first": "María", "email": ADDRESS, "language": "es"}
        self.change(
            Insert("person", self.person, person),
            Insert("visit", self.visit, {**VISIT, "person_id": self.person}),
        )
        self.post = Post()
        self.mail = ReceiptMail(
            store, self.clock, self.session, self.desk, JobQueue(store, self.clock), self.post
        )
        payments = Payments(store, self.clock, self.session, self.desk)
        self.payment = payments.take(self.person, self.visit, "cash", COPAY).payment_id
        self.payments = payments

    def clock(self) -> datetime:
        return self.now

    def change(self, *changes: Any) -> None:
        with self.store.unit_of_work() as work:
            facility = self.desk.facility.id
            work.record(
                Command(new_id(), "seed", self.session.user_id, self.now, facility, changes)
            )
            work.commit()

    def find(self, kind: str) -> list[dict[str, Any]]:
        return self.store.read().find(kind, person_id=self.person)

    def send(self, address: str = ADDRESS, *, agreed: bool = True) -> None:
        self.mail.send((self.payment,), address, agreed=agreed)


@pytest.fixture
def desk(store_at: Callable[[str], SqlStore]) -> Desk:
    return Desk(store_at("desk-1"))


def attached(message: EmailMessage) -> str:
    (pdf,) = message.iter_attachments()
    content = pdf.get_content()
    assert isinstance(content, bytes)
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_a_receipt_goes_out_once_with_nothing_of_care_in_its_subject(desk: Desk) -> None:
    desk.send()
    assert desk.mail.work_once()
    assert not desk.mail.work_once()
    (message,) = desk.post.sent
    number = desk.find("payment")[0]["receipt_no"]
    assert message["Subject"] == f"Recibo {number}"
    assert message["To"] == ADDRESS.lower()
    assert message["From"] == "Pine Valley Hospital <receipts@pine.example>"
    body = message.get_body()
    assert body is not None
    said = str(body.get_content())
    assert "Se adjunta su recibo." in said
    for private in ("Knee", "Núñez", "copa", "25.00"):
        assert private not in said
        assert private not in str(message["Subject"])
    assert "$25.00" in attached(message)
    assert "DUPLICADO" not in attached(message)


def test_the_yes_is_written_down_and_holds_for_that_address(desk: Desk) -> None:
    with pytest.raises(Refused) as caught:
        desk.send(agreed=False)
    assert caught.value.code == "consent_missing"
    assert desk.mail.address_of(desk.payment) == (ADDRESS, None)
    desk.send()
    consent = consent_to(desk.store.read(), desk.person, ADDRESS)
    assert consent is not None
    assert (consent["given"], consent["by"]) == (True, desk.session.user_id)
    assert desk.mail.address_of(desk.payment)[1] == consent["at"]
    desk.send(agreed=False)
    with pytest.raises(Refused):
        desk.send("other@example.org", agreed=False)


def test_a_no_ends_an_earlier_yes(desk: Desk) -> None:
    desk.send()
    desk.now += timedelta(minutes=1)
    desk.mail.refuse(desk.payment, ADDRESS)
    with pytest.raises(Refused):
        desk.send(agreed=False)
    assert [row["given"] for row in desk.find("email_consent")] == [True, False]


def test_the_second_copy_is_a_duplicate_whichever_way_it_goes(desk: Desk) -> None:
    assert desk.payments.receipt_handed_out(desk.payment, "print") == 1
    desk.send()
    desk.mail.work_once()
    assert "DUPLICADO" in attached(desk.post.sent[0])
    assert [row["how"] for row in desk.find("receipt_print")] == ["print", "email"]


def test_a_silent_server_is_tried_again_and_then_a_person_is_told(desk: Desk) -> None:
    silence = OutsideSilent("mail_silent", "No answer.", "Later.", retryable=True)
    desk.post.says = [silence] * MOST_ATTEMPTS
    desk.send()
    desk.mail.work_once()
    assert not desk.mail.work_once()
    for _ in range(MOST_ATTEMPTS):
        desk.now += timedelta(hours=1)
        desk.mail.work_once()
    assert desk.post.says == []
    assert desk.post.sent == []
    (item,) = desk.find("work_item")
    assert (item["kind"], item["about_id"]) == ("receipt_not_emailed", desk.payment)
    assert item["detail"]["say"] == "No answer. Later."


def test_an_address_that_is_refused_is_told_at_once(desk: Desk) -> None:
    desk.post.says = [PorticoError("address_refused", "It is not taken.", "Print it.")]
    desk.send()
    desk.mail.work_once()
    assert [row["kind"] for row in desk.find("work_item")] == ["receipt_not_emailed"]


def test_what_waits_survives_the_end_of_the_program(desk: Desk) -> None:
    desk.send()
    later = ReceiptMail(
        desk.store, desk.clock, desk.session, desk.desk, JobQueue(desk.store, desk.clock), desk.post
    )
    later.work_once()
    assert len(desk.post.sent) == 1


def test_nothing_of_money_goes_out_before_the_screening_exam(desk: Desk) -> None:
    desk.send()
    base, locked = {"class": "O", "lock": "none"}, {"class": "E", "lock": "locked"}
    desk.change(Revise("visit", desk.visit, base, locked))
    desk.mail.work_once()
    assert desk.post.sent == []
    with pytest.raises(Refused) as caught:
        desk.send()
    assert caught.value.code == "emtala_locked"
    desk.change(Revise("visit", desk.visit, locked, base))
    desk.now += timedelta(minutes=11)
    desk.mail.work_once()
    assert len(desk.post.sent) == 1


@pytest.mark.parametrize("typed", ["", "maria", "maria@", "none@none.com"])
def test_what_is_no_address_is_said(desk: Desk, typed: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        desk.send(typed)
    assert caught.value.field == "address"
    assert desk.find("receipt_print") == []
