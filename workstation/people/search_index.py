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


def tokens_of(form: Comparable, words: Iterable[str]) -> set[str]:
    """Numbers and dates, each behind a letter for its kind (see :data:`TOKEN_WORDS`).

    ``q:`` holds a phone number backwards, so that its last four or seven digits are a beginning.
    Behind each stand the first letters of the person's name ``words``: a number and some letters
    are told from all the other people of that number without a look at their charts.
    """
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
        found |= {"p:" + phone, "q:" + phone[::-1]}
    starts = "".join(f" {start}" for start in sorted({word[:_START] for word in words}))
    return {token + starts for token in found}


_START = 2


def may_be_called(token: str, terms: Iterable[str]) -> bool:
    """Whether the person's words begin like the terms; True where the token does not say."""
    starts = token.partition(":")[2].split(" ")[1:]
    return not starts or all(
        any(start.startswith(term[:_START]) for start in starts) for term in terms
    )


def whole_tokens(number: str) -> list[str]:
    """Beginnings of tokens that a run of digits may be as it stands: the last four of a phone
    number or SSN, a phone number without its area, an SSN.
    """
    if not number.isdecimal():
        return []
    backwards = "q:" + number[::-1]
    whole = {4: [backwards, f"t:{number}"], 7: [backwards], 9: [f"s:{number}"]}
    return whole.get(len(number), [])


def token_words(token: str) -> list[str]:
    """``p:5125550100`` as ``phone:5125550100``: tokens as the judge of a hit reads them."""
    kind, _, rest = token.partition(":")
    value = rest.partition(" ")[0]
    if kind == "q":
        phone = value[::-1]
        return [f"{TOKEN_WORDS['p']}:{phone}", f"{TOKEN_WORDS['q']}:{phone[-4:]}"]
    return [f"{TOKEN_WORDS.get(kind, kind)}:{value}"]


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
