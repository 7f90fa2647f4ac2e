"""Single elements into values: cents, basis points, quantities, dates. Never raises on content."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache

from workstation.eligibility.codes import COVERAGE_DATES, DATE_QUALIFIERS
from workstation.eligibility.model import DateRange
from workstation.x12.model import Finding, Segment


@lru_cache(maxsize=512)
def cents(text: str) -> int | None:
    """``25`` or ``25.00`` as 2500; None where it is no amount. A third decimal rounds half up."""
    whole, dot, part = text.partition(".")
    if whole.isdecimal() and (not dot or (len(part) <= 2 and (not part or part.isdecimal()))):
        return int(whole) * 100 + (int(part.ljust(2, "0")) if part else 0)
    value = _decimal(text)
    return None if value is None else _rounded(value * 100)


@lru_cache(maxsize=512)
def basis_points(text: str) -> tuple[int | None, bool]:
    """``.2`` as 2000; the flag is True where a whole percent (``20``) was sent."""
    value = _decimal(text)
    if value is None:
        return None, False
    if value > 1:
        return _rounded(value * 100), True
    return _rounded(value * 10_000), False


@lru_cache(maxsize=512)
def quantity(text: str) -> int | float | None:
    """A count: whole where it is whole."""
    if text.isdecimal():
        return int(text)
    value = _decimal(text)
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace("$", "").replace(",", "").replace("%", "").strip())
    except InvalidOperation:
        return None
    # More digits than any amount has: a mistyped id, not money.
    return value if value.is_finite() and abs(value) < 10**12 else None


def _rounded(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def day(text: str) -> date | None:
    """``20260101`` (a time after it is ignored) as a date; None where it is none."""
    if len(text) < 8 or not text[:8].isdecimal():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def date_ranges(segments: Iterable[Segment], findings: list[Finding]) -> tuple[DateRange, ...]:
    """DTP segments as ranges; a begin and the end that follows it become one."""
    ranges: list[DateRange] = []
    for segment in segments:
        code, form, text = segment.get(1), segment.get(2), segment.get(3)
        qualifier, end_of = DATE_QUALIFIERS.get(code, ("other", "span"))
        first, _, last = text.partition("-")
        begin, end = day(first.strip()), day(last.strip())
        if begin is None and end is None:
            findings.append(
                Finding("date_not_read", f"A date (DTP {code}) is not a date.", segment.number)
            )
            continue
        if form == "RD8" or end is not None:
            ranges.append(DateRange(qualifier, begin, end, (code,)))
        elif end_of == "end":
            _add_end(ranges, qualifier, begin, code)
        elif end_of == "begin":
            _add_begin(ranges, qualifier, begin, code)
        else:
            # A lone 307 is the day the payer looked, not the day coverage began.
            ranges.append(DateRange(qualifier, begin, None, (code,), bounds=code != "307"))
    return tuple(ranges)


def _add_end(ranges: list[DateRange], qualifier: str, end: date | None, code: str) -> None:
    for place in range(len(ranges) - 1, -1, -1):
        open_ = ranges[place]
        if open_.qualifier == qualifier and open_.end is None and open_.bounds:
            ranges[place] = DateRange(qualifier, open_.begin, end, (*open_.codes, code))
            return
    ranges.append(DateRange(qualifier, None, end, (code,)))


def _add_begin(ranges: list[DateRange], qualifier: str, begin: date | None, code: str) -> None:
    for place in range(len(ranges) - 1, -1, -1):
        open_ = ranges[place]
        if open_.qualifier == qualifier and open_.begin is None:
            ranges[place] = DateRange(qualifier, begin, open_.end, (code, *open_.codes))
            return
    ranges.append(DateRange(qualifier, begin, None, (code,)))


def coverage_holds(ranges: Iterable[DateRange], on: date | None) -> bool | None:
    """Whether coverage dates include the day; None where there are none, or no day is known.

    Several ranges of one qualifier are alternatives; different qualifiers must all hold.
    """
    if on is None:
        return None
    held: dict[str, bool] = {}
    for value in ranges:
        if value.bounds and value.qualifier in COVERAGE_DATES:
            held[value.qualifier] = held.get(value.qualifier, False) or value.covers(on)
    return all(held.values()) if held else None
