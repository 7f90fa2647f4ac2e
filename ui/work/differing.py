"""Where two values part: the letters and digits that a person must compare, told apart in type."""

from __future__ import annotations

from difflib import SequenceMatcher
from html import escape

_ALIKE = 0.5
"""Less alike than this, two values are different words: marking single letters would mislead."""


def differing(words: str, other: str) -> tuple[tuple[str, bool], ...]:
    """``words`` in pieces, each with whether it is missing from ``other`` or otherwise there."""
    if words == other:
        return ((words, False),)
    found = SequenceMatcher(None, other, words, autojunk=False)
    if found.ratio() < _ALIKE:
        return ((words, True),)
    pieces = [
        (words[start:end], tag != "equal")
        for tag, _, _, start, end in found.get_opcodes()
        if start < end
    ]
    return tuple(pieces)


def marked(words: str, other: str) -> str:
    """Rich text with what differs bold and underlined; what a desk typed is never markup."""
    return "".join(
        f"<b><u>{escape(piece)}</u></b>" if differs else escape(piece)
        for piece, differs in differing(words, other)
    )
