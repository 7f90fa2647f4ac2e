"""A letter page written from top to bottom: headings, pairs, rows with an amount at the right."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from workstation.papers.typeface import BOLD, REGULAR, printable, width, wrapped

MARGIN = 54.0
_PAGE_WIDTH, _PAGE_HEIGHT = letter
RIGHT = _PAGE_WIDTH - MARGIN
_LEADING = 1.4


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished PDF. ``missing``: characters that the typeface lacks and that print as ``?``."""

    pdf: bytes
    missing: str


class Sheet:
    """One document. Text is drawn as it is: no markup language looks at it."""

    def __init__(self, title: str, language: str, footer: str) -> None:
        self._out = io.BytesIO()
        self._missing: set[str] = set()
        self._canvas = Canvas(self._out, pagesize=letter, lang=language, invariant=1)
        self._canvas.setTitle(title)
        self._canvas.setAuthor("Portico")
        self._footer = self._clean(footer, REGULAR)
        self._y = _PAGE_HEIGHT - MARGIN

    def text(self, words: str, size: float = 10, *, bold: bool = False) -> None:
        """A paragraph over the whole width, wrapped."""
        font = BOLD if bold else REGULAR
        for line in wrapped(self._clean(words, font), font, size, RIGHT - MARGIN):
            self._down(size)
            self._draw(MARGIN, line, font, size)

    def pair(self, label: str, value: str, size: float = 10) -> None:
        """A label and its value beside it; an empty value prints nothing."""
        if not value:
            return
        indent = MARGIN + 150
        lines = wrapped(self._clean(value, REGULAR), REGULAR, size, RIGHT - indent)
        for n, line in enumerate(lines):
            self._down(size)
            if n == 0:
                self._draw(MARGIN, self._clean(label, BOLD), BOLD, size)
            self._draw(indent, line, REGULAR, size)

    def row(self, words: str, amount: str, size: float = 10, *, bold: bool = False) -> None:
        """Words at the left, an amount flush right."""
        font = BOLD if bold else REGULAR
        amount = self._clean(amount, font)
        limit = RIGHT - MARGIN - width(amount, font, size) - 12
        for n, line in enumerate(wrapped(self._clean(words, font), font, size, limit)):
            self._down(size)
            self._draw(MARGIN, line, font, size)
            if n == 0:
                self._draw(RIGHT - width(amount, font, size), amount, font, size)

    def rule(self) -> None:
        """A thin line across."""
        self._down(6)
        self._canvas.setLineWidth(0.6)
        self._canvas.line(MARGIN, self._y, RIGHT, self._y)

    def gap(self, points: float = 8) -> None:
        """Empty space."""
        self._y -= points

    def blanks(self, *fields: tuple[str, str]) -> None:
        """Labels side by side, each over a line to write on; what is known already is printed."""
        each = (RIGHT - MARGIN) / len(fields)
        self._down(21.5)
        self._canvas.setLineWidth(0.6)
        for n, (label, value) in enumerate(fields):
            left = MARGIN + n * each
            room = each - 10
            over = wrapped(self._clean(label, REGULAR), REGULAR, 7, room)[0]
            known = wrapped(self._clean(value, BOLD), BOLD, 10, room)[0] if value else ""
            self._draw(left, over, REGULAR, 7, y=self._y + 19)
            self._draw(left, known, BOLD, 10, y=self._y + 3)
            self._canvas.line(left, self._y, left + room, self._y)

    def table(self, heads: Sequence[tuple[str, float]], rows: Sequence[Sequence[str]]) -> None:
        """Ruled rows under heads, each with its share of the width; empty cells are written in.

        A row is never parted, and a further page has the heads again.
        """
        whole = sum(share for _, share in heads)
        wide = [(RIGHT - MARGIN) * share / whole for _, share in heads]
        self._line_of([label for label, _ in heads], wide, BOLD, 7)
        for cells in rows:
            if self._y - 42 < MARGIN + 20:
                self.page()
                self._line_of([label for label, _ in heads], wide, BOLD, 7)
            self._line_of(cells, wide, REGULAR, 9)

    def _line_of(self, cells: Sequence[str], wide: Sequence[float], font: str, size: float) -> None:
        parts = [
            wrapped(self._clean(cell, font), font, size, room - 8)[:3] if cell else []
            for cell, room in zip(cells, wide, strict=True)
        ]
        tall = max(26.0, 8 + max(map(len, parts)) * (size + 2))
        left = MARGIN
        self._down(tall / _LEADING)
        self._canvas.setLineWidth(0.4)
        for lines, room in zip(parts, wide, strict=True):
            self._canvas.rect(left, self._y, room, tall)
            for n, line in enumerate(lines):
                self._draw(left + 4, line, font, size, y=self._y + tall - 10 - n * (size + 2))
            left += room

    def page(self) -> None:
        """What follows stands on a new page."""
        self._end_page()
        self._y = _PAGE_HEIGHT - MARGIN

    def mark(self, words: str) -> None:
        """A boxed mark such as DUPLICATE, in large type."""
        words = self._clean(words, BOLD)
        self._down(16)
        self._canvas.setLineWidth(1.2)
        self._canvas.rect(MARGIN, self._y - 5, width(words, BOLD, 16) + 12, 23)
        self._draw(MARGIN + 6, words, BOLD, 16)
        self.gap(6)

    def picture(self, png: bytes, wide: float, tall: float) -> None:
        """A picture with a transparent ground, such as a signature, at most this large."""
        self._down(tall / _LEADING)
        self._canvas.drawImage(
            ImageReader(io.BytesIO(png)),
            MARGIN,
            self._y,
            width=wide,
            height=tall,
            preserveAspectRatio=True,
            anchor="sw",
            mask="auto",
        )

    def finished(self) -> Paper:
        """The PDF."""
        self._end_page()
        self._canvas.save()
        return Paper(self._out.getvalue(), "".join(sorted(self._missing)))

    def _clean(self, words: str, font: str) -> str:
        kept, missing = printable(words, font)
        self._missing.update(missing)
        return kept

    def _down(self, size: float) -> None:
        self._y -= size * _LEADING
        if self._y < MARGIN + 20:
            self._end_page()
            self._y = _PAGE_HEIGHT - MARGIN - size * _LEADING

    def _end_page(self) -> None:
        self._draw(MARGIN, self._footer, REGULAR, 8, y=MARGIN - 14)
        self._canvas.showPage()

    def _draw(self, x: float, words: str, font: str, size: float, y: float | None = None) -> None:
        self._canvas.setFont(font, size)
        self._canvas.drawString(x, self._y if y is None else y, words)
