"""Reads an insurance card from the bytes of its pictures: straighten, read, extract."""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2
import numpy as np

from workstation.capture.barcodes import read_symbols
from workstation.capture.card_model import Box, CardReading, Evidence, SideView
from workstation.capture.crop import find_card, rectify
from workstation.capture.fields import extract
from workstation.capture.images import Picture, load_pages
from workstation.capture.not_a_card import looks_like_a_licence
from workstation.capture.ocr import Line, Text, TextReader
from workstation.capture.quality import LICENCE, MIRRORED, TWO_CARDS, judge

# 300 dots per inch of an ID-1 card; more costs time and reads no better.
_READ_WIDTH = 1012
_PAGE_WIDTH = 1500
_SHARP_WIDTH = 1700

Shares = Sequence[tuple[float, float]]


@dataclass(slots=True)
class _Side:
    text: Text
    sharp: Picture
    view: SideView
    barcodes: tuple[dict[str, str], ...]


class CardReader:
    """The loaded engine. One reader serves one thread; both sides of a card run side by side."""

    def __init__(self) -> None:
        first = TextReader()
        self._readers = (first, first.twin())

    def warm_up(self) -> None:
        """Runs the networks once, so that the first card is as quick as the second."""
        page = np.full((320, 508, 3), 255, np.uint8)
        cv2.putText(page, "Member ID 123", (40, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 2)
        for reader in self._readers:
            reader.read(page)

    def read(
        self,
        front: bytes,
        back: bytes | None = None,
        corners: Sequence[Shares | None] = (None, None),
    ) -> CardReading:
        """Both sides of a card. ``corners`` are the registrar's own, as shares of each page.

        A two-page PDF or TIFF without a back serves as both. Raises NotUnderstood for bytes that
        are no picture.
        """
        pages = load_pages(front)[:2]
        if back is not None:
            pages = [pages[0], load_pages(back)[0]]
        marks = [*corners, None, None]
        with ThreadPoolExecutor(max_workers=2, thread_name_prefix="card-side") as pool:
            sides = list(pool.map(_read_side, self._readers, pages, marks))
        return self._reading(sides)

    def _reading(self, sides: list[_Side]) -> CardReading:
        lines = [
            [replace(line, side=n) for line in side.text.lines] for n, side in enumerate(sides)
        ]
        lines.append([])

        def second_look(line: Line) -> str | None:
            return self._again(line, sides[line.side])

        codes = [code for side in sides for code in side.barcodes]
        reading = extract(lines[0], lines[1], codes, second_look)
        if reading.not_a_card and looks_like_a_licence(lines[0]):
            first = sides[0].view
            sides[0].view = replace(first, advice=(LICENCE.as_json(), *first.advice))
        places = {
            name: Evidence(one.side, _place(one.box, sides[one.side]), one.doubts)
            for name, one in reading.evidence.items()
        }
        return replace(reading, evidence=places, sides=tuple(side.view for side in sides))

    def _again(self, line: Line, side: _Side) -> str | None:
        """The same place read from the sharpest picture, slightly wider: an independent witness."""
        factor = side.sharp.shape[1] / side.text.picture.shape[1]
        quad = np.array(line.quad, np.float32).reshape(4, 2) * factor
        middle = quad.mean(axis=0)
        pad = 0.12 * line.height * factor
        grown = quad + np.sign(quad - middle) * pad
        left, top = np.floor(grown.min(axis=0)).clip(0).astype(int)
        right, bottom = np.ceil(grown.max(axis=0)).astype(int)
        crop = np.ascontiguousarray(side.sharp[top:bottom, left:right])
        if min(crop.shape[:2]) < 6:
            return None
        text, _ = self._readers[0].recognise([crop])[0]
        return re.sub(r"[^A-Z0-9]", "", text.upper())


def _read_side(reader: TextReader, page: Picture, corners: Shares | None) -> _Side:
    height, width = page.shape[:2]
    if corners is None:
        found = find_card(page)
        quad, cropped, another = found.corners, found.cropped, found.another
    else:
        quad, cropped, another = np.array(corners, np.float32) * (width, height), True, False
    longest = max(height, width)
    card_shaped = cropped or longest / min(height, width) > 1.45
    reading_width = _READ_WIDTH if card_shaped else min(max(longest, _READ_WIDTH), _PAGE_WIDTH)
    straight = rectify(page, quad.astype(np.float32), reading_width)
    text = reader.read(straight)
    sharp_width = int(min(max(longest, reading_width * 1.25), _SHARP_WIDTH))
    sharp = rectify(page, quad.astype(np.float32), sharp_width)
    for _ in range(text.turned // 90):
        sharp = np.asarray(cv2.rotate(sharp, cv2.ROTATE_90_CLOCKWISE), np.uint8)
    if text.mirrored:
        sharp = np.asarray(cv2.flip(sharp, 1), np.uint8)
    advice = [TWO_CARDS] * another + [MIRRORED] * text.mirrored
    advice += judge(_as_taken(page, straight, cropped))
    view = SideView(
        corners=tuple((float(x / width), float(y / height)) for x, y in quad),
        cropped=cropped,
        turned=text.turned,
        picture=bytes(cv2.imencode(".jpg", text.picture, [cv2.IMWRITE_JPEG_QUALITY, 88])[1]),
        advice=tuple(one.as_json() for one in advice),
    )
    codes = tuple(symbol.as_json() for symbol in read_symbols(sharp))
    return _Side(text, sharp, view, codes)


def _as_taken(page: Picture, straight: Picture, cropped: bool) -> Picture:
    """The card at the resolution it was taken at, never enlarged: enlarging hides smallness."""
    if not cropped or max(page.shape[:2]) >= _READ_WIDTH:
        return straight
    return page


def _place(box: tuple[float, float, float, float], side: _Side) -> Box:
    height, width = side.text.picture.shape[:2]
    return (
        max(box[0] / width, 0.0),
        max(box[1] / height, 0.0),
        min(box[2] / width, 1.0),
        min(box[3] / height, 1.0),
    )
