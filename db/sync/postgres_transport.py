"""A desk's own connection to the shared PostgreSQL: greet, push, pull, fill, hints."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC
from typing import Any, TypeVar
from weakref import WeakSet

import psycopg
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    event,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, IntegrityError

from db import rows
from db.engine import shared_engine
from db.server_proof import unproven
from db.shared.tables import (
    NOTICE,
    audit_anchor,
    audit_chain,
    audit_entry,
    document_part,
    enrolment,
    facility_feed,
    feed,
    inbox,
    progress,
)
from db.sync.standby import Standby, standby_of
from db.tables import TABLES
from workstation.access.audit import BEGINNING, Anchor
from workstation.access.trail import Entry
from workstation.kernel.errors import PorticoError
from workstation.sync.feed_wire import verdict_from_json
from workstation.sync.model import Entity, FeedHead, FeedRow
from workstation.sync.transport import (
    ANCHORS,
    BATCH,
    PAGE,
    STANDING,
    Greeting,
    Identity,
    Known,
    Outgoing,
    Page,
    Place,
    Standing,
    desk_not_accepted,
    server_silent,
    store_copied,
)

_Answer = TypeVar("_Answer")

_NOT_ACCEPTED = frozenset({"28000", "28P01", "3D000", "42501"})
"""SQLSTATEs of a login, password or right that the server does not accept."""

_OUT_OF_TURN = frozenset({"40001", "40P01"})
OUT_OF_TURN = "shared_database_out_of_turn"
"""Code where the server undid the transaction for the sake of another: trying again helps."""


BY_LOGIN = enrolment.c.login == text("current_user")
"""The enrolment of who is connected, where every desk has a login of its own."""


class DeskDatabase:
    """What a desk asks of the shared database, as statements: for the desk's own connection and
    for the gateway, whose engine acts as the desk in each transaction.

    ``mine`` tells the desk's row of ``enrolment``. Every method raises OutsideSilent where the
    server does not answer, and Refused where it does not accept the desk or the desk's numbers.
    """

    def __init__(
        self,
        engine: Engine,
        identity: Identity,
        mine: ColumnElement[bool] = BY_LOGIN,
        standby: Standby | None = None,
    ) -> None:
        self._engine = engine
        self._identity = identity
        self._mine = mine
        self._standby = standby
        self._told: FeedHead | None = None

    def greet(self) -> Greeting:
        """Claims or proves this desk's enrolment; answers where the feed stands."""
        with shared_faults(), self._engine.begin() as connection:
            mine = connection.execute(select(enrolment).where(self._mine)).first()
            if mine is None:
                raise desk_not_accepted("The shared database does not know this login as a desk.")
            if mine.facility != self._identity.facility:
                raise desk_not_accepted("This login belongs to a desk of another facility.")
            code = mine.receipt_code
            if mine.ws_id is None:
                code = self._claim(connection, code)
            elif mine.ws_id != self._identity.ws_id:
                raise desk_not_accepted("This login belongs to another workstation's store.")
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

    def standing(self, after: int) -> Standing:
        """See :class:`workstation.sync.transport.Transport`."""
        with shared_faults(), self._engine.connect() as connection:
            # The head first: an outcome that comes after it is told by the feed once more.
            head = self._head(connection)
            found = connection.execute(
                select(inbox.c.ws_seq, inbox.c.cmd_id, inbox.c.outcome)
                .where(self._sent(inbox), inbox.c.ws_seq > after)
                .order_by(inbox.c.ws_seq)
                .limit(STANDING)
            ).all()
            applied = connection.execute(
                select(progress.c.applied).where(self._sent(progress))
            ).scalar()
            commands = tuple(Known(each.ws_seq, each.cmd_id, each.outcome) for each in found)
            return Standing(head, applied or 0, commands)

    def size(self) -> int:
        """See :class:`workstation.sync.transport.Transport`."""
        counts = [
            select(func.count()).select_from(table).where(table.c.facility == self._here)
            for table in TABLES.values()
        ]
        return self._read(lambda there: sum(there.execute(count).scalar_one() for count in counts))

    def page(self, after: Place | None) -> Page:
        """See :class:`workstation.sync.transport.Transport`."""
        return self._read(lambda there: self._page(there, after))

    def head(self) -> FeedHead:
        """Where the facility's feed stands."""
        with shared_faults(), self._engine.connect() as connection:
            return self._head(connection)

    def anchors(self) -> list[tuple[int, str]]:
        """Length and head of this desk's audit chain as it last told the server, newest first."""
        with shared_faults(), self._engine.connect() as connection:
            return [*_newest_anchors(connection, self._identity)]

    def _read(self, ask: Callable[[Connection], _Answer]) -> _Answer:
        """What may be a moment old, but not older than what this desk was told of the feed."""
        if self._standby is not None:
            found = self._standby.read(self._here, self._told or self.head(), ask)
            if found is not None:
                return found
        with shared_faults(), self._engine.connect() as connection:
            return ask(connection)

    def _page(self, connection: Connection, after: Place | None) -> Page:
        kinds = list(TABLES)
        at, last = after or (kinds[0], "")
        found: list[Entity] = []
        for kind in kinds[kinds.index(at) :]:
            found += self._after(connection, kind, last, PAGE - len(found))
            if len(found) == PAGE:
                return Page(tuple(found), (kind, found[-1].id))
            last = ""
        return Page(tuple(found), None)

    def _head(self, connection: Connection) -> FeedHead:
        found = connection.execute(
            select(facility_feed).where(facility_feed.c.facility == self._identity.facility)
        ).first()
        if found is None:
            raise desk_not_accepted("The shared database does not know this facility.")
        self._told = FeedHead(found.epoch, found.n, found.floor)
        return self._told

    def _claim(self, connection: Connection, issued: str) -> str:
        """Binds the login to this store. Keeps this store's receipt code where it is free."""
        wanted = self._identity.receipt_code
        for values in ({"receipt_code": wanted}, {}):
            try:
                with connection.begin_nested():
                    claimed = connection.execute(
                        update(enrolment)
                        .where(self._mine)
                        .values(ws_id=self._identity.ws_id, **values)
                    )
                if claimed.rowcount != 1:
                    raise desk_not_accepted("Another workstation took this login just now.")
                return values.get("receipt_code", issued)
            except IntegrityError as taken:
                if "ws_id" in str(taken.orig):
                    raise desk_not_accepted(
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

    def _after(
        self, connection: Connection, kind: str, last: str, at_most: int
    ) -> Iterator[Entity]:
        table = TABLES[kind]
        found = connection.execute(
            select(table)
            .where(table.c.facility == self._here, table.c.id > last)
            .order_by(table.c.id)
            .limit(at_most)
        )
        for each in found.mappings():
            row = rows.to_dict(each)
            yield Entity(kind, row.pop("id"), row.pop("rev"), row)

    def _sent(self, table: Table) -> ColumnElement[bool]:
        return and_(table.c.facility == self._here, table.c.ws_id == self._identity.ws_id)

    @property
    def _here(self) -> str:
        return self._identity.facility


class PostgresTransport(DeskDatabase):
    """A desk's own connection to the shared database."""

    def __init__(self, dsn: str, identity: Identity) -> None:
        super().__init__(shared_engine(dsn), identity, standby=standby_of(dsn))
        self._opened: WeakSet[psycopg.Connection[Any]] = WeakSet()

        def note(connection: psycopg.Connection[Any], _record: object) -> None:
            self._opened.add(connection)

        event.listen(self._engine, "connect", note)
        if self._standby is not None:
            event.listen(self._standby.engine, "connect", note)

    def listen(self) -> PostgresEars:
        """See :class:`workstation.sync.transport.Transport`."""
        with shared_faults():
            raw = self._engine.raw_connection()
            heard = raw.driver_connection
            raw.detach()
            if not isinstance(heard, psycopg.Connection):
                raise TypeError("the shared engine is not psycopg's")
            heard.rollback()
            heard.autocommit = True
            heard.execute(f"LISTEN {NOTICE}".encode())
            return PostgresEars(heard, self._identity.facility)

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
        if self._standby is not None:
            self._standby.close()


class PostgresEars:
    """Hears NOTIFY on a connection of its own."""

    def __init__(self, connection: psycopg.Connection[Any], facility: str) -> None:
        self._connection = connection
        self._facility = facility

    def fileno(self) -> int:
        """See :class:`workstation.sync.transport.Ears`."""
        return self._connection.fileno()

    def heard(self) -> bool:
        """See :class:`workstation.sync.transport.Ears`."""
        with shared_faults():
            named = [each.payload for each in self._connection.notifies(timeout=0)]
        return self._facility in named

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()


class PostgresDocuments:
    """The lane of documents over an engine that acts as the desk."""

    def __init__(self, engine: Engine, facility: str) -> None:
        self._engine = engine
        self._facility = facility

    def parts_there(self, digest: str) -> frozenset[int]:
        """See :class:`workstation.sync.transport.DocumentTransport`."""
        there = select(document_part.c.part).where(self._of(digest))
        with shared_faults(), self._engine.connect() as theirs:
            return frozenset(theirs.execute(there).scalars())

    def send_part(self, digest: str, size: int, number: int, part: bytes) -> None:
        """See :class:`workstation.sync.transport.DocumentTransport`."""
        values = {
            "facility": self._facility,
            "digest": digest,
            "size": size,
            "part": number,
            "content": part,
        }
        with shared_faults(), self._engine.begin() as theirs:
            theirs.execute(postgresql.insert(document_part).on_conflict_do_nothing(), [values])

    def parts(self, digest: str, first: int, at_most: int) -> tuple[int | None, dict[int, bytes]]:
        """See :class:`workstation.sync.transport.DocumentTransport`."""
        wanted = (
            select(document_part.c.part, document_part.c.size, document_part.c.content)
            .where(self._of(digest), document_part.c.part >= first)
            .order_by(document_part.c.part)
            .limit(at_most)
        )
        with shared_faults(), self._engine.connect() as theirs:
            found = theirs.execute(wanted).all()
        size = found[0].size if found else None
        return size, {each.part: bytes(each.content) for each in found}

    def close(self) -> None:
        """See :class:`workstation.sync.transport.DocumentTransport`."""
        self._engine.dispose()

    def _of(self, digest: str) -> ColumnElement[bool]:
        return and_(document_part.c.facility == self._facility, document_part.c.digest == digest)


class PostgresTrail:
    """This desk's audit trail in PostgreSQL; see ``workstation.access.trail.TrailTransport``."""

    def __init__(self, engine: Engine, identity: Identity) -> None:
        self._engine = engine
        self._identity = identity
        here = audit_entry.c.facility == identity.facility
        self._mine = and_(here, audit_entry.c.ws_id == identity.ws_id)

    def last(self) -> Anchor:
        """See :class:`workstation.access.trail.TrailTransport`."""
        newest = select(audit_entry.c.n, audit_entry.c.hash).where(self._mine)
        with shared_faults(), self._engine.connect() as theirs:
            found = theirs.execute(newest.order_by(audit_entry.c.n.desc()).limit(1)).first()
        return Anchor(found.n, found.hash) if found else BEGINNING

    def send(self, entries: Sequence[Entry]) -> None:
        """See :class:`workstation.access.trail.TrailTransport`."""
        common = {"facility": self._identity.facility, "ws_id": self._identity.ws_id}
        rows = [
            {**common, "n": each.n, "body": each.body, "hash": each.hash, **each.columns()}
            for each in entries
        ]
        head = common | {"entries": entries[-1].n, "head": entries[-1].hash}
        with shared_faults(), self._engine.begin() as theirs:
            theirs.execute(postgresql.insert(audit_entry).on_conflict_do_nothing(), rows)
            theirs.execute(postgresql.insert(audit_anchor).on_conflict_do_nothing(), [head])

    def hash_at(self, n: int) -> str | None:
        """See :class:`workstation.access.trail.TrailTransport`."""
        wanted = select(audit_entry.c.hash).where(self._mine, audit_entry.c.n == n)
        with shared_faults(), self._engine.connect() as theirs:
            return theirs.execute(wanted).scalar()

    def anchors(self) -> list[Anchor]:
        """See :class:`workstation.access.trail.TrailTransport`."""
        with shared_faults(), self._engine.connect() as theirs:
            return [*_newest_anchors(theirs, self._identity)]

    def seal(self, n: int | None = None) -> Anchor | None:
        """See :class:`workstation.access.trail.TrailTransport`."""
        link = select(audit_chain.c.n, audit_chain.c.hash).where(
            audit_chain.c.facility == self._identity.facility
        )
        if n is not None:
            link = link.where(audit_chain.c.n == n)
        with shared_faults(), self._engine.connect() as theirs:
            found = theirs.execute(link.order_by(audit_chain.c.n.desc()).limit(1)).first()
        return Anchor(found.n, found.hash) if found else None

    def close(self) -> None:
        """Closes every connection; the next call connects afresh."""
        self._engine.dispose()


def _newest_anchors(connection: Connection, identity: Identity) -> Iterator[Anchor]:
    found = connection.execute(
        select(audit_anchor.c.entries, audit_anchor.c.head)
        .where(audit_anchor.c.facility == identity.facility, audit_anchor.c.ws_id == identity.ws_id)
        .order_by(audit_anchor.c.entries.desc())
        .limit(ANCHORS)
    )
    for entries, head in found:
        yield Anchor(entries, head)


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
    unproof = unproven(str(cause)) if isinstance(cause, psycopg.OperationalError) else None
    if unproof is not None:
        return unproof
    if state in _NOT_ACCEPTED or _login_refused(str(cause)):
        return desk_not_accepted("The shared database did not accept this desk's login.")
    return server_silent(OUT_OF_TURN if state in _OUT_OF_TURN else "shared_database_silent")


def _login_refused(said: str) -> bool:
    """Whether no server of the DSN takes this login.

    At connection time libpq gives no SQLSTATE, only the servers' English sentences, one for each
    host. A standby may lag behind a new password, and while the primary is away it alone is asked:
    where another one took the login and is only read-only, nobody refused the desk.
    """
    return "authentication failed" in said and "session is read-only" not in said
