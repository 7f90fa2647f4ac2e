"""A pad to sign on by mouse, touch or pen; gives the strokes and a picture of them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from PySide6.QtCore import (
    QBuffer,
    QByteArray,
    QElapsedTimer,
    QEvent,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from ui import style
from ui.style import paint
from ui.words import say

_SCALE = 2
"""Pixels of the kept picture for one of the screen."""
_LEAST = 12
"""Points that a signature has at least: a slip of the mouse is none."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where the pen was, in pad pixels, when (ms since the first touch), how hard (0 to 1)."""

    x: float
    y: float
    ms: int
    pressure: float


class SignaturePad(QWidget):
    """Signing by hand needs no key; Delete clears."""

    signed = Signal()
    """A stroke ended, and there is enough to be a signature."""
    cleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents, True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(104)
        self.setAccessibleName(say("Signature pad"))
        self.setAccessibleDescription(say("Sign with a pen, a finger or the mouse. Delete clears."))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._strokes: list[list[Point]] = []
        self._down = False
        self._since = QElapsedTimer()

    @property
    def strokes(self) -> tuple[tuple[Point, ...], ...]:
        """All strokes, oldest first."""
        return tuple(tuple(stroke) for stroke in self._strokes)

    @property
    def has_signature(self) -> bool:
        """Whether enough was drawn."""
        return sum(len(stroke) for stroke in self._strokes) >= _LEAST

    def clear(self) -> None:
        """An empty pad."""
        self._strokes.clear()
        self._down = False
        self.update()
        self.cleared.emit()

    def as_json(self) -> bytes:
        """The strokes with size and times: what is kept as evidence of signing."""
        written = {
            "width": self.width(),
            "height": self.height(),
            "strokes": [
                [[round(p.x, 1), round(p.y, 1), p.ms, round(p.pressure, 3)] for p in stroke]
                for stroke in self._strokes
            ],
        }
        return json.dumps(written, separators=(",", ":")).encode()

    def as_png(self) -> bytes:
        """The strokes in black on clear ground, twice as fine as the screen."""
        image = QImage(self.size() * _SCALE, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.scale(_SCALE, _SCALE)
        self._draw(painter, Qt.GlobalColor.black)
        painter.end()
        kept = QByteArray()
        buffer = QBuffer(kept)
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]
        return bytes(kept.data())

    def sizeHint(self) -> QSize:
        return QSize(420, 104)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._begin(event.position(), 0.5)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event.position(), 0.5)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        kind = event.type()
        if kind == QEvent.Type.TabletPress:
            self._begin(event.position(), event.pressure())
        elif kind == QEvent.Type.TabletMove:
            self._move(event.position(), event.pressure())
        else:
            self._end()
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent):
            self._touch(event)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint.rounded(painter, QRectF(self.rect()), "field", "edge")
        base = self.height() - 26
        painter.setPen(QPen(style.colour("line"), 1))
        painter.drawLine(QPointF(20, base), QPointF(self.width() - 20, base))
        if not self._strokes:
            area = QRectF(20, base + 2, self.width() - 40, 20)
            paint.text(painter, area, say("Sign above the line"), style.font("small"), "muted")
        self._draw(painter, style.colour("text"))
        painter.end()

    def _touch(self, event: QTouchEvent) -> None:
        points = event.points()
        if event.type() == QEvent.Type.TouchBegin and points:
            self._begin(points[0].position(), points[0].pressure() or 0.5)
        elif event.type() == QEvent.Type.TouchUpdate and points:
            self._move(points[0].position(), points[0].pressure() or 0.5)
        else:
            self._end()

    def _begin(self, at: QPointF, pressure: float) -> None:
        if not self._strokes:
            self._since.start()
        self._down = True
        self._strokes.append([self._point(at, pressure)])
        self.update()

    def _move(self, at: QPointF, pressure: float) -> None:
        if self._down:
            self._strokes[-1].append(self._point(at, pressure))
            self.update()

    def _end(self) -> None:
        self._down = False
        if self.has_signature:
            self.signed.emit()

    def _point(self, at: QPointF, pressure: float) -> Point:
        inside = QPointF(min(max(at.x(), 0), self.width()), min(max(at.y(), 0), self.height()))
        return Point(inside.x(), inside.y(), int(self._since.elapsed()), pressure)

    def _draw(self, painter: QPainter, ink: object) -> None:
        pen = QPen(ink, 2.2)  # type: ignore[call-overload]
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self._strokes:
            first = QPointF(stroke[0].x, stroke[0].y)
            if len(stroke) == 1:
                painter.drawPoint(first)  # the dot of an i; a path of one point draws nothing
                continue
            path = QPainterPath(first)
            for point in stroke[1:]:
                path.lineTo(point.x, point.y)
            painter.drawPath(path)
