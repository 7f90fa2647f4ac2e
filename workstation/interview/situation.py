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
class Place:
    """A department that a visit may be in; ``emergency`` as 42 CFR 489.24(b) means it."""

    id: str
    name: str
    emergency: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """A clinician who may see, order or refer."""

    id: str
    name: str
    npi: str
    department_id: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the price list, without its price: this is shown in emergencies too."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class VisitChoices:
    """What this hospital offers for a visit's details; empty where the store knows none."""

    departments: tuple[Place, ...] = ()
    clinicians: tuple[Provider, ...] = ()
    services: tuple[Service, ...] = ()

    def is_emergency(self, department_id: str) -> bool:
        """Whether being there alone puts a visit under the emergency lock."""
        return any(place.id == department_id and place.emergency for place in self.departments)


@dataclass(frozen=True, slots=True)
class VisitOnRecord:
    """The visit as the store has it: what its details are compared with."""

    number: str = ""
    account: str = ""
    patient_class: str = ""
    scheduled: bool = False
    """From an appointment: whoever made it answered what a walk-in is asked."""
    locked: bool = False
    exam_recorded: bool = False
    """The lock was opened by a screening exam and is not closed again."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything around a draft that its rules look at; read afresh when a draft is resumed."""

    today: date
    on_file: Draft | None = None
    """What the last visits left, in the shape of a draft; None for a new person."""
    verified: tuple[Verified, ...] = ()
    locked: bool = False
    """The emergency lock of 42 CFR 489.24 holds: nothing of money may be asked or shown."""
    locked_elsewhere: str = ""
    """Another visit of this person that waits for its screening exam, by id."""
    last_medicare: Draft | None = None
    """The Medicare answers of the last time, shown beside the questions and never taken over."""
    last_medicare_on: date | None = None
    last_accident: Accident | None = None
    """The accident answer of the visit before, shown beside the question, never taken over."""
    last_accident_on: date | None = None
    signatures: tuple[PastSignature, ...] = ()
    benefits_ready: bool = False
    facility_name: str = ""
    places: VisitChoices = field(default_factory=VisitChoices)
    visit: VisitOnRecord | None = None
    """None until the visit is opened."""
    freshness: Freshness = field(default_factory=lambda: _all_freshness()[-1])

    def verified_on(self, card: str) -> Verified | None:
        """The last confirmation of a card."""
        mine = [v for v in self.verified if v.card == card]
        return max(mine, key=lambda v: v.on) if mine else None

    def waits_for_exam(self, visit_id: str) -> str:
        """Id of the visit whose exam is to be recorded: this one, unless only another is locked."""
        here = self.visit is not None and self.visit.locked
        return visit_id if here or not self.locked_elsewhere else self.locked_elsewhere
