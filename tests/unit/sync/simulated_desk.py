"""A workstation of the simulated hospital: what is on its disk, and what a crash takes."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from simulated_server import BATCH, KINDS_OF, Outcomes, Page, Place, Rows, Server

from workstation.access.audit import BEFORE_THE_FIRST, link
from workstation.kernel.commands import Change, Command, Revise
from workstation.sync.applying import reapplied
from workstation.sync.kernel import State
from workstation.sync.merge import widened
from workstation.sync.model import FeedHead, FeedRow

Trail = list[tuple[int, str, str]]
Key = tuple[str, str]


@dataclass
class Disk:
    """What of a desk survives a crash."""

    outbox: dict[int, tuple[Command, str]] = field(default_factory=dict)
    base: Rows = field(default_factory=dict)
    shown: Rows = field(default_factory=dict)
    audit: Trail = field(default_factory=list)
    cursor: int = 0
    epoch: int | None = None
    generation: int = 0
    seen: dict[Key, int] = field(default_factory=dict)
    """The generation of the fill that last saw a row of the base."""
    filling: bool = False
    place: Place | None = None


class Desk:
    """One workstation: its disk, its clock, and a kernel that forgets everything in a crash."""

    def __init__(self, name: str, mutant: str, version: int) -> None:
        self.name = name
        self.mutant = mutant
        self.version = version
        self.disk = Disk()
        self.state = State()
        self.off = timedelta()
        """How far its clock is from the true time."""
        self.life = 0
        self.batches: dict[int, list[int]] = {}

    def crash(self) -> None:
        self.life += 1
        self.batches.clear()
        disk = self.disk
        self.state = State(cursor=disk.cursor, epoch=disk.epoch, filling=disk.filling)

    def upgrade(self) -> None:
        """Comes up again as the newer version, which shows what the older one only kept."""
        self.version = 2
        self.crash()
        self._show(set(self.disk.base))

    def record(self, id: str, at: datetime, *changes: Change) -> None:
        """Rows, outbox and audit in one step; the disk has all of it or none."""
        kinds = KINDS_OF[self.version]
        wide = []
        for change in changes:
            row = self.disk.shown.get((change.kind, change.id))
            if isinstance(change, Revise) and row is not None:
                change = widened(kinds[change.kind], row, change)
            wide.append(change)
            shown = reapplied(kinds[change.kind], row, [change])
            if shown is not None:
                self.disk.shown[change.kind, change.id] = shown
        command = Command(id, "t", self.name, at, "f", tuple(wide))
        self.disk.outbox[len(self.disk.outbox) + 1] = (command, "pending")
        n, before = self.audit_head()
        self.disk.audit.append(
            (n + 1, f"{self.name} did {id}", link(before, f"{self.name} did {id}"))
        )

    def audit_head(self) -> tuple[int, str]:
        if not self.disk.audit:
            return 0, BEFORE_THE_FIRST
        n, _, digest = self.disk.audit[-1]
        return n, digest

    def counts(self) -> tuple[int, int]:
        states = [state for _, state in self.disk.outbox.values()]
        unsent = states.count("pending")
        return unsent, unsent + states.count("sent")

    def outgoing(self) -> list[tuple[int, Command]]:
        waiting = [(n, c) for n, (c, state) in self.disk.outbox.items() if state == "pending"]
        return waiting[:BATCH]

    def set_state(self, seq: int, state: str) -> None:
        self.disk.outbox[seq] = (self.disk.outbox[seq][0], state)

    def keep(self, head: FeedHead, rows: tuple[FeedRow, ...]) -> int:
        touched: set[Key] = set()
        for row in rows:
            touched |= self._take(row)
        self.disk.epoch = head.epoch
        self.disk.cursor = rows[-1].n
        self._show(touched)
        return self.disk.cursor

    def _take(self, row: FeedRow) -> set[Key]:
        touched = set()
        for entity in row.verdict.rows:
            self._know(entity.kind, entity.id, entity.as_row())
            touched.add((entity.kind, entity.id))
        if row.ws_id == self.name:
            self.set_state(row.ws_seq, row.verdict.outcome.value)
            command = self.disk.outbox[row.ws_seq][0]
            touched |= {(change.kind, change.id) for change in command.changes}
        return touched

    def _know(self, kind: str, id: str, row: dict[str, Any]) -> None:
        """Of the same fill the newer one stands, whether feed or page told of it first."""
        disk = self.disk
        known = disk.base.get((kind, id))
        same = disk.seen.get((kind, id)) == disk.generation
        if same and known is not None and known["rev"] > row["rev"]:
            return
        disk.base[kind, id] = row
        disk.seen[kind, id] = disk.generation

    def begin(self, head: FeedHead, outcomes: Outcomes) -> None:
        """Takes a new place in the feed; what the server does not have is offered again."""
        touched: set[Key] = set()
        for seq, (command, _) in self.disk.outbox.items():
            known = (self.name, seq) in outcomes
            if known or self.mutant != "forgets to offer again":
                outcome = outcomes.get((self.name, seq)) or "sent"
                self.set_state(seq, outcome if known else "pending")
            touched |= {(change.kind, change.id) for change in command.changes}
        self.disk.cursor, self.disk.epoch = head.top, head.epoch
        if self.mutant != "one generation":
            self.disk.generation += 1
        self.disk.filling, self.disk.place = True, None
        self._show(touched)

    def fill(self, place: Place | None, page: Page) -> bool:
        """Takes a page of the fill that is under way there; answers whether there are more."""
        disk = self.disk
        if not disk.filling or disk.place != place:
            return disk.filling
        rows, following = page
        for (kind, id), row in rows.items():
            self._know(kind, id, row)
        touched = set(rows)
        if following is None:
            gone = {key for key in disk.base if disk.seen[key] < disk.generation}
            if self.mutant == "keeps what is gone":
                gone = set()
            for key in gone:
                del disk.base[key]
            touched |= gone
        disk.filling, disk.place = following is not None, following
        self._show(touched)
        return disk.filling

    def _show(self, touched: set[Key]) -> None:
        kinds = KINDS_OF[self.version]
        waiting: dict[Key, list[Change]] = {}
        for command, state in self.disk.outbox.values():
            if state in ("pending", "sent"):
                for change in command.changes:
                    waiting.setdefault((change.kind, change.id), []).append(change)
        for key in touched:
            if key[0] not in kinds:
                continue  # of a newer version: kept in the base until this desk is upgraded
            row = reapplied(kinds[key[0]], self.disk.base.get(key), waiting.get(key, []))
            if row is None:
                self.disk.shown.pop(key, None)
            else:
                self.disk.shown[key] = row


def backup_of(server: Server) -> Server:
    """Everything that the server has now. Rows are never changed in place, so they are shared."""
    backup = copy.copy(server)
    for name, value in vars(server).items():
        if isinstance(value, (dict, list)):
            setattr(backup, name, copy.copy(value))
    return backup
