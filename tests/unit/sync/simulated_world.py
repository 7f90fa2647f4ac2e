"""A whole hospital in memory: desks, server, network and faults, played from one seed.

The kernel, the merge and the applying are the product's own; only disks and wires are invented.
Time is virtual, every choice comes from one random stream, so a seed plays the same every time.
"""

from __future__ import annotations

import copy
import hashlib
import heapq
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from simulated_server import BATCH, KINDS, Broken, Rows, RowStore, Server

from workstation.kernel.commands import Change, Command, Insert, Revise
from workstation.sync import kernel
from workstation.sync.applying import reapplied
from workstation.sync.kernel import Pace, State
from workstation.sync.merge import widened
from workstation.sync.model import FeedHead, FeedRow
from workstation.sync.signals import (
    Action,
    Changed,
    Event,
    Greet,
    Greeted,
    Hangup,
    Keep,
    Kept,
    Pull,
    Pulled,
    Push,
    Pushed,
    Replace,
    Replaced,
    Woke,
)

FIELDS = ("last", "dob", "street", "zip", "email")
START = datetime(2026, 11, 23, 8, tzinfo=UTC)
PACE = Pace(
    poll=timedelta(seconds=15),
    soon=timedelta(seconds=1),
    patience=timedelta(seconds=10),
    first_retry=timedelta(seconds=1),
    longest_retry=timedelta(seconds=20),
)


@dataclass
class Disk:
    """What of a desk survives a crash."""

    outbox: dict[int, tuple[Command, str]] = field(default_factory=dict)
    base: Rows = field(default_factory=dict)
    shown: Rows = field(default_factory=dict)
    cursor: int = 0
    epoch: int | None = None


class Desk:
    """One workstation: its disk, and a kernel that forgets everything when it crashes."""

    def __init__(self, name: str, mutant: str) -> None:
        self.name = name
        self.mutant = mutant
        self.disk = Disk()
        self.state = State()
        self.life = 0
        self.batches: dict[int, list[int]] = {}

    def crash(self) -> None:
        self.life += 1
        self.batches.clear()
        self.state = State(cursor=self.disk.cursor, epoch=self.disk.epoch)

    def record(self, id: str, *changes: Change) -> None:
        wide = []
        for change in changes:
            row = self.disk.shown.get((change.kind, change.id))
            if isinstance(change, Revise) and row is not None:
                change = widened(KINDS[change.kind], row, change)
            wide.append(change)
            shown = reapplied(KINDS[change.kind], row, [change])
            if shown is not None:
                self.disk.shown[change.kind, change.id] = shown
        command = Command(id, "t", self.name, START, "f", tuple(wide))
        self.disk.outbox[len(self.disk.outbox) + 1] = (command, "pending")

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
        touched: set[tuple[str, str]] = set()
        for row in rows:
            touched |= self._take(row)
        self.disk.epoch = head.epoch
        self.disk.cursor = rows[-1].n
        self._show(touched)
        return self.disk.cursor

    def _take(self, row: FeedRow) -> set[tuple[str, str]]:
        touched = set()
        for entity in row.verdict.rows:
            self.disk.base[entity.kind, entity.id] = entity.as_row()
            touched.add((entity.kind, entity.id))
        if row.ws_id == self.name:
            self.set_state(row.ws_seq, row.verdict.outcome.value)
            command = self.disk.outbox[row.ws_seq][0]
            touched |= {(change.kind, change.id) for change in command.changes}
        return touched

    def replace(self, server: Server) -> None:
        for seq in self.disk.outbox:
            known = (self.name, seq) in server.inbox
            outcome = server.outcomes.get((self.name, seq), "sent")
            if known or self.mutant != "forgets to offer again":
                self.set_state(seq, outcome if known else "pending")
        self.disk.base = copy.deepcopy(server.rows)
        touched = set(self.disk.base) | set(self.disk.shown)
        self.disk.cursor, self.disk.epoch = len(server.feed), server.epoch
        self._show(touched)

    def _show(self, touched: set[tuple[str, str]]) -> None:
        waiting: dict[tuple[str, str], list[Change]] = {}
        for command, state in self.disk.outbox.values():
            if state in ("pending", "sent"):
                for change in command.changes:
                    waiting.setdefault((change.kind, change.id), []).append(change)
        for key in touched:
            row = reapplied(KINDS[key[0]], self.disk.base.get(key), waiting.get(key, []))
            if row is None:
                self.disk.shown.pop(key, None)
            else:
                self.disk.shown[key] = row


class World:
    """Plays one seed: work and faults first, then a quiet end, then the promises are checked."""

    def __init__(self, seed: int, *, mutant: str = "", desks: int = 3, edits: int = 24) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.mutant = mutant
        self.server = Server(mutant)
        self.backup: Server | None = None
        self.desks = [Desk(f"desk-{number}", mutant) for number in range(desks)]
        self.now = START
        self.quiet = False
        self.faults: Counter[str] = Counter()
        self.trace = hashlib.sha256()
        self._edits = edits
        self._made = 0
        self._order = 0
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []

    def play(self) -> str:
        """Runs to the end; answers the hash of everything that happened. Raises Broken."""
        for desk in self.desks:
            self._later(self.chance.random(), lambda desk=desk: self._wake(desk))
        for _ in range(self._edits):
            self._later(self.chance.uniform(0, 120), self._somebody_works)
        for _ in range(self._edits // 3):
            self._later(self.chance.uniform(0, 130), self._something_breaks)
        self._later(0.5, self._server_applies)
        self._later(140, self._grow_quiet)
        while self._agenda:
            self.now, _, happen = heapq.heappop(self._agenda)
            if self.now > START + timedelta(minutes=30):
                raise Broken(f"seed {self.seed}: the desks never came to rest")
            happen()
            if self.quiet and self._at_rest():
                break
        self._check()
        return self.trace.hexdigest()

    def _later(self, seconds: float, happen: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._agenda, (self.now + timedelta(seconds=seconds), self._order, happen))

    # Work

    def _somebody_works(self) -> None:
        desk = self.chance.choice(self.desks)
        self._made += 1
        id = f"c{self._made}"
        people = sorted(id for kind, id in desk.disk.shown if kind == "person")
        what = self.chance.random()
        if not people or what < 0.15:
            desk.record(id, Insert("person", f"p{self._made}", dict.fromkeys(FIELDS, "0")))
        elif what < 0.3:
            cents = self.chance.randint(1, 99)
            desk.record(id, Insert("payment", f"m{self._made}", {"cents": cents}))
        elif what < 0.55:
            self._receive(desk, id, people[0])
        else:
            self._revise(desk, id, people[-1 if what < 0.85 else 0])
        self._tell(desk, Changed(self.now))

    def _receive(self, desk: Desk, id: str, person: str) -> None:
        """Somebody does something with the visit of a person, as it stands at this desk."""
        visits = RowStore(desk.disk.shown).find("visit", person_id=person)
        if not visits:
            fields = {"person_id": person, "state": "expected"} | dict.fromkeys(
                ("arrived_at", "owner", "finished_at", "moved_to")
            )
            desk.record(id, Insert("visit", f"v{self._made}", fields))
            return
        visit = min(visits, key=lambda each: str(each["id"]))
        moment = f"{self._made:04}"
        done = self.chance.choice(
            (
                {"state": "arrived", "arrived_at": moment},
                {"state": "expected", "arrived_at": None, "owner": None},
                {"state": "in_progress", "owner": desk.name},
                {"state": "in_progress", "owner": desk.name},
                {"state": "done", "finished_at": moment},
                {"state": "left"},
            )
        )
        base = {name: visit[name] for name in done}
        desk.record(id, Revise("visit", visit["id"], base, done, visit["rev"]))

    def _revise(self, desk: Desk, id: str, person: str) -> None:
        row = desk.disk.shown["person", person]
        names = self.chance.sample(FIELDS, self.chance.randint(1, 2))
        wanted = {name: f"{str(row.get(name))[:6]}{self.chance.randint(1, 3)}" for name in names}
        base = {name: row.get(name) for name in names}
        desk.record(id, Revise("person", person, base, wanted, row["rev"]))

    def _server_applies(self) -> None:
        self.server.apply(self.chance)
        self._later(self.chance.uniform(0.2, 2), self._server_applies)

    def _grow_quiet(self) -> None:
        self.quiet = True

    # Faults

    def _something_breaks(self) -> None:
        fault = self.chance.choice(["crash", "crash", "backup", "restore"])
        if fault == "crash":
            self.chance.choice(self.desks).crash()
        elif fault == "backup":
            self.backup = copy.deepcopy(self.server)
        elif self.backup is not None:
            epoch = self.server.epoch + 1
            self.server = copy.deepcopy(self.backup)
            self.server.epoch = epoch
        self.faults[fault] += 1
        self._say(fault)

    # The driver of a desk

    def _wake(self, desk: Desk) -> None:
        unsent = desk.counts()[0]
        self._tell(desk, Changed(self.now) if unsent else Woke(self.now))
        self._later(self.chance.uniform(0.5, 1.5), lambda: self._wake(desk))

    def _tell(self, desk: Desk, event: Event) -> None:
        desk.state, actions = kernel.step(desk.state, event, PACE)
        for action in actions:
            self._perform(desk, action)

    def _perform(self, desk: Desk, action: Action) -> None:
        self._say(f"{desk.name} {type(action).__name__}")
        if isinstance(action, Hangup):
            return
        if isinstance(action, Keep):
            self._keep(desk, action)
            return
        if isinstance(action, Push):
            batch = desk.outgoing()
            desk.batches[action.ticket] = [seq for seq, _ in batch]
            self._send(desk, action, lambda: self._pushed(desk, action.ticket, batch))
        elif isinstance(action, Greet):
            self._send(desk, action, lambda: self._greeted(desk, action.ticket))
        elif isinstance(action, Pull):
            self._send(desk, action, lambda: self._pulled(action))
        elif isinstance(action, Replace):
            self._send(desk, action, lambda: self._replaced(desk, action.ticket))

    def _send(self, desk: Desk, action: Action, at_server: Callable[[], Any]) -> None:
        """Carries a request there and its answer back; either may be lost, doubled or late."""
        life = desk.life
        for _ in range(self._copies("request")):
            self._later(self._delay(), lambda: self._arrive(desk, life, at_server))

    def _arrive(self, desk: Desk, life: int, at_server: Callable[[], Any]) -> None:
        answer = at_server()
        for _ in range(self._copies("answer")):
            self._later(self._delay(), lambda: self._answered(desk, life, answer))

    def _answered(self, desk: Desk, life: int, answer: Callable[[], Event | None]) -> None:
        if desk.life == life:
            event = answer()
            if event is not None:
                self._tell(desk, replace(event, now=self.now))

    def _copies(self, what: str) -> int:
        if self.quiet:
            return 1
        luck = self.chance.random()
        if luck < 0.12:
            self.faults[f"{what} lost"] += 1
            return 0
        if luck < 0.2:
            self.faults[f"{what} doubled"] += 1
            return 2
        return 1

    def _delay(self) -> float:
        late = not self.quiet and self.chance.random() < 0.08
        self.faults["late"] += late
        return self.chance.uniform(8, 25) if late else self.chance.uniform(0.01, 0.3)

    def _current(self, desk: Desk, ticket: int) -> bool:
        return desk.state.ticket == ticket and desk.state.deadline is not None

    def _greeted(self, desk: Desk, ticket: int) -> Callable[[], Event | None]:
        head = self.server.head()
        return lambda: Greeted(ticket, self.now, head, *desk.counts())

    def _pushed(
        self, desk: Desk, ticket: int, batch: list[tuple[int, Command]]
    ) -> Callable[[], Event | None]:
        self.server.push(desk.name, batch)

        def acknowledged() -> Event | None:
            if not self._current(desk, ticket):
                return None
            for seq in desk.batches.pop(ticket, []):
                if desk.disk.outbox[seq][1] == "pending":
                    desk.set_state(seq, "sent")
            return Pushed(ticket, self.now, *desk.counts())

        return acknowledged

    def _pulled(self, action: Pull) -> Callable[[], Event | None]:
        rows, head = self.server.pull(action.after), self.server.head()
        return lambda: Pulled(action.ticket, self.now, head, rows)

    def _replaced(self, desk: Desk, ticket: int) -> Callable[[], Event | None]:
        then = copy.deepcopy(self.server)

        def stored() -> Event | None:
            if not self._current(desk, ticket):
                return None
            desk.replace(then)
            return Replaced(ticket, self.now, then.head(), *desk.counts())

        return stored

    def _keep(self, desk: Desk, action: Keep) -> None:
        luck = self.chance.random()
        if not self.quiet and luck < 0.03:
            self.faults["crash before commit"] += 1
            if self.mutant == "cursor before rows":
                desk.disk.cursor = action.rows[-1].n
            desk.crash()
            return
        cursor = desk.keep(action.head, action.rows)
        if not self.quiet and luck > 0.97:
            self.faults["crash after commit"] += 1
            desk.crash()
            return
        self._tell(desk, Kept(action.ticket, self.now, cursor, desk.counts()[1]))

    # The promises

    def _at_rest(self) -> bool:
        top = len(self.server.feed)
        return all(
            desk.state.idle
            and desk.counts()[1] == 0
            and desk.disk.cursor == top
            and desk.disk.epoch == self.server.epoch
            for desk in self.desks
        )

    def _check(self) -> None:
        feed = self.server.feed
        self._demand([row.n for row in feed] == list(range(1, len(feed) + 1)), "the feed is dense")
        times = Counter(row.command_id for row in feed)
        self._demand(set(times.values()) <= {1}, "no command is applied twice")
        made = {command.id for desk in self.desks for command, _ in desk.disk.outbox.values()}
        self._demand(made == set(times), "no command is lost")
        for desk in self.desks:
            self._demand(desk.disk.shown == self.server.rows, f"{desk.name} shows what stands")
        paid = sum(
            change.fields["cents"]
            for desk in self.desks
            for command, _ in desk.disk.outbox.values()
            for change in command.changes
            if isinstance(change, Insert) and change.kind == "payment"
        )
        there = sum(row["cents"] for row in RowStore(self.server.rows).find("payment"))
        self._demand(paid == there, "no money is made or lost")
        waiting = [row["kind"] for row in RowStore(self.server.rows).find("conflict")]
        self._demand("visit" not in waiting, "nobody is asked whose check-in it is")

    def _demand(self, holds: bool, promise: str) -> None:
        if not holds:
            raise Broken(f"seed {self.seed}: not so: {promise}")

    def _say(self, what: str) -> None:
        self.trace.update(f"{self.now.isoformat()} {what}\n".encode())
