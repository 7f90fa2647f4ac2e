"""The server of the simulated hospital: inbox, rows and feed in memory, with mistakes on demand."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from workstation.kernel.commands import Command, Insert, Revise
from workstation.kernel.entities import EntityKind, FieldGroup
from workstation.payers.model import COVERAGE
from workstation.payments.model import PAYMENT
from workstation.people.kinds import PERSON
from workstation.sync.applying import apply_command, understood
from workstation.sync.model import CONFLICT, Author, Entity, FeedHead, FeedRow, Outcome, Verdict
from workstation.visits.model import VISIT

_OLD = {kind.name: kind for kind in (PERSON, COVERAGE, VISIT, PAYMENT, CONFLICT)}
KINDS_OF = {
    1: _OLD,
    2: _OLD
    | {
        "person": replace(PERSON, groups=(*PERSON.groups, FieldGroup("said", ("pronoun",)))),
        "allergy": EntityKind("allergy"),
    },
}
"""What each version of Portico knows: the product's own kinds, and a release to come."""

STEPS = ("cancelled", "expected", "left", "arrived", "in_progress", "ready", "done")
"""From what says least of the patient to what says most: written anew, to judge the rule by."""
PROGRESS = frozenset({"state", "arrived_at", "owner", "finished_at", "moved_to"})
BATCH = 5

Rows = dict[tuple[str, str], dict[str, Any]]
Outcomes = dict[tuple[str, int], str | None]
Place = tuple[str, str]
Page = tuple[Rows, Place | None]
PAGE = 4


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
    version: int = 1
    rows: Rows = field(default_factory=dict)
    inbox: dict[tuple[str, int], Command] = field(default_factory=dict)
    outcomes: Outcomes = field(default_factory=dict)
    doubles: list[tuple[str, int]] = field(default_factory=list)
    progress: Counter[str] = field(default_factory=Counter)
    feed: list[FeedRow] = field(default_factory=list)
    hidden: dict[int, int] = field(default_factory=dict)
    anchors: dict[tuple[str, int], str] = field(default_factory=dict)
    epoch: int = 1

    def head(self) -> FeedHead:
        return FeedHead(self.epoch, len(self.feed))

    def push(self, ws: str, batch: list[tuple[int, Command]], anchor: tuple[int, str]) -> None:
        for seq, command in batch:
            if self.outcomes.get((ws, seq)) and self.mutant == "no dedupe":
                self.doubles.append((ws, seq))
            self.inbox.setdefault((ws, seq), command)
            self.outcomes.setdefault((ws, seq), None)
        self.anchors.setdefault((ws, anchor[0]), anchor[1])

    def apply(self, chance: random.Random) -> None:
        stations = sorted({ws for ws, _ in self.inbox})
        chance.shuffle(stations)
        for ws in stations:
            for _ in range(chance.randint(1, 4)):
                place = (ws, self.progress[ws] + 1)
                command = self.inbox.get(place)
                if command is None or not understood(KINDS_OF[self.version], command):
                    break
                self.progress[ws] += 1
                self._apply(*place, chance)
        while self.doubles:
            self._apply(*self.doubles.pop(), chance)

    def die_while_applying(self) -> None:
        """Killed before the commit: nothing of the batch is left, unless progress is kept apart."""
        if self.mutant == "progress before rows":
            for ws, seq in list(self.inbox):
                if seq == self.progress[ws] + 1:
                    self.progress[ws] += 1
                    break

    def _apply(self, ws: str, seq: int, chance: random.Random) -> None:
        command = self.inbox[ws, seq]
        before = {
            (change.kind, change.id): self.rows.get((change.kind, change.id))
            for change in command.changes
        }
        verdict = self._verdict(ws, command)
        for entity in verdict.rows:
            self.rows[entity.kind, entity.id] = entity.as_row()
        if verdict.outcome is not Outcome.REFUSED:
            _check_nothing_overwritten(before, self.rows, command)
        self.outcomes[ws, seq] = verdict.outcome.value
        n = len(self.feed) + 1
        self.feed.append(FeedRow(n, command.id, ws, seq, verdict))
        if self.mutant == "late commits":
            self.hidden[n] = chance.randint(0, 3)

    def _verdict(self, ws: str, command: Command) -> Verdict:
        if self.mutant == "last writer wins":
            return self._last_writer_wins(command)
        kinds = KINDS_OF[self.version]
        if self.mutant == "steps taken back":
            kinds = kinds | {"visit": _FORGETFUL}
        verdict = apply_command(kinds, RowStore(self.rows), command, Author(ws, ws))
        if self.mutant == "conflicts unseen":
            return replace(verdict, rows=tuple(e for e in verdict.rows if e.kind != "conflict"))
        return verdict

    def _last_writer_wins(self, command: Command) -> Verdict:
        rows = []
        for change in command.changes:
            row = self.rows.get((change.kind, change.id), {"id": change.id, "rev": 0})
            news = change.fields if isinstance(change, Insert) else change.set
            fresh = {**row, **news, "rev": row["rev"] + 1}
            bare = {name: value for name, value in fresh.items() if name not in ("id", "rev")}
            rows.append(Entity(change.kind, change.id, fresh["rev"], bare))
        return Verdict(Outcome.APPLIED, tuple(rows))

    def page(self, after: Place | None) -> Page:
        """The next rows in the order of their keys, as they stand now."""
        keys = sorted(key for key in self.rows if after is None or key > after)[:PAGE]
        return {key: self.rows[key] for key in keys}, keys[-1] if len(keys) == PAGE else None

    def pull(self, after: int) -> tuple[FeedRow, ...]:
        for n in list(self.hidden):
            self.hidden[n] -= 1
            if self.hidden[n] < 0:
                del self.hidden[n]
        seen = [row for row in self.feed[after:] if row.n not in self.hidden]
        return tuple(seen[:BATCH])


_FORGETFUL = replace(
    VISIT,
    groups=(
        *(group for group in VISIT.groups if group.name != "progress"),
        replace(VISIT.group_of("state"), rule=lambda stands, wanted: {**stands, **wanted}),
    ),
)


def _check_nothing_overwritten(
    before: Mapping[tuple[str, str], Any], after: Rows, command: Command
) -> None:
    """What an edit replaced was what its author had seen, and what it wanted and does not stand
    waits where a person sees it: judged without the merge's own code."""
    for change in command.changes:
        old = before[change.kind, change.id]
        if old is None or isinstance(change, Insert):
            continue
        new = after[change.kind, change.id]
        if PROGRESS & change.set.keys():
            _check_no_step_back(old, new, change)
        for name, value in change.set.items():
            if name in PROGRESS:
                continue
            written = old.get(name) != new.get(name) and new.get(name) == value
            if written and old.get(name) != change.base.get(name):
                raise Broken("an unseen value was overwritten")
            if new.get(name) != value and not _waits(after, change, name):
                raise Broken("an edit vanished without a conflict")


def _waits(rows: Rows, change: Revise, name: str) -> bool:
    return any(
        row["waits"].get(name) == change.set[name]
        for row in RowStore(rows).find("conflict", entity_id=change.id)
    )


def _check_no_step_back(old: dict[str, Any], new: dict[str, Any], change: Revise) -> None:
    """Only who saw how far a visit was may take it back; and an arrival is not forgotten.

    What is already as the author wants it counts as seen: after a restore an edit that was built
    upon this one may have come first.
    """
    unseen = any(
        old.get(name) not in (value, change.set.get(name, value))
        for name, value in change.base.items()
        if name in PROGRESS
    )
    if unseen and STEPS.index(new["state"]) < STEPS.index(old["state"]):
        raise Broken("a step of a visit was taken back by who had not seen it")
    if unseen and old["arrived_at"] and not new["arrived_at"]:
        raise Broken("an arrival was forgotten")
