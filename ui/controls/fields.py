"""Labelled fields: the label above, the message under, the width of what goes in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui import style
from ui.controls.buttons import Button
from ui.controls.chips import LEVEL_ICONS
from ui.controls.texts import Mark, Text
from ui.hands import keeps_text
from ui.style import HEIGHT, SPACE, paint

WIDTHS: dict[str, int | None] = {
    "state": 72,
    "short": 96,
    "zip": 104,
    "money": 120,
    "date": 136,
    "ssn": 136,
    "phone": 160,
    "member_id": 208,
    "name": 232,
    "line": 336,
    "fill": None,
}
"""Width in px by kind of content; None takes the column."""


class _Typing(QLineEdit):
    """A line in which typing is safe: what arrives from behind is shown once it is left."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._waits: str | None = None

    def setText(self, text: str | None) -> None:
        if keeps_text(self):
            self._waits = text
        else:
            self._waits = None
            super().setText(text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.setModified(False)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        waits, self._waits = self._waits, None
        if waits is not None and not self.isModified():
            super().setText(waits)


class Line(_Typing):
    """One line of typing. ``left(text)`` is told on leaving, when what was typed changed."""

    left = Signal(str)

    def __init__(self, text: str = "", *, hint: str = "", read_only: bool = False) -> None:
        super().__init__(text)
        self._entered = text
        self.setFixedHeight(HEIGHT["field"])
        self.setPlaceholderText(hint)
        self.setReadOnly(read_only)
        self.setProperty("level", "")

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._entered = self.text()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.text() != self._entered:
            self._entered = self.text()
            self.left.emit(self.text())


class BigFigure(_Typing):
    """The one big figure on a screen, such as what will be taken."""

    def __init__(self, text: str = "", *, name: str = "") -> None:
        super().__init__(text)
        self.setProperty("role", "figure")
        self.setProperty("level", "")
        self.setAccessibleName(name)
        self.setFixedHeight(60)


class Passage(QPlainTextEdit):
    """Several lines of typing; Tab leaves it."""

    def __init__(self, text: str = "", *, hint: str = "", lines: int = 3) -> None:
        super().__init__(text)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setProperty("level", "")
        self.setFixedHeight(20 * lines + 16)


class Choice(QComboBox):
    """One of a list. ``picked(key)`` is told when a person chose."""

    picked = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str]] = (), *, hint: str = "") -> None:
        super().__init__()
        self.setProperty("level", "")
        self.setPlaceholderText(hint)
        self.setFixedHeight(HEIGHT["field"])
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setMaxVisibleItems(14)
        self.offer(choices)
        self.activated.connect(self._picked)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Other choices, as (key, words); what was chosen stays if it is still there."""
        kept = self.key
        self.clear()
        for key, words in choices:
            self.addItem(words, key)
        self.choose(kept)

    @property
    def key(self) -> str:
        """The key chosen, or empty."""
        found = self.currentData()
        return found if isinstance(found, str) else ""

    def choose(self, key: str) -> None:
        """Shows a choice without telling ``picked``."""
        self.setCurrentIndex(self.findData(key))

    @Slot(int)
    def _picked(self, _: int) -> None:
        self.picked.emit(self.key)

    def sizeHint(self) -> QSize:
        return QSize(max(120, super().sizeHint().width()), HEIGHT["field"])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        level = str(self.property("level") or "")
        strong = level in ("warn", "stop")
        on = self.isEnabled()
        edge = level if strong else "edge" if on else "line"
        fill = "field" if on else "window"
        paint.rounded(painter, QRectF(self.rect()), fill, edge, width=2 if strong else 1)
        area = QRectF(11, 0, self.width() - 42, self.height())
        chosen = self.currentIndex() >= 0
        words = self.currentText() if chosen else self.placeholderText()
        ink = ("text" if chosen else "muted") if on else "disabled"
        paint.text(painter, area, words, style.font("body"), ink)
        at = QPointF(self.width() - 27, self.height() / 2 - 8)
        paint.mark(painter, at, "chevron-down", "text" if on else "disabled")
        painter.end()


class Field(QWidget):
    """A label, an editor and room for one message. The label names the editor to everyone."""

    def __init__(
        self,
        label: str,
        editor: QWidget,
        *,
        width: str = "fill",
        note: str = "",
        room: bool = True,
        beside: Button | None = None,
    ) -> None:
        super().__init__()
        self.editor = editor
        self._words = label.replace("&", "")
        self._level = ""
        self.label = QLabel(label)
        self.label.setProperty("tone", "muted")
        self.label.setFont(style.font("small", "medium"))
        self.label.setBuddy(editor)
        editor.setAccessibleName(self._words)
        self._mark = Mark("info", "muted", 14)
        self._mark.setFixedSize(14, 18)
        self._message = Text("", role="small", tone="muted", wrap=True)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(5)
        foot.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        foot.addWidget(self._message, 1)
        self._foot.setMinimumHeight(18)
        self._keeps_room = room
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(SPACE.xs)
        outer.addWidget(self.label)
        line = QHBoxLayout()
        line.setSpacing(SPACE.s)
        line.addWidget(editor, 1 if WIDTHS[width] is None else 0)
        if beside is not None:
            line.addWidget(beside)
        if WIDTHS[width] is not None:
            editor.setFixedWidth(WIDTHS[width] or 0)
            line.addStretch(1)
        outer.addLayout(line)
        outer.addWidget(self._foot)
        self.label.setMinimumWidth(1)  # a long question never makes a page scroll sideways
        inside = editor.layout()
        wraps = inside is not None and inside.hasHeightForWidth()
        tall = QSizePolicy.Policy.Preferred if wraps else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, tall)
        self.tell("info", note) if note else self.tell()

    @property
    def level(self) -> str:
        """The level of the message shown: ok, warn, stop, info, or empty."""
        return self._level

    @property
    def message(self) -> str:
        """The message shown, or empty."""
        return self._message.text()

    def tell(self, level: str = "", words: str = "", *, icon: str = "") -> None:
        """Shows a message under the field (ok, warn, stop, info); without words clears it."""
        self._level = level if words else ""
        tone = "muted" if self._level in ("", "info") else self._level
        self._mark.setVisible(bool(words))
        self._message.setText(words)
        self._message.setToolTip(words)
        self._message.set_tone(tone)
        if words:
            self._mark.show_icon(icon or LEVEL_ICONS[level], tone)
        self._foot.setVisible(self._keeps_room or bool(words))
        self.editor.setAccessibleDescription(words)
        mark = self._level if self._level in ("warn", "stop") else ""
        if self.editor.property("level") != mark:
            self.editor.setProperty("level", mark)
            self.editor.style().unpolish(self.editor)
            self.editor.style().polish(self.editor)
            self.editor.update()
