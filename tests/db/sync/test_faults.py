"""Real faults between real desks and a real PostgreSQL: nothing is lost, nothing done twice.

A few are tried here; all of them, ``PORTICO_FAULT_ROUNDS`` times each, by ``dev.py faults``.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fault_proxy import Fault, FaultProxy, cut, garble, half_close, slow, stall
from two_desks import both_ways, on_server, register, revise, rounds

from db.sync.rounds import one_round
from db.sync.runner import SyncRunner
from workstation.sync.kernel import Pace

WHOLE = "PORTICO_FAULT_ROUNDS" in os.environ
ROUNDS = int(os.environ.get("PORTICO_FAULT_ROUNDS", "1"))
FAULTS = (cut, garble, stall, half_close, slow) if WHOLE else (cut, garble)
FILL = ("standing", "size", "begin", "page", "fill")
STEPS = (
    ("push", "keep", "pull", "mark_sent", "outgoing", *FILL) if WHOLE else ("push", "keep", "fill")
)
QUICK = Pace(
    poll=timedelta(seconds=1),
    soon=timedelta(milliseconds=50),
    first_retry=timedelta(milliseconds=100),
    longest_retry=timedelta(milliseconds=500),
)


@pytest.fixture
def line(desks: tuple[Any, Any, str]) -> Iterator[FaultProxy]:
    """The line of desk A."""
    with FaultProxy(desks[0].dsn) as proxy:
        yield proxy


@both_ways
@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_line_loses_nothing_and_does_nothing_twice(
    desks: tuple[Any, Any, str], line: FaultProxy, admin_dsn: str, fault: Fault
) -> None:
    a, b, person_id = desks
    runner = SyncRunner(a.store, line.dsn, pace=QUICK)
    runner.start()
    try:
        for number in range(ROUNDS):
            assert _eventually(lambda: runner.status().connected)
            line.ail(fault)
            register(a, last=f"Byrd{number}")
            revise(a, person_id, street=f"{number} Oak St")
            runner.nudge()
            assert line.struck.wait(20), "the fault was never met"
            line.mend()
            assert _eventually(lambda: runner.status().waiting == 0)
        print(f"\n{ROUNDS} times: {fault.__doc__}")
    finally:
        runner.stop()
    rounds(b)
    _same_everywhere(a, b, admin_dsn, people=1 + ROUNDS)


@both_ways
def test_a_server_that_is_stopped_is_told_as_away(
    desks: tuple[Any, Any, str], line: FaultProxy
) -> None:
    """As under SIGSTOP: bytes are taken and nothing comes back, without any sign of a fault."""
    a, _, _ = desks
    runner = SyncRunner(a.store, line.dsn, pace=replace(QUICK, patience=timedelta(seconds=3)))
    runner.start()
    try:
        assert _eventually(lambda: runner.status().connected)
        line.ail(stall)
        register(a, last="Byrd")
        runner.nudge()
        assert _eventually(lambda: not runner.status().connected)
        assert runner.status().waiting == 1
        line.mend()
        assert _eventually(lambda: runner.status().connected and runner.status().waiting == 0)
    finally:
        runner.stop()


@both_ways
@pytest.mark.parametrize("step", STEPS)
def test_a_desk_killed_at_a_step_loses_nothing(
    desks: tuple[Any, Any, str], admin_dsn: str, step: str
) -> None:
    a, b, person_id = desks
    killed = 0
    for number in range(ROUNDS):
        for after in (False, True):
            register(a, last=f"Byrd{number}")
            if step in FILL:  # a restored server makes the desk fill its base anew
                on_server_do(admin_dsn, "UPDATE facility_feed SET epoch = epoch + 1")
            killed += _killed(a, step, after=after)
    assert killed == 2 * ROUNDS
    assert one_round(a.store, a.dsn)
    revise(a, person_id, street="2 Oak St")
    rounds(a, b)
    _same_everywhere(a, b, admin_dsn, people=1 + 2 * ROUNDS)
    print(f"\n{killed} kills at {step}")


def _killed(desk: Any, step: str, *, after: bool) -> int:
    """One round in a process of its own, which kills itself (SIGKILL) before or after a step."""
    script = Path(__file__).with_name("desk_that_dies.py")
    words = [str(desk.store.path), desk.store._key, desk.dsn, step, "after" if after else "before"]
    done = subprocess.run([sys.executable, script, *words], timeout=120, check=False)
    assert done.returncode in (0, -signal.SIGKILL)
    return int(done.returncode == -signal.SIGKILL)


def _same_everywhere(a: Any, b: Any, admin_dsn: str, *, people: int) -> None:
    [(there,)] = on_server(admin_dsn, "SELECT count(*) FROM person")
    assert there == people
    counted = "SELECT count(*) = max(n), count(*) = count(DISTINCT cmd_id) FROM feed"
    assert on_server(admin_dsn, counted) == [(True, True)]
    shown = [sorted(desk.store.read().find("person"), key=lambda p: p["id"]) for desk in (a, b)]
    assert shown[0] == shown[1]
    assert len(shown[0]) == people
    assert a.store.verify_audit().ok


def on_server_do(admin_dsn: str, statement: str) -> None:
    with psycopg.connect(admin_dsn) as connection:
        connection.execute(statement.encode())


def _eventually(holds: Any, seconds: float = 60.0) -> bool:
    pause = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if holds():
            return True
        pause.wait(0.05)
    return False
