"""How late and how busy the UI thread is: numbers for the tour and one log line in production."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Qt, QTimer, Slot

from ui.stacks import Sample, agreed, places, sample

_TICK_MS = 10
_STALL_SECONDS = 0.05
_BUSY_SECONDS = 0.025
"""CPU time of a turn from which it is worth knowing what it did: half of what is allowed."""
_SAMPLE_SECONDS = 0.005
_MOST = 20


@dataclass(frozen=True, slots=True)
class Stall:
    """One time that the UI thread did not come round: for how long, and where it was."""

    ms: int
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """One busy turn of the event loop: its CPU time, and where it was seen most often."""

    ms: int
    places: tuple[str, ...]
    label: str = ""
    """What was going on, as told by :meth:`Watchdog.name`."""


class Watchdog(QObject):
    """Lateness of a 10 ms timer and CPU time per turn of the event loop, both on the UI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._late: list[float] = []
        self._busy_max = 0.0
        self._skip_late = False
        self._last = 0.0
        self._cpu = 0.0
        self._label = ""
        self._stalls: list[Stall] = []
        self._turns: list[Turn] = []
        self._seen: list[Sample] = []
        self._sampler: threading.Thread | None = None
        self._over = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self, *, stacks: bool = False) -> None:
        """Begins to watch; must be called on the UI thread.

        With ``stacks`` a second thread samples where the UI thread is: for the tour and for
        looking into a slow machine.
        """
        if stacks:
            watched = threading.get_ident()
            self._over.clear()
            self._sampler = threading.Thread(target=self._sample, args=(watched,), daemon=True)
            self._sampler.start()
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.aboutToBlock.connect(self._turn)
        self._last = time.perf_counter()
        self._cpu = time.thread_time()
        self._timer.start()

    def stop(self) -> None:
        """Ends watching; the numbers stay."""
        self._timer.stop()
        self._over.set()
        if self._sampler is not None:
            self._sampler.join(1.0)
            self._sampler = None
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.aboutToBlock.disconnect(self._turn)

    def name(self, label: str) -> None:
        """What is going on from now on, such as the scene of a tour."""
        self._label = label

    @contextmanager
    def excluded(self) -> Iterator[None]:
        """What happens inside, such as the grab of a screenshot, is not counted."""
        began, seen = time.thread_time(), len(self._seen)
        try:
            yield
        finally:
            self._cpu += time.thread_time() - began
            del self._seen[seen:]
            self._skip_late = True

    @property
    def busy_max_ms(self) -> float:
        """Most CPU time spent in one turn of the event loop."""
        return self._busy_max * 1000

    @property
    def late_p99_ms(self) -> float:
        """The 99th percentile of how late the 10 ms timer came."""
        if not self._late:
            return 0.0
        ordered = sorted(self._late)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000

    @property
    def stalls(self) -> tuple[Stall, ...]:
        """The worst stalls, longest first; only with ``stacks``."""
        return tuple(sorted(self._stalls, key=lambda stall: -stall.ms))

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The busiest turns of more than 25 ms, busiest first; without ``stacks`` no places."""
        return tuple(sorted(self._turns, key=lambda turn: -turn.ms))

    def as_json(self) -> dict[str, int]:
        """The two figures of tour.json (contracts.md), in milliseconds."""
        return {
            "ui_busy_max_ms": round(self.busy_max_ms),
            "ui_late_p99_ms": round(self.late_p99_ms),
        }

    def _sample(self, watched: int) -> None:
        """On its own thread: where the UI thread is, for its busy turns and for its stalls."""
        noted = 0.0
        while not self._over.wait(_SAMPLE_SECONDS):
            here = sample(sys._current_frames().get(watched))
            self._seen.append(here)
            began = self._last
            late = time.perf_counter() - began - _TICK_MS / 1000
            if late < _STALL_SECONDS or self._skip_late or began == 0.0:
                continue
            stall = Stall(round(late * 1000), places(here))
            if began == noted:
                self._stalls[-1] = stall
            else:
                self._stalls = [*self._stalls[-_MOST:], stall]
            noted = began

    @Slot()
    def _tick(self) -> None:
        now = time.perf_counter()
        late = now - self._last - _TICK_MS / 1000
        self._last = now
        if self._skip_late:
            self._skip_late = False
            return
        self._late.append(max(0.0, late))

    @Slot()
    def _turn(self) -> None:
        now = time.thread_time()
        busy, self._cpu = now - self._cpu, now
        seen, self._seen = self._seen, []
        self._busy_max = max(self._busy_max, busy)
        if busy > _BUSY_SECONDS:
            turn = Turn(round(busy * 1000), agreed(seen), self._label)
            self._turns = sorted([*self._turns, turn], key=lambda one: -one.ms)[:_MOST]
