"""Rows into figures per service type and side of the network: rules 3 to 9 of edi.md section 3."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workstation.eligibility.codes import ACTIVE, INACTIVE
from workstation.eligibility.elements import coverage_holds
from workstation.eligibility.figures import (
    BOTH_SIDES,
    Figures,
    Notes,
    amount,
    at_level,
    authorization,
    closest,
    rate,
    serving,
)
from workstation.eligibility.limits import LIMIT_CODES, PERSON_LEVELS, read_limits
from workstation.eligibility.model import Row
from workstation.eligibility.sides import Level, Limits, Side, Stated
from workstation.x12.model import Finding

PLAN = "30"
_STATUS_WORDS = {
    **dict.fromkeys(ACTIVE, "active"),
    **dict.fromkeys(INACTIVE, "inactive"),
    **dict.fromkeys("IE", "not_covered"),
}
_NOT_TOLD = Limits()
_BALANCES = frozenset({"remaining", "year_to_date", "lifetime_remaining"})


class Summarizer:
    """Builds ``summary``; what it had to assume goes to ``findings``, each once."""

    def __init__(self, service_date: date | None, own_loop: str, findings: list[Finding]) -> None:
        self._date = service_date
        self._own_loop = own_loop
        self._notes = Notes(findings)

    def summarize(self, rows: Sequence[Row]) -> dict[str, tuple[Side, Side]]:
        """Both sides of every service type that the rows speak of, in order of appearance."""
        by_type = self._by_type(rows)
        plan = self._sides(by_type.get(PLAN, []), (_NOT_TOLD, _NOT_TOLD))
        below = _inherited(plan[0].limits), _inherited(plan[1].limits)
        summary: dict[str, tuple[Side, Side]] = {}
        # Service types that stand in the same EBs throughout have the same figures.
        alike: dict[tuple[tuple[int, str | None], ...], tuple[Side, Side]] = {}
        for code, kept in by_type.items():
            key = tuple([(row.segment, row.place_of_service) for row in kept])
            sides = plan if code == PLAN else alike.get(key)
            if sides is None:
                sides = alike[key] = self._sides(kept, below)
            summary[code] = sides
        return summary

    def _by_type(self, rows: Sequence[Row]) -> dict[str, list[Row]]:
        by_type: dict[str, list[Row]] = {}
        for row in rows:
            code = row.service_type
            if code is None:
                if row.procedure is not None:
                    continue
                code = PLAN
                say = "A row without a service type was read as 30."
                self._notes.tell("no_service_type", say, row)
            kept = by_type.setdefault(code, [])
            if row.dates and coverage_holds(row.dates, self._date) is False:
                say = "Rows dated for another time are not in the summary."
                self._notes.tell("other_time", say, row)
            else:
                kept.append(row)
        return by_type

    def _sides(self, rows: list[Row], plan: tuple[Limits, Limits]) -> tuple[Side, Side]:
        """In and out of network; limits that the rows do not tell are the plan's."""
        inside = outside = rows
        if not BOTH_SIDES.issuperset([row.network for row in rows]):
            inside, outside = serving(rows, "in"), serving(rows, "out")
        first = self._side(inside, plan[0])
        if outside == inside and first.limits is plan[0]:
            return first, Side(first.stated, plan[1])
        return first, self._side(outside, plan[1])

    def _side(self, rows: list[Row], plan: Limits) -> Side:
        limits = plan
        if any([row.code in LIMIT_CODES for row in rows]):
            limits = read_limits(rows, self._own_loop, self._notes).or_else(plan)
        return Side(self._stated(rows), limits)

    def _stated(self, rows: list[Row]) -> Stated:
        copays: list[Row] = []
        shares: list[Row] = []
        statuses: list[Row] = []
        authorized: list[Row] = []
        own: set[int] = set()
        above: set[int] = set()
        for row in rows:
            code = row.code
            if code == "B":
                if row.amount is not None and row.period not in _BALANCES:
                    copays.append(row)
            elif code == "A":
                if row.rate_bp is not None:
                    shares.append(row)
            elif code in _STATUS_WORDS:
                statuses.append(row)
            if row.authorization != "unknown":
                authorized.append(row)
            (own if row.loop == self._own_loop else above).add(row.number)
        figures = Figures(self._notes)
        return Stated(
            _status(statuses) if statuses else "not_stated",
            figures.pick("copay", _of_patient(copays), amount),
            figures.pick("coinsurance_bp", _of_patient(shares), rate),
            figures.pick("authorization", authorized, authorization) or "unknown",
            tuple(figures.sources),
            tuple(figures.conflicts),
            own,
            above,
        )


def _inherited(plan: Limits) -> Limits:
    return Limits._make(map(Level.inherited, plan))


def _of_patient(rows: list[Row]) -> list[Row]:
    """A copay is the same for every person of a plan; the patient's own level still goes first."""
    if len(rows) < 2:
        return rows
    return at_level(rows, ("IND",), (None,), PERSON_LEVELS) or rows


def _status(rows: list[Row]) -> str:
    words = {_STATUS_WORDS[row.code] for row in closest(rows)}
    return words.pop() if len(words) == 1 else "partial"
