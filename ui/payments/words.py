"""What the payment screens say of lines, tenders and outcomes."""

from __future__ import annotations

from datetime import date

from ui.wall_clock import local
from ui.words import say
from workstation.estimates.answer import Estimate
from workstation.kernel.clock import from_iso
from workstation.kernel.money import dollars
from workstation.payments.due import DueLine, VisitDue
from workstation.payments.model import LINE_WORDS, TENDER_WORDS, LineKind, Payment

_SHORT = {
    LineKind.COPAY: "Copay",
    LineKind.SELF_PAY: "Self-pay price",
    LineKind.NONCOVERED: "Not covered by the plan",
    LineKind.OTHER: "Beyond the plan's price",
    LineKind.DEPOSIT: "Toward today's visit",
}


def day_words(iso_day: str) -> str:
    """``23 Nov 2026``."""
    return f"{date.fromisoformat(iso_day):%d %b %Y}"


def line_words(line: DueLine) -> tuple[str, str]:
    """What the line pays for, and the quieter second line."""
    if not line.today:
        note = line.service.lower() or say("earlier visit")
        return (
            say("Balance from {day}", day=day_words(line.service_date)),
            say("{visit} · the amount is on the bill", visit=note),
        )
    words = say(_SHORT.get(line.kind, LINE_WORDS[line.kind]))
    if line.service:
        words = f"{words}, {line.service[:1].lower()}{line.service[1:]}"
    if line.kind is LineKind.DEPOSIT:
        return words, say("today · the amount is not known yet")
    return words, say("today · estimated from the payer's answer")


def headline(due: VisitDue) -> str:
    """The estimate as an amount where it is known, else in words; never a zero for unknown."""
    found = due.estimate
    if due.known and found is not None and found.patient_total is not None:
        return dollars(found.patient_total)
    missing = due.money.built.missing if due.money.built is not None else ()
    if found is None or missing:
        return say("Not known yet")
    return _range(found)


def _range(found: Estimate) -> str:
    if found.patient_total is not None:
        return say("About {amount}", amount=dollars(found.patient_total))
    if found.high is None:
        return say("At least {low}", low=dollars(found.low))
    return say("{low} to {high}", low=dollars(found.low), high=dollars(found.high))


def paid_words(payment: Payment) -> str:
    """``$25.00 by card at 10:32, receipt 7F-000412-K``."""
    taken = local(from_iso(payment.taken_at))
    return say(
        "{amount} · {tender} · {at}, receipt {no}",
        amount=dollars(payment.amount),
        tender=say(TENDER_WORDS[payment.tender]).lower(),
        at=f"{taken:%H:%M}",
        no=payment.receipt_no,
    )
