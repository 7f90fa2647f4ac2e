"""Receipts by e-mail: consent first, then a persistent job that survives a dead mail server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.facility.model import Desk
from workstation.jobs.model import Job, JobState
from workstation.jobs.use_cases import JobQueue
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Change, Insert
from workstation.kernel.errors import NotUnderstood, OutsideSilent, PorticoError, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.phrases import kept, language_of, paragraph
from workstation.kernel.unit_of_work import Store, StoreGateway
from workstation.papers.mail import Mailer, receipt_message
from workstation.papers.model import EMAIL_CONSENT
from workstation.papers.receipts import Receipts
from workstation.payments.use_cases import copy_handed_out
from workstation.people.identifiers import comparable_email
from workstation.visits.rules import forbid_money_while_locked, locked_visit_of
from workstation.work_items.model import opened

JOB = "email_receipt"
CHANGED = frozenset({Kind.PAYMENT, Kind.PAPER, Kind.JOB})
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)
_WHILE_LOCKED = timedelta(minutes=10)
MOST_ATTEMPTS = 24
"""About a day of a mail server that does not answer; then a person is told."""


class ReceiptMail:
    """E-mailing receipts, for one signed-in person at one desk.

    ``send`` only writes: consent, count of the copy and job in one transaction. ``work_once`` runs
    in the background.
    """

    def __init__(
        self,
        store: StoreGateway,
        clock: Clock,
        session: Session,
        desk: Desk,
        jobs: JobQueue,
        mailer: Mailer,
    ) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._desk = desk
        self._jobs = jobs
        self._mailer = mailer
        self._author = Author(session.user_id, desk, clock)
        self._receipts = Receipts(store, desk)

    def address_of(self, payment_id: str) -> tuple[str, str | None]:
        """The patient's own address, and the day on which they agreed to receipts there."""
        self._session.require(Permission.TAKE_PAYMENT)
        read = self._store.read()
        payment = _payment(read, payment_id)
        person = read.get("person", payment["person_id"]) or {}
        address = str(person.get("email") or "")
        consent = consent_to(read, payment["person_id"], address)
        return address, consent["at"] if consent is not None and consent["given"] else None

    def send(
        self,
        payment_ids: Sequence[str],
        address: str,
        *,
        agreed: bool,
        language: str | None = None,
    ) -> tuple[tuple[str, ...], frozenset[Kind]]:
        """Queues receipts to an address; answers their numbers. The patient was asked just now
        where ``agreed``, else an earlier yes to the same address must stand. Without ``language``
        (``en``, ``es``) they are in the patient's own.

        Raises NotUnderstood (field ``address``), Refused ``consent_missing``, ``emtala_locked``,
        ``not_found``.
        """
        self._session.require(Permission.TAKE_PAYMENT)
        plain = _checked(address)
        numbers = []
        with self._store.unit_of_work() as work:
            first = _payment(work, payment_ids[0])
            person_id, visit_id = str(first["person_id"]), first["visit_id"]
            forbid_money_while_locked(work, person_id, visit_id)
            changes: list[Change] = []
            consent = consent_to(work, person_id, plain)
            if agreed:
                changes.append(self._consent(person_id, visit_id, plain, given=True))
            elif consent is None or not consent["given"]:
                raise Refused(
                    "consent_missing",
                    "The patient was not asked whether receipts may go to this address.",
                    "Ask, then send it or print it.",
                )
            for payment_id in payment_ids:
                row = _payment(work, payment_id)
                if row["person_id"] != person_id:
                    raise Refused(
                        "not_found", "This payment is not on this desk.", "Look it up again."
                    )
                copy, change = copy_handed_out(
                    work, row, "email", self._session.user_id, iso(self._clock())
                )
                changes.append(change)
                payload = {
                    "payment_id": payment_id,
                    "copy": copy,
                    "address": plain,
                    "language": language,
                }
                self._jobs.put(work, JOB, f"{JOB}:{change.id}", payload, subject=person_id)
                numbers.append(str(row["receipt_no"]))
            work.record(self._author.command("email_receipt", person_id, tuple(changes)))
            work.commit()
        return tuple(numbers), CHANGED

    def refuse(self, payment_id: str, address: str) -> frozenset[Kind]:
        """The patient does not want receipts at this address; nothing is sent."""
        self._session.require(Permission.TAKE_PAYMENT)
        plain = _checked(address)
        with self._store.unit_of_work() as work:
            row = _payment(work, payment_id)
            change = self._consent(row["person_id"], row["visit_id"], plain, given=False)
            work.record(self._author.command("email_consent", row["person_id"], (change,)))
            work.commit()
        return frozenset({Kind.PAPER})

    def work_once(self) -> frozenset[Kind]:
        """Sends the oldest due receipt, if there is one; empty where there was nothing to do."""
        job = self._jobs.take(JOB)
        if job is None:
            return frozenset()
        read = self._store.read()
        payment = read.get("payment", job.payload["payment_id"])
        if payment is None:
            self._settle(job, JobState.GAVE_UP)
        elif locked_visit_of(read, payment["person_id"]) is not None:
            # Nothing of money reaches a patient who waits for the screening exam.
            self._settle(job, JobState.WAITING, retry_in=_WHILE_LOCKED)
        else:
            self._try(job, payment)
        return CHANGED

    def _try(self, job: Job, payment: Mapping[str, Any]) -> None:
        read = self._store.read()
        person = read.get("person", payment["person_id"]) or {}
        number = str(payment["receipt_no"])
        copy = int(job.payload["copy"])
        wished = job.payload.get("language") or language_of(person.get("language"))
        message = receipt_message(
            self._receipts.pdf(payment["id"], copy, language=wished),
            number,
            to=job.payload["address"],
            sender=self._mailer.sender,
            facility=self._desk.facility,
            language=wished,
            clock=self._clock,
            message_id=f"{number}.{copy}",
        )
        try:
            self._mailer.send(message)
        except OutsideSilent as error:
            if job.attempts < MOST_ATTEMPTS:
                pause = min(_FIRST_PAUSE * 2 ** min(job.attempts - 1, 10), _LONGEST_PAUSE)
                self._settle(job, JobState.WAITING, retry_in=pause)
            else:
                self._give_up(job, payment, error)
        except PorticoError as error:
            self._give_up(job, payment, error)
        else:
            self._settle(job, JobState.DONE)

    def _settle(self, job: Job, state: JobState, *, retry_in: timedelta | None = None) -> None:
        with self._store.unit_of_work() as work:
            self._jobs.settle(work, job, state, retry_in=retry_in)
            work.commit()

    def _give_up(self, job: Job, payment: Mapping[str, Any], error: PorticoError) -> None:
        """A person is told, with the way out: print it, or correct the address."""
        why = paragraph(error.say, error.do)
        item = opened(
            "receipt_not_emailed",
            about_id=payment["id"],
            at=iso(self._clock()),
            person_id=payment["person_id"],
            visit_id=payment["visit_id"],
            detail={"say": str(why), "said": kept(why), "receipt_no": payment["receipt_no"]},
        )
        with self._store.unit_of_work() as work:
            if self._jobs.settle(work, job, JobState.GAVE_UP, {"code": error.code}):
                command = "receipt_not_emailed"
                work.record(self._author.command(command, payment["person_id"], (item,)))
            work.commit()

    def _consent(
        self, person_id: str, visit_id: str | None, address: str, *, given: bool
    ) -> Insert:
        fields = {
            "person_id": person_id,
            "visit_id": visit_id,
            "address": address,
            "given": given,
            "at": iso(self._clock()),
            "by": self._session.user_id,
        }
        return Insert(EMAIL_CONSENT.name, new_id(), fields)


def consent_to(store: Store, person_id: str, address: str) -> Mapping[str, Any] | None:
    """The patient's last word on receipts at an address; None where nobody asked."""
    plain = comparable_email(address)
    rows = [
        row
        for row in store.find(EMAIL_CONSENT.name, person_id=person_id)
        if row["address"] == plain
    ]
    return max(rows, key=lambda row: (row["at"], row["id"]), default=None)


def _checked(address: str) -> str:
    plain = comparable_email(address)
    if plain is None:
        raise NotUnderstood(
            "address_not_understood",
            "This does not look like an e-mail address that can be reached.",
            "Read it back to the patient, or print the receipt.",
            field="address",
        )
    return plain


def _payment(store: Store, payment_id: str) -> dict[str, Any]:
    row = store.get("payment", payment_id)
    if row is None:
        raise Refused("not_found", "This payment is not on this desk.", "Look it up again.")
    return row
