"""One figure out of the rows that state it: the value, where it stands, where the rows differ."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import TypeVar

from workstation.eligibility.conflicts import distinguish
from workstation.eligibility.model import Row
from workstation.eligibility.sides import Conflict, Source
from workstation.x12.model import Finding

Value = TypeVar("Value", bound=int | str)

SIDES = ("in", "out")
BOTH_SIDES = frozenset({"both", "not_stated"})
"""Networks (EB12) that serve either side; ``unknown`` serves none."""

amount: Callable[[Row], int | None] = attrgetter("amount")
rate: Callable[[Row], int | None] = attrgetter("rate_bp")
authorization: Callable[[Row], str | None] = attrgetter("authorization")


class Notes:
    """What had to be assumed; the same is told once."""

    def __init__(self, findings: list[Finding]) -> None:
        self._findings = findings
        self._told: set[tuple[str, str]] = set()

    def tell(self, code: str, say: str, row: Row) -> None:
        """A finding about the row, unless the same words were told of an earlier one."""
        if (code, say) not in self._told:
            self._told.add((code, say))
            self._findings.append(Finding(code, say, row.segment))


class Figures:
    """Figures of one side of the network, picked one after another."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self.sources: list[Source] = []
        self.conflicts: list[Conflict] = []
        self.used: list[Row] = []

    def pick(
        self, measure: str, rows: list[Row], value_of: Callable[[Row], Value | None]
    ) -> Value | None:
        """The one value of rows that all serve this side; None, and a conflict, where torn."""
        if not rows:
            return None
        chosen = closest(rows)
        first = chosen[0]
        if first.network == "not_stated":
            self._notes.tell(
                "network_not_stated",
                "Rows without a network were used for in and out of network.",
                first,
            )
        self.used += chosen
        if len(chosen) == 1:
            self.sources.append((measure, (first.number,)))
            return value_of(first)
        self.sources.append((measure, tuple(sorted({row.number for row in chosen}))))
        values = set(map(value_of, chosen))
        if len(values) > 1:
            self.conflicts.append(Conflict(measure, distinguish(chosen, value_of)))
            return None
        return values.pop()


def serving(rows: list[Row], side: str) -> list[Row]:
    """The rows that speak of this side of the network."""
    return [row for row in rows if row.network == side or row.network in BOTH_SIDES]


def closest(rows: list[Row]) -> list[Row]:
    """Of rows that serve a side those that name it, else those of both, else those of neither."""
    if len(rows) < 2 or len({row.network for row in rows}) == 1:
        return rows
    exact = [row for row in rows if row.network in SIDES]
    return exact or [row for row in rows if row.network == "both"] or rows


def at_level(rows: list[Row], *levels: tuple[str | None, ...]) -> list[Row]:
    """The rows of the first of these levels (EB02) that any row has."""
    for names in levels:
        chosen = [row for row in rows if row.level in names]
        if chosen:
            return chosen
    return []
