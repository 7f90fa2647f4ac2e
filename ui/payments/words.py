"""What the payment screens say of lines, tenders and outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ui.wall_clock import local
from ui.words import say
from workstation.estimates.answer import Estimate
from workstation.kernel.clock import from_iso
from workstation.kernel.money import dollars
from workstation.payments.due import DueLine, VisitDue, share_of_today
from workstation.payments.model import (
    LINE_WORDS,
    TENDER_WORDS,
    LineKind,
    NothingReason,
    Payment,
)

NOTHING_WORDS: Mapping[NothingReason, str] = {
    NothingReason.WILL_BE_BILLED: "Would like a bill",
    NothingReason.NOTHING_DUE: "Nothing is due today",
    NothingReason.UNABLE_TODAY: "Not able to pay today",
    NothingReason.ASSISTANCE: "Asked for help with paying",
    NothingReason.DISPUTES_AMOUNT: "Does not agree with the amount",
    NothingReason.CLINICAL: "Care comes first",
    NothingReason.TERMINAL_DOWN: "The card terminal does not work",
    NothingReason.OTHER: "Another reason",
}
"""In the order of their keys, 1 to 8; the first, which Enter takes, claims least. No pressure."""

_SHORT = {
    LineKind.COPAY: "Copay",
    LineKind.SELF_PAY: "Self-pay price",
    LineKind.NONCOVERED: "Not covered by the plan",
    LineKind.OTHER: "Beyond the plan's price",
    LineKind.DEPOSIT: "Toward today's visit",
}


@dataclass(frozen=True, slots=True)
class Who:
    """The patient in a head of money: two identifiers beside the name, always."""

    name: str
    born: str
    mrn: str
    language: str = "en"


def who_words(who: Who, *more: str) -> str:
    """Name, birth date and MRN as rich text, the identifiers bold."""
    born = f"<b>{_plain(who.born)}</b>" if who.born else ""
    facts = (_plain(who.name), born, f"<b>MRN {_plain(who.mrn)}</b>", *map(_plain, more))
    return " · ".join(fact for fact in facts if fact)


def _plain(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")


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
    if line.kind is LineKind.SELF_PAY:
        return words, say("today · the price without coverage")
    return words, say("today · estimated from the payer's answer")


def share_words(due: VisitDue) -> tuple[tuple[str, int], ...]:
    """What today's part is made of, as words and cents; empty where it is not known."""
    if not due.known or due.estimate is None:
        return ()
    shares = share_of_today(due.estimate, self_pay=due.self_pay)
    return tuple((say(_SHORT.get(kind, LINE_WORDS[kind])), cents) for kind, cents in shares)


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


def given_back_words(refund: Payment) -> str:
    """``$10.00 given back · cash · 10:40, receipt 7F-000413-2``."""
    taken = local(from_iso(refund.taken_at))
    return say(
        "{amount} given back · {tender} · {at}, receipt {no}",
        amount=dollars(-refund.amount),
        tender=say(TENDER_WORDS[refund.tender]).lower(),
        at=f"{taken:%H:%M}",
        no=refund.receipt_no,
    )


def nothing_words(reason: str) -> str:
    """``Nothing today: Would like a bill``, empty for a reason that is not known any more."""
    if reason not in set(NothingReason):
        return ""
    return say("Nothing today: {reason}", reason=say(NOTHING_WORDS[NothingReason(reason)]))


def verifying_words(cents: int) -> str:
    """What stands beside a card payment in doubt for which another tender was taken."""
    words = "A card payment of {amount} is being verified. If it was taken, it is given back."
    return say(words, amount=dollars(cents))
