"""Fifty workstations, each a process with its own store, at one real PostgreSQL and its applier.

``dev.py desks [MINUTES]`` runs it alone for ten minutes; within ``dev.py bench`` it takes one.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import psycopg
import pytest
from desk_process import WorkingDesk
from figures import Table, at

from db.gateway.service import ApplierService
from db.postgres_server import PostgresServer
from db.shared.admin import enrol_desk, prepare_shared

DESKS = int(os.environ.get("PORTICO_BENCH_DESKS", "50"))
FACILITIES = 10
MINUTES = float(os.environ.get("PORTICO_BENCH_MINUTES", "1"))
PAUSE = 10.0
"""Seconds between two commands of one desk: a patient every hundred seconds, ten commands each. All
fifty share this machine's cores with the server; faster, and the desks' own work is the limit."""
OUTAGE = 20.0
"""Seconds without a server, in which every desk goes on five times as fast."""

_FORK = multiprocessing.get_context("fork")


class Fleet:
    """The desks, and the pipe to each."""

    def __init__(self, desks: list[WorkingDesk]) -> None:
        self._pipes: list[Connection] = []
        self._processes = []
        for desk in desks:
            ours, theirs = _FORK.Pipe()
            process = _FORK.Process(target=desk.run, args=(theirs,), daemon=True)
            process.start()
            self._pipes.append(ours)
            self._processes.append(process)
        for pipe in self._pipes:
            assert pipe.recv() == "ready"

    def order(self, *words: Any) -> None:
        for pipe in self._pipes:
            pipe.send(words)

    def ask(self, word: str) -> list[Any]:
        self.order(word)
        return [pipe.recv() for pipe in self._pipes]

    def measured(self) -> dict[str, Any]:
        """What all desks measured since the last call: lists sorted, counts added up."""
        told = [json.loads(each) for each in self.ask("tell")]
        return {
            name: sum(each[name] for each in told)
            if isinstance(value, int)
            else sorted(ms for each in told for ms in each[name])
            for name, value in told[0].items()
        }

    def in_step(self) -> bool:
        return all(
            connected and waiting == 0 and cursor == top
            for connected, waiting, cursor, top in self.ask("status")
        )

    def end(self) -> None:
        self.order("end")
        for process in self._processes:
            process.join(30)


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """A fresh shared database."""
    with PostgresServer(for_real=True) as running:
        prepare_shared(running.dsn())
        yield running


def test_fifty_desks(table: Table, server: PostgresServer, tmp_path: Path) -> None:
    """Fifty workstation processes at one PostgreSQL: milliseconds, unless said otherwise"""
    bare = _bare_commits(server.dsn())
    with _applier(server.dsn()), _fleet(server.dsn(), tmp_path) as fleet:
        fleet.order("work", PAUSE)
        time.sleep(MINUTES * 60)
        fleet.order("rest")
        assert _until(fleet.in_step)
        day = fleet.measured()
        server.stop(crash=True)
        fleet.order("work", PAUSE / 5)
        time.sleep(OUTAGE)
        fleet.order("rest")
        alone = fleet.measured()
        server.start()
        began = time.monotonic()
        assert _until(fleet.in_step)
        took = time.monotonic() - began
        _check(server.dsn(), day["commands"] + alone["commands"])
    many = f"{DESKS} desks, {FACILITIES} facilities, {MINUTES:g} min"
    table.line(f"{many}: commands a second", day["commands"] / (MINUTES * 60))
    table.line("commit at the desk, p50", at(0.5, day["commits"]), bare, remark="bare: one INSERT")
    table.line("commit at the desk, p95", at(0.95, day["commits"]))
    table.line("durable here to applied and told, p50", at(0.5, day["settled"]))
    table.line("durable here to applied and told, p95", at(0.95, day["settled"]))
    table.line("durable here to shown elsewhere, p50", at(0.5, day["lags"]))
    table.line("durable here to shown elsewhere, p95", at(0.95, day["lags"]), remark="bar: 1,000")
    table.line("durable here to shown elsewhere, p99", at(0.99, day["lags"]))
    table.line("without a server: commit, p95", at(0.95, alone["commits"]))
    table.line("afterwards: commands that had waited", alone["commands"])
    table.line("afterwards: seconds until all were in step", took)


def _check(dsn: str, commands: int) -> None:
    """Every command is there exactly once, and every feed is dense."""
    with psycopg.connect(dsn) as admin:
        counted = "SELECT count(*), count(DISTINCT cmd_id) FROM feed"
        assert admin.execute(counted).fetchone() == (commands, commands)
        holes = "SELECT facility FROM feed GROUP BY facility HAVING count(*) <> max(n)"
        assert admin.execute(holes).fetchall() == []


@contextmanager
def _applier(dsn: str) -> Iterator[None]:
    process = _FORK.Process(target=ApplierService(dsn).run, daemon=True)
    process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()


@contextmanager
def _fleet(dsn: str, folder: Path) -> Iterator[Fleet]:
    desks = []
    for number in range(DESKS):
        place = f"Hospital {number % FACILITIES}"
        name = f"desk-{number}"
        login = enrol_desk(dsn, name, place).dsn
        desks.append(WorkingDesk(folder, name, place, login, number + 1))
    fleet = Fleet(desks)
    try:
        yield fleet
    finally:
        fleet.end()


def _until(holds: Callable[[], bool], seconds: float = 300) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.25)
    return False


def _bare_commits(dsn: str) -> float:
    """Milliseconds of one bare INSERT with its commit, the median of two hundred."""
    took = []
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute("CREATE TEMPORARY TABLE bare (id text PRIMARY KEY)")
        for number in range(200):
            began = time.perf_counter()
            admin.execute("INSERT INTO bare VALUES (%s)", (str(number),))
            took.append((time.perf_counter() - began) * 1000)
    return at(0.5, sorted(took))
