"""The payer's word in one line, for a page that shows a coverage: state, copay, all benefits."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.controls import Button, Mark, Text
from ui.eligibility.benefits import answer_line
from ui.eligibility.seen import Seen
from ui.style import SPACE
from ui.words import say

_ICONS = {
    "ok": "circle-check",
    "stop": "octagon-alert",
    "warn": "triangle-alert",
    "muted": "hourglass",
}


class AnswerLine(QWidget):
    """``line.show_seen(seen, place, now)``; hidden while nothing may be said, as when locked."""

    benefitsWanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._icon = Mark("hourglass", "muted", 20)
        self.first = Text("", weight="semibold")
        self.first.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.rest = Text("", wrap=True)
        self.all = Button(say("All benefits"))
        self.all.clicked.connect(self.benefitsWanted)
        box = QHBoxLayout(self)
        box.setContentsMargins(SPACE.xs, 0, 0, 0)
        box.setSpacing(SPACE.s)
        for part, stretch in ((self._icon, 0), (self.first, 0), (self.rest, 1), (self.all, 0)):
            box.addWidget(part, stretch)
        self.hide()

    def show_seen(self, seen: Seen | None, place: int, now: datetime) -> None:
        """What the payer of the coverage at a place said last."""
        shown = seen is not None and not seen.locked and place < len(seen.coverages)
        self.setVisible(shown)
        if seen is None or not shown:
            return
        tone, first, rest = answer_line(seen, place, now)
        self._icon.show_icon(_ICONS[tone], tone)
        self.first.setText(first)
        self.first.set_tone("text" if tone in ("ok", "muted") else tone)
        self.rest.setText(rest)
        self.all.setVisible(seen.coverages[place].answer is not None)
        self.setAccessibleName(f"{first} {rest}".strip())
