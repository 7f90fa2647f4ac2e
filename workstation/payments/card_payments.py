"""Card payments at the terminal: start, watch, cancel, keep or release, refund, and evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workstation.access.model import Permission, Session
from workstation.facility.model import Desk
from workstation.kernel.clock import Clock, iso
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import StoreGateway, UnitOfWork
from workstation.payments.attempt_book import AttemptBook
from workstation.payments.attempt_model import (
    FINAL,
    Attempt,
    AttemptKind,
    Event,
    Evidence,
    Keep,
    Release,
    State,
    UserCancel,
)
from workstation.payments.checks import (
    checked_reason,
    known_to_desk,
    lines_known_to_desk,
    refundable_payment,
    without_card_number,
)
from workstation.payments.gated import forbid_gated
from workstation.payments.ledger import refund_asked_entry
from workstation.payments.model import Payment, PaymentLine, Tender
from workstation.payments.posting import Posting
from workstation.payments.refundable import refunded_lines
from workstation.payments.rules import checked_amount, checked_lines, checked_tender, refund_lines
from workstation.payments.runner import AttemptRunner
from workstation.visits.rules import forbid_money_while_locked

STATE_WORDS = {
    State.NEW: "Starting.",
    State.ARMING: "Preparing the payment with the processor.",
    State.ARMED: "The terminal is busy or offline. Trying again.",
    State.SENT: "Telling the terminal.",
    State.WAITING: "Waiting for the patient to tap, insert or swipe.",
    State.CANCELLING: "Cancelling. If the card was faster, the payment counts.",
    State.UNKNOWN: "Asking the processor. Do not take the card again.",
    State.PARTIAL: "Only part was approved. The rest needs another tender.",
    State.MANUAL: "A supervisor must look this payment up at the processor. Do not take it again.",
    State.APPROVED: "Approved.",
    State.DECLINED: "The card was not accepted. Nothing was taken.",
    State.CANCELLED: "Cancelled. Nothing was taken.",
    State.DROPPED: "Not started. Nothing was taken.",
}
"""What the cashier reads in each state; never a word about why a bank refused."""

REFUND_WORDS = {
    State.NEW: "Starting.",
    State.ARMING: "Asking the processor to give it back.",
    State.ARMED: "Asking the processor to give it back.",
    State.SENT: "Asking the processor to give it back.",
    State.WAITING: "The processor is giving it back to the card.",
    State.CANCELLING: "The processor is giving it back to the card.",
    State.UNKNOWN: "Asking the processor. Do not give it back another way.",
    State.PARTIAL: "Only part was given back.",
    State.MANUAL: "A supervisor must look this refund up at the processor. Do not repeat it.",
    State.APPROVED: "Given back to the card.",
    State.DECLINED: "The card did not take it back. Nothing was given back.",
    State.CANCELLED: "Nothing was given back.",
    State.DROPPED: "Nothing was given back.",
}
"""The same for money on its way back."""


@dataclass(frozen=True, slots=True)
class CardTerminal:
    """The terminal assigned to this desk and the driver that speaks to it."""

    id: str
    driver: str


@dataclass(frozen=True, slots=True)
class CardStatus:
    """How a card payment stands. ``got`` in cents; ``final``: nothing will change any more."""

    attempt_id: str
    payment_id: str
    state: State
    words: str
    asked: int
    got: int
    final: bool
    may_leave: bool
    receipt_no: str | None = None
    since: str | None = None
    deadline_at: str | None = None
    reason: str | None = None


class CardPayments:
    """Use cases of the terminal, for one signed-in person at one desk."""

    def __init__(
        self,
        store: StoreGateway,
        clock: Clock,
        session: Session,
        desk: Desk,
        *,
        runner: AttemptRunner,
        terminal: CardTerminal,
        boot_id: str,
    ) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._desk = desk
        self._runner = runner
        self._terminal = terminal
        self._boot_id = boot_id
        self._posting = Posting(desk, clock)
        self._book = AttemptBook(store, self._posting)

    def start_card(
        self,
        person_id: str,
        visit_id: str | None,
        lines: Sequence[PaymentLine | dict[str, Any]],
        *,
        tender: str | Tender = Tender.CARD,
        payment_id: str | None = None,
        split_id: str | None = None,
        payer_name: str | None = None,
        key: str | None = None,
    ) -> str:
        """Starts taking a card; answers the attempt's id at once, the runner does the rest.

        After a decline, pass the same ``payment_id`` for the next attempt. A repeated ``key``
        answers the attempt it started. Raises Refused ``attempt_still_open``,
        ``terminal_in_use``, ``emtala_locked``, and what :meth:`Payments.take` raises.
        """
        self._session.require(Permission.TAKE_PAYMENT)
        kind = checked_tender(tender)
        if not kind.needs_terminal:
            raise NotUnderstood(
                "tender_not_known",
                "Only cards go to the terminal.",
                "Choose card or HSA.",
                field="tender",
            )
        with self._store.unit_of_work() as work:
            before = work.answered(key) if key else None
            if before is not None:
                return str(before["attempt_id"])
            known_to_desk(work, person_id, visit_id)
            forbid_money_while_locked(work, person_id, visit_id)
            checked = checked_lines(lines, visit_id)
            lines_known_to_desk(work, person_id, checked)
            forbid_gated(work, checked)
            sale = {
                "person_id": person_id,
                "visit_id": visit_id,
                "lines": [line.as_json() for line in checked],
                "split_id": split_id,
                "payer_name": without_card_number(payer_name),
            }
            attempt = self._attempt(
                AttemptKind.CHARGE, payment_id or new_id(), kind, _total(checked), sale
            )
            self._book.open(work, attempt)
            self._remember(work, key, attempt, person_id, "start_card_payment")
            work.commit()
        self._runner.wake()
        return attempt.id

    def refund_card(
        self, payment_id: str, amount: int, reason: str, *, key: str | None = None
    ) -> str:
        """Asks the processor to give back to the same card; answers the attempt's id.

        The whole of a payment of the same business day is a void. What is asked for counts
        against the payment at once. Raises as :meth:`Payments.refund`.
        """
        self._session.require(Permission.REFUND)
        reason = checked_reason(reason)
        with self._store.unit_of_work() as work:
            before = work.answered(key) if key else None
            if before is not None:
                return str(before["attempt_id"])
            payment = refundable_payment(work, payment_id)
            forbid_money_while_locked(work, payment.person_id, payment.visit_id)
            whole = checked_amount(amount) == payment.amount
            same_day = payment.day == self._posting.day(self._clock())
            kind = AttemptKind.VOID if whole and same_day else AttemptKind.REFUND
            attempt = self._ask_refund(work, payment, amount, reason, kind)
            self._remember(work, key, attempt, payment.person_id, "start_card_refund")
            work.commit()
        self._runner.wake()
        return attempt.id

    def status(self, attempt_id: str) -> CardStatus:
        """How the attempt stands now, as last written to disk."""
        attempt = self._book.load(attempt_id)
        row = self._store.read().get("payment", attempt.payment_id)
        final = attempt.state in FINAL
        return CardStatus(
            attempt.id,
            attempt.payment_id,
            attempt.state,
            _words(attempt),
            attempt.asked_cents,
            attempt.got_cents,
            final,
            final or attempt.state is State.MANUAL,
            row["receipt_no"] if row else None,
            attempt.created_at,
            attempt.deadline_at,
            attempt.reason,
        )

    def cancel(self, attempt_id: str) -> CardStatus:
        """The cashier or the patient gives up; the card may still have been faster."""
        return self._decide(attempt_id, UserCancel())

    def keep_partial(self, attempt_id: str) -> CardStatus:
        """Keeps what was approved; the rest is a payment of its own by another tender."""
        return self._decide(attempt_id, Keep())

    def release_partial(self, attempt_id: str) -> str:
        """Gives back what was approved in part; answers the id of the void attempt.

        Both are one transaction: money that nobody keeps and nobody gives back cannot be. Raises
        Refused ``payment_not_partial`` where it was decided before.
        """
        self._session.require(Permission.TAKE_PAYMENT)
        asked: list[str] = []

        def void(work: UnitOfWork, attempt: Attempt) -> None:
            payment = refundable_payment(work, attempt.payment_id)
            reason = "The rest could not be paid."
            made = self._ask_refund(work, payment, attempt.got_cents, reason, AttemptKind.VOID)
            asked.append(made.id)

        self._book.apply(attempt_id, Release(), also=void)
        if not asked:
            raise Refused(
                "payment_not_partial",
                "It was decided already what becomes of this payment.",
                "Look at the visit's payments.",
            )
        self._runner.wake()
        return asked[0]

    def settle_by_evidence(
        self, attempt_id: str, *, approved: bool, cents: int, reference: str
    ) -> CardStatus:
        """A supervisor found it in the processor's portal or a settlement line.

        Raises Refused ``evidence_not_taken`` where the amount cannot be this payment's.
        """
        self._session.require(Permission.REFUND)
        reference = checked_reason(reference)
        status = self._decide(attempt_id, Evidence(approved, cents, reference))
        if status.state is State.MANUAL:
            raise Refused(
                "evidence_not_taken",
                "This amount is not one that was asked of the card.",
                "Compare it with the processor's portal; more than was asked is not this payment.",
                field="amount",
            )
        return status

    def take_other_tender_meanwhile(self, attempt_id: str) -> None:
        """A supervisor allows another tender while this one is unknown; found, it is given back.

        Audited. Raises Refused ``payment_not_unknown`` where the processor's word is known, or
        came this moment.
        """
        self._session.require(Permission.REFUND)
        attempt = self._book.load(attempt_id)
        in_doubt = attempt.state in (State.UNKNOWN, State.MANUAL)
        if not in_doubt or not self._book.mark_refund_if_found(attempt, self._session.user_id):
            raise Refused(
                "payment_not_unknown",
                "This payment is not in doubt.",
                "Wait for the terminal, or cancel.",
            )

    def _decide(self, attempt_id: str, event: Event) -> CardStatus:
        self._session.require(Permission.TAKE_PAYMENT)
        self._book.apply(attempt_id, event)
        self._runner.wake()
        return self.status(attempt_id)

    def _ask_refund(
        self,
        work: UnitOfWork,
        payment: Payment,
        amount: int,
        reason: str,
        kind: AttemptKind,
    ) -> Attempt:
        card = payment.card or {}
        if not payment.tender.needs_terminal or "processor_payment" not in card:
            raise Refused(
                "not_a_card_payment",
                "This was not paid by card.",
                "Refund it in the way it was paid.",
            )
        lines = refund_lines(payment, refunded_lines(work, payment), amount)
        entry = refund_asked_entry(new_id(), lines, person=payment.person_id)
        sale = {
            "person_id": payment.person_id,
            "visit_id": payment.visit_id,
            "lines": [line.as_json() for line in lines],
            "refunds": payment.id,
            "reason": reason,
            "processor_payment": card["processor_payment"],
            "asked_entry": entry.id,
        }
        attempt = self._attempt(kind, new_id(), payment.tender, amount, sale, payment.attempt_id)
        self._book.open(work, attempt)
        command_id = new_id()
        self._posting.command(
            work,
            "ask_card_refund",
            tuple(
                self._posting.entry_changes(
                    entry,
                    command_id,
                    person_id=payment.person_id,
                    payment_id=payment.id,
                    attempt_id=attempt.id,
                )
            ),
            actor=self._session.user_id,
            subject=payment.person_id,
            reason=reason,
            command_id=command_id,
        )
        return attempt

    def _attempt(
        self,
        kind: AttemptKind,
        payment_id: str,
        tender: Tender,
        cents: int,
        sale: dict[str, Any],
        parent_id: str | None = None,
    ) -> Attempt:
        return Attempt(
            id=new_id(),
            payment_id=payment_id,
            kind=kind,
            tender=tender.value,
            asked_cents=cents,
            terminal_id=self._terminal.id,
            driver=self._terminal.driver,
            actor=self._session.user_id,
            created_at=iso(self._clock()),
            boot_id=self._boot_id,
            parent_id=parent_id,
            drawer_session=self._desk.drawer,
            sale=json.dumps(sale, sort_keys=True),
        )

    def _remember(
        self, work: UnitOfWork, key: str | None, attempt: Attempt, person_id: str, what: str
    ) -> None:
        if key is None:
            work.audit(self._session.user_id, what, person_id, {"attempt": attempt.id})
            return
        answer = {"ok": True, "attempt_id": attempt.id, "payment_id": attempt.payment_id}
        self._posting.command(
            work,
            what,
            (),
            actor=self._session.user_id,
            subject=person_id,
            key=key,
            answer=answer,
        )


def _words(attempt: Attempt) -> str:
    return (STATE_WORDS if attempt.is_charge else REFUND_WORDS)[attempt.state]


def _total(lines: Sequence[PaymentLine]) -> int:
    return sum(line.amount for line in lines)
