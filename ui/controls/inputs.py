"""What is typed or chosen into: one line, one big figure, several lines, one of a list.

Each paints its own frame. The property ``level`` (warn, stop or nothing) makes it a strong one.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Signal, Slot
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QFrame, QLineEdit, QPlainTextEdit, QWidget

from ui import style
from ui.controls.scroll_bars import thin_bars
from ui.hands import keeps_text
from ui.style import HEIGHT, paint

_INSET = 11
"""Pixels from the edge to the words, whatever the width of the frame."""
_INK_CHANGES = (QEvent.Type.PaletteChange, QEvent.Type.ReadOnlyChange)


def _frame(painter: QPainter, field: QWidget, *, open_: bool) -> None:
    """The ground and edge of a field; one that is not ``open_`` to typing is quiet."""
    level = str(field.property("level") or "")
    strong = level in ("warn", "stop")
    edge = level if strong else "edge" if open_ else "line"
    fill = "field" if open_ else "window"
    paint.rounded(painter, QRectF(field.rect()), fill, edge, width=2 if strong else 1)


def _ink(field: QLineEdit | QPlainTextEdit) -> None:
    """Nothing under the words but our frame; quiet words where nothing can be typed."""
    palette = QPalette(style.CLEAR)
    if field.isReadOnly():
        palette.setColor(QPalette.ColorRole.Text, style.colour("muted"))
    field.setPalette(palette)


class _Typing(QLineEdit):
    """A line in which typing is safe: what arrives from behind is shown once it is left.

    A ``bare`` one has no frame: its home is one.
    """

    def __init__(self, text: str, *, bare: bool = False) -> None:
        super().__init__(text)
        self._waits: str | None = None
        self._bare = bare
        self.setFrame(False)
        self.setProperty("level", "")
        if not bare:
            self.setTextMargins(_INSET, 0, _INSET, 0)
        _ink(self)

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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _INK_CHANGES:
            _ink(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._bare:
            painter = QPainter(self)
            _frame(painter, self, open_=self.isEnabled() and not self.isReadOnly())
            painter.end()
        super().paintEvent(event)


class Line(_Typing):
    """One line of typing. ``left(text)`` is told on leaving, when what was typed changed.

    A ``bare`` one, in larger words, is what an overlay begins with.
    """

    left = Signal(str)

    def __init__(
        self, text: str = "", *, hint: str = "", read_only: bool = False, bare: bool = False
    ) -> None:
        super().__init__(text, bare=bare)
        self._entered = text
        self.setFixedHeight(HEIGHT["field"])
        self.setPlaceholderText(hint)
        self.setReadOnly(read_only)
        if bare:
            self.setFont(style.font("find"))
            self.setProperty("ring", False)

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
        self.setFont(style.font("figure", "semibold"))
        self.setAccessibleName(name)
        self.setFixedHeight(60)


class Passage(QPlainTextEdit):
    """Several lines of typing; Tab leaves it."""

    def __init__(self, text: str = "", *, hint: str = "", lines: int = 3) -> None:
        super().__init__(text)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportMargins(9, 7, 9, 7)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setProperty("level", "")
        self.setFixedHeight(20 * lines + 16)
        thin_bars(self)
        _ink(self)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _INK_CHANGES:
            _ink(self)

    def event(self, event: QEvent) -> bool:
        # paintEvent is that of the words that scroll; the frame stands around them.
        if event.type() == QEvent.Type.Paint:
            painter = QPainter(self)
            _frame(painter, self, open_=self.isEnabled())
            painter.end()
            return True
        return super().event(event)


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

    def showPopup(self) -> None:
        view = self.view()
        style.dress(view)
        around = view.parentWidget()
        if isinstance(around, QFrame):
            around.setFrameShape(QFrame.Shape.NoFrame)  # the list has an edge of its own
        super().showPopup()

    def sizeHint(self) -> QSize:
        return QSize(max(120, super().sizeHint().width()), HEIGHT["field"])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        on = self.isEnabled()
        _frame(painter, self, open_=on)
        area = QRectF(11, 0, self.width() - 42, self.height())
        chosen = self.currentIndex() >= 0
        words = self.currentText() if chosen else self.placeholderText()
        ink = ("text" if chosen else "muted") if on else "disabled"
        paint.text(painter, area, words, style.font("body"), ink)
        at = QPointF(self.width() - 27, self.height() / 2 - 8)
        paint.mark(painter, at, "chevron-down", "text" if on else "disabled")
        painter.end()
