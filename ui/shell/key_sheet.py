"""F1: the keys that work here, built from the command registry, so that it is never wrong."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.commands import CommandAction, CommandHost, words_of
from ui.controls import Button, KeyCap, Overlay, Text
from ui.words import say


class KeySheet(Overlay):
    """Commands of the page on top and those that hold always, by menu, with their keys."""

    def __init__(self, window: QWidget, host: CommandHost) -> None:
        super().__init__(window, width=760)
        self._host = host
        self._close = Button(say("Close"), key="Esc", name=say("Close the sheet of keys"))
        self._close.clicked.connect(self.close_)
        self._body = QWidget()
        outer = QVBoxLayout(self.panel)
        outer.setContentsMargins(24, 16, 24, 20)
        outer.setSpacing(12)
        head = QHBoxLayout()
        head.addWidget(Text(say("Keys that work here"), role="page", weight="bold"), 1)
        head.addWidget(self._close)
        outer.addLayout(head)
        outer.addWidget(self._body)
        self._outer = outer

    def first(self) -> QWidget:
        return self._close

    @Slot()
    def open(self) -> None:
        """Builds the sheet for the page on top, and shows it."""
        self._outer.removeWidget(self._body)
        self._body.deleteLater()
        self._body = self._sheet()
        self._outer.addWidget(self._body)
        self._body.show()
        super().open()

    def _sheet(self) -> QWidget:
        groups: dict[str, list[CommandAction]] = {}
        for action in self._host.here():
            if action.command.keys and self._host.permits(action.command):
                groups.setdefault(action.command.menu or say("Here"), []).append(action)
        sheet = QWidget()
        columns = QHBoxLayout(sheet)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(32)
        halves = [QGridLayout(), QGridLayout()]
        for half in halves:
            half.setVerticalSpacing(6)
            half.setColumnStretch(0, 1)
            columns.addLayout(half, 1)
        filled = [0, 0]
        for title, actions in groups.items():
            side = 0 if filled[0] <= filled[1] else 1
            filled[side] = self._group(halves[side], filled[side], title, actions)
        for half, rows in zip(halves, filled, strict=True):
            half.setRowStretch(rows, 1)
        return sheet

    def _group(self, half: QGridLayout, at: int, title: str, actions: list[CommandAction]) -> int:
        caption = Text(say(title), role="small", weight="semibold", tone="muted")
        half.addWidget(caption, at, 0, 1, 2)
        for action in actions:
            at += 1
            half.addWidget(Text(say(action.command.title)), at, 0)
            caps = QHBoxLayout()
            caps.setSpacing(4)
            caps.addStretch(1)
            for key in action.command.keys:
                caps.addWidget(KeyCap(words_of(key)))
            half.addLayout(caps, at, 1, Qt.AlignmentFlag.AlignRight)
        half.setRowMinimumHeight(at + 1, 8)
        return at + 2
