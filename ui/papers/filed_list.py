"""The list of what lies in a chart: title above, day and what became of it below."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui import style
from ui.controls.table import DenseList, Index, row_ground
from ui.style import SPACE, paint
from ui.words import say
from workstation.papers.filed import Filed

_ROW = 46


def told(filed: Filed) -> str:
    """``12 Jun 2026 · signed``."""
    became = say(filed.became) if filed.became else ""
    return " · ".join(part for part in (f"{filed.on:%d %b %Y}", became) if part)


class _Rows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.filed: tuple[Filed, ...] = ()

    def show(self, filed: tuple[Filed, ...]) -> None:
        """Another list."""
        self.beginResetModel()
        self.filed = filed
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.filed)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            filed = self.filed[index.row()]
            return f"{say(filed.title)}, {told(filed)}"
        return None


class _Row(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Rows)  # noqa: S101
        filed = model.filed[index.row()]
        area = QRectF(row_ground(self, painter, option, index)).adjusted(SPACE.m, 5, -SPACE.s, 0)
        line = QRectF(area.left(), area.top(), area.width(), 18)
        paint.text(painter, line, say(filed.title), style.font("body"), "text")
        line.translate(0, 18)
        paint.text(painter, line, told(filed), style.font("small"), "muted")


class FiledList(DenseList):
    """Arrow keys go through it, and each line that is gone to is told."""

    wanted = Signal(object)
    """The line gone to, a :class:`Filed`."""

    def __init__(self) -> None:
        super().__init__(say("Papers and pictures"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._rows = _Rows()
        self.setModel(self._rows)
        self.setItemDelegate(_Row(self))
        self.selectionModel().currentChanged.connect(self._gone_to)

    def show_filed(self, filed: tuple[Filed, ...]) -> None:
        """Another list, with its first line gone to."""
        self._rows.show(filed)
        if filed:
            self.setCurrentIndex(self._rows.index(0))

    @property
    def current(self) -> Filed | None:
        """The line gone to."""
        index = self.currentIndex()
        return self._rows.filed[index.row()] if index.isValid() else None

    @Slot(QModelIndex, QModelIndex)
    def _gone_to(self, now: QModelIndex, _: QModelIndex) -> None:
        if now.isValid():
            self.wanted.emit(self._rows.filed[now.row()])
