"""How late and how busy the UI thread is: numbers for the tour and log lines in production."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Qt, QTimer, Slot

from ui.stacks import Sample, agreed, places, sample
from workstation.kernel.log import logger

_TICK_MS = 10
_STALL_SECONDS = 0.05
_BUSY_SECONDS = 0.025
"""CPU time of a turn from which it is worth knowing what it did: half of what is allowed."""
_SAMPLE_SECONDS = 0.005
_LOOK_SECONDS = 0.02
"""How often a stall is looked for where busy turns are not sampled."""
_MOST = 20
_QUIET_SECONDS = 10.0
"""At most one log line in so many seconds: a slow machine must not fill its disk."""
_FRAMES = 12


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
        self._late: Counter[int] = Counter()
        """How often the timer was so many tenths of a millisecond late."""
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

    def start(self, *, stacks: bool = False, tell: Callable[[Stall], object] | None = None) -> None:
        """Begins to watch; must be called on the UI thread.

        With ``stacks`` a second thread samples where the UI thread is: for the tour and for
        looking into a slow machine. With ``tell`` that thread tells every stall once it is over,
        as :class:`StallLog` wants it.
        """
        if stacks or tell is not None:
            watched = threading.get_ident()
            self._over.clear()
            self._sampler = threading.Thread(
                target=self._sample, args=(watched, stacks, tell), daemon=True
            )
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
        count = self._late.total()
        left = count - 1 - int(count * 0.99)
        for tenths in sorted(self._late, reverse=True):
            left -= self._late[tenths]
            if left < 0:
                return tenths / 10
        return 0.0

    @property
    def stalls(self) -> tuple[Stall, ...]:
        """The worst stalls, longest first; only with ``stacks`` or ``tell``."""
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

    def _sample(self, watched: int, stacks: bool, tell: Callable[[Stall], object] | None) -> None:
        """On its own thread: where the UI thread is, for its busy turns and for its stalls."""
        noted = 0.0
        untold: Stall | None = None
        while not self._over.wait(_SAMPLE_SECONDS if stacks else _LOOK_SECONDS):
            began = self._last
            late = time.perf_counter() - began - _TICK_MS / 1000
            stalled = late >= _STALL_SECONDS and not self._skip_late and began != 0.0
            if untold is not None and began != noted and tell is not None:
                tell(untold)
                untold = None
            if not stacks and not stalled:
                continue
            here = sample(sys._current_frames().get(watched))
            if stacks:
                self._seen.append(here)
            if not stalled:
                continue
            stall = untold = Stall(round(late * 1000), places(here))
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
        self._late[max(0, math.ceil(late * 10_000))] += 1

    @Slot()
    def _turn(self) -> None:
        now = time.thread_time()
        busy, self._cpu = now - self._cpu, now
        seen, self._seen = self._seen, []
        self._busy_max = max(self._busy_max, busy)
        if busy > _BUSY_SECONDS:
            turn = Turn(round(busy * 1000), agreed(seen), self._label)
            self._turns = sorted([*self._turns, turn], key=lambda one: -one.ms)[:_MOST]


class StallLog:
    """Writes stalls to the log, on the watching thread: how long, where, and how many there were.

    Code places only: no value and no words of a person can be in it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._again = clock()
        self._worst: Stall | None = None
        self._count = 0

    def __call__(self, stall: Stall) -> None:
        """One stall, which is over. A line tells the worst since the last line."""
        self._count += 1
        if self._worst is None or stall.ms > self._worst.ms:
            self._worst = stall
        if self._clock() >= self._again:
            worst = self._worst
            logger().warning(
                "ui_late", ms=worst.ms, count=self._count, frames=list(worst.places[-_FRAMES:])
            )
            self._again = self._clock() + _QUIET_SECONDS
            self._worst, self._count = None, 0
