"""Notices what is touched at the desk, and that nobody has touched it for a while.

It looks where input arrives: at the window in front, to which the screen's events come first, and
at the widget with the focus, which alone is told of a key that is a shortcut. A filter on the
application would be called for every event of every widget, thousands while one page is built,
and was a third of the time to open one (measured).
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from ui import hands

_ACTS = frozenset(
    {
        QEvent.Type.ShortcutOverride,
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.TouchBegin,
    }
)
"""What a person does, as against a hand that only rests on the mouse. A key that is a shortcut
comes as an override alone."""

_TOUCH = _ACTS | {QEvent.Type.MouseMove, QEvent.Type.Wheel}
_LOOK_MS = 5_000


class IdleWatch(QObject):
    """Emits ``idle`` once after ``seconds`` without a key, a click or a touch."""

    idle = Signal()

    def __init__(
        self,
        app: QApplication,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(app)
        self._seconds, self._clock = seconds, clock
        self._last = clock()
        self._told = False
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._focused: QWidget | None = None
        app.focusChanged.connect(self._follow)
        app.focusWindowChanged.connect(self._look_at)
        self._follow(None, app.focusWidget())
        self._look_at(app.focusWindow())
        self._timer.start()

    @Slot("QWidget*", "QWidget*")
    def _follow(self, _: QWidget | None, focused: QWidget | None) -> None:
        if self._focused is not None and isValid(self._focused):
            self._focused.removeEventFilter(self)
        self._focused = focused
        if focused is not None:
            focused.installEventFilter(self)

    @Slot("QWindow*")
    def _look_at(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)  # twice is once

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _TOUCH:
            self._last = self._clock()
            self._told = False
            if kind in _ACTS:
                hands.touched()
        return False

    def set_seconds(self, seconds: float) -> None:
        """Another limit, counted from the last touch."""
        self._seconds = seconds

    @Slot()
    def look(self) -> None:
        """Whether it has been too long; told once, until somebody touches the desk again."""
        if not self._told and self._clock() - self._last >= self._seconds:
            self._told = True
            self.idle.emit()
