"""``portico-gateway`` as a process: killed in the middle, stopped with care, set up by command."""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jwt
import psycopg
import pytest
from click.testing import CliRunner
from command_line_home import Home
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from running_gateway import HOST, Certificates, GatewayProcess, RunningGateway
from two_desks import on_server, register, rounds

from db.gateway.certificates import (
    AUTHORITY,
    DESK_DAYS,
    SERVER,
    SERVER_KEY,
    issue_to_desk,
    read_authority,
)
from db.gateway.entry import DSN, main
from db.gateway.proofs import KeySet, Tokens, of_client
from db.gateway.server import tls_context
from db.gateway.service import ApplierService
from db.shared.admin import enrol_behind_gateway, prepare_gateway
from db.sync.rounds import look, one_round
from db.sync.runner import SyncRunner
from workstation.cli.doctor import OFF, WORKS, _gateway
from workstation.kernel.clock import utc_now
from workstation.sync.gateway_address import GatewayAddress, OwnCertificate, OwnClient, read_address
from workstation.sync.kernel import Pace


@pytest.fixture
def process(admin_dsn: str, certificates: Certificates) -> Iterator[GatewayProcess]:
    """Not started yet."""
    made = GatewayProcess(prepare_gateway(admin_dsn), certificates)
    yield made
    made.kill()


@pytest.fixture
def enrol(
    process: GatewayProcess, certificates: Certificates, admin_dsn: str
) -> Callable[[str, str], str]:
    """At that gateway."""
    return lambda name, place: certificates.enrol(admin_dsn, process.base, name, place)


def test_killed_at_a_push_it_loses_nothing_and_does_nothing_twice(
    process: GatewayProcess, make_enrolled: Any, applier: ApplierService, admin_dsn: str
) -> None:
    process.start()
    a, b = make_enrolled("desk-A"), make_enrolled("desk-B")
    rounds(a, b)
    assert process.end(signal.SIGKILL)[0] == -signal.SIGKILL
    for number, when in enumerate(("before", "after")):
        register(a, last=f"Byrd{number}")
        process.start(dies=f"push {when}")
        assert not one_round(a.store, a.dsn)
        assert look(a.store, a.dsn).waiting == 1, "nobody has said that it is there"
        assert process.end()[0] == -signal.SIGKILL
        there = on_server(admin_dsn, "SELECT count(*) FROM inbox")
        assert there == [(number + (when == "after"),)]
        process.start()
        rounds(a)
        process.end(signal.SIGKILL)
    process.start()
    rounds(a, b)
    assert len(b.store.read().find("person")) == 2
    counted = "SELECT count(*), max(n), count(DISTINCT cmd_id) FROM feed"
    assert on_server(admin_dsn, counted) == [(2, 2, 2)]


def test_stopped_it_finishes_what_it_does_and_lets_who_listens_go(
    process: GatewayProcess, make_enrolled: Any, applier: ApplierService, admin_dsn: str
) -> None:
    process.start()
    a = make_enrolled("desk-A")
    rounds(a)
    runner = SyncRunner(a.store, a.dsn, pace=Pace())
    runner.start()
    try:
        assert _comes_to(lambda: runner.status().connected)
        with psycopg.connect(admin_dsn) as holds:
            holds.execute("LOCK TABLE inbox IN EXCLUSIVE MODE")
            register(a, last="Quenby", dob="1985-03-03")
            runner.nudge()
            waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            assert _comes_to(lambda: on_server(admin_dsn, waits) != [(0,)])
            assert process.process is not None
            process.process.send_signal(signal.SIGTERM)
            holds.rollback()
        code, told = process.end()
        assert code in (0, -signal.SIGTERM)  # uvicorn hands the signal on when it is done
        assert on_server(admin_dsn, "SELECT count(*) FROM inbox") == [(1,)]
        assert _comes_to(lambda: not runner.status().connected)
        process.start()
        assert _comes_to(lambda: runner.status().waiting == 0)
    finally:
        runner.stop()
    told += process.end(signal.SIGTERM)[1]
    events = [json.loads(line) for line in told.splitlines()]
    assert [e["event"] for e in events] == ["gateway_started", "gateway_stopped"] * 2
    for secret in ("Quenby", "1985", a.desk.workstation_id, "postgresql://"):
        assert secret not in told


def test_what_is_missing_is_said_at_once(certificates: Certificates) -> None:
    folder = certificates.folder
    words = ["--certificate", str(folder / SERVER), "--key", str(folder / SERVER_KEY)]
    trusted = [*words, "--client-ca", str(folder / AUTHORITY), "--port", "0"]
    cases: tuple[tuple[list[str], dict[str, str | None], str], ...] = (
        (words, {}, "PORTICO_GATEWAY_DSN is empty"),
        (words, {DSN: "x"}, "Give --client-ca"),
        ([*words, "--issuer", "i"], {DSN: "x"}, "together"),
        ([*trusted, "--cell", "north"], {DSN: "x"}, "--directory and --cell together"),
    )
    for given, environment, told in cases:
        done = CliRunner().invoke(main, given, env={DSN: None} | environment)
        assert done.exit_code == 2
        assert told in done.output


def test_by_command_line_from_the_authority_to_a_round(
    tmp_path: Path, admin_dsn: str, applier: ApplierService, process: GatewayProcess
) -> None:
    home = Home(tmp_path, "desk-A", admin_dsn)
    assert home.run("init", "--facility", "Mercy General")[0] == 0
    folder = process_folder(process)
    code, [made] = home.run("shared", "gateway", str(folder), "--host", HOST)
    assert code == 0
    assert made["client_ca"] == str(folder / AUTHORITY)
    process._environment["PORTICO_GATEWAY_DSN"] = made["dsn"]
    process.start()
    words = ("shared", "enrol", "desk-A", "--facility", "Mercy General", "--gateway", process.base)
    code, [enrolled] = home.run(*words, "--ca", str(folder))
    assert code == 0
    home.environment["PORTICO_SHARED_DSN"] = enrolled["dsn"]
    home.do(key="1", command="register_patient", person={"last": "Ames"}, decision=None)
    assert home.sync()["outbox"] == 0
    check = _gateway(enrolled["dsn"])
    assert (check.state, check.say) == (
        WORKS,
        "its gateway and the database behind it answer",
    )
    soon = read_address(enrolled["dsn"])
    began = utc_now() - timedelta(days=DESK_DAYS - 20, hours=-6)
    ending = issue_to_desk(read_authority(folder), "desk", began)
    own = OwnCertificate(ending.certificate, ending.key)
    assert "certificate ends in 20 days" in _gateway(str(replace(soon, proof=own))).say
    code, [answer] = home.run("shared", "revoke", "desk-A", "--facility", "Mercy General")
    assert (code, answer) == (0, {"revoked": True})
    home.do(key="2", command="register_patient", person={"last": "Byrd"}, decision=None)
    code, [status] = home.run("sync", "once")
    assert (status["connected"], status["outbox"]) == (False, 1)
    assert "does not know this login" in home.told
    process.end(signal.SIGTERM)
    assert _gateway(enrolled["dsn"]).state == OFF


def process_folder(process: GatewayProcess) -> Path:
    return Path(process._words[process._words.index("--certificate") + 1]).parent


# By token


class Provider(ThreadingHTTPServer):
    """A hospital's identity provider on loopback: gives tokens to one client."""

    daemon_threads = True

    def __init__(self, certificates: Certificates) -> None:
        super().__init__((HOST, 0), _Asked)
        folder = certificates.folder
        context = tls_context(folder / SERVER, folder / SERVER_KEY, None)
        self.socket = context.wrap_socket(self.socket, server_side=True)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.given = 0
        self.lasts = 300.0
        self.audience = "portico"

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.server_address[1]}"

    def keys(self) -> dict[str, Any]:
        return {"keys": [json.loads(ECAlgorithm.to_jwk(self.key.public_key())) | {"kid": "k"}]}

    def token(self) -> str:
        self.given += 1
        ends = time.time() + self.lasts
        said = {"iss": self.url, "aud": self.audience, "exp": ends, "client_id": "desk-7"}
        return jwt.encode(said, self.key, "ES256", headers={"kid": "k"})


class _Asked(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        good = self.headers["authorization"] == "Basic ZGVzay03OnMzY3JldA=="  # desk-7:s3cret
        good &= form["grant_type"] == ["client_credentials"]
        told = {"access_token": self.server.token(), "expires_in": self.server.lasts}
        body = json.dumps(told if good else {"error": "invalid_client"}).encode()
        self.send_response(200 if good else 401)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def provider(certificates: Certificates) -> Iterator[Provider]:
    made = Provider(certificates)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def test_a_desk_signs_in_by_the_hospitals_identity_provider(
    provider: Provider,
    admin_dsn: str,
    certificates: Certificates,
    applier: ApplierService,
    make_enrolled: Any,
) -> None:
    tokens = Tokens(provider.url, "portico", KeySet(provider.keys))
    with RunningGateway(admin_dsn, certificates, tokens=tokens) as gateway:
        desk = make_enrolled("desk-A")
        prove = of_client(provider.url, "desk-7")
        enrol_behind_gateway(admin_dsn, "desk-A", "Mercy General", lambda login: prove)
        own = OwnClient(f"{provider.url}/token", "desk-7", "s3cret")
        address = GatewayAddress(gateway.base, own, certificates.authority.der)
        register(desk, last="Byrd")
        assert one_round(desk.store, str(address))
        assert provider.given == 1, "one token serves until it ends"
        for trouble, change in (
            ("has expired", {"lasts": -60.0}),
            ("did not accept this desk's sign-in", {"lasts": 300.0, "audience": "another"}),
        ):
            for name, value in change.items():
                setattr(provider, name, value)
            status = look(desk.store, str(address))
            assert trouble in str(status.trouble)
        wrong = GatewayAddress(
            gateway.base, OwnClient(own.token_url, "desk-7", "wrong"), address.ca
        )
        assert "service did not accept this desk" in str(look(desk.store, str(wrong)).trouble)
        assert on_server(admin_dsn, "SELECT count(*) FROM inbox") == [(1,)]


def _comes_to(holds: Callable[[], bool], seconds: float = 30.0) -> bool:
    pause = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if holds():
            return True
        pause.wait(0.05)
    return False
