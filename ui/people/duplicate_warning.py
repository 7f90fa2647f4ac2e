"""The warning before a second chart is born: it can only be answered, not waved away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Avatar, Button, Field, IconText, Line, Overlay, Pane, Text, scrolling
from ui.style import paint
from ui.words import say

LEAST_REASON = 5
"""Letters that a reason must have: ``x`` is no reason, ``twin`` needs whose."""


@dataclass(frozen=True, slots=True)
class Likely:
    """A chart that may be this person's. ``reasons`` are words of the matcher."""

    id: str
    name: str
    facts: str
    reasons: tuple[str, ...]
    same: bool = False
    """True where the matcher calls it the same person, not only possibly."""
    initials: str = ""


class _Candidate(QWidget):
    """One candidate with its reasons and its button."""

    def __init__(self, likely: Likely) -> None:
        super().__init__()
        box = QHBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 12)
        box.setSpacing(14)
        face = Avatar(40)
        face.show_initials(likely.initials)
        box.addWidget(face, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Text(likely.name, weight="semibold"))
        words.addWidget(Text(likely.facts, role="small", tone="muted"))
        words.addWidget(Text(" · ".join(map(say, likely.reasons)), role="small", wrap=True))
        box.addLayout(words, 1)
        level = "stop" if likely.same else "warn"
        kind = say("Very likely the same") if likely.same else say("Possibly the same")
        icon = "octagon-alert" if likely.same else "triangle-alert"
        box.addWidget(IconText(icon, kind, tone=level, role="small"))
        self.open = Button(say("Open this chart"), name=say("Open chart of {n}", n=likely.facts))
        self.open.setProperty("person", likely.id)
        box.addWidget(self.open)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), "surface", "line", radius=8)
        painter.end()


class DuplicateWarning(Overlay):
    """``ask(name, candidates)``; answered by ``chartChosen(id)``, ``anotherPerson(reason)`` or
    ``correctionWanted()``."""

    chartChosen = Signal(str)
    anotherPerson = Signal(str)
    correctionWanted = Signal()
    """A slip of the pen: back to what was typed. No chart is made by it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=820, top=64)
        self._title = Text("", role="page", weight="bold")
        self._lead = Text("", tone="muted", wrap=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._shown: list[_Candidate] = []
        self._holder = QWidget()
        self._holder.setLayout(self._list)
        self.reason = Line(hint=say("such as: twin sister, both charts seen"))
        self._field = Field(say("Why this is another person"), self.reason)
        self._correct = Button(say("&Correct what was typed"), kind="quiet")
        self._correct.clicked.connect(self._correction)
        self._other = Button(say("This is another person"))
        self._other.setEnabled(False)
        self.reason.textChanged.connect(self._reason_typed)
        self._other.clicked.connect(self._another)
        head = QVBoxLayout()
        head.setContentsMargins(24, 18, 24, 12)
        head.setSpacing(4)
        head.addWidget(self._title)
        head.addWidget(self._lead)
        body = QVBoxLayout()
        body.setContentsMargins(24, 4, 24, 16)
        self._area = scrolling(self._holder)
        body.addWidget(self._area)
        foot = Pane("", ("top",))
        line = QHBoxLayout(foot)
        line.setContentsMargins(24, 14, 24, 10)
        line.setSpacing(12)
        line.addWidget(self._field, 1)
        line.addWidget(self._other, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._correct, 0, Qt.AlignmentFlag.AlignVCenter)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(1, 1, 1, 1)
        box.setSpacing(0)
        box.addLayout(head)
        box.addLayout(body)
        box.addWidget(foot)

    def may_close(self) -> bool:
        return False

    def first(self) -> QWidget | None:
        return self._shown[0].open if self._shown else self.reason

    def ask(self, name: str, candidates: Sequence[Likely]) -> None:
        """Shows the candidates, best first, for the person that was about to be made."""
        for old in self._shown:
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._shown = [_Candidate(likely) for likely in candidates]
        for shown in self._shown:
            shown.open.clicked.connect(self._opened)
            self._list.addWidget(shown)
            shown.show()
        self._title.setText(say("Is {name} one of these?", name=name))
        self._lead.setText(
            say(
                "A second chart splits a person's history. Open the right chart, or say in a few "
                "words why this is somebody else. What you typed is kept either way."
            )
        )
        self.reason.clear()
        self._field.tell()
        tall = sum(s.sizeHint().height() + 8 for s in self._shown)
        self._area.setFixedHeight(max(80, min(tall, 330)))
        self.open()

    @Slot()
    def _opened(self) -> None:
        button = self.sender()
        if isinstance(button, Button):
            person = str(button.property("person"))
            self.close_()
            self.chartChosen.emit(person)

    @Slot(str)
    def _reason_typed(self, text: str) -> None:
        self._other.setEnabled(len(text.strip()) >= LEAST_REASON)
        self._field.tell()

    @Slot()
    def _correction(self) -> None:
        self.close_()
        self.correctionWanted.emit()

    @Slot()
    def _another(self) -> None:
        reason = self.reason.text().strip()
        if len(reason) >= LEAST_REASON:
            self.close_()
            self.anotherPerson.emit(reason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.reason.hasFocus() and self._other.isEnabled():
            self._another()
        elif event.key() == Qt.Key.Key_Escape or enter:
            words = say(
                "Open one of the charts above, say why this is another person, or correct what "
                "was typed."
            )
            self._field.tell("warn", words)
