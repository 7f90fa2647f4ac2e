"""What one person contributes to the search index: name pairs, words and tokens, as plain text.

A name is indexed as pairs in both orders (``smith john`` and ``john smith``), so that any two words
of a query, each whole or only begun, are one range of a B-tree. A word is also filed under itself
and under itself without each of its letters: two words that differ by one slip share an entry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from workstation.people.model import Person
from workstation.people.names import fold
from workstation.people.normalise import Comparable

LONGEST_WORD = 32
"""Letters of a word that are indexed; the rest of a longer one is not looked at."""


def name_pairs(person: Person, form: Comparable) -> set[str]:
    """All pairs; a single name pairs with nothing, a last name also with the date of birth."""
    lasts = _lasts(person, form)
    firsts = _firsts(person, form)
    pairs = {f"{a} {b}" for last in lasts for first in firsts for a, b in _both(last, first)}
    if not firsts:
        pairs |= {f"{last} " for last in lasts}
    if not lasts:
        pairs |= {f"{first} " for first in firsts}
    if form.dob:
        pairs |= {f"{last} {form.dob}" for last in lasts or firsts}
    return pairs


def _both(last: str, first: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (last, first), (first, last)


def _lasts(person: Person, form: Comparable) -> set[str]:
    found = set()
    for last in (form.last, *(o.last for o in form.others)):
        found |= {last.joined, *last.parts}
    if not form.last.joined:
        found.add(fold(person.last or "").replace(" ", ""))
    return {word[:LONGEST_WORD] for word in found if word}


def _firsts(person: Person, form: Comparable) -> set[str]:
    found = set(fold(person.first or "").split())
    found.add("".join(form.first.words) or fold(person.first or "").replace(" ", ""))
    for other in form.others:
        found |= {other.first.joined, *other.first.words}
    if len(form.middle.joined) > 1:
        found.add(form.middle.joined)
    return {word[:LONGEST_WORD] for word in found if word}


def words_of(pairs: Iterable[str]) -> set[str]:
    """The words that a query may begin with; every word of a name stands first in some pair."""
    return {pair.partition(" ")[0] for pair in pairs}


def tokens_of(form: Comparable) -> set[str]:
    """Numbers and dates, each behind a letter for its kind (see :data:`TOKEN_WORDS`)."""
    found = set()
    if form.dob:
        found.add("d:" + form.dob)
    if form.mrn:
        found.add("m:" + form.mrn)
    if form.mbi:
        found.add("b:" + form.mbi.lower())
    if form.ssn:
        found.add("s:" + form.ssn)
    if form.ssn4:
        found.add("t:" + form.ssn4)
    for phone in form.phones:
        found |= {"p:" + phone, "q:" + phone[-4:]}
    return found


TOKEN_WORDS = {
    "d": "date of birth",
    "m": "MRN",
    "b": "Medicare number",
    "s": "SSN",
    "t": "last four of SSN",
    "p": "phone",
    "q": "last four of phone",
}
"""Kind of token to the words of a hit's reason; other kinds say their own (``member id``)."""


def pushed_token(words: str, value: str) -> str | None:
    """The token of another capability: ``member id`` and its value; None where too short."""
    plain = fold(value).replace(" ", "").lstrip("0")
    return f"{words}:{plain}" if len(plain) >= 3 else None


def without_one(word: str) -> Iterator[str]:
    """The word itself, and the word without each of its letters."""
    yield word
    if len(word) > 1:
        yield from {word[:i] + word[i + 1 :] for i in range(len(word))}
