"""Bytes to pictures and back, crops with what is in doubt marked. Runs on any thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPen, QPixmap, QTransform

from ui import style
from ui.capture.suggestions import place_of
from workstation.capture.card_model import Box, Doubt
from workstation.capture.worker_process import OpenedFile
from workstation.kernel.errors import NotUnderstood

_LONGEST = 2400
_MOST_PIXELS = 40_000_000
_JPEG_QUALITY = 90
_PAD = 0.2
"""Room around a crop, as a share of its height: a value is read by what stands beside it."""


@dataclass(frozen=True, slots=True)
class Page:
    """One side as it came: the bytes that are read, and the picture that is shown."""

    data: bytes
    image: QImage


@dataclass(frozen=True, slots=True)
class Opened:
    """The pages taken from a file, and what was left of it."""

    pages: tuple[Page, ...]
    total: int = 1
    moving: bool = False
    """They are frames of an animation; the first one was taken."""


def open_pages(data: bytes, elsewhere: Callable[[bytes], OpenedFile]) -> Opened:
    """The first two pages of a picture or PDF. Raises NotUnderstood for what is neither.

    Common pictures of common size are opened here; PDF, TIFF, animations and what is huge or
    broken by ``elsewhere``, the reading process: each page comes from it as a JPEG of its own.
    """
    image = decoded(data)
    if not image.isNull():
        return Opened((Page(data, image),))
    found = elsewhere(data)
    pages = tuple(Page(page, QImage.fromData(page)) for page in found.pages)
    if not pages:
        raise NotUnderstood("not_a_picture", "There is no page in this file.", "Choose another.")
    return Opened(pages, found.total, found.moving)


def decoded(data: bytes) -> QImage:
    """The picture, upright by its own note of how the camera was held; null if it is not for here.

    A picture of 40 million pixels takes 160 MB while it is decoded, in the window's own process.
    """
    if b"%PDF-" in data[:1024] or data[:4] in (b"II*\x00", b"MM\x00*"):
        return QImage()
    store = QByteArray(data)
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > _MOST_PIXELS:
        return QImage()
    if reader.supportsAnimation() and reader.imageCount() > 1:
        return QImage()
    if max(size.width(), size.height()) > _LONGEST:
        size.scale(_LONGEST, _LONGEST, Qt.AspectRatioMode.KeepAspectRatio)
        reader.setScaledSize(size)
    return reader.read()


def as_jpeg(image: QImage) -> bytes:
    """The picture as JPEG bytes, without any note of where or by what it was taken."""
    store = QByteArray()
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    # PySide's stubs want bytes for the format where the call wants text.
    image.convertToFormat(QImage.Format.Format_RGB888).save(buffer, "JPEG", _JPEG_QUALITY)  # type: ignore[call-overload]
    return bytes(store.data())


def turned(page: Page) -> Page:
    """A quarter turn clockwise."""
    image = page.image.transformed(QTransform().rotate(90))
    return Page(as_jpeg(image), image)


def crop(side: QImage, box: Box, value: str, doubts: tuple[Doubt, ...]) -> QPixmap:
    """Where a value stands on a straightened side, with a frame around each doubtful character."""
    if side.isNull():
        return QPixmap()
    wide, tall = side.width(), side.height()
    left, top, right, bottom = box[0] * wide, box[1] * tall, box[2] * wide, box[3] * tall
    places = letters(left, right, bottom - top, value)
    if places[0][0] > left:  # what stands before the value is its label
        left = max(left, places[0][0] - 1.5 * (bottom - top))
    pad = (bottom - top) * _PAD
    area = QRectF(left - 2 * pad, top - pad, right - left + 4 * pad, bottom - top + 2 * pad)
    area = area.intersected(QRectF(side.rect()))
    cut = side.copy(area.toRect())
    scale = max(1.0, 64 / max(1, cut.height()))
    cut = cut.scaledToHeight(
        round(cut.height() * scale), Qt.TransformationMode.SmoothTransformation
    )
    painter = QPainter(cut)
    painter.setPen(QPen(style.colour("warn"), 3))
    for doubt in doubts:
        place = place_of(value, doubt)
        if place is not None:
            begin, end = places[place]
            room = 0.15 * (end - begin)  # forgives letters of unlike width
            at = (begin - room - area.x()) * scale
            painter.drawRect(QRectF(at, 3, (end - begin + 2 * room) * scale, cut.height() - 6))
    painter.end()
    return QPixmap.fromImage(cut)


_LETTER = 0.52
"""A digit's usual width as a share of its line's height, on cards."""
_WIDE = {"W": 1.6, "M": 1.5, "I": 0.6, "J": 0.7, "-": 0.6, " ": 0.5}


def _width(char: str) -> float:
    """How wide a letter usually is beside a digit."""
    return _WIDE.get(char.upper(), 1.1 if char.isalpha() else 1.0)


def letters(left: float, right: float, height: float, value: str) -> list[tuple[float, float]]:
    """Where each letter of a value begins and ends in its line.

    A line that is much wider than the value begins with a label; the value then ends it.
    """
    shares = [_width(char) for char in value] or [1.0]
    each = (right - left) / sum(shares)
    if each > 1.5 * _LETTER * height:
        each = _LETTER * height
    places = []
    at = right - each * sum(shares)
    for share in shares:
        places.append((at, at + share * each))
        at += share * each
    return places


def whole(side: QImage, box: Box | None) -> QPixmap:
    """The whole side with a frame around one place."""
    if side.isNull():
        return QPixmap()
    shown = side.scaledToWidth(640, Qt.TransformationMode.SmoothTransformation)
    if box is not None:
        painter = QPainter(shown)
        painter.setPen(QPen(style.colour("warn"), 3))
        wide, tall = shown.width(), shown.height()
        painter.drawRect(
            QRectF(
                box[0] * wide, box[1] * tall, (box[2] - box[0]) * wide, (box[3] - box[1]) * tall
            ).adjusted(-4, -4, 4, 4)
        )
        painter.end()
    return QPixmap.fromImage(shown)
