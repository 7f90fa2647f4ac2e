"""The shared half: what draining the inbox costs, and walking a long audit trail."""

from __future__ import annotations

import gzip
import os
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest
from figures import Table, cpu_ms
from sqlalchemy import Connection, text

from db.engine import shared_engine
from db.gateway.applier import apply_batch
from db.postgres_server import PostgresServer
from db.schema import bring_up_to_date
from db.shared.admin import enrol_desk, prepare_shared
from db.shared.roles import APPLIER
from db.store import SqlStore
from workstation.access.audit import BEFORE_THE_FIRST, link
from workstation.kernel.commands import Change, Command, Insert, Revise
from workstation.kernel.ids import new_id
from workstation.kernel.wire import command_to_json
from workstation.sync.feed_wire import verdict_from_json
from workstation.sync.gateway_wire import Message, pulled_to_json, push_to_json
from workstation.sync.model import FeedHead, FeedRow
from workstation.sync.transport import Outgoing

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
FACILITIES = 50
COMMANDS = 60
"""Of each facility's one desk: a batch has at most 100."""
ENTRIES = 1_000_000

Line = tuple[str, str, int, str, str]

_INTO_INBOX = "COPY inbox (facility, ws_id, ws_seq, cmd_id, body) FROM STDIN"


@pytest.fixture
def server() -> Iterator[str]:
    """The administrator's DSN of a fresh shared database."""
    with PostgresServer(for_real=True) as running:
        prepare_shared(running.dsn())
        yield running.dsn()


@pytest.mark.parametrize("facilities", [FACILITIES, 1])
def test_draining_the_inbox(table: Table, server: str, facilities: int) -> None:
    """Milliseconds of CPU to apply one command, applier and PostgreSQL"""
    each = FACILITIES * COMMANDS // facilities
    places = (f"Hospital {n}" for n in range(facilities))
    waiting = [line for name in places for line in _inbox_of(server, name, each)]
    with psycopg.connect(server) as admin, admin.cursor() as cursor:
        bare = _bare_inserts(admin, waiting)
        with cursor.copy(_INTO_INBOX) as copy:
            for line in waiting:
                copy.write_row(line)
        admin.commit()
    engine = shared_engine(server)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SET ROLE {APPLIER}")
        connection.commit()
        here, there = _drained(connection, len(waiting))
    engine.dispose()
    where = f"{facilities} facilities" if facilities > 1 else "one facility"
    both = 1000 / (here + there)
    remark = "baseline: one bare INSERT each, client and server; bar: 2 with two cores"
    table.line(f"{where}: applier and PostgreSQL", here + there, bare, remark=remark)
    table.line(f"{where}: commands a second on one core", both, remark="bar: 1,000 on two")


def test_bytes_of_one_command(table: Table, server: str) -> None:
    """Bytes that one command leaves or moves: a morning of people, corrections and payments"""
    with psycopg.connect(server, autocommit=True) as admin:
        for day in ("the first", "another"):  # which finds the room that a vacuum has freed
            names = (f"Hospital {n} of {day}" for n in range(FACILITIES))
            waiting = [line for name in names for line in _inbox_of(server, name)]
            sizes, wal = _sizes(admin), _wal(admin)
            with admin.cursor() as cursor, cursor.copy(_INTO_INBOX) as copy:
                for line in waiting:
                    copy.write_row(line)
            engine = shared_engine(server)
            with engine.connect() as connection:
                connection.exec_driver_sql(f"SET ROLE {APPLIER}")
                connection.commit()
                _drained(connection, len(waiting))
            engine.dispose()
            logged = (_wal(admin) - wal) / len(waiting)
            admin.execute("VACUUM")
        grown = {name: size - sizes[name] for name, size in _sizes(admin).items()}
        admin.execute("UPDATE inbox SET body = ''")
        admin.execute("VACUUM FULL inbox")
        expired = _sizes(admin)["inbox"] / (2 * len(waiting))
        admin.execute(_AUDITED.encode(), {"rows": AUDITED})
        audited = _sizes(admin)["audit_entry"] / AUDITED
    bodies = sum(len(body) for *_, body in waiting) / len(waiting)
    place, desk = waiting[0][:2]
    entries = _first_entries(server, place)
    pushed = [Outgoing(seq, id, body) for _, ws, seq, id, body in waiting if ws == desk]
    push = Message(push_to_json(pushed, (1, "0" * 64))).to_bytes()
    pull = Message(pulled_to_json(FeedHead(1, len(entries), 0), entries)).to_bytes()
    table.line("the command itself", bodies)
    for name in ("inbox", "feed"):
        table.line(f"{name}, with its indexes", grown.pop(name) / len(waiting), bodies)
    table.line("inbox, once its body has expired", expired, bodies)
    table.line("an entry of the audit trail, likewise", audited)
    table.line("rows, with their indexes", sum(grown.values()) / len(waiting), bodies)
    table.line("write-ahead log, which standbys get", logged, bodies)
    for words, sent, many in (("push", push, len(pushed)), ("pull", pull, len(entries))):
        packed = len(gzip.compress(sent, compresslevel=1)) / many
        table.line(f"by gateway: {words}, of {many} together, packed", packed, len(sent) / many)


AUDITED = 50_000
_AUDITED = """
    INSERT INTO audit_entry (facility, ws_id, n, at, login, what, subject, body, hash)
    SELECT md5((n %% 25)::text), md5((n %% 5000)::text), n, '2026-11-23T14:07:00.123456Z',
           'registrar' || n %% 40, 'open_chart', gen_random_uuid()::text, repeat('x', 210),
           repeat('0', 64)
    FROM generate_series(1, %(rows)s) AS n
"""


def _sizes(admin: psycopg.Connection) -> dict[str, int]:
    asked = "SELECT relname, pg_total_relation_size(oid) FROM pg_class WHERE relkind = 'r'"
    return dict(admin.execute(f"{asked} AND relnamespace = 'public'::regnamespace").fetchall())


def _wal(admin: psycopg.Connection) -> int:
    [(place,)] = admin.execute("SELECT pg_current_wal_insert_lsn() - '0/0'").fetchall()
    return int(place)


def _first_entries(server: str, place: str) -> list[FeedRow]:
    with psycopg.connect(server) as admin:
        found = admin.execute(
            "SELECT n, cmd_id, ws_id, ws_seq, outcome, body FROM feed WHERE facility = %s"
            " ORDER BY n LIMIT 100",
            (place,),
        ).fetchall()
    return [FeedRow(*head, verdict_from_json(outcome, body)) for *head, outcome, body in found]


@pytest.mark.parametrize("history", [10_000, 100_000, 1_000_000])
def test_draining_beside_a_long_history(table: Table, server: str, history: int) -> None:
    """Milliseconds of CPU to apply one command, after so many that were applied before"""
    with psycopg.connect(server) as admin:
        for statement in _HISTORY:
            admin.execute(statement.encode(), {"rows": history, "facilities": FACILITIES})
        admin.commit()
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute("ANALYZE")
    waiting = [line for n in range(FACILITIES) for line in _inbox_of(server, f"Hospital {n}")]
    with psycopg.connect(server) as admin, admin.cursor() as cursor:
        bare = _bare_inserts(admin, waiting)
        with cursor.copy(_INTO_INBOX) as copy:
            for line in waiting:
                copy.write_row(line)
        admin.commit()
    engine = shared_engine(server)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SET ROLE {APPLIER}")
        connection.commit()
        here, there = _drained(connection, len(waiting))
    engine.dispose()
    remark = "baseline: one bare INSERT each; bar: flat from 10,000 to 1,000,000"
    table.line(f"after {history:,}: applier and PostgreSQL", here + there, bare, remark=remark)


_HISTORY = (
    """INSERT INTO inbox (facility, ws_id, ws_seq, cmd_id, body, outcome)
       SELECT 'old-' || n %% %(facilities)s, 'old-ws-' || n %% %(facilities)s, n, 'cmd-' || n,
              repeat('x', 500), 'applied'
       FROM generate_series(1, %(rows)s) AS n""",
    """INSERT INTO feed (facility, n, cmd_id, ws_id, ws_seq, outcome, body, at)
       SELECT 'old-' || n %% %(facilities)s, n, 'cmd-' || n, 'old-ws-' || n %% %(facilities)s, n,
              'applied', jsonb_build_object('rows', repeat('x', 400)), now()
       FROM generate_series(1, %(rows)s) AS n""",
    """INSERT INTO person (facility, id, rev, last, first, dob)
       SELECT 'old-' || n %% %(facilities)s, gen_random_uuid()::text, 1, 'Quenby' || n, 'Ilse',
              '1984-02-29'
       FROM generate_series(1, %(rows)s / 3) AS n""",
)
"""What that many commands leave behind: settled inbox, feed, people."""


def test_walking_the_audit_trail(table: Table, tmp_path: Path) -> None:
    """Milliseconds of CPU to verify an audit trail of a million entries"""
    store = SqlStore(tmp_path / "desk.db", secrets.token_hex(32))
    bring_up_to_date(store.write_engine)
    trail = list(_trail())
    with store.writing() as connection:
        cursor = connection.connection.cursor()
        cursor.executemany("INSERT INTO audit (n, body, hash) VALUES (?, ?, ?)", trail)
    hashes = cpu_ms(lambda: [sha256((h + b).encode()).hexdigest() for _, b, h in trail], 1)
    walked = cpu_ms(store.verify_audit, 1)
    store.close()
    table.line("verify", walked, hashes, remark="baseline: the hashes alone; bar: 4,000 ms")


def _inbox_of(server: str, name: str, commands: int = COMMANDS) -> Iterator[Line]:
    """A morning of one desk that was cut off: people, corrections, payments."""
    place, desk, person_id = enrol_desk(server, "desk", name).facility, new_id(), new_id()
    for seq in range(1, commands + 1):
        change: Change
        if seq % 3 == 1:
            person_id = new_id()
            fields = {"last": f"Quenby{seq}", "first": "Ilse", "dob": "1984-02-29", "sex": "F"}
            address = {"street": f"{seq} Elm St", "city": "Austin", "state": "TX", "zip": "78701"}
            change = Insert("person", person_id, fields | address)
        elif seq % 3 == 2:
            seen, wanted = {"street": f"{seq - 1} Elm St"}, {"street": f"{seq} Oak St"}
            change = Revise("person", person_id, seen, wanted, 1)
        else:
            change = Insert("payment", new_id(), _PAID | {"person_id": person_id})
        made = Command(new_id(), "bench", "u", AT, place, (change,))
        yield place, desk, seq, made.id, command_to_json(made)


_PAID = {
    "amount": 2500,
    "tender": "cash",
    "lines": [{"kind": "copay", "amount": 2500}],
    "receipt_no": "ABC-1",
    "actor": "u",
    "drawer": "d",
    "workstation": "desk",
    "taken_at": "2026-11-23T10:00:00Z",
    "day": "2026-11-23",
}


def _drained(connection: Connection, commands: int) -> tuple[float, float]:
    """Milliseconds for each command, of this process and of its PostgreSQL backend."""
    backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    connection.commit()
    before, begun = _cpu_of(backend), time.thread_time()
    applied = 0
    while batch := apply_batch(connection, AT):
        applied += sum(batch.values())
    here, there = time.thread_time() - begun, _cpu_of(backend) - before
    assert applied == commands
    return here / commands * 1000, there / commands * 1000


def _bare_inserts(admin: psycopg.Connection, waiting: list[Line]) -> float:
    """Milliseconds of CPU, of both sides, to insert the bodies into a table with a key."""
    admin.execute("CREATE TEMPORARY TABLE bare (id text PRIMARY KEY, body text)")
    backend = admin.info.backend_pid
    before, begun = _cpu_of(backend), time.thread_time()
    for _, _, _, id, body in waiting:
        admin.execute("INSERT INTO bare VALUES (%s, %s)", (id, body))
    took = time.thread_time() - begun + _cpu_of(backend) - before
    admin.commit()
    return took / len(waiting) * 1000


def _cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used, from /proc (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _trail() -> Iterator[tuple[int, str, str]]:
    digest = BEFORE_THE_FIRST
    for n in range(1, ENTRIES + 1):
        body = f'{{"actor":"{n:036}","at":"2026-11-23T14:07:00.123456Z","detail":{{"fields":'
        body += f'["dob","last"]}},"subject":"{n * 7:036}","what":"open_chart"}}'
        digest = link(digest, body)
        yield n, body, digest
