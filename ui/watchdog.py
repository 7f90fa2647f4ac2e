"""How late and how busy the UI thread is: numbers for the tour and one log line in production."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QAbstractEventDispatcher, QObject, Qt, QTimer, Slot

_TICK_MS = 10
_STALL_SECONDS = 0.05
_MOST_STALLS = 20


@dataclass(frozen=True, slots=True)
class Stall:
    """One time that the UI thread did not come round: since when, and where it was. No values."""

    ms: int
    places: tuple[str, ...]


class Watchdog(QObject):
    """Lateness of a 10 ms timer and CPU time per turn of the event loop, both on the UI thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._late: list[float] = []
        self._busy_max = 0.0
        self._turns = 0
        self._skip_late = False
        self._last = 0.0
        self._cpu = 0.0
        self._stalls: list[Stall] = []
        self._thread: threading.Thread | None = None
        self._over = threading.Event()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self, *, stacks: bool = False) -> None:
        """Begins to watch; must be called on the UI thread.

        With ``stacks`` a second thread notes where the UI thread was whenever it was late by more
        than 50 ms: for the tour and for looking into a slow machine.
        """
        if stacks:
            watched = threading.get_ident()
            self._over.clear()
            self._thread = threading.Thread(target=self._look, args=(watched,), daemon=True)
            self._thread.start()
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
        if self._thread is not None:
            self._thread.join(1.0)
            self._thread = None
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.aboutToBlock.disconnect(self._turn)

    @contextmanager
    def excluded(self) -> Iterator[None]:
        """What happens inside, such as the grab of a screenshot, is not counted."""
        began = time.thread_time()
        try:
            yield
        finally:
            self._cpu += time.thread_time() - began
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
    def late_max_ms(self) -> float:
        """The worst lateness seen."""
        return max(self._late, default=0.0) * 1000

    @property
    def stalls(self) -> tuple[Stall, ...]:
        """The worst stalls, longest first; only with ``stacks``."""
        return tuple(sorted(self._stalls, key=lambda stall: -stall.ms))

    def _look(self, watched: int) -> None:
        """On its own thread: samples the UI thread's stack once per stall."""
        noted = 0.0
        while not self._over.wait(_STALL_SECONDS / 2):
            began = self._last
            late = time.perf_counter() - began - _TICK_MS / 1000
            if late < _STALL_SECONDS or self._skip_late or began == 0.0:
                continue
            frame = sys._current_frames().get(watched)
            stall = Stall(round(late * 1000), _places(frame) if frame is not None else ())
            if began == noted:
                self._stalls[-1] = stall
            else:
                self._stalls = [*self._stalls[-_MOST_STALLS:], stall]
            noted = began

    def as_json(self) -> dict[str, int]:
        """The two figures of tour.json (contracts.md), in milliseconds."""
        return {
            "ui_busy_max_ms": round(self.busy_max_ms),
            "ui_late_p99_ms": round(self.late_p99_ms),
        }

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
        self._busy_max = max(self._busy_max, now - self._cpu)
        self._cpu = now
        self._turns += 1


def _places(frame: FrameType) -> tuple[str, ...]:
    """Module and line of each frame, innermost last."""
    found = traceback.extract_stack(frame)[-12:]
    return tuple(f"{Path(f.filename).stem}:{f.lineno} {f.name}" for f in found)
