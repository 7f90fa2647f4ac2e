"""The server's side dies, stands still or has no room: nothing is lost, nothing done twice.

A few steps are tried here; all of them, ``PORTICO_FAULT_ROUNDS`` times each, by ``dev.py faults``.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import server_processes
from applier_that_meets import STEPS as ALL_STEPS
from sqlalchemy import event, text
from test_faults import QUICK, ROUNDS, WHOLE
from two_desks import conflicts, person, register, revise, rounds

from db.gateway.service import ApplierService
from db.postgres_server import PostgresServer
from db.shared.admin import enrol_desk, prepare_shared
from db.sync.runner import SyncRunner
from workstation.access.desk import make_desk
from workstation.facility.model import Facility, facility_id

STEPS = ALL_STEPS if WHOLE else ("_publish",)
PLACE = "Mercy General"


class Desk:
    """A store, its desk and its login."""

    def __init__(self, store: Any, name: str, dsn: str) -> None:
        self.store, self.dsn = store, dsn
        self.desk = make_desk(store, name, Facility(facility_id(PLACE), PLACE))


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A server of the test's own: it will not live in peace."""
    with PostgresServer() as running:
        prepare_shared(running.dsn())
        yield running


@pytest.fixture
def pair(server: PostgresServer, store_at: Any) -> tuple[Desk, Desk, str]:
    """Two desks that know one person."""
    a, b = (
        Desk(store_at(name), name, enrol_desk(server.dsn(), name, PLACE).dsn)
        for name in ("desk-A", "desk-B")
    )
    person_id = register(a)
    with _applier(server):
        rounds(a, b)
    return a, b, person_id


@pytest.mark.parametrize("victim", ["applier", "server"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_of_applying(
    server: PostgresServer, pair: tuple[Desk, Desk, str], step: str, victim: str
) -> None:
    a, b, person_id = pair
    people, kills = 1, 0
    for _ in range(ROUNDS):
        for when in ("before", "after"):
            people += 2
            kills += _one_death(server, pair, step, when, victim)
            with _applier(server):
                rounds(a, b, a)
    _same_everywhere(server, a, b, people=people)
    assert person(a, person_id)["street"] == person(b, person_id)["street"]
    assert kills == 2 * ROUNDS
    print(f"\n{kills} kills of the {victim} at {step}")


def _one_death(
    server: PostgresServer, pair: tuple[Desk, Desk, str], step: str, when: str, victim: str
) -> int:
    a, b, person_id = pair
    for desk in (a, b):
        register(desk, last=f"Byrd{random.randrange(10**6)}")
        revise(desk, person_id, street=f"{random.randrange(10**6)} Oak St")
    runners = [SyncRunner(desk.store, desk.dsn, pace=QUICK) for desk in (a, b)]
    script = str(Path(__file__).with_name("applier_that_meets.py"))
    doomed = ",".join(map(str, server_processes.pids(server))) if victim == "server" else ""
    applier = subprocess.Popen([sys.executable, script, server.dsn(), step, when, doomed])
    try:
        for runner in runners:
            runner.start()
        if victim == "applier":
            return int(applier.wait(60) == -signal.SIGKILL)
        assert _eventually(lambda: not _answers(server)), "the server was never killed"
        server_processes.kill(server)  # those that were born after the list was made
        server.start()
        # The very same applier finds the server again, and the desks find both.
        assert _eventually(lambda: all(not runner.status().waiting for runner in runners))
        return 1
    finally:
        for runner in runners:
            runner.stop()
        applier.kill()
        applier.wait()


def test_a_server_killed_at_any_moment(
    server: PostgresServer, pair: tuple[Desk, Desk, str]
) -> None:
    a, b, _ = pair
    chance = random.Random(4)
    pause = threading.Event()
    runners = [SyncRunner(desk.store, desk.dsn, pace=QUICK) for desk in (a, b)]
    killed = 0
    with _applier(server):
        for runner in runners:
            runner.start()
        for number in range(3 * ROUNDS):
            for desk, runner in zip((a, b), runners, strict=True):
                for _ in range(5):
                    register(desk, last=f"Byrd{number}")
                    runner.nudge()
            pause.wait(chance.uniform(0, 0.15))
            killed += server_processes.kill(server)
            server.start()
        assert _eventually(lambda: all(not runner.status().waiting for runner in runners))
        for runner in runners:
            runner.stop()
        rounds(a, b)
    _same_everywhere(server, a, b, people=1 + 30 * ROUNDS)
    print(f"\n{killed} processes of the server killed in {3 * ROUNDS} moments")


def test_a_server_that_is_stopped_is_noticed_and_found_again(
    server: PostgresServer, pair: tuple[Desk, Desk, str]
) -> None:
    """SIGSTOP: the system goes on taking bytes for it, and nothing comes back."""
    a, b, _ = pair
    patience = timedelta(seconds=2)
    runner = SyncRunner(a.store, a.dsn, pace=replace(QUICK, patience=patience))
    with _applier(server):
        runner.start()
        try:
            for number in range(ROUNDS):
                assert _eventually(lambda: runner.status().connected)
                stopped = server_processes.stop(server)
                register(a, last=f"Byrd{number}")
                runner.nudge()
                assert _eventually(lambda: not runner.status().connected, 30)
                register(a, last=f"Cole{number}")
                assert runner.status().waiting == 2, "the desk went on"
                server_processes.go_on(server)
                assert _eventually(lambda: not runner.status().waiting)
                print(f"\n{stopped} processes stopped and let go on")
        finally:
            server_processes.go_on(server)
            runner.stop()
        rounds(b)
    _same_everywhere(server, a, b, people=1 + 2 * ROUNDS)


@pytest.mark.parametrize("step", ["_publish", "_hint"] if WHOLE else ["_publish"])
def test_an_applier_that_is_stopped_holds_up_nobody(
    server: PostgresServer, pair: tuple[Desk, Desk, str], step: str
) -> None:
    """In the middle of its work, with everything locked that it was about to commit; and between
    two pieces of work. Another one takes over, and what the first one had in hand is not done
    twice when it goes on."""
    a, b, _ = pair
    script = str(Path(__file__).with_name("applier_that_meets.py"))
    for number in range(ROUNDS):
        frozen = subprocess.Popen([sys.executable, script, server.dsn(), step, "stopped"])
        try:
            with _in_step(a) as runner:
                register(a, last=f"Byrd{number}")
                assert _eventually(lambda pid=frozen.pid: server_processes.is_stopped(pid))
                register(a, last=f"Cole{number}")
                with _applier(server):
                    assert _eventually(lambda its=runner: not its.status().waiting, 30)
                    frozen.send_signal(signal.SIGCONT)
                    register(a, last=f"Dunn{number}")
                    assert _eventually(lambda its=runner: not its.status().waiting)
                # The one that was stopped leads again once the other has gone.
                register(a, last=f"Eads{number}")
                assert _eventually(lambda its=runner: not its.status().waiting)
        finally:
            frozen.kill()
            frozen.wait()
    with _applier(server):
        rounds(b)
    _same_everywhere(server, a, b, people=1 + 4 * ROUNDS)
    print(f"\n{ROUNDS} appliers stopped at {step} and let go on")


@contextmanager
def _in_step(desk: Desk) -> Iterator[SyncRunner]:
    runner = SyncRunner(desk.store, desk.dsn, pace=QUICK)
    runner.start()
    try:
        yield runner
    finally:
        runner.stop()


def test_a_full_disk_under_sync_loses_nothing_and_goes_on_by_itself(
    server: PostgresServer, pair: tuple[Desk, Desk, str]
) -> None:
    a, b, _ = pair
    for number in range(60):
        register(b, last=f"Byrd{number}", street="x" * 2000)
    runner = SyncRunner(a.store, a.dsn, pace=QUICK)
    with _applier(server):
        rounds(b)
        with _no_room(a):
            runner.start()
            pause = threading.Event()
            pause.wait(2.0)
            assert runner.status().cursor < 61, "there was no room for all of it"
        try:
            assert _eventually(lambda: len(a.store.read().find("person")) == 61)
        finally:
            runner.stop()
        rounds(a, b)
    _same_everywhere(server, a, b, people=61)


@contextmanager
def _no_room(desk: Desk) -> Iterator[None]:
    """The store may not grow: SQLite says SQLITE_FULL as it does for ENOSPC."""
    engine = desk.store.write_engine
    with engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one() + 4

    def limit(connection: Any, most: int = pages) -> None:
        connection.cursor().execute(f"PRAGMA max_page_count = {most}")

    def on_checkout(connection: Any, _record: Any, _proxy: Any) -> None:
        limit(connection)

    event.listen(engine, "checkout", on_checkout)
    try:
        yield
    finally:
        event.remove(engine, "checkout", on_checkout)
        event.listen(engine, "checkout", lambda c, _r, _p: limit(c, 1_000_000))


@contextmanager
def _applier(server: PostgresServer) -> Iterator[None]:
    service = ApplierService(
        server.dsn(), poll_seconds=0.02, retry_seconds=0.1, lease=timedelta(seconds=1)
    )
    service.start()
    try:
        yield
    finally:
        service.stop()


def _answers(server: PostgresServer) -> bool:
    try:
        psycopg.connect(server.dsn(), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _same_everywhere(server: PostgresServer, a: Desk, b: Desk, *, people: int) -> None:
    with psycopg.connect(server.dsn()) as admin:
        counted = "SELECT count(*) = max(n), count(*) = count(DISTINCT cmd_id) FROM feed"
        assert admin.execute(counted).fetchone() == (True, True)
        assert admin.execute("SELECT count(*) FROM person").fetchone() == (people,)
    shown = [sorted(desk.store.read().find("person"), key=lambda p: p["id"]) for desk in (a, b)]
    assert shown[0] == shown[1]
    assert len(shown[0]) == people
    assert conflicts(a) == conflicts(b)
    assert a.store.verify_audit().ok
    assert b.store.verify_audit().ok


def _eventually(holds: Callable[[], bool], seconds: float = 60.0) -> bool:
    pause = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if holds():
            return True
        pause.wait(0.05)
    return False
