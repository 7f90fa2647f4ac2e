"""Whether a person is covered on the date of service; more than yes and no (edi.md 3, rule 16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from workstation.eligibility.codes import ACTIVE, INACTIVE, INSURANCE_TYPES, STATUS_WORDS
from workstation.eligibility.elements import coverage_holds
from workstation.eligibility.model import DateRange, Rejection, Row
from workstation.kernel.phrases import phrase, phrase_of

_PLAN = (None, "30")


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Status rows by what they say of the day asked about."""

    active: list[Row]
    elsewhere: list[Row]
    """Active, but not on this day."""
    inactive: list[Row]
    past: list[Row]
    """Inactive rows whose own dates speak of another time."""


def decide_status(
    rows: Sequence[Row],
    dates: Sequence[DateRange],
    service_date: date | None,
    rejections: Sequence[Rejection],
    asked: Iterable[str] = (),
) -> tuple[str, str]:
    """``status`` and ``status_detail``. Rows of service type 30 decide; without any, those asked
    about; without those, all. A rejection without benefits is *not answered*, never inactive.
    """
    told = [row for row in rows if row.code in ACTIVE or row.code in INACTIVE]
    if not told:
        return "not_answered", _why_not_answered(rows, rejections)
    scope = [row for row in told if row.service_type in _PLAN]
    if not scope:
        wanted = frozenset(asked)
        scope = [row for row in told if row.service_type in wanted] or told
    found = _sort(scope, dates, service_date)
    if found.active and not found.inactive:
        return "active", _active_words(found.active)
    if found.active:
        return "partial", _partial_words(found.active, found.inactive)
    others = _sort([row for row in told if row not in scope], dates, service_date)
    if others.active:
        return "partial", _partial_words(others.active, found.inactive or found.elsewhere)
    return "inactive", _inactive_words(found, dates, service_date)


def _sort(rows: Iterable[Row], dates: Sequence[DateRange], on: date | None) -> _Sorted:
    found = _Sorted([], [], [], [])
    for row in rows:
        own = coverage_holds(row.dates, on)
        if row.code in ACTIVE:
            holds = own if own is not None else coverage_holds(dates, on)
            (found.elsewhere if holds is False else found.active).append(row)
        else:
            (found.past if own is False else found.inactive).append(row)
    return found


def _why_not_answered(rows: Sequence[Row], rejections: Sequence[Rejection]) -> str:
    if rejections:
        return phrase("Not answered: {why}", why=phrase_of(rejections[0].fix))
    if any(row.code == "V" for row in rows):
        return "Not answered: the payer could not process the question."
    if rows:
        return "Not answered: the payer sent benefits but not whether the coverage is active."
    return "Not answered: the payer sent no benefits."


def _active_words(active: list[Row]) -> str:
    words = {STATUS_WORDS[row.code] for row in active}
    types = _named({row.insurance_type for row in active if row.insurance_type})
    said = " / ".join(sorted(words))
    said = said[0].upper() + said[1:]
    return f"{said}: {types}" if types else said


def _partial_words(active: list[Row], inactive: list[Row]) -> str:
    for name in (_insurance, _service_type, _plan, _network):
        on, off = {name(row) for row in active}, {name(row) for row in inactive}
        if not on & off and None not in on | off:
            here, there = " and ".join(sorted(map(str, on))), " and ".join(sorted(map(str, off)))
            only = here.removeprefix("Medicare ")
            return f"{only[0].upper()}{only[1:]} only. Active: {here}. Not active: {there}."
    return "The payer says both active and inactive for this plan. Ask the payer which holds."


def _insurance(row: Row) -> str | None:
    code = row.insurance_type
    return INSURANCE_TYPES.get(code, code) if code else None


def _service_type(row: Row) -> str | None:
    return f"service type {row.service_type}" if row.service_type else None


def _plan(row: Row) -> str | None:
    return row.plan


def _network(row: Row) -> str | None:
    return {"in": "in network", "out": "out of network"}.get(row.network)


def _inactive_words(found: _Sorted, dates: Sequence[DateRange], on: date | None) -> str:
    if found.elsewhere:
        spans = found.elsewhere[0].dates or dates
        return f"Not active on {on}: the payer gives coverage {_spans(spans)}."
    row = (found.inactive or found.past)[0]
    words = STATUS_WORDS[row.code]
    ends = [value.end for value in (*row.dates, *dates) if value.end is not None]
    since = f", coverage ended {ends[0]}" if ends else ""
    return f"{words[0].upper()}{words[1:]}{since}"


def _spans(ranges: Iterable[DateRange]) -> str:
    words = []
    for value in ranges:
        if value.begin and value.end:
            words.append(f"from {value.begin} to {value.end}")
        elif value.begin:
            words.append(f"from {value.begin}")
        elif value.end:
            words.append(f"until {value.end}")
    return ", ".join(words) or "on other dates"


def _named(codes: Iterable[str]) -> str:
    return ", ".join(sorted(INSURANCE_TYPES.get(code, code) for code in codes))
