"""The primary of a real Patroni cluster dies again and again while desks write: nothing is lost."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from patroni_cluster import PatroniCluster
from running_gateway import Certificates, GatewayProcess

from db.shared.admin import enrol_desk, prepare_gateway, prepare_shared
from workstation.facility.model import facility_id

HERE = Path(__file__).parent
PORTICO = Path(sys.executable).with_name("portico")
PER_FACILITY = 10
EVERY_S = 4.0
"""Seconds from one command of a desk to its next: five times as busy as a busy registrar."""


Enrol = Callable[[str, str], str]
"""A desk and its facility to what the desk keeps: a DSN, or the address of a gateway."""


class Facility:
    """Ten desks of one facility in a process of their own."""

    def __init__(self, enrol: Enrol, folder: Path, name: str, desks: int, seed: int) -> None:
        place = folder / name
        place.mkdir()
        self.id = facility_id(name)
        self._process = subprocess.Popen(
            [sys.executable, HERE / "desks_at_work.py"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        orders = {
            "folder": str(place),
            "facility": name,
            "desks": {f"desk-{n}": enrol(f"desk-{n}", name) for n in range(desks)},
            "every_s": EVERY_S,
            "seed": seed,
        }
        self._say(json.dumps(orders))

    def expect(self, word: str) -> None:
        """Waits until its process has said that."""
        assert self._hear() == word

    def rest(self) -> None:
        """Nobody writes any more."""
        self._say("rest")
        self.expect("resting")

    def ask_report(self) -> None:
        """Lets the desks come to agree; :meth:`report` answers."""
        self._say("report")

    def report(self) -> dict[str, Any]:
        """What is on its desks; its process has ended."""
        told: dict[str, Any] = json.loads(self._hear())
        assert self._process.wait(60) == 0
        return told

    def end(self) -> None:
        """Ends its process, whatever it does."""
        self._process.kill()
        self._process.communicate()

    def _say(self, words: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(words + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@pytest.fixture(scope="module")
def cluster() -> Iterator[PatroniCluster]:
    """Three nodes with the shared database in them."""
    with PatroniCluster() as running:
        prepare_shared(running.dsn())
        yield running


@pytest.fixture
def appliers(cluster: PatroniCluster, tmp_path: Path) -> Iterator[list[Path]]:
    """Two appliers as a site runs them, one of which leads; what they said."""
    logs = [tmp_path / f"applier-{n}.log" for n in range(2)]
    with contextlib.ExitStack() as running:
        for log in logs:
            said = running.enter_context(log.open("wb"))
            process = subprocess.Popen(
                [PORTICO, "shared", "apply"],
                env=os.environ
                | {"PORTICO_ADMIN_DSN": cluster.dsn(), "PORTICO_HOME": str(tmp_path)},
                stdout=said,
                stderr=said,
            )
            running.callback(process.wait)
            running.callback(process.kill)
        yield logs


@pytest.fixture
def gateway(cluster: PatroniCluster, tmp_path: Path) -> Iterator[GatewayProcess]:
    """``portico-gateway``, to the primary through PgBouncer in transaction mode."""
    certificates = Certificates(tmp_path / "certificates")
    dsn = cluster.pooled(prepare_gateway(cluster.dsn()))
    started = GatewayProcess(dsn, certificates, tmp_path / "gateway.log")
    started.start()
    yield started
    started.kill()


def test_desks_with_their_own_connection_outlive_every_primary(
    cluster: PatroniCluster,
    appliers: list[Path],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    def enrol(desk: str, facility: str) -> str:
        return enrol_desk(cluster.dsn(), desk, facility).dsn

    _outlive(cluster, appliers, tmp_path, enrol, "Mercy", request)


def test_desks_behind_gateway_and_pgbouncer_outlive_every_primary(
    cluster: PatroniCluster,
    appliers: list[Path],
    gateway: GatewayProcess,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    def enrol(desk: str, facility: str) -> str:
        return gateway.certificates.enrol(cluster.dsn(), gateway.base, desk, facility)

    _outlive(cluster, appliers, tmp_path, enrol, "Grace", request)


def _outlive(
    cluster: PatroniCluster,
    appliers: list[Path],
    folder: Path,
    enrol: Enrol,
    name: str,
    request: pytest.FixtureRequest,
) -> None:
    desks, kills = request.config.getoption("--desks"), request.config.getoption("--kills")
    names = [f"{name} {n}" for n in range(-(-desks // PER_FACILITY))]
    sizes = [min(PER_FACILITY, desks - n * PER_FACILITY) for n in range(len(names))]
    with contextlib.ExitStack() as open_:
        facilities = []
        for n, (each, size) in enumerate(zip(names, sizes, strict=True)):
            facilities.append(Facility(enrol, folder, each, size, seed=1000 * n))
            open_.callback(facilities[-1].end)
        for facility in facilities:
            facility.expect("ready")
        outages = [_kill_and_watch(cluster, kill) for kill in range(kills)]
        cluster.wait(cluster.whole, "three members again")
        for facility in facilities:
            facility.rest()
        for facility in facilities:
            facility.ask_report()
        reports = {facility.id: facility.report() for facility in facilities}
    for place, report in reports.items():
        _hold(cluster.dsn(), place, report)
    _print_figures(outages, reports, appliers)
    assert len(outages) == kills
    every_desk = [desk for report in reports.values() for desk in report["desks"]]
    assert not [desk["trouble"] for desk in every_desk if desk["trouble"]]
    assert any(desk["lost"] for desk in every_desk), "no desk noticed a kill"


class Outage:
    """One kill: who died, and how long nobody could write, and nothing was applied."""

    def __init__(self, node: str, processes: int, writes_s: float, flows_s: float) -> None:
        self.node, self.processes = node, processes
        self.writes_s, self.flows_s = writes_s, flows_s


def _kill_and_watch(cluster: PatroniCluster, kill: int) -> Outage:
    """Kills the primary in the middle of work; its node comes back once another took over."""
    cluster.wait(cluster.whole, "three members")
    threading.Event().wait(1.0 + kill % 3)  # some work between two kills
    victim = cluster.primary()
    assert victim is not None
    before = _published(cluster)
    began = time.monotonic()
    processes = cluster.kill(victim)
    cluster.wait(cluster.takes_writes, "another primary")
    writes = time.monotonic() - began
    cluster.wait(lambda: (_published(cluster) or 0) > (before or 0), "an applier at work")
    flows = time.monotonic() - began
    cluster.start_node(victim.name)
    return Outage(victim.name, processes, writes, flows)


def _published(cluster: PatroniCluster) -> int | None:
    """Entries of all feeds, from a server that takes writes; None where there is none."""
    with contextlib.suppress(psycopg.Error), psycopg.connect(cluster.dsn()) as connection:
        row = connection.execute("SELECT coalesce(sum(n), 0)::int FROM facility_feed").fetchone()
        assert row is not None
        return int(row[0])
    return None


def _hold(admin_dsn: str, place: str, report: dict[str, Any]) -> None:
    """What every facility must be able to rely on."""
    desks = report["desks"]
    recorded = Counter(command for desk in desks for command in desk["commands"])
    with psycopg.connect(admin_dsn) as connection:

        def rows(query: str) -> list[Any]:
            return connection.execute(query.encode(), [place]).fetchall()

        fed = Counter(id for (id,) in rows("SELECT cmd_id FROM feed WHERE facility = %s"))
        numbers = [n for (n,) in rows("SELECT n FROM feed WHERE facility = %s ORDER BY n")]
        inbox = rows("SELECT cmd_id, outcome FROM inbox WHERE facility = %s")
        paid = dict(rows("SELECT id, amount FROM payment WHERE facility = %s"))
        unbalanced = rows(
            "SELECT entry_id FROM ledger_line WHERE facility = %s"
            " GROUP BY entry_id HAVING sum(cents) <> 0"
        )
        [(entries,)] = rows("SELECT count(*) FROM ledger_entry WHERE facility = %s")
    assert fed == recorded, "every command is there exactly once"
    assert max(recorded.values()) == 1
    assert Counter(id for id, _ in inbox) == recorded
    assert all(outcome for _, outcome in inbox)
    assert numbers == list(range(1, len(numbers) + 1)), "the feed has no holes"
    remembered = {id: cents for desk in desks for id, cents in desk["taken"].items()}
    assert paid == remembered, "money is conserved"
    assert not unbalanced
    assert entries == len(remembered)
    assert {desk["digest"] for desk in desks} == {desks[0]["digest"]}, "all desks show the same"
    for desk in desks:
        assert desk["cursor"] == len(numbers)
        assert desk["shown_cents"] == sum(remembered.values())
        assert not {"pending", "sent", "refused"} & set(desk["states"]), desk["states"]
        assert desk["audit"]


def _print_figures(
    outages: list[Outage], reports: dict[str, dict[str, Any]], appliers: list[Path]
) -> None:
    desks = [desk for report in reports.values() for desk in report["desks"]]
    commands = sum(len(desk["commands"]) for desk in desks)
    cents = sum(sum(desk["taken"].values()) for desk in desks)
    led = sum(log.read_text().count("Applying.") for log in appliers)
    print(f"\n{len(outages)} kills of a primary delivered, with", end=" ")
    print(f"{sum(each.processes for each in outages)} processes: {[o.node for o in outages]}")
    for what, seconds in (
        ("no server took writes", [each.writes_s for each in outages]),
        ("nothing was applied", [each.flows_s for each in outages]),
    ):
        print(f"{what}: p50 {statistics.median(seconds):.1f} s, max {max(seconds):.1f} s")
    print(f"{len(desks)} desks wrote {commands} commands and took {cents / 100:.2f} dollars;")
    print(f"each noticed {sum(d['lost'] for d in desks) / len(desks):.1f} losses of the server;")
    print(f"an applier took the lead {led} times;", end=" ")
    converged = max(report["converged_s"] for report in reports.values())
    print(f"all agreed {converged:.1f} s after the last command")
