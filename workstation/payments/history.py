"""What was paid: a person's payments with what is left to refund, and what a visit collected."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.kernel.unit_of_work import Store
from workstation.payments.model import Payment, payment_from_row
from workstation.payments.refundable import refunded_lines


@dataclass(frozen=True, slots=True)
class PastPayment:
    """A payment and the cents of it that were given back or are on their way back."""

    payment: Payment
    refunded: int

    @property
    def refundable(self) -> int:
        """Cents that may still be given back."""
        return self.payment.amount - self.refunded


def payments_of_person(store: Store, person_id: str) -> list[PastPayment]:
    """Payments of a person, newest first; refunds are folded into what they refund."""
    found = [payment_from_row(row) for row in store.find("payment", person_id=person_id)]
    return [
        PastPayment(payment, sum(line.amount for part in parts for line in part))
        for payment in reversed(found)
        if payment.refunds is None
        for parts in [refunded_lines(store, payment)]
    ]


def collected_for_visit(store: Store, visit_id: str) -> int:
    """Cents that stand paid toward a visit, deposits included, refunds taken off."""
    lines = store.find("ledger_line", visit_id=visit_id)
    return -sum(int(line["cents"]) for line in lines)


def nothing_collected(store: Store, visit_id: str) -> str | None:
    """The reason last given why nothing was taken for a visit, if there was one."""
    found = store.find("nothing_collected", visit_id=visit_id)
    return found[-1]["reason"] if found else None
