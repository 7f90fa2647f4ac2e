"""Tells a scanner that types from a person who types: by its first sign and its speed. No window.

burst = Burst()
burst.key("@", now_s)      -> Verdict.HOLD      the key is swallowed, it may be a scan
burst.quiet(now_s)         -> Ended(...)        what it was: a code, a payment card, or typing
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

FASTEST_TYPING_S = 0.03
"""No person strikes two keys within 30 ms again and again; every scanner does."""
ENDS_AFTER_S = 0.12
"""A scan is over when nothing came for this long; scanners pause at line ends."""
_FIRST = ("@", "%", ";")
_LEAST = 12
_MOST = 4000


class Verdict(StrEnum):
    """What to do with a key."""

    TYPED = "typed"
    """A person's: let it pass."""
    HOLD = "hold"
    """Swallow it for now."""
    GAVE_UP = "gave_up"
    """What was held was typing after all: give it back, then this key."""


class What(StrEnum):
    """What a burst was."""

    CODE = "code"
    PAYMENT = "payment"
    """A payment card: nothing of it is kept or told (PCI DSS 3.2)."""
    STRIPE = "stripe"
    """The magnetic stripe of a licence: too little on it to be of use."""
    TYPING = "typing"


@dataclass(frozen=True, slots=True)
class Ended:
    """A burst that is over. ``text`` is empty for a payment card, always."""

    what: What
    text: str = ""


class Burst:
    """Collects the keys of one scan. Times are seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._text = ""
        self._last = 0.0

    @property
    def held(self) -> bool:
        """Whether keys are being held back."""
        return bool(self._text)

    def key(self, char: str, now: float) -> Verdict:
        """One key, as the character it types; control keys as their control characters."""
        if not self._text:
            if char in _FIRST:
                self._text, self._last = char, now
                return Verdict.HOLD
            return Verdict.TYPED
        # Once it is surely a scan, a pause at a line's end does not break it.
        patience = FASTEST_TYPING_S if len(self._text) < _LEAST else ENDS_AFTER_S
        if now - self._last > patience or len(self._text) >= _MOST:
            return Verdict.GAVE_UP
        self._text += char
        self._last = now
        return Verdict.HOLD

    def take(self) -> Ended:
        """What was held, and what it is; nothing is held afterwards."""
        text, self._text = self._text, ""
        if len(text) >= _LEAST:
            if _is_payment(text):
                return Ended(What.PAYMENT)
            if text[0] in "%;":
                return Ended(What.STRIPE)
            if text[0] == "@":
                return Ended(What.CODE, text)
        return Ended(What.TYPING, text)


def _is_payment(text: str) -> bool:
    """Track 1 format B (ISO/IEC 7813), or track 2 with a number that Luhn's check accepts."""
    if text[:2].upper() == "%B":
        return True
    if text[0] != ";":
        return False
    number = ""
    for char in text[1:]:
        if not char.isdigit():
            break
        number += char
    # 636 begins the issuer numbers that AAMVA gave to licence offices.
    return 12 <= len(number) <= 19 and not number.startswith("636") and luhn(number)


def luhn(number: str) -> bool:
    """Luhn's check digit (ISO/IEC 7812-1)."""
    total = 0
    for place, char in enumerate(reversed(number)):
        digit = int(char) * (2 if place % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0
