"""The card of what differs: what it is, what to do, and a button to the question at fault."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Card, Mark, Text, column
from ui.eligibility.differences import DifferenceLine
from ui.style import SPACE


class DifferencesCard(Card):
    """``show_lines(lines)``; hidden where nothing differs."""

    goWanted = Signal(object)
    """(Go): the question that mends it."""

    def __init__(self) -> None:
        super().__init__(padding=SPACE.m)
        self._shown: tuple[DifferenceLine, ...] = ()
        self._home = QWidget()
        self._box = QVBoxLayout(self._home)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE.s)
        self.add(self._home)
        self.buttons: list[Button] = []
        self.hide()

    def show_lines(self, lines: Sequence[DifferenceLine]) -> None:
        """Other lines; nothing happens where they are the same."""
        lines = tuple(lines)
        if lines == self._shown:
            return
        self._shown = lines
        while self._box.count():
            item = self._box.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        self.buttons = []
        for line in lines:
            self._box.addWidget(self._line(line))
        self.setVisible(bool(lines))

    def _line(self, line: DifferenceLine) -> QWidget:
        icon, tone = ("history", "muted") if line.level == "info" else ("triangle-alert", "warn")
        words = [Text(line.words, wrap=True)]
        words += [Text(line.do, role="small", tone="muted", wrap=True)] if line.do else []
        home = QWidget()
        home.setAccessibleName(f"{line.words} {line.do}".strip())
        box = QHBoxLayout(home)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE.s)
        box.addWidget(Mark(icon, tone, 16), 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(column(*words, gap=2), 1)
        if line.go is not None:
            press = Button(line.go.words)
            press.setProperty("place", len(self.buttons))
            press.clicked.connect(self._pressed)
            self.buttons.append(press)
            box.addWidget(press)
        return home

    @Slot()
    def _pressed(self) -> None:
        press = self.sender()
        ways = [line.go for line in self._shown if line.go is not None]
        if press is not None:
            self.goWanted.emit(ways[int(press.property("place"))])
