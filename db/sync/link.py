"""A desk's own connection to the shared PostgreSQL: greet, push, pull, snapshot, hints."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from weakref import WeakSet

import psycopg
from sqlalchemy import Connection, Engine, event, func, select, text, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, IntegrityError

from db import rows
from db.engine import shared_engine
from db.shared.tables import NOTICE, audit_anchor, enrolment, facility_feed, feed, inbox
from db.tables import TABLES
from workstation.kernel.errors import OutsideSilent, PorticoError, Refused
from workstation.kernel.phrases import paragraph
from workstation.sync.feed_wire import verdict_from_json
from workstation.sync.model import Entity, FeedHead, FeedRow

BATCH = 100
"""Commands per push and feed entries per pull."""

ANCHORS = 5
"""Of the audit chain's heads that the server remembers, how many are compared at each greeting."""

_NOT_ACCEPTED = frozenset({"28000", "28P01", "3D000", "42501"})
"""SQLSTATEs of a login, password or right that the server does not accept."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who this desk says it is."""

    ws_id: str
    facility: str
    receipt_code: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One command of the outbox, as it is sent."""

    seq: int
    command_id: str
    body: str


@dataclass(frozen=True, slots=True)
class Greeting:
    """What the server says first: its feed, the receipt code that this desk may print, its time,
    and the facility's time zone, where it knows one."""

    head: FeedHead
    receipt_code: str
    time_zone: str | None
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything of the facility at one moment, and what the server knows of this desk's commands:
    the outcome by command id, None where it has arrived but was not applied yet."""

    head: FeedHead
    entities: list[Entity]
    outcomes: dict[str, str | None]


class SharedLink:
    """Speaks to the shared database as this desk.

    Every method raises OutsideSilent where the server does not answer, and Refused where it does
    not accept the desk or the desk's numbers.
    """

    def __init__(self, dsn: str, identity: Identity) -> None:
        self._identity = identity
        self._engine: Engine = shared_engine(dsn)
        self._opened: WeakSet[psycopg.Connection[Any]] = WeakSet()

        @event.listens_for(self._engine, "connect")
        def _note(connection: psycopg.Connection[Any], _record: object) -> None:
            self._opened.add(connection)

    def greet(self) -> Greeting:
        """Claims or proves this desk's enrolment; answers where the feed stands."""
        with shared_faults(), self._engine.begin() as connection:
            mine = connection.execute(
                select(enrolment).where(enrolment.c.login == text("current_user"))
            ).first()
            if mine is None:
                raise _not_enrolled("The shared database does not know this login as a desk.")
            if mine.facility != self._identity.facility:
                raise _not_enrolled("This login belongs to a desk of another facility.")
            code = mine.receipt_code
            if mine.ws_id is None:
                code = self._claim(connection, code)
            elif mine.ws_id != self._identity.ws_id:
                raise _not_enrolled("This login belongs to another workstation's store.")
            now = connection.execute(select(func.clock_timestamp())).scalar_one()
            place = facility_feed.c.facility == self._identity.facility
            zone = connection.execute(select(facility_feed.c.time_zone).where(place)).scalar()
            return Greeting(self._head(connection), code, zone, now.astimezone(UTC))

    def push(self, batch: Sequence[Outgoing], anchor: tuple[int, str]) -> None:
        """Makes a batch durable in the inbox. Sending it again does nothing.

        Raises Refused ``store_copied`` where the server has other commands under these numbers.
        """
        with shared_faults(), self._engine.begin() as connection:
            common = {"facility": self._identity.facility, "ws_id": self._identity.ws_id}
            if batch:
                connection.execute(
                    postgresql.insert(inbox).on_conflict_do_nothing(),
                    [
                        common | {"ws_seq": each.seq, "cmd_id": each.command_id, "body": each.body}
                        for each in batch
                    ],
                )
                self._check_numbers(connection, batch)
            entries, head = anchor
            connection.execute(
                postgresql.insert(audit_anchor).on_conflict_do_nothing(),
                [common | {"entries": entries, "head": head}],
            )

    def pull(self, after: int) -> tuple[FeedHead, tuple[FeedRow, ...]]:
        """The next entries of the facility's feed."""
        with shared_faults(), self._engine.connect() as connection:
            found = connection.execute(
                select(feed)
                .where(feed.c.facility == self._identity.facility, feed.c.n > after)
                .order_by(feed.c.n)
                .limit(BATCH)
            ).all()
            entries = tuple(
                FeedRow(
                    each.n,
                    each.cmd_id,
                    each.ws_id,
                    each.ws_seq,
                    verdict_from_json(each.outcome, each.body),
                )
                for each in found
            )
            # Read after the entries: a head that is newer than they are only means one more pull.
            return self._head(connection), entries

    def snapshot(self) -> Snapshot:
        """Everything at one moment. The rows of the whole facility pass through memory."""
        with shared_faults(), self._engine.connect() as plain:
            connection = plain.execution_options(isolation_level="REPEATABLE READ")
            head = self._head(connection)
            entities = [entity for kind in TABLES for entity in self._entities(connection, kind)]
            mine = (inbox.c.facility == self._identity.facility) & (
                inbox.c.ws_id == self._identity.ws_id
            )
            outcomes = connection.execute(select(inbox.c.cmd_id, inbox.c.outcome).where(mine))
            return Snapshot(head, entities, {id: outcome for id, outcome in outcomes})

    def anchors(self) -> list[tuple[int, str]]:
        """Length and head of this desk's audit chain as it last told the server, newest first."""
        with shared_faults(), self._engine.connect() as connection:
            found = connection.execute(
                select(audit_anchor.c.entries, audit_anchor.c.head)
                .where(audit_anchor.c.ws_id == self._identity.ws_id)
                .order_by(audit_anchor.c.entries.desc())
                .limit(ANCHORS)
            )
            return [(entries, head) for entries, head in found]

    def listen(self) -> psycopg.Connection[Any]:
        """A connection that hears hints; the caller closes it."""
        with shared_faults():
            raw = self._engine.raw_connection()
            heard = raw.driver_connection
            raw.detach()
            if not isinstance(heard, psycopg.Connection):
                raise TypeError("the shared engine is not psycopg's")
            heard.rollback()
            heard.autocommit = True
            heard.execute(f"LISTEN {NOTICE}".encode())
            return heard

    def abort(self) -> None:
        """Ends what is under way in another thread, which then finds the server silent.

        A server that is stopped, or a line that swallows everything, gives no sign of its own:
        the system there goes on to acknowledge what is sent, and libpq waits for ever.
        """
        for connection in list(self._opened):
            with suppress(psycopg.Error, OSError):
                line = socket.socket(fileno=connection.pgconn.socket)
                try:
                    line.shutdown(socket.SHUT_RDWR)
                finally:
                    line.detach()  # libpq closes it

    def close(self) -> None:
        """Closes every connection; the next call connects afresh."""
        self._engine.dispose()

    def _head(self, connection: Connection) -> FeedHead:
        found = connection.execute(
            select(facility_feed).where(facility_feed.c.facility == self._identity.facility)
        ).first()
        if found is None:
            raise _not_enrolled("The shared database does not know this facility.")
        return FeedHead(found.epoch, found.n, found.floor)

    def _claim(self, connection: Connection, issued: str) -> str:
        """Binds the login to this store. Keeps this store's receipt code where it is free."""
        mine = enrolment.c.login == text("current_user")
        wanted = self._identity.receipt_code
        for values in ({"receipt_code": wanted}, {}):
            try:
                with connection.begin_nested():
                    claimed = connection.execute(
                        update(enrolment).where(mine).values(ws_id=self._identity.ws_id, **values)
                    )
                if claimed.rowcount != 1:
                    raise _not_enrolled("Another workstation took this login just now.")
                return values.get("receipt_code", issued)
            except IntegrityError as taken:
                if "ws_id" in str(taken.orig):
                    raise _not_enrolled(
                        "This workstation's store is enrolled as another desk already."
                    ) from None
        raise AssertionError("an issued receipt code is free")

    def _check_numbers(self, connection: Connection, batch: Sequence[Outgoing]) -> None:
        found = connection.execute(
            select(inbox.c.ws_seq, inbox.c.cmd_id).where(
                inbox.c.facility == self._identity.facility,
                inbox.c.ws_id == self._identity.ws_id,
                inbox.c.ws_seq.between(batch[0].seq, batch[-1].seq),
            )
        )
        there = {seq: command_id for seq, command_id in found}
        if any(there.get(each.seq) != each.command_id for each in batch):
            raise store_copied()

    def _entities(self, connection: Connection, kind: str) -> Iterator[Entity]:
        table = TABLES[kind]
        found = connection.execute(
            select(table).where(table.c.facility == self._identity.facility).order_by(table.c.id)
        )
        for each in found.mappings():
            row = rows.to_dict(each)
            yield Entity(kind, row.pop("id"), row.pop("rev"), row)


def store_copied() -> Refused:
    """For a store whose numbers another one has used: a cloned disk image, or an old backup."""
    return Refused(
        "store_copied",
        "The shared database has other entries under this workstation's numbers: this "
        "store was copied, or restored from a backup. Nothing was overwritten.",
        "Keep this store as it is and call IT: it must be enrolled as a new workstation.",
    )


def _not_enrolled(what: str) -> Refused:
    return Refused(
        "desk_not_accepted",
        paragraph(what, "Everything is kept on this workstation."),
        "Ask IT to enrol this desk: portico shared enrol DESK --facility NAME.",
    )


@contextmanager
def shared_faults() -> Iterator[None]:
    """PostgreSQL's faults as sentences; none of them carries a statement or its values."""
    try:
        yield
    except (DBAPIError, psycopg.Error) as fault:
        cause = fault.orig if isinstance(fault, DBAPIError) else fault
        raise _in_words(cause) from None


def _in_words(cause: BaseException | None) -> PorticoError:
    state = getattr(cause, "sqlstate", None)
    # At connection time libpq gives no SQLSTATE, only the server's English sentence.
    if state in _NOT_ACCEPTED or "authentication failed" in str(cause):
        return _not_enrolled("The shared database did not accept this desk's login.")
    return OutsideSilent(
        "shared_database_silent",
        "The shared database did not answer. Everything is kept on this workstation.",
        "Go on working; Portico sends it as soon as the database answers.",
        retryable=True,
    )
