"""The dense table: rows of one height, a quiet header, cells painted by a delegate."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ui import style
from ui.controls.scroll_bars import thin_bars
from ui.style import HEIGHT, paint

Index = QModelIndex | QPersistentModelIndex

_GROUNDS = {"surface": QPalette.ColorRole.Button, "window": QPalette.ColorRole.Window}


class Framed(QWidget):
    """The rounded edge around a table; its rows lie inside."""

    def __init__(self, inside: QWidget) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 2, 1, 2)
        box.addWidget(inside)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), "window", "line", radius=8)
        painter.end()


class Header(QHeaderView):
    """Small muted titles over a hairline; sizes are the table's, not a person's."""

    def __init__(self, height: int) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setFixedHeight(height)
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        _ground(self, "surface")

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.fillRect(rect, style.colour("surface"))
        paint.hairline(painter, rect, "bottom")
        words, align = (
            self.model().headerData(section, Qt.Orientation.Horizontal, role)
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.TextAlignmentRole)
        )
        area = QRectF(rect).adjusted(8, 0, -8, -1)
        font = style.font("small", "semibold")
        right = bool(align & int(Qt.AlignmentFlag.AlignRight))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        paint.text(painter, area, str(words), font, "muted", side)


class DenseTable(QTableView):
    """Rows of one height under :class:`Header`; subclasses give model, delegate and widths."""

    def __init__(self, name: str, *, header: int = 31, ground: str = "surface") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setHorizontalHeader(Header(header))
        thin_bars(self)
        _ground(self, ground)
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        down = self.verticalHeader()
        down.setVisible(False)
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(HEIGHT["row"])


class DenseList(QListView):
    """Lines painted by a delegate, under a field that keeps the focus."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        thin_bars(self)
        _ground(self, "surface")


def row_ground(
    delegate: QStyledItemDelegate, painter: QPainter, option: QStyleOptionViewItem, index: Index
) -> QRect:
    """Paints what is under a cell (the chosen row, the bar that tells the focus, the hairline).

    Returns the cell's place.
    """
    rect: QRect = getattr(option, "rect")  # noqa: B009
    chosen = bool(getattr(option, "state") & QStyle.StateFlag.State_Selected)  # noqa: B009
    painter.fillRect(rect, style.colour("selection" if chosen else "surface"))
    view = delegate.parent()
    if chosen and index.column() == 0 and isinstance(view, QWidget) and view.hasFocus():
        bar = QRect(rect.left(), rect.top(), 3, rect.height() - 1)
        painter.fillRect(bar, style.colour("accent"))
    paint.hairline(painter, rect, "bottom")
    return rect


def _ground(view: QAbstractItemView, ground: str) -> None:
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.viewport().setBackgroundRole(_GROUNDS[ground])
