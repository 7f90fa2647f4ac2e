"""Who may be meant: people whose names, numbers or dates begin as typed; B-tree ranges only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from rapidfuzz.distance import OSA

from db.people_index import Sql
from workstation.people.nicknames import also_called
from workstation.people.search import Asked
from workstation.people.search_index import (
    LONGEST_WORD,
    may_be_called,
    whole_tokens,
    without_one,
)

Found = dict[int, list[str]]
"""People by their number in the index, each with the tokens that led there."""

_ENOUGH = 60
"""People after whom no further, less fitting beginnings are looked at."""
_OF_ONE_KIND = 20
"""People for the beginning of a number of one kind: as many as are shown."""
_SCAN = 1_000
"""Tokens looked through for those of people with the right first letters."""
_NEAR_WORDS = 40
_PROBES = 300
_AFTER = "\U0010ffff"
_NUMBER_KINDS = ("m", "p", "b", "member id", "visit number", "MRN")


class IndexRanges:
    """Looks people up in the index tables of one connection."""

    def __init__(self, sql: Sql) -> None:
        self._sql = sql

    def by_numbers(self, asked: Asked) -> tuple[Found, Found]:
        """People with these dates or numbers: first those whose names begin like the terms, then
        those of the whole numbers whose names do not.
        """
        like: Found = {}
        unlike: Found = {}
        for born in asked.births:
            self._take("d:" + born, _SCAN, asked, like, unlike)
        for number in asked.numbers:
            for token in whole_tokens(number):
                self._take(token, _SCAN, asked, like, unlike)
        for number in asked.numbers:
            plain = number.lstrip("0") or number
            for kind in _NUMBER_KINDS:
                if len(like) >= _ENOUGH:
                    break
                start = f"{kind}:{number if kind in ('p', 'b') else plain}"
                self._take(start, _SCAN if asked.terms else _OF_ONE_KIND, asked, like, {})
        return like, unlike

    def _take(self, start: str, limit: int, asked: Asked, like: Found, unlike: Found) -> None:
        rows = self._sql.execute(
            "SELECT token, n FROM person_token WHERE token >= ? AND token < ? LIMIT ?",
            (start, start + _AFTER, limit),
        )
        for token, n in rows.fetchall():
            found = like if may_be_called(token, asked.terms) else unlike
            found.setdefault(n, []).append(token)

    def by_names(self, asked: Asked) -> list[int]:
        """Whole words and beginnings, in both orders."""
        terms = [term[:LONGEST_WORD] for term in asked.terms]
        if len(terms) == 1:
            if asked.year:
                return self._pairs(f"{terms[0]} {asked.year}")
            whole = self._pairs(terms[0] + " ")
            return whole if len(whole) >= _ENOUGH // 2 else whole + self._pairs(terms[0])
        found = dict.fromkeys(self._pairs("".join(terms)[:LONGEST_WORD]))
        for look in (self._both_orders, self._begun):
            for left, right in _splits(terms):
                if len(found) >= _ENOUGH:
                    return list(found)
                found.update(dict.fromkeys(look(left, right)))
        return list(found)

    def near_names(self, asked: Asked) -> list[int]:
        """One slip in each word, and short forms."""
        terms = [term[:LONGEST_WORD] for term in asked.terms]
        if len(terms) == 1:
            tail = asked.year or ""
            return [
                n for w in self._near_words(terms[0]) for n in self._pairs(f"{w} {tail}", limit=5)
            ]
        found: dict[int, None] = {}
        for left, right in _splits(terms):
            lefts, rights = self._near_words(left), self._near_words(right)
            rights += [w for w in self._words(right, 20) if w not in rights]
            pairs = [f"{a} {b}" for a in lefts for b in rights if a != left or b != right]
            for chunk in chunks(pairs, 800):
                marks = ",".join("?" * len(chunk))
                rows = self._sql.execute(
                    f"SELECT n FROM person_name WHERE pair IN ({marks}) LIMIT 60",  # noqa: S608 - marks
                    chunk,
                )
                found.update(dict.fromkeys(n for (n,) in rows.fetchall()))
            if len(found) >= 2 * _ENOUGH:
                break
        return list(found)

    def _both_orders(self, left: str, right: str) -> list[int]:
        return self._pairs(f"{left} {right}") + self._pairs(f"{right} {left}")

    def _begun(self, left: str, right: str) -> list[int]:
        """Both words only begun: the fewer beginnings decide which is looked up first."""
        lefts, rights = self._words(left), self._words(right)
        start, other = (left, right) if len(lefts) <= len(rights) else (right, left)
        rows = self._sql.execute(
            "SELECT p.n FROM (SELECT word FROM name_word WHERE word >= ? AND word < ?"
            " AND people > 0 LIMIT ?) w CROSS JOIN person_name p"
            " ON p.pair >= w.word || ? AND p.pair < w.word || ? LIMIT ?",
            (start, start + _AFTER, _PROBES, f" {other}", f" {other}{_AFTER}", _ENOUGH),
        )
        return [n for (n,) in rows.fetchall()]

    def _pairs(self, start: str, limit: int = _ENOUGH) -> list[int]:
        rows = self._sql.execute(
            "SELECT n FROM person_name WHERE pair >= ? AND pair < ? LIMIT ?",
            (start, start + _AFTER, limit),
        )
        return [n for (n,) in rows.fetchall()]

    def _words(self, start: str, limit: int = _PROBES) -> list[str]:
        rows = self._sql.execute(
            "SELECT word FROM name_word WHERE word >= ? AND word < ? AND people > 0 LIMIT ?",
            (start, start + _AFTER, limit),
        )
        return [word for (word,) in rows.fetchall()]

    def _near_words(self, term: str) -> list[str]:
        """Words of this index within one edit of the term, the most usual first after itself."""
        parts = list(without_one(term))
        marks = ",".join("?" * len(parts))
        rows = self._sql.execute(
            "SELECT w.word, w.people"  # noqa: S608 - only question marks
            " FROM token_delete d JOIN name_word w ON w.word = d.word"
            f" WHERE d.part IN ({marks})",
            parts,
        ).fetchall()
        near = {
            word: people
            for word, people in rows
            if people > 0 and OSA.distance(term, word, score_cutoff=1) <= 1
        }
        usual = sorted(near, key=lambda word: (word != term, -near[word], word))
        return [*usual[:_NEAR_WORDS], *(w for w in also_called(term) if w not in near)]


def _splits(terms: Sequence[str]) -> list[tuple[str, str]]:
    """Ways to read three or more words as two names: joined on either side, or two of them."""
    if len(terms) == 2:
        return [(terms[0], terms[1])]
    found = [("".join(terms[:i]), "".join(terms[i:])) for i in range(1, len(terms))]
    found += [(a, b) for i, a in enumerate(terms) for b in terms[i + 1 :]]
    return list(dict.fromkeys((a[:LONGEST_WORD], b[:LONGEST_WORD]) for a, b in found))[:12]


def chunks(values: Sequence[Any], size: int) -> Iterator[list[Any]]:
    """The values in lists of at most ``size``."""
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
