"""A work item is done: what was done about it, in a few words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Field, Line, Note, Overlay, Segments, Text
from ui.words import say
from ui.work import words
from workstation.kernel.errors import NotUnderstood, PorticoError
from workstation.kernel.money import dollars, parse_dollars
from workstation.sync.waiting import WaitingRow

IN_DOUBT = frozenset({"payment_unknown", "payment_never_answered", "payment_answer_differs"})
"""Items of card payments that wait for the processor's word, found by a supervisor."""


class SettleOverlay(Overlay):
    """``ask(row, may)``; answered by ``settled(item id, note)``, or for a card payment in doubt
    by ``proven(row, approved, cents, reference)``: what the processor's portal says."""

    settled = Signal(str, str)
    proven = Signal(object, bool, int, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=560, top=96)
        self._row: WaitingRow | None = None
        self._may = self._doubt = False
        self._title = Text("", role="section", weight="bold", wrap=True)
        self._who = Text("", tone="muted")
        self._denied = Note(say("A supervisor settles what is about money."), icon="lock")
        self.note = Line(hint=say("such as: member ID corrected, asked again"))
        self._field = Field(say("What was done"), self.note)
        self.note.textChanged.connect(self._typed)
        self.says = Segments(
            [
                ("charged", say("It was charged"), "circle-check"),
                ("not", say("It was not charged"), "circle-x"),
            ],
            name=say("The processor's portal says"),
        )
        self.says.chosen.connect(self._typed)
        self.amount = Line()
        self._amount = Field(say("Amount charged"), self.amount, width="money")
        self.amount.textChanged.connect(self._typed)
        self.go = Button(say("It is settled"), kind="primary", icon_after="corner-down-left")
        self.go.clicked.connect(self._settle)
        self.close_button = Button(say("Leave it open"), key="Esc")
        self.close_button.clicked.connect(self.close_)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(24, 18, 24, 18)
        box.setSpacing(10)
        for widget in (self._title, self._who, self._denied, self.says, self._amount, self._field):
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
        self._doubt = may and row.about in IN_DOUBT
        self.says.setVisible(self._doubt)
        self.says.choose("")
        asked = row.detail.get("asked")
        self.amount.setText(dollars(asked) if isinstance(asked, int) else "")
        self.note.clear()
        self._typed()
        self.open()

    @Slot()
    def _settle(self) -> None:
        note = self.note.text().strip()
        if not note:
            self._field.tell("stop", say("Say in a few words what was done."))
        elif self._row is not None and self._doubt:
            self._prove(self._row, note)
        elif self._row is not None:
            self.settled.emit(self._row.id, note)

    def _prove(self, row: WaitingRow, note: str) -> None:
        """Only the processor's word ends a payment in doubt; where it stands goes into the note."""
        if not self.says.value:
            self._field.tell("stop", say("Choose what the processor's portal says."))
            return
        charged = self.says.value == "charged"
        try:
            cents = parse_dollars(self.amount.text()) if charged else 0
        except NotUnderstood as error:
            self._amount.tell("stop", f"{say(error.say)} {say(error.do)}")
            return
        self.proven.emit(row, charged, cents, note)

    def refused(self, error: PorticoError) -> None:
        """Somebody settled it meanwhile."""
        self._field.tell("stop", f"{say(error.say)} {say(error.do)}")
        self.resettle()

    @Slot()
    def _typed(self) -> None:
        self._field.tell()
        self._amount.tell()
        self._amount.setVisible(self._doubt and self.says.value == "charged")
        self.resettle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._may:
            event.accept()
            self._settle()
        else:
            super().keyPressEvent(event)
