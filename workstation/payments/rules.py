"""The plain rules of taking and giving back money: amounts, rounding, what may be refunded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal

from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.phrases import phrase
from workstation.payments.model import LineKind, Payment, PaymentLine, Tender

HIGHEST = 10_000_000
"""Cents ($100,000.00): more than a desk ever takes at once; above it, likely a digit too many."""

Rounding = Literal["off", "nearest_5", "down_5"]
"""Cash rounding of a site that hands out no more pennies; states differ, so it is a setting."""


def checked_amount(value: object, *, field: str = "amount") -> int:
    """An amount to take or give back, in cents. Raises Refused for 0, less or too much."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotUnderstood(
            "amount_not_understood",
            "The amount must be a whole number of cents.",
            "Send 2500 for $25.00.",
            field=field,
        )
    if value <= 0:
        raise Refused(
            "amount_not_positive",
            "The amount must be more than zero.",
            "Enter what is taken today, or choose Nothing today.",
            field=field,
        )
    if value > HIGHEST:
        raise Refused(
            "amount_too_high",
            "This is more than one payment at the desk may be ($100,000.00).",
            "Check the amount for a digit too many, or take it in parts.",
            field=field,
        )
    return value


def checked_tender(value: object) -> Tender:
    """A tender by its name. Raises NotUnderstood ``tender_not_known``."""
    try:
        return Tender(str(value))
    except ValueError:
        raise NotUnderstood(
            "tender_not_known",
            "This way of paying is not known here.",
            phrase("Use one of: {words}.", words=", ".join(Tender)),
            field="tender",
        ) from None


def checked_lines(
    values: Sequence[PaymentLine | dict[str, Any]], visit_id: str | None
) -> tuple[PaymentLine, ...]:
    """The lines of a payment; a line without a visit of its own belongs to ``visit_id``.

    Raises Refused ``no_lines`` where there is none, and what :func:`checked_amount` raises.
    """
    lines = []
    for value in values:
        if isinstance(value, PaymentLine):
            kind, amount, visit = value.kind, value.amount, value.visit_id
        else:
            kind, visit = _line_kind(value.get("kind")), value.get("visit_id")
            amount = checked_amount(value.get("amount"))
        lines.append(PaymentLine(kind, checked_amount(amount), visit or visit_id))
    if not lines:
        raise Refused(
            "no_lines", "There is nothing to pay for yet.", "Add at least one line.", field="lines"
        )
    checked_amount(sum(line.amount for line in lines))
    return tuple(lines)


def _line_kind(value: object) -> LineKind:
    try:
        return LineKind(str(value))
    except ValueError:
        raise NotUnderstood(
            "line_kind_not_known",
            "What a line pays for is not known here.",
            phrase("Use one of: {words}.", words=", ".join(LineKind)),
            field="lines",
        ) from None


def rounded_cash(cents: int, how: Rounding) -> int:
    """What is asked in coins and notes for ``cents``; only ever used for cash."""
    if how == "off":
        return cents
    if how == "down_5":
        return cents - cents % 5
    return (cents + 2) // 5 * 5


def checked_tendered(due: int, tendered: int | None) -> int:
    """Cash handed over for ``due`` cents. Raises Refused ``tendered_too_little``; None = exact."""
    if tendered is None:
        return due
    if isinstance(tendered, bool) or not isinstance(tendered, int) or tendered < due:
        raise Refused(
            "tendered_too_little",
            "The cash handed over is less than the amount due.",
            "Count again, or lower the amount and leave the rest for another tender.",
            field="tendered",
        )
    if tendered - due > HIGHEST:
        raise Refused(
            "tendered_too_high",
            "The cash handed over looks like a digit too many.",
            "Count again and type what was handed over.",
            field="tendered",
        )
    return tendered


def split_lines(
    lines: Sequence[PaymentLine], amounts: Sequence[int]
) -> tuple[tuple[PaymentLine, ...], ...]:
    """Deals the lines out, in order, to tenders of these amounts; both must sum to the same."""
    if sum(amounts) != sum(line.amount for line in lines):
        raise Refused(
            "split_does_not_add_up",
            "The tenders do not add up to the amount due.",
            "Change one of the tenders so that the rest is zero.",
            field="tenders",
        )
    parts = []
    left = [(line, line.amount) for line in lines]
    for amount in amounts:
        part, need = [], amount
        while need:
            line, rest = left.pop(0)
            used = min(rest, need)
            part.append(PaymentLine(line.kind, used, line.visit_id))
            need -= used
            if rest > used:
                left.insert(0, (line, rest - used))
        parts.append(tuple(part))
    return tuple(parts)


def refund_lines(
    payment: Payment, refunds: Iterable[Sequence[PaymentLine]], amount: int
) -> tuple[PaymentLine, ...]:
    """Which lines of a payment a refund of ``amount`` cents gives back, last line first.

    ``refunds`` are the lines of what was refunded, or is being refunded, before. Raises Refused
    ``refund_exceeds_payment`` where all refunds together would be more than was paid.
    """
    gone: dict[tuple[LineKind, str | None], int] = defaultdict(int)
    for lines in refunds:
        for line in lines:
            gone[line.kind, line.visit_id] += line.amount
    taken, need = [], amount
    for line in reversed(payment.lines):
        key = (line.kind, line.visit_id)
        used = min(gone[key], line.amount)
        gone[key] -= used
        give = min(line.amount - used, need)
        if give:
            taken.append(PaymentLine(line.kind, give, line.visit_id))
            need -= give
    if need:
        raise Refused(
            "refund_exceeds_payment",
            "This refund and the earlier ones together are more than was paid.",
            "Lower the amount; the payment shows what is left to refund.",
            field="amount",
        )
    return tuple(taken)


def business_day(moment: datetime, zone: tzinfo, cutoff_hours: int = 0) -> str:
    """The business day of a moment as an ISO date, on the wall clock of the facility's ``zone``.

    With ``cutoff_hours`` 3, what is taken before three in the morning belongs to the day before.
    """
    return (moment.astimezone(zone) - timedelta(hours=cutoff_hours)).date().isoformat()
