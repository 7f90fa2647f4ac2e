"""The dense table of entries: columns change with the question, never a widget in a cell."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui import style
from ui.controls.table import DenseTable, Index, row_ground
from ui.oversight.rows import FINDINGS, Columns, Row
from ui.style import HEIGHT, paint
from ui.words import say

_STRONG = frozenset({"Who", "Why", "To whom"})
_QUIET = frozenset({"Desk", "Purpose and fields", "Noted by"})


class EntriesModel(QAbstractTableModel):
    """Rows ready to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: Columns = FINDINGS
        self.rows: tuple[Row, ...] = ()

    def show(self, columns: Columns, rows: Sequence[Row]) -> None:
        """Other rows, under other titles."""
        self.beginResetModel()
        self.columns, self.rows = columns, tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns.titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken if index.column() == 0 else row.texts[index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return row.texts[index.column()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return say(self.columns.titles[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


class _Delegate(QStyledItemDelegate):
    """Paints a cell; the reason of a finding has its icon."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(80, HEIGHT["row"])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, EntriesModel)  # noqa: S101
        row, column = model.rows[index.row()], index.column()
        title = model.columns.titles[column]
        area = QRectF(row_ground(self, painter, option, index)).adjusted(8, 0, -8, -1)
        ink = "muted" if title in _QUIET else "text"
        if column == 0 and row.icon:
            paint.mark(painter, QPointF(area.left(), area.center().y() - 8), row.icon, row.tone)
            area, ink = area.adjusted(22, 0, 0, 0), row.tone
        font = style.font("small") if title in _QUIET else style.font("body")
        if title in _STRONG:
            font = style.font("body", "medium")
        paint.text(painter, area, row.texts[column], font, ink)


class EntriesTable(DenseTable):
    """Arrows move, Enter is the page's command."""

    rowOpened = Signal()

    def __init__(self) -> None:
        super().__init__(say("Entries of the audit trail"), ground="window")
        self.rows_model = EntriesModel()
        self.setModel(self.rows_model)
        self.setItemDelegate(_Delegate(self))
        self.setProperty("ring", False)
        self.doubleClicked.connect(self.rowOpened)

    @property
    def chosen(self) -> Row | None:
        """The row under the cursor."""
        at = self.currentIndex()
        return self.rows_model.rows[at.row()] if at.isValid() else None

    def show_rows(self, columns: Columns, rows: Sequence[Row], key: str = "") -> None:
        """Other rows; the cursor goes to the row of ``key``, or to the first."""
        self.rows_model.show(columns, rows)
        self._fit()
        if rows:
            same = [n for n, row in enumerate(rows) if row.key == key]
            self.setCurrentIndex(self.rows_model.index(same[0] if same else 0, 0))
        self.scrollTo(self.currentIndex())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        parts = self.rows_model.columns.parts
        left, wide = sum(parts), self.viewport().width()
        for column, part in enumerate(parts):  # the last one takes what is left: no bare edge
            self.setColumnWidth(column, wide * part // left)
            left, wide = left - part, wide - wide * part // left
