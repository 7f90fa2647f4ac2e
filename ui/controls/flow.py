"""A layout that puts its widgets side by side and begins a new line where the width ends."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Left to right, line by line: for choices whose words are longer in another language."""

    def __init__(self, home: QWidget, gap: int) -> None:
        super().__init__(home)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._laid: tuple[int, list[QRect], int] | None = None
        """Width, places and height as last worked out: Qt asks many times for one layout."""
        self.setContentsMargins(0, 0, 0, 0)

    def invalidate(self) -> None:
        self._laid = None
        super().invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lines(width)[1]

    def sizeHint(self) -> QSize:
        """All in one line."""
        hints = [item.sizeHint() for item in self._items]
        wide = sum(hint.width() for hint in hints) + self._gap * max(0, len(hints) - 1)
        return QSize(wide, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        """The widest alone in a line."""
        hints = [item.minimumSize() for item in self._items]
        return QSize(
            max((hint.width() for hint in hints), default=0),
            max((hint.height() for hint in hints), default=0),
        )

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        places, tall = self._lines(rect.width())
        down = QPoint(rect.left(), rect.top() + max(0, rect.height() - tall) // 2)
        for item, place in zip(self._items, places, strict=True):
            item.setGeometry(place.translated(down))

    def _lines(self, width: int) -> tuple[list[QRect], int]:
        """Where each item goes, from 0, 0, and the height of all lines; in a line all are centred
        on each other, as words beside a button are.
        """
        if self._laid is not None and self._laid[0] == width:
            return self._laid[1], self._laid[2]
        places: list[QRect] = []
        line: list[QRect] = []
        left = top = tall = 0
        for item in self._items:
            hint = item.sizeHint()
            wide = min(hint.width(), max(width, item.minimumSize().width()))
            if left and left + wide > width:
                places += _centred(line, tall)
                line, left, top, tall = [], 0, top + tall + self._gap, 0
            line.append(QRect(left, top, wide, hint.height()))
            left += wide + self._gap
            tall = max(tall, hint.height())
        places += _centred(line, tall)
        self._laid = width, places, top + tall
        return places, top + tall


def _centred(line: list[QRect], tall: int) -> list[QRect]:
    return [place.translated(0, (tall - place.height()) // 2) for place in line]
