"""Noting a disclosure: to whom, what, why (45 CFR 164.528(b)(2))."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Field, Line, Overlay, Text
from ui.hands import give
from ui.words import say
from workstation.kernel.errors import PorticoError


class DisclosureOverlay(Overlay):
    """``ask(person id, patient)``; answered by ``told(person id, to, what, purpose)``."""

    told = Signal(str, str, str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=600, top=96)
        self._person = ""
        self._lead = Text("", tone="muted", wrap=True)
        self.lines = {
            "to": Line(hint=say("name, and address where it is known")),
            "what": Line(hint=say("such as: registration record of 3 May 2026")),
            "purpose": Line(hint=say("such as: court order, public health, asked in writing")),
        }
        labels = {"to": say("To whom"), "what": say("What"), "purpose": say("Why")}
        self._fields = {name: Field(labels[name], line) for name, line in self.lines.items()}
        self.go = Button(say("Note the disclosure"), kind="primary", icon_after="corner-down-left")
        self.go.clicked.connect(self._go)
        self.close_button = Button(say("Close"), key="Esc")
        self.close_button.clicked.connect(self.close_)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(24, 18, 24, 18)
        box.setSpacing(10)
        box.addWidget(Text(say("Note a disclosure"), role="section", weight="bold"))
        for widget in (self._lead, *self._fields.values()):
            box.addWidget(widget)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.go)
        box.addLayout(foot)

    def first(self) -> QWidget:
        return self.lines["to"]

    def ask(self, person_id: str, patient: str) -> None:
        """Empty lines, for this patient."""
        self._person = person_id
        self._lead.setText(
            say("{patient}. It cannot be changed later; note what is wrong anew.", patient=patient)
        )
        for name, line in self.lines.items():
            line.clear()
            self._fields[name].tell()
        self.open()

    def refused(self, error: PorticoError) -> None:
        """Says at the line what is missing; what was typed stays."""
        name = error.field if error.field in self.lines else "to"
        self._fields[name].tell("stop", say(error.say))
        give(self.lines[name])

    @Slot()
    def _go(self) -> None:
        for field in self._fields.values():
            field.tell()
        self.told.emit(self._person, *(line.text() for line in self.lines.values()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self._go()
        else:
            super().keyPressEvent(event)
