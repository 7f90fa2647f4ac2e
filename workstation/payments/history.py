"""What was paid: payments with what is left to refund, and what a visit collected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workstation.kernel.unit_of_work import Store
from workstation.payments.model import Payment, payment_from_row
from workstation.payments.refundable import refund_under_way, refunded_lines


@dataclass(frozen=True, slots=True)
class PastPayment:
    """A payment and the cents of it that were given back or are on their way back."""

    payment: Payment
    refunded: int
    refund: str | None = None
    """The attempt by which a card refund is under way."""
    refunds: tuple[Payment, ...] = ()
    """Refunds that happened, each with a receipt of its own."""

    @property
    def refundable(self) -> int:
        """Cents that may still be given back."""
        return self.payment.amount - self.refunded


def payments_of_person(store: Store, person_id: str) -> list[PastPayment]:
    """Payments of a person, newest first; refunds are folded into what they refund."""
    rows = store.find("payment", person_id=person_id)
    return [past_payment(store, row) for row in reversed(rows) if row["refunds"] is None]


def payments_of_visit(store: Store, visit_id: str) -> tuple[PastPayment, ...]:
    """Payments taken at a visit, oldest first."""
    rows = store.find("payment", visit_id=visit_id)
    return tuple(past_payment(store, row) for row in rows if row["refunds"] is None)


def past_payment(store: Store, row: dict[str, Any]) -> PastPayment:
    """A payment's row with what became of it."""
    payment = payment_from_row(row)
    gone = sum(line.amount for lines in refunded_lines(store, payment) for line in lines)
    made = (payment_from_row(one) for one in store.find("payment", refunds=payment.id))
    return PastPayment(payment, gone, refund_under_way(store, payment), tuple(made))


def collected_for_visit(store: Store, visit_id: str) -> int:
    """Cents that stand paid toward a visit, deposits included, refunds taken off."""
    lines = store.find("ledger_line", visit_id=visit_id)
    return -sum(int(line["cents"]) for line in lines)


def nothing_collected(store: Store, visit_id: str) -> str | None:
    """The reason last given why nothing was taken for a visit, if there was one."""
    found = store.find("nothing_collected", visit_id=visit_id)
    return found[-1]["reason"] if found else None
