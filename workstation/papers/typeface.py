"""The typefaces of papers: embedded, with accents, and honest about glyphs that they lack.

reportlab drops a character without a glyph in silence; here it becomes ``?`` and is reported.
Control characters, which printers may obey, never reach a page.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib.resources import files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "PorticoPaper"
BOLD = "PorticoPaper-Bold"
_FILES = {REGULAR: "DejaVuSansCondensed.ttf", BOLD: "DejaVuSansCondensed-Bold.ttf"}


@cache
def ready() -> None:
    """Registers both faces once in this process."""
    for name, file in _FILES.items():
        path = files("resources").joinpath("fonts", file)
        pdfmetrics.registerFont(TTFont(name, str(path)))


def printable(text: str, font: str = REGULAR) -> tuple[str, str]:
    """The text as it can be printed (NFC, without control characters), and what had no glyph."""
    ready()
    glyphs = pdfmetrics.getFont(font).face.charToGlyph
    kept, missing = [], []
    for character in unicodedata.normalize("NFC", text):
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
            continue
        if ord(character) in glyphs:
            kept.append(character)
        else:
            kept.append("?")
            missing.append(character)
    return "".join(kept), "".join(missing)


def width(text: str, font: str, size: float) -> float:
    """Width of printable text in points."""
    ready()
    return float(pdfmetrics.stringWidth(text, font, size))


def wrapped(text: str, font: str, size: float, limit: float) -> list[str]:
    """Lines of at most ``limit`` points; a single word that is longer is cut."""
    lines, line = [], ""
    for word in text.split():
        while width(word, font, size) > limit and len(word) > 1:
            cut = len(word)
            while cut > 1 and width(word[:cut], font, size) > limit:
                cut -= 1
            if line:
                lines.append(line)
                line = ""
            lines.append(word[:cut])
            word = word[cut:]
        trial = f"{line} {word}".strip()
        if line and width(trial, font, size) > limit:
            lines.append(line)
            trial = word
        line = trial
    return [*lines, line] if line else lines
