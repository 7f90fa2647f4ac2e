"""A whole hospital in memory: desks, server, network and faults, played from one seed.

The kernel, the merge, the applying and the audit chain are the product's own; only disks, wires and
people are invented. Time is virtual, every choice comes from one random stream, so a seed plays the
same every time.
"""

from __future__ import annotations

import hashlib
import heapq
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from simulated_desk import Desk, backup_of
from simulated_people import SomebodyAtWork
from simulated_server import KINDS_OF, Broken, Place, RowStore, Server

from workstation.access.audit import walk
from workstation.kernel.commands import Command, Insert
from workstation.sync import kernel
from workstation.sync.kernel import Pace
from workstation.sync.signals import (
    Action,
    Begin,
    Begun,
    Changed,
    Event,
    Fill,
    Filled,
    Greet,
    Greeted,
    Hangup,
    Hinted,
    Keep,
    Kept,
    Pull,
    Pulled,
    Push,
    Pushed,
    Woke,
)

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
PACE = Pace(
    poll=timedelta(seconds=15),
    soon=timedelta(seconds=1),
    patience=timedelta(seconds=10),
    first_retry=timedelta(seconds=1),
    longest_retry=timedelta(seconds=20),
)


_FAULTS = (
    *("crash", "crash", "clock jump", "server down", "backup", "restore"),
    *("desk upgraded", "server upgraded"),
)


class World:
    """Plays one seed: work and faults first, then a quiet end, then the promises are checked."""

    def __init__(self, seed: int, *, mutant: str = "", desks: int = 3, edits: int = 24) -> None:
        self.seed = seed
        self.chance = random.Random(seed)
        self.mutant = mutant
        self.server = Server(mutant)
        self.server_up_at = START
        self.backup: Server | None = None
        self.desks = [
            Desk(f"desk-{number}", mutant, self.chance.randint(1, 2)) for number in range(desks)
        ]
        self.people = SomebodyAtWork(self.chance)
        self.acknowledged: set[str] = set()
        """Commands that somebody was told are safe: kept apart from everything that may fail."""
        self.durable: set[str] = set()
        self.now = START
        self.quiet = False
        self.faults: Counter[str] = Counter()
        self.trace = hashlib.sha256()
        self._edits = edits
        self._order = 0
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []

    def play(self) -> str:
        """Runs to the end; answers the hash of everything that happened. Raises Broken."""
        for desk in self.desks:
            self._later(self.chance.random(), lambda desk=desk: self._wake(desk))
        for _ in range(self._edits):
            self._later(self.chance.uniform(0, 120), self._somebody_works)
        for _ in range(self._edits // 2):
            self._later(self.chance.uniform(0, 130), self._something_breaks)
        self._later(0.5, self._server_applies)
        self._later(140, self._grow_quiet)
        while True:
            self.now, _, happen = heapq.heappop(self._agenda)
            if self.now > START + timedelta(minutes=30):
                raise Broken(f"seed {self.seed}: the desks never came to rest")
            try:
                happen()
            except Broken as broken:
                raise Broken(f"seed {self.seed}: {broken}") from None
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
        id, changes = self.people.decide(desk)
        luck = self.chance.random()
        if luck < 0.03:
            self._fault("crash before recording")
            if self.mutant == "says yes too early":
                self.acknowledged.add(id)
            desk.crash()
            return
        desk.record(id, self._clock(desk), *changes)
        self.durable.add(id)
        if luck > 0.97:
            self._fault("crash after recording")
            if self.mutant == "audit apart":
                desk.disk.audit.pop()
            desk.crash()
            return
        self.acknowledged.add(id)
        self._tell(desk, Changed(self._clock(desk)))

    def _server_applies(self) -> None:
        self._later(self.chance.uniform(0.2, 2), self._server_applies)
        if self.now < self.server_up_at:
            return
        luck = 0.5 if self.quiet else self.chance.random()
        if luck < 0.02:
            self._fault("server died before commit")
            self.server.die_while_applying()
            self._server_down()
            return
        self.server.apply(self.chance)
        if luck > 0.98:
            self._fault("server died after commit")
            self._server_down()
            return
        for desk in self.desks:
            if self.chance.random() < 0.3:
                self._tell(desk, Hinted(self._clock(desk)))

    def _server_down(self) -> None:
        self.server_up_at = self.now + timedelta(seconds=self.chance.uniform(1, 15))

    def _grow_quiet(self) -> None:
        """The end of the day: the server is up and upgraded; some desks stay old."""
        self.quiet = True
        self.server_up_at = self.now
        self.server.version = 2

    # Faults

    def _something_breaks(self) -> None:
        fault = self.chance.choice(_FAULTS)
        desk = self.chance.choice(self.desks)
        if fault == "crash":
            desk.crash()
        elif fault == "clock jump":
            far = self.chance.choice((5, 90, 3_600, 86_400))
            desk.off += timedelta(seconds=self.chance.uniform(-far, far))
        elif fault == "desk upgraded":
            desk.upgrade()
        elif fault == "server upgraded":
            self.server.version = 2
        elif fault == "server down":
            self._server_down()
        elif fault == "backup":
            self.backup = backup_of(self.server)
        elif self.backup is not None:
            epoch, version = self.server.epoch + 1, self.server.version
            self.server = backup_of(self.backup)
            self.server.epoch, self.server.version = epoch, version
        self._fault(fault)

    def _fault(self, what: str) -> None:
        self.faults[what] += 1
        self._say(what)

    def _clock(self, desk: Desk) -> datetime:
        return self.now + desk.off

    # The driver of a desk

    def _wake(self, desk: Desk) -> None:
        unsent = desk.counts()[0]
        now = self._clock(desk)
        self._tell(desk, Changed(now) if unsent else Woke(now))
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
            batch, anchor = desk.outgoing(), desk.audit_head()
            desk.batches[action.ticket] = [seq for seq, _ in batch]
            self._send(desk, lambda: self._pushed(desk, action.ticket, batch, anchor))
        elif isinstance(action, Greet):
            self._send(desk, lambda: self._greeted(desk, action.ticket))
        elif isinstance(action, Pull):
            self._send(desk, lambda: self._pulled(action))
        elif isinstance(action, Begin):
            self._send(desk, lambda: self._begun(desk, action.ticket))
        elif isinstance(action, Fill):
            place = desk.disk.place
            self._send(desk, lambda: self._filled(desk, action.ticket, place))

    def _send(self, desk: Desk, at_server: Callable[[], Any]) -> None:
        """Carries a request there and its answer back; either may be lost, doubled or late."""
        life = desk.life
        for _ in range(self._copies("request")):
            self._later(self._delay(), lambda: self._arrive(desk, life, at_server))

    def _arrive(self, desk: Desk, life: int, at_server: Callable[[], Any]) -> None:
        if self.now < self.server_up_at:
            self.faults["nobody there"] += 1
            return
        answer = at_server()
        for _ in range(self._copies("answer")):
            self._later(self._delay(), lambda: self._answered(desk, life, answer))

    def _answered(self, desk: Desk, life: int, answer: Callable[[], Event | None]) -> None:
        if desk.life == life:
            event = answer()
            if event is not None:
                self._tell(desk, replace(event, now=self._clock(desk)))

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
        self, desk: Desk, ticket: int, batch: list[tuple[int, Command]], anchor: tuple[int, str]
    ) -> Callable[[], Event | None]:
        self.server.push(desk.name, batch, anchor)

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

    def _begun(self, desk: Desk, ticket: int) -> Callable[[], Event | None]:
        head, outcomes = self.server.head(), dict(self.server.outcomes)

        def stored() -> Event | None:
            if not self._current(desk, ticket) or self._died_before_commit(desk):
                return None
            desk.begin(head, outcomes)
            if self._died_after_commit(desk):
                return None
            return Begun(ticket, self.now, head, *desk.counts())

        return stored

    def _filled(self, desk: Desk, ticket: int, place: Place | None) -> Callable[[], Event | None]:
        page = self.server.page(place)

        def stored() -> Event | None:
            if not self._current(desk, ticket) or self._died_before_commit(desk):
                return None
            left = desk.fill(place, page)
            if self._died_after_commit(desk):
                return None
            return Filled(ticket, self.now, left, *desk.counts())

        return stored

    def _died_before_commit(self, desk: Desk) -> bool:
        return self._died(desk, "crash before a page")

    def _died_after_commit(self, desk: Desk) -> bool:
        return self._died(desk, "crash after a page")

    def _died(self, desk: Desk, how: str) -> bool:
        if self.quiet or self.chance.random() > 0.04:
            return False
        self._fault(how)
        desk.crash()
        return True

    def _keep(self, desk: Desk, action: Keep) -> None:
        luck = self.chance.random()
        if not self.quiet and luck < 0.03:
            self._fault("crash before commit")
            if self.mutant == "cursor before rows":
                desk.disk.cursor = action.rows[-1].n
            desk.crash()
            return
        cursor = desk.keep(action.head, action.rows)
        if not self.quiet and luck > 0.97:
            self._fault("crash after commit")
            desk.crash()
            return
        self._tell(desk, Kept(action.ticket, self._clock(desk), cursor, desk.counts()[1]))

    # The promises

    def _at_rest(self) -> bool:
        top = len(self.server.feed)
        return all(
            desk.state.idle
            and desk.counts()[1] == 0
            and desk.disk.cursor == top
            and desk.disk.epoch == self.server.epoch
            and not desk.disk.filling
            for desk in self.desks
        )

    def _check(self) -> None:
        feed = self.server.feed
        self._demand([row.n for row in feed] == list(range(1, len(feed) + 1)), "the feed is dense")
        times = Counter(row.command_id for row in feed)
        self._demand(set(times.values()) <= {1}, "no command is applied twice")
        self._demand(self.acknowledged <= times.keys(), "no acknowledged command is lost")
        self._demand(times.keys() == self.durable, "what is durable is applied, and nothing else")
        for desk in self.desks:
            known = KINDS_OF[desk.version]
            stands = {key: row for key, row in self.server.rows.items() if key[0] in known}
            self._demand(desk.disk.shown == stands, f"{desk.name} shows what stands")
            self._check_audit(desk)
        paid = sum(
            change.fields["cents"]
            for desk in self.desks
            for command, _ in desk.disk.outbox.values()
            for change in command.changes
            if isinstance(change, Insert) and change.kind == "payment"
        )
        there = sum(row["cents"] for row in RowStore(self.server.rows).find("payment"))
        self._demand(paid == there == self.people.cents(self.durable), "no cent is made or lost")
        asked = [row["fields"] for row in RowStore(self.server.rows).find("conflict", kind="visit")]
        self._demand(
            not any("state" in fields for fields in asked), "nobody is asked whose check-in it is"
        )

    def _check_audit(self, desk: Desk) -> None:
        trail = desk.disk.audit
        self._demand(walk(trail).ok, "the audit chain is whole")
        self._demand(len(trail) == len(desk.disk.outbox), "every command is in the audit trail")
        known = {n: digest for n, _, digest in trail}
        anchored = {n: head for (ws, n), head in self.server.anchors.items() if ws == desk.name}
        self._demand(
            all(known.get(n) == head for n, head in anchored.items() if n),
            "the server's anchors are in the audit trail",
        )

    def _demand(self, holds: bool, promise: str) -> None:
        if not holds:
            raise Broken(f"seed {self.seed}: not so: {promise}")

    def _say(self, what: str) -> None:
        self.trace.update(f"{self.now.isoformat()} {what}\n".encode())
