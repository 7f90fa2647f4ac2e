"""The benefits table: services down, figures across; Enter or a press opens the payer's row."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui import style
from ui.controls.table import DenseTable, Index
from ui.eligibility.benefit_rows import Cell, TableRow
from ui.style import HEIGHT, SPACE, paint
from ui.words import say

_TITLES = ("Service", "Copay", "Coinsurance", "Deductible applies", "Network")
_SERVICE = 190
"""Room for the name of a service, before the other columns take more than their words need."""
_AIR = 24
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_HEAD = 30
_NUMBERS = frozenset({1, 2, 3})
"""Columns whose figures stand at the right."""


class BenefitsModel(QAbstractTableModel):
    """Rows ready to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[TableRow, ...] = ()

    def show(self, rows: Sequence[TableRow]) -> None:
        """Other rows; nothing happens where they are the same."""
        if tuple(rows) != self.rows:
            self.beginResetModel()
            self.rows = tuple(rows)
            self.endResetModel()

    def cell(self, index: Index) -> Cell:
        """What stands at a place."""
        return self.rows[index.row()].cells[index.column()]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_TITLES)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.AccessibleTextRole:
            row = self.rows[index.row()]
            if index.column() == 0:
                return f"{row.service}, {say('today')}" if row.today else row.service
            return f"{say(_TITLES[index.column()])}: {self.cell(index).words}"
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.cell(index).words
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if index.column() in _NUMBERS else _LEFT)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return say(_TITLES[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(_RIGHT if section in _NUMBERS else _LEFT)
        return None


class BenefitsDelegate(QStyledItemDelegate):
    """Paints a cell: today's service in bold with its mark, what is not stated muted."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, HEIGHT["row"])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, BenefitsModel)  # noqa: S101
        row, cell = model.rows[index.row()], model.cell(index)
        rect: QRect = getattr(option, "rect")  # noqa: B009
        state = getattr(option, "state")  # noqa: B009
        view = self.parent()
        here = bool(state & QStyle.StateFlag.State_Selected)
        shown = here and isinstance(view, QWidget) and view.hasFocus()
        painter.fillRect(rect, style.colour("selection" if shown else "surface"))
        if index.row() < model.rowCount() - 1:
            paint.hairline(painter, rect, "bottom")
        area = QRectF(rect).adjusted(8, 0, -8, -1)
        if index.column() == 0:
            _service(painter, area, row)
            return
        align = Qt.AlignmentFlag.AlignRight if index.column() in _NUMBERS else _START
        font = style.font("body", "medium" if row.today and cell.known else "regular")
        paint.text(painter, area, cell.words, font, "text" if cell.known else "muted", align)


_START = Qt.AlignmentFlag.AlignLeft


def _service(painter: QPainter, area: QRectF, row: TableRow) -> None:
    font = style.font("body", "semibold" if row.today else "regular")
    if not row.today:
        paint.text(painter, area, row.service, font, "text")
        return
    small = style.font("mark", "semibold")
    words = say("today")
    wide = QFontMetricsF(small).horizontalAdvance(words) + 12
    room = QRectF(area.left(), area.top(), area.width() - wide - 6, area.height())
    used = paint.text(painter, room, row.service, font, "text")
    box = QRectF(area.left() + used + 6, area.center().y() - 9, wide, 18)
    paint.tag(painter, box, words, small, "accent")


class BenefitsTable(DenseTable):
    """As tall as its rows: the page scrolls, not the table."""

    rowsWanted = Signal(str, object)
    """(figure in words, indexes of the payer's rows)"""

    def __init__(self) -> None:
        super().__init__(say("Benefits by service and network"), header=_HEAD)
        self.rows_model = BenefitsModel()
        self.setModel(self.rows_model)
        self.setItemDelegate(BenefitsDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)

    def show_rows(self, rows: Sequence[TableRow]) -> None:
        """Other rows; the cell under the cursor stays where it can."""
        at = self.currentIndex()
        place = (at.row(), at.column()) if at.isValid() else (0, 1)
        self.rows_model.show(rows)
        if rows and not self.currentIndex().isValid():
            self.setCurrentIndex(self.rows_model.index(min(place[0], len(rows) - 1), place[1]))
        self.setFixedHeight(_HEAD + HEIGHT["row"] * len(rows) + 2)
        self.setVisible(bool(rows))
        self._share()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are keys of the page, not a jump to a row."""

    @Slot(QModelIndex)
    def _open(self, index: QModelIndex) -> None:
        cell = self.rows_model.cell(index)
        rows = cell.rows or self.rows_model.rows[index.row()].network.rows
        service = self.rows_model.rows[index.row()].service
        self.rowsWanted.emit(f"{service} · {say(_TITLES[index.column()])}: {cell.words}", rows)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        """Every column as wide as its words; the service takes what is left."""
        wide = self.viewport().width()
        needed = [self._needed(column) for column in range(1, len(_TITLES))]
        spare = max(0, wide - sum(needed) - _SERVICE) // (2 * len(needed))
        widths = [width + min(spare, _AIR) for width in needed]
        for column, width in enumerate((wide - sum(widths), *widths)):
            self.setColumnWidth(column, width)

    def _needed(self, column: int) -> int:
        head = QFontMetrics(style.font("small", "semibold")).horizontalAdvance(say(_TITLES[column]))
        body = QFontMetrics(style.font("body", "medium"))
        words = (row.cells[column].words for row in self.rows_model.rows)
        cells = max((body.horizontalAdvance(one) for one in words), default=0)
        return max(head, cells) + 2 * SPACE.s + 2
