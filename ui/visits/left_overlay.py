"""The patient left: the reason, for the record and, before the exam, for the EMTALA log."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Field, Line, Overlay, Text
from ui.hands import give
from ui.words import say


class LeftOverlay(Overlay):
    """``ask(visit id, locked)``; answered by ``told(visit id, reason)``."""

    told = Signal(str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=560, top=96)
        self._visit_id = ""
        self._title = Text("", role="section", weight="bold")
        self._lead = Text("", tone="muted", wrap=True)
        self.reason = Line(hint=say("such as: did not want to wait, told the nurse"))
        self._field = Field(say("What you know of it"), self.reason)
        self.reason.textChanged.connect(self._typed)
        self.go = Button(say("Record that they left"), kind="primary", icon="door-open")
        self.go.clicked.connect(self._go)
        self.close_button = Button(say("They are still here"), key="Esc")
        self.close_button.clicked.connect(self.close_)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(24, 18, 24, 18)
        box.setSpacing(10)
        for widget in (self._title, self._lead, self._field):
            box.addWidget(widget)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.go)
        box.addLayout(foot)

    def first(self) -> QWidget:
        return self.reason

    def ask(self, visit_id: str, *, locked: bool) -> None:
        """``locked``: the screening exam was not recorded."""
        self._visit_id = visit_id
        before = say("The patient left before the exam")
        self._title.setText(before if locked else say("The patient left"))
        log = say("It goes into the log of people who came for emergency care and left.")
        self._lead.setText(log if locked else say("The visit is closed; it can be opened anew."))
        self.reason.clear()
        self._field.tell()
        self.open()

    @Slot()
    def _go(self) -> None:
        reason = self.reason.text().strip()
        if not reason:
            self._field.tell("stop", say("Say in a few words what you know."))
            give(self.reason)
            return
        self.close_()
        self.told.emit(self._visit_id, reason)

    @Slot()
    def _typed(self) -> None:
        self._field.tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self._go()
        else:
            super().keyPressEvent(event)
