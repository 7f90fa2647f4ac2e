"""The dense table of what waits: one line each, painted, never a widget in a cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui import style
from ui.controls.table import DenseTable, Index, row_ground
from ui.style import HEIGHT, paint
from ui.words import say
from workstation.sync.waiting import WaitingRow

COLUMNS = ("kind", "patient", "facts", "about", "detail", "since")
_TITLES = ("What", "Patient", "Born · MRN", "About", "Details", "Since")
_WIDTHS = (120, 190, 190, 270, 300, 130)


@dataclass(frozen=True, slots=True)
class WorkCells:
    """One row, ready to be painted."""

    row: WaitingRow
    kind: str
    icon: str
    tone: str
    patient: str
    facts: str
    about: str
    detail: str
    since: str

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = (self.kind, self.patient, self.facts, self.about, self.detail, self.since)
        return ", ".join(part for part in parts if part)


class WorkModel(QAbstractTableModel):
    """Rows ready to paint."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[WorkCells, ...] = ()

    def show(self, rows: Sequence[WorkCells]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        column = COLUMNS[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken if column == "patient" else getattr(row, column)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return getattr(row, column)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return say(_TITLES[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


class WorkDelegate(QStyledItemDelegate):
    """Paints a cell."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(_WIDTHS[index.column()], HEIGHT["row"])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, WorkModel)  # noqa: S101
        cells = model.rows[index.row()]
        rect = row_ground(self, painter, option, index)
        area = QRectF(rect).adjusted(8, 0, -8, -1)
        column = COLUMNS[index.column()]
        if column == "kind":
            at = QPointF(area.left(), area.center().y() - 8)
            paint.mark(painter, at, cells.icon, cells.tone)
            rest = area.adjusted(21, 0, 0, 0)
            paint.text(painter, rest, cells.kind, style.font("body", "medium"), cells.tone)
            return
        strong = column == "patient"
        quiet = column in ("facts", "detail")
        font = (
            style.font("body", "semibold") if strong else style.font("small" if quiet else "body")
        )
        paint.text(painter, area, str(getattr(cells, column)), font, "muted" if quiet else "text")


class WorkTable(DenseTable):
    """Arrows move, Enter is the page's command."""

    rowOpened = Signal()

    def __init__(self) -> None:
        super().__init__(say("What waits for a person"), ground="window")
        self.rows_model = WorkModel()
        self.setModel(self.rows_model)
        self.setItemDelegate(WorkDelegate(self))
        self.setProperty("ring", False)
        self.doubleClicked.connect(self.rowOpened)

    @property
    def chosen(self) -> WorkCells | None:
        """The row under the cursor."""
        at = self.currentIndex()
        return self.rows_model.rows[at.row()] if at.isValid() else None

    def show_rows(self, rows: Sequence[WorkCells]) -> None:
        """Other rows; the cursor stays on its row, or on the place where that was."""
        if tuple(rows) == self.rows_model.rows:
            return
        before, line = self.chosen, max(0, self.currentIndex().row())
        self.rows_model.show(rows)
        self._fit()
        if rows:
            same = [n for n, c in enumerate(rows) if before and c.row.id == before.row.id]
            at = same[0] if same else min(line, len(rows) - 1)
            self.setCurrentIndex(self.rows_model.index(at, 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Wide screens give room to what it is about; narrow ones take it back."""
        spare = self.viewport().width() - sum(_WIDTHS)
        for column, width in enumerate(_WIDTHS):
            part = {1: 0.2, 3: 0.3, 4: 0.5}.get(column, 0.0)
            self.setColumnWidth(column, max(60, int(width + spare * part)))
