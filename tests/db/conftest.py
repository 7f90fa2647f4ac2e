"""Real databases: one PostgreSQL per session, a fresh shared one per test, desks with stores."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from db.postgres_server import PostgresServer
from db.schema import bring_up_to_date
from db.shared.admin import enrol_desk, prepare_shared
from db.store import SqlStore
from workstation.access.desk import make_desk
from workstation.facility.model import Desk, Facility, facility_id

TEMPLATE = "portico_template"


class OutsideServer:
    """A PostgreSQL that somebody else runs, named in ``PORTICO_TEST_DSN``."""

    def __init__(self, dsn: str) -> None:
        self._parts = conninfo_to_dict(dsn)

    def dsn(self, database: str = "postgres") -> str:
        """The administrator's DSN of one of its databases."""
        return make_conninfo(**{**self._parts, "dbname": database})


@pytest.fixture(scope="session")
def pg_server() -> Iterator[PostgresServer | OutsideServer]:
    """The PostgreSQL of this session, with a template database that is brought up to date once."""
    named = os.environ.get("PORTICO_TEST_DSN")
    if named:
        outside = OutsideServer(named)
        _make_template(outside.dsn)
        yield outside
        return
    with PostgresServer() as server:
        _make_template(server.dsn)
        yield server


@pytest.fixture
def admin_dsn(pg_server: PostgresServer | OutsideServer) -> Iterator[str]:
    """The administrator's DSN of a fresh shared database."""
    name = f"portico_{secrets.token_hex(4)}"
    with psycopg.connect(pg_server.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}".encode())
    yield pg_server.dsn(name)
    with psycopg.connect(pg_server.dsn(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


class EnrolledDesk:
    """A workstation's real encrypted store, and its own login to the shared database."""

    def __init__(self, store: SqlStore, desk: Desk, dsn: str) -> None:
        self.store = store
        self.desk = desk
        self.dsn = dsn


DeskMaker = Callable[..., EnrolledDesk]
Enroller = Callable[[str, str], str]


@pytest.fixture
def store_at(tmp_path: Path) -> Iterator[Callable[[str], SqlStore]]:
    """Opens a fresh encrypted store by name; closed after the test."""
    opened: list[SqlStore] = []

    def make(name: str) -> SqlStore:
        store = SqlStore(tmp_path / f"{name}.db", secrets.token_hex(32))
        opened.append(store)
        bring_up_to_date(store.write_engine)
        return store

    yield make
    for store in opened:
        store.close()


@pytest.fixture
def enrol(admin_dsn: str) -> Enroller:
    """Enrols a desk by name and facility; answers what it keeps. Here, a login of its own."""
    return lambda name, facility: enrol_desk(admin_dsn, name, facility).dsn


@pytest.fixture
def make_enrolled(enrol: Enroller, store_at: Callable[[str], SqlStore]) -> DeskMaker:
    """Makes a desk with its own store and enrols it."""

    def make(name: str, facility: str = "Mercy General") -> EnrolledDesk:
        store = store_at(name)
        desk = make_desk(store, name, Facility(facility_id(facility), facility))
        return EnrolledDesk(store, desk, enrol(name, facility))

    return make


def _make_template(dsn: Callable[[str], str]) -> None:
    with psycopg.connect(dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {TEMPLATE}".encode())
    prepare_shared(dsn(TEMPLATE))
