"""The dense table: rows of one height, a quiet header, cells painted by a delegate."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPixmap
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

from ui import style, turns
from ui.controls.scroll_bars import thin_bars
from ui.style import HEIGHT, paint

Index = QModelIndex | QPersistentModelIndex

_PAINT_SECONDS = 0.012
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


def is_chosen(option: QStyleOptionViewItem) -> bool:
    """Whether the row of a cell is the chosen one."""
    return bool(getattr(option, "state") & QStyle.StateFlag.State_Selected)  # noqa: B009


def row_ground(
    delegate: QStyledItemDelegate, painter: QPainter, option: QStyleOptionViewItem, index: Index
) -> QRect:
    """Paints what is under a cell (the chosen row, the bar that tells the focus, the hairline).

    Returns the cell's place.
    """
    rect: QRect = getattr(option, "rect")  # noqa: B009
    chosen = is_chosen(option)
    painter.fillRect(rect, style.colour("selection" if chosen else "surface"))
    view = delegate.parent()
    if chosen and index.column() == 0 and isinstance(view, QWidget) and view.hasFocus():
        bar = QRect(rect.left(), rect.top(), 3, rect.height() - 1)
        painter.fillRect(bar, style.colour("accent"))
    paint.hairline(painter, rect, "bottom")
    return rect


class CellPictures:
    """Cells as they were painted last: to shape and draw their words again costs ten times as much.

    A window that comes to the front, or back from a chart, paints its whole table in one turn. What
    is new of it is painted a few milliseconds long; the rest stays bare and comes a turn later.
    """

    def __init__(self, view: QAbstractItemView, most: int = 400) -> None:
        self._view = view
        self._most = most
        self._until = 0.0
        self._new = 0
        self._bare = False
        self._kept: dict[Hashable, QPixmap] = {}
        self._theme = style.current()

    @contextmanager
    def painting(self) -> Iterator[None]:
        """Around the paint event of the view."""
        self._until, self._new = time.thread_time() + _PAINT_SECONDS, 0
        yield
        if self._bare:
            self._bare = False
            turns.then(self._view, lambda: self._view.viewport().update())

    def draw(
        self, painter: QPainter, rect: QRect, shows: Hashable, paint_it: Callable[[QPainter], None]
    ) -> None:
        """Draws the picture of what ``shows`` names at ``rect``; made by ``paint_it`` when new.

        ``shows`` has to name all that the picture depends on, but the theme and the place.
        """
        if self._theme is not style.current():
            self._kept.clear()
            self._theme = style.current()
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        key = (shows, rect.width(), rect.height(), ratio)
        picture = self._kept.pop(key, None)
        if picture is None:
            if self._new and time.thread_time() > self._until:
                self._bare = True
                return
            picture = self._made(rect, ratio, paint_it)
            self._new += 1  # one at least comes to be in every turn, on the slowest machine too
        self._kept[key] = picture
        if len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]  # the one that was drawn longest ago
        painter.drawPixmap(rect.topLeft(), picture)

    def _made(self, rect: QRect, ratio: float, paint_it: Callable[[QPainter], None]) -> QPixmap:
        picture = QPixmap(rect.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        inside = QPainter(picture)
        inside.translate(-rect.topLeft())
        paint_it(inside)
        inside.end()
        return picture


def _ground(view: QAbstractItemView, ground: str) -> None:
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.viewport().setBackgroundRole(_GROUNDS[ground])
