"""The list that opens under a line while it is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView

from ui import style
from ui.controls.scroll_bars import thin_bars
from ui.style import SPACE
from ui.words import say

_SHOWN = 10
"""Lines in sight before it scrolls."""


def completer_of(
    line: QLineEdit, model: QAbstractItemModel, picked: Callable[[str], object], owner: QObject
) -> QCompleter:
    """What finds any part of the words of ``model`` in what is typed in ``line``.

    Made when somebody comes: most lines of a page are never entered. ``owner`` filters the events
    of the line, and stays the first to do so: the list would hide that the line was left.
    """
    completer = QCompleter(model, line)
    completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    completer.setFilterMode(Qt.MatchFlag.MatchContains)
    completer.setMaxVisibleItems(_SHOWN)
    offers = Offers()
    completer.setPopup(offers)
    offers.installEventFilter(OwnKeys(owner))
    completer.activated.connect(picked)
    line.setCompleter(completer)
    line.installEventFilter(owner)
    return completer


class Offers(QListView):
    """The list itself, with room to hit a line."""

    def __init__(self) -> None:
        super().__init__()
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


class OwnKeys(QObject):
    """Keys of an open list stay its own: Enter picks the line chosen there, Esc closes the list."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(watched, QListView):
            return False
        key = event.key() if isinstance(event, QKeyEvent) else None
        chosen = watched.currentIndex().isValid()
        if key == Qt.Key.Key_Escape or (chosen and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)):
            event.accept()
            return True
        return False
