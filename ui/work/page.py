"""Work: conflicts between desks, items to settle, my own check-ins; Enter opens what is chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.changes import ChangesBus
from ui.controls import Button, Placeholder, Text
from ui.controls.table import Framed
from ui.hands import give
from ui.jobs import Jobs, expected
from ui.words import say
from ui.work import commands as _declared  # noqa: F401 - declares this page's commands
from ui.work import words
from ui.work.table import WorkCells, WorkTable
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock
from workstation.sync.waiting import WaitingKind, WaitingRow

_SHOWN = frozenset({Kind.CONFLICT, Kind.WORK_ITEM, Kind.DRAFT, Kind.PERSON, Kind.VISIT, Kind.SYNC})


class WorkPage(QWidget):
    """Emits what a person wants to settle; the desk answers."""

    context = "work"

    opened = Signal(object)
    """(WaitingRow): show the conflict, resume the check-in, open the visit."""
    settleWanted = Signal(object)
    """(WaitingRow): a work item is done."""
    giveUpWanted = Signal(object)
    """(WaitingRow): a check-in will not be finished."""
    counted = Signal(int)
    """How many rows wait, for the rail."""

    def __init__(
        self, read: Callable[[], tuple[WaitingRow, ...]], jobs: Jobs, bus: ChangesBus, clock: Clock
    ) -> None:
        super().__init__()
        self._read, self._jobs, self._clock = read, jobs, clock
        self.target = self
        self.rows: tuple[WaitingRow, ...] = ()
        self._build()
        bus.changed.connect(self._changed)
        self._empty.loading(say("Reading what waits…"))
        self.refresh()

    def _build(self) -> None:
        self.table = WorkTable()
        self.table.rowOpened.connect(self.open_chosen)
        self._empty = Placeholder()
        self._empty.asked.connect(self.refresh)
        over = QVBoxLayout(self.table.viewport())
        over.setContentsMargins(0, 0, 0, 0)
        over.addWidget(self._empty)
        self._count = Text("", tone="muted")
        self._count.setContentsMargins(0, 4, 0, 0)
        self.settle_button = Button(say("Settle…"), key="Ctrl+Enter")
        self.open_button = Button(say("Open"), kind="primary", icon_after="corner-down-left")
        self.give_up_button = Button(say("Give it up"), key="Delete")
        self.settle_button.clicked.connect(self.settle_chosen)
        self.give_up_button.clicked.connect(self.give_up_chosen)
        self.open_button.clicked.connect(self.open_chosen)
        header = QHBoxLayout()
        header.setSpacing(8)
        header.addWidget(Text(say("Work"), role="page", weight="bold"))
        header.addSpacing(6)
        header.addWidget(self._count)
        header.addStretch(1)
        header.addWidget(self.give_up_button)
        header.addWidget(self.settle_button)
        header.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 14, 12, 12)
        column.setSpacing(12)
        column.addLayout(header)
        column.addWidget(Framed(self.table), 1)
        self.table.selectionModel().currentRowChanged.connect(self._moved)
        self._moved()

    # The page on top

    def entered(self) -> None:
        """Reads afresh and takes the focus to the table."""
        self.refresh()
        give(self.table)

    def panes(self) -> list[QWidget]:
        """For F6."""
        return [self.table]

    @Slot()
    def refresh(self) -> None:
        """Reads the list again."""
        self._jobs.read(
            self._read, owner=self, replaces="work", done=self._loaded, failed=self._failed
        )

    @Slot(object)
    def _loaded(self, rows: tuple[WaitingRow, ...]) -> None:
        self.rows = rows
        now = self._clock()
        self.table.show_rows([_cells(row, words.since_words(row, now)) for row in rows])
        conflicts = sum(row.kind is WaitingKind.CONFLICT for row in rows)
        self._count.setText(_count_words(len(rows), conflicts))
        self._empty.empty(
            say("Nothing waits for you"),
            say("Conflicts between desks, refused questions and your open check-ins come here."),
        )
        self._empty.setVisible(not rows)
        self._moved()
        self.counted.emit(len(rows))

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        told = expected(error)
        if not self.rows:
            self._empty.failed(say(told.say), say(told.do), say("Read again"))
            self._empty.show()

    @Slot(object, object)
    def _changed(self, kinds: frozenset[Kind], by: Any) -> None:
        if kinds & _SHOWN:
            self.refresh()

    @Slot()
    def _moved(self) -> None:
        row = self.chosen
        self.open_button.setEnabled(row is not None)
        draft = row is not None and row.kind is WaitingKind.DRAFT
        self.settle_button.setEnabled(row is not None and row.kind is WaitingKind.ITEM)
        self.settle_button.setVisible(not draft)
        self.give_up_button.setVisible(draft)
        self.open_button.set_words(_open_words(row))

    # What a person does

    @property
    def chosen(self) -> WaitingRow | None:
        """The row under the cursor."""
        cells = self.table.chosen
        return cells.row if cells is not None else None

    @Slot()
    def open_chosen(self) -> None:
        """Enter."""
        if self.chosen is not None:
            self.opened.emit(self.chosen)

    @Slot()
    def settle_chosen(self) -> None:
        """Ctrl+Enter, of a work item."""
        if self.chosen is not None and self.chosen.kind is WaitingKind.ITEM:
            self.settleWanted.emit(self.chosen)

    @Slot()
    def give_up_chosen(self) -> None:
        """Delete, of an own check-in."""
        if self.chosen is not None and self.chosen.kind is WaitingKind.DRAFT:
            self.giveUpWanted.emit(self.chosen)


def _cells(row: WaitingRow, since: str) -> WorkCells:
    kind, icon, tone = words.kind_words(row)
    return WorkCells(
        row,
        kind,
        icon,
        tone,
        words.person_words(row),
        words.facts_words(row),
        words.about_words(row),
        words.detail_words(row),
        since,
    )


def _open_words(row: WaitingRow | None) -> str:
    if row is None:
        return say("Open the visit")
    return {
        WaitingKind.CONFLICT: say("Compare and settle"),
        WaitingKind.DOWNTIME: say("Look and sign"),
        WaitingKind.ITEM: say("Open the visit"),
        WaitingKind.DRAFT: say("Resume"),
    }[row.kind]


def _count_words(rows: int, conflicts: int) -> str:
    if not rows:
        return ""
    waiting = say("1 waits") if rows == 1 else say("{n} wait", n=rows)
    if not conflicts:
        return waiting
    between = say("1 conflict") if conflicts == 1 else say("{n} conflicts", n=conflicts)
    return f"{waiting} · {between}"
