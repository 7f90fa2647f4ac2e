"""Debian's PgBouncer, pooling transactions, between gateways and PostgreSQL."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from running_gateway import HOST, Certificates, RunningGateway
from two_desks import on_server, person, register, revise, rounds

from db.gateway.service import ApplierService
from db.postgres_server import PostgresServer
from db.schema import bring_up_to_date
from db.shared.admin import prepare_gateway, prepare_shared
from db.store import SqlStore
from db.sync.gateway_transport import GatewayTransport
from workstation.access.desk import make_desk
from workstation.facility.model import Facility, facility_id
from workstation.kernel.ids import new_id
from workstation.sync.gateway_address import read_address
from workstation.sync.transport import Identity, Outgoing

POOL = 3
"""Connections that PgBouncer has to PostgreSQL; both gateways together ask for eight."""

DESKS = 40
PLACES = ("Mercy General", "Saint Luke")


@pytest.fixture
def admin_dsn() -> Iterator[str]:
    """The administrator's DSN of a shared database."""
    with PostgresServer() as server:
        prepare_shared(server.dsn())
        yield server.dsn()


@dataclass(frozen=True, slots=True)
class Pooled:
    """The gateway's login by way of PgBouncer."""

    dsn: str
    login: str


@pytest.fixture
def pooled(admin_dsn: str) -> Iterator[Pooled]:
    """PgBouncer at work."""
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    direct = {
        name: str(value) for name, value in conninfo_to_dict(prepare_gateway(admin_dsn)).items()
    }
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="portico-pgbouncer-"))
    (folder / "users").write_text(f'"{direct["user"]}" "{direct["password"]}"\n')
    (folder / "ini").write_text(
        f"[databases]\n* = host={direct['host']} port={direct['port']}\n"
        f"[pgbouncer]\nlisten_addr = {HOST}\nlisten_port = {port}\nunix_socket_dir =\n"
        f"auth_type = scram-sha-256\nauth_file = {folder}/users\n"
        f"pool_mode = transaction\ndefault_pool_size = {POOL}\nmax_client_conn = 100\n"
    )
    user = "nobody" if os.geteuid() == 0 else None  # it refuses to be root
    for path in (folder, *folder.iterdir()):
        if user is not None:
            shutil.chown(path, user)
    running = subprocess.Popen(
        [program, "-q", folder / "ini"], user=user, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield Pooled(make_conninfo(**direct | {"host": HOST, "port": str(port)}), direct["user"])
    finally:
        running.terminate()
        running.communicate(timeout=20)
        shutil.rmtree(folder)


@pytest.fixture
def gateways(
    pooled: Pooled, admin_dsn: str, tmp_path: Path
) -> Iterator[tuple[RunningGateway, RunningGateway]]:
    """Two, behind one PgBouncer."""
    certificates = Certificates(tmp_path / "authority")
    with (
        RunningGateway(admin_dsn, certificates, dsn=pooled.dsn, waiting=100) as one,
        RunningGateway(admin_dsn, certificates, dsn=pooled.dsn, waiting=100) as two,
    ):
        yield one, two


def test_desks_share_a_handful_of_connections_and_none_is_taken_for_another(
    gateways: tuple[RunningGateway, RunningGateway], pooled: Pooled, admin_dsn: str
) -> None:
    links = {}
    for number in range(DESKS):
        place = PLACES[number % 2]
        address = gateways[number // 2 % 2].enrol(f"desk-{number}", place)
        me = Identity(new_id(), facility_id(place), f"{number:03}")
        links[number] = (GatewayTransport(read_address(address), me), me)
    ended, most = threading.Event(), [0]
    watch = threading.Thread(target=_watch, args=(admin_dsn, pooled.login, ended, most))
    watch.start()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda each: _work(*each), links.values()))
    ended.set()
    watch.join()
    for link, _ in links.values():
        link.close()
    assert 1 <= most[0] <= POOL
    sent = on_server(admin_dsn, "SELECT facility, ws_id, count(*) FROM inbox GROUP BY 1, 2")
    assert {(place, desk): n for place, desk, n in sent} == {
        (me.facility, me.ws_id): 3 for _, me in links.values()
    }
    print(f"\n{DESKS} desks at two gateways: {most[0]} connections to PostgreSQL at most")


def _work(link: GatewayTransport, me: Identity) -> None:
    """What this desk sent, and that alone, is its own each time it looks."""
    assert link.greet().receipt_code == me.receipt_code
    sent = [Outgoing(number, new_id(), "{}") for number in (1, 2, 3)]
    for one in sent:
        link.push([one], (one.seq, "f" * 64))
        known = [each.command_id for each in link.standing(0).commands]
        assert known == [each.command_id for each in sent[: one.seq]]
        link.pull(0)


def _watch(admin_dsn: str, login: str, ended: threading.Event, most: list[int]) -> None:
    count = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s AND pid <> pg_backend_pid()"
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        while not ended.wait(0.02):
            found = connection.execute(count, (login,)).fetchone()
            most[0] = max(most[0], found[0] if found else 0)


def test_two_real_desks_agree_through_it(
    gateways: tuple[RunningGateway, RunningGateway], admin_dsn: str, tmp_path: Path
) -> None:
    service = ApplierService(admin_dsn, poll_seconds=0.02)
    service.start()
    a, b = (
        RealDesk(tmp_path, name, gateway.enrol(name, PLACES[0]))
        for name, gateway in zip(("desk-A", "desk-B"), gateways, strict=True)
    )
    try:
        person_id = register(a, last="Byrd")
        rounds(a, b)
        for number in range(120):
            revise(b, person_id, street=f"{number} Elm St")
        rounds(b, a)
        assert person(a, person_id)["street"] == "119 Elm St"
    finally:
        service.stop()
        for desk in (a, b):
            desk.store.close()


class RealDesk:
    """A workstation's encrypted store, and what it keeps of the gateway."""

    def __init__(self, folder: Path, name: str, dsn: str) -> None:
        self.store = SqlStore(folder / f"{name}.db", secrets.token_hex(32))
        bring_up_to_date(self.store.write_engine)
        place = Facility(facility_id(PLACES[0]), PLACES[0])
        self.desk = make_desk(self.store, name, place)
        self.dsn = dsn
