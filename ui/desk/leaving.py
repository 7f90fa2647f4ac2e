"""Leaving because the system says so: log-out, shutdown, Ctrl+C in a terminal."""

from __future__ import annotations

import os
import signal

from PySide6.QtCore import QObject, QSocketNotifier, Slot
from PySide6.QtWidgets import QWidget


class Leaving(QObject):
    """Closes the window as its close button does: what was typed is saved, a demo is thrown away.

    Python looks at signals only while it runs; a pipe wakes the event loop of Qt for them. Windows
    has no such signals: there Qt closes the window by itself.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        if os.name == "nt":
            return
        ours, theirs = os.pipe()
        os.set_blocking(theirs, False)
        signal.set_wakeup_fd(theirs)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, _noted)
        self._notifier = QSocketNotifier(ours, QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._close)

    @Slot()
    def _close(self) -> None:
        self._notifier.setEnabled(False)
        self._window.close()


def _noted(number: int, frame: object) -> None:
    """The pipe has told it already."""
