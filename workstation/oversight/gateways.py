"""What oversight needs of the stores: entries of trails, and the charts they tell of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from workstation.oversight.model import Chart, Look, Source


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries: not before ``since``; of one chart, of one person of staff, of some kinds."""

    since: datetime
    person_id: str | None = None
    login: str | None = None
    whats: frozenset[str] = frozenset()
    """Empty for all."""
    at_most: int = 5_000


class Trails(Protocol):
    """The audit trails that this desk may read. For any thread but the window's: it may wait for
    the network."""

    def looks(self, asked: Asked) -> tuple[list[Look], Source]:
        """Entries, newest first, at most so many; of all desks where that is allowed and they can
        be reached, else of this one."""

    def charts(self, ids: Iterable[str]) -> dict[str, Chart]:
        """The charts with these ids, as far as this desk knows them."""

    def charts_named(self, names: Iterable[tuple[str, str]]) -> dict[str, Chart]:
        """Charts that bear these names (first, last), formed as ``rules.name_words`` does."""

    def visit_days(self, ids: Iterable[str]) -> dict[str, frozenset[date]]:
        """On which days these people had visits."""
