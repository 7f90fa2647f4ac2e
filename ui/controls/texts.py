"""Words, icons with words, and key caps."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui import style
from ui.style import paint


class Text(QLabel):
    """Words of a type role and tone. Plain text always: what a payer sent is never markup."""

    def __init__(
        self,
        words: str = "",
        *,
        role: str = "body",
        weight: str = "regular",
        tone: str = "text",
        wrap: bool = False,
        rich: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText if rich else Qt.TextFormat.PlainText)
        self.setFont(style.font(role, weight))
        self.setForegroundRole(style.ink(tone))
        self.setWordWrap(wrap)
        self.setText(words)
        if wrap:
            # A wrapped label may be as narrow as its home: the page must not scroll sideways.
            policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)

    def set_tone(self, tone: str) -> None:
        """Changes the colour to another token."""
        self.setForegroundRole(style.ink(tone))


def breakable(words: str, most: int = 16) -> str:
    """Words that may break inside, for a label that wraps: a name of 200 letters has no space."""
    parts = []
    for word in words.split(" "):
        cut = [word[at : at + most] for at in range(0, len(word), most)]
        parts.append("\u200b".join(cut))
    return " ".join(parts)


class Elided(Text):
    """One line that ends in an ellipsis where there is no room; the tooltip has all of it."""

    def setText(self, words: str) -> None:
        super().setText(words)
        self.setToolTip(words)
        self.setMinimumWidth(1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        metrics, room = self.fontMetrics(), self.contentsRect()
        shown = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, int(self.alignment()), shown)
        painter.end()


class Mark(QWidget):
    """An icon alone, for decoration beside words; invisible to screen readers by having no name."""

    def __init__(self, icon: str, tone: str = "text", size: int = 16) -> None:
        super().__init__()
        self._icon, self._tone, self._size = icon, tone, size
        self.setFixedSize(size, size)

    def show_icon(self, icon: str, tone: str) -> None:
        """Another icon, another tone."""
        self._icon, self._tone = icon, tone
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        corner = QPointF((self.width() - self._size) / 2, (self.height() - self._size) / 2)
        paint.mark(painter, corner, self._icon, self._tone, self._size)
        painter.end()


class IconText(QWidget):
    """An icon and its word, on one line; the words are the accessible name."""

    def __init__(
        self,
        icon: str,
        words: str,
        *,
        tone: str = "text",
        icon_tone: str = "",
        role: str = "body",
        weight: str = "regular",
        gap: int = 6,
    ) -> None:
        super().__init__()
        self._icon, self._words, self._gap = icon, words, gap
        self._tone, self._icon_tone = tone, icon_tone
        self._font = style.font(role, weight)
        self._size = 16 if role != "section" else 20
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def show_words(self, icon: str, words: str, tone: str) -> None:
        """Another state, in icon and word."""
        self._icon, self._words, self._tone = icon, words, tone
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The words."""
        return self._words

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font)
        lead = self._size + self._gap if self._icon else 0
        return QSize(lead + metrics.horizontalAdvance(self._words) + 2, max(20, metrics.height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._size + self._gap + 24, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = 0.0
        if self._icon:
            top = (self.height() - self._size) / 2
            tone = self._icon_tone or self._tone
            paint.mark(painter, QPointF(0, top), self._icon, tone, self._size)
            left = self._size + self._gap
        area = QRectF(left, 0, self.width() - left, self.height())
        paint.text(painter, area, self._words, self._font, self._tone)
        painter.end()


class KeyCap(QWidget):
    """A key as printed on the board; screen readers skip it, the command says its key itself."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._font = style.font("mark", "medium")
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(cap_width(self._key), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_cap(painter, QRectF(self.rect()), self._key)
        painter.end()


def cap_width(key: str) -> int:
    """How wide the cap of a key is."""
    return QFontMetrics(style.font("mark", "medium")).horizontalAdvance(key) + 12


def draw_cap(painter: QPainter, rect: QRectF, key: str, tone: str = "muted") -> None:
    """A key cap inside ``rect``."""
    paint.rounded(painter, rect, None, "line", radius=4)
    font = style.font("mark", "medium")
    painter.setFont(font)
    painter.setPen(style.colour(tone))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), key)
