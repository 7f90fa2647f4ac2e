"""The dated decision table of the Medicare Secondary Payer rules, and how one row is found.

The rows lie in ``resources/rules/msp.json``: one row per path, a column left out means any value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

Cell = str | bool
"""A value of a column: ``basis`` and ``size`` are words, the others yes or no."""


@dataclass(frozen=True, slots=True)
class SpecialPayer:
    """A payer that pays only for this accident, illness or authorized visit."""

    payer: str
    needs: tuple[str, ...]
    """Facts that must all be true for the payer to stand in the order."""
    value_code: str
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class GhpRow:
    """One path of the table for one group health plan."""

    rule: str
    when: Mapping[str, tuple[Cell, ...]]
    first: bool
    """Whether the group plan pays before Medicare."""
    value_code: str | None
    condition_code: str | None
    because: str

    def matches(self, cells: Mapping[str, Cell]) -> bool:
        """Whether every column that this row names has one of the values it allows."""
        return all(cells[column] in allowed for column, allowed in self.when.items())


@dataclass(frozen=True, slots=True)
class MspTable:
    """The whole table with its thresholds (employees, months) and its edition."""

    edition: str
    source: str
    working_aged_employees: int
    disability_employees: int
    coordination_months: int
    special: tuple[SpecialPayer, ...]
    rows: tuple[GhpRow, ...]
    medicare_only: str
    no_medicare: str

    def row(self, cells: Mapping[str, Cell]) -> GhpRow:
        """The one row that these cells lead to; tests prove that there is always exactly one."""
        return next(row for row in self.rows if row.matches(cells))


@cache
def msp_table() -> MspTable:
    """The table in force, read once."""
    text = resources.files("resources").joinpath("rules/msp.json").read_text("utf-8")
    data = json.loads(text)
    columns = data["ghp_columns"]
    return MspTable(
        edition=data["edition"],
        source=data["source"],
        working_aged_employees=data["working_aged_employees"],
        disability_employees=data["disability_employees"],
        coordination_months=data["coordination_months"],
        special=tuple(
            SpecialPayer(s["payer"], tuple(s["needs"]), s["value_code"], s["rule"], s["because"])
            for s in data["special_payers"]
        ),
        rows=tuple(
            GhpRow(
                rule=row["rule"],
                when={c: _cells(row[c]) for c in columns if c in row},
                first=row["first"],
                value_code=row.get("value_code"),
                condition_code=row.get("condition_code"),
                because=row["because"],
            )
            for row in data["ghp_rows"]
        ),
        medicare_only=data["no_plan"]["medicare_only"],
        no_medicare=data["no_plan"]["no_medicare"],
    )


def _cells(value: Cell | list[Cell]) -> tuple[Cell, ...]:
    return tuple(value) if isinstance(value, list) else (value,)
