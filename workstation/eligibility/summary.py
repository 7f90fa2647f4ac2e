"""Rows into figures per service type and side of the network: rules 3 to 9 of edi.md section 3."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from workstation.eligibility.codes import ACTIVE, INACTIVE
from workstation.eligibility.conflicts import distinguish
from workstation.eligibility.elements import coverage_holds
from workstation.eligibility.model import Amounts, Conflict, Row, Side
from workstation.x12.model import Finding

NO_LIMIT_FROM = 9_999_900
"""Cents from which a limit means that there is none: payers send 99999.99 for "unlimited"."""

PLAN = "30"
_SERVES = {
    "in": {"in": 0, "both": 1, "not_stated": 2},
    "out": {"out": 0, "both": 1, "not_stated": 2},
}
_NOT_AT_ALL = 3
_BASE = frozenset({None, "calendar_year", "service_year", "contract"})
_PER_USE = frozenset({"episode", "admission", "visit", "day", "month", "other"})
_FAMILY = ("FAM",)
_FAMILY_TIERS = ("ECH", "ESP", "SPC")
_STATUS_CODES = ACTIVE | INACTIVE | {"I", "E"}
_PERSON_TIERS = ("EMP", "DEP", "CHD", "SPO")
_BALANCES = frozenset({"remaining", "year_to_date", "lifetime_remaining"})
_MEASURES = (
    "deductible.individual",
    "deductible.family",
    "out_of_pocket.individual",
    "out_of_pocket.family",
)
"""In the order of the fields of :class:`Side`."""

Source = tuple[str, tuple[int, ...]]
Serving = tuple[tuple[int, str | None], ...]
"""Rows that serve one side, by segment and place of service."""

_NO_AMOUNTS = Amounts()


@dataclass(slots=True)
class _Level:
    """One deductible or limit at one level on one side, with what it rests on."""

    amounts: Amounts
    no_limit: bool = False
    sources: list[Source] = field(default_factory=list)
    own: set[int] = field(default_factory=set)
    above: set[int] = field(default_factory=set)
    """Indexes of the rows used: in the person's own loop, and in the subscriber's above."""
    conflicts: list[Conflict] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Own:
    """What the rows of a service type say themselves on one side, deductibles apart."""

    status: str
    copay: int | None
    share: int | None
    authorization: str
    used: _Level


@dataclass(frozen=True, slots=True, eq=False)
class _Bundle:
    """All four levels of one side together, as most service types take them over unchanged."""

    amounts: tuple[Amounts, Amounts, Amounts, Amounts]
    no_limit: tuple[str, ...]
    sources: tuple[Source, ...]
    own: frozenset[int]
    above: frozenset[int]
    conflicts: tuple[Conflict, ...]


def _bundle(levels: dict[str, _Level]) -> _Bundle:
    individual, family, limit, family_limit = (
        levels[name].amounts if name in levels else _NO_AMOUNTS for name in _MEASURES
    )
    found = levels.values()
    return _Bundle(
        (individual, family, limit, family_limit),
        tuple(name for name, level in levels.items() if level.no_limit),
        tuple(source for level in found for source in level.sources),
        frozenset[int]().union(*(level.own for level in found)),
        frozenset[int]().union(*(level.above for level in found)),
        tuple(conflict for level in found for conflict in level.conflicts),
    )


@dataclass(slots=True)
class _Sorted:
    """The rows of one service type by what they tell."""

    every: list[Row] = field(default_factory=list)
    copays: list[Row] = field(default_factory=list)
    shares: list[Row] = field(default_factory=list)
    deductibles: list[Row] = field(default_factory=list)
    limits: list[Row] = field(default_factory=list)
    statuses: list[Row] = field(default_factory=list)
    authorized: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Puts the row where it belongs."""
        self.every.append(row)
        code = row.code
        if code in _STATUS_CODES:
            self.statuses.append(row)
        elif row.amount is not None and code in ("B", "C", "G"):
            if code == "C":
                self.deductibles.append(row)
            elif code == "G":
                self.limits.append(row)
            elif row.period not in _BALANCES:
                self.copays.append(row)
        elif code == "A" and row.rate_bp is not None:
            self.shares.append(row)
        if row.authorization != "unknown":
            self.authorized.append(row)


class Summarizer:
    """Builds ``summary``; what it had to assume goes to ``findings``, each once."""

    def __init__(self, service_date: date | None, own_loop: str, findings: list[Finding]) -> None:
        self._date = service_date
        self._own_loop = own_loop
        self._findings = findings
        self._told: set[tuple[str, str]] = set()
        # Many service types stand in the same EBs and so have the same figures.
        self._owns: dict[Serving, _Own] = {}
        self._sides: dict[tuple[Serving, _Bundle], Side] = {}

    def summarize(self, rows: Sequence[Row]) -> dict[str, tuple[Side, Side]]:
        """Both sides of every service type that the rows speak of, in order of appearance."""
        by_type = self._by_type(rows)
        plan_rows = by_type.get(PLAN) or _Sorted()
        plan = {side: self._levels(plan_rows, side, None) for side in _SERVES}
        below = {side: _as_inherited(levels) for side, levels in plan.items()}
        own = {side: _bundle(levels) for side, levels in plan.items()}
        taken = {side: _bundle(levels) for side, levels in below.items()}
        summary: dict[str, tuple[Side, Side]] = {}
        # Service types that stand in the same EBs throughout have the same figures.
        alike: dict[Serving, tuple[Side, Side]] = {}
        for code, kept in by_type.items():
            if code == PLAN:
                summary[code] = self._sides_of(kept, None, own)
                continue
            key = tuple([(row.segment, row.place_of_service) for row in kept.every])
            sides = alike.get(key)
            if sides is None:
                sides = alike[key] = self._sides_of(kept, below, taken)
            summary[code] = sides
        return summary

    def _sides_of(
        self,
        rows: _Sorted,
        below: dict[str, dict[str, _Level]] | None,
        plan: dict[str, _Bundle],
    ) -> tuple[Side, Side]:
        if below is None or not (rows.deductibles or rows.limits):
            return self._side(rows, "in", plan["in"]), self._side(rows, "out", plan["out"])
        inside = self._side(rows, "in", _bundle(self._levels(rows, "in", below)))
        return inside, self._side(rows, "out", _bundle(self._levels(rows, "out", below)))

    def _by_type(self, rows: Sequence[Row]) -> dict[str, _Sorted]:
        by_type: dict[str, _Sorted] = {}
        for row in rows:
            code = row.service_type
            if code is None:
                if row.procedure is not None:
                    continue
                code = PLAN
                self._tell("no_service_type", "A row without a service type was read as 30.", row)
            kept = by_type.get(code)
            if kept is None:
                kept = by_type[code] = _Sorted()
            if row.dates and coverage_holds(row.dates, self._date) is False:
                self._tell("other_time", "Rows dated for another time are not in the summary.", row)
            else:
                kept.add(row)
        return by_type

    def _levels(
        self, rows: _Sorted, side: str, below: dict[str, dict[str, _Level]] | None
    ) -> dict[str, _Level]:
        """Each deductible and limit: the service type's own rows, else what the plan (30) says."""
        found: dict[str, _Level] = {}
        for name, own in (("deductible", rows.deductibles), ("out_of_pocket", rows.limits)):
            for level, chosen in (
                ("individual", _individual(own, side)),
                ("family", _family(own, side)),
            ):
                measure = f"{name}.{level}"
                if chosen:
                    found[measure] = self._level(measure, chosen, side)
                elif below is not None and measure in below[side]:
                    found[measure] = below[side][measure]
        return found

    def _level(self, measure: str, rows: list[Row], side: str) -> _Level:
        found = _Level(_NO_AMOUNTS)
        base = [row for row in rows if row.period in _BASE]
        if not any(row.network in _SERVES[side] for row in base):
            base = [row for row in rows if row.period in _PER_USE]
        met_rows = [row for row in rows if row.period == "year_to_date"]
        left_rows = [row for row in rows if row.period == "remaining"]
        total = self._pick(measure + ".total", base, side, _amount, found)
        met = self._pick(measure + ".met", met_rows, side, _amount, found)
        remaining = self._pick(measure + ".remaining", left_rows, side, _amount, found)
        if not found.conflicts:
            total, met, remaining = self._complete(measure, total, met, remaining, rows[0])
        if (total or 0) >= NO_LIMIT_FROM or (remaining or 0) >= NO_LIMIT_FROM:
            found.no_limit = True
            say = f"{_words(measure)}: the payer's figure means that there is no limit."
            self._tell("no_limit", say, rows[0])
            total = remaining = None
        found.amounts = Amounts(total, met, remaining)
        return found

    def _complete(
        self, measure: str, total: int | None, met: int | None, remaining: int | None, row: Row
    ) -> tuple[int | None, int | None, int | None]:
        """The third of base, met and remaining from the other two, where that makes sense."""
        if total is not None and met is not None and remaining is not None:
            if abs(total - met - remaining) > 1:
                say = f"{_words(measure)}: total, met and remaining do not add up; all are kept."
                self._tell("amounts_disagree", say, row)
        elif total is None:
            if met is not None and remaining is not None:
                total = met + remaining
        elif (known := met if met is not None else remaining) is not None:
            if not 0 <= known <= total:
                say = f"{_words(measure)}: met or left lies outside the total; nothing is derived."
                self._tell("more_than_total", say, row)
            elif met is None:
                met = total - known
            else:
                remaining = total - known
        return total, met, remaining

    def _pick(
        self,
        measure: str,
        rows: list[Row],
        side: str,
        value_of: Callable[[Row], int | str | None],
        found: _Level,
    ) -> int | None:
        """The one figure of the rows that serve this side best; None and a conflict where torn."""
        chosen = _best(rows, side)
        if not chosen:
            return None
        if chosen[0].network == "not_stated":
            self._tell(
                "network_not_stated",
                "Rows without a network were used for in and out of network.",
                chosen[0],
            )
        if len(chosen) == 1:
            row = chosen[0]
            (found.own if row.loop == self._own_loop else found.above).add(row.number)
            found.sources.append((measure, (row.number,)))
            only = value_of(row)
            return only if isinstance(only, int) else None
        values = set()
        indexes = set()
        for row in chosen:
            values.add(value_of(row))
            indexes.add(row.number)
            (found.own if row.loop == self._own_loop else found.above).add(row.number)
        found.sources.append((measure, tuple(sorted(indexes))))
        if len(values) > 1:
            found.conflicts.append(Conflict(measure, distinguish(chosen, value_of)))
            return None
        value = values.pop()
        return value if isinstance(value, int) else None

    def _side(self, rows: _Sorted, side: str, plan: _Bundle) -> Side:
        serves = _SERVES[side]
        serving = tuple(
            [(row.segment, row.place_of_service) for row in rows.every if row.network in serves]
        )
        key = (serving, plan)
        made = self._sides.get(key)
        if made is None:
            # The same rows serve both sides only where none of them is of one side alone.
            own = self._owns.get(serving)
            if own is None:
                own = self._owns[serving] = self._own(rows, side)
            made = self._sides[key] = Side(
                own.status,
                own.copay,
                own.share,
                *plan.amounts,
                own.authorization,
                tuple(sorted(own.used.own | plan.own)),
                tuple(sorted(own.used.above | plan.above)),
                (*own.used.conflicts, *plan.conflicts),
                plan.no_limit,
                (*own.used.sources, *plan.sources),
            )
        return made

    def _own(self, rows: _Sorted, side: str) -> _Own:
        used = _Level(_NO_AMOUNTS)
        copay = share = None
        if rows.copays:
            copays = _by_level(rows.copays, side)
            copay = self._pick("copay", copays, side, _amount, used)
        if rows.shares:
            shares = _by_level(rows.shares, side)
            share = self._pick("coinsurance_bp", shares, side, _rate, used)
        authorization = self._authorization(rows.authorized, side, used)
        serves, loop = _SERVES[side], self._own_loop
        for row in rows.every:
            if row.network in serves:
                (used.own if row.loop == loop else used.above).add(row.number)
        return _Own(_status(rows.statuses, side), copay, share, authorization, used)

    def _authorization(self, rows: list[Row], side: str, found: _Level) -> str:
        chosen = _best(rows, side)
        if not chosen:
            return "unknown"
        found.sources.append(("authorization", tuple(sorted({row.number for row in chosen}))))
        said = {row.authorization for row in chosen}
        if len(said) > 1:
            found.conflicts.append(Conflict("authorization", distinguish(chosen, _authorized)))
            return "unknown"
        return said.pop()

    def _tell(self, code: str, say: str, row: Row) -> None:
        if (code, say) not in self._told:
            self._told.add((code, say))
            self._findings.append(Finding(code, say, row.segment))


def _as_inherited(levels: dict[str, _Level]) -> dict[str, _Level]:
    """The plan's levels as a service type takes them over: conflicts say where they come from."""
    return {
        measure: _Level(
            level.amounts,
            level.no_limit,
            level.sources,
            level.own,
            level.above,
            [Conflict(value.measure, value.values, inherited=True) for value in level.conflicts],
        )
        for measure, level in levels.items()
    }


def _amount(row: Row) -> int | None:
    return row.amount


def _rate(row: Row) -> int | None:
    return row.rate_bp


def _authorized(row: Row) -> str:
    return row.authorization


def _best(rows: list[Row], side: str) -> list[Row]:
    """The rows that serve this side at the best rank: exact, then both, then not stated."""
    rank_of = _SERVES[side].get
    best: list[Row] = []
    lowest = _NOT_AT_ALL
    for row in rows:
        rank = rank_of(row.network, _NOT_AT_ALL)
        if rank < lowest:
            best, lowest = [row], rank
        elif rank == lowest < _NOT_AT_ALL:
            best.append(row)
    return best


def _first_level(rows: list[Row], side: str, *levels: tuple[str | None, ...]) -> list[Row]:
    ranks = _SERVES[side]
    for names in levels:
        chosen = [row for row in rows if row.level in names and row.network in ranks]
        if chosen:
            return chosen
    return []


def _individual(rows: list[Row], side: str) -> list[Row]:
    return rows and _first_level(rows, side, ("IND",), _PERSON_TIERS, (None,))


def _family(rows: list[Row], side: str) -> list[Row]:
    return rows and _first_level(rows, side, _FAMILY, _FAMILY_TIERS)


def _by_level(rows: list[Row], side: str) -> list[Row]:
    """A copay is the same for every person of a plan; the patient's own level still goes first."""
    if len(rows) < 2:
        return rows
    return _first_level(rows, side, ("IND",), (None,), _PERSON_TIERS) or rows


def _words(measure: str) -> str:
    kind, _, level = measure.partition(".")
    return f"{level} {kind}".replace("_", " ").capitalize()


def _status(told: list[Row], side: str) -> str:
    if not told:
        return "not_stated"
    words = set()
    for row in _best(told, side):
        if row.code in ACTIVE:
            words.add("active")
        elif row.code in INACTIVE:
            words.add("inactive")
        else:
            words.add("not_covered")
    if len(words) > 1:
        return "partial"
    return words.pop() if words else "not_stated"
