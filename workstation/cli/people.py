"""``portico match``, ``pairs`` and ``search``: matching and searching without a window."""

from __future__ import annotations

import json
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workstation.cli.answers import emit, emit_failure, tell
from workstation.kernel.errors import NotUnderstood
from workstation.people.gateways import PersonSearch
from workstation.people.matcher import compare_people
from workstation.people.model import Person, unknown_keys
from workstation.people.nicknames import same_given_name

if TYPE_CHECKING:
    from db.people_index import BulkIndex

_PROGRESS = 100_000
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

Lines = Iterator[tuple[int, dict[str, Any]]]


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


def _objects(path: Path) -> Lines:
    """Number and object of each line. Raises NotUnderstood with the first line that is none."""
    with path.open(encoding="utf-8-sig") as file:
        try:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, _object(line, path, number)
        except UnicodeDecodeError:
            raise NotUnderstood(
                "not_utf8", f"{path.name} is not UTF-8 text.", "Save it as UTF-8 JSON lines."
            ) from None


def _object(line: str, path: Path, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
        if "\\u" in line:  # half of a surrogate pair is JSON, but no text
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise NotUnderstood(
            "line_not_understood",
            f"Line {number} of {path.name} is not a JSON object.",
            "Give one person a line, as JSON.",
        )
    return value


@contextmanager
def _population(path: Path, *, names: bool, keys: bool) -> Iterator[PersonSearch]:
    """The people of a file in a throw-away index, which is gone when the command ends."""
    from db.people_index import BulkIndex, make_index_tables
    from db.people_search import PersonIndex

    with tempfile.TemporaryDirectory(prefix="portico-") as folder:
        sql = sqlite3.connect(Path(folder) / "people.db", isolation_level=None)
        try:
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -1000000"):
                sql.execute(f"PRAGMA {pragma}")
            make_index_tables(sql)
            begun = time.monotonic()
            sql.execute("BEGIN")
            bulk = BulkIndex(sql, names=names, keys=keys)
            _fill(bulk, path)
            count = bulk.finish()
            sql.execute("COMMIT")
            tell(f"{count:,} people ready after {time.monotonic() - begun:.1f} s")
            yield PersonIndex(sql, _today)
        finally:
            sql.close()


def _fill(bulk: BulkIndex, path: Path) -> None:
    """Adds every person of the file once; of two lines with the same id the first counts."""
    ids: set[str] = set()
    repeated = 0
    for line, data in _objects(path):
        someone = Person.from_json(data)
        if someone.id is not None:
            repeated += someone.id in ids
            if someone.id in ids:
                continue
            ids.add(someone.id)
        bulk.add(someone)
        if line % _PROGRESS == 0:
            tell(f"{line:,} people read")
    if repeated:
        tell(f"{repeated:,} lines had an id that an earlier line has; they were left out")


@contextmanager
def _asked_people(
    against: Path | None, store: bool, *, names: bool, keys: bool
) -> Iterator[PersonSearch]:
    if store == (against is not None):
        raise click.UsageError("Give either --against FILE or --store.")
    same_given_name("", "")  # reads the list of short forms before any query is timed
    if against is not None:
        with _population(against, names=names, keys=keys) as people:
            yield people
        return
    from workstation.compose import open_workstation
    from workstation.facility.settings import load

    workstation = open_workstation(load())
    try:
        yield workstation.search
    finally:
        workstation.close()


def _population_options(command: Callable[..., None]) -> Callable[..., None]:
    command = click.option("--against", type=_FILE, help="People, one JSON object a line.")(command)
    return click.option("--store", is_flag=True, help="This workstation's own people.")(command)


@click.command()
@click.argument("query", type=_FILE)
@_population_options
def match(query: Path, against: Path | None, store: bool) -> None:
    """Says for each person of QUERY whether they are known: same, possible or new."""
    with _asked_people(against, store, names=False, keys=True) as people:
        odd = _Oddities()
        for data in odd.people(query):
            begun = time.perf_counter()
            answer = people.candidates(Person.from_json(data))
            ms = (time.perf_counter() - begun) * 1000
            emit(
                {
                    "query": data.get("id"),
                    "outcome": str(answer.outcome),
                    "ms": round(ms, 3),
                    "candidates": [c.as_json() for c in answer.candidates],
                }
            )
        odd.finish()


@click.command()
@click.argument("file", type=_FILE)
def pairs(file: Path) -> None:
    """Judges each pair of people of FILE, ``{"a": person, "b": person}`` a line."""
    odd = _Oddities()
    for data in odd.pairs(file):
        a, b = Person.from_json(data["a"]), Person.from_json(data["b"])
        emit(compare_people(a, b).as_json())
    odd.finish()


@click.command()
@click.option("--batch", type=_FILE, required=True, help="One query a line, as typed.")
@_population_options
def search(batch: Path, against: Path | None, store: bool) -> None:
    """Finds people as the palette does, one line of answer for each query."""
    with (
        _asked_people(against, store, names=True, keys=False) as people,
        batch.open(encoding="utf-8-sig", errors="replace") as file,
    ):
        for line in file:
            query = line.rstrip("\r\n")
            answer = people.search(query)
            hits = [{"id": hit.id, "why": hit.why} for hit in answer.hits]
            emit({"query": query, "ms": answer.ms, "hits": hits})


class _Oddities:
    """Bad lines are answered with an error and the rest goes on; unknown keys are named once."""

    def __init__(self) -> None:
        self._bad = 0
        self._unknown: set[str] = set()

    def people(self, path: Path) -> Iterator[dict[str, Any]]:
        """Each readable person; the line of an unreadable one is an error."""
        for _, data in self._lines(path):
            self._unknown.update(unknown_keys(data))
            yield data

    def pairs(self, path: Path) -> Iterator[dict[str, Any]]:
        """Each readable pair."""
        for number, data in self._lines(path):
            if not (isinstance(data.get("a"), dict) and isinstance(data.get("b"), dict)):
                self._say(number, path, 'has no "a" and "b" that are people')
                continue
            self._unknown.update((*unknown_keys(data["a"]), *unknown_keys(data["b"])))
            yield data

    def _lines(self, path: Path) -> Lines:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            for number, line in enumerate(file, 1):
                if not line.strip():
                    continue
                try:
                    data = _object(line, path, number)
                except NotUnderstood:
                    self._say(number, path, "is not a JSON object")
                    continue
                yield number, data

    def _say(self, number: int, path: Path, what: str) -> None:
        self._bad += 1
        fault = NotUnderstood(
            "line_not_understood",
            f"Line {number} of {path.name} {what}.",
            "The other lines are answered.",
        )
        emit_failure("key", str(number), fault)

    def finish(self) -> None:
        """Names unknown keys; raises NotUnderstood (exit 3) where a line was bad."""
        if self._unknown:
            tell(f"Keys that were not used: {', '.join(sorted(self._unknown))}")
        if self._bad:
            raise NotUnderstood(
                "lines_not_understood",
                f"{self._bad} of the lines could not be understood; the others are answered.",
            )
