"""Scroll bars as thin as their handle: no buttons, no groove."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSlider, QScrollBar

from ui.style import paint

_WIDE, _GAP, _LEAST = 12, 2, 32
_ACTION = QAbstractSlider.SliderAction


class ThinBar(QScrollBar):
    """A handle that is dragged; a press beside it moves by a page."""

    def __init__(self, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._upright = orientation is Qt.Orientation.Vertical
        self._grip: float | None = None
        """Where the handle was taken, from its beginning."""

    def sizeHint(self) -> QSize:
        return QSize(_WIDE, _WIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        start, long = self._handle()
        area = QRectF(_GAP, start, self.width() - 2 * _GAP, long)
        if not self._upright:
            area = QRectF(start, _GAP, long, self.height() - 2 * _GAP)
        painter = QPainter(self)
        paint.rounded(painter, area, "edge", radius=4)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at, (start, long) = self._along(event.position()), self._handle()
        if start <= at <= start + long:
            self._grip = at - start
            self.setSliderDown(True)
        elif at < start:
            self.triggerAction(_ACTION.SliderPageStepSub)
        else:
            self.triggerAction(_ACTION.SliderPageStepAdd)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            return
        room = max(1.0, self._room() - self._handle()[1])
        share = (self._along(event.position()) - self._grip - _GAP) / room
        steps = self.maximum() - self.minimum()
        self.setSliderPosition(self.minimum() + round(steps * min(1.0, max(0.0, share))))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self.setSliderDown(False)

    def _along(self, at: QPointF) -> float:
        return at.y() if self._upright else at.x()

    def _room(self) -> int:
        return (self.height() if self._upright else self.width()) - 2 * _GAP

    def _handle(self) -> tuple[float, float]:
        """Where the handle begins, and how long it is."""
        room, steps = self._room(), self.maximum() - self.minimum()
        long = max(_LEAST, room * self.pageStep() // max(1, steps + self.pageStep()))
        done = (self.sliderPosition() - self.minimum()) / max(1, steps)
        return _GAP + (room - long) * done, long


def thin_bars(area: QAbstractScrollArea) -> None:
    """Gives whatever scrolls our bars."""
    area.setVerticalScrollBar(ThinBar(Qt.Orientation.Vertical))
    area.setHorizontalScrollBar(ThinBar(Qt.Orientation.Horizontal))
