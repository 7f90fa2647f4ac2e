"""A panel over everything: the window behind is dimmed and at rest until it closes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui import style
from ui.hands import give
from ui.style import paint

_LEAVING = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Escape,
)
"""Keys that end the typing in a field."""
_SHADOW = 28
"""How far the shadow of the panel reaches; below it half as much again."""
_ROUND = 10
_TYPED = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.FocusOut)


class _Panel(QWidget):
    """The surface that stands out."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), "surface", "line", radius=_ROUND)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()


class Overlay(QWidget):
    """Dims ``window`` and shows ``self.panel``; put your layout on the panel.

    ``top``: distance from the top; ``height`` None lets the content decide. Tab stays inside.
    Escape and a press beside the panel ask :meth:`may_close`; the focus goes back where it was.
    Opened by something that arrived while a person types, it lets them finish: the next Enter, Tab
    or Escape leads into it and does nothing else.
    """

    opened = Signal()
    closed = Signal()

    of_money = False
    """Whether it shows money or benefits, which no emergency patient may see before the exam."""

    def __init__(
        self, window: QWidget, *, width: int = 900, height: int | None = None, top: int = 64
    ) -> None:
        super().__init__(window)
        self._over = window
        self.hide()
        self._width, self._tall, self._top = width, height, top
        self._before: QWidget | None = None
        self._typist: QWidget | None = None
        self.panel = _Panel(self)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        window.installEventFilter(self)

    def may_close(self) -> bool:
        """Whether Escape or a press beside may close it now. Overridden where it must not."""
        return True

    def first(self) -> QWidget | None:
        """Who gets the focus on opening; without one the first in reading order."""
        return None

    def open(self) -> None:
        """Shows it at once, above everything, and takes the focus when nobody is typing."""
        self._before = QApplication.focusWidget()
        self.setGeometry(self._over.rect())
        self.show()
        self.raise_()
        self._place()
        if not self._go_in() and self._before is not None:
            self._typist = self._before
            self._typist.installEventFilter(self)
        self.opened.emit()

    def _go_in(self) -> bool:
        target = self.first()
        if target is None:
            return self._step(self.panel, True)
        return give(target, Qt.FocusReason.PopupFocusReason)

    def _typed_on(self, event: QEvent) -> bool:
        """What the typist presses goes on to where they type, but for the keys that leave it."""
        leaves = isinstance(event, QKeyEvent) and event.key() in _LEAVING
        if event.type() == QEvent.Type.ShortcutOverride and leaves:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and leaves:
            self._let_go()
            self._go_in()
            return True
        if event.type() == QEvent.Type.FocusOut:
            self._let_go()
        return False

    def _let_go(self) -> None:
        typist, self._typist = self._typist, None
        if typist is not None and isValid(typist):
            typist.removeEventFilter(self)

    def withdraw(self) -> None:
        """The emergency lock began: what shows money goes, whoever was looking at it."""
        if self.of_money:
            self.close_()

    @Slot()
    def close_(self) -> None:
        """Hides it, gives the focus back, tells ``closed``."""
        if self.isHidden():
            return
        self._let_go()
        before = self._before
        self._before = None
        self.hide()
        # What was acted on from here may be gone with its page.
        if before is not None and isValid(before) and before.isVisible():
            give(before, Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def resettle(self) -> None:
        """Places the panel again after its content changed size."""
        self._place()

    def _place(self) -> None:
        wide = min(self._width, self.width() - 32)
        room = self.height() - self._top - 16
        layout = self.panel.layout()
        if layout is not None:
            layout.activate()
        if self._tall is not None:
            tall = self._tall
        elif layout is not None and layout.hasHeightForWidth():
            tall = layout.heightForWidth(wide)
        else:
            tall = self.panel.sizeHint().height()
        area = QRect((self.width() - wide) // 2, self._top, wide, min(tall, room))
        before = self.panel.geometry()
        if area != before:
            # No more than the panel and its shadow: all behind is painted again with what is told.
            self.update(area.united(before).adjusted(-_SHADOW, -_SHADOW, _SHADOW, 2 * _SHADOW))
            self.panel.setGeometry(area)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TYPED and watched is self._typist:
            return self._typed_on(event)
        if event.type() == QEvent.Type.Resize and watched is self._over and self.isVisible():
            self.setGeometry(self._over.rect())
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        inside = self.panel.geometry().adjusted(1, _ROUND, -1, -_ROUND)
        painter.setClipRegion(event.region() - QRegion(inside))  # nobody sees what the panel covers
        painter.fillRect(self.rect(), style.colour("backdrop"))
        area = QRectF(self.panel.geometry())
        for reach in range(1, _SHADOW, 2):
            down = reach / 2
            shade = area.adjusted(-reach, -reach + down, reach, reach + down)
            paint.rounded(painter, shade, "shadow", radius=_ROUND + reach)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        if self.may_close():
            self.close_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if event.key() == Qt.Key.Key_Escape and self.may_close():
            self.close_()

    def focusNextPrevChild(self, next: bool) -> bool:
        return self._step(QApplication.focusWidget() or self.panel, next)

    def _step(self, start: QWidget, forward: bool) -> bool:
        tab, backtab = Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason
        widget = start
        for _ in range(2000):
            step = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
            if step is None or step is start:
                return False
            widget = step
            tabbed = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            if (
                tabbed == Qt.FocusPolicy.TabFocus
                and widget.isEnabled()
                and widget.isVisible()
                and widget.focusProxy() is None
                and self.panel.isAncestorOf(widget)
            ):
                return give(widget, tab if forward else backtab)
        return False


def stacked(overlay: Overlay, gap: int = 0) -> QVBoxLayout:
    """A column on the overlay's panel without margins, for header, body and footer."""
    box = QVBoxLayout(overlay.panel)
    box.setContentsMargins(1, 1, 1, 1)
    box.setSpacing(gap)
    return box
