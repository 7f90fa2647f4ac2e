"""One side as it was taken, with four corners to drag where the reader found the card's."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import style
from ui.style import paint
from ui.words import say

_GRIP = 9
_REACH = 24
_STEP = 0.004
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
Shares = tuple[tuple[float, float], ...]


class CornerPicture(QWidget):
    """Shows a picture; ``moved`` tells new corners (shares of the picture, clockwise) when let go.

    By keys: Space chooses the next corner, arrows move it, Enter reads with it.
    """

    moved = Signal(object)

    def __init__(self, invitation: str) -> None:
        super().__init__()
        self._invitation = invitation
        self._image = QImage()
        self._fitted: QPixmap | None = None
        self._corners: Shares = ()
        self._held = -1
        self._chosen = -1
        self._nudged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(say("The picture of the card"))
        self.setAccessibleDescription(invitation)
        self.setMinimumSize(420, 270)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(540, 350)

    @property
    def corners(self) -> Shares:
        """The corners as they stand; empty where none were found."""
        return self._corners

    def show_image(self, image: QImage, corners: Shares = ()) -> None:
        """Another picture (null shows the invitation) with the corners that were found."""
        if image.cacheKey() != self._image.cacheKey():
            self._image, self._fitted, self._chosen = image, None, -1
        if self._held < 0:
            self._corners = corners
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fitted = None
        super().resizeEvent(event)

    def _area(self) -> QRectF:
        room = QRectF(self.rect()).adjusted(10, 10, -10, -10)
        size = self._image.size().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        area = QRectF(0, 0, size.width(), size.height())
        area.moveCenter(room.center())
        return area

    def _points(self) -> list[QPointF]:
        area = self._area()
        return [
            QPointF(area.x() + x * area.width(), area.y() + y * area.height())
            for x, y in self._corners
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), "window", "line")
        if self._image.isNull():
            self._paint_invitation(painter)
        else:
            area = self._area()
            if self._fitted is None:
                ratio = self.devicePixelRatioF()
                fitted = self._image.scaled(
                    (area.size() * ratio).toSize(),
                    Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
                fitted.setDevicePixelRatio(ratio)
                self._fitted = QPixmap.fromImage(fitted)
            painter.drawPixmap(area.topLeft(), self._fitted)
            self._paint_corners(painter)
        painter.end()

    def _paint_invitation(self, painter: QPainter) -> None:
        middle = QRectF(self.rect()).center()
        paint.mark(painter, QPointF(middle.x() - 16, middle.y() - 56), "scan", "muted", 32)
        painter.setFont(style.font("body"))
        painter.setPen(style.colour("muted"))
        area = QRectF(self.rect()).adjusted(40, self.height() / 2 - 12, -40, -12)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        painter.drawText(area, int(flags) | int(Qt.TextFlag.TextWordWrap), self._invitation)

    def _paint_corners(self, painter: QPainter) -> None:
        points = self._points()
        if not points:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(style.colour("accent"), 2))
        painter.drawPolygon(QPolygonF(points))
        for number, point in enumerate(points):
            strong = number in (self._held, self._chosen)
            painter.setBrush(style.colour("accent" if strong else "surface"))
            painter.drawEllipse(point, _GRIP, _GRIP)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = self._near(event.position())
        self._chosen = self._held
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held >= 0:
            area = self._area()
            x = (event.position().x() - area.x()) / max(1.0, area.width())
            y = (event.position().y() - area.y()) / max(1.0, area.height())
            self._put(self._held, x, y)
            return
        over = self._near(event.position()) >= 0
        self.setCursor(Qt.CursorShape.SizeAllCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held >= 0:
            self._held = -1
            self.moved.emit(self._corners)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Space and self._corners:
            self._chosen = (self._chosen + 1) % len(self._corners)
            self.update()
        elif key in _ARROWS and self._chosen >= 0:
            across, down = _ARROWS[key]
            x, y = self._corners[self._chosen]
            self._put(self._chosen, x + across * _STEP, y + down * _STEP)
            self._nudged = True
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._nudged:
            self._nudged = False
            self.moved.emit(self._corners)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._chosen = -1
        super().focusOutEvent(event)

    def _put(self, number: int, x: float, y: float) -> None:
        spot = (min(1.0, max(0.0, x)), min(1.0, max(0.0, y)))
        self._corners = (*self._corners[:number], spot, *self._corners[number + 1 :])
        self.update()

    def _near(self, position: QPointF) -> int:
        gaps = [(point - position).manhattanLength() for point in self._points()]
        nearest = min(range(len(gaps)), key=gaps.__getitem__, default=-1)
        return nearest if nearest >= 0 and gaps[nearest] <= _REACH else -1
