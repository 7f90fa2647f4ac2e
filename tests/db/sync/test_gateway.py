"""The HTTPS gateway: who is let in, what of whom they reach, and what it does with nonsense."""

from __future__ import annotations

import gzip
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.errors import DeadlockDetected
from running_gateway import HOST, Certificates, RunningGateway
from two_desks import on_server, person, register, rounds

from db.gateway import server
from db.gateway.certificates import issue_to_desk, make_authority
from db.gateway.proofs import of_certificate
from db.gateway.questions import QUESTIONS
from db.shared.admin import enrol_desk, revoke_desk
from db.sync.gateway_line import GatewayLine
from db.sync.gateway_transport import GatewayTransport
from db.sync.postgres_transport import DeskDatabase, shared_faults
from db.sync.replica import Replica
from db.sync.rounds import look, one_round
from db.sync.ways import documents_to, trail_to, transport_to
from workstation.kernel.clock import utc_now
from workstation.kernel.errors import OutsideSilent, Refused
from workstation.kernel.ids import new_id
from workstation.sync.gateway_address import GatewayAddress, OwnCertificate, read_address
from workstation.sync.gateway_wire import LARGEST_BODY, PUSH_BYTES
from workstation.sync.transport import Identity, Outgoing

both_by_gateway = pytest.mark.parametrize("way", ["gateway"], indirect=True)


def line_of(desk: Any) -> GatewayLine:
    return GatewayLine(read_address(desk.dsn))


@contextmanager
def posting(desk: Any) -> Iterator[Callable[..., httpx.Response]]:
    """Posts whatever it is given as that desk."""
    line = line_of(desk)
    client, base = line._connected(), read_address(desk.dsn).base

    def post(question: str, content: Any, **headers: str) -> httpx.Response:
        return client.post(f"{base}/v1/{question}", content=content, headers=headers)

    yield post
    line.close()


@pytest.fixture
def link_to() -> Iterator[Callable[[str, Identity], Any]]:
    """The way of commands; closed after the test."""
    made: list[Any] = []

    def make(address: str, identity: Identity) -> Any:
        made.append(transport_to(address, identity))
        return made[-1]

    yield make
    for link in made:
        link.close()


# Who is let in


@both_by_gateway
def test_who_shows_no_certificate_or_a_strangers_is_told_so_and_loses_nothing(
    desks: tuple[Any, Any, str], certificates: Certificates, tmp_path: Path
) -> None:
    a, _, _ = desks
    register(a, last="Byrd")
    right = read_address(a.dsn)
    stranger = issue_to_desk(make_authority(tmp_path, utc_now()), "desk", utc_now())
    past = issue_to_desk(certificates.authority, "desk", utc_now() - timedelta(days=900))
    unknown = issue_to_desk(certificates.authority, "desk", utc_now())
    for issued, told in (
        (stranger, "did not accept this desk's certificate"),
        (past, "did not accept this desk's certificate"),
        (unknown, "does not know this login"),
    ):
        shown = replace(right, proof=OwnCertificate(issued.certificate, issued.key))
        status = look(a.store, str(shown))
        assert not status.connected
        assert told in str(status.trouble)
        assert status.waiting == 1
    context = ssl.create_default_context(cadata=certificates.authority.der)
    answer = httpx.post(f"{right.base}/v1/pull", content=b"{}", verify=context)
    assert answer.status_code == 403
    assert answer.json()["error"]["say"][0] == (
        "This desk showed the gateway no certificate or sign-in."
    )
    assert one_round(a.store, a.dsn)


@both_by_gateway
def test_a_gateway_that_cannot_prove_itself_gets_nothing(
    desks: tuple[Any, Any, str], tmp_path: Path
) -> None:
    a, _, _ = desks
    other = make_authority(tmp_path, utc_now())
    status = look(a.store, str(replace(read_address(a.dsn), ca=other.der)))
    assert not status.connected
    assert "could not prove that it is the gateway" in str(status.trouble)
    by_name = read_address(a.dsn).base.replace(HOST, "localhost")  # not in its certificate
    status = look(a.store, str(replace(read_address(a.dsn), base=by_name)))
    assert "could not prove" in str(status.trouble)


@both_by_gateway
def test_a_desk_is_revoked_at_once_and_enrolled_again(
    desks: tuple[Any, Any, str], link_to: Any, admin_dsn: str, gateway: RunningGateway
) -> None:
    a, b, _ = desks
    assert revoke_desk(admin_dsn, "desk-A", "Mercy General")
    register(a, last="Byrd")
    with pytest.raises(Refused, match="desk_not_accepted"):
        link_to(a.dsn, Replica(a.store).identity()).pull(0)
    assert look(a.store, a.dsn).waiting == 1
    again = gateway.enrol("desk-A", "Mercy General")
    assert look(a.store, again).connected
    assert not look(a.store, a.dsn).connected, "the old certificate has ended"
    a.dsn = again
    rounds(a, b)
    # One way at a time: a login ends the certificate, and a certificate the login.
    direct = enrol_desk(admin_dsn, "desk-A", "Mercy General").dsn
    assert look(a.store, direct).connected
    assert not look(a.store, again).connected
    gateway.enrol("desk-A", "Mercy General")
    assert not look(a.store, direct).connected
    assert not revoke_desk(admin_dsn, "desk-A", "Saint Luke")


# What of whom they reach


@both_by_gateway
def test_a_desk_reaches_nothing_of_another_facility_or_desk(
    desks: tuple[Any, Any, str], link_to: Any, make_enrolled: Any, admin_dsn: str
) -> None:
    here, beside, _ = desks
    there = make_enrolled("desk-Z", "Saint Luke")
    register(there, last="Zorn")
    rounds(there)
    mine, theirs = Replica(here.store).identity(), Replica(there.store).identity()
    before = on_server(admin_dsn, "SELECT count(*) FROM inbox")
    for forged in (theirs, replace(mine, facility=theirs.facility)):
        link = link_to(here.dsn, forged)
        for ask in (
            link.greet,
            lambda link=link: link.pull(0),
            lambda link=link: link.standing(0),
            lambda link=link: link.push([Outgoing(9, new_id(), "{}")], (1, "f" * 64)),
        ):
            with pytest.raises(Refused, match="desk_not_accepted"):
                ask()
        assert link.page(None).rows == ()
        assert (link.size(), link.anchors()) == (0, [])
        trail = trail_to(here.dsn, forged)
        assert (trail.last().entries, trail.anchors(), trail.seal()) == (0, [], None)
        trail.close()
        _hears_nothing(link)
    documents = documents_to(here.dsn, theirs.facility)
    assert documents.parts_there("f" * 64) == frozenset()
    with pytest.raises(Refused, match="desk_not_accepted"):
        documents.send_part("f" * 64, 9, 0, b"x")
    documents.close()
    # In its own facility: not in the name of the desk beside it.
    other = link_to(here.dsn, replace(mine, ws_id=Replica(beside.store).identity().ws_id))
    with pytest.raises(Refused, match="desk_not_accepted"):
        other.push([Outgoing(9, new_id(), "{}")], (1, "f" * 64))
    with pytest.raises(Refused, match="desk_not_accepted"):
        other.greet()
    assert other.standing(0).commands == ()
    assert on_server(admin_dsn, "SELECT count(*) FROM inbox") == before


def _hears_nothing(link: Any) -> None:
    ears = link.listen()

    def gone() -> bool:
        try:
            return bool(ears.heard())
        except OutsideSilent:
            return True

    assert _comes_to(gone)
    with pytest.raises(OutsideSilent):
        ears.heard()
    ears.close()


def test_a_desks_own_login_gains_nothing_by_the_gateways_setting(
    make_enrolled: Any, admin_dsn: str, gateway: RunningGateway
) -> None:
    own = make_enrolled("desk-A")
    address = read_address(gateway.enrol("desk-Z", "Saint Luke"))
    assert isinstance(address.proof, OwnCertificate)
    proof = of_certificate(address.proof.certificate)
    with psycopg.connect(own.dsn) as connection:
        connection.execute("SELECT set_config('portico.proof', %s, false)", (proof,))
        found = connection.execute("SELECT name FROM facility_feed").fetchall()
        assert found == [("Mercy General",)]
        assert connection.execute("SELECT name FROM enrolment").fetchall() == [("desk-A",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET ROLE portico_gateway")


# Nonsense


NONSENSE = (None, "x", -1, 2**70, "\ud800", [[1]])


@both_by_gateway
def test_nonsense_is_refused_and_never_a_fault(desks: tuple[Any, Any, str]) -> None:
    a, _, _ = desks
    facility = a.desk.facility.id
    names = ("after", "batch", "anchor", "entries", "n", "digest", "first", "at_most", "size")
    with posting(a) as post:
        for question in QUESTIONS:
            assert post(question, b'{"facility":1}').status_code == 400, question
            for value in NONSENSE:
                asked = {"facility": facility} | dict.fromkeys(names, value)
                code = post(question, json.dumps(asked).encode()).status_code
                # Some ask nothing, and a number may well be one that nobody has.
                assert code in (200, 400, 403), (question, value, code)
        for body in (b"", b"{", b"[]", b"\xff\xfe", b"[" * 100_000):
            assert post("pull", body).status_code == 400, body[:9]
        packed = {"content-encoding": "gzip"}
        bomb = gzip.compress(b" " * (LARGEST_BODY + 1))
        assert post("push", bomb, **packed).status_code == 413
        assert post("push", b"not packed", **packed).status_code == 400
        assert post("push", gzip.compress(b"{}")[:-4], **packed).status_code == 400
        with suppress(httpx.WriteError):  # refused by its length, before it was read
            assert post("push", bytes(LARGEST_BODY + 1)).status_code == 413
        endless = (b" " * 65536 for _ in range(LARGEST_BODY // 65536 + 2))
        with suppress(httpx.WriteError):
            assert post("push", endless).status_code == 413
        assert post("no/such", b"{}").status_code == 404
    assert one_round(a.store, a.dsn)


@both_by_gateway
def test_an_entry_that_is_too_large_says_so_and_a_large_batch_is_divided(
    desks: tuple[Any, Any, str], link_to: Any, admin_dsn: str
) -> None:
    a, b, _ = desks
    link = link_to(a.dsn, Replica(a.store).identity())
    larger = [Outgoing(9, new_id(), "x" * (LARGEST_BODY + 1))]
    with pytest.raises(Refused, match="request_too_large"):
        link.push(larger, (1, "f" * 64))
    assert on_server(admin_dsn, "SELECT count(*) FROM inbox WHERE ws_seq = 9") == [(0,)]
    for number in range(3):
        register(a, last=f"Byrd{number}", note="x" * (PUSH_BYTES // 2))
    rounds(a, b)
    assert len(b.store.read().find("person")) == 4


@both_by_gateway
def test_who_is_slow_with_a_request_is_cut_off_and_nobody_waits_for_them(
    desks: tuple[Any, Any, str], certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, _ = desks
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.5)
    context = ssl.create_default_context(cadata=certificates.authority.der)
    port = httpx.URL(read_address(a.dsn).base).port
    slow = []
    for _ in range(20):
        raw = socket.create_connection((HOST, port), timeout=20)
        line = context.wrap_socket(raw, server_hostname=HOST)
        line.sendall(b"POST /v1/pull HTTP/1.1\r\n")
        slow.append(line)
    register(a, last="Byrd")
    rounds(a, b)
    for line in slow:
        with suppress(ConnectionError, ssl.SSLError):
            line.sendall(b"X-A: b\r\n")
            assert line.recv(1) == b"", "cut off"
        line.close()


# Many desks, few connections


def test_two_hundred_desks_in_step_hold_a_handful_of_connections(
    admin_dsn: str, certificates: Certificates
) -> None:
    most, desks = 4, 200
    with RunningGateway(admin_dsn, certificates, connections=most, waiting=desks) as gateway:
        place = "Mercy General"
        gateway.enrol("desk-0", place)
        addresses = [*_enrolled(admin_dsn, gateway, desks)]
        facility = on_server(admin_dsn, "SELECT facility FROM facility_feed")[0][0]
        ended = threading.Event()
        with ThreadPoolExecutor(33) as pool:
            seen = pool.submit(_most_connections, admin_dsn, ended)
            links = [
                GatewayTransport(address, Identity(new_id(), facility, f"{number:03}"))
                for number, address in enumerate(addresses)
            ]
            codes = {greeting.receipt_code for greeting in pool.map(lambda x: x.greet(), links)}
            ears = [link.listen() for link in links[:20]]
            list(pool.map(_one_turn, links))
            ended.set()
            held = seen.result()
            for each in ears:
                each.close()
            for link in links:
                link.close()
        assert len(codes) == desks
        assert 1 <= held <= most
    assert on_server(admin_dsn, "SELECT count(*) FROM inbox") == [(desks,)]


def _one_turn(link: GatewayTransport) -> None:
    link.push([Outgoing(1, new_id(), "{}")], (1, "f" * 64))
    link.pull(0)


def _enrolled(admin_dsn: str, gateway: RunningGateway, desks: int) -> Iterator[GatewayAddress]:
    """Many at once, as shared enrol would one by one."""
    authority = gateway.certificates.authority
    add = (
        "INSERT INTO enrolment (login, facility, name, receipt_code, enrolled_at, proof)"
        " SELECT %s, facility, %s, %s, now(), %s FROM facility_feed"
    )
    with psycopg.connect(admin_dsn) as connection:
        connection.execute("DELETE FROM enrolment")
        for number in range(desks):
            issued = issue_to_desk(authority, f"desk_{number}", utc_now())
            proof = of_certificate(issued.certificate)
            connection.execute(add, (f"desk_{number}", f"desk {number}", f"{number:03}", proof))
            own = OwnCertificate(issued.certificate, issued.key)
            yield GatewayAddress(gateway.base, own, authority.der)


def _most_connections(admin_dsn: str, ended: threading.Event) -> int:
    count = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND usename LIKE 'gateway_%'"
    )
    most = 0
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        while not ended.wait(0.02):
            [(now,)] = connection.execute(count).fetchall()
            most = max(most, now)
    return most


# Back-pressure, and a database that is out of turn or away


def test_who_comes_in_vain_is_told_when_to_come_again_and_does(
    admin_dsn: str, certificates: Certificates, link_to: Any
) -> None:
    with RunningGateway(admin_dsn, certificates, connections=1, waiting=0) as gateway:
        first = gateway.enrol("desk-A", "Mercy General")
        second = gateway.enrol("desk-B", "Mercy General")
        facility = on_server(admin_dsn, "SELECT facility FROM facility_feed")[0][0]
        a, b = (
            link_to(address, Identity(new_id(), facility, "AAA")) for address in (first, second)
        )
        a.greet()
        b.greet()
        with psycopg.connect(admin_dsn) as holds, ThreadPoolExecutor(1) as pool:
            holds.execute("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE")
            pushed = pool.submit(a.push, [Outgoing(1, new_id(), "{}")], (1, "f" * 64))
            assert _comes_to(lambda: gateway.gateway._turns._under_way.total() == 1)
            with pytest.raises(OutsideSilent):
                b.pull(0)
            waits = b._line._not_before
            holds.rollback()
            pushed.result(20)
        assert waits > 0
        served = gateway._server.server_state.total_requests
        with pytest.raises(OutsideSilent):
            b.pull(0)
        assert gateway._server.server_state.total_requests == served, "nothing was sent"
        b._line._not_before = 0.0
        b.pull(0)


@both_by_gateway
def test_one_desk_that_asks_too_much_at_once_does_not_stop_the_others(
    desks: tuple[Any, Any, str], link_to: Any, admin_dsn: str, gateway: RunningGateway
) -> None:
    a, b, _ = desks
    link = link_to(a.dsn, Replica(a.store).identity())
    with psycopg.connect(admin_dsn) as holds, ThreadPoolExecutor(4) as pool:
        holds.execute("LOCK TABLE audit_anchor IN ACCESS EXCLUSIVE MODE")
        asked = [pool.submit(link.anchors) for _ in range(4)]
        assert _comes_to(lambda: gateway.gateway._turns._under_way.total() == 4)
        with posting(a) as post:
            answer = post("pull", b"{}")
        assert (answer.status_code, int(answer.headers["retry-after"]) > 0) == (429, True)
        holds.rollback()
        for each in asked:
            assert isinstance(each.result(20), list)
    link.close()
    rounds(b)


@both_by_gateway
def test_a_transaction_that_postgresql_undoes_is_tried_again(
    desks: tuple[Any, Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, _ = desks
    undone = []
    push = DeskDatabase.push

    def in_a_deadlock(self: DeskDatabase, batch: Any, anchor: Any) -> None:
        with shared_faults():
            if len(undone) < 3:
                undone.append(batch)
                raise DeadlockDetected
        push(self, batch, anchor)

    monkeypatch.setattr(DeskDatabase, "push", in_a_deadlock)
    person_id = register(a, last="Byrd")
    rounds(a, b)
    assert (len(undone), person(b, person_id)["last"]) == (3, "Byrd")


@both_by_gateway
def test_a_fault_of_the_gateway_is_an_answer_and_its_log_tells_no_value(
    desks: tuple[Any, Any, str], link_to: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    a, _, _ = desks
    told: list[Any] = []

    class Log:
        def warning(self, event: str, **more: Any) -> None:
            told.append((event, more))

    def breaks(self: DeskDatabase, after: int) -> None:
        raise RuntimeError("Quenby 1985-03-03")

    monkeypatch.setattr("db.gateway.app.logger", Log)
    monkeypatch.setattr(DeskDatabase, "pull", breaks)
    with pytest.raises(OutsideSilent):
        link_to(a.dsn, Replica(a.store).identity()).pull(0)
    [(event, more)] = told
    assert (event, more["command"], more["error_type"]) == ("desk_refused", "pull", "RuntimeError")
    assert "Quenby" not in repr(told) + "".join(capsys.readouterr())


def test_its_health_tells_whether_the_database_answers(
    admin_dsn: str, certificates: Certificates, gateway: RunningGateway, pg_server: Any
) -> None:
    context = ssl.create_default_context(cadata=certificates.authority.der)

    def well() -> bool:
        answer = httpx.get(f"{gateway.base}/health", verify=context)
        assert answer.json() == {"ok": answer.status_code == 200}
        return bool(answer.json()["ok"])

    assert _comes_to(well)
    with psycopg.connect(pg_server.dsn(), autocommit=True) as connection:
        name = str(on_server(admin_dsn, "SELECT current_database()")[0][0])
        login = str(on_server(admin_dsn, "SELECT current_user")[0][0])
        assert login
        connection.execute(f"ALTER DATABASE {name} CONNECTION LIMIT 0".encode())
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        assert _comes_to(lambda: not well())
        connection.execute(f"ALTER DATABASE {name} CONNECTION LIMIT -1".encode())
    assert _comes_to(well)


def _comes_to(holds: Callable[[], bool], seconds: float = 20.0) -> bool:
    pause = threading.Event()
    for _ in range(int(seconds / 0.02)):
        if holds():
            return True
        pause.wait(0.02)
    return False
