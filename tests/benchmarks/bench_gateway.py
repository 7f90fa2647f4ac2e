"""One process of the HTTPS gateway beside a desk's own connection to the same PostgreSQL."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from figures import Table
from psycopg.types.json import Jsonb

from db.gateway.certificates import (
    AUTHORITY,
    SERVER,
    SERVER_KEY,
    issue_to_desk,
    issue_to_gateway,
    make_authority,
)
from db.gateway.proofs import of_certificate
from db.postgres_server import PostgresServer
from db.shared.admin import enrol_behind_gateway, enrol_desk, prepare_gateway, prepare_shared
from db.sync.ways import transport_to
from workstation.facility.model import facility_id
from workstation.kernel.clock import utc_now
from workstation.kernel.ids import new_id
from workstation.sync.gateway_address import GatewayAddress, OwnCertificate
from workstation.sync.transport import BATCH, Identity, Outgoing, Transport

HOST = "127.0.0.1"
PLACE = "Mercy General"
ENTRIES = 1000
"""In the feed."""

BODY = json.dumps({"kind": "revise_person", "changes": [{"field": "street", "to": "1 Elm St"}] * 6})
"""Of a command, about as long as one that mends an address and a phone."""

DESKS = 4


@dataclass(frozen=True, slots=True)
class Place:
    """What the benchmark measures: who serves, and how desks come to it."""

    admin_dsn: str
    gateway: int
    desks: list[Transport]
    direct: Transport
    """One that goes straight to PostgreSQL."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """PostgreSQL with a feed, a gateway in a process of its own, and desks that have greeted."""
    with PostgresServer() as server:
        prepare_shared(server.dsn())
        authority = make_authority(tmp_path, utc_now())
        issue_to_gateway(authority, HOST, tmp_path, utc_now())
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "db.gateway.entry", "--host", HOST, "--port", "0"),
                *("--certificate", tmp_path / SERVER, "--key", tmp_path / SERVER_KEY),
                *("--client-ca", tmp_path / AUTHORITY),
            ],
            env=os.environ | {"PORTICO_GATEWAY_DSN": prepare_gateway(server.dsn())},
            stdout=subprocess.PIPE,
        )
        assert process.stdout is not None
        base = f"https://{HOST}:{json.loads(process.stdout.readline())['port']}"
        desks = []
        for number in range(DESKS):
            made: list[OwnCertificate] = []

            def prove(login: str, made: list[OwnCertificate] = made) -> str:
                issued = issue_to_desk(authority, login, utc_now())
                made.append(OwnCertificate(issued.certificate, issued.key))
                return of_certificate(issued.certificate)

            enrol_behind_gateway(server.dsn(), f"desk {number}", PLACE, prove)
            desks.append(_greeted(str(GatewayAddress(base, made[0], authority.der))))
        direct = _greeted(enrol_desk(server.dsn(), "direct", PLACE).dsn)
        _write_feed(server.dsn())
        try:
            yield Place(server.dsn(), process.pid, desks, direct)
        finally:
            for each in (*desks, direct):
                each.close()
            process.send_signal(signal.SIGTERM)
            process.communicate()


def test_what_the_gateway_costs(table: Table, place: Place) -> None:
    """Milliseconds of CPU for one request, gateway and PostgreSQL"""
    numbers = iter(range(1, 10**6))

    def push(link: Transport, commands: int) -> None:
        sent = [Outgoing(next(numbers), new_id(), BODY) for _ in range(commands)]
        link.push(sent, (1, "f" * 64))

    kinds: tuple[tuple[str, int, Callable[[Transport], object]], ...] = (
        ("a pull that finds nothing", 400, lambda link: link.pull(ENTRIES)),
        ("a pull of one entry", 400, lambda link: link.pull(ENTRIES - 1)),
        (f"a pull of {BATCH} entries", 100, lambda link: link.pull(0)),
        ("a push of one command", 400, lambda link: push(link, 1)),
        (f"a push of {BATCH} commands", 60, lambda link: push(link, BATCH)),
    )
    for words, rounds, ask in kinds:
        gateway, behind = _cost(place, place.desks[0], ask, rounds)
        _, straight = _cost(place, place.direct, ask, rounds)
        remark = f"gateway {gateway:.2f} + PostgreSQL {behind:.2f}; baseline: PostgreSQL, direct"
        table.line(words, gateway + behind, straight, remark=remark)


def test_how_many_requests_one_gateway_answers(table: Table, place: Place) -> None:
    """Requests a second of one gateway process, while desks ask on the same machine"""
    numbers = {id(link): iter(range(1, 10**6)) for link in (*place.desks, place.direct)}

    def turn(link: Transport) -> None:
        link.push([Outgoing(next(numbers[id(link)]), new_id(), BODY)], (1, "f" * 64))
        link.pull(ENTRIES - 1)

    for desks, words in ((place.desks[:1], "one desk"), (place.desks, f"{DESKS} desks")):
        before, begun = _cpu_of(place.gateway), time.perf_counter()
        with ThreadPoolExecutor(len(desks)) as pool:
            list(pool.map(lambda link: [turn(link) for _ in range(200)], desks))
        took, asked = time.perf_counter() - begun, 400 * len(desks)
        core = (_cpu_of(place.gateway) - before) / asked
        remark = f"push of one, pull of one; a core of its own would answer {1 / core:,.0f}"
        table.line(words, asked / took, rate=True, remark=remark)


def test_shaking_hands(table: Table, place: Place) -> None:
    """Milliseconds of CPU of the gateway for a new connection with a certificate"""
    link, rounds = place.desks[0], 60
    before = _cpu_of(place.gateway)
    for _ in range(rounds):
        link.pull(ENTRIES)
        link.close()
    new = (_cpu_of(place.gateway) - before) / rounds * 1000
    kept, _ = _cost(place, link, lambda link: link.pull(ENTRIES), rounds)
    remark = f"{ssl.OPENSSL_VERSION}; baseline: the same pull on a kept connection"
    table.line("a pull on a new connection", new, kept, remark=remark)


def _cost(
    place: Place, link: Transport, ask: Callable[[Transport], object], rounds: int
) -> tuple[float, float]:
    """Of one request: milliseconds of the gateway's CPU, and of PostgreSQL's backends."""
    ask(link)
    backends = _backends(place.admin_dsn)
    before, there = _cpu_of(place.gateway), sum(map(_cpu_of, backends))
    for _ in range(rounds):
        ask(link)
    here = _cpu_of(place.gateway) - before
    behind = sum(map(_cpu_of, backends)) - there
    return here / rounds * 1000, behind / rounds * 1000


def _backends(admin_dsn: str) -> list[int]:
    with psycopg.connect(admin_dsn) as connection:
        query = "SELECT pid FROM pg_stat_activity WHERE usename ~ '^(gateway|desk)_'"
        return [pid for (pid,) in connection.execute(query)]


def _cpu_of(pid: int) -> float:
    """Seconds of CPU that a process has used, from /proc (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _greeted(address: str) -> Transport:
    link = transport_to(address, Identity(new_id(), facility_id(PLACE), f"{os.urandom(1).hex()}0"))
    link.greet()
    return link


def _write_feed(admin_dsn: str) -> None:
    row = {"last": "Quenby", "first": "Ilse", "dob": "1984-02-29", "street": "1 Elm St"} | {
        name: "x" * 12 for name in ("city", "email", "phone", "employer", "note", "language")
    }
    body = {"rows": [{"kind": "person", "id": new_id(), "rev": 2, "row": row}], "code": None}
    with psycopg.connect(admin_dsn) as connection:
        for n in range(1, ENTRIES + 1):
            connection.execute(
                "INSERT INTO feed VALUES (%s, %s, %s, %s, %s, 'applied', %s, now())",
                (facility_id(PLACE), n, new_id(), new_id(), n, Jsonb(body)),
            )
        connection.execute("UPDATE facility_feed SET n = %s", (ENTRIES,))
