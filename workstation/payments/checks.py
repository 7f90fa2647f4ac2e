"""What every use case of money asks first: is it known, may it be refunded, is there a reason."""

from __future__ import annotations

from collections.abc import Iterable

from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.unit_of_work import Store
from workstation.payments.card_facts import without_card_numbers
from workstation.payments.model import Payment, PaymentLine, payment_from_row


def known_to_desk(store: Store, person_id: str, visit_id: str | None) -> None:
    """Raises Refused ``not_found`` for an unknown person, or a visit that is not theirs."""
    if store.get("person", person_id) is None:
        raise unknown("This patient is not on this workstation.")
    if visit_id is not None:
        visit = store.get("visit", visit_id)
        if visit is None or visit["person_id"] != person_id:
            raise unknown("This visit is not on this workstation.")


def lines_known_to_desk(store: Store, person_id: str, lines: Iterable[PaymentLine]) -> None:
    """Raises Refused ``not_found`` where a line pays for a visit that is not the person's."""
    for visit_id in {line.visit_id for line in lines}:
        known_to_desk(store, person_id, visit_id)


def refundable_payment(store: Store, payment_id: str) -> Payment:
    """The payment. Raises Refused ``not_found``, or ``refund_of_refund`` for what is itself one."""
    row = store.get("payment", payment_id)
    if row is None:
        raise unknown("This payment is not on this workstation.")
    if row["refunds"] is not None:
        raise Refused(
            "refund_of_refund",
            "This is a refund itself and cannot be refunded.",
            "Take a new payment instead.",
        )
    return payment_from_row(row)


def without_card_number(text: str | None) -> str | None:
    """Free text as it may be kept: a card number typed or scanned into it is not."""
    return without_card_numbers(text)[0] if text else None


def checked_reason(reason: str) -> str:
    """A reason in words, without card numbers. Raises NotUnderstood ``reason_missing``."""
    if not reason or not reason.strip():
        raise NotUnderstood(
            "reason_missing", "A refund needs a reason.", "Say why in a few words.", field="reason"
        )
    return without_card_numbers(reason.strip())[0]


def unknown(say: str) -> Refused:
    """The refusal for a patient, visit or payment that is not on this workstation."""
    return Refused("not_found", say, "Search again.")
