"""How alike two people are, field by field: each answer is one of a few levels, never a number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from metaphone import doublemetaphone
from rapidfuzz.distance import OSA, JaroWinkler

from workstation.people.names import GivenName, LastName
from workstation.people.nicknames import also_called, rarely_called, same_given_name
from workstation.people.normalise import Comparable


class Agree(IntEnum):
    """Levels of agreement, weakest to strongest; ABSENT says that there was nothing to compare."""

    ABSENT = 0
    DIFFERENT = 1
    PHONETIC = 2
    TYPO = 3
    TRANSPOSED = 4
    INITIAL = 5
    SWAPPED = 6
    PART = 7
    NICKNAME = 8
    EXACT = 9


class Dob(IntEnum):
    """Levels for dates of birth."""

    ABSENT = 0
    DIFFERENT = 1
    TWO_PARTS = 2
    ONE_DIGIT = 3
    DAY_MONTH = 4
    EXACT = 5


@dataclass(frozen=True, slots=True)
class Names:
    """The best reading of two people's names; ``former`` where an alias or former name made it."""

    first: Agree
    last: Agree
    former: bool = False
    crossed: bool = False


@lru_cache(maxsize=4_096)
def sounds(word: str) -> frozenset[str]:
    """Double-metaphone codes of one folded word."""
    if not word.isascii():
        return frozenset((word,))
    return frozenset(code[:6] for code in doublemetaphone(word) if code)


@lru_cache(maxsize=4_096)
def _spelling(a: str, b: str) -> Agree:
    """Two different words: a slip of the keyboard, one sound, or really different."""
    shorter = min(len(a), len(b))
    if shorter >= 3:
        distance = OSA.distance(a, b, score_cutoff=2)
        moved = sorted(a) == sorted(b)
        if distance == 1 and moved:
            return Agree.TRANSPOSED
        if distance == 1 and (shorter >= 4 or len(a) != len(b)):
            return Agree.TYPO
        if distance == 2 and shorter >= 7:
            return Agree.TYPO
        alike = JaroWinkler.similarity(a, b)
        if alike >= 0.93 and shorter >= 5:
            return Agree.TYPO
        if alike >= 0.75 and not sounds(a).isdisjoint(sounds(b)):
            return Agree.PHONETIC
    return Agree.DIFFERENT


@lru_cache(maxsize=4_096)
def _given(a: GivenName, b: GivenName) -> Agree:
    if not a.words or not b.words:
        return Agree.ABSENT
    if a.joined == b.joined:
        return Agree.EXACT if len(a.joined) > 1 or not a.joined.isascii() else Agree.INITIAL
    mine, yours = a.words[0], b.words[0]
    if len(mine) == 1 or len(yours) == 1:
        return _with_initial(a, b)
    if mine == yours:
        return Agree.PART if len(a.words) == 1 or len(b.words) == 1 else Agree.DIFFERENT
    if same_given_name(mine, yours) or same_given_name(a.joined, b.joined):
        return Agree.NICKNAME
    level = max(_spelling(a.joined, b.joined), _spelling(mine, yours))
    if level is Agree.DIFFERENT and (mine in b.words or yours in a.words):
        return Agree.PART
    if level is Agree.DIFFERENT and (
        rarely_called(mine, yours)
        or _begins(mine, yours)
        or _near_short_form(mine, yours)
        or _near_short_form(yours, mine)
    ):
        return Agree.PHONETIC
    return level


def _begins(a: str, b: str) -> bool:
    """A name cut short, as no list foresees it: Carl for Carlton, but not Eric and Erica."""
    short, name = sorted((a, b), key=len)
    return len(short) >= 4 and len(name) - len(short) >= 2 and name.startswith(short)


def _near_short_form(short: str, name: str) -> bool:
    """A short form with a slip of the keyboard: Conine for Connie, for Constance."""
    return len(short) >= 4 and any(
        len(other) >= 4 and OSA.distance(short, other, score_cutoff=1) == 1
        for other in also_called(name)
    )


def _with_initial(a: GivenName, b: GivenName) -> Agree:
    if a.words[0][0] != b.words[0][0]:
        return Agree.DIFFERENT
    rest = set(a.words[1:]) & set(b.words[1:])
    return Agree.PART if rest else Agree.INITIAL


@lru_cache(maxsize=4_096)
def _family(a: LastName, b: LastName) -> Agree:
    if not a.joined or not b.joined:
        return Agree.ABSENT
    if a.joined == b.joined:
        return Agree.EXACT
    if not set(a.parts).isdisjoint(b.parts) or a.joined in b.parts or b.joined in a.parts:
        return Agree.PART
    level = _spelling(a.joined, b.joined)
    if level is Agree.DIFFERENT and (len(a.parts) > 1 or len(b.parts) > 1):
        level = max(_spelling(x, y) for x in a.parts for y in b.parts)
    return level


def names(a: Comparable, b: Comparable) -> Names:
    """The best of all readings: as they stand, by middle name, crossed over, or former."""
    first, last = _given(a.first, b.first), _family(a.last, b.last)
    if first is Agree.EXACT and last is Agree.EXACT:
        return Names(first, last)
    first = max(first, _by_middle(a, b), _trey(a, b)) if first < Agree.INITIAL else first
    best = Names(first, last)
    if first <= Agree.DIFFERENT or last <= Agree.DIFFERENT:
        best = _crossed(a, b) or best
    if a.others or b.others:
        best = _former(a, b, best)
    return best


def _by_middle(a: Comparable, b: Comparable) -> Agree:
    """Somebody who goes by the middle name, or whose two names were typed in the other order."""
    here, there = _given(a.first, b.middle), _given(a.middle, b.first)
    strong = max(here, there)
    weak = min(here, there)
    if strong >= Agree.NICKNAME and weak is not Agree.DIFFERENT:
        return Agree.SWAPPED
    return Agree.ABSENT


def _trey(a: Comparable, b: Comparable) -> Agree:
    """Trey is a name for anybody who is the third."""
    for short, other in ((a, b), (b, a)):
        if short.first.joined in ("trey", "tripp", "tre") and other.suffix == "III":
            return Agree.NICKNAME
    return Agree.ABSENT


def _crossed(a: Comparable, b: Comparable) -> Names | None:
    """First and last name typed into each other's field, or the same words in another order."""
    words = _all_words(a)
    if len(words) > 1 and words == _all_words(b):
        return Names(Agree.EXACT, Agree.EXACT, crossed=True)
    if not (a.first.joined and b.first.joined and a.last.joined and b.last.joined):
        return None
    one = a.first.joined == b.last.joined
    other = a.last.joined == b.first.joined
    if one and other:
        return Names(Agree.EXACT, Agree.EXACT, crossed=True)
    if one or other:
        left, right = (a.last.joined, b.first.joined) if one else (a.first.joined, b.last.joined)
        level = Agree.NICKNAME if same_given_name(left, right) else _spelling(left, right)
        if level > Agree.PHONETIC:
            return Names(level, Agree.EXACT, crossed=True)
    return None


def _all_words(person: Comparable) -> list[str]:
    return sorted((*person.last.parts, *person.first.words, *person.middle.words))


def _former(a: Comparable, b: Comparable, best: Names) -> Names:
    """Former, maiden and alias names of either side count like the present ones."""
    lasts_a = [a.last, *(o.last for o in a.others if o.last.joined)]
    lasts_b = [b.last, *(o.last for o in b.others if o.last.joined)]
    firsts_a = [a.first, *(o.first for o in a.others if o.first.joined)]
    firsts_b = [b.first, *(o.first for o in b.others if o.first.joined)]
    last = max(_family(x, y) for x in lasts_a for y in lasts_b)
    first = max(_given(x, y) for x in firsts_a for y in firsts_b)
    if first > best.first or last > best.last:
        return Names(max(first, best.first), max(last, best.last), former=True)
    return best


def middles(a: Comparable, b: Comparable) -> Agree:
    """Middle names; an initial agrees with any name that begins with it."""
    return _given(a.middle, b.middle)


@lru_cache(maxsize=4_096)
def dates_of_birth(a: str | None, b: str | None) -> Dob:
    """ISO dates: the same, day and month changed over, one slip of the keyboard, or different."""
    if a is None or b is None:
        return Dob.ABSENT
    if a == b:
        return Dob.EXACT
    if a[:5] + a[8:] + a[4:7] == b:
        return Dob.DAY_MONTH
    left, right = a.replace("-", ""), b.replace("-", "")
    if OSA.distance(left, right, score_cutoff=1) == 1:
        return Dob.ONE_DIGIT
    same = (a[:4] == b[:4]) + (a[5:7] == b[5:7]) + (a[8:] == b[8:])
    return Dob.TWO_PARTS if same == 2 else Dob.DIFFERENT


def numbers(a: str | None, b: str | None) -> Agree:
    """Identifiers of fixed length: exact, one digit off, two changed over, or different."""
    if a is None or b is None:
        return Agree.ABSENT
    if a == b:
        return Agree.EXACT
    if OSA.distance(a, b, score_cutoff=1) == 1:
        return Agree.TRANSPOSED if sorted(a) == sorted(b) else Agree.TYPO
    return Agree.DIFFERENT


def addresses(a: Comparable, b: Comparable) -> Agree:
    """Same house and street (and ZIP, where both have one); PART is the same ZIP code only."""
    zips = Agree.ABSENT
    if a.zip is not None and b.zip is not None:
        zips = Agree.EXACT if a.zip == b.zip else Agree.DIFFERENT
    if a.address is None or b.address is None:
        return Agree.PART if zips is Agree.EXACT else zips
    if a.address[0] == b.address[0] and zips is not Agree.DIFFERENT:
        if a.address[1] == b.address[1]:
            return Agree.EXACT
        one_word = not set(a.address[1].split()).isdisjoint(b.address[1].split())
        if _spelling(a.address[1], b.address[1]) >= Agree.PHONETIC or (
            one_word and zips is Agree.EXACT
        ):
            return Agree.TYPO
    return Agree.PART if zips is Agree.EXACT else Agree.DIFFERENT
