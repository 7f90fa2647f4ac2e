"""A simulated person at one window: presses keys, waits for what it wants to see, takes pictures.

It never sleeps: every wait has a condition that is looked at while the event loop runs, and a time
after which it says in words what did not come.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from PySide6.QtCore import QEventLoop, QKeyCombination, QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QGuiApplication, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ui import turns
from ui.shell.window import MainWindow
from ui.watchdog import Watchdog

_LOOK_MS = 4
_MOMENT = 1.0
_ANSWER = 5.0
"""Seconds after which a person presses the next key whatever the window says."""
_PATIENCE = 15.0
"""Seconds after which something that did not come never will."""


class NotSeen(Exception):
    """What was waited for did not come, in words without a patient's data."""


class Robot:
    """Hands and eyes at one window. ``keys`` counts every key pressed, letters included."""

    def __init__(self, window: MainWindow, watchdog: Watchdog) -> None:
        self.window = window
        self._watchdog = watchdog
        self.keys = 0
        self.away = 0.0
        """Seconds that were not the program's: pictures, and pauses of simulated people."""
        self._pool = ThreadPoolExecutor(2, "pictures")
        self._writing: list[Future[bool]] = []

    # Hands

    def press(self, *names: str) -> None:
        """Presses keys by name, such as ``Ctrl+K``, where the focus is, one after another."""
        for name in names:
            combination: QKeyCombination = QKeySequence(name)[0]  # type: ignore[index]
            self.keys += 1
            self._send(lambda c=combination: QTest.keyClick(  # type: ignore[misc]
                self._target(), c.key(), c.keyboardModifiers()))  # fmt: skip

    def type(self, text: str) -> None:
        """Types letters, each one a key."""
        for letter in text:
            self.keys += 1
            self._send(lambda a=letter: QTest.keyClicks(self._target(), a))  # type: ignore[misc]

    def _target(self) -> QWidget:
        here = QApplication.focusWidget()
        return here if here is not None and here.window() is self.window else self.window

    def _send(self, act: Callable[[], object]) -> None:
        """One act, and all that it set off: a person presses the next key after seeing it."""
        if QApplication.activeWindow() is not self.window:
            self.to_front()
        before = max((job.number for job in self.window.jobs.under_way), default=-1)
        act()
        looks = count()
        # Two looks: by then all that the key put into the event queue has been done.
        self._wait(lambda: next(looks) >= 2 and not self._busy(before), _ANSWER)

    def _busy(self, before: int) -> bool:
        return turns.waiting() or any(
            job.number > before and not job.title for job in self.window.jobs.under_way
        )

    def paste_file(self, file: Path) -> None:
        """A picture that was copied in the file manager, pasted by key."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(file))])
        QGuiApplication.clipboard().setMimeData(mime)
        self.press("Ctrl+V")
        # The clipboard outlives Python, and mime data made in Python does not: Qt would delete it
        # through an interpreter that is gone, which is a segmentation fault at exit.
        QGuiApplication.clipboard().clear()

    def sign_on(self, pad: QWidget) -> None:
        """Draws a signature with the pen."""
        wide, high = pad.width(), pad.height()
        points = [
            QPointF(wide * (0.2 + 0.03 * n), high * (0.45 + 0.18 * ((n * 7) % 5 - 2) / 2))
            for n in range(18)
        ]
        QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=points[0].toPoint())
        for point in points[1:]:
            QTest.mouseMove(pad, point.toPoint())
        QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=points[-1].toPoint())
        self.turn()

    def to_front(self) -> None:
        """The person turns to this window."""
        self.window.show()
        self.window.activateWindow()
        self.wait(lambda: QApplication.activeWindow() is self.window, "the window in front")

    # Eyes

    def wait(self, seen: Callable[[], bool], what: str, *, patience: float = _PATIENCE) -> None:
        """Runs the event loop until ``seen``; raises NotSeen with ``what`` in words."""
        if not self._wait(seen, patience):
            raise NotSeen(f"{what} did not come in {patience:.0f} s")

    def watch(self, seen: Callable[[], bool]) -> bool:
        """Looks a moment whether a key had an effect, as a person does before the next one."""
        return self._wait(seen, _MOMENT)

    def _wait(self, seen: Callable[[], bool], patience: float) -> bool:
        came: list[bool] = []
        loop = QEventLoop()
        until = time.monotonic() + patience
        broken: list[Exception] = []

        def look() -> None:
            try:
                if seen():
                    came.append(True)
                if came or time.monotonic() > until:
                    loop.quit()
            except Exception as error:  # noqa: BLE001 - raised again below, on the script's stack
                broken.append(error)
                loop.quit()

        timer = QTimer()
        timer.setInterval(_LOOK_MS)
        timer.timeout.connect(look)
        timer.start()
        loop.exec()
        timer.stop()
        if broken:
            raise broken[0]
        return bool(came)

    def while_waiting(self, act: Callable[[], object]) -> None:
        """Something that happens elsewhere in the hospital; the window goes on meanwhile."""
        with self.not_the_program():
            future = self._pool.submit(act)
            self.wait(future.done, "what happens elsewhere", patience=30.0)
            future.result()

    def turn(self) -> None:
        """Lets the window paint what it has."""
        looks = count()
        self._wait(lambda: next(looks) >= 2 and not turns.waiting(), _ANSWER)

    def quiet(self, patience: float = 30.0) -> None:
        """Until no piece of work is awaited any more."""
        self.wait(lambda: self.window.jobs.idle, "the end of all jobs", patience=patience)
        self.turn()

    @contextmanager
    def not_the_program(self) -> Iterator[None]:
        """What happens inside is not counted as the program's time."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.away += time.perf_counter() - began

    def shot(self, file: Path) -> None:
        """A picture of the window; written behind the window's back."""
        image = self._grabbed()
        while turns.waiting():  # a table that is new to this picture comes a few cells a turn
            self.turn()
            image = self._grabbed()
        self._writing.append(self._pool.submit(image.save, str(file)))

    def _grabbed(self) -> QImage:
        with self.not_the_program(), self._watchdog.excluded():
            return self.window.grab().toImage()

    def close(self) -> None:
        """All pictures are on disk."""
        self._pool.shutdown(wait=True)
        for written in self._writing:
            if not written.result():
                raise NotSeen("a picture could not be written")
