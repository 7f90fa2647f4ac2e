"""The list that opens under a line while it is typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView


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
