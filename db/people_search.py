"""Finds people in the index: as one types, and likely duplicates; B-tree ranges only."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, tzinfo
from itertools import islice
from typing import Any

from rapidfuzz.distance import OSA

from db.people_index import Sql, raw, token_words
from db.store import SqlStore
from workstation.people.gateways import Hit, SearchAnswer
from workstation.people.keys import birthday_key, search_keys
from workstation.people.matcher import MatchAnswer, match_person
from workstation.people.model import Person
from workstation.people.nicknames import also_called
from workstation.people.normalise import comparable
from workstation.people.search import Asked, ask, fit, hit_of, names_fit
from workstation.people.search_index import LONGEST_WORD, TOKEN_WORDS, tokens_of, without_one

ENOUGH = 5
"""Hits below which the search also looks for short forms and one slip of the keyboard."""

_READ_ROWS = 60
_BLOCK = 400
"""People looked at for one date of birth or one four-digit number beside a name."""
_NEAR_WORDS = 40
_PROBES = 300
_WIDE_KEY = 250
_KEY_CAP = 2_000
_AFTER = "\U0010ffff"


class PersonIndex:
    """Search and duplicate check over one connection that holds the index tables."""

    def __init__(self, sql: Sql, today: Callable[[], date]) -> None:
        self._sql = sql
        self._today = today

    def search(self, query: str, limit: int = 20) -> SearchAnswer:
        """See :class:`workstation.people.gateways.PersonSearch`."""
        begun = time.perf_counter()
        asked = ask(query, self._today())
        hits = self._hits(asked, limit) if not asked.empty else []
        people = self._sql.execute("SELECT MAX(n) FROM person_index").fetchone()[0] or 0
        ms = (time.perf_counter() - begun) * 1000
        return SearchAnswer(tuple(hits), int(people), round(ms, 3))

    def candidates(self, person: Person) -> MatchAnswer:
        """See :class:`workstation.people.gateways.PersonSearch`."""
        form = comparable(person)
        wide = birthday_key(form.dob) if form.dob else None
        found: set[int] = set()
        for key in search_keys(form):
            cap = _WIDE_KEY + 1 if key == wide else _KEY_CAP
            rows = self._sql.execute(
                "SELECT n FROM match_key WHERE key = ? LIMIT ?", (key, cap)
            ).fetchall()
            if key != wide or len(rows) <= _WIDE_KEY:
                found.update(n for (n,) in rows)
        return match_person(person, self._charts(sorted(found)))

    def _charts(self, numbers: Sequence[int]) -> Iterator[Person]:
        """The people, a retired chart under the id of its survivor."""
        for _, body, _, _, survivor in self._rows(numbers):
            data = json.loads(body)
            if survivor:
                standing = self._standing(survivor)
                data["id"] = standing[0]["id"] if standing else survivor
            yield _stored_person(data)

    def _hits(self, asked: Asked, limit: int) -> list[Hit]:
        found = self._judged(asked, self._block(asked)) if asked.births or asked.numbers else {}
        if asked.terms and len(found) < limit and _names_may_do(asked):
            found.update(self._by_names(asked))
        if asked.terms and not found and not _names_may_do(asked):
            # The date or number fits nobody of this name: show the name, and say so.
            found = self._by_names(replace(asked, births=(), numbers=(), year=None))
            found = {
                id: (rank, replace(hit, why=hit.why + "; the number or date differs"))
                for id, (rank, hit) in found.items()
            }
        ranked = sorted(found.values(), key=lambda pair: pair[0])
        return [hit for _, hit in ranked[:limit]]

    def _by_names(self, asked: Asked) -> dict[str, tuple[tuple[Any, ...], Hit]]:
        found = self._judged(asked, self._names(asked))
        if len(found) < ENOUGH:
            found.update(self._judged(asked, self._near_names(asked)))
        return found

    def _judged(
        self, asked: Asked, numbers: Iterable[int]
    ) -> dict[str, tuple[tuple[Any, ...], Hit]]:
        found: dict[str, tuple[tuple[Any, ...], Hit]] = {}
        for _, body, visit, pushed, survivor in self._rows(list(dict.fromkeys(numbers))):
            data = json.loads(body)
            if not names_fit(asked, data):
                continue
            tokens = _tokens(data, pushed) if asked.numbers else ()
            how = fit(asked, data, tokens)
            if how is None:
                continue
            if survivor:
                data, visit = self._standing(survivor) or (data, visit)
            hit = hit_of(data, visit, how)
            rank = (how.cost, _later_first(visit), data.get("last") or "", data.get("first") or "",
                    data["id"])  # fmt: skip
            if hit.id not in found or rank < found[hit.id][0]:
                found[hit.id] = (rank, hit)
        return found

    def _standing(self, id: str) -> tuple[dict[str, Any], str | None] | None:
        """The chart at the end of the merge pointers."""
        for _ in range(8):
            row = self._sql.execute(
                "SELECT body, last_visit, survivor FROM person_index WHERE id = ?", (id,)
            ).fetchone()
            if row is None:
                return None
            if row[2] is None:
                return json.loads(row[0]), row[1]
            id = row[2]
        return None

    def _rows(self, numbers: Sequence[int]) -> Iterator[tuple[int, str, Any, Any, Any]]:
        for chunk in _chunks(numbers, 200):
            marks = ",".join("?" * len(chunk))
            yield from self._sql.execute(
                "SELECT n, body, last_visit, pushed, survivor FROM person_index"  # noqa: S608 - marks
                f" WHERE n IN ({marks})",
                chunk,
            ).fetchall()

    def _block(self, asked: Asked) -> Iterator[int]:
        """People with this date of birth, or with a number that begins like this one."""
        room = _BLOCK if asked.terms else _READ_ROWS
        for born in asked.births:
            yield from self._tokens_between("d:" + born, "d:" + born, room)
        for number in asked.numbers:
            plain = number.lstrip("0") or number
            for kind in ("m", "p", "b", "member id", "visit number", "MRN"):
                start = f"{kind}:{plain if kind not in ('p', 'b') else number}"
                yield from self._tokens_between(start, start + _AFTER, _READ_ROWS)
            for token in _whole_tokens(number):
                yield from self._tokens_between(token, token, room)

    def _tokens_between(self, start: str, end: str, limit: int) -> list[int]:
        rows = self._sql.execute(
            "SELECT n FROM person_token WHERE token >= ? AND token <= ? LIMIT ?",
            (start, end, limit),
        )
        return [n for (n,) in rows.fetchall()]

    def _pairs_between(self, start: str, limit: int) -> list[int]:
        rows = self._sql.execute(
            "SELECT n FROM person_name WHERE pair >= ? AND pair < ? LIMIT ?",
            (start, start + _AFTER, limit),
        )
        return [n for (n,) in rows.fetchall()]

    def _names(self, asked: Asked) -> list[int]:
        """Whole words and beginnings, in both orders."""
        terms = [t[:LONGEST_WORD] for t in asked.terms]
        if asked.year and len(terms) == 1:
            return self._pairs_between(f"{terms[0]} {asked.year}", _READ_ROWS)
        if len(terms) == 1:
            whole = self._pairs_between(terms[0] + " ", _READ_ROWS)
            return whole + self._pairs_between(terms[0], _READ_ROWS) if len(whole) < 30 else whole
        found = self._pairs_between("".join(terms)[:LONGEST_WORD], _READ_ROWS)
        for left, right in _splits(terms):
            found += self._pairs_between(f"{left} {right}", _READ_ROWS)
            found += self._pairs_between(f"{right} {left}", _READ_ROWS)
        if len(found) < _READ_ROWS:
            for left, right in _splits(terms):
                found += self._begun(left, right)
        return found[:_BLOCK]

    def _begun(self, left: str, right: str) -> list[int]:
        """Both words only begun: the fewer beginnings decide which is looked up first."""
        lefts, rights = self._words_with(left), self._words_with(right)
        words, other = (lefts, right) if len(lefts) <= len(rights) else (rights, left)
        found: list[int] = []
        for word in words:
            found += self._pairs_between(f"{word} {other}", _READ_ROWS)
            if len(found) >= _READ_ROWS:
                break
        return found

    def _words_with(self, start: str, limit: int = _PROBES) -> list[str]:
        rows = self._sql.execute(
            "SELECT word FROM name_word WHERE word >= ? AND word < ? AND people > 0 LIMIT ?",
            (start, start + _AFTER, limit),
        )
        return [word for (word,) in rows.fetchall()]

    def _near_names(self, asked: Asked) -> list[int]:
        """One slip in each word, and short forms."""
        terms = [t[:LONGEST_WORD] for t in asked.terms]
        if len(terms) == 1:
            tail = asked.year or ""
            words = self._near_words(terms[0])
            return [n for w in words for n in self._pairs_between(f"{w} {tail}", ENOUGH)]
        found: list[int] = []
        for left, right in _splits(terms):
            lefts = self._near_words(left)
            rights = self._near_words(right)
            rights += [w for w in self._words_with(right, 20) if w not in rights]
            pairs = [f"{a} {b}" for a in lefts for b in rights if a != left or b != right]
            for chunk in _chunks(pairs, 800):
                marks = ",".join("?" * len(chunk))
                rows = self._sql.execute(
                    f"SELECT n FROM person_name WHERE pair IN ({marks})"  # noqa: S608 - marks
                    " LIMIT 60",
                    chunk,
                )
                found += [n for (n,) in rows.fetchall()]
            if len(found) >= _BLOCK:
                break
        return found[:_BLOCK]

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


class SqlPersonSearch:
    """:class:`PersonIndex` over the store: one short reading for each question."""

    def __init__(self, store: SqlStore, zone: tzinfo = UTC) -> None:
        self._store = store
        self._zone = zone

    def search(self, query: str, limit: int = 20) -> SearchAnswer:
        """See :class:`workstation.people.gateways.PersonSearch`."""
        with self._store.reading() as connection:
            return PersonIndex(raw(connection), self._today).search(query, limit)

    def candidates(self, person: Person) -> MatchAnswer:
        """See :class:`workstation.people.gateways.PersonSearch`."""
        with self._store.reading() as connection:
            return PersonIndex(raw(connection), self._today).candidates(person)

    def _today(self) -> date:
        return self._store.clock().astimezone(self._zone).date()


def _names_may_do(asked: Asked) -> bool:
    """Whether names may find more: not where a date or number was typed that is no year."""
    return not asked.births and (not asked.numbers or asked.numbers == (asked.year,))


def _splits(terms: Sequence[str]) -> list[tuple[str, str]]:
    """Ways to read three or more words as two names: joined on either side, or two of them."""
    if len(terms) == 2:
        return [(terms[0], terms[1])]
    found = [("".join(terms[:i]), "".join(terms[i:])) for i in range(1, len(terms))]
    found += [(a, b) for i, a in enumerate(terms) for b in terms[i + 1 :]]
    return list(dict.fromkeys((a[:LONGEST_WORD], b[:LONGEST_WORD]) for a, b in found))[:12]


def _tokens(data: dict[str, Any], pushed: str | None) -> tuple[str, ...]:
    own = tokens_of(comparable(_stored_person(data)))
    more = [token for kept in json.loads(pushed).values() for token in kept] if pushed else []
    return tuple(sorted((token_words(t) for t in (*own, *more)), key=_kind_order))


_ORDER = {words: i for i, words in enumerate(TOKEN_WORDS.values())}


def _kind_order(token: str) -> int:
    return _ORDER.get(token.partition(":")[0], len(_ORDER))


def _stored_person(data: dict[str, Any]) -> Person:
    """A body was written from a Person, so it needs no tolerant reading."""
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return Person(**values)


def _later_first(day: str | None) -> tuple[int, int]:
    return (0, -int(day.replace("-", "")[:8])) if day else (1, 0)


def _whole_tokens(number: str) -> list[str]:
    """Tokens that a run of digits may be as it stands: last four, end of a phone number, SSN."""
    if not number.isdecimal():
        return []
    whole = {4: [f"q:{number}", f"t:{number}"], 7: [f"q:{number[3:]}"], 9: [f"s:{number}"]}
    return whole.get(len(number), [])


def _chunks(values: Sequence[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
