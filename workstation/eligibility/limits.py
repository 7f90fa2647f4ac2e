"""Deductibles and out-of-pocket limits of one side: rules 4 to 6 of edi.md section 3."""

from __future__ import annotations

from collections.abc import Iterable

from workstation.eligibility.figures import Figures, Notes, amount
from workstation.eligibility.model import Row
from workstation.eligibility.sides import Amounts, Level, Limits

NO_LIMIT_FROM = 9_999_900
"""Cents from which a limit means that there is none: payers send 99999.99 for "unlimited"."""

PERSON_LEVELS = ("EMP", "DEP", "CHD", "SPO")
LIMIT_CODES = {"C": "deductible", "G": "out_of_pocket"}
_WHOSE: dict[str | None, tuple[str, int]] = {
    **{"IND": ("individual", 0), None: ("individual", 2)},
    **dict.fromkeys(PERSON_LEVELS, ("individual", 1)),
    **{"FAM": ("family", 0)},
    **dict.fromkeys(("ECH", "ESP", "SPC"), ("family", 1)),
}
"""EB02 to whose limit it is, and how near: only the nearest that the payer told counts."""
_MEASURES = tuple(
    (f"{name}.{whose}", code, whose)
    for code, name in LIMIT_CODES.items()
    for whose in ("individual", "family")
)
"""In the order of the fields of ``Limits``."""
_BASE = frozenset({None, "calendar_year", "service_year", "contract"})
_PER_USE = frozenset({"episode", "admission", "visit", "day", "month", "other"})
_NOT_TOLD = Level()


def read_limits(rows: Iterable[Row], own_loop: str, notes: Notes) -> Limits:
    """What rows that all serve one side tell themselves.

    ``own_loop`` tells the rows of the person's own loop from the subscriber's.
    """
    nearest: dict[tuple[str, str], tuple[int, list[Row]]] = {}
    for row in rows:
        if row.code in LIMIT_CODES and row.amount is not None and row.level in _WHOSE:
            whose, rank = _WHOSE[row.level]
            found = nearest.get((row.code, whose))
            if found is None or rank < found[0]:
                nearest[row.code, whose] = rank, [row]
            elif rank == found[0]:
                found[1].append(row)
    return Limits._make(
        _read_level(measure, nearest[code, whose][1], own_loop, notes)
        if (code, whose) in nearest
        else _NOT_TOLD
        for measure, code, whose in _MEASURES
    )


def _read_level(measure: str, rows: list[Row], own_loop: str, notes: Notes) -> Level:
    figures = Figures(notes)
    base = [row for row in rows if row.period in _BASE]
    base = base or [row for row in rows if row.period in _PER_USE]
    met_rows = [row for row in rows if row.period == "year_to_date"]
    left_rows = [row for row in rows if row.period == "remaining"]
    total = figures.pick(measure + ".total", base, amount)
    met = figures.pick(measure + ".met", met_rows, amount)
    left = figures.pick(measure + ".remaining", left_rows, amount)
    amounts = Amounts(total, met, left)
    if not figures.conflicts:
        amounts = _complete(measure, amounts, rows[0], notes)
    no_limit = max(amounts.total or 0, amounts.remaining or 0) >= NO_LIMIT_FROM
    if no_limit:
        say = f"{_words(measure)}: the payer's figure means that there is no limit."
        notes.tell("no_limit", say, rows[0])
        amounts = Amounts(met=amounts.met)
    return Level(
        measure,
        amounts,
        no_limit,
        tuple(figures.sources),
        tuple(figures.conflicts),
        {row.number for row in figures.used if row.loop == own_loop},
        {row.number for row in figures.used if row.loop != own_loop},
    )


def _complete(measure: str, told: Amounts, row: Row, notes: Notes) -> Amounts:
    """The third of base, met and remaining from the other two, where that makes sense."""
    total, met, left = told.total, told.met, told.remaining
    if total is None:
        return told if met is None or left is None else Amounts(met + left, met, left)
    if met is not None and left is not None:
        if abs(total - met - left) > 1:
            say = f"{_words(measure)}: total, met and remaining do not add up; all are kept."
            notes.tell("amounts_disagree", say, row)
        return told
    known = met if met is not None else left
    if known is None:
        return told
    if not 0 <= known <= total:
        say = f"{_words(measure)}: met or left lies outside the total; nothing is derived."
        notes.tell("more_than_total", say, row)
        return told
    return Amounts(total, total - known, left) if met is None else Amounts(total, met, total - met)


def _words(measure: str) -> str:
    kind, _, level = measure.partition(".")
    return f"{level} {kind}".replace("_", " ").capitalize()
