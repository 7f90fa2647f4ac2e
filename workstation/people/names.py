"""How names are compared: without case, accents, punctuation, suffixes and particles."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

SUFFIXES = {
    "jr": "JR", "junior": "JR", "jnr": "JR",
    "sr": "SR", "senior": "SR", "snr": "SR",
    "ii": "II", "2nd": "II", "iii": "III", "3rd": "III",
    "iv": "IV", "4th": "IV", "v": "V", "5th": "V", "vi": "VI",
}  # fmt: skip
"""Generational suffixes; degrees and titles are not part of who somebody is."""

_TITLES = frozenset(
    ["mr", "mrs", "ms", "miss", "dr", "prof", "rev", "sra", "srta", "md", "phd", "rn", "esq"]
)
_PARTICLES = frozenset(
    [
        "de",
        "la",
        "las",
        "los",
        "del",
        "da",
        "das",
        "do",
        "dos",
        "di",
        "du",
        "des",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
        "le",
        "el",
        "al",
        "bin",
        "bint",
        "ibn",
        "abu",
        "mc",
        "mac",
        "o",
        "st",
        "san",
        "santa",
        "ste",
        "y",
        "e",
        "a",
    ]
)
_AND = frozenset(("y", "e"))
_NO_NAME = frozenset(
    [
        "fnu",
        "lnu",
        "nfn",
        "nln",
        "nmn",
        "nmi",
        "unk",
        "unknown",
        "none",
        "null",
        "na",
        "noname",
        "nofirstname",
        "nolastname",
        "nomiddlename",
        "xxx",
        "xx",
        "x",
    ]
)
_APOSTROPHES = re.compile("['’‘ʼ`´ʻʿʾ′]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_LETTERS_ALIKE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_NEWBORN = re.compile(
    r"^(?:(?:new ?born|baby|infant|nb|bb|bg|boy|girl|babyboy|babygirl|male|female|twin|triplet)"
    r"\b ?)+"
    r"(?P<order>[a-f]|[1-6])?\b"
)
_NEWBORN_SHORT = re.compile(r"^(?:bb|bg|nb|babyboy|babygirl|newborn)(?P<order>[a-f]|[1-6])?$")
_NEWBORN_OF = re.compile(
    r"^(?:new ?born|(?:baby|infant) ?(?:boy|girl|male|female)|bb|bg)\b"
    r"(?: (?P<order>[a-f]|[1-6]))? .*?(?: (?P<last>[a-f]|[1-6]))?$"
)
"""Followed by the mother's name: Baby Girl Maria, BG Smith."""
_NOBODY_LAST = frozenset(["test", "testpatient", "doe", "trauma", "unidentified"])
_UNKNOWN_FIRST = frozenset(["male", "female", "man", "woman", "patient", "person"])
_NEWBORN_GIRL = re.compile(r"girl|female|^bg")
_NEWBORN_BOY = re.compile(r"boy|\bmale|^bb")
_NOBODY_FIRST = frozenset(["john", "jane", "baby", "johnny", "janie", "jonny"])


@lru_cache(maxsize=4_096)
def fold(text: str) -> str:
    """Lower-case letters and digits, single spaces: ``Muñoz-O’Brien`` as ``munoz obrien``."""
    if text.isascii():
        plain = text.lower()
    else:
        plain = unicodedata.normalize("NFKD", text).casefold()
        plain = unicodedata.normalize("NFKD", plain).translate(_LETTERS_ALIKE)
        plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = _APOSTROPHES.sub("", plain)
    if plain.isalnum():
        return plain
    return _BETWEEN_WORDS.sub(" ", plain).strip()


@dataclass(frozen=True, slots=True)
class LastName:
    """A folded family name: all of it in one word, and each part that can stand alone."""

    joined: str
    parts: tuple[str, ...]
    suffix: str | None


@dataclass(frozen=True, slots=True)
class GivenName:
    """A folded given name; ``words`` is empty where there is nothing to compare.

    ``newborn`` marks a name given by the ward before the parents did; ``order`` its A or B.
    """

    joined: str
    words: tuple[str, ...]
    newborn: bool = False
    order: int | None = None
    suffix: str | None = None


@lru_cache(maxsize=4_096)
def last_name(text: str | None) -> LastName:
    """``De la Cruz-Ruiz Jr`` as joined ``delacruzruiz``, parts ``cruz`` and ``ruiz``, suffix JR."""
    words = _without_titles(fold(text or ""))
    suffix = None
    if len(words) > 1 and words[-1] in SUFFIXES:
        suffix = SUFFIXES[words.pop()]
    if len(words) > 1:
        words = ["st" if w == "saint" else w for w in words]
    joined = "".join(w for w in words if w not in _AND) or "".join(words)
    if joined in _NO_NAME:
        return LastName("", (), suffix)
    parts = tuple(dict.fromkeys(w for w in words if w not in _PARTICLES and len(w) > 1))
    return LastName(joined, parts if len(words) > 1 and parts else (joined,) * bool(joined), suffix)


@lru_cache(maxsize=4_096)
def given_name(text: str | None) -> GivenName:
    """A first or middle name; ``FNU`` and its like are no name at all."""
    folded = fold(text or "")
    newborn = _NEWBORN.match(folded) or _NEWBORN_SHORT.match(folded)
    if newborn is not None and newborn.end() == len(folded):
        return GivenName("", (), newborn=True, order=_order(newborn["order"]))
    of_mother = _NEWBORN_OF.match(folded)
    if of_mother is not None:
        order = _order(of_mother["order"] or of_mother["last"])
        return GivenName("", (), newborn=True, order=order)
    words = _without_titles(folded)
    suffix = None
    if len(words) > 1 and words[-1] in SUFFIXES:
        suffix = SUFFIXES[words.pop()]
    joined = "".join(words)
    if joined in _NO_NAME:
        return GivenName("", (), suffix=suffix)
    return GivenName(joined, tuple(words), suffix=suffix)


def _without_titles(folded: str) -> list[str]:
    words = folded.split()
    return [w for w in words if w not in _TITLES] or words


def _order(letter: str | None) -> int | None:
    if not letter:
        return None
    return int(letter) if letter.isdigit() else ord(letter) - ord("a") + 1


def newborn_sex(text: str | None) -> str | None:
    """F or M where a newborn's name says so: ``Baby Girl A``, ``BB``; None for every other name."""
    if not given_name(text).newborn:
        return None
    folded = fold(text or "")
    if _NEWBORN_GIRL.search(folded):
        return "F"
    return "M" if _NEWBORN_BOY.search(folded) else None


def suffix_of(suffix: str | None, last: LastName, first: GivenName) -> str | None:
    """The generational suffix, wherever it was typed."""
    word = fold(suffix or "").replace(" ", "")
    return SUFFIXES.get(word) or last.suffix or first.suffix


def is_nobody(last: str | None, first: str | None) -> bool:
    """John or Jane Doe, TRAUMA-…, TEST: names of nobody that is known; they never match."""
    family, given = fold(last or "").split(), fold(first or "").split()
    head, front = (family or [""])[0], (given or [""])[0]
    if head == "doe":
        return not front or front in _NOBODY_FIRST or front in _NO_NAME
    head = head.lstrip("xz") or head
    if head in _NOBODY_LAST or front in ("trauma", "test", "zztest", "unidentified"):
        return True
    no_first = front in _NO_NAME or front in _UNKNOWN_FIRST
    return head in _NO_NAME and no_first and bool(head or front)


def parse_alias(text: str) -> tuple[str | None, str | None]:
    """An alias as typed: ``Last, First`` or ``First Last`` or one word (a family name)."""
    if "," in text:
        last, _, first = text.partition(",")
        return last.strip() or None, first.strip() or None
    words = text.split()
    if len(words) < 2:
        return text.strip() or None, None
    return words[-1], " ".join(words[:-1])
