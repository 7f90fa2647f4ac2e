"""The thread that keeps a window's store in step with the shared database."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from db.store import SqlStore
from db.sync.synchroniser import OnChange, Synchroniser
from workstation.kernel.clock import Clock, utc_now
from workstation.kernel.errors import PorticoError
from workstation.kernel.log import frames_of, logger
from workstation.sync import kernel
from workstation.sync.kernel import Pace
from workstation.sync.signals import Hinted
from workstation.sync.status import SyncStatus

OnStatus = Callable[[SyncStatus], None]

_FAULT = "Synchronisation met a fault of its own. Everything is kept on this workstation; call IT."


class SyncRunner:
    """Keeps one store in step with the shared database in a thread of its own.

    ``on_change`` and ``on_status`` are called on that thread, after what they tell is durable.
    Nothing here ever blocks the caller except :meth:`stop`, which waits for the step under way.
    """

    AFTER_A_FAULT = 30.0
    """Seconds until it is tried again after a fault of the program."""

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
        self._synchroniser = Synchroniser(
            store, dsn, pace=pace, clock=clock, on_change=on_change, between=self._go_on
        )
        self._on_status = on_status
        self._told: SyncStatus | None = None
        self._told_at = 0.0
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
            try:
                self._synchroniser.wake()
                self._synchroniser.listen()
                self._tell_status()
                self._sleep()
            except PorticoError:
                # The store itself is full, read-only or busy. Who works at the desk is told by
                # their own use case; here it is tried again.
                self._stopping.wait(self.LOOK_AROUND)
            except Exception as fault:  # noqa: BLE001 - a mistake must not end it unseen
                self._note_fault(fault)
                self._stopping.wait(self.AFTER_A_FAULT)

    def _note_fault(self, fault: Exception) -> None:
        """Its class and place only: its text may hold values."""
        logger().error("sync_fault", kind=type(fault).__name__, frames=frames_of(fault))
        with suppress(PorticoError):
            self._synchroniser.give_up(_FAULT)
            self._tell_status()

    def _go_on(self) -> bool:
        """Asked between the steps of something long: its progress is shown, and it can be ended."""
        if time.monotonic() - self._told_at >= self.LOOK_AROUND:
            self._tell_status()
        return not self._stopping.is_set()

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
        self._told_at = time.monotonic()
        status = self._synchroniser.replica.status()
        if status != self._told and self._on_status is not None:
            self._on_status(status)
        self._told = status
