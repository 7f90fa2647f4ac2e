"""The closed list of what may be known of a card, and the sieve that drops anything else.

A card number, track data, expiry or security code never enters this process by design; where a
terminal or a person puts digits that look like a card number into a text all the same, the run is
dropped and the fact flagged (PCI DSS 4.0.1 requirement 3; 15 USC 1681c(g) for what is printed).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

_RUN = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
_LONGEST = 64


def luhn_valid(digits: str) -> bool:
    """True where the digits carry a correct Luhn check digit (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def without_card_numbers(text: str) -> tuple[str, bool]:
    """The text with every Luhn-valid run of 13-19 digits removed, and whether there was one."""
    found = False

    def drop(match: re.Match[str]) -> str:
        nonlocal found
        digits = re.sub(r"\D", "", match[0])
        if not luhn_valid(digits):
            return match[0]
        found = True
        return "[removed]"

    cleaned = _RUN.sub(drop, text)
    return cleaned, found


@dataclass(frozen=True, slots=True)
class CardFacts:
    """All that Portico keeps of a card payment. ``flagged``: a card number was dropped."""

    brand: str | None = None
    last4: str | None = None
    funding: str | None = None
    entry_mode: str | None = None
    application_label: str | None = None
    aid: str | None = None
    tvr: str | None = None
    tsi: str | None = None
    arc: str | None = None
    cryptogram: str | None = None
    cvm: str | None = None
    account_type: str | None = None
    auth_code: str | None = None
    processor_payment: str | None = None
    processor_charge: str | None = None
    flagged: bool = False

    def as_json(self) -> dict[str, Any]:
        """Only the facts that are known, as a payment row holds them."""
        return {name: value for name, value in asdict(self).items() if value}


def card_facts(values: Mapping[str, Any]) -> CardFacts:
    """Takes only allowed keys, only short text, only four last digits, never a card number."""
    kept: dict[str, Any] = {}
    flagged = False
    for field in fields(CardFacts):
        value = values.get(field.name)
        if field.name == "flagged" or not isinstance(value, str) or not value:
            continue
        cleaned, found = without_card_numbers(value)
        flagged = flagged or found
        if not found:
            kept[field.name] = cleaned[:_LONGEST]
    last4 = kept.get("last4")
    if last4 is not None and not re.fullmatch(r"\d{4}", last4):
        del kept["last4"]
        flagged = True
    return CardFacts(**kept, flagged=flagged)
