"""F12: hides the page from somebody who leans over; the same key shows it again."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui import style
from ui.controls import Overlay
from ui.style import paint
from ui.words import say

_LIFTS = (Qt.Key.Key_F12, Qt.Key.Key_Escape)


class Veil(Overlay):
    """An opaque sheet over the whole window. Not a lock: it asks for no password."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=10, height=10)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ring", False)
        self.setAccessibleName(say("The screen is veiled. F12 shows it again."))
        self.panel.hide()

    def first(self) -> QWidget:
        return self

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if event.key() in _LIFTS:
            self.close_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), style.colour("window"))
        middle = QPointF(self.width() / 2, self.height() / 2)
        paint.mark(painter, QPointF(middle.x() - 16, middle.y() - 52), "eye-off", "muted", 32)
        area = QRectF(0, middle.y() - 8, self.width(), 24)
        centre = Qt.AlignmentFlag.AlignHCenter
        paint.text(painter, area, say("Veiled"), style.font("section", "semibold"), "text", centre)
        area = QRectF(0, middle.y() + 18, self.width(), 20)
        paint.text(
            painter, area, say("F12 shows the screen again"), style.font("body"), "muted", centre
        )
        painter.end()
