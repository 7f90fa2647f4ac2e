"""The dense table: a Python model over tuples, a delegate that paints the marks, typing filters."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import cast

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from ui import style
from ui.arrivals.cells import Cells
from ui.controls.table import CellPictures, DenseTable, Index, is_chosen, row_ground
from ui.style import HEIGHT, paint
from ui.words import say

COLUMNS = ("time", "patient", "born", "visit", "coverage", "todo", "today", "status")
_TITLES = (
    "Time",
    "Patient",
    "Born",
    "Visit",
    "Coverage, as the payer says",
    "To do",
    "Today, est.",
    "Status",
)
_WIDTHS = (54, 172, 122, 116, 199, 148, 84, 119)
_GROWTH = (0, 3, 0, 3, 4, 4, 0, 1)
_YIELD = (0, 40, 24, 28, 84, 44, 0, 18)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ArrivalsModel(QAbstractTableModel):
    """Rows ready to paint. Only text and accessible text leave it as data."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[Cells, ...] = ()

    def show(self, rows: Sequence[Cells]) -> None:
        """Other rows; where the number is the same only those that changed are painted again."""
        if len(rows) != len(self.rows):
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()
            return
        before, self.rows = self.rows, tuple(rows)
        for at, (old, new) in enumerate(zip(before, self.rows, strict=True)):
            if old is not new and old != new:
                self.dataChanged.emit(self.index(at, 0), self.index(at, len(COLUMNS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        row = self.rows[index.row()]
        column = COLUMNS[index.column()]
        if column == "patient":
            spoken = role == Qt.ItemDataRole.AccessibleTextRole
            return row.spoken if spoken else row.name
        if column == "coverage":
            return " · ".join(part for part in (row.coverage, row.plan) if part)
        if column == "todo":
            return ", ".join(label for label, _ in row.todo) or say("Nothing")
        return getattr(row, column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return say(_TITLES[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if COLUMNS[section] == "today" else _LEFT)
        return None


class ArrivalsDelegate(QStyledItemDelegate):
    """Paints a cell: never a widget in a cell."""

    def __init__(self, view: QTableView) -> None:
        super().__init__(view)
        self._view = view
        self.pictures = CellPictures(view)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_WIDTHS[index.column()], HEIGHT["row"])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, ArrivalsModel)  # noqa: S101
        cells = model.rows[index.row()]
        rect: QRect = getattr(option, "rect")  # noqa: B009
        shows = (cells, index.column(), is_chosen(option), self._view.hasFocus())

        def paint_it(inside: QPainter) -> None:
            row_ground(self, inside, option, index)
            _cell(inside, QRectF(rect).adjusted(8, 0, -8, -1), cells, COLUMNS[index.column()])

        self.pictures.draw(painter, rect, shows, paint_it)


def _cell(painter: QPainter, area: QRectF, cells: Cells, column: str) -> None:
    if column == "coverage":
        _coverage(painter, area, cells)
    elif column == "todo":
        _todo(painter, area, cells)
    else:
        _words(painter, area, cells, column)


def _words(painter: QPainter, area: QRectF, cells: Cells, column: str) -> None:
    font, tone, align = style.font("body"), "text", Qt.AlignmentFlag.AlignLeft
    words = str(getattr(cells, "name" if column == "patient" else column))
    done = cells.status_tone == "muted"
    if column == "patient":
        font = style.font("body", "semibold")
    elif column == "born":
        font, tone = style.font("small"), "muted"
        if QFontMetricsF(font).horizontalAdvance(words) > area.width():
            words = words.partition(" · ")[0]  # The date identifies; the age can be worked out.
    elif column == "today":
        align = Qt.AlignmentFlag.AlignRight
        tone = "text" if cells.today_known else "muted"
    elif column == "status":
        font, tone = style.font("body", "medium"), cells.status_tone
    elif column == "visit" and cells.row.emergency_locked:
        font, tone = style.font("body", "medium"), "stop"
    if done and column != "status":
        tone = "muted"
    paint.text(painter, area, words, font, tone, align)


def _coverage(painter: QPainter, area: QRectF, cells: Cells) -> None:
    left = area.left()
    if cells.coverage_icon:
        at = QPointF(left, area.center().y() - 8)
        paint.mark(painter, at, cells.coverage_icon, cells.coverage_tone, 16)
        left += 19
    rest = QRectF(left, area.top(), area.right() - left, area.height())
    body = style.font("body")
    left += paint.text(painter, rest, cells.coverage, body, cells.coverage_tone)
    if cells.plan and left < area.right() - 16:
        rest = QRectF(left, area.top(), area.right() - left, area.height())
        dot = paint.text(painter, rest, " · ", body, "muted") if cells.coverage else 0.0
        left += dot
        rest = QRectF(left, area.top(), area.right() - left, area.height())
        paint.text(painter, rest, cells.plan, body, "text")


def _todo(painter: QPainter, area: QRectF, cells: Cells) -> None:
    if cells.row.emergency_locked and not cells.todo:
        return
    if not cells.todo:
        paint.mark(painter, QPointF(area.left(), area.center().y() - 8), "check", "ok")
        rest = area.adjusted(19, 0, 0, 0)
        paint.text(painter, rest, say("Nothing"), style.font("body"), "ok")
        return
    font = style.font("mark", "semibold")
    metrics = QFontMetricsF(font)
    left = area.left()
    for number, (label, tone) in enumerate(cells.todo):
        wide = metrics.horizontalAdvance(label) + 12
        more = len(cells.todo) - number - 1
        room = area.right() - left - (24 if more else 0)
        if wide > room and number:
            rest = QRectF(left + 2, area.top(), 24, area.height())
            paint.text(painter, rest, f"+{more + 1}", font, "muted")
            return
        box = QRectF(left, area.center().y() - 9, min(wide, room), 18)
        paint.tag(painter, box, metrics.elidedText(label, _ELIDE, box.width() - 8), font, tone)
        left = box.right() + 5


_ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: sys.maxsize}
"""Rows that these keys go to."""
_ELIDE = Qt.TextElideMode.ElideRight


class ArrivalsTable(DenseTable):
    """Arrows move, typing narrows, Escape clears what was typed."""

    typed = Signal(str)
    rowChosen = Signal(str)
    rowOpened = Signal(str)

    def __init__(self) -> None:
        super().__init__(say("Arrivals of the day"), ground="window")
        self.rows_model = ArrivalsModel()
        self.setModel(self.rows_model)
        self._delegate = ArrivalsDelegate(self)
        self.setItemDelegate(self._delegate)
        # The bar at the chosen row tells the focus; a ring around everything would shout.
        self.setProperty("ring", False)
        self.setMouseTracking(False)
        self._typed = ""
        self._quiet = False
        self.selectionModel().currentRowChanged.connect(self._moved)
        self.doubleClicked.connect(self._opened)

    def compact(self, dense: bool) -> None:
        """Rows of 28 px instead of 34."""
        size = HEIGHT["row_compact"] if dense else HEIGHT["row"]
        self.verticalHeader().setDefaultSectionSize(size)

    def show_rows(self, rows: Sequence[Cells], chosen_id: str, typed: str) -> None:
        """Rows, the one chosen, and what was typed; the scroll position stays."""
        self._typed = typed
        self._quiet = True
        self.rows_model.show(rows)
        self._fit()
        at = next((n for n, c in enumerate(rows) if c.row.visit_id == chosen_id), -1)
        if at >= 0 and self.currentIndex().row() != at:
            self.setCurrentIndex(self.rows_model.index(at, 1))
        elif at >= 0 and not self.selectionModel().hasSelection():
            self.selectRow(at)
        self._quiet = False

    def _moved(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid() and not self._quiet:
            self.rowChosen.emit(self.rows_model.rows[current.row()].row.visit_id)

    def _opened(self, index: QModelIndex) -> None:
        if index.isValid():
            self.rowOpened.emit(self.rows_model.rows[index.row()].row.visit_id)

    def event(self, event: QEvent) -> bool:
        # While a name is being typed, Space is part of it and not a command.
        override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if override and self._typed and cast(QKeyEvent, event).key() == Qt.Key.Key_Space:
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        with self._delegate.pictures.painting():
            super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
        )
        text = event.text()
        if plain and event.key() == Qt.Key.Key_Escape and self._typed:
            self.typed.emit("")
        elif plain and event.key() in _ENDS:
            last = self.rows_model.rowCount() - 1
            self.setCurrentIndex(self.rows_model.index(min(last, _ENDS[Qt.Key(event.key())]), 1))
        elif plain and event.key() == Qt.Key.Key_Backspace and self._typed:
            self.typed.emit(self._typed[:-1])
        elif plain and text.isprintable() and text and (text != " " or self._typed):
            self.typed.emit(self._typed + text)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Typing narrows the list; Qt's jump to a row is not wanted."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Wide screens give room to names, visits, plans and marks; narrow ones take it back."""
        spare = self.viewport().width() - sum(_WIDTHS)
        weights = _GROWTH if spare >= 0 else _YIELD
        parts = zip(_WIDTHS, weights, strict=True)
        given = [width + spare * part // sum(weights) for width, part in parts]
        given[4] += max(0, self.viewport().width() - sum(given))
        for column, width in enumerate(given):
            self.setColumnWidth(column, max(40, width))
