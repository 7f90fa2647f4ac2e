"""Whose turn it is to write: within this process one at a time, in the order in which they came.

SQLite gives its lock to whoever asks at the right moment: one who waits looks again after up to
100 ms, and by then two others have come and gone. Beside six busy writers (payers' answers,
replication) the draft of a person typing waited 5 to 22 s (measured), though each of the others
held the lock for 20 ms. Other processes are still met by SQLite's own patience.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from workstation.kernel.errors import PorticoError


class Turns:
    """A first-come-first-served lock. Not to be taken twice by one thread."""

    def __init__(self, patience: float) -> None:
        """``patience``: seconds after which one who waits is told ``store_busy``."""
        self._patience = patience
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._writer: int | None = None
        """The thread whose turn it is."""

    @contextmanager
    def mine(self) -> Iterator[None]:
        """Waits for the turn and keeps it. Raises PorticoError ``store_busy``."""
        self.take()
        try:
            yield
        finally:
            self.give()

    def take(self) -> None:
        """Waits for the turn; :meth:`give` must follow. Raises PorticoError ``store_busy``."""
        me, called = threading.get_ident(), threading.Event()
        with self._lock:
            if self._writer == me:
                raise RuntimeError("a write transaction is open in this thread already")
            if self._writer is None:
                self._writer = me
                return
            self._waiting.append(called)
        if not called.wait(self._patience):
            with self._lock:
                if not called.is_set():
                    self._waiting.remove(called)
                    raise store_busy()
        self._writer = me

    def give(self) -> None:
        """Passes the turn on to who waits longest."""
        with self._lock:
            self._writer = None
            if self._waiting:
                self._writer = _CALLED
                self._waiting.popleft().set()


_CALLED = -1
"""No thread's number: the turn is on its way to who was called."""


def store_busy() -> PorticoError:
    """Somebody held the store for longer than anybody should."""
    return PorticoError(
        "store_busy",
        "Another Portico process held the store for too long. Nothing was saved yet.",
        "Try again in a moment.",
        retryable=True,
    )
