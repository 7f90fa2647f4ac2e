"""A chart beside the open one, to read only: one chart at a time takes scans and typing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Avatar, Button, Chip, Note, Pane, Text, scrolling
from ui.controls.texts import breakable
from ui.hands import give
from ui.words import say

Fact = tuple[str, str]
"""(caption, value), both in words."""
Who = tuple[str, str, str]
"""(person id, name, birth date and MRN)"""


class BesideChart(Pane):
    """A window of its own; the lock hides it with the rest. The opening is audited before it."""

    filedWanted = Signal(str, str, str)
    """The parts of :data:`Who`: what was signed and scanned."""

    def __init__(self, home: QWidget) -> None:
        super().__init__("surface")
        self._home = home
        self.resize(420, 520)
        self._avatar = Avatar(52)
        self._name = Text("", role="section", weight="semibold", wrap=True)
        self._facts = QVBoxLayout()
        self._built: list[QWidget] = []
        self._close = Button(say("Close"), key="Esc", name=say("Close the chart beside"))
        self._close.clicked.connect(self.close)
        self.papers = Button(say("&Papers and pictures"), icon="folder")
        self.papers.clicked.connect(self._papers)
        self._person = ("", "", "")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._name, 1)
        inner = QWidget()
        body = QVBoxLayout(inner)
        body.setContentsMargins(16, 0, 16, 8)
        body.setSpacing(12)
        body.addLayout(self._facts)
        body.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 16, 0, 16)
        outer.setSpacing(12)
        head.setContentsMargins(16, 0, 16, 0)
        outer.addLayout(head)
        note = QVBoxLayout()
        note.setContentsMargins(16, 0, 16, 0)
        words = say("Only to read: scans and typing go to the chart in the main window.")
        note.addWidget(Note(words, level="accent", icon="eye"))
        outer.addLayout(note)
        outer.addWidget(scrolling(inner), 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 0, 16, 0)
        foot.addWidget(self.papers)
        foot.addStretch(1)
        foot.addWidget(self._close)
        outer.addLayout(foot)

    def show_person(
        self,
        who: Who,
        initials: str,
        sections: Sequence[tuple[str, Sequence[Fact]]],
        flags: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        """Sections of facts, each under its title; ``flags`` as (words, icon, level)."""
        self.setWindowTitle(say("Beside, to read"))  # No name: titles reach window lists and logs.
        self._person = who
        self._avatar.show_initials(initials)
        self._name.setText(breakable(who[1]))
        for old in self._built:
            self._facts.removeWidget(old)
            old.hide()
            old.deleteLater()
        chips = [Chip(words, icon=icon, level=level) for words, icon, level in flags]
        self._built = [*chips, *(_section(title, facts) for title, facts in sections)]
        for part in self._built:
            self._facts.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
            part.show()
        corner = self._home.frameGeometry().topRight()
        self.move(corner.x() - self.width() - 24, corner.y() + 72)
        self.show()
        self.activateWindow()
        give(self._close)

    @Slot()
    def _papers(self) -> None:
        """They are shown over the main window, which is larger."""
        self._home.activateWindow()
        self.filedWanted.emit(*self._person)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)


def _section(title: str, facts: Sequence[Fact]) -> QWidget:
    part = QWidget()
    form = QFormLayout(part)
    form.setContentsMargins(0, 0, 0, 0)
    form.setVerticalSpacing(4)
    form.setHorizontalSpacing(16)
    form.addRow(Text(title, role="small", weight="semibold", tone="muted"))
    for caption, value in facts:
        form.addRow(Text(caption, tone="muted"), Text(value, wrap=True))
    return part
