"""The list that opens under a line while it is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui import style
from ui.controls.scroll_bars import thin_bars
from ui.style import SPACE
from ui.words import say

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_Kept = QPersistentModelIndex
_SHOWN = 10
"""Lines in sight before it scrolls."""


def completer_of(
    line: QLineEdit,
    model: QAbstractItemModel,
    picked: Callable[[str], object],
    owner: QObject,
    *,
    first: bool = False,
) -> QCompleter:
    """What finds any part of the words of ``model`` in what is typed in ``line``.

    Made when somebody comes: most lines of a page are never entered. ``owner`` filters the events
    of the line, and stays the first to do so: the list would hide that the line was left. With
    ``first`` the first line is marked and Enter takes it, for a line that must name one of them.
    """
    completer = QCompleter(model, line)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setMaxVisibleItems(_SHOWN)
    offers = Offers(first=first)
    completer.setPopup(offers)
    if first:
        offers.setItemDelegate(_FirstMarked(offers))  # the completer sets one of its own before
    offers.installEventFilter(OwnKeys(owner))
    completer.activated.connect(picked)
    line.setCompleter(completer)
    line.installEventFilter(owner)
    return completer


class Offers(QListView):
    """The list itself, with room to hit a line."""

    def __init__(self, *, first: bool = False) -> None:
        super().__init__()
        self._first = first
        self.setSpacing(SPACE.xs // 2)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(say("What was found"))
        thin_bars(self)
        style.dress(self)

    def sizeHintForRow(self, row: int) -> int:
        # The completer multiplies this: without the space between lines the last is cut off.
        return super().sizeHintForRow(row) + 2 * self.spacing()

    def showEvent(self, event: QShowEvent) -> None:
        style.dress(self)
        super().showEvent(event)

    @property
    def enter_takes(self) -> QModelIndex:
        """What Enter takes: the line gone to, or the first where that is marked."""
        gone_to = self.currentIndex()
        return gone_to if gone_to.isValid() or not self._first else self.model().index(0, 0)


class _FirstMarked(QStyledItemDelegate):
    """Draws the first line as chosen while none was gone to."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | _Kept) -> None:
        super().initStyleOption(option, index)
        view = self.parent()
        if isinstance(view, Offers) and view.enter_takes == index:
            option.state |= QStyle.StateFlag.State_Selected


class OwnKeys(QObject):
    """Keys of an open list stay its own: Enter picks the line chosen there, Esc closes the list."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(watched, Offers) or not isinstance(event, QKeyEvent):
            return False
        enter, taken = event.key() in _ENTER, watched.enter_takes
        if event.type() == QEvent.Type.ShortcutOverride:
            if event.key() == Qt.Key.Key_Escape or (enter and taken.isValid()):
                event.accept()
                return True
        elif event.type() == QEvent.Type.KeyPress and enter and taken.isValid():
            watched.setCurrentIndex(taken)  # the completer takes it from there
        return False
