"""One batch of the applier: inbox in, projections, conflicts and feed out, in one transaction.

Each command has a savepoint of its own. The feed counter is taken last, so that the feed has no
holes and no reader can ever be told of an entry before one that it has not seen (data.md 4.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, insert, select, update
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    StatementError,
)

from db import rows
from db.shared.tables import enrolment, facility_feed, feed, inbox, progress
from db.tables import KINDS
from workstation.kernel.commands import Command
from workstation.kernel.wire import command_from_json
from workstation.sync.applying import apply_command, understood
from workstation.sync.feed_wire import verdict_to_json
from workstation.sync.model import Author, Entity, Outcome, Row, Verdict

PER_STATION = 100
"""Commands of one workstation in one batch."""

STATIONS = 20
"""Workstations in one batch, those that have waited longest first."""


@dataclass(frozen=True, slots=True)
class _Arrived:
    facility: str
    ws_id: str
    ws_seq: int
    cmd_id: str
    body: str


_Done = tuple[_Arrived, Verdict]


def apply_batch(connection: Connection, now: datetime) -> dict[str, int]:
    """Applies what has arrived and is in sequence; commits. Answers commands applied per facility.

    A command of a newer schema, or of a kind that this version does not know, holds up its own
    workstation until the server was upgraded; it is neither refused nor lost.
    """
    done: dict[str, list[_Done]] = {}
    with connection.begin():
        for facility, ws_id in _stations(connection):
            author = _author(connection, facility, ws_id)
            for arrived in _in_sequence(connection, facility, ws_id):
                command = _understood(arrived)
                if command is not None and not understood(KINDS, command):
                    break
                verdict = _apply(connection, arrived, command, author)
                done.setdefault(facility, []).append((arrived, verdict))
        for facility in sorted(done):
            _note_outcomes(connection, done[facility])
            _publish(connection, facility, done[facility], now)
    return {facility: len(verdicts) for facility, verdicts in done.items()}


class Projection:
    """The rows of one facility, as ``workstation.kernel.unit_of_work.Store``."""

    def __init__(self, connection: Connection, facility: str) -> None:
        self._connection = connection
        self._facility = facility

    def get(self, kind: str, id: str) -> Row | None:
        """The row of this facility, or None."""
        found = self.find(kind, id=id)
        return found[0] if found else None

    def find(self, kind: str, /, **equal: Any) -> list[Row]:
        """All rows of this facility with these values."""
        return rows.fetch_where(self._connection, kind, {"facility": self._facility, **equal})

    def write(self, entity: Entity) -> None:
        """Puts a row in place. What is new is only inserted: of facts there is nothing else."""
        if entity.rev == 1:
            rows.insert_new(self._connection, self._facility, entity.kind, entity.id, entity.row)
        else:
            rows.write(
                self._connection, self._facility, entity.kind, entity.id, entity.rev, entity.row
            )


def _stations(connection: Connection) -> list[tuple[str, str]]:
    found = connection.execute(
        select(inbox.c.facility, inbox.c.ws_id)
        .where(inbox.c.outcome.is_(None))
        .group_by(inbox.c.facility, inbox.c.ws_id)
        .order_by(func.min(inbox.c.received_at), inbox.c.ws_id)
        .limit(STATIONS)
    )
    return [(facility, ws_id) for facility, ws_id in found]


def _author(connection: Connection, facility: str, ws_id: str) -> Author:
    name = connection.execute(
        select(enrolment.c.name).where(enrolment.c.facility == facility, enrolment.c.ws_id == ws_id)
    ).scalar()
    return Author(ws_id, name or "a desk that was replaced")


def _in_sequence(connection: Connection, facility: str, ws_id: str) -> Iterator[_Arrived]:
    """The next commands of a workstation, as far as their numbers follow without a hole."""
    station = and_(progress.c.facility == facility, progress.c.ws_id == ws_id)
    last = connection.execute(select(progress.c.applied).where(station)).scalar()
    expected = (last or 0) + 1
    found = connection.execute(
        select(inbox.c.ws_seq, inbox.c.cmd_id, inbox.c.body)
        .where(
            inbox.c.facility == facility,
            inbox.c.ws_id == ws_id,
            inbox.c.outcome.is_(None),
            inbox.c.ws_seq >= expected,
        )
        .order_by(inbox.c.ws_seq)
        .limit(PER_STATION)
    ).all()
    for seq, cmd_id, body in found:
        if seq != expected:
            return
        expected += 1
        yield _Arrived(facility, ws_id, seq, cmd_id, body)


def _understood(arrived: _Arrived) -> Command | None:
    try:
        return command_from_json(arrived.body)
    except _MALFORMED:
        return None


def _apply(
    connection: Connection, arrived: _Arrived, command: Command | None, author: Author
) -> Verdict:
    if command is None:
        return Verdict(Outcome.REFUSED, code="unreadable")
    if command.id != arrived.cmd_id or command.facility != arrived.facility:
        return Verdict(Outcome.REFUSED, code="wrong_envelope")
    store = Projection(connection, arrived.facility)
    try:
        with connection.begin_nested():
            verdict = apply_command(KINDS, store, command, author)
            for entity in verdict.rows:
                store.write(entity)
            return verdict
    except _MALFORMED:
        return Verdict(Outcome.REFUSED, code="unreadable")
    except IntegrityError:
        return Verdict(Outcome.REFUSED, code="integrity")
    except StatementError as fault:
        if not _of_its_values(fault):
            raise
        return Verdict(Outcome.REFUSED, code="not_storable")


_MALFORMED = (ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What a body of the wrong shape leads to: one desk must not be able to stop all others."""


def _of_its_values(fault: StatementError) -> bool:
    """Whether a command's values are at fault, and not the server, the schema or our rights."""
    if not isinstance(fault, DBAPIError):
        return True  # SQLAlchemy itself could not convert a value
    if fault.connection_invalidated or isinstance(fault, OperationalError | InterfaceError):
        return False
    state = getattr(fault.orig, "sqlstate", None)
    # Without a state psycopg refused a value; classes 22 and 23 are data and integrity, 42804 is
    # a value of another type than its column.
    return state is None or state[:2] in ("22", "23") or state == "42804"


def _note_outcomes(connection: Connection, done: list[_Done]) -> None:
    place = and_(
        inbox.c.facility == bindparam("at_facility"),
        inbox.c.ws_id == bindparam("at_ws_id"),
        inbox.c.ws_seq == bindparam("at_ws_seq"),
    )
    connection.execute(
        update(inbox).where(place).values(outcome=bindparam("became")),
        [
            {
                "at_facility": arrived.facility,
                "at_ws_id": arrived.ws_id,
                "at_ws_seq": arrived.ws_seq,
                "became": verdict.outcome.value,
            }
            for arrived, verdict in done
        ],
    )
    for facility, ws_id, last in _last_of_each_station(done):
        station = and_(progress.c.facility == facility, progress.c.ws_id == ws_id)
        moved = connection.execute(update(progress).where(station).values(applied=last))
        if moved.rowcount == 0:
            connection.execute(
                insert(progress).values(facility=facility, ws_id=ws_id, applied=last)
            )


def _last_of_each_station(done: list[_Done]) -> list[tuple[str, str, int]]:
    last = {(arrived.facility, arrived.ws_id): arrived.ws_seq for arrived, _ in done}
    return [(facility, ws_id, seq) for (facility, ws_id), seq in last.items()]


def _publish(
    connection: Connection,
    facility: str,
    verdicts: list[_Done],
    now: datetime,
) -> None:
    last = connection.execute(
        update(facility_feed)
        .where(facility_feed.c.facility == facility)
        .values(n=facility_feed.c.n + len(verdicts))
        .returning(facility_feed.c.n)
    ).scalar_one()
    first = last - len(verdicts) + 1
    connection.execute(
        insert(feed),
        [
            {
                "facility": facility,
                "n": first + place,
                "cmd_id": arrived.cmd_id,
                "ws_id": arrived.ws_id,
                "ws_seq": arrived.ws_seq,
                "outcome": verdict.outcome.value,
                "body": verdict_to_json(verdict),
                "at": now,
            }
            for place, (arrived, verdict) in enumerate(verdicts)
        ],
    )
