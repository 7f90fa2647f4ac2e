"""Dates of birth in any form that people type or say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from workstation.kernel.errors import NotUnderstood
from workstation.kernel.phrases import phrase

OLDEST = 130
"""Years of age above which a date of birth is taken for a mistake."""

_MONTHS = {
    name[:3]: number
    for number, name in enumerate(
        [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ],
        1,
    )
} | {"ene": 1, "abr": 4, "ago": 8, "dic": 12}
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})")
_PLACEHOLDERS = frozenset(
    (
        "1900-01-01",
        "1901-01-01",
        "1800-01-01",
        "1850-01-01",
        "1899-12-31",
        "1111-11-11",
        "0001-01-01",
        "1753-01-01",
        "9999-12-31",
        "1899-12-30",
    )
)


def parse_birth_date(text: str, today: date) -> date:
    """``3/3/85``, ``03031985``, ``3 Mar 1985``, ``1985-03-03``: US order, month before day.

    A two-digit year is the latest that is not in the future: ``3/3/20`` is 2020; somebody of a
    hundred years or more needs all four digits. A day above 12 in first place can only be a day,
    and is taken so. Raises NotUnderstood (field ``dob``) for what is no date, lies in the future,
    or above 130 years.
    """
    for year, month, day in _readings(text):
        found = _dated(year, month, day, today)
        if found is not None:
            return _plausible(found, today)
    raise NotUnderstood(
        "dob_not_understood",
        "This is not a date of birth that exists.",
        "Type month, day and year, such as 3/3/1985 or Mar 3 1985.",
        field="dob",
    )


def _readings(text: str) -> Iterator[tuple[str, int, int]]:
    """Ways to read the text, most likely first, as (year as typed, month, day)."""
    words = _WORDS.findall(text.lower().strip())
    words = [w for w in words if w not in ("st", "nd", "rd", "th", "of", "de")]
    if len(words) == 1 and words[0].isdecimal():
        yield from _run_together(words[0])
    elif len(words) == 3:
        yield from _three_parts(words)


def _run_together(digits: str) -> Iterator[tuple[str, int, int]]:
    if len(digits) == 8:
        yield digits[4:], int(digits[:2]), int(digits[2:4])
        yield digits[:4], int(digits[4:6]), int(digits[6:])
    elif len(digits) == 6:
        yield digits[4:], int(digits[:2]), int(digits[2:4])


def _three_parts(words: list[str]) -> Iterator[tuple[str, int, int]]:
    named = [(i, _MONTHS[w[:3]]) for i, w in enumerate(words) if w[:3] in _MONTHS]
    if named:
        place, month = named[0]
        rest = words[:place] + words[place + 1 :]
        if all(w.isdecimal() and len(w) <= 4 for w in rest):
            first, second = rest
            if len(first) == 4:
                first, second = second, first
            if len(first) <= 2:
                yield second, month, int(first)
        return
    if not all(w.isdecimal() and len(w) <= 4 for w in words):
        return
    a, b, c = words
    if len(a) == 4:
        yield a, int(b), int(c)
    elif len(a) <= 2 and len(b) <= 2:
        yield c, int(a), int(b)
        yield c, int(b), int(a)


def _dated(year: str, month: int, day: int, today: date) -> date | None:
    try:
        if len(year) == 4:
            return date(int(year), month, day) if int(year) >= 1800 else None
        if len(year) != 2:
            return None
        century = today.year // 100 * 100
        found = _day_or_none(century + int(year), month, day)
        if found is not None and found <= today:
            return found
        return date(century - 100 + int(year), month, day)
    except ValueError:
        return None


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _plausible(found: date, today: date) -> date:
    if found > today:
        raise NotUnderstood(
            "dob_in_future",
            "This date of birth lies in the future.",
            "Check the year with the patient.",
            field="dob",
        )
    if today.year - found.year > OLDEST:
        raise NotUnderstood(
            "dob_too_old",
            phrase("This date of birth would make the patient more than {n} years old.", n=OLDEST),
            "Check the year with the patient.",
            field="dob",
        )
    return found


@lru_cache(maxsize=4_096)
def comparable_dob(text: str | None) -> str | None:
    """The ISO date for matching and indexing, or None where absent, unreadable or a placeholder."""
    if not text:
        return None
    iso = _ISO.match(text)
    if iso is not None and len(text) in (10, 19, 20):
        day = _day_or_none(int(iso[1]), int(iso[2]), int(iso[3]))
    else:
        day = next(
            (d for d in (_dated(y, m, d, date.max) for y, m, d in _readings(text)) if d), None
        )
    if day is None or day.isoformat() in _PLACEHOLDERS:
        return None
    return day.isoformat()


def age(born: date, on: date) -> int:
    """Completed years; somebody born on February 29 has a birthday on March 1 in other years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))
