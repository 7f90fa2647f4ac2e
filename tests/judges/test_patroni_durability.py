"""Why the primary must wait for a standby: what it confirms alone, a fail-over forgets."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from patroni_cluster import PatroniCluster

from db.gateway.service import ApplierService
from db.schema import bring_up_to_date
from db.shared.admin import enrol_desk, prepare_shared
from db.store import SqlStore
from db.sync.rounds import one_round
from db.sync.synchroniser import Synchroniser
from workstation.access.desk import make_desk
from workstation.facility.model import Facility, facility_id
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Command, Insert
from workstation.kernel.ids import new_id
from workstation.sync.kernel import Pace


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """A desk's own, with one person that nobody else knows of."""
    made = SqlStore(tmp_path / "desk.db", secrets.token_hex(32))
    bring_up_to_date(made.write_engine)
    make_desk(made, "desk", Facility(facility_id("Mercy"), "Mercy"))
    yield made
    made.close()


@pytest.mark.parametrize("synchronous", [True, False], ids=["waits", "does-not-wait"])
def test_what_only_the_dead_primary_had(store: SqlStore, synchronous: bool) -> None:
    with PatroniCluster(synchronous=synchronous) as cluster:
        warned = prepare_shared(cluster.dsn())["warnings"]
        assert bool(warned) is not synchronous
        dsn = enrol_desk(cluster.dsn(), "desk", "Mercy").dsn
        with _applier(cluster):
            assert one_round(store, dsn)
        cluster.wait(cluster.whole, "three members")
        victim = cluster.primary()
        assert victim is not None
        cluster.hold_back(victim)
        _register(store)
        confirmed = _push(store, dsn)
        assert confirmed is not synchronous, "alone it may confirm nothing"
        cluster.kill(victim)
        cluster.wait(cluster.takes_writes, "another primary")
        assert _there(cluster) == 0
        with _applier(cluster):
            if not synchronous:
                # The desk was told that it is durable: only the word of a person brings it back.
                one_round(store, dsn, patience=timedelta(seconds=3))
                assert _there(cluster) == 0, "without waiting, a confirmed command is lost"
                prepare_shared(cluster.dsn(), restored=True)
            assert one_round(store, dsn)
        assert _there(cluster) == 1


@contextlib.contextmanager
def _applier(cluster: PatroniCluster) -> Iterator[None]:
    service = ApplierService(cluster.dsn(), poll_seconds=0.05)
    service.start()
    try:
        yield
    finally:
        service.stop()


def _register(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        person = Insert("person", new_id(), {"last": "Ames", "first": "Ann"})
        work.record(Command(new_id(), "test", "u", utc_now(), facility_id("Mercy"), (person,)))
        work.commit()


def _push(store: SqlStore, dsn: str) -> bool:
    """Whether the server confirmed what waits, before the desk lost its patience."""
    synchroniser = Synchroniser(store, dsn, pace=Pace(patience=timedelta(seconds=4)))
    try:
        synchroniser.wake()
        return synchroniser.replica.counts()[0] == 0
    finally:
        synchroniser.close()


def _there(cluster: PatroniCluster) -> int:
    with psycopg.connect(cluster.dsn()) as connection:
        [(count,)] = connection.execute("SELECT count(*) FROM person").fetchall()
        return int(count)
