"""Debian's PostgreSQL 15 with TLS on loopback: certificates and rules of entry can be changed."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import psycopg
from patroni_cluster import PROGRAMS, UNPRIVILEGED, free_port

from db.gateway.certificates import (
    AUTHORITY,
    SERVER,
    SERVER_KEY,
    issue_to_gateway,
    make_authority,
    read_authority,
)
from workstation.kernel.clock import utc_now

HOST = "db.hospital.example"
"""The name of the server; every DSN says that it is on this machine."""

SCRAM = "hostssl all all 127.0.0.1/32 scram-sha-256"
CERTIFICATE = "hostssl all all 127.0.0.1/32 cert"
BOTH = "hostssl all all 127.0.0.1/32 scram-sha-256 clientcert=verify-full"


class DebianPostgres:
    """Started on ``with``, gone afterwards. Logins come in by :data:`SCRAM` over TLS alone."""

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="portico-tls-"))
        self.home.chmod(0o711)
        self.port = free_port()
        self._data = self.home / "data"
        self._password = secrets.token_hex(12)
        self.authority = self.home / "authority"
        make_authority(self.authority, utc_now())

    def __enter__(self) -> Self:
        try:
            self._data.mkdir(mode=0o700)
            secret = self.home / "password"
            secret.write_text(self._password)
            for path in (self._data, secret):
                self._give(path)
            self._run(
                *("initdb", "-D", self._data, "-U", UNPRIVILEGED, f"--pwfile={secret}"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--no-sync"),
            )
            secret.unlink()
            self.serve_certificate(HOST, utc_now())
            self.let_in(SCRAM)
            shutil.copy(self.authority / AUTHORITY, self._data / "clients.pem")
            self._give(self._data / "clients.pem")
            settings = (
                f"port={self.port} listen_addresses=127.0.0.1 unix_socket_directories='' ssl=on "
                "ssl_cert_file=server.pem ssl_key_file=server.key ssl_ca_file=clients.pem "
                "password_encryption=scram-sha-256 fsync=off"
            )
            options = " ".join(f"-c {each}" for each in settings.split())
            self._run("pg_ctl", "-D", self._data, "-w", "-l", self._log, "-o", options, "start")
            with psycopg.connect(self.admin_dsn("postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE portico")
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()

    def remove(self) -> None:
        """Stops the server if it runs and deletes its data."""
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self._data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.home, ignore_errors=True)

    def admin_dsn(self, database: str = "portico") -> str:
        """The administrator's DSN, which proves the server."""
        settings = {
            "hostaddr": "127.0.0.1",
            "sslmode": "verify-full",
            "sslrootcert": self.authority / AUTHORITY,
        }
        place = f"{UNPRIVILEGED}:{self._password}@{HOST}:{self.port}/{database}"
        return f"postgresql://{place}?{urlencode(settings)}"

    def serve_certificate(self, name: str, since: datetime) -> None:
        """What the server shows from now on: for that name, signed then by its authority."""
        made = self.home / f"made-{secrets.token_hex(4)}"
        made.mkdir()
        issue_to_gateway(read_authority(self.authority), name, made, since)
        for here, there in ((SERVER, "server.pem"), (SERVER_KEY, "server.key")):
            shutil.copy(made / here, self._data / there)
            (self._data / there).chmod(0o600)
            self._give(self._data / there)
        self._reload()

    def let_in(self, rule: str) -> None:
        """By which rule (pg_hba.conf) desks come in from now on."""
        own = f"hostssl all {UNPRIVILEGED} 127.0.0.1/32 scram-sha-256"
        (self._data / "pg_hba.conf").write_text(f"{own}\n{rule}\n")
        self._reload()

    @property
    def _log(self) -> Path:
        return self._data / "server.log"

    def _reload(self) -> None:
        if (self._data / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self._data, "reload")

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            shutil.chown(path, UNPRIVILEGED, UNPRIVILEGED)

    def _run(self, program: str, *words: str | Path) -> None:
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [str(PROGRAMS / program), *map(str, words)],
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                check=False,
                user=UNPRIVILEGED if os.geteuid() == 0 else None,
                group=UNPRIVILEGED if os.geteuid() == 0 else None,
                extra_groups=[] if os.geteuid() == 0 else None,
                env={**os.environ, "LC_ALL": "C"},
            )
            said.seek(0)
            assert done.returncode == 0, said.read().decode(errors="replace")[-2000:]
