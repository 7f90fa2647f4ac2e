"""Reading what people type in any form, and showing it in one: dates, phones, numbers."""

from __future__ import annotations

import re
from datetime import date

from workstation.kernel.errors import NotUnderstood
from workstation.people.birth_dates import parse_birth_date
from workstation.people.identifiers import comparable_phone, comparable_ssn

_AHEAD = 20
"""Years that a date which may lie ahead, such as the end of a plan, may lie ahead."""


def read_date(text: str, today: date, *, past: bool = True) -> date | None:
    """A date typed as ``3/3/85``, ``03031985``, ``3 Mar 1985``, ``1985-03-03``; else None.

    With ``past`` a date after ``today`` is none; two digits of a year are then never ahead.
    """
    latest = today if past else date(today.year + _AHEAD, 12, 31)
    try:
        return parse_birth_date(text, latest)
    except NotUnderstood:
        return None


def shown_date(text: str) -> str:
    """An ISO date as ``03 Mar 1985``; anything else stays as it is."""
    known = iso_or_none(text)
    return known.strftime("%d %b %Y") if known else text


def iso_or_none(text: str) -> date | None:
    """The date of an understood answer, None while it is open or half typed."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def read_phone(text: str) -> str | None:
    """A number in any form as ``+15125550123``; None where it is none, or a placeholder."""
    digits = comparable_phone(text)
    if digits is None:
        return None
    return f"+1{digits}" if len(digits) == 10 else f"+{digits}"


def read_ssn(text: str) -> str | None:
    """Nine digits that can be one person's Social Security number; None for placeholders."""
    return comparable_ssn(text)


def shown_ssn(text: str) -> str:
    """Only the last four digits (minimum necessary): ``•••-••-6789``."""
    digits = re.sub(r"\D", "", text)
    return f"•••-••-{digits[5:]}" if len(digits) == 9 else text


def read_zip(text: str) -> str | None:
    """A ZIP code as five or nine digits with a hyphen; None where it is not one."""
    digits = re.sub(r"\D", "", text)
    if len(digits) == 5:
        return digits
    return f"{digits[:5]}-{digits[5:]}" if len(digits) == 9 else None
