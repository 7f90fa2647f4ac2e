"""Money is integer cents, shown as US dollars; rates are integer basis points (1 % = 100)."""

from __future__ import annotations

import re

from workstation.kernel.errors import NotUnderstood

_AMOUNT = re.compile(
    r"^\$?\s*(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)?(?:\.(?P<part>[0-9]{1,2}))?$"
)


def dollars(cents: int) -> str:
    """``123450`` as ``$1,234.50``; negative amounts carry a leading minus."""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}${whole:,}.{part:02d}"


def parse_dollars(text: str) -> int:
    """Cents typed by a person: ``25``, ``25.5``, ``$1,234.50``. Never negative, never rounded.

    Raises NotUnderstood (field ``amount``) for anything else, such as ``10.005``.
    """
    match = _AMOUNT.match(text.strip())
    if match is None or not (match["whole"] or match["part"]):
        raise NotUnderstood(
            "amount_not_understood",
            "This is not an amount in dollars and cents.",
            "Type an amount such as 25 or 25.00.",
            field="amount",
        )
    whole = int((match["whole"] or "0").replace(",", ""))
    return whole * 100 + int((match["part"] or "0").ljust(2, "0"))


def share(cents: int, basis_points: int) -> int:
    """``basis_points`` of ``cents``, rounded half up once. Both must be zero or more."""
    return (cents * basis_points + 5_000) // 10_000
