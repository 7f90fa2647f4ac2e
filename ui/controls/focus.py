"""The focus ring: two pixels of accent outside the edge of whatever has the focus, always."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from shiboken6 import isValid

from ui import style
from ui.style import RADIUS, RING

_REACH = RING.width + RING.gap
_MOVES = (
    QEvent.Type.Move,
    QEvent.Type.Resize,
    QEvent.Type.Show,
    QEvent.Type.Hide,
    QEvent.Type.LayoutRequest,
)


class _Ring(QWidget):
    """The ring itself, a sibling above everything in its window."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.radius = float(RADIUS)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(style.colour("accent"), RING.width))
        half = RING.width / 2
        area = QRectF(self.rect()).adjusted(half, half, -half, -half)
        radius = self.radius + _REACH - half
        painter.drawRoundedRect(area, radius, radius)
        painter.end()


class FocusRing(QObject):
    """Follows the focus through all windows of the application. Made once, by ``ui.app``.

    A widget that shows its focus itself sets the property ``ring`` to False; one with other
    corners sets ``ring_radius``; one drawn inside a frame sets ``ring_on`` to that frame.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._rings: dict[int, _Ring] = {}
        self._on: QWidget | None = None
        self._watched: list[QWidget] = []
        app.focusChanged.connect(self._moved)
        self._moved(None, app.focusWidget())

    @Slot("QWidget*", "QWidget*")
    def _moved(self, old: QWidget | None, new: QWidget | None) -> None:
        for watched in self._watched:
            if isValid(watched):
                watched.removeEventFilter(self)
        self._watched = []
        for ring in self._rings.values():
            if isValid(ring):
                ring.hide()
        self._on = None
        if new is None or new.property("ring") is False:
            return
        frame = new.property("ring_on")
        self._on = frame if isinstance(frame, QWidget) else new
        widget: QWidget | None = self._on
        while widget is not None:
            widget.installEventFilter(self)
            self._watched.append(widget)
            widget = None if widget.isWindow() else widget.parentWidget()
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES:
            self._place()
        return False

    def _ring_of(self, window: QWidget) -> _Ring:
        ring = self._rings.get(id(window))
        if ring is None or not isValid(ring):
            ring = self._rings[id(window)] = _Ring(window)
        return ring

    def _place(self) -> None:
        target = self._on
        if target is None or not isValid(target):
            return
        ring = self._ring_of(target.window())
        area = self._visible(target)
        if not target.isVisible() or area.isEmpty():
            ring.hide()
            return
        radius = target.property("ring_radius")
        ring.radius = float(radius) if isinstance(radius, int | float) else float(RADIUS)
        ring.setGeometry(area.adjusted(-_REACH, -_REACH, _REACH, _REACH))
        ring.raise_()
        ring.show()

    def _visible(self, target: QWidget) -> QRect:
        """The target in its window's coordinates, cut where a scroll area cuts it."""
        window = target.window()
        area = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
        home = target.parentWidget()
        while home is not None and home is not window:
            if isinstance(home.parentWidget(), QScrollArea):
                area &= QRect(home.mapTo(window, QPoint(0, 0)), home.size())
            home = home.parentWidget()
        return area
