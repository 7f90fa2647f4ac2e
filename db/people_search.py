"""Finds people in the index: as one types, and likely duplicates."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, tzinfo
from functools import partial
from typing import Any

from db.people_index import Sql, raw
from db.people_ranges import Found, IndexRanges, chunks
from db.store import SqlStore
from workstation.people.gateways import Hit, SearchAnswer
from workstation.people.keys import birthday_key, search_keys
from workstation.people.matcher import MatchAnswer, match_person
from workstation.people.model import Person
from workstation.people.normalise import comparable
from workstation.people.search import Asked, ask, fit, hit_of
from workstation.people.search_index import TOKEN_WORDS, token_words, tokens_of

ENOUGH = 5
"""Hits below which the search also looks for short forms and one slip of the keyboard."""

_WIDE_KEY = 250
_KEY_CAP = 2_000
_UNDATED_CAP = 500
"""A registration without a date of birth is looked up by name alone, which may be Maria Garcia."""

Ranked = dict[str, tuple[tuple[Any, ...], Hit]]
"""Hits by the id of the person, each with its place in the order."""


class PersonIndex:
    """Search and duplicate check over one connection that holds the index tables."""

    def __init__(self, sql: Sql, today: Callable[[], date]) -> None:
        self._sql = sql
        self._today = today
        self._ranges = IndexRanges(sql)

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
            cap = _WIDE_KEY + 1 if key == wide else _KEY_CAP if form.dob else _UNDATED_CAP
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
        found: Ranked = {}
        unlike: Found = {}
        if asked.births or asked.numbers:
            like, unlike = self._ranges.by_numbers(asked)
            found = self._judged(asked, like)
        if asked.terms and len(found) < limit and _names_may_do(asked):
            found.update(self._by_names(asked))
        if not found:
            # Nobody of this number has a name that begins so: the slip may be at its beginning.
            found = self._judged(asked, unlike)
        if asked.terms and not found and not _names_may_do(asked):
            # The date or number fits nobody of this name: show the name, and say so.
            found = self._by_names(replace(asked, births=(), numbers=(), year=None))
            found = {
                id: (rank, replace(hit, why=hit.why + "; the number or date differs"))
                for id, (rank, hit) in found.items()
            }
        ranked = sorted(found.values(), key=lambda pair: pair[0])
        return [hit for _, hit in ranked[:limit]]

    def _by_names(self, asked: Asked) -> Ranked:
        found = self._judged(asked, dict.fromkeys(self._ranges.by_names(asked), ()))
        if len(found) < ENOUGH:
            near = self._ranges.near_names(asked)
            found.update(self._judged(asked, dict.fromkeys(near, ())))
        return found

    def _judged(self, asked: Asked, people: Mapping[int, Sequence[str]]) -> Ranked:
        """Whoever fits. ``people`` may come with the tokens that led to them."""
        found: Ranked = {}
        for n, body, visit, pushed, survivor in self._rows(list(people)):
            data = json.loads(body)
            how = fit(asked, data, _in_words(people[n]), partial(_tokens, data, pushed))
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
        for chunk in chunks(numbers, 200):
            marks = ",".join("?" * len(chunk))
            yield from self._sql.execute(
                "SELECT n, body, last_visit, pushed, survivor FROM person_index"  # noqa: S608 - marks
                f" WHERE n IN ({marks})",
                chunk,
            ).fetchall()


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


def _tokens(data: dict[str, Any], pushed: str | None) -> list[str]:
    """All numbers of a person, as ``words:value``."""
    own = tokens_of(comparable(_stored_person(data)), ())
    more = [token for kept in json.loads(pushed).values() for token in kept] if pushed else []
    return _in_words([*own, *more])


def _in_words(tokens: Sequence[str]) -> list[str]:
    return sorted((words for token in tokens for words in token_words(token)), key=_kind_order)


_ORDER = {words: i for i, words in enumerate(TOKEN_WORDS.values())}


def _kind_order(token: str) -> int:
    return _ORDER.get(token.partition(":")[0], len(_ORDER))


def _stored_person(data: dict[str, Any]) -> Person:
    """A body was written from a Person, so it needs no tolerant reading."""
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items()}
    return Person(**values)


def _later_first(day: str | None) -> tuple[int, int]:
    return (0, -int(day.replace("-", "")[:8])) if day else (1, 0)
