"""Keeps the search index of this desk in step with every written row, and loads many at once.

Plain SQL, which runs on the encrypted store and on a throw-away SQLite alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from sqlalchemy import Connection
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from db.people import INDEX_TABLES
from workstation.people.keys import keys_of
from workstation.people.model import KEYS, Person
from workstation.people.normalise import comparable
from workstation.people.search_index import (
    name_pairs,
    pushed_token,
    tokens_of,
    without_one,
    words_of,
)


class Sql(Protocol):
    """A DB-API connection that executes directly: ``sqlite3`` and ``sqlcipher3`` alike."""

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Any: ...

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> Any: ...


def raw(connection: Connection) -> Sql:
    """The driver's own connection, in the same transaction: the hot paths go without Core."""
    driver: Sql = connection.connection.driver_connection  # type: ignore[assignment]
    return driver


def make_index_tables(sql: Sql) -> None:
    """The index tables in an empty SQLite, from the same definitions as the store's."""
    dialect = sqlite.dialect()
    for table in INDEX_TABLES:
        sql.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            sql.execute(str(CreateIndex(index).compile(dialect=dialect)))


def reindex_person(
    sql: Sql, row: Mapping[str, Any], pushed: Mapping[str, Sequence[str]] | None = None
) -> None:
    """Brings the index up to date with one person's row; costs well under a millisecond.

    ``pushed`` replaces the tokens of other capabilities (source to tokens, see
    :func:`push_tokens`); without it they stay as they are.
    """
    now = Person.from_json(row)
    old = sql.execute(
        "SELECT n, body, pushed FROM person_index WHERE id = ?", (row["id"],)
    ).fetchone()
    before = _entries(Person.from_json(json.loads(old[1])), _loads(old[2])) if old else _NOTHING
    sources = dict(pushed) if pushed is not None else _loads(old[2]) if old else {}
    own = row.get("provisional_mrn")
    if own:
        sources["provisional_mrn"] = [t for t in (pushed_token("MRN", own),) if t]
    body, kept = _body(now), json.dumps(sources, ensure_ascii=False) if sources else None
    if old:
        n = int(old[0])
        sql.execute("UPDATE person_index SET body = ?, pushed = ? WHERE n = ?", (body, kept, n))
    else:
        n = int(
            sql.execute(
                "INSERT INTO person_index (id, pushed, body) VALUES (?, ?, ?) RETURNING n",
                (row["id"], kept, body),
            ).fetchone()[0]
        )
    _swap(sql, n, before, _entries(now, sources))


def push_tokens(sql: Sql, person_id: str, source: str, words: str, values: Iterable[str]) -> None:
    """Another capability's numbers, such as ``member id``; ``source`` names what they belong to.

    A later push from the same source replaces the earlier one. Unknown people are passed over.
    """
    old = sql.execute(
        "SELECT n, body, pushed FROM person_index WHERE id = ?", (person_id,)
    ).fetchone()
    if old is None:
        return
    someone, sources = Person.from_json(json.loads(old[1])), _loads(old[2])
    before = _entries(someone, sources)
    tokens = [t for t in (pushed_token(words, value) for value in values) if t]
    sources = {**{k: v for k, v in sources.items() if k != source}, **({source: tokens})}
    kept = json.dumps(sources, ensure_ascii=False)
    sql.execute("UPDATE person_index SET pushed = ? WHERE n = ?", (kept, old[0]))
    _swap(sql, int(old[0]), before, _entries(someone, sources))


def note_visit(sql: Sql, person_id: str, day: str) -> None:
    """Moves the last visit forward; an older day changes nothing."""
    sql.execute(
        "UPDATE person_index SET last_visit = ? WHERE id = ?"
        " AND (last_visit IS NULL OR last_visit < ?)",
        (day, person_id, day),
    )


def note_merge(sql: Sql, retired: str, survivor: str | None) -> None:
    """A retired chart is found as its survivor; None after the merge was withdrawn."""
    sql.execute("UPDATE person_index SET survivor = ? WHERE id = ?", (survivor, retired))


def project_person(connection: Connection, kind: str, row: Mapping[str, Any]) -> None:
    """Projector of ``person`` rows."""
    reindex_person(raw(connection), row)


def project_coverage(connection: Connection, kind: str, row: Mapping[str, Any]) -> None:
    """Projector of ``coverage`` rows: the member id finds its person."""
    member_id = row.get("member_id") or ""
    push_tokens(raw(connection), row["person_id"], row["id"], "member id", [member_id])


def project_visit(connection: Connection, kind: str, row: Mapping[str, Any]) -> None:
    """Projector of ``visit`` rows: the visit number finds its person, the day ranks them."""
    sql = raw(connection)
    if row.get("service_date"):
        note_visit(sql, row["person_id"], row["service_date"])
    number = row.get("visit_number") or ""
    push_tokens(sql, row["person_id"], row["id"], "visit number", [number])


def project_merge(connection: Connection, kind: str, row: Mapping[str, Any]) -> None:
    """Projector of ``person_merge`` facts."""
    note_merge(raw(connection), row["retired"], None if row["withdrawn"] else row["survivor"])


PROJECTORS = {
    "person": project_person,
    "coverage": project_coverage,
    "visit": project_visit,
    "person_merge": project_merge,
}
"""What the store calls after a row of these kinds was written."""

_Entries = tuple[frozenset[str], frozenset[str], frozenset[int]]
_NOTHING: _Entries = (frozenset(), frozenset(), frozenset())


def _loads(text: str | None) -> dict[str, list[str]]:
    return dict(json.loads(text)) if text else {}


def _body(someone: Person) -> str:
    values = ((key, getattr(someone, key)) for key in KEYS)
    return json.dumps({k: v for k, v in values if v is not None and v != ()}, ensure_ascii=False)


def _entries(someone: Person, pushed: Mapping[str, Sequence[str]]) -> _Entries:
    """Name pairs, tokens and match keys of one person."""
    form = comparable(someone)
    pairs = name_pairs(someone, form)
    tokens = tokens_of(form, words_of(pairs)) | {t for kept in pushed.values() for t in kept}
    return frozenset(pairs), frozenset(tokens), frozenset(keys_of(form))


def _swap(sql: Sql, n: int, before: _Entries, after: _Entries) -> None:
    """Writes only what changed."""
    tables = (("person_name", "pair"), ("person_token", "token"), ("match_key", "key"))
    for (table, column), old, new in zip(tables, before, after, strict=True):
        gone, come = old - new, new - old
        if gone:
            sql.executemany(
                f"DELETE FROM {table} WHERE {column} = ? AND n = ?",  # noqa: S608 - fixed names
                [(value, n) for value in gone],
            )
        if come:
            sql.executemany(
                f"INSERT INTO {table} ({column}, n) VALUES (?, ?)"  # noqa: S608 - fixed names
                " ON CONFLICT DO NOTHING",
                [(value, n) for value in come],
            )
    _count_words(sql, words_of(before[0]), words_of(after[0]))


def _count_words(sql: Sql, before: set[str], after: set[str]) -> None:
    for word in before - after:
        sql.execute("UPDATE name_word SET people = people - 1 WHERE word = ?", (word,))
    for word in after - before:
        known = sql.execute(
            "UPDATE name_word SET people = people + 1 WHERE word = ? RETURNING 1", (word,)
        ).fetchone()
        if known is None:
            sql.execute("INSERT INTO name_word (word, people) VALUES (?, 1)", (word,))
            sql.executemany(
                "INSERT INTO token_delete (part, word) VALUES (?, ?)",
                [(part, word) for part in without_one(word)],
            )


_CHUNK = 250_000
"""People written at once: each chunk is sorted first, and touches every page of the tables."""


class BulkIndex:
    """Loads many people into empty index tables: a population file, or a first download.

    ``names`` and ``keys`` choose what is built: the search needs the first, matching the second.
    """

    def __init__(self, sql: Sql, *, names: bool = True, keys: bool = True) -> None:
        self._sql = sql
        self._names = names
        self._keys = keys
        self._words: dict[str, int] = {}
        self._n = 0
        self._people: list[tuple[int, str | None, str]] = []
        self._pairs: list[tuple[str, int]] = []
        self._tokens: list[tuple[str, int]] = []
        self._match: list[tuple[int, int]] = []

    def add(self, someone: Person) -> None:
        """Adds one person, who is called ``#n`` without an id; no id may come twice."""
        self._n += 1
        n = self._n
        if not someone.id:
            someone = replace(someone, id=f"#{n}")
        form = comparable.__wrapped__(someone)
        self._people.append((n, someone.id, _body(someone)))
        if self._keys:
            self._match.extend((key, n) for key in keys_of(form))
        if self._names:
            pairs = name_pairs(someone, form)
            words = words_of(pairs)
            self._pairs.extend((pair, n) for pair in pairs)
            self._tokens.extend((token, n) for token in tokens_of(form, words))
            for word in words:
                self._words[word] = self._words.get(word, 0) + 1
        if len(self._people) >= _CHUNK:
            self._flush()

    def finish(self) -> int:
        """Writes what is left, and the vocabulary; returns how many people there are."""
        self._flush()
        self._sql.executemany("INSERT INTO name_word VALUES (?, ?)", sorted(self._words.items()))
        parts = sorted((part, word) for word in self._words for part in without_one(word))
        self._sql.executemany("INSERT INTO token_delete VALUES (?, ?)", parts)
        return self._n

    def _flush(self) -> None:
        self._sql.executemany(
            "INSERT INTO person_index (n, id, body) VALUES (?, ?, ?)", self._people
        )
        for table, rows in (
            ("person_name", self._pairs),
            ("person_token", self._tokens),
            ("match_key", self._match),
        ):
            rows.sort()
            self._sql.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)  # noqa: S608
            rows.clear()
        self._people.clear()
