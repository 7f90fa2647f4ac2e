"""Chips: a state in icon, word and colour; tags: a small labelled mark."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import style
from ui.controls.buttons import Pressable
from ui.style import paint

LEVEL_ICONS = {
    "ok": "circle-check",
    "warn": "triangle-alert",
    "stop": "octagon-alert",
    "info": "info",
    "accent": "info",
}


class Chip(Pressable):
    """A state as icon and word on a soft ground; can be pressed where ``pressable``."""

    def __init__(
        self, words: str, *, icon: str = "", level: str = "accent", pressable: bool = False
    ) -> None:
        super().__init__()
        self._font = style.font("small", "medium")
        self._level = "accent"
        self._icon = ""
        self._pressable = pressable
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if not pressable:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setCursor(Qt.CursorShape.ArrowCursor)
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.show_state(words, icon=icon, level=level)

    def show_state(self, words: str, *, icon: str = "", level: str = "accent") -> None:
        """Another state: words, icon, level (ok, warn, stop, accent, info)."""
        self._level = "accent" if level == "info" else level
        self._icon = icon or LEVEL_ICONS[level]
        self.setText(words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._font).horizontalAdvance(self.text()) + 41, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), f"{self._level}_soft", radius=12)
        if self._pressable and self.underMouse():
            paint.rounded(painter, QRectF(self.rect()), None, self._level, radius=11.5)
        paint.mark(painter, QPointF(10, 5), self._icon, self._level, 14)
        area = QRectF(29, 0, self.width() - 36, self.height())
        paint.text(painter, area, self.text(), self._font, self._level)
        painter.end()


class Tag(QWidget):
    """A small labelled mark, as in the to-do column."""

    def __init__(self, words: str, level: str = "accent") -> None:
        super().__init__()
        self._words, self._level = words, level
        self._font = style.font("mark", "semibold")
        self.setFixedSize(QFontMetrics(self._font).horizontalAdvance(words) + 12, 18)
        self.setAccessibleName(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.tag(painter, QRectF(self.rect()), self._words, self._font, self._level)
        painter.end()
