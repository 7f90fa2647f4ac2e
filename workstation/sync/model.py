"""Values of replication: outcomes, rows, feed entries, and the conflict that waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from workstation.kernel.entities import EntityKind, FieldGroup

Row = dict[str, Any]
"""A row as stores give it: JSON values by field name, with ``id`` and ``rev``."""


class Outcome(StrEnum):
    """What became of a command when it was applied."""

    APPLIED = "applied"
    MERGED = "merged"
    """Applied beside a change that its author had not seen, in another field group."""
    NOOP = "noop"
    """What it wanted stood already."""
    CONFLICT = "conflict"
    """At least one field group waits for a person; the rest of the command stands."""
    REFUSED = "refused"
    """Nothing of it stands."""


CONFLICT = EntityKind(
    "conflict",
    groups=(
        FieldGroup(
            "settling",
            ("state", "take", "resolved_by", "resolved_at", "reason", "before", "waits"),
        ),
    ),
)
"""A disagreement between desks is itself a replicated thing, so that every desk can settle it.

What waits is in the group: who settles has seen it, and an edit that joined it meanwhile is not
lost in a decision that did not know it."""


@dataclass(frozen=True, slots=True)
class Entity:
    """One row after a command: ``row`` without ``id`` and ``rev``."""

    kind: str
    id: str
    rev: int
    row: Mapping[str, Any]

    def as_row(self) -> Row:
        """The row as stores give it."""
        return {**self.row, "id": self.id, "rev": self.rev}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What applying one command did. ``code`` says why, where it was refused."""

    outcome: Outcome
    rows: tuple[Entity, ...] = ()
    code: str | None = None


@dataclass(frozen=True, slots=True)
class FeedRow:
    """Entry ``n`` of a facility's feed: dense, starting at 1, in the order of applying."""

    n: int
    command_id: str
    ws_id: str
    ws_seq: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class FeedHead:
    """Where the server's feed stands. ``epoch`` changes when the server was restored;
    entries up to ``floor`` are no longer kept, so a cursor below it needs a fill."""

    epoch: int
    top: int
    floor: int = 0


@dataclass(frozen=True, slots=True)
class Author:
    """The desk that a command came from: ``name`` is what a person reads."""

    ws_id: str
    name: str


def conflict_as_json(row: Mapping[str, Any]) -> dict[str, Any]:
    """One conflict in the shape of ``export conflicts`` (contracts.md)."""
    return {
        "conflict_id": row["id"],
        "person_id": row["person_id"],
        "fields": list(row["fields"]),
        "base": dict(row["base"]),
        "stands": dict(row["stands"]),
        "waits": dict(row["waits"]),
        "waits_from": row["waits_from"],
        "state": row["state"],
        "kind": row["kind"],
        "entity_id": row["entity_id"],
        "take": row.get("take"),
        "resolved_by": row.get("resolved_by"),
        "resolved_at": row.get("resolved_at"),
        "reason": row.get("reason"),
        "waits_at": row.get("waits_at"),
        "waits_reason": row.get("waits_reason"),
    }
