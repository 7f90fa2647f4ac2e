"""One strip of messages: stop, yield or info; the newest with the same key replaces the older."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.controls.buttons import Button, IconButton
from ui.controls.texts import Text
from ui.style import paint
from ui.words import say
from workstation.kernel.errors import PorticoError

_LEVELS = {
    "stop": ("octagon-alert", "stop", "Stop"),
    "yield": ("triangle-alert", "warn", "Take care"),
    "info": ("info", "accent", "Note"),
    "ok": ("circle-check", "ok", "Done"),
}

_STORE_TROUBLE = ("disk_full", "store_read_only", "store_busy")
"""Failures of the store that the next write that is taken ends."""


@dataclass(frozen=True, slots=True)
class Message:
    """What happened, what to do. ``key``: a newer message with it takes this one's place."""

    level: str
    words: str
    do: str = ""
    key: str = ""
    action: str = ""
    """Words of a button that answers it; ``Strip.answered(key)`` is told when pressed."""

    @classmethod
    def of(cls, error: PorticoError, key: str = "") -> Message:
        """An expected failure as a message."""
        return cls("stop", say(error.say), say(error.do), key or error.code)


class _Line(QWidget):
    """One message with its icon, words and ways to answer."""

    closed = Signal(object)
    answered = Signal(str)

    def __init__(self, message: Message) -> None:
        super().__init__()
        self.message = message
        box = QHBoxLayout(self)
        box.setContentsMargins(40, 7, 6, 7)
        box.setSpacing(12)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Text(message.words, weight="medium", wrap=True))
        if message.do:
            words.addWidget(Text(message.do, role="small", tone="muted", wrap=True))
        box.addLayout(words, 1)
        if message.action:
            press = Button(message.action)
            press.clicked.connect(self._answer)
            box.addWidget(press)
        close = IconButton("x", say("Close this message: {words}", words=message.words))
        close.clicked.connect(self._close)
        box.addWidget(close)
        self.setAccessibleName(f"{say(_LEVELS[message.level][2])}: {message.words} {message.do}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @Slot()
    def _close(self) -> None:
        self.closed.emit(self)

    @Slot()
    def _answer(self) -> None:
        self.answered.emit(self.message.key)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icon, tone, _ = _LEVELS[self.message.level]
        paint.rounded(painter, QRectF(self.rect()), f"{tone}_soft")
        paint.mark(painter, QPointF(12, self.height() / 2 - 9), icon, tone, 18)
        painter.end()


class Note(QWidget):
    """A standing remark on a soft ground: icon and words, as for a confidential address."""

    def __init__(self, words: str, *, level: str = "warn", icon: str = "triangle-alert") -> None:
        super().__init__()
        self._level, self._icon = level, icon
        box = QHBoxLayout(self)
        box.setContentsMargins(36, 9, 12, 9)
        box.addWidget(Text(words, tone=level, wrap=True))
        self.setAccessibleName(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.rounded(painter, QRectF(self.rect()), f"{self._level}_soft")
        paint.mark(painter, QPointF(12, 10), self._icon, self._level)
        painter.end()


class Strip(QWidget):
    """Messages of a page, newest first; hidden when there are none."""

    answered = Signal(str)

    def __init__(self, most: int = 3) -> None:
        super().__init__()
        self._most = most
        self._lines: list[_Line] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(6)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    @property
    def messages(self) -> tuple[Message, ...]:
        """What is shown, newest first."""
        return tuple(line.message for line in self._lines)

    def tell(self, message: Message) -> None:
        """Shows a message, announces it, and lets the oldest go when there are too many."""
        if message.key:
            self.clear(message.key)
        line = _Line(message)
        line.setParent(self)
        line.closed.connect(self._close)
        line.answered.connect(self.answered)
        self._lines.insert(0, line)
        self._box.insertWidget(0, line)
        line.setVisible(True)
        for old in self._lines[self._most :]:
            self._close(old)
        self.setVisible(True)
        words = f"{message.words} {message.do}".strip()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def clear(self, key: str = "") -> None:
        """Takes away the message of a key, or all."""
        for line in list(self._lines):
            if not key or line.message.key == key:
                self._close(line)

    @Slot()
    def store_took(self) -> None:
        """The store takes what is written again: what was said of it is over."""
        for code in _STORE_TROUBLE:
            self.clear(code)

    @Slot(object)
    def _close(self, line: _Line) -> None:
        self._lines.remove(line)
        self._box.removeWidget(line)
        line.hide()
        line.deleteLater()
        self.setVisible(bool(self._lines))
