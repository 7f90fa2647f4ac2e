"""The store of this workstation: one transaction for rows, outbox and audit, or none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine, insert, text, update
from sqlalchemy.dialects import sqlite

from db import audit, rows
from db.engine import BUSY_MS, faults_in_words, local_engine, text_not_storable
from db.local import number, outbox
from db.tables import KINDS, LOCAL_TABLES
from db.turns import Turns
from workstation.access.audit import Anchor, AuditCheck
from workstation.kernel.clock import Clock, iso, utc_now
from workstation.kernel.commands import Change, Command, Fields, Insert, Revise
from workstation.kernel.errors import ANSWERED_BEFORE, PorticoError, Refused
from workstation.kernel.wire import command_to_json
from workstation.sync.merge import widened

Projector = Callable[[Connection, str, Mapping[str, Any]], None]
"""Called as (connection, kind, row) after a row was written, in the same transaction."""


class SqlStore:
    """The encrypted SQLite of this desk, as ``workstation.kernel.unit_of_work.StoreGateway``.

    ``projectors`` keep derived tables, such as the search index, in step with the rows of a kind.
    """

    def __init__(
        self,
        path: Path,
        key: str,
        *,
        clock: Clock = utc_now,
        projectors: Mapping[str, Projector] | None = None,
    ) -> None:
        self.path = path
        self._key = key
        self._clock = clock
        self._projectors = dict(projectors or {})
        self._write = local_engine(path, key, writes=True)
        self._read = local_engine(path, key, writes=False)
        self.turns = Turns(BUSY_MS / 1000)

    @property
    def clock(self) -> Clock:
        """The store's sense of time."""
        return self._clock

    @property
    def write_engine(self) -> Engine:
        """For migrations and synchronisation, which write whole transactions of their own."""
        return self._write

    def facility(self, connection: Connection) -> str:
        """The facility id that this store's rows belong to."""
        found = connection.execute(text("SELECT hospital FROM desk LIMIT 1")).scalar()
        if found is None:
            raise PorticoError(
                "not_initialised",
                "This workstation has no store of its own yet.",
                "Run portico init --facility NAME once.",
            )
        import json

        return str(json.loads(found)["id"])

    def unit_of_work(self) -> SqlUnitOfWork:
        """A write transaction; use it as a context manager."""
        return SqlUnitOfWork(self)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction on the bare connection, committed at the end."""
        with faults_in_words(), self.turns.mine(), self._write.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read-only connection on the last committed state."""
        with faults_in_words(), self._read.connect() as connection:
            yield connection

    def read(self) -> SqlReader:
        """A reader; each call sees what was committed before it."""
        return SqlReader(self)

    def projects(self, kind: str) -> bool:
        """Whether rows of this kind have derived tables."""
        return kind in self._projectors

    def project(self, connection: Connection, kind: str, row: Mapping[str, Any]) -> None:
        """Brings the derived tables of one written row up to date."""
        projector = self._projectors.get(kind)
        if projector is not None:
            projector(connection, kind, row)

    def verify_audit(self) -> AuditCheck:
        """Walks the audit chain, and compares it with the heads that this desk noted."""
        with self.reading() as connection:
            return audit.verify(connection)

    def audit_hash(self, n: int) -> str | None:
        """The hash of one entry, or None where it is not here."""
        with self.reading() as connection:
            return audit.hash_at(connection, n)

    def audit_entries(self) -> list[dict[str, Any]]:
        """The audit trail in the shape of ``export audit``."""
        with self.reading() as connection:
            return audit.entries(connection)

    def close(self) -> None:
        """Closes every connection; the store may be opened again."""
        self._write.dispose()
        self._read.dispose()


class SqlReader:
    """Reads rows by kind; holds no connection between calls."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        """The row with its ``id`` and ``rev``, or None."""
        with self._store.reading() as connection:
            return rows.fetch(connection, kind, id)

    def find(self, kind: str, /, **equal: Any) -> list[dict[str, Any]]:
        """All rows whose columns equal the values given, oldest first."""
        with self._store.reading() as connection:
            return rows.fetch_where(connection, kind, equal)


class SqlUnitOfWork:
    """One write transaction of :class:`SqlStore`; see ``workstation.kernel.unit_of_work``."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store
        self._connection: Connection | None = None

    def __enter__(self) -> Self:
        self._store.turns.take()
        try:
            with faults_in_words():
                self._connection = self._store.write_engine.connect()
                self._connection.begin()
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        if error is not None:
            with faults_in_words():
                raise error

    def _end(self) -> None:
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                connection.close()  # what was not committed rolls back
        finally:
            self._store.turns.give()

    @property
    def connection(self) -> Connection:
        """The open connection, for the repositories of ``db`` only."""
        if self._connection is None:
            raise RuntimeError("the unit of work is not open")
        return self._connection

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        """The row as this transaction sees it, or None."""
        return rows.fetch(self.connection, kind, id)

    def find(self, kind: str, /, **equal: Any) -> list[dict[str, Any]]:
        """All rows with these values, as this transaction sees them."""
        return rows.fetch_where(self.connection, kind, equal)

    def record(self, command: Command) -> None:
        """Writes the command's rows, its outbox entry and its audit entry."""
        changes = tuple(self._apply(command.facility, each) for each in command.changes)
        command = replace(command, changes=changes)
        body = command_to_json(command)
        if _NUL in body:
            raise text_not_storable()
        entry = {
            "seq": self.next_number("outbox"),
            "command_id": command.id,
            "body": body,
            "state": "pending",
        }
        self.connection.execute(_TO_OUTBOX, entry)
        self.audit(command.actor, command.type, command.subject, _audit_detail(command))
        if command.key is not None:
            self._answer_once(command.key, command.answer)

    def _answer_once(self, key: str, answer: Fields) -> None:
        done = self.connection.execute(_ANSWER, {"id": key, "body": dict(answer)})
        if done.rowcount == 0:
            raise Refused(
                ANSWERED_BEFORE,
                "This was carried out already; nothing was done twice.",
                "Look at what stands.",
            )

    def answered(self, key: str) -> Fields | None:
        """What the command with this key was answered, if there was one."""
        row = self.get("answer", key)
        return None if row is None else row["body"]

    def next_number(self, series: str) -> int:
        """The next number of a gapless series, starting with 1."""
        return int(self.connection.execute(_NEXT, {"series": series, "last": 1}).scalar_one())

    def audit(
        self, actor: str, what: str, subject: str | None, detail: Fields | None = None
    ) -> None:
        """Appends to the audit chain; committed with the rest."""
        audit.append(
            self.connection,
            at=iso(self._store.clock()),
            actor=actor,
            what=what,
            subject=subject,
            detail=detail,
        )

    def anchor(self, kind: str) -> tuple[int, str]:
        """Notes the head of the audit chain; committed with the rest."""
        head = Anchor(*audit.head(self.connection))
        audit.witness(self.connection, kind, head, iso(self._store.clock()))
        return head

    def put_local(self, kind: str, id: str, fields: Fields) -> None:
        """Inserts or replaces a row that never leaves this desk."""
        rows.put_local(self.connection, kind, id, fields)

    def swap_local(self, kind: str, id: str, expect: Fields, set: Fields) -> bool:
        """Compare-and-set on a local row; False, nothing changed, where ``expect`` is not so."""
        table = LOCAL_TABLES[kind]
        query = update(table).where(table.c.id == id)
        for name, value in expect.items():
            query = query.where(table.c[name] == value)
        return self.connection.execute(query.values(dict(set))).rowcount == 1

    def drop_local(self, kind: str, id: str) -> None:
        """Removes a local row that has served."""
        table = LOCAL_TABLES[kind]
        self.connection.execute(table.delete().where(table.c.id == id))

    def commit(self) -> None:
        """Makes all of it durable at once."""
        with faults_in_words():
            self.connection.commit()

    def _apply(self, facility: str, change: Change) -> Change:
        """Writes the change and answers it as it goes to other desks."""
        if isinstance(change, Insert):
            self._insert(facility, change)
            return change
        return self._revise(facility, change)

    def _insert(self, facility: str, change: Insert) -> None:
        if rows.insert_absent(self.connection, facility, change.kind, change.id, change.fields):
            self._project(change.kind, change.id)
        # else it is the same fact again

    def _revise(self, facility: str, change: Revise) -> Revise:
        if KINDS[change.kind].append_only:
            raise ValueError(f"{change.kind} is append-only")
        row = self.get(change.kind, change.id)
        if row is None:
            raise Refused(
                "not_found", "This is not on this workstation.", "Search for the patient again."
            )
        for name, seen in change.base.items():
            if row.get(name) != seen:
                raise Refused(
                    "stale",
                    "Somebody changed this after you opened it. Nothing was overwritten.",
                    "Look at the new value, then make your change again.",
                    field=name,
                )
        revised = {**row, **change.set}
        rows.write(self.connection, facility, change.kind, change.id, row["rev"] + 1, revised)
        self._project(change.kind, change.id)
        return widened(KINDS[change.kind], row, change)

    def _project(self, kind: str, id: str) -> None:
        if self._store.projects(kind):
            written = self.get(kind, id)
            assert written is not None  # noqa: S101
            self._store.project(self.connection, kind, written)


# The same statement objects each time: SQLAlchemy then neither builds nor hashes them again.
_TO_OUTBOX = insert(outbox)
_ANSWER = sqlite.insert(LOCAL_TABLES["answer"]).on_conflict_do_nothing()
_NEXT = (
    sqlite.insert(number)
    .on_conflict_do_update(index_elements=["series"], set_={"last": number.c.last + 1})
    .returning(number.c.last)
)


_NUL = "\\u0000"
"""As JSON writes the sign that PostgreSQL keeps in no text."""


def _audit_detail(command: Command) -> dict[str, Any]:
    """Which fields of which things: names only, never values."""
    touched: dict[str, Any] = {"command": command.id}
    if command.reason:
        touched["reason"] = command.reason
    for change in command.changes:
        names = change.fields if isinstance(change, Insert) else change.set
        touched.setdefault("changes", []).append(
            {"kind": change.kind, "id": change.id, "fields": sorted(names)}
        )
    return touched
