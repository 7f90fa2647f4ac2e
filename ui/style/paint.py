"""The few shapes that custom-painted widgets and delegates share."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen

from ui.style import icons
from ui.style.theme import colour
from ui.style.tokens import RADIUS


def rounded(
    painter: QPainter,
    rect: QRectF,
    fill: str | None,
    edge: str | None = None,
    *,
    radius: float = RADIUS,
    width: float = 1.0,
) -> None:
    """A rounded box inside ``rect``: ``fill`` and ``edge`` are tokens or None."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    inset = width / 2 if edge else 0.0
    painter.setBrush(colour(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour(edge), width) if edge else Qt.PenStyle.NoPen)
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)


def text(
    painter: QPainter,
    rect: QRectF,
    words: str,
    font: QFont,
    tone: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> float:
    """One line of text, elided to ``rect``, centred vertically; returns the width used."""
    shown, wide = fitted(words, font, rect.width())
    painter.setFont(font)
    painter.setPen(colour(tone))
    painter.drawText(rect, _UPRIGHT[align], shown)
    return wide


@lru_cache(maxsize=4096)
def fitted(words: str, font: QFont, width: float) -> tuple[str, float]:
    """Words cut to a width, and how wide they then are. Shaping text costs as much as drawing it,
    and a table draws the same words again and again."""
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, width)
    return shown, metrics.horizontalAdvance(shown)


_UPRIGHT = {
    align: int(align | Qt.AlignmentFlag.AlignVCenter)
    for align in (
        Qt.AlignmentFlag.AlignLeft,
        Qt.AlignmentFlag.AlignRight,
        Qt.AlignmentFlag.AlignHCenter,
    )
}


def mark(painter: QPainter, at: QPointF, name: str, tone: str, size: int = 16) -> None:
    """An icon with its top left corner at ``at``."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    painter.drawPixmap(at, icons.pixmap(name, tone, size, ratio))


def tag(painter: QPainter, rect: QRectF, words: str, font: QFont, level: str) -> None:
    """A small labelled mark: soft ground and ink of a level (ok, warn, stop, accent)."""
    rounded(painter, rect, f"{level}_soft", radius=4)
    painter.setFont(font)
    painter.setPen(colour(level))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter), words)


def hairline(painter: QPainter, rect: QRect, side: str) -> None:
    """A one-pixel ``line`` along a side (left, right, top, bottom) of ``rect``."""
    ink = colour("line")
    if side == "left":
        painter.fillRect(rect.left(), rect.top(), 1, rect.height(), ink)
    elif side == "right":
        painter.fillRect(rect.right(), rect.top(), 1, rect.height(), ink)
    elif side == "top":
        painter.fillRect(rect.left(), rect.top(), rect.width(), 1, ink)
    else:
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, ink)
