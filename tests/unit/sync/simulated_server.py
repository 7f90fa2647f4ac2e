"""The server of the simulated hospital: inbox, rows and feed in memory, with mistakes on demand."""

from __future__ import annotations

import copy
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workstation.kernel.commands import Command, Insert
from workstation.kernel.entities import EntityKind, FieldGroup
from workstation.sync.applying import apply_command
from workstation.sync.model import CONFLICT, Author, Entity, FeedHead, FeedRow, Outcome, Verdict
from workstation.visits.model import VISIT

KINDS = {
    "person": EntityKind(
        "person",
        owner="id",
        groups=(
            FieldGroup("identity", ("last", "dob")),
            FieldGroup("address", ("street", "zip")),
        ),
    ),
    "payment": EntityKind("payment", append_only=True),
    "visit": VISIT,
    "conflict": CONFLICT,
}
STEPS = ("cancelled", "expected", "left", "arrived", "in_progress", "ready", "done")
"""From what says least of the patient to what says most: written anew, to judge the rule by."""
BATCH = 5

Rows = dict[tuple[str, str], dict[str, Any]]


class Broken(AssertionError):
    """A promise of replication was broken; the message says which, and the seed."""


class RowStore:
    """Rows in memory, as a store."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        return self.rows.get((kind, id))

    def find(self, kind: str, /, **equal: Any) -> list[dict[str, Any]]:
        return [
            row
            for (its, _), row in self.rows.items()
            if its == kind and all(row.get(name) == value for name, value in equal.items())
        ]


@dataclass
class Server:
    """Inbox, projections and feed; ``mutant`` names a deliberate mistake."""

    mutant: str = ""
    rows: Rows = field(default_factory=dict)
    inbox: dict[tuple[str, int], Command] = field(default_factory=dict)
    outcomes: dict[tuple[str, int], str] = field(default_factory=dict)
    doubles: list[tuple[str, int]] = field(default_factory=list)
    progress: Counter[str] = field(default_factory=Counter)
    feed: list[FeedRow] = field(default_factory=list)
    hidden: dict[int, int] = field(default_factory=dict)
    epoch: int = 1

    def head(self) -> FeedHead:
        return FeedHead(self.epoch, len(self.feed))

    def push(self, ws: str, batch: list[tuple[int, Command]]) -> None:
        for seq, command in batch:
            if (ws, seq) in self.inbox and self.mutant == "no dedupe":
                self.doubles.append((ws, seq))
            self.inbox.setdefault((ws, seq), command)

    def apply(self, chance: random.Random) -> None:
        stations = sorted({ws for ws, _ in self.inbox})
        chance.shuffle(stations)
        for ws in stations:
            for _ in range(chance.randint(1, 4)):
                place = (ws, self.progress[ws] + 1)
                if place not in self.inbox:
                    break
                self.progress[ws] += 1
                self._apply(*place, chance)
        while self.doubles:
            self._apply(*self.doubles.pop(), chance)

    def _apply(self, ws: str, seq: int, chance: random.Random) -> None:
        command = self.inbox[ws, seq]
        before = copy.deepcopy(self.rows)
        if self.mutant == "last writer wins":
            verdict = self._last_writer_wins(command)
        else:
            kinds = _FORGETFUL if self.mutant == "steps taken back" else KINDS
            verdict = apply_command(kinds, RowStore(self.rows), command, Author(ws, ws))
        for entity in verdict.rows:
            self.rows[entity.kind, entity.id] = entity.as_row()
        _check_nothing_overwritten(before, self.rows, command)
        self.outcomes[ws, seq] = verdict.outcome.value
        n = len(self.feed) + 1
        self.feed.append(FeedRow(n, command.id, ws, seq, verdict))
        if self.mutant == "late commits":
            self.hidden[n] = chance.randint(0, 3)

    def _last_writer_wins(self, command: Command) -> Verdict:
        rows = []
        for change in command.changes:
            row = self.rows.get((change.kind, change.id), {"id": change.id, "rev": 0})
            news = change.fields if isinstance(change, Insert) else change.set
            fresh = {**row, **news, "rev": row["rev"] + 1}
            bare = {name: value for name, value in fresh.items() if name not in ("id", "rev")}
            rows.append(Entity(change.kind, change.id, fresh["rev"], bare))
        return Verdict(Outcome.APPLIED, tuple(rows))

    def pull(self, after: int) -> tuple[FeedRow, ...]:
        for n in list(self.hidden):
            self.hidden[n] -= 1
            if self.hidden[n] < 0:
                del self.hidden[n]
        seen = [row for row in self.feed[after:] if row.n not in self.hidden]
        return tuple(seen[:BATCH])


_PROGRESS = VISIT.group_of("state")
_FORGETFUL = KINDS | {
    "visit": replace(
        VISIT, groups=(replace(_PROGRESS, rule=lambda stands, wanted: {**stands, **wanted}),)
    )
}


def _check_nothing_overwritten(before: Rows, after: Rows, command: Command) -> None:
    """What an edit replaced was what its author had seen: judged without the merge's own code."""
    for change in command.changes:
        old = before.get((change.kind, change.id))
        if old is None or isinstance(change, Insert):
            continue
        new = after[change.kind, change.id]
        if change.kind == "visit":
            _check_no_step_back(old, new, change.base)
            continue
        for name, value in change.set.items():
            written = old.get(name) != new.get(name) and new.get(name) == value
            if written and old.get(name) != change.base.get(name):
                raise Broken("an unseen value was overwritten")


def _check_no_step_back(old: dict[str, Any], new: dict[str, Any], seen: Mapping[str, Any]) -> None:
    """Only who saw how far a visit was may take it back; and an arrival is not forgotten."""
    unseen = any(old[name] != value for name, value in seen.items())
    if unseen and STEPS.index(new["state"]) < STEPS.index(old["state"]):
        raise Broken("a step of a visit was taken back by who had not seen it")
    if unseen and old["arrived_at"] and not new["arrived_at"]:
        raise Broken("an arrival was forgotten")
