"""A conflict side by side: what was, what stands, what waits; one key and a reason settle it."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Field, Line, Mark, Note, Overlay, Pane, Segments, Text
from ui.hands import give
from ui.words import say
from ui.work import words
from ui.work.differing import marked
from workstation.kernel.errors import PorticoError
from workstation.sync.use_cases import MINE, THEIRS
from workstation.sync.waiting import WaitingRow

LEAST_REASON = 3
"""Letters of a reason: ``ID`` says nothing, ``ID seen`` does."""


class ConflictOverlay(Overlay):
    """``compare(row, may)``; answered by ``settled(conflict id, take, reason)``."""

    settled = Signal(str, str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=880, top=56)
        self._row: WaitingRow | None = None
        self._may = False
        self._title = Text("", role="page", weight="bold")
        self._who = Text("", weight="semibold")
        self._lead = Text("", tone="muted", wrap=True)
        self._why = Text("", tone="muted", wrap=True)
        self._table = Pane("window")
        self._grid = QGridLayout(self._table)
        self._grid.setContentsMargins(12, 10, 12, 10)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._cells: list[QWidget] = []
        self._denied = Note(
            say("A supervisor settles conflicts. You can look; nothing is lost meanwhile."),
            level="warn",
            icon="lock",
        )
        self.choice = Segments(
            [
                (THEIRS, say("1  Keep what stands"), "check"),
                (MINE, say("2  Take what waits"), "arrow-right"),
            ],
            name=say("Which is right"),
        )
        self.choice.choose("")
        self.choice.chosen.connect(self._chosen)
        self.reason = Line(hint=say("such as: licence seen at the desk"))
        self._field = Field(say("How you know"), self.reason)
        self.reason.textChanged.connect(self._typed)
        self.go = Button(say("Settle it"), kind="primary", icon_after="corner-down-left")
        self.go.clicked.connect(self._settle)
        self.close_button = Button(say("Leave it open"), key="Esc")
        self.close_button.clicked.connect(self.close_)
        self._build()

    def _build(self) -> None:
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(24, 18, 24, 18)
        box.setSpacing(10)
        box.addWidget(self._title)
        box.addWidget(self._who)
        box.addWidget(self._lead)
        box.addWidget(self._why)
        box.addWidget(self._table)
        box.addWidget(self._denied)
        box.addSpacing(4)
        box.addWidget(self.choice)
        box.addWidget(self._field)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.go)
        box.addLayout(foot)

    def first(self) -> QWidget:
        return self.choice.focusProxy() or self.choice if self._may else self.close_button

    def compare(self, row: WaitingRow, *, may: bool) -> None:
        """Shows a conflict; ``may`` False says whom to ask instead."""
        self._row, self._may = row, may
        self._title.setText(words.about_words(row))
        self._who.setText(
            " · ".join(p for p in (words.person_words(row), words.facts_words(row)) if p)
        )
        self._lead.setText(
            say(
                "The change that arrived first stands. The other one, made at {desk}, waits. "
                "Ask the patient or look at a paper, then choose.",
                desk=row.source or say("another desk"),
            )
        )
        self._why.setText(words.why_words(row))
        self._why.setVisible(bool(self._why.text()))
        self._fill(row)
        self._denied.setVisible(not may)
        self.choice.setVisible(may)
        self._field.setVisible(may)
        self.go.setVisible(may)
        self.choice.choose("")
        self.reason.clear()
        self._field.tell()
        self.open()

    def _fill(self, row: WaitingRow) -> None:
        for old in self._cells:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._cells = []
        waits = say("Waits, from {desk}", desk=row.source or say("another desk"))
        heads = ("", say("Before"), say("Stands now"), waits)
        for column, head in enumerate(heads):
            self._put(Text(head, role="small", weight="semibold", tone="muted"), 0, column)
            self._grid.setColumnStretch(column, 2 if column == 0 else 3)
        sides = [row.detail.get(side) or {} for side in ("base", "stands", "waits")]
        for line, name in enumerate(row.detail.get("fields", ()), 1):
            label = words.field_words(name)
            self._put(Text(label, weight="semibold"), line, 0)
            before, stands, waits = (words.value_words(name, side.get(name)) for side in sides)
            hidden = stands == waits and sides[1].get(name) != sides[2].get(name)
            self._put(Text(before, tone="muted", wrap=True), line, 1)
            self._put(_side("check", "ok", stands, waits, hidden=hidden), line, 2)
            self._put(_side("hourglass", "warn", waits, stands, hidden=hidden), line, 3)

    def _put(self, widget: QWidget, line: int, column: int) -> None:
        self._cells.append(widget)
        self._grid.addWidget(widget, line, column, Qt.AlignmentFlag.AlignTop)
        widget.show()

    @Slot(str)
    def _chosen(self, _: str) -> None:
        give(self.reason)

    @Slot()
    def _settle(self) -> None:
        reason = self.reason.text().strip()
        if not self.choice.value:
            self._field.tell("stop", say("Choose first: 1 keeps what stands, 2 takes what waits."))
        elif len(reason) < LEAST_REASON:
            self._field.tell("stop", say("Say in a few words how you know."))
            give(self.reason)
        elif self._row is not None:
            self.settled.emit(self._row.id, self.choice.value, reason)

    def refused(self, error: PorticoError) -> None:
        """Somebody settled it meanwhile, or it may not be: said under the reason."""
        self._field.tell("stop", f"{say(error.say)} {say(error.do)}")
        self.resettle()

    @Slot()
    def _typed(self) -> None:
        self._field.tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        take = {Qt.Key.Key_1: THEIRS, Qt.Key.Key_2: MINE}.get(Qt.Key(event.key()))
        if take is not None and self._may:
            event.accept()
            self.choice.choose(take)
            self._chosen(take)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._may:
            event.accept()
            self._settle()
        else:
            super().keyPressEvent(event)


def _side(icon: str, tone: str, value: str, other: str, *, hidden: bool) -> QWidget:
    """One side's value, with what the other side has otherwise bold and underlined.

    ``hidden``: they differ only in digits that are not shown, such as the first of an SSN.
    """
    side = QWidget()
    text = Text(marked(value, other), rich=True, wrap=True)
    text.setAccessibleName(value)
    if hidden:
        note = say("{value} (differs in digits not shown)", value=value)
        text.setText(escape(note))
        text.setAccessibleName(note)
    box = QHBoxLayout(side)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(6)
    box.addWidget(Mark(icon, tone), 0, Qt.AlignmentFlag.AlignTop)
    box.addWidget(text, 1)
    return side
