"""A fill is read from a standby that is not behind the desk, else from the primary.

The standby is a copy of the shared database as it stood at one moment: one that lags for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from two_desks import on_server, register, rounds

from db.engine import shared_engine
from db.gateway.service import ApplierService
from db.sync.postgres_transport import DeskDatabase
from db.sync.replica import Replica
from db.sync.standby import Standby, standby_of


@pytest.fixture
def frozen(admin_dsn: str, pg_server: Any) -> Iterator[Callable[[str], Standby]]:
    """Makes a standby that stays as the server is now, for a desk's DSN."""
    name = f"{conninfo_to_dict(admin_dsn)['dbname']}_frozen"
    made: list[Standby] = []

    def make(dsn: str) -> Standby:
        _run(
            pg_server.dsn(),
            f"CREATE DATABASE {name} TEMPLATE {conninfo_to_dict(admin_dsn)['dbname']}",
            f"GRANT CONNECT ON DATABASE {name} TO portico_read",
        )
        made.append(Standby(shared_engine(make_conninfo(dsn, dbname=name))))
        return made[0]

    yield make
    for standby in made:
        standby.close()
    _run(pg_server.dsn(), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture
def resting(
    make_enrolled: Any, admin_dsn: str, frozen: Callable[[str], Standby]
) -> Iterator[tuple[Any, DeskDatabase, Standby]]:
    """A desk in step, with nothing connected, and a standby as the server is now."""
    service = ApplierService(admin_dsn, poll_seconds=0.02)
    desk = make_enrolled("desk-A")
    service.start()
    register(desk, last="Byrd")
    rounds(desk)
    service.stop()
    standby = frozen(desk.dsn)
    engine = shared_engine(desk.dsn)
    yield desk, DeskDatabase(engine, Replica(desk.store).identity(), standby=standby), standby
    engine.dispose()


def test_a_standby_that_is_in_step_is_read(
    resting: tuple[Any, DeskDatabase, Standby], admin_dsn: str
) -> None:
    _, database, standby = resting
    database.greet()
    _run(admin_dsn, "UPDATE person SET last = 'Ames'")  # not of the feed: tells who was asked
    assert [row.row["last"] for row in database.page(None).rows if row.kind == "person"] == ["Byrd"]
    assert standby.read("nobody", database.head(), lambda _there: 1) is None


def test_a_standby_that_is_behind_the_desk_is_not_read(
    resting: tuple[Any, DeskDatabase, Standby], admin_dsn: str
) -> None:
    desk, database, _ = resting
    service = ApplierService(admin_dsn, poll_seconds=0.02)
    service.start()
    register(desk, last="Ames")
    rounds(desk)
    service.stop()
    database.greet()
    names = {row.row["last"] for row in database.page(None).rows if row.kind == "person"}
    assert names == {"Byrd", "Ames"}


def test_a_standby_of_before_a_restore_is_not_read(
    resting: tuple[Any, DeskDatabase, Standby], admin_dsn: str
) -> None:
    _, database, _ = resting
    _run(admin_dsn, "UPDATE facility_feed SET epoch = epoch + 1")
    _run(admin_dsn, "UPDATE person SET last = 'Ames'")
    names = {row.row["last"] for row in database.page(None).rows if row.kind == "person"}
    assert names == {"Ames"}


def test_where_no_standby_runs_the_primary_is_read_and_soon_alone(
    resting: tuple[Any, DeskDatabase, Standby], pg_server: Any
) -> None:
    _, database, standby = resting
    gone = standby.engine
    name = on_server(pg_server.dsn(), "SELECT datname FROM pg_database WHERE datname ~ 'frozen'")
    gone.dispose()
    _run(pg_server.dsn(), f"DROP DATABASE {name[0][0]} WITH (FORCE)")
    assert database.size() > 0
    assert standby.read("nobody", database.head(), lambda _there: 1) is None


def test_only_a_dsn_of_several_hosts_has_standbys() -> None:
    assert standby_of("postgresql://u:p@one/portico") is None
    standby = standby_of("postgresql://u:p@one,two/portico?target_session_attrs=read-write")
    assert standby is not None


def _run(dsn: str, *statements: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
