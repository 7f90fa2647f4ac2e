"""One batch of the applier: inbox in, projections, conflicts and feed out, in one transaction.

The commands of a facility are applied in memory and written together. Where the server takes one
of them ill, all are undone and each gets a savepoint of its own: only it is refused. The feed
counter is taken last, so that the feed has no
holes and no reader can ever be told of an entry before one that it has not seen (data.md 4.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Connection, and_, bindparam, func, insert, select, tuple_, update
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    StatementError,
)

from db.gateway.lease import Lease
from db.gateway.projection import Projection
from db.gateway.rota import Rota
from db.shared.tables import enrolment, facility_feed, feed, inbox, progress
from db.tables import KINDS
from workstation.kernel.commands import Command
from workstation.kernel.wire import command_from_json
from workstation.sync.applying import apply_command, understood
from workstation.sync.feed_wire import verdict_to_json
from workstation.sync.model import Author, Outcome, Verdict

PER_STATION = 100
"""Commands of one workstation in one batch."""

STATIONS = 20
"""Workstations in one batch."""


@dataclass(frozen=True, slots=True)
class _Arrived:
    facility: str
    author: Author
    ws_seq: int
    cmd_id: str
    command: Command | None
    """None where the body cannot be read."""


_Done = tuple[_Arrived, Verdict]


def apply_batch(
    connection: Connection, now: datetime, rota: Rota | None = None, lease: Lease | None = None
) -> dict[str, int]:
    """Applies what has arrived and is in sequence; commits. Answers commands applied per facility.

    ``rota`` tells whose commands; without it, those of the first stations that wait. ``lease`` is
    held in the same transaction. Raises LeaseLost, with nothing written.
    A command of a newer schema, or of a kind that this version does not know, holds up its own
    workstation until the server was upgraded; it is neither refused nor lost.
    """
    done: dict[str, list[_Done]] = {}
    with connection.begin():
        waiting = _arrived(connection, rota or Rota())
        if waiting and lease is not None:
            lease.hold(connection)
        for facility, arrived in waiting.items():
            done[facility] = _apply_together(connection, facility, arrived)
        for facility in sorted(done):
            _note_outcomes(connection, done[facility])
            _publish(connection, facility, done[facility], now)
    return {facility: len(verdicts) for facility, verdicts in done.items()}


def _arrived(connection: Connection, rota: Rota) -> dict[str, list[_Arrived]]:
    """By facility the next commands of the workstations whose turn it is, in sequence."""
    stations = rota.take(connection, STATIONS)
    if not stations:
        return {}
    found: dict[str, list[_Arrived]] = {}
    expected: dict[tuple[str, str], int] = {}
    for row in connection.execute(_NEXT, {"stations": stations, "at_most": PER_STATION}):
        station = (row.facility, row.ws_id)
        if row.ws_seq != expected.get(station, row.applied + 1):
            continue  # behind a hole, or behind a command of a newer version
        command = _read(row.body)
        if command is not None and not understood(KINDS, command):
            continue
        expected[station] = row.ws_seq + 1
        author = Author(row.ws_id, row.name or "a desk that was replaced")
        found.setdefault(row.facility, []).append(
            _Arrived(row.facility, author, row.ws_seq, row.cmd_id, command)
        )
    return found


_APPLIED = func.coalesce(progress.c.applied, 0)
_NEXT = (
    select(inbox, _APPLIED.label("applied"), enrolment.c.name)
    .outerjoin(
        progress, and_(progress.c.facility == inbox.c.facility, progress.c.ws_id == inbox.c.ws_id)
    )
    .outerjoin(
        enrolment,
        and_(enrolment.c.facility == inbox.c.facility, enrolment.c.ws_id == inbox.c.ws_id),
    )
    .where(
        tuple_(inbox.c.facility, inbox.c.ws_id).in_(bindparam("stations", expanding=True)),
        inbox.c.outcome.is_(None),
        # Numbers have no holes: this is at most so many of each workstation.
        inbox.c.ws_seq.between(_APPLIED + 1, _APPLIED + bindparam("at_most", type_=BigInteger)),
    )
    .order_by(inbox.c.facility, inbox.c.ws_id, inbox.c.ws_seq)
)


def _read(body: str) -> Command | None:
    try:
        return command_from_json(body)
    except _MALFORMED:
        return None


def _apply_together(connection: Connection, facility: str, arrived: list[_Arrived]) -> list[_Done]:
    store = Projection(connection, facility)
    try:
        with connection.begin_nested():
            store.load(each.command for each in arrived if each.command is not None)
            done = [(each, _verdict(store, each)) for each in arrived]
            store.flush()
            return done
    except _MALFORMED:
        pass  # one of them is; which one, and what becomes of the others, is found out below
    except StatementError as fault:
        if not _of_its_values(fault):
            raise
    return [(each, _apply_alone(connection, facility, each)) for each in arrived]


def _apply_alone(connection: Connection, facility: str, arrived: _Arrived) -> Verdict:
    store = Projection(connection, facility)
    try:
        with connection.begin_nested():
            verdict = _verdict(store, arrived)
            store.flush()
            return verdict
    except _MALFORMED:
        return Verdict(Outcome.REFUSED, code="unreadable")
    except IntegrityError:
        return Verdict(Outcome.REFUSED, code="integrity")
    except StatementError as fault:
        if not _of_its_values(fault):
            raise
        return Verdict(Outcome.REFUSED, code="not_storable")


def _verdict(store: Projection, arrived: _Arrived) -> Verdict:
    """What becomes of one command; its rows are in ``store`` afterwards."""
    command = arrived.command
    if command is None:
        return Verdict(Outcome.REFUSED, code="unreadable")
    if command.id != arrived.cmd_id or command.facility != arrived.facility:
        return Verdict(Outcome.REFUSED, code="wrong_envelope")
    verdict = apply_command(KINDS, store, command, arrived.author)
    for entity in verdict.rows:
        store.write(entity)
    return verdict


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
    together: dict[tuple[str, str, Outcome], list[int]] = {}
    for arrived, verdict in done:
        key = (arrived.facility, arrived.author.ws_id, verdict.outcome)
        together.setdefault(key, []).append(arrived.ws_seq)
    for (facility, ws_id, outcome), numbers in together.items():
        place = {"at_facility": facility, "at_ws_id": ws_id, "numbers": numbers}
        connection.execute(_BECAME, {**place, "became": outcome.value})
    for facility, ws_id, last in _last_of_each_station(done):
        station = and_(progress.c.facility == facility, progress.c.ws_id == ws_id)
        moved = connection.execute(update(progress).where(station).values(applied=last))
        if moved.rowcount == 0:
            connection.execute(
                insert(progress).values(facility=facility, ws_id=ws_id, applied=last)
            )


_BECAME = (
    update(inbox)
    .where(
        inbox.c.facility == bindparam("at_facility"),
        inbox.c.ws_id == bindparam("at_ws_id"),
        inbox.c.ws_seq.in_(bindparam("numbers", expanding=True)),
    )
    .values(outcome=bindparam("became"))
)


def _last_of_each_station(done: list[_Done]) -> list[tuple[str, str, int]]:
    last = {(arrived.facility, arrived.author.ws_id): arrived.ws_seq for arrived, _ in done}
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
                "ws_id": arrived.author.ws_id,
                "ws_seq": arrived.ws_seq,
                "outcome": verdict.outcome.value,
                "body": verdict_to_json(verdict),
                "at": now,
            }
            for place, (arrived, verdict) in enumerate(verdicts)
        ],
    )
