"""Performs what the kernel of replication asks for, against the store and the shared database."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from db.store import SqlStore
from db.sync.replica import Replica
from db.sync.ways import transport_to
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, utc_now
from workstation.kernel.errors import OutsideSilent, PorticoError
from workstation.kernel.phrases import paragraph, phrase
from workstation.sync import kernel
from workstation.sync.kernel import Link, Pace, State
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
    Keep,
    Kept,
    Lost,
    Pull,
    Pulled,
    Push,
    Pushed,
    Woke,
)
from workstation.sync.transport import STANDING, Ears, Greeting, Standing, Transport

OnChange = Callable[[frozenset[Kind]], None]


CLOCK_TOLERANCE = timedelta(minutes=2)
"""Nothing is ordered by a desk's clock, but people read its times (data.md 4.2)."""

_TELL_EVERY = 2.0
"""Seconds between two times that screens are told of a fill."""


class Synchroniser:
    """Performs the kernel's actions against one store and one shared database, one at a time.

    ``between`` is asked after each of them whether to go on: a fill may take minutes.
    """

    def __init__(
        self,
        store: SqlStore,
        dsn: str,
        *,
        pace: Pace | None = None,
        clock: Clock = utc_now,
        on_change: OnChange | None = None,
        between: Callable[[], bool] = lambda: True,
    ) -> None:
        self._replica = Replica(store)
        self._me = self._replica.identity()
        self._dsn = dsn
        self._pace = pace or Pace()
        self._clock = clock
        self._on_change = on_change
        self._link: Transport | None = None
        self._ears: Ears | None = None
        self._noted: tuple[Link, str | None] | None = None
        self._between = between
        self._shows_all = False
        self._untold: frozenset[Kind] = frozenset()
        self._told = 0.0
        self.state: State = self._replica.state()

    @property
    def replica(self) -> Replica:
        """The local half, for reading status."""
        return self._replica

    def handle(self, event: Event) -> None:
        """Lets the kernel react to an event, and performs what it asks for until it is content."""
        events: list[Event] = [event]
        while events and self._between():
            self.state, actions = kernel.step(self.state, events.pop(0), self._pace)
            self._note_link()
            events += [answer for action in actions if (answer := self._perform(action))]

    def wake(self) -> None:
        """Time has passed; also notices commands that another process has written."""
        if not self._shows_all:
            self._tell(self._replica.show_what_is_known_now())
            self._shows_all = True
        if self.state.link is Link.ONLINE and self._replica.counts()[0]:
            self.handle(Changed(self._clock()))
        else:
            self.handle(Woke(self._clock()))

    def give_up(self, trouble: str) -> None:
        """Counts what is under way as lost: the program itself failed at it."""
        self.handle(Lost(self.state.ticket, self._clock(), trouble))

    def settled(self) -> bool:
        """Online, everything read, and every command of this desk has its outcome."""
        return self.state.idle and self._replica.counts()[1] == 0

    def take_hints(self) -> bool:
        """Whether the server hinted since the last call. Never blocks."""
        if self._ears is None:
            return False
        try:
            return self._ears.heard()
        except OutsideSilent:
            self._deafen()
            return True  # the next pull will find out what is wrong

    @property
    def ears(self) -> Ears | None:
        """What hears hints, where there is one."""
        return self._ears

    def listen(self) -> None:
        """Opens the ears while online. Hints are a comfort: without them the poll does it."""
        if self._ears is None and self._link is not None and self.state.link is Link.ONLINE:
            try:
                with self._patience():
                    self._ears = self._link.listen()
            except PorticoError:
                self._ears = None

    def close(self) -> None:
        """Closes the connections. The store stays open."""
        self._deafen()
        if self._link is not None:
            self._link.close()
            self._link = None

    def _perform(self, action: Action) -> Event | None:
        if isinstance(action, Hangup):
            self.close()
            return None
        try:
            if isinstance(action, Keep):
                return self._answer(action)
            with self._patience():
                return self._answer(action)
        except OutsideSilent:
            return Lost(action.ticket, self._clock())
        except PorticoError as refusal:
            return Lost(action.ticket, self._clock(), paragraph(refusal.say, refusal.do))

    def _answer(self, action: Greet | Push | Pull | Keep | Begin | Fill) -> Event:
        ticket = action.ticket
        match action:
            case Greet():
                greeting = self._greet()
                now = self._clock()
                trouble = trouble_of(self._replica, self._connected(), greeting, now)
                return Greeted(ticket, now, greeting.head, *self._replica.counts(), trouble)
            case Push():
                batch, anchor = self._replica.outgoing()
                self._connected().push(batch, anchor)
                self._replica.mark_sent(batch)
                return Pushed(ticket, self._clock(), *self._replica.counts())
            case Pull(_, after):
                return Pulled(ticket, self._clock(), *self._connected().pull(after))
            case Keep(_, head, entries):
                cursor, kinds = self._replica.keep(head, entries)
                self._tell(kinds)
                return Kept(ticket, self._clock(), cursor, self._replica.counts()[1])
            case Begin():
                standing = self._standing()
                self._tell(self._replica.begin(standing, self._connected().size()))
                return Begun(ticket, self._clock(), standing.head, *self._replica.counts())
            case Fill():
                place = self._replica.place()
                left, kinds = self._replica.fill(self._connected().page(place), place)
                self._tell_of_fill(kinds, left)
                return Filled(ticket, self._clock(), left, *self._replica.counts())

    @contextmanager
    def _patience(self) -> Iterator[None]:
        """Gives the server as long as the kernel does: one that stands still gives no sign."""
        watch = threading.Timer(self._pace.patience.total_seconds(), self._connected().abort)
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()

    def _standing(self) -> Standing:
        """What the server knows of all commands that this desk keeps."""
        first = more = self._connected().standing(self._replica.kept_after())
        commands = list(first.commands)
        while len(more.commands) == STANDING:
            more = self._connected().standing(commands[-1].seq)
            commands += more.commands
        return replace(first, commands=tuple(commands))

    def _greet(self) -> Greeting:
        greeting = self._connected().greet()
        if self._replica.adopt(greeting.receipt_code, greeting.time_zone):
            self._me = self._replica.identity()
        return greeting

    def _connected(self) -> Transport:
        if self._link is None:
            self._link = transport_to(self._dsn, self._me)
        return self._link

    def _note_link(self) -> None:
        now = (self.state.link, self.state.trouble)
        if now != self._noted and self.state.since is not None:
            self._noted = now
            online = self.state.link is Link.ONLINE
            self._replica.note_link(online, self.state.since, self.state.trouble)
            self._tell(frozenset({Kind.SYNC}))

    def _tell_of_fill(self, kinds: frozenset[Kind], left: bool) -> None:
        """Screens need not look again after each of a thousand pages."""
        self._untold |= kinds
        if not left or time.monotonic() - self._told >= _TELL_EVERY:
            self._tell(self._untold | {Kind.SYNC})
            self._untold, self._told = frozenset(), time.monotonic()

    def _tell(self, kinds: frozenset[Kind]) -> None:
        if kinds and self._on_change is not None:
            self._on_change(kinds)

    def _deafen(self) -> None:
        if self._ears is not None:
            self._ears.close()
            self._ears = None


def trouble_of(replica: Replica, link: Transport, greeting: Greeting, now: datetime) -> str | None:
    """What IT must look at, though the server accepts this desk: its audit trail or its clock."""
    audit = replica.audit_trouble(link.anchors())
    if audit is not None:
        return audit
    off = abs(greeting.server_time - now)
    if off <= CLOCK_TOLERANCE:
        return None
    minutes = round(off.total_seconds() / 60)
    return paragraph(
        phrase("The clock of this workstation is {minutes} minutes off.", minutes=minutes),
        "Set it right; until then times on receipts are wrong.",
    )
