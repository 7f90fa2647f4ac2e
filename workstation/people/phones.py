"""A person's phones: numbers in their order of call, and beside them what each is used for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workstation.people.identifiers import comparable_phone

USES = ("mobile", "home", "work")
"""What a number is used for, in the order in which they are asked (FHIR ContactPoint.use)."""


def phones_by_use(person: Mapping[str, Any]) -> dict[str, str]:
    """The numbers on a chart by use. One without a known use takes the first that is free."""
    told = tuple(person.get("phone_uses") or ())
    found: dict[str, str] = {}
    for place, number in enumerate(person.get("phones") or ()):
        use = told[place] if place < len(told) else ""
        free = [one for one in USES if one not in found]
        if free:
            found[use if use in free else free[0]] = number
    return found


def shown_phone(text: str) -> str:
    """``+15125550123`` as ``(512) 555-0123``; anything else stays as it is."""
    digits = comparable_phone(text) or ""
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 else text
