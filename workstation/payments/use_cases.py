"""Taking and giving back money at the desk: cash, checks, splits, refunds, and nothing today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workstation.access.model import Permission, Session
from workstation.facility.model import Desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Insert
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, StoreGateway, UnitOfWork
from workstation.payments.checks import (
    checked_reason,
    known_to_desk,
    lines_known_to_desk,
    refundable_payment,
    unknown,
    without_card_number,
)
from workstation.payments.gated import forbid_gated
from workstation.payments.ledger import (
    Entry,
    cash_refund_entry,
    payment_entry,
    refund_asked_entry,
)
from workstation.payments.model import (
    NothingReason,
    Payment,
    PaymentLine,
    Tender,
    payment_from_row,
)
from workstation.payments.posting import Posting
from workstation.payments.refundable import refunded_lines
from workstation.payments.rules import (
    Rounding,
    checked_amount,
    checked_lines,
    checked_tender,
    checked_tendered,
    refund_lines,
    rounded_cash,
    split_lines,
)
from workstation.visits.rules import forbid_money_while_locked

CHANGED = frozenset({Kind.PAYMENT, Kind.VISIT})
Lines = Sequence[PaymentLine | dict[str, Any]]


@dataclass(frozen=True, slots=True)
class PaymentPolicy:
    """What a site decides. ``cash_refund_limit`` is in cents: above it a supervisor must act."""

    cash_rounding: Rounding = "off"
    cash_refund_limit: int = 5_000


@dataclass(frozen=True, slots=True)
class TenderPart:
    """One tender of a sale. ``tendered``: cash handed over; ``reference``: number of a check."""

    tender: Tender
    amount: int
    tendered: int | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What ``take`` answers: one payment for each tender. Change is cents to hand back."""

    payment_ids: tuple[str, ...]
    receipt_nos: tuple[str, ...]
    change: int = 0
    changed: frozenset[Kind] = field(default=CHANGED)

    @property
    def payment_id(self) -> str:
        """The first, and mostly only, payment."""
        return self.payment_ids[0]

    @property
    def receipt_no(self) -> str:
        """The first, and mostly only, receipt number."""
        return self.receipt_nos[0]


@dataclass(frozen=True, slots=True)
class Refunded:
    """What ``refund`` answers."""

    refund_id: str
    receipt_no: str
    changed: frozenset[Kind] = field(default=CHANGED)


@dataclass(frozen=True, slots=True)
class _Sale:
    person_id: str
    visit_id: str | None
    lines: tuple[PaymentLine, ...]
    parts: tuple[TenderPart, ...]
    payer_name: str | None
    split_id: str | None


class Payments:
    """Use cases of money without a terminal, for one signed-in person at one desk."""

    def __init__(
        self,
        store: StoreGateway,
        clock: Clock,
        session: Session,
        desk: Desk,
        *,
        policy: PaymentPolicy | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._desk = desk
        self._policy = policy or PaymentPolicy()
        self._posting = Posting(desk, clock)

    def take(
        self,
        person_id: str,
        visit_id: str | None,
        tender: str | Tender | Sequence[TenderPart],
        lines: Lines,
        *,
        tendered: int | None = None,
        reference: str | None = None,
        payer_name: str | None = None,
        split_id: str | None = None,
        key: str | None = None,
    ) -> Taken:
        """Takes cash, a check or a money order, or several of them, in one transaction.

        Where a card pays the rest of the same sale, give both the same new ``split_id``.
        Raises Refused ``emtala_locked``, the code of a gate (``qmb``, ``workers_comp``, ``auto``,
        ``employer_paid``, ``va``, ``payer_order_open``), ``card_needs_terminal``, ``not_found``,
        ``amount_…``, ``tendered_too_little``, ``split_does_not_add_up``; NotUnderstood for
        unknown words.
        """
        self._session.require(Permission.TAKE_PAYMENT)
        with self._store.unit_of_work() as work:
            before = work.answered(key) if key else None
            if before is not None:
                return _taken_before(work, before)
            known_to_desk(work, person_id, visit_id)
            forbid_money_while_locked(work, person_id, visit_id)
            checked = checked_lines(lines, visit_id)
            lines_known_to_desk(work, person_id, checked)
            forbid_gated(work, checked)
            parts = self._parts(tender, checked, tendered, reference)
            sale = _Sale(
                person_id, visit_id, checked, parts, without_card_number(payer_name), split_id
            )
            taken = self._post_sale(work, sale, key)
            work.commit()
        return taken

    def refund(
        self, payment_id: str, amount: int, reason: str, *, key: str | None = None
    ) -> Refunded:
        """Gives back cash from the drawer, or orders a check for what was paid by check.

        A card payment goes back to its card: see :class:`CardPayments`. Raises Refused
        ``refund_exceeds_payment``, ``refund_of_refund``, ``card_needs_terminal``,
        ``emtala_locked``, ``not_found``; NotPermitted above the site's limit.
        """
        self._session.require(Permission.TAKE_PAYMENT)
        reason = checked_reason(reason)
        with self._store.unit_of_work() as work:
            before = work.answered(key) if key else None
            if before is not None:
                return Refunded(before["refund_id"], before["receipt_no"])
            payment = refundable_payment(work, payment_id)
            forbid_money_while_locked(work, payment.person_id, payment.visit_id)
            if checked_amount(amount) > self._policy.cash_refund_limit:
                self._session.require(Permission.REFUND)
            if payment.tender.needs_terminal:
                raise _needs_terminal()
            lines = refund_lines(payment, refunded_lines(work, payment), amount)
            refund, entry = self._refund_of(work, payment, lines, amount, reason)
            self._posting.record(
                work,
                "refund_payment",
                ((refund, entry),),
                key=key,
                answer={"ok": True, "refund_id": refund.id, "receipt_no": refund.receipt_no},
                reason=reason,
            )
            work.commit()
        return Refunded(refund.id, refund.receipt_no)

    def may_refund(self, payment: Payment, amount: int) -> bool:
        """Whether this person may give back ``amount`` cents of it without a supervisor."""
        if payment.tender.needs_terminal or amount > self._policy.cash_refund_limit:
            return self._session.may(Permission.REFUND)
        return self._session.may(Permission.TAKE_PAYMENT)

    def nothing_today(
        self, visit_id: str, reason: str | NothingReason, note: str | None = None
    ) -> frozenset[Kind]:
        """Records that nothing was collected for a visit, and why."""
        self._session.require(Permission.TAKE_PAYMENT)
        chosen = _nothing_reason(reason)
        with self._store.unit_of_work() as work:
            visit = work.get("visit", visit_id)
            if visit is None:
                raise unknown("This visit is not on this workstation.")
            forbid_money_while_locked(work, visit["person_id"], visit_id)
            now = self._clock()
            fields = {
                "person_id": visit["person_id"],
                "visit_id": visit_id,
                "reason": chosen.value,
                "note": without_card_number(note),
                "actor": self._session.user_id,
                "at": iso(now),
                "day": self._posting.day(now),
            }
            self._posting.command(
                work,
                "nothing_collected",
                (Insert("nothing_collected", new_id(), fields),),
                actor=self._session.user_id,
                subject=visit["person_id"],
                reason=chosen.value,
            )
            work.commit()
        return CHANGED

    def receipt_handed_out(self, payment_id: str, how: str) -> int:
        """Counts a receipt that is printed or sent; from the second copy on it says DUPLICATE.

        ``how`` is ``print`` or ``email``; the answer is the number of the copy. Raises Refused
        ``not_found``, and ``emtala_locked`` while nothing of money may be on any paper.
        """
        self._session.require(Permission.TAKE_PAYMENT)
        with self._store.unit_of_work() as work:
            row = work.get("payment", payment_id)
            if row is None:
                raise unknown("This payment is not on this workstation.")
            forbid_money_while_locked(work, row["person_id"], row["visit_id"])
            copy, change = copy_handed_out(
                work, row, how, self._session.user_id, iso(self._clock())
            )
            self._posting.command(
                work,
                "hand_out_receipt",
                (change,),
                actor=self._session.user_id,
                subject=row["person_id"],
            )
            work.commit()
        return copy

    def _parts(
        self,
        tender: str | Tender | Sequence[TenderPart],
        lines: tuple[PaymentLine, ...],
        tendered: int | None,
        reference: str | None,
    ) -> tuple[TenderPart, ...]:
        if isinstance(tender, str):
            total = sum(line.amount for line in lines)
            parts: tuple[TenderPart, ...] = (
                TenderPart(checked_tender(tender), total, tendered, reference),
            )
        else:
            parts = tuple(tender)
        for part in parts:
            checked_amount(part.amount)
            if part.tender.needs_terminal:
                raise _needs_terminal()
        return parts

    def _post_sale(
        self,
        work: UnitOfWork,
        sale: _Sale,
        key: str | None,
    ) -> Taken:
        split_id = sale.split_id or (new_id() if len(sale.parts) > 1 else None)
        dealt = split_lines(sale.lines, [part.amount for part in sale.parts])
        posted: list[tuple[Payment, Entry]] = []
        for part, its_lines in zip(sale.parts, dealt, strict=True):
            payment = self._payment(sale.person_id, sale.visit_id, its_lines, part)
            payment = replace(payment, split_id=split_id, payer_name=sale.payer_name)
            posted.append(self._stamped(work, payment))
        ids = tuple(payment.id for payment, _ in posted)
        numbers = tuple(payment.receipt_no for payment, _ in posted)
        change = sum(payment.change for payment, _ in posted)
        answer: dict[str, Any] = {"ok": True, "payment_id": ids[0], "receipt_no": numbers[0]}
        if len(ids) > 1:
            answer |= {"payment_ids": list(ids), "receipt_nos": list(numbers)}
        self._posting.record(work, "record_payment", tuple(posted), key=key, answer=answer)
        return Taken(ids, numbers, change)

    def _payment(
        self,
        person_id: str,
        visit_id: str | None,
        lines: tuple[PaymentLine, ...],
        part: TenderPart,
    ) -> Payment:
        rounding, tendered = 0, None
        if part.tender is Tender.CASH:
            due = rounded_cash(part.amount, self._policy.cash_rounding)
            rounding = part.amount - due
            tendered = checked_tendered(due, part.tendered)
        return Payment(
            id=new_id(),
            person_id=person_id,
            visit_id=visit_id,
            lines=lines,
            tender=part.tender,
            amount=part.amount,
            receipt_no="",
            actor=self._session.user_id,
            drawer=self._desk.drawer,
            workstation="",
            taken_at="",
            day="",
            tendered=tendered,
            rounding=rounding,
            reference=without_card_number(part.reference),
        )

    def _stamped(self, work: UnitOfWork, payment: Payment) -> tuple[Payment, Entry]:
        payment = self._posting.stamp(payment, work)
        entry = payment_entry(
            new_id(),
            payment.lines,
            payment.tender,
            person=payment.person_id,
            drawer=payment.drawer,
            rounding=payment.rounding,
        )
        return payment, entry

    def _refund_of(
        self,
        work: UnitOfWork,
        payment: Payment,
        lines: tuple[PaymentLine, ...],
        amount: int,
        reason: str,
    ) -> tuple[Payment, Entry]:
        refund = replace(
            payment,
            id=new_id(),
            lines=lines,
            amount=-amount,
            actor=self._session.user_id,
            drawer=self._desk.drawer,
            refunds=payment.id,
            split_id=None,
            tendered=None,
            rounding=0,
            reference=None,
            reason=reason,
        )
        refund = self._posting.stamp(refund, work)
        person = payment.person_id
        if payment.tender is Tender.CASH:
            return refund, cash_refund_entry(new_id(), lines, person=person, drawer=refund.drawer)
        return refund, refund_asked_entry(new_id(), lines, person=person)


def copy_handed_out(
    store: Store, payment: Mapping[str, Any], how: str, actor: str, at: str
) -> tuple[int, Insert]:
    """The number of the next copy of a receipt, and the fact that it is handed out."""
    copy = len(store.find("receipt_print", payment_id=payment["id"])) + 1
    fields = {
        "person_id": payment["person_id"],
        "payment_id": payment["id"],
        "receipt_no": payment["receipt_no"],
        "copy": copy,
        "how": how,
        "actor": actor,
        "at": at,
    }
    return copy, Insert("receipt_print", new_id(), fields)


def _taken_before(store: Store, answer: Mapping[str, Any]) -> Taken:
    ids = answer.get("payment_ids") or [answer["payment_id"]]
    numbers = answer.get("receipt_nos") or [answer["receipt_no"]]
    rows = [store.get("payment", payment_id) for payment_id in ids]
    change = sum(payment_from_row(row).change for row in rows if row)
    return Taken(tuple(ids), tuple(numbers), change)


def _nothing_reason(value: str | NothingReason) -> NothingReason:
    try:
        return NothingReason(value)
    except ValueError:
        raise NotUnderstood(
            "reason_not_known", "This reason is not in the list.", "Choose one.", field="reason"
        ) from None


def _needs_terminal() -> Refused:
    return Refused(
        "card_needs_terminal",
        "Card money moves only through the card terminal.",
        "Start the card payment at the terminal, or choose another tender.",
        field="tender",
    )
