"""Finds and decodes barcodes in pictures; knows how to straighten a tilted PDF417 first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from workstation.capture.pdf417_place import squared, straightened_candidates

Gray = npt.NDArray[np.uint8]

_F = zxingcpp.BarcodeFormat
_CARD_FORMATS = zxingcpp.BarcodeFormats(
    [_F.PDF417, _F.QRCode, _F.DataMatrix, _F.Aztec, _F.Code128, _F.Code39]
)
_PDF417 = zxingcpp.BarcodeFormats([_F.PDF417])
# A 12-megapixel picture costs seconds and reads no better than this (pixels, longer side).
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Symbol:
    """One decoded barcode. ``raw`` keeps control characters, which ``text`` may spell out."""

    type: str
    text: str
    raw: bytes

    def as_json(self) -> dict[str, str]:
        return {"type": self.type, "text": self.text}


def read_symbols(image: npt.NDArray[np.uint8]) -> list[Symbol]:
    """Barcodes of an insurance card, upright or nearly so. Empty where there is none."""
    gray = _shrunk(_gray(image), _LONGEST)
    found = _decode(gray, _CARD_FORMATS)
    return found or _second_opinion(gray)


def read_licence_symbol(image: npt.NDArray[np.uint8]) -> Symbol | None:
    """The first PDF417 that can be read in a picture, at any angle; None where none can."""
    return next(licence_symbols(image), None)


def licence_symbols(image: npt.NDArray[np.uint8]) -> Iterator[Symbol]:
    """Readings of the PDF417 of a licence back, the cheapest first; rarely, one may be nonsense.

    zxing-cpp alone gives up at three degrees of tilt, so the symbol is located by its gradient
    energy, cut out of the full-resolution picture, turned upright, freed of perspective and tried
    at several sizes.
    """
    gray = _gray(image)
    yield from _decoded([_shrunk(gray, _LONGEST)])
    crops = list(straightened_candidates(gray))
    for level in crops:
        yield from _decoded(_sizes(level))
    for level in crops:
        upright = squared(level)
        if upright is not None:
            yield from _decoded(_sizes(upright))


def _decoded(pictures: list[Gray]) -> Iterator[Symbol]:
    for picture in pictures:
        yield from _decode(picture, _PDF417)


def _sizes(crop: Gray) -> list[Gray]:
    width = crop.shape[1]
    sizes = [crop, _sharpened(crop)]
    if width < 1600:
        sizes.append(_scaled(crop, 2.0))
    if width > 2000:
        sizes.append(_scaled(crop, 0.5))
    return sizes


def _sharpened(gray: Gray) -> Gray:
    """Undoes two pixels of blur well enough for the decoder."""
    soft = cv2.GaussianBlur(gray, (0, 0), 2.0).astype(np.float32)
    return np.asarray((gray * 5.0 - soft * 4.0).clip(0, 255), np.uint8)


def _decode(gray: Gray, formats: Any) -> list[Symbol]:
    found = []
    for result in zxingcpp.read_barcodes(gray, formats=formats):
        raw = bytes(result.bytes)
        if raw:
            found.append(Symbol(_name(result.format), _plain(raw), raw))
    return found


def _name(form: Any) -> str:
    return str(form).replace(" ", "")


def _plain(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _second_opinion(gray: Gray) -> list[Symbol]:
    """What pyzbar sees of 1-D and QR codes, where the system has libzbar; else nothing."""
    try:
        from pyzbar import pyzbar
    except (ImportError, OSError):
        return []
    names = {"QRCODE": "QRCode", "CODE128": "Code128", "CODE39": "Code39"}
    wanted = [getattr(pyzbar.ZBarSymbol, name) for name in names]
    return [
        Symbol(names.get(found.type, found.type), _plain(found.data), found.data)
        for found in pyzbar.decode(gray, symbols=wanted)
    ]


def _gray(image: npt.NDArray[np.uint8]) -> Gray:
    if image.ndim == 2:
        return image
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)


def _scaled(gray: Gray, factor: float) -> Gray:
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(gray, None, fx=factor, fy=factor, interpolation=how), np.uint8)


def _shrunk(gray: Gray, longest: int) -> Gray:
    factor = longest / max(gray.shape)
    return gray if factor >= 1 else _scaled(gray, factor)
