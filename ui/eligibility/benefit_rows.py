"""The table of benefits as plain values: every service type that says something of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ui.eligibility.words import not_stated, rate_words, service_words
from ui.words import say
from workstation.eligibility.service_types import PLAN, service_types
from workstation.kernel.money import dollars


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure of the table and the payer's rows behind it; no rows: nothing to open."""

    words: str
    known: bool = True
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One service type on one side of the network, or on both where the payer says the same."""

    service: str
    copay: Cell
    coinsurance: Cell
    deductible: Cell
    network: Cell
    today: bool = False

    @property
    def cells(self) -> tuple[Cell, ...]:
        """In the order of the columns."""
        return (Cell(self.service), self.copay, self.coinsurance, self.deductible, self.network)


def table_of(answer: Mapping[str, Any], types: Iterable[str]) -> tuple[TableRow, ...]:
    """Every service type that says something of its own, today's first, then by name."""
    summary = answer["summary"]
    wanted = [code for code in types if code in summary and code != PLAN]
    # Today's mark stands at the nearest service type of the visit that the payer speaks of.
    nearest = next((code for code in wanted if _says_more(summary[code])), None)
    label = service_types().label
    rest = sorted((c for c in summary if c not in wanted), key=lambda c: (c != PLAN, label(c)))
    rows: list[TableRow] = []
    for code in (*wanted, *rest):
        rows += _rows_of(code, summary[code], today=code == nearest)
    return tuple(rows)


def _says_more(sides: Mapping[str, Any]) -> bool:
    return any(_says_something(sides[side]) for side in ("in", "out"))


def _says_something(side: Mapping[str, Any]) -> bool:
    """More than what every service takes over from the plan."""
    torn = any(not one.get("from_plan") for one in side["conflicts"])
    own = side["copay"] is not None or side["coinsurance_bp"] is not None
    return own or torn or side.get("status") in ("not_covered", "inactive")


def _rows_of(code: str, sides: Mapping[str, Any], *, today: bool) -> list[TableRow]:
    made = []
    for side in ("in", "out"):
        own = sides[side]
        if _says_something(own) or (code == PLAN and _limit(own)["total"] is not None):
            made.append(_row(code, own, side, today=today and side == "in"))
    if len(made) == 2 and [c.words for c in made[0].cells[:4]] == [
        c.words for c in made[1].cells[:4]
    ]:
        one = made[0]
        both = Cell(say("in and out"), True, one.network.rows)
        return [TableRow(one.service, one.copay, one.coinsurance, one.deductible, both, one.today)]
    return made


def _row(code: str, side: Mapping[str, Any], network: str, *, today: bool) -> TableRow:
    return TableRow(
        service=service_words([code]),
        copay=_figure(side, "copay", dollars),
        coinsurance=_figure(side, "coinsurance_bp", rate_words),
        deductible=_deductible_applies(side),
        network=Cell(say(network), True, tuple(side["rows"])),
        today=today,
    )


def _figure(side: Mapping[str, Any], measure: str, words: Any) -> Cell:
    name = measure.removesuffix("_bp")
    torn = [one for one in side["conflicts"] if one["measure"].startswith(name)]
    if torn:
        values = torn[0]["values"]
        amounts = sorted({value["amount"] for value in values if value["amount"] is not None})
        rows = tuple(dict.fromkeys(value["row"] for value in values))
        return Cell(say(" or ").join(words(amount) for amount in amounts), True, rows)
    if side["status"] == "not_covered":
        return Cell(say("not covered"), True, tuple(side["rows"]))
    if side[measure] is None:
        return Cell(not_stated(), known=False)
    sources = side.get("sources") or {}
    rows = tuple(sources.get(name) or sources.get(measure) or side["rows"])
    return Cell(words(side[measure]), True, rows)


def _limit(side: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (side.get("deductible") or {}).get("individual") or {}
    return found or {"total": None, "met": None, "remaining": None}


def _deductible_applies(side: Mapping[str, Any]) -> Cell:
    own = _limit(side)
    rows = tuple(
        dict.fromkeys(
            row
            for name, found in (side.get("sources") or {}).items()
            if name.startswith("deductible.individual")
            for row in found
        )
    )
    if own["total"] == 0:
        return Cell(say("no"), True, rows)
    if side["copay"] and side["coinsurance_bp"] is None:
        # A copay alone: the plan's deductible is known, but nobody said that it counts here.
        return Cell(not_stated(), known=False)
    if own["remaining"] == 0:
        return Cell(say("met"), True, rows)
    if own["remaining"] is not None:
        return Cell(say("{amount} left", amount=dollars(own["remaining"])), True, rows)
    if own["total"] is not None:
        return Cell(say("yes"), True, rows)
    return Cell(not_stated(), known=False)
