"""What is known around a draft: who is on file, the visit's lock, the day, the freshness rules."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources

from workstation.interview.model import Accident, Draft
from workstation.papers.model import PastSignature


@dataclass(frozen=True, slots=True)
class Freshness:
    """How many days an answer of each card stays good; dated, because policies change."""

    effective_from: date
    days: dict[str, int]
    medicare_questions_days: int
    medicare_advantage_asked: bool
    medicare_age: int


@cache
def _all_freshness() -> tuple[Freshness, ...]:
    text = (resources.files("resources.forms") / "freshness.json").read_text("utf-8")
    rows = [
        Freshness(
            date.fromisoformat(row["effective_from"]),
            row["days"],
            row["medicare_questions_days"],
            row["medicare_advantage_asked"],
            row["medicare_age"],
        )
        for row in json.loads(text)
    ]
    return tuple(sorted(rows, key=lambda row: row.effective_from))


def freshness_on(day: date) -> Freshness:
    """The freshness rules of a day; the first ones for a day before all of them."""
    rows = _all_freshness()
    return next((row for row in reversed(rows) if row.effective_from <= day), rows[0])


@dataclass(frozen=True, slots=True)
class Verified:
    """When a card's answer was last confirmed, and by whom."""

    card: str
    on: date
    by: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything around a draft that its rules look at; read afresh when a draft is resumed."""

    today: date
    on_file: Draft | None = None
    """What the last visits left, in the shape of a draft; None for a new person."""
    verified: tuple[Verified, ...] = ()
    locked: bool = False
    """The emergency lock of 42 CFR 489.24 holds: nothing of money may be asked or shown."""
    last_medicare: Draft | None = None
    """The Medicare answers of the last time, shown beside the questions and never taken over."""
    last_medicare_on: date | None = None
    last_accident: Accident | None = None
    """The accident answer of the visit before, shown beside the question, never taken over."""
    last_accident_on: date | None = None
    signatures: tuple[PastSignature, ...] = ()
    benefits_ready: bool = False
    facility_name: str = ""
    freshness: Freshness = field(default_factory=lambda: _all_freshness()[-1])

    def verified_on(self, card: str) -> Verified | None:
        """The last confirmation of a card."""
        mine = [v for v in self.verified if v.card == card]
        return max(mine, key=lambda v: v.on) if mine else None
