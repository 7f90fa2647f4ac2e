"""The one path for bugs: written to disk first, then an apology with a report free of patients.

A report has the type of the error, module and line of each frame, and versions. It has no locals
and no message text: what a foreign library says may hold a name or a number.
"""

from __future__ import annotations

import faulthandler
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import (
    QMessageLogContext,
    QObject,
    Qt,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
    qVersion,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Overlay, Passage, Text
from ui.words import say

_FRAMES = 30


@dataclass(frozen=True, slots=True)
class CrashReport:
    """All that is told of a bug."""

    kind: str
    frames: tuple[str, ...]
    moment: str

    def text(self) -> str:
        """What can be copied, and all that it contains."""
        lines = [
            f"Portico {self.moment}",
            f"Python {platform.python_version()}, Qt {qVersion()}, {sys.platform}",
            self.kind,
            *self.frames,
        ]
        return "\n".join(lines)


def report_of(error: BaseException, trace: TracebackType | None = None) -> CrashReport:
    """The report of an error: its type and where it came through, nothing that was said."""
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
        self._file = (folder / "fault.txt").open("w", encoding="utf-8")
        self._came.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Takes over the hooks of Python, threads and Qt. Called once, by the composition root."""
        faulthandler.enable(self._file)
        sys.excepthook = self.take
        threading.excepthook = self._take_thread
        qInstallMessageHandler(self._take_message)

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
        self._came.emit(report)

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


class CrashNotice(Overlay):
    """The apology: what is safe, what to do, and the report to copy."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=640)
        self._report = Passage(lines=8)
        self._report.setReadOnly(True)
        self._report.setAccessibleName(say("Report"))
        self._copy = Button(say("Copy the report"))
        self._copy.clicked.connect(self._copied)
        self._go = Button(say("Go on working"), kind="primary")
        self._go.clicked.connect(self.close_)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(24, 18, 24, 20)
        box.setSpacing(12)
        box.addWidget(Text(say("Something in Portico went wrong"), role="page", weight="bold"))
        words = say(
            "Sorry. What you typed was saved as you typed it. If you were taking a payment, look "
            "at its state before you take it again. If this happens again, give the report to "
            "your IT desk: it holds no patient data, and all that it contains is shown here."
        )
        box.addWidget(Text(words, wrap=True))
        box.addWidget(self._report)
        foot = QHBoxLayout()
        foot.addWidget(self._copy)
        foot.addStretch(1)
        foot.addWidget(self._go)
        box.addLayout(foot)

    def first(self) -> QWidget:
        return self._go

    @Slot(object)
    def tell(self, report: CrashReport) -> None:
        """Shows the report of a bug."""
        self._report.setPlainText(report.text())
        if self.isHidden():
            self.open()

    @Slot()
    def _copied(self) -> None:
        QGuiApplication.clipboard().setText(self._report.toPlainText())
