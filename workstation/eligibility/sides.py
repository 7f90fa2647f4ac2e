"""One side of the network for one service type: what it states itself, and its limits."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any, NamedTuple

Source = tuple[str, tuple[int, ...]]
"""A measure and the indexes of the rows that it was read from."""

_NONE: Set[int] = frozenset()


class Amounts(NamedTuple):
    """A deductible or out-of-pocket limit: what it is, what is met, what is left. Cents."""

    total: int | None = None
    met: int | None = None
    remaining: int | None = None

    def as_json(self) -> dict[str, int | None]:
        """``{"total", "met", "remaining"}``."""
        return {"total": self.total, "met": self.met, "remaining": self.remaining}


class ConflictingValue(NamedTuple):
    """One of several values for the same figure, and what tells its row from the others."""

    amount: int | str
    when: tuple[str, ...]
    words: tuple[str, ...]
    row: int


class Conflict(NamedTuple):
    """A figure that the payer gave more than once, differently."""

    measure: str
    values: tuple[ConflictingValue, ...]
    inherited: bool = False

    def as_json(self) -> dict[str, Any]:
        """``{"measure", "values": [{"amount", "when", "words", "row"}], "from_plan"}``."""
        return {
            "measure": self.measure,
            "values": [
                {"amount": v.amount, "when": list(v.when), "words": list(v.words), "row": v.row}
                for v in self.values
            ],
            "from_plan": self.inherited,
        }


class Stated(NamedTuple):
    """What the rows of a service type say themselves, deductibles and limits apart."""

    status: str = "not_stated"
    """active, inactive, not_covered, partial or not_stated."""
    copay: int | None = None
    coinsurance_bp: int | None = None
    authorization: str = "unknown"
    sources: tuple[Source, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    rows: Set[int] = _NONE
    subscriber_rows: Set[int] = _NONE
    """Indexes of the rows: in the person's own loop, and in the subscriber's above."""


class Level(NamedTuple):
    """One deductible or limit, of a person or a family, and what it rests on."""

    measure: str = ""
    """Such as ``deductible.individual``; empty where the payer told nothing."""
    amounts: Amounts = Amounts()
    no_limit: bool = False
    """The payer says that there is none (edi.md section 3 rule 5)."""
    sources: tuple[Source, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    rows: Set[int] = _NONE
    subscriber_rows: Set[int] = _NONE

    def inherited(self) -> Level:
        """As a service type takes it over from the plan: conflicts say where they come from."""
        torn = tuple([Conflict(one.measure, one.values, inherited=True) for one in self.conflicts])
        return self._replace(conflicts=torn) if torn else self


class Limits(NamedTuple):
    """The four levels of one side: a service type's own, or taken over from the plan."""

    deductible_individual: Level = Level()
    deductible_family: Level = Level()
    out_of_pocket_individual: Level = Level()
    out_of_pocket_family: Level = Level()

    def or_else(self, below: Limits) -> Limits:
        """These, and from below what is not told here."""
        return Limits(
            *[own if own.measure else under for own, under in zip(self, below, strict=True)]
        )


class Side(NamedTuple):
    """The figures of one service type on one side of the network."""

    stated: Stated = Stated()
    limits: Limits = Limits()

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Its own first, then those of its limits."""
        return (*self.stated.conflicts, *[one for level in self.limits for one in level.conflicts])

    @property
    def rows(self) -> tuple[int, ...]:
        """Indexes of the rows in the person's own loop that serve this side."""
        return _sorted(self.stated.rows, *[level.rows for level in self.limits])

    @property
    def subscriber_rows(self) -> tuple[int, ...]:
        """Indexes of rows in the subscriber's loop that serve a dependent who has none."""
        above = [level.subscriber_rows for level in self.limits]
        return _sorted(self.stated.subscriber_rows, *above)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every figure's measure and rows."""
        return (*self.stated.sources, *[one for level in self.limits for one in level.sources])

    def as_json(self) -> dict[str, Any]:
        """One side of ``summary`` in contracts.md."""
        stated, limits = self.stated, self.limits
        return {
            "copay": stated.copay,
            "coinsurance_bp": stated.coinsurance_bp,
            "deductible": {
                "individual": limits.deductible_individual.amounts.as_json(),
                "family": limits.deductible_family.amounts.as_json(),
            },
            "out_of_pocket": {
                "individual": limits.out_of_pocket_individual.amounts.as_json(),
                "family": limits.out_of_pocket_family.amounts.as_json(),
            },
            "authorization": stated.authorization,
            "rows": list(self.rows),
            "conflicts": [value.as_json() for value in self.conflicts],
            "status": stated.status,
            "no_limit": [level.measure for level in limits if level.no_limit],
            "sources": {measure: list(rows) for measure, rows in self.sources},
            "subscriber_rows": list(self.subscriber_rows),
        }


def _sorted(*indexes: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set[int]().union(*indexes)))
