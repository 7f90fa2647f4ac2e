"""Debian's PostgreSQL over TLS: who cannot prove who they are, server or desk, gets nothing."""

from __future__ import annotations

import secrets
import socket
import ssl
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from debian_postgres import BOTH, CERTIFICATE, HOST, SCRAM, DebianPostgres
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from db.gateway.certificates import (
    AUTHORITY,
    SERVER,
    SERVER_KEY,
    issue_to_desk,
    issue_to_gateway,
    make_authority,
    read_authority,
)
from db.schema import bring_up_to_date
from db.server_proof import fault_of_certificate
from db.shared.admin import Enrolled, enrol_desk, prepare_shared
from db.store import SqlStore
from db.sync.rounds import look
from workstation.access.desk import make_desk
from workstation.facility.model import Facility, facility_id
from workstation.kernel.clock import utc_now

PLAIN = "could not prove that it is the real one"
NOT_IN = "did not accept this desk"


@pytest.fixture(scope="module")
def server() -> Iterator[DebianPostgres]:
    """The server with the shared database in it."""
    with DebianPostgres() as running:
        prepare_shared(running.admin_dsn())
        yield running


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """A desk's own."""
    made = SqlStore(tmp_path / "desk.db", secrets.token_hex(32))
    bring_up_to_date(made.write_engine)
    make_desk(made, "desk", Facility(facility_id("Mercy"), "Mercy"))
    yield made
    made.close()


@pytest.fixture
def desk(server: DebianPostgres) -> Iterator[Enrolled]:
    """Enrolled anew; afterwards the server is as it was."""
    server.let_in(SCRAM)
    yield enrol_desk(server.admin_dsn(), "desk", "Mercy", new_machine=True)
    server.let_in(SCRAM)
    server.serve_certificate(HOST, utc_now())


def test_an_enrolled_desk_speaks_over_proven_tls_with_scram(
    server: DebianPostgres, store: SqlStore, desk: Enrolled
) -> None:
    assert conninfo_to_dict(desk.dsn)["sslmode"] == "verify-full"
    assert look(store, desk.dsn).connected
    with psycopg.connect(desk.dsn) as connection:
        assert connection.pgconn.ssl_in_use
    with psycopg.connect(server.admin_dsn()) as connection:
        [(kept,)] = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = %s", [desk.login]
        ).fetchall()
    assert kept.startswith("SCRAM-SHA-256$")
    assert fault_of_certificate(desk.dsn) is None


def test_a_server_of_another_authority_is_told(
    store: SqlStore, desk: Enrolled, tmp_path: Path
) -> None:
    make_authority(tmp_path / "other", utc_now())
    same_name = make_conninfo(desk.dsn, sslrootcert=str(tmp_path / "other" / AUTHORITY))
    _told(store, same_name, PLAIN, "signed by another authority")
    assert "signature" in (fault_of_certificate(same_name) or "")
    worlds = make_conninfo(desk.dsn, sslrootcert="system")
    _told(store, worlds, PLAIN, "not signed by the authority in sslrootcert")
    assert "self-signed certificate" in (fault_of_certificate(worlds) or "")


def test_a_server_of_another_name_is_told(
    server: DebianPostgres, store: SqlStore, desk: Enrolled
) -> None:
    server.serve_certificate("other.hospital.example", utc_now())
    assert _eventually(lambda: "mismatch" in (fault_of_certificate(desk.dsn) or ""))
    _told(store, desk.dsn, PLAIN, "for another host name")


def test_an_expired_certificate_is_told(
    server: DebianPostgres, store: SqlStore, desk: Enrolled
) -> None:
    server.serve_certificate(HOST, utc_now() - timedelta(days=398))
    assert _eventually(lambda: "expired" in (fault_of_certificate(desk.dsn) or ""))
    _told(store, desk.dsn, PLAIN, "has expired")


def test_a_missing_authority_is_told(store: SqlStore, desk: Enrolled, tmp_path: Path) -> None:
    _told(
        store,
        make_conninfo(desk.dsn, sslrootcert=str(tmp_path / "none.pem")),
        PLAIN,
        "not on this desk",
    )


def test_nobody_comes_in_without_tls(store: SqlStore, desk: Enrolled) -> None:
    _told(store, make_conninfo(desk.dsn, sslmode="disable"), NOT_IN, "pg_hba.conf")


@pytest.mark.parametrize("rule", [CERTIFICATE, BOTH], ids=["certificate", "both"])
def test_where_a_certificate_is_asked_a_password_alone_is_refused(
    server: DebianPostgres, store: SqlStore, desk: Enrolled, tmp_path: Path, rule: str
) -> None:
    server.let_in(rule)
    make_authority(tmp_path / "other", utc_now())
    assert _eventually(lambda: not look(store, desk.dsn).connected)
    _told(store, desk.dsn, NOT_IN, "sslcert and sslkey")
    _told(store, _with(desk, desk.login, tmp_path / "other", tmp_path), NOT_IN, "who signed")
    stranger = _with(desk, "somebody", server.authority, tmp_path)
    _told(store, stranger, NOT_IN, "for another login" if rule is CERTIFICATE else "enrol")
    assert look(store, _with(desk, desk.login, server.authority, tmp_path)).connected
    if rule is CERTIFICATE:
        own = _with(desk, desk.login, server.authority, tmp_path)
        parts = {name: value for name, value in conninfo_to_dict(own).items() if name != "password"}
        assert look(store, make_conninfo(**parts)).connected, "no password is needed"


def _with(desk: Enrolled, name: str, authority: Path, folder: Path) -> str:
    """The desk's DSN with a certificate for a name that an authority signed."""
    issued = issue_to_desk(read_authority(authority), name, utc_now())
    certificate, key = folder / "own.pem", folder / "own.key"
    pem = serialization.Encoding.PEM
    certificate.write_bytes(x509.load_der_x509_certificate(issued.certificate).public_bytes(pem))
    key.touch(mode=0o600)
    key.write_bytes(
        serialization.load_der_private_key(issued.key, None).private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return make_conninfo(desk.dsn, sslcert=str(certificate), sslkey=str(key))


@pytest.mark.parametrize("speaks_tls", [True, False], ids=["own-certificate", "no-tls"])
def test_a_man_in_the_middle_gets_nothing(
    store: SqlStore, desk: Enrolled, tmp_path: Path, speaks_tls: bool
) -> None:
    with Middle(tmp_path, speaks_tls=speaks_tls) as middle:
        there = make_conninfo(desk.dsn, port=middle.port)
        reason = "signed by another authority" if speaks_tls else "does not speak TLS"
        _told(store, there, PLAIN, reason)
        assert middle.met, "nobody came by"
        assert desk.login.encode() not in middle.heard
        # That it could have heard something: a desk that believes anybody tells its name at once.
        lax = make_conninfo(there, sslmode="require" if speaks_tls else "prefer", sslrootcert="")
        with suppress(psycopg.Error):
            psycopg.connect(lax, connect_timeout=5)
        assert desk.login.encode() in middle.heard


class Middle:
    """Takes the server's place, with a certificate of its own for the very same name."""

    def __init__(self, folder: Path, *, speaks_tls: bool) -> None:
        authority = make_authority(folder / "middle", utc_now())
        issue_to_gateway(authority, HOST, folder / "middle", utc_now())
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(folder / "middle" / SERVER, folder / "middle" / SERVER_KEY)
        self._speaks_tls = speaks_tls
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self.heard = b""
        self.met = 0
        self._thread = threading.Thread(target=self._take)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join()

    def _take(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            with line, suppress(OSError):
                line.settimeout(5)
                self.met += 1
                self.heard += line.recv(struct.calcsize("!ii"))
                line.sendall(b"S" if self._speaks_tls else b"N")
                if not self._speaks_tls:
                    self.heard += line.recv(4096)
                    continue
                with self._context.wrap_socket(line, server_side=True) as open_line:
                    self.heard += open_line.recv(4096)


def _told(store: SqlStore, dsn: str, plain: str, for_it: str) -> None:
    status = look(store, dsn)
    assert not status.connected
    assert plain in (status.trouble or "")
    assert for_it in (status.trouble or "")
    assert "Everything is kept on this workstation." in (status.trouble or "")


def _eventually(holds: object, seconds: float = 10.0) -> bool:
    assert callable(holds)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if holds():
            return True
        threading.Event().wait(0.1)
    return False
