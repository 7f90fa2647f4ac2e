"""The apology for a bug: what is safe, what to do, and the report to copy."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Overlay, Passage, Text
from ui.crash import CrashReport
from ui.words import say


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
