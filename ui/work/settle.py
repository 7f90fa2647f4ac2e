"""A work item is done: what was done about it, in a few words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Field, Line, Note, Overlay, Text
from ui.words import say
from ui.work import words
from workstation.kernel.errors import PorticoError
from workstation.sync.waiting import WaitingRow


class SettleOverlay(Overlay):
    """``ask(row, may)``; answered by ``settled(item id, note)``."""

    settled = Signal(str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=560, top=96)
        self._row: WaitingRow | None = None
        self._may = False
        self._title = Text("", role="section", weight="bold", wrap=True)
        self._who = Text("", tone="muted")
        self._denied = Note(say("A supervisor settles what is about money."), icon="lock")
        self.note = Line(hint=say("such as: member ID corrected, asked again"))
        self._field = Field(say("What was done"), self.note)
        self.note.textChanged.connect(self._typed)
        self.go = Button(say("It is settled"), kind="primary", icon_after="corner-down-left")
        self.go.clicked.connect(self._settle)
        self.close_button = Button(say("Leave it open"), key="Esc")
        self.close_button.clicked.connect(self.close_)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(24, 18, 24, 18)
        box.setSpacing(10)
        for widget in (self._title, self._who, self._denied, self._field):
            box.addWidget(widget)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.go)
        box.addLayout(foot)

    def first(self) -> QWidget:
        return self.note if self._may else self.close_button

    def ask(self, row: WaitingRow, *, may: bool) -> None:
        """Shows an item; ``may`` False says whom to ask instead."""
        self._row, self._may = row, may
        self._title.setText(words.about_words(row))
        self._who.setText(
            " · ".join(p for p in (words.person_words(row), words.facts_words(row)) if p)
        )
        self._denied.setVisible(not may)
        self._field.setVisible(may)
        self.go.setVisible(may)
        self.note.clear()
        self._field.tell()
        self.open()

    @Slot()
    def _settle(self) -> None:
        note = self.note.text().strip()
        if not note:
            self._field.tell("stop", say("Say in a few words what was done."))
        elif self._row is not None:
            self.settled.emit(self._row.id, note)

    def refused(self, error: PorticoError) -> None:
        """Somebody settled it meanwhile."""
        self._field.tell("stop", f"{say(error.say)} {say(error.do)}")
        self.resettle()

    @Slot()
    def _typed(self) -> None:
        self._field.tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._may:
            event.accept()
            self._settle()
        else:
            super().keyPressEvent(event)
