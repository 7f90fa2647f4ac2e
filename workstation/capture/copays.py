"""Pairs the copay amounts of a card with what they are for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from workstation.capture.anchors import Layout
from workstation.capture.label_spelling import mended
from workstation.capture.ocr import Line

_KINDS: dict[str, tuple[str, ...]] = {
    "skip": (
        "out of (?:network|pocket)", "OON", "generic", "brand", "tier [0-9]", r"ded(?:uctible)?\b",
        "inpatient", r"hospital(?! (?:ER|ED|emerg))", r"lab\b", "x-?ray", "therapy", "mental",
        r"rx\b", "telehealth", "virtual", "teladoc", "vision", "dental", "preventive", "ambulance",
        "imaging", "individual", "family",
    ),
    "specialist": (
        r"special(?:ist|ty)s?(?: (?:office|care|copay)\b)*(?: visits?)?", r"spec\b", r"SPC\b",
        r"SP\b", r"SCP\b",
    ),
    "urgent_care": (
        "urg(?:ent)?(?: ?care)?(?: (?:center|visit|copay))*", r"UC\b", r"URG\b", r"UCC\b",
    ),
    "er": (
        "emergency(?: (?:room|dept|department|care|services|visit))*", r"emerg\b", r"ER\b",
        r"ED\b",
    ),
    "pcp": (
        r"pcp\b(?: (?:office|visits?|copay))*",
        "primary(?: care)?(?: (?:physician|provider|office|visits?))*",
        "physician visits?", "doctor visits?", "office(?: visits?)?", r"OV\b", r"PC\b", r"PCV\b",
    ),
}  # fmt: skip
_KIND = re.compile(
    "|".join(
        rf"(?<![A-Za-z])(?P<{kind}>{'|'.join(words)})".replace(" ", r"[\s.\-]*")
        for kind, words in _KINDS.items()
    ),
    re.IGNORECASE,
)
_SHORT = re.compile(r"SPC?|SCP|UCC?|URG|ER|ED|OV|PCV?|OON")
# A poor fax turns $ into s: taken only before two or three digits, and never as sure.
_MONEY = re.compile(
    r"(?:\$\s?|(?<![A-Za-z0-9])(?P<dirt>[sS])(?=[0-9]{2,3}(?![0-9A-Za-z])))"
    r"(?P<whole>[0-9O]{1,4})(?:\.(?P<part>[0-9]{2}))?(?![0-9%])"
)
_MOST_CENTS = 200_000


@dataclass(frozen=True, slots=True)
class Copay:
    """One amount in cents for ``pcp``, ``specialist``, ``urgent_care`` or ``er``."""

    kind: str
    cents: int
    line: Line
    sure: float


@dataclass(frozen=True, slots=True)
class _Token:
    at: int
    kind: str | None
    cents: int
    sure: float


def copays_of(layout: Layout) -> list[Copay]:
    """Every copay of one side, in reading order; a kind may come twice with different amounts."""
    found: list[Copay] = []
    for line in layout.lines:
        tokens = _tokens(line)
        kinds = [t for t in tokens if t.kind]
        if not kinds:
            continue
        if any(t.kind is None for t in tokens):
            found += _within(tokens, line)
        else:
            found += _near(layout, line, kinds)
    return [copay for copay in found if copay.kind != "skip"]


def _tokens(line: Line) -> list[_Token]:
    tokens = []
    for match in _KIND.finditer(mended(line.text)):
        word = match.group()
        if _SHORT.fullmatch(word.upper()) and word != word.upper():
            continue  # "er" and "pc" in small letters are parts of prose
        tokens.append(_Token(match.start(), str(match.lastgroup), 0, 1.0))
    for match in _MONEY.finditer(line.text):
        cents = int(match["whole"].replace("O", "0")) * 100 + int(match["part"] or 0)
        if cents <= _MOST_CENTS:
            sure = min(line.sure[match.start() : match.end()], default=line.score)
            tokens.append(_Token(match.start(), None, cents, sure * (0.6 if match["dirt"] else 1)))
    if tokens and all(token.kind for token in tokens):
        tokens += _bare_amounts(line, tokens)
    return sorted(tokens, key=lambda token: token.at)


def _bare_amounts(line: Line, kinds: list[_Token]) -> list[_Token]:
    """``PCP 20  SPC 40``: whole dollars without a sign, straight after each label; for review."""
    amounts = [
        _Token(m.start(1), None, int(m[1]) * 100, 0.6)
        for m in re.finditer(r"(?<=[A-Za-z])[ :]{1,3}([0-9]{1,3})(?![0-9%.\-/])", line.text)
    ]
    return amounts if len(amounts) == len(kinds) > 1 else []


def _within(tokens: list[_Token], line: Line) -> list[Copay]:
    """Kinds and amounts of one line: a list before a list, or turn by turn either way round."""
    kinds = [t for t in tokens if t.kind]
    money = [t for t in tokens if t.kind is None]
    if len({k.kind for k in kinds}) > 1 and kinds[-1].at < money[0].at:
        if len(kinds) != len(money):
            return []  # an amount was not read: whose it was cannot be told
        return [_copay(k, m, line) for k, m in zip(kinds, money, strict=True)]
    if tokens[0].kind is None and not re.search("[A-Za-z]", line.text[: tokens[0].at]):
        tokens = list(reversed(tokens))  # "$20 PCP": the amount stands first
    pairs = []
    for kind, amount in pairwise(tokens):
        if kind.kind and amount.kind is None:
            pairs.append(_copay(kind, amount, line))
    return pairs


def _near(layout: Layout, line: Line, kinds: list[_Token]) -> list[Copay]:
    """Amounts right of the labels, else left of them, else in the line below."""
    beside = layout.beside(line)
    before = _nobodys_amount(layout, line)
    sides = [other for other in (beside, before) if other is not None]
    for other in sides + layout.below(line, line.box[0])[:1]:
        tokens = _tokens(other)
        if tokens and all(t.kind is None for t in tokens) and len(tokens) >= len(kinds):
            return [_copay(k, m, other) for k, m in zip(kinds, tokens, strict=False)]
        if other not in sides and any(t.kind for t in tokens):
            break
    return []


def _nobodys_amount(layout: Layout, label: Line) -> Line | None:
    """What stands left of a label, where no other label further left lays claim to it."""
    amount = layout.before(label)
    owner = layout.before(amount) if amount is not None else None
    claimed = owner is not None and any(token.kind for token in _tokens(owner))
    return None if claimed else amount


def _copay(kind: _Token, money: _Token, line: Line) -> Copay:
    return Copay(str(kind.kind), money.cents, line, money.sure)
