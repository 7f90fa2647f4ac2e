"""Ctrl+Shift+P: every command that can be done here, found by typing part of its name."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from ui import style
from ui.commands import CommandAction, CommandHost
from ui.controls import Line, Overlay
from ui.controls.table import DenseList
from ui.controls.texts import cap_width, draw_cap
from ui.style import paint
from ui.words import say

Index = QModelIndex | QPersistentModelIndex


class _Commands(QAbstractListModel):
    """Actions whose title holds all the words typed."""

    def __init__(self) -> None:
        super().__init__()
        self.all: tuple[CommandAction, ...] = ()
        self.shown: tuple[CommandAction, ...] = ()

    def narrow(self, typed: str) -> None:
        """Keeps the actions that match."""
        words = typed.casefold().split()
        self.beginResetModel()
        self.shown = tuple(
            action
            for action in self.all
            if all(word in say(action.command.title).casefold() for word in words)
        )
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return say(self.shown[index.row()].command.title)
        return None


class _Row(QStyledItemDelegate):
    """Title left, key right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, 34)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        assert isinstance(model, _Commands)  # noqa: S101
        made = model.shown[index.row()].command
        rect = QRectF(getattr(option, "rect"))  # noqa: B009
        if getattr(option, "state") & QStyle.StateFlag.State_Selected:  # noqa: B009
            painter.fillRect(rect, style.colour("selection"))
        area = rect.adjusted(20, 0, -140, 0)
        paint.text(painter, area, say(made.title), style.font("body", "medium"), "text")
        if made.keys:
            wide = cap_width(made.key_words)
            cap = QRectF(rect.right() - wide - 20, rect.center().y() - 10, wide, 20)
            draw_cap(painter, cap, made.key_words)


class CommandPalette(Overlay):
    """Type, choose with the arrows, Enter does it."""

    def __init__(self, window: QWidget, host: CommandHost) -> None:
        super().__init__(window, width=560, height=420)
        self._host = host
        self._model = _Commands()
        self._line = Line(hint=say("What would you like to do?"), bare=True)
        self._line.setAccessibleName(say("Command"))
        self._line.setFixedHeight(52)
        self._line.setTextMargins(20, 0, 20, 0)
        self._line.textChanged.connect(self._typed)
        self._line.installEventFilter(self)
        self._list = DenseList(say("Commands"))
        self._list.setModel(self._model)
        self._list.setItemDelegate(_Row(self._list))
        self._list.clicked.connect(self._chosen)
        box = QVBoxLayout(self.panel)
        box.setContentsMargins(1, 1, 1, 8)
        box.setSpacing(0)
        box.addWidget(self._line)
        box.addWidget(self._list, 1)

    def first(self) -> QWidget:
        return self._line

    @Slot()
    def open(self) -> None:
        """Lists what can be done now on the page on top."""
        here = self._host.here()
        self._model.all = tuple(a for a in here if a.isEnabled() and a.command.id != "palette")
        self._line.clear()
        self._typed("")
        super().open()

    @Slot(str)
    def _typed(self, text: str) -> None:
        self._model.narrow(text)
        self._list.setCurrentIndex(self._model.index(0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if pressed and watched is self._line and self._key(cast(QKeyEvent, event)):
            return True
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        move = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if move is not None:
            at = self._list.currentIndex().row() + move
            at = max(0, min(self._model.rowCount() - 1, at))
            self._list.setCurrentIndex(self._model.index(at))
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._chosen(self._list.currentIndex())
            return True
        return False

    @Slot(QModelIndex)
    def _chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            action = self._model.shown[index.row()]
            self.close_()
            action.trigger()
