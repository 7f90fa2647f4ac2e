"""Lines of text at places, as the reader gives them, for testing extraction without networks."""

from __future__ import annotations

from workstation.capture.ocr import Line


def at(x: float, y: float, text: str, *, size: float = 30, sure: float = 0.99) -> Line:
    """A line whose top left is x, y; half its size wide per character."""
    width = len(text) * size * 0.5
    return Line(text, sure, (sure,) * len(text), (x, y, x + width, y + size), side=0)


def column(x: float, y: float, *texts: str, step: float = 50) -> list[Line]:
    """Lines one under the other."""
    return [at(x, y + step * row, text) for row, text in enumerate(texts)]
