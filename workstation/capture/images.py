"""Turns the bytes of a picture or PDF into pages, within bounds of size, memory and patience."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from workstation.kernel.errors import NotUnderstood

Picture = npt.NDArray[np.uint8]  # height x width x 3, blue-green-red

_MOST_BYTES = 60_000_000
_MOST_PIXELS = 120_000_000
_MOST_JPEG_PIXELS = 250_000_000
_MOVING = ("GIF", "PNG", "WEBP")
_KEEP_PIXELS = 13_000_000  # larger pictures are reduced while they are decoded
_MOST_PAGES = 4
_PDF_LONGEST = 2200

# Our own bound, checked before any pixel is decoded, takes the place of Pillow's warning.
Image.MAX_IMAGE_PIXELS = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """The first pages of a file, how many it has, and whether they are frames of an animation."""

    pages: list[Picture]
    total: int = 1
    moving: bool = False


def load_pages(data: bytes) -> list[Picture]:
    """The pages of a PNG, JPEG, TIFF, WebP, BMP, GIF or PDF, upright by EXIF, at most four.

    Of an animation the first frame. Raises NotUnderstood with plain words for anything that is
    too large, cut off, locked or no picture.
    """
    return load(data).pages


def load(data: bytes) -> Loaded:
    """As :func:`load_pages`, with what was left out."""
    if not data:
        raise _not_read("picture_empty", "This file is empty.")
    if len(data) > _MOST_BYTES:
        raise _not_read("picture_too_large", "This file is larger than 60 MB.")
    if b"%PDF-" in data[:1024]:
        return _pdf_pages(data)
    if data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypheif", b"ftypavif"):
        raise NotUnderstood(
            "picture_heic",
            "This is a HEIC picture, as some phones make them; Portico cannot open it.",
            "Save it as JPEG, or photograph the card with the desk camera.",
        )
    return _image_pages(data)


def _not_read(code: str, say: str) -> NotUnderstood:
    return NotUnderstood(code, say, "Scan or photograph the card again, or choose another file.")


def _image_pages(data: bytes) -> Loaded:
    try:
        # Pillow warns of damage that we answer in our own words.
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data)) as opened:
            if opened.width * opened.height > _most_pixels(opened):
                raise _not_read("picture_too_large", "This picture has too many pixels to open.")
            if opened.width < 16 or opened.height < 16:
                raise _not_read("picture_too_small", "This picture is too small to hold a card.")
            count = getattr(opened, "n_frames", 1) if opened.format == "TIFF" else 1
            moving = bool(getattr(opened, "is_animated", False)) and opened.format in _MOVING
            pages = []
            for index in range(min(count, _MOST_PAGES)):
                opened.seek(index)
                if opened.width * opened.height <= _most_pixels(opened):
                    pages.append(_picture(opened))
            return Loaded(pages, count, moving)
    except NotUnderstood:
        raise
    except UnidentifiedImageError:
        raise _not_read("not_a_picture", "This file is not a picture or PDF.") from None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError, Image.DecompressionBombError):
        raise _not_read("picture_damaged", "This picture is damaged or cut off.") from None


def _most_pixels(opened: Image.Image) -> int:
    """JPEG is reduced while it is decoded: the largest of telephone cameras are no burden."""
    return _MOST_JPEG_PIXELS if opened.format in ("JPEG", "MPO") else _MOST_PIXELS


def _picture(opened: Image.Image) -> Picture:
    if opened.format in ("JPEG", "MPO"):
        opened.draft("RGB", (3200, 3200))  # decodes at half or quarter size where that suffices
    image: Image.Image = opened
    pixels = image.width * image.height
    if pixels > _KEEP_PIXELS:
        if image.mode in ("1", "P"):
            image = image.convert("L" if image.mode == "1" else "RGB")
        image = image.reduce(int(np.ceil((pixels / _KEEP_PIXELS) ** 0.5)))
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I") or image.mode == "F":
        values = np.asarray(image, dtype=np.float64)
        top = max(float(np.max(values)), 1.0)
        image = Image.fromarray((values * (255.0 / top)).clip(0, 255).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA", "P"):
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    rgb = np.asarray(image.convert("RGB"))
    return np.ascontiguousarray(rgb[:, :, ::-1])


def _pdf_pages(data: bytes) -> Loaded:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise _not_read("pdf_locked", "This PDF is locked with a password.") from None
        raise _not_read("pdf_damaged", "This PDF is damaged or cut off.") from None
    try:
        total = len(document)
        pages = [_pdf_page(document, n) for n in range(min(total, _MOST_PAGES))]
        return Loaded(pages or [np.full((600, 960, 3), 255, np.uint8)], max(total, 1))
    except pypdfium2.PdfiumError:
        raise _not_read("pdf_damaged", "A page of this PDF is damaged.") from None
    finally:
        document.close()


def _pdf_page(document: Any, number: int) -> Picture:
    page = document[number]
    scale = min(_PDF_LONGEST / max(page.get_width(), page.get_height(), 1.0), 300 / 72 * 2)
    bitmap = page.render(scale=scale, may_draw_forms=False)
    pixels = np.array(bitmap.to_numpy())
    page.close()
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    return np.ascontiguousarray(pixels[:, :, :3], dtype=np.uint8)


def jpeg_bytes(picture: Picture, longest: int) -> bytes:
    """A picture as JPEG, reduced to ``longest`` pixels where it is larger."""
    factor = longest / max(picture.shape[:2])
    if factor < 1:
        size = (max(round(picture.shape[1] * factor), 1), max(round(picture.shape[0] * factor), 1))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1])


def png_bytes(picture: Picture) -> bytes:
    """A picture as PNG, for crops shown beside a field."""
    return bytes(cv2.imencode(".png", picture)[1])
