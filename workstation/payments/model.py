"""What a payment is once it has happened, and the replicated kinds that hold it.

A *payment* is what a person decided and the money then really did: one tender, one amount, one
receipt number. A sale paid with two tenders is two payments with one ``split_id``. A refund is a
payment of its own with a negative amount that names the one it refunds. Nothing here is revised.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workstation.kernel.entities import EntityKind


class Tender(StrEnum):
    """How money is handed over. ``HSA`` is a benefit card (HSA, FSA, HRA) at the terminal."""

    CASH = "cash"
    CHECK = "check"
    CARD = "card"
    HSA = "hsa"
    MONEY_ORDER = "money_order"

    @property
    def needs_terminal(self) -> bool:
        """True where the processor's word decides, and not the drawer."""
        return self in (Tender.CARD, Tender.HSA)


class LineKind(StrEnum):
    """What a line pays for; the words for it are in :data:`LINE_WORDS`."""

    COPAY = "copay"
    COINSURANCE = "coinsurance"
    DEDUCTIBLE = "deductible"
    NONCOVERED = "noncovered"
    SELF_PAY = "self_pay"
    DEPOSIT = "deposit"
    BALANCE = "balance"
    OTHER = "other"


LINE_WORDS = {
    LineKind.COPAY: "Copay for this visit",
    LineKind.COINSURANCE: "Coinsurance",
    LineKind.DEDUCTIBLE: "Deductible",
    LineKind.NONCOVERED: "Services not covered by the plan",
    LineKind.SELF_PAY: "Self-pay services",
    LineKind.DEPOSIT: "Deposit toward the estimate",
    LineKind.BALANCE: "Earlier balance",
    LineKind.OTHER: "Other patient payment",
}


TENDER_WORDS = {
    Tender.CARD: "Card",
    Tender.CASH: "Cash",
    Tender.CHECK: "Check",
    Tender.HSA: "HSA or FSA card",
    Tender.MONEY_ORDER: "Money order",
}


class NothingReason(StrEnum):
    """Why nothing was collected today: one key each in the dialog, no pressure in the words."""

    NOTHING_DUE = "nothing_due"
    UNABLE_TODAY = "unable_today"
    WILL_BE_BILLED = "will_be_billed"
    ASSISTANCE = "asked_for_assistance"
    DISPUTES_AMOUNT = "disputes_amount"
    TERMINAL_DOWN = "terminal_down"
    CLINICAL = "clinical_reason"
    OTHER = "other"


REFUND_REASONS = (
    "More was taken than was owed",
    "Nothing was owed",
    "Paid twice",
    "The visit did not take place",
    "Taken from the wrong patient",
)
"""What a refund is mostly for, as it is kept and printed; any other reason is typed."""


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """One thing paid for. ``amount`` in cents, above zero; ``visit_id`` None = unallocated."""

    kind: LineKind
    amount: int
    visit_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The line as a payment row holds it."""
        return {"kind": self.kind.value, "amount": self.amount, "visit_id": self.visit_id}


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment (``amount`` above zero) or a refund (below zero, ``refunds`` names the payment).

    All amounts are cents. ``amount`` is what the patient's account is credited; ``rounding`` is
    what cash rounding gave away or took (amount minus coins really moved). ``card`` holds only
    what :class:`workstation.payments.card_facts.CardFacts` allows.
    """

    id: str
    person_id: str
    visit_id: str | None
    lines: tuple[PaymentLine, ...]
    tender: Tender
    amount: int
    receipt_no: str
    actor: str
    drawer: str
    workstation: str
    taken_at: str
    day: str
    refunds: str | None = None
    split_id: str | None = None
    attempt_id: str | None = None
    tendered: int | None = None
    rounding: int = 0
    reference: str | None = None
    card: dict[str, Any] | None = None
    reason: str | None = None
    payer_name: str | None = None

    @property
    def change(self) -> int:
        """Cents given back to a patient who paid with more cash than was due."""
        if self.tendered is None:
            return 0
        return self.tendered - (self.amount - self.rounding)

    def fields(self) -> dict[str, Any]:
        """The row without its id."""
        return {
            "person_id": self.person_id,
            "visit_id": self.visit_id,
            "lines": [line.as_json() for line in self.lines],
            "tender": self.tender.value,
            "amount": self.amount,
            "receipt_no": self.receipt_no,
            "actor": self.actor,
            "drawer": self.drawer,
            "workstation": self.workstation,
            "taken_at": self.taken_at,
            "day": self.day,
            "refunds": self.refunds,
            "split_id": self.split_id,
            "attempt_id": self.attempt_id,
            "tendered": self.tendered,
            "rounding": self.rounding,
            "reference": self.reference,
            "card": self.card,
            "reason": self.reason,
            "payer_name": self.payer_name,
        }


def lines_from_json(values: list[dict[str, Any]]) -> tuple[PaymentLine, ...]:
    """Lines as a row holds them."""
    return tuple(
        PaymentLine(LineKind(line["kind"]), line["amount"], line.get("visit_id")) for line in values
    )


def payment_from_row(row: dict[str, Any]) -> Payment:
    """A payment from its row in the store."""
    names = set(Payment.__dataclass_fields__) - {"lines", "tender"}
    return Payment(
        lines=lines_from_json(row["lines"]),
        tender=Tender(row["tender"]),
        **{name: row[name] for name in names if name in row},
    )


PAYMENT = EntityKind("payment", append_only=True)
"""A payment or refund that happened."""

LEDGER_ENTRY = EntityKind("ledger_entry", append_only=True)
"""One balanced entry of the double-entry ledger; its lines sum to zero."""

LEDGER_LINE = EntityKind("ledger_line", append_only=True, owner=None)
"""One side of an entry: account, party, visit, cents (debit positive, never zero)."""

RECEIPT_PRINT = EntityKind("receipt_print", append_only=True)
"""A receipt handed out: the first copy is the original, every later one says DUPLICATE."""

NOTHING_COLLECTED = EntityKind("nothing_collected", append_only=True)
"""That nothing was taken for a visit today, and why."""

KINDS = (PAYMENT, LEDGER_ENTRY, LEDGER_LINE, RECEIPT_PRINT, NOTHING_COLLECTED)

ATTEMPT_TABLE = "payment_attempt"
"""Local rows: one attempt each to take or give back money by one tender."""

CALL_TABLE = "payment_attempt_call"
"""Local rows: the append-only log of what was asked of a processor and what it said."""
