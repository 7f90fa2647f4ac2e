"""The threads behind a window that send documents and the audit trail, apart from commands."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

from workstation.kernel.errors import PorticoError
from workstation.kernel.log import logger

LOOK_AROUND = 5.0
"""Seconds after which what other processes wrote is noticed."""

LONGEST_WAIT = 60.0
"""Seconds between tries while the shared database does not answer."""


class Lane(Protocol):
    """What goes to the shared database by connections of its own."""

    def send(self, give_up: Callable[[], bool]) -> int:
        """Sends what waits until ``give_up`` says so."""

    def close(self) -> None:
        """Closes the lane's connections."""


class LaneRunner:
    """Keeps one lane in step: what was made here is sent, and ``tidy`` gives up what is old.

    ``name`` is that of the thread and of its entries in the log.
    """

    def __init__(self, name: str, lane: Lane, tidy: Callable[[], object]) -> None:
        self._name = name
        self._lane = lane
        self._tidy = tidy
        self._stopping = threading.Event()
        self._bell = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"portico-{name}", daemon=True)

    def start(self) -> None:
        """Begins; returns at once."""
        self._thread.start()

    def nudge(self) -> None:
        """Says that there may be something to send."""
        self._bell.set()

    def stop(self) -> None:
        """Ends after what is under way; the rest goes at the next start."""
        self._stopping.set()
        self._bell.set()
        if self._thread.is_alive():
            self._thread.join()
        self._lane.close()

    def _run(self) -> None:
        wait = LOOK_AROUND
        while not self._stopping.is_set():
            self._bell.clear()
            try:
                self._lane.send(self._stopping.is_set)
                self._tidy()
                wait = LOOK_AROUND
            except PorticoError as error:
                # The network or the store is away: what waits is on disk and is tried again.
                logger().info(f"{self._name}_postponed", code=error.code)
                wait = min(wait * 2, LONGEST_WAIT)
            self._bell.wait(wait)
