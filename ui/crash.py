"""The one path for bugs: written to disk first, then an apology with a report free of patients.

A report has the type of the error, module and line of each frame, and versions. It has no locals
and no message text: what a foreign library says may hold a name or a number.
"""

from __future__ import annotations

import faulthandler
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from PySide6 import QtCore
from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
    qVersion,
)

_FRAMES = 30


class CrashReport(NamedTuple):
    """All that is told of a bug."""

    kind: str
    frames: tuple[str, ...]
    moment: str

    def text(self) -> str:
        """What can be copied, and all that it contains."""
        import platform

        lines = [
            f"Portico {self.moment}",
            f"Python {platform.python_version()}, Qt {qVersion()}, {sys.platform}",
            self.kind,
            *self.frames,
        ]
        return "\n".join(lines)


def report_of(error: BaseException, trace: TracebackType | None = None) -> CrashReport:
    """The report of an error: its type and where it came through, nothing that was said."""
    from datetime import UTC, datetime

    frames = traceback.extract_tb(trace or error.__traceback__)[-_FRAMES:]
    places = tuple(f"{_module(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames)
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    return CrashReport(type(error).__qualname__, places, moment)


def _module(filename: str) -> str:
    parts = Path(filename).with_suffix("").parts
    for top in ("ui", "workstation", "db", "PySide6"):
        if top in parts:
            return ".".join(parts[parts.index(top) :])
    return parts[-1] if parts else "?"


class CrashPath(QObject):
    """Takes every unexpected error of the process, from any thread."""

    crashed = Signal(object)
    _came = Signal(object)

    def __init__(self, folder: Path, log: Callable[[str, str], None] | None = None) -> None:
        super().__init__()
        self._folder = folder
        self._log = log
        self._early: CrashReport | None = None
        self._listening = False
        self._file = (folder / "fault.txt").open("w", encoding="utf-8")

    def install(self) -> None:
        """Takes over the hooks of Python and threads. Called once, by the composition root."""
        faulthandler.enable(self._file)
        sys.excepthook = self.take
        threading.excepthook = self._take_thread

    def listen(self) -> None:
        """Tells the window from now on, and takes Qt's own messages: after the first paint."""
        self._came.connect(self._tell, QtCore.Qt.ConnectionType.QueuedConnection)
        qInstallMessageHandler(self._take_message)
        self._listening = True
        if self._early is not None:
            self._came.emit(self._early)

    def take(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Writes the report, then tells the window."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        report = report_of(error, trace)
        with (self._folder / "crash.txt").open("a", encoding="utf-8") as file:
            file.write(report.text() + "\n\n")
        if self._log is not None:
            self._log("crash", report.kind)
        if self._listening:
            self._came.emit(report)
        else:
            self._early = report

    def _take_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.take(args.exc_type, args.exc_value, args.exc_traceback)

    def _take_message(self, kind: QtMsgType, context: QMessageLogContext, words: str) -> None:
        """Qt's own messages: the category only, never the text."""
        if self._log is not None and kind is not QtMsgType.QtDebugMsg:
            self._log("qt", str(context.category or "default"))

    @Slot(object)
    def _tell(self, report: CrashReport) -> None:
        self.crashed.emit(report)
