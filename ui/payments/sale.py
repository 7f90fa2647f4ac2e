"""From what stands in the payment dialog to a sale: lines and tenders, or what to mend. No Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.money import dollars, parse_dollars
from workstation.kernel.phrases import paragraph, phrase
from workstation.payments.due import DueLine
from workstation.payments.model import LineKind, PaymentLine, Tender
from workstation.payments.rules import checked_amount
from workstation.payments.use_cases import TenderPart

AMOUNT, TENDERED, REFERENCE, PARTS = "amount", "tendered", "reference", "parts"


@dataclass(frozen=True, slots=True)
class PartText:
    """One tender of a split as it is typed. An empty ``amount`` in the last row is the rest."""

    tender: Tender
    amount: str = ""
    tendered: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SaleText:
    """All that is ticked, chosen and typed."""

    lines: tuple[DueLine, ...]
    ticked: frozenset[str]
    typed: Mapping[str, str]
    """Amounts typed for lines that nobody here knows the amount of, by key."""
    amount: str
    tender: str
    """A Tender, or ``split``."""
    tendered: str = ""
    reference: str = ""
    parts: tuple[PartText, ...] = ()


@dataclass(frozen=True, slots=True)
class Sale:
    """What is to be taken; ``parts`` add up to ``lines``. ``problems`` by field, else empty."""

    lines: tuple[PaymentLine, ...] = ()
    parts: tuple[TenderPart, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Cents."""
        return sum(line.amount for line in self.lines)


def takes_rest(line: DueLine) -> bool:
    """A deposit toward an amount not known yet: it is whatever the one big figure says."""
    return line.amount is None and line.kind is LineKind.DEPOSIT


def read_amount(text: str) -> int | None:
    """Cents, or None for what cannot be read."""
    try:
        return parse_dollars(text)
    except NotUnderstood:
        return None


def chosen_total(text: SaleText) -> int:
    """What the ticked lines add up to, as far as it is known."""
    return sum(amount for _, amount in _wanted(text))


def _wanted(text: SaleText) -> list[tuple[DueLine, int]]:
    found = []
    for line in text.lines:
        if line.key in text.ticked and not takes_rest(line):
            amount = line.amount
            if amount is None:
                amount = read_amount(text.typed.get(line.key, "")) or 0
            found.append((line, amount))
    return found


def read_sale(text: SaleText) -> Sale:
    """The sale, or what keeps it from being one, in words by field."""
    for line in text.lines:
        typed = line.key in text.ticked and line.amount is None and not takes_rest(line)
        if typed and not read_amount(text.typed.get(line.key, "")):
            return _mend(line.key, "Type the amount that the bill says.")
    try:
        amount = checked_amount(parse_dollars(text.amount))
    except (NotUnderstood, Refused) as error:
        return _mend(AMOUNT, paragraph(error.say, error.do))
    lines, over = _lines(text, amount)
    if not text.ticked:
        return _mend(AMOUNT, "Tick what this pays for, at the left.")
    if over:
        words = "{amount} more than what is ticked. Tick a further line, or lower the amount."
        return _mend(AMOUNT, phrase(words, amount=dollars(over)))
    parts, problems = _parts(text, amount)
    return Sale(problems=problems) if problems else Sale(lines, parts)


def _mend(where: str, words: str) -> Sale:
    return Sale(problems={where: words})


def _lines(text: SaleText, amount: int) -> tuple[tuple[PaymentLine, ...], int]:
    """Deals the amount over the ticked lines in order; what is over beside it."""
    lines, left = [], amount
    for line, wanted in _wanted(text):
        used = min(left, wanted)
        if used:
            lines.append(PaymentLine(line.kind, used, line.visit_id))
            left -= used
    rest = next((x for x in text.lines if x.key in text.ticked and takes_rest(x)), None)
    if rest is not None and left:
        lines.append(PaymentLine(rest.kind, left, rest.visit_id))
        left = 0
    return tuple(lines), left


def _parts(text: SaleText, amount: int) -> tuple[tuple[TenderPart, ...], dict[str, str]]:
    if text.tender == "split":
        return _split(text.parts, amount)
    tender = Tender(text.tender)
    part, words = _part(tender, amount, text.tendered, text.reference)
    if words:
        return (), {TENDERED if tender is Tender.CASH else REFERENCE: words}
    return (part,), {}


def _part(tender: Tender, amount: int, tendered: str, reference: str) -> tuple[TenderPart, str]:
    part = TenderPart(tender, amount)
    if tender is Tender.CASH:
        given = read_amount(tendered)
        if not tendered.strip():
            return part, "Count the cash handed over and type it."
        if given is None:
            return part, "This is not an amount. Type it such as 40 or 40.00."
        if given < amount:
            missing = dollars(amount - given)
            words = "{amount} is missing. Count again, or lower the amount."
            return part, phrase(words, amount=missing)
        return TenderPart(tender, amount, tendered=given), ""
    if tender in (Tender.CHECK, Tender.MONEY_ORDER):
        if not reference.strip():
            return part, "Type the number that is printed on it."
        return TenderPart(tender, amount, reference=reference.strip()), ""
    return part, ""


def _split(rows: Sequence[PartText], amount: int) -> tuple[tuple[TenderPart, ...], dict[str, str]]:
    parts, left = [], amount
    for index, row in enumerate(rows):
        cents = read_amount(row.amount) if row.amount.strip() else None
        if index == len(rows) - 1 and not row.amount.strip():
            cents = left
        if not cents or cents > left:
            return (), {f"{PARTS}.{index}": _row_words(cents, left)}
        part, words = _part(row.tender, cents, row.tendered, row.reference)
        if words:
            return (), {f"{PARTS}.{index}": words}
        parts.append(part)
        left -= cents
    if left:
        words = phrase("{amount} is still open.", amount=dollars(left))
        return (), {f"{PARTS}.{len(rows) - 1}": words}
    return tuple(parts), {}


def _row_words(cents: int | None, left: int) -> str:
    if cents:
        return phrase("Only {amount} is left to take.", amount=dollars(left))
    return "Type how much is taken this way." if left else "Nothing is left for this row."


def split_left(text: SaleText) -> int | None:
    """Cents that the rows of a split leave open (the last row's, while it is empty)."""
    amount = read_amount(text.amount)
    if amount is None:
        return None
    return amount - sum(read_amount(row.amount) or 0 for row in text.parts)
