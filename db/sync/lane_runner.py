"""The thread that sends documents behind a window, apart from the one that sends commands."""

from __future__ import annotations

import threading

from db.sync.lane import DocumentLane
from workstation.kernel.errors import PorticoError
from workstation.kernel.log import logger

LOOK_AROUND = 5.0
"""Seconds after which documents of other processes are noticed."""

LONGEST_WAIT = 60.0
"""Seconds between tries while the shared database does not answer."""


class DocumentRunner:
    """Keeps the documents of one store in step: what was made here is sent, old bytes are given up.

    ``most`` is how many bytes of documents may stay here once the shared database has them.
    """

    def __init__(self, lane: DocumentLane, most: int) -> None:
        self._lane = lane
        self._most = most
        self._stopping = threading.Event()
        self._bell = threading.Event()
        self._thread = threading.Thread(target=self._run, name="portico-documents", daemon=True)

    def start(self) -> None:
        """Begins; returns at once."""
        self._thread.start()

    def nudge(self) -> None:
        """Says that a command was just settled: its documents may go."""
        self._bell.set()

    def stop(self) -> None:
        """Ends after the part under way; the rest goes at the next start."""
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
                self._lane.tidy(self._most)
                wait = LOOK_AROUND
            except PorticoError as error:
                # The network or the store is away: what waits is on disk and is tried again.
                logger().info("documents_postponed", code=error.code)
                wait = min(wait * 2, LONGEST_WAIT)
            self._bell.wait(wait)
