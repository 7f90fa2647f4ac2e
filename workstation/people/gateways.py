"""What the people capability asks of the store: find people as one types, and likely duplicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from workstation.people.matcher import MatchAnswer
from workstation.people.model import Person


@dataclass(frozen=True, slots=True)
class Span:
    """The letters ``start`` to ``end`` of the hit's field ``field`` that the query matched."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One person found. ``town`` is None where the address is protected; dates are ISO.

    ``why`` says in words what matched; ``spans`` is what to show in bold.
    """

    id: str
    last: str | None
    first: str | None
    middle: str | None
    preferred: str | None
    dob: str | None
    sex: str | None
    mrn: str | None
    town: str | None
    last_visit: str | None
    why: str
    spans: tuple[Span, ...] = ()
    deceased: bool = False
    suffix: str | None = None
    """Jr, Sr, III: what tells a father from his son."""


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Hits, best first, and how many people were searched in how many milliseconds."""

    hits: tuple[Hit, ...]
    total_people: int
    ms: float


class Finds(Protocol):
    """Finds people as one types."""

    def search(self, query: str, limit: int = 20) -> SearchAnswer:
        """People that fit what was typed: names, dates, numbers, in any order."""
        ...


class PersonSearch(Finds, Protocol):
    """Reads of the local index; safe to call from a reader thread on every keystroke."""

    def candidates(self, person: Person) -> MatchAnswer:
        """Charts that may be this person's: the duplicate check before a chart is born."""
        ...
