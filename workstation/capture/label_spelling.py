"""Mends misread labels without moving a character, so that values can still be cut by place."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Words of labels only: a person's or plan's own words are never mended, because only the label
# search sees the mended text.
_TEXT = """specialist emergency member members subscriber number effective coverage group office
visit identification copay copays urgent primary starts enrollee recipient medicare medicaid nombre
dependents deductible cardholder beneficiary date issuer payer electronic pharmacy plan insured
customer participant provider physician numero hospital medical room care name"""
_WORDS = tuple(_TEXT.split())
_BY_LENGTH: dict[int, tuple[str, ...]] = {
    size: tuple(word for word in _WORDS if len(word) == size) for size in range(4, 16)
}
_WORD = re.compile(r"[A-Za-z!|]{4,15}")


def folded(char: str) -> str:
    """A letter without its accent, a full-width sign as the common one. Always one character."""
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", char))[:1]
    return plain if plain.isascii() and plain.isprintable() else char


@lru_cache(maxsize=2048)
def mended(text: str) -> str:
    """The text with accents dropped and near misses of label words put right, of equal length."""
    plain = "".join(folded(char) for char in text)
    return _WORD.sub(lambda match: _mend(match.group()), plain)


def _mend(word: str) -> str:
    low = word.lower()
    known = _BY_LENGTH.get(len(low), ())
    if low in known or (len(low) < 5 and "!" not in low):
        return word
    allowed = 1 if len(low) < 8 else 2
    for other in known:
        if sum(a != b for a, b in zip(low, other, strict=True)) <= allowed:
            return other.upper() if word.isupper() else other
    return word
