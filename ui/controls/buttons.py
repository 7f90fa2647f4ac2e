"""What can be pressed: buttons, toggles, segments, checks, links."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFontMetrics,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QShortcutEvent,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from ui import style
from ui.controls.flow import Flow
from ui.controls.texts import cap_width, draw_cap
from ui.hands import give
from ui.style import HEIGHT, SPACE, paint

_PRESSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Pressable(QAbstractButton):
    """A button that Enter presses as Space does, before any command with that key.

    Its Alt letter acts at once. Qt's own animated click acts 100 ms later: by then a person types
    in the field that they went to, and what the button moves the focus to would take their letters.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover, True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _PRESSING
            and event.modifiers() in (Qt.KeyboardModifier.NoModifier, _KEYPAD)
        ):
            event.accept()
            return True
        if isinstance(event, QShortcutEvent) and not event.isAmbiguous():
            self.click()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _PRESSING[:2]:
            self.click()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


def leave_hands(*buttons: QWidget) -> None:
    """A press of the mouse on these leaves the keyboard where it is; Tab still reaches them.

    For the frame and for filters: the row that was chosen before goes on answering to its keys.
    """
    for button in buttons:
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)


_KEYPAD = Qt.KeyboardModifier.KeypadModifier


class Button(Pressable):
    """Says what happens. ``&`` in the words marks the Alt letter; ``key`` shows a cap."""

    def __init__(
        self,
        words: str,
        *,
        kind: str = "secondary",
        icon: str = "",
        icon_after: str = "",
        key: str = "",
        big: bool = False,
        name: str = "",
    ) -> None:
        super().__init__()
        self._kind, self._icon, self._after, self._key = kind, icon, icon_after, key
        self._big = big
        self._font = style.font("section" if big else "body", "semibold" if big else "medium")
        if kind == "primary":
            self._font = style.font("section" if big else "body", "semibold")
        self.setText(words)
        self.setFixedHeight(HEIGHT["touch"] if big else HEIGHT["field"])
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name or words.replace("&", ""))
        if key:
            self.setToolTip(f"{words.replace('&', '')} ({key})")

    def set_words(self, words: str) -> None:
        """Other words, as when the amount changes."""
        self.setText(words)
        self.setAccessibleName(words.replace("&", ""))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        width = self._content_width() + 2 * (SPACE.xl if self._big else 14)
        return QSize(width, HEIGHT["touch"] if self._big else HEIGHT["field"])

    def _content_width(self) -> int:
        flag = int(Qt.TextFlag.TextShowMnemonic)
        width = QFontMetrics(self._font).size(flag, self.text()).width() + 1
        width += 24 if self._icon else 0
        width += 26 if self._after else 0
        width += 10 + cap_width(self._key) if self._key else 0
        return width

    def _tones(self) -> tuple[str | None, str | None, str]:
        hot = self.isEnabled() and (self.underMouse() or self.isDown())
        if self._kind == "primary":
            if not self.isEnabled():
                return "hover", "line", "disabled"
            return ("accent_hover" if hot else "accent"), None, "on_accent"
        ink = "text" if self.isEnabled() else "disabled"
        if self._kind == "danger":
            return ("stop_soft" if hot else "surface"), "stop", "stop"
        if self._kind == "filter":
            return ("hover" if hot else "surface"), "line", ink
        if self._kind == "quiet":
            return ("hover" if hot else None), None, ink
        return ("hover" if hot else "surface"), ("edge" if self.isEnabled() else "line"), ink

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill, edge, ink = self._tones()
        paint.rounded(painter, QRectF(self.rect()), fill, edge)
        left = max(0.0, (self.width() - self._content_width()) / 2)
        middle = self.height() / 2
        if self._icon:
            paint.mark(painter, QPointF(left, middle - 8), self._icon, ink)
            left += 24
        flag = int(Qt.TextFlag.TextShowMnemonic)
        wide = QFontMetrics(self._font).size(flag, self.text()).width() + 1
        painter.setFont(self._font)
        painter.setPen(style.colour(ink))
        area = QRectF(left, 0, wide, self.height())
        painter.drawText(area, flag | int(Qt.AlignmentFlag.AlignVCenter), self.text())
        left += wide
        if self._after:
            paint.mark(painter, QPointF(left + 10, middle - 8), self._after, ink)
            left += 26
        if self._key:
            cap = QRectF(left + 10, middle - 10, cap_width(self._key), 20)
            draw_cap(painter, cap, self._key, ink if self._kind == "primary" else "muted")
        painter.end()


class IconButton(Pressable):
    """An icon that can be pressed; its name is told to screen readers and in the tooltip."""

    def __init__(self, icon: str, name: str, *, key: str = "", tone: str = "text") -> None:
        super().__init__()
        self._icon, self._tone = icon, tone
        self.setAccessibleName(name)
        self.setToolTip(f"{name} ({key})" if key else name)
        self.setFixedSize(HEIGHT["field"], HEIGHT["field"])

    def sizeHint(self) -> QSize:
        return QSize(HEIGHT["field"], HEIGHT["field"])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.isEnabled() and self.underMouse():
            paint.rounded(painter, QRectF(self.rect()), "hover")
        tone = self._tone if self.isEnabled() else "disabled"
        corner = (HEIGHT["field"] - 20) / 2
        paint.mark(painter, QPointF(corner, corner), self._icon, tone, 20)
        painter.end()


class Toggle(Pressable):
    """A filter that is on or off, with a count: ``All 62``."""

    def __init__(self, words: str, count: int | None = None, *, icon: str = "") -> None:
        super().__init__()
        self.setCheckable(True)
        self._icon = icon
        self._count = count
        self.setText(words)
        self._font = style.font("body", "medium")
        self._strong = style.font("body", "semibold")
        self.setFixedHeight(HEIGHT["field"])
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_count(count)

    def show_count(self, count: int | None) -> None:
        """Another number behind the words; the width follows."""
        self._count = count
        self.setAccessibleName(self.text() if count is None else f"{self.text()}, {count}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = 24 + QFontMetrics(self._font).horizontalAdvance(self.text())
        width += 22 if self._icon else 0
        if self._count is not None:
            width += 7 + QFontMetrics(self._strong).horizontalAdvance(str(self._count))
        return QSize(width + 2, HEIGHT["field"])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        fill = "accent_soft" if on else "hover" if self.underMouse() else "surface"
        paint.rounded(painter, QRectF(self.rect()), fill, "accent" if on else "line")
        ink = "accent" if on else "text"
        left = 13.0
        if self._icon:
            paint.mark(painter, QPointF(left, self.height() / 2 - 8), self._icon, ink)
            left += 22
        area = QRectF(left, 0, self.width() - left, self.height())
        left += paint.text(painter, area, self.text(), self._strong if on else self._font, ink) + 7
        if self._count is not None:
            area = QRectF(left, 0, self.width() - left, self.height())
            tone = "accent" if on else "muted"
            paint.text(painter, area, str(self._count), self._strong, tone)
        painter.end()


_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class _Segment(Pressable):
    """One choice of :class:`Segments`."""

    def __init__(self, words: str, icon: str, touch: bool) -> None:
        super().__init__()
        self.setCheckable(True)
        self._icon = icon
        self._font = style.font("body", "medium")
        self._letter = words.find("&")
        """Where the letter of its key stands; not Qt's mnemonic, which hears a whole window."""
        words = words.replace("&", "")
        self.setText(words)
        self.setAccessibleName(words)
        self._tall = HEIGHT["touch"] if touch else HEIGHT["field"]
        self.setFixedHeight(self._tall)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS:
            event.ignore()  # a button alone would only move the focus; the segments move the choice
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(self._font).horizontalAdvance(self.text())
        return QSize(wide + (24 if self._icon else 0) + 28, self._tall)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        fill = "accent_soft" if on else "hover" if self.underMouse() else "surface"
        paint.rounded(painter, QRectF(self.rect()), fill, "accent" if on else "line")
        ink = ("accent" if on else "text") if self.isEnabled() else "disabled"
        wide = QFontMetrics(self._font).horizontalAdvance(self.text())
        left = (self.width() - wide - (24 if self._icon else 0)) / 2
        if self._icon:
            tone = "accent" if on and self.isEnabled() else ink
            paint.mark(painter, QPointF(left, self.height() / 2 - 8), self._icon, tone)
            left += 24
        area = QRectF(left, 0, self.width() - left, self.height())
        paint.text(painter, area, self.text(), self._font, "text" if on else ink)
        if self._letter >= 0:
            metrics = QFontMetricsF(self._font)
            start = left + metrics.horizontalAdvance(self.text()[: self._letter])
            end = start + metrics.horizontalAdvance(self.text()[self._letter])
            base = (self.height() + metrics.ascent() - metrics.descent()) / 2 + 2.5
            painter.drawLine(QPointF(start, base), QPointF(end, base))
        painter.end()


class Segments(QWidget):
    """One of a few, all in sight. One tab stop; the arrow keys move the choice.

    ``&`` in the words underlines the letter of a key that whoever holds the segments listens to.
    """

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str, str]],
        *,
        name: str = "",
        touch: bool = False,
        equal: bool = False,
    ) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._parts: dict[str, _Segment] = {}
        line = QHBoxLayout(self) if equal else None
        flow = None if equal else Flow(self, 6)
        if line is not None:
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(6)
        for key, words, icon in choices:
            part = _Segment(words, icon, touch)
            part.setProperty("key", key)
            part.clicked.connect(self._clicked)
            part.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            self._parts[key] = part
            if line is not None:
                line.addWidget(part, 1)
            elif flow is not None:
                flow.addWidget(part)
        self.choose(choices[0][0] if choices else "")

    @property
    def value(self) -> str:
        """The key chosen, or empty."""
        return next((k for k, part in self._parts.items() if part.isChecked()), "")

    def part(self, key: str) -> Pressable:
        """The segment of a key, to enable it or give it a tooltip."""
        return self._parts[key]

    def choose(self, key: str) -> None:
        """Shows a choice without telling ``chosen``; empty chooses none."""
        first = True
        for name, part in self._parts.items():
            part.setChecked(name == key)
            stop = name == key or (key not in self._parts and first)
            first = False
            policy = Qt.FocusPolicy.StrongFocus if stop else Qt.FocusPolicy.ClickFocus
            part.setFocusPolicy(policy)
            if stop:
                self.setFocusProxy(part)

    @Slot()
    def _clicked(self) -> None:
        part = self.sender()
        if isinstance(part, _Segment):
            self._take(str(part.property("key")))

    def _take(self, key: str) -> None:
        self.choose(key)
        give(self._parts[key])
        self.chosen.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        move = _ARROWS.get(Qt.Key(event.key()))
        keys = [k for k, part in self._parts.items() if part.isEnabled()]
        if move is None or not keys:
            super().keyPressEvent(event)
            return
        at = keys.index(self.value) if self.value in keys else -move
        self._take(keys[(at + move) % len(keys)])


class Check(Pressable):
    """A box to tick, with its words and optionally a second, quieter line."""

    def __init__(self, words: str, note: str = "") -> None:
        super().__init__()
        self.setCheckable(True)
        self.setText(words)
        self._note = note
        self._font = style.font("body")
        self._small = style.font("small")
        self.setAccessibleName(words)
        self.setAccessibleDescription(note)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        wide = QFontMetrics(self._font).horizontalAdvance(self.text())
        if self._note:
            wide = max(wide, QFontMetrics(self._small).horizontalAdvance(self._note))
        return QSize(wide + 32, 40 if self._note else 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isChecked()
        tone = ("accent" if on else "edge") if self.isEnabled() else "disabled"
        name = "square-check-big" if on else "square"
        paint.mark(painter, QPointF(1, self.height() / 2 - 9), name, tone, 18)
        ink = "text" if self.isEnabled() else "disabled"
        wide = self.width() - 28
        if self._note:
            paint.text(painter, QRectF(28, 2, wide, 19), self.text(), self._font, ink)
            paint.text(painter, QRectF(28, 20, wide, 17), self._note, self._small, "muted")
        else:
            paint.text(painter, QRectF(28, 0, wide, self.height()), self.text(), self._font, ink)
        painter.end()


class Link(Pressable):
    """Words that open something; underlined under the mouse."""

    def __init__(self, words: str, *, role: str = "small") -> None:
        super().__init__()
        self._font = style.font(role, "medium")
        self.setText(words)
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(QFontMetrics(self._font).horizontalAdvance(self.text()) + 2, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        wide = paint.text(painter, area, self.text(), self._font, "accent")
        if self.underMouse():
            base = (self.height() + QFontMetrics(self._font).ascent()) / 2 + 1
            painter.drawLine(QPointF(0, base), QPointF(wide, base))
        painter.end()
