"""Drives the kernel of replication: one round for the command line, a thread for the window."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable
from datetime import timedelta

import psycopg

from db.store import SqlStore
from db.sync.link import SharedLink
from db.sync.replica import Replica
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, utc_now
from workstation.kernel.errors import OutsideSilent, PorticoError
from workstation.sync import kernel
from workstation.sync.kernel import Link, Pace, State
from workstation.sync.model import FeedHead
from workstation.sync.signals import (
    Action,
    Changed,
    Event,
    Greet,
    Greeted,
    Hangup,
    Hinted,
    Keep,
    Kept,
    Lost,
    Pull,
    Pulled,
    Push,
    Pushed,
    Replace,
    Replaced,
    Woke,
)
from workstation.sync.status import SyncStatus

OnChange = Callable[[frozenset[Kind]], None]
OnStatus = Callable[[SyncStatus], None]


class Synchroniser:
    """Performs the kernel's actions against one store and one shared database, one at a time."""

    def __init__(
        self,
        store: SqlStore,
        dsn: str,
        *,
        pace: Pace | None = None,
        clock: Clock = utc_now,
        on_change: OnChange | None = None,
    ) -> None:
        self._replica = Replica(store)
        self._dsn = dsn
        self._pace = pace or Pace()
        self._clock = clock
        self._on_change = on_change
        self._link: SharedLink | None = None
        self._ears: psycopg.Connection | None = None
        self._noted: tuple[Link, str | None] | None = None
        self.state: State = self._replica.state()

    @property
    def replica(self) -> Replica:
        """The local half, for reading status."""
        return self._replica

    def handle(self, event: Event) -> None:
        """Lets the kernel react to an event, and performs what it asks for until it is content."""
        events: list[Event] = [event]
        while events:
            self.state, actions = kernel.step(self.state, events.pop(0), self._pace)
            self._note_link()
            events += [answer for action in actions if (answer := self._perform(action))]

    def wake(self) -> None:
        """Time has passed; also notices commands that another process has written."""
        if self.state.link is Link.ONLINE and self._replica.counts()[0]:
            self.handle(Changed(self._clock()))
        else:
            self.handle(Woke(self._clock()))

    def settled(self) -> bool:
        """Online, everything read, and every command of this desk has its outcome."""
        return self.state.idle and self._replica.counts()[1] == 0

    def take_hints(self) -> bool:
        """Whether the server hinted since the last call. Never blocks."""
        if self._ears is None:
            return False
        try:
            return any(True for _ in self._ears.notifies(timeout=0))
        except psycopg.Error:
            self._deafen()
            return True  # the next pull will find out what is wrong

    @property
    def ears(self) -> psycopg.Connection | None:
        """The connection that hears hints, where there is one."""
        return self._ears

    def listen(self) -> None:
        """Opens the ears while online. Hints are a comfort: without them the poll does it."""
        if self._ears is None and self._link is not None and self.state.link is Link.ONLINE:
            try:
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
            return self._answer(action)
        except OutsideSilent:
            return Lost(action.ticket, self._clock())
        except PorticoError as refusal:
            return Lost(action.ticket, self._clock(), f"{refusal.say} {refusal.do}".strip())

    def _answer(self, action: Greet | Push | Pull | Keep | Replace) -> Event:
        ticket = action.ticket
        match action:
            case Greet():
                head = self._greet()
                return Greeted(ticket, self._clock(), head, *self._replica.counts())
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
            case Replace():
                snapshot = self._connected().snapshot()
                self._tell(self._replica.replace(snapshot))
                counts = self._replica.counts()
                return Replaced(ticket, self._clock(), snapshot.head, *counts)

    def _greet(self) -> FeedHead:
        me = self._replica.identity()
        link = self._link = self._link or SharedLink(self._dsn, me)
        head, code = link.greet()
        if code != me.receipt_code:
            self._replica.adopt_receipt_code(code)
        return head

    def _connected(self) -> SharedLink:
        if self._link is None:
            self._link = SharedLink(self._dsn, self._replica.identity())
        return self._link

    def _note_link(self) -> None:
        now = (self.state.link, self.state.trouble)
        if now != self._noted and self.state.since is not None:
            self._noted = now
            online = self.state.link is Link.ONLINE
            self._replica.note_link(online, self.state.since, self.state.trouble)
            self._tell(frozenset({Kind.SYNC}))

    def _tell(self, kinds: frozenset[Kind]) -> None:
        if kinds and self._on_change is not None:
            self._on_change(kinds)

    def _deafen(self) -> None:
        if self._ears is not None:
            self._ears.close()
            self._ears = None


def one_round(store: SqlStore, dsn: str, *, patience: timedelta = timedelta(seconds=20)) -> bool:
    """Sends what waits, lets the applier answer, reads what is new; False where it had to give up.

    Gives up at once where the server does not answer, and after ``patience`` where no applier runs.
    """
    pace = Pace(soon=timedelta(milliseconds=100))
    synchroniser = Synchroniser(store, dsn, pace=pace)
    end = utc_now() + patience
    pause = threading.Event()
    try:
        while utc_now() < end:
            synchroniser.wake()
            if synchroniser.state.link is Link.OFFLINE:
                return False
            if synchroniser.settled():
                return True
            pause.wait(0.05)
        return False
    finally:
        synchroniser.close()


class SyncRunner:
    """Keeps one store in step with the shared database in a thread of its own.

    ``on_change`` and ``on_status`` are called on that thread, after what they tell is durable.
    Nothing here ever blocks the caller except :meth:`stop`, which waits for the step under way.
    """

    LOOK_AROUND = 1.0
    """Seconds after which commands of other processes are noticed."""

    def __init__(
        self,
        store: SqlStore,
        dsn: str,
        *,
        pace: Pace | None = None,
        clock: Clock = utc_now,
        on_change: OnChange | None = None,
        on_status: OnStatus | None = None,
    ) -> None:
        self._synchroniser = Synchroniser(store, dsn, pace=pace, clock=clock, on_change=on_change)
        self._on_status = on_status
        self._told: SyncStatus | None = None
        self._clock = clock
        self._stopping = threading.Event()
        self._bell, self._clapper = socket.socketpair()
        self._bell.setblocking(False)
        self._clapper.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="portico-sync", daemon=True)

    def start(self) -> None:
        """Begins; returns at once."""
        self._thread.start()

    def nudge(self) -> None:
        """Says that a use case has just been committed: it is sent at once."""
        try:
            self._clapper.send(b"!")
        except OSError:
            return  # the bell rings already, or the runner has stopped

    def status(self) -> SyncStatus:
        """Where this desk stands now."""
        return self._synchroniser.replica.status()

    def stop(self) -> None:
        """Ends the thread and closes the connections."""
        self._stopping.set()
        self.nudge()
        if self._thread.is_alive():
            self._thread.join()
        self._synchroniser.close()
        self._bell.close()
        self._clapper.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._synchroniser.wake()
            self._synchroniser.listen()
            self._tell_status()
            self._sleep()

    def _sleep(self) -> None:
        when = kernel.due(self._synchroniser.state)
        left = self.LOOK_AROUND if when is None else (when - self._clock()).total_seconds()
        ears = self._synchroniser.ears
        waited_for: list[socket.socket | int] = [self._bell]
        if ears is not None:
            waited_for.append(ears.fileno())
        ready, _, _ = select.select(waited_for, [], [], min(max(left, 0.02), self.LOOK_AROUND))
        if self._bell in ready:
            self._bell.recv(4096)
        if len(ready) > (self._bell in ready) and self._synchroniser.take_hints():
            self._synchroniser.handle(Hinted(self._clock()))

    def _tell_status(self) -> None:
        status = self._synchroniser.replica.status()
        if status != self._told and self._on_status is not None:
            self._on_status(status)
        self._told = status
