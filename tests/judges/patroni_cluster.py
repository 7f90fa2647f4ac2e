"""A real Patroni cluster on loopback: etcd, three synchronous PostgreSQL, PgBouncer.

For the judges, and to try it by hand: ``dev.py cluster``. Everything is Debian's own, runs as the
user ``postgres``, and lies in one temporary folder; Debian's main cluster is left alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
UNPRIVILEGED = "postgres"
NODES = ("one", "two", "three")

DATABASE = "portico"
"""A database of its own: ``shared init`` closes it to all but desks, and Patroni's user for
pg_rewind must get into ``postgres``."""

TTL_S, LOOP_S, RETRY_S = 6, 1, 2
"""Patroni's leader lease, loop and retry. A hospital has 30, 10 and 10: here many kills must fit
into minutes, and all three nodes share one clock and one machine."""

_PATIENCE_S = 60.0


class ClusterFault(RuntimeError):
    """The cluster did not come to where it was expected, with the end of its logs."""


class Node:
    """One machine of the cluster: a Patroni and the PostgreSQL that it keeps."""

    def __init__(self, home: Path, name: str) -> None:
        self.name = name
        self.port, self.rest = free_port(), free_port()
        self.data = home / name
        self.settings = home / f"{name}.yml"
        self.log = home / f"{name}.log"
        self.process: subprocess.Popen[bytes] | None = None

    def postgres_pid(self) -> int | None:
        """The postmaster's process id, while it has one."""
        with contextlib.suppress(OSError, ValueError, IndexError):
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        return None

    def answer(self, path: str) -> dict[str, Any] | None:
        """What Patroni's REST interface says, also with its negative answers; None if nothing."""
        address = f"http://127.0.0.1:{self.rest}{path}"
        try:
            with urllib.request.urlopen(address, timeout=2) as told:
                return {"status": told.status, **json.load(told)}
        except urllib.error.HTTPError as no:
            with no:
                return {"status": no.code}
        except (OSError, ValueError):
            return None


class PatroniCluster:
    """Starts on ``with`` (about half a minute), is gone afterwards.

    ``synchronous`` false is the set-up that loses acknowledged commands; it is there to show so.
    """

    def __init__(self, *, synchronous: bool = True) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="portico-cluster-"))
        self.home.chmod(0o711)
        self._synchronous = synchronous
        self._password = secrets.token_hex(12)
        self._etcd_client, self._etcd_peer = free_port(), free_port()
        self._etcd: subprocess.Popen[bytes] | None = None
        self._pgbouncer: subprocess.Popen[bytes] | None = None
        self.pooled_port = free_port()
        self.nodes = {name: Node(self.home, name) for name in NODES}

    def __enter__(self) -> Self:
        try:
            self.start()
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

    # -- addresses ------------------------------------------------------------------------------

    def dsn(self, database: str = DATABASE) -> str:
        """The administrator's DSN: every node, and of them the one that takes writes."""
        ports = ",".join(str(node.port) for node in self.nodes.values())
        hosts = ",".join("127.0.0.1" for _ in self.nodes)
        return (
            f"postgresql:///{database}?user={UNPRIVILEGED}&password={self._password}"
            f"&host={hosts}&port={ports}&target_session_attrs=read-write"
        )

    def pooled(self, dsn: str) -> str:
        """A DSN through PgBouncer in transaction mode, which points at the primary."""
        given = conninfo_to_dict(dsn)
        known = {name: given[name] for name in ("user", "password", "dbname")}
        return make_conninfo(host="127.0.0.1", port=self.pooled_port, **known)

    # -- life -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Starts etcd, the nodes one after the other, and PgBouncer."""
        if _is_root():
            shutil.chown(self.home, UNPRIVILEGED, UNPRIVILEGED)
        self._start_etcd()
        for node in self.nodes.values():
            self._write_settings(node)
        self._write_pgbouncer()
        first, *others = self.nodes.values()
        self.start_node(first.name)
        self.wait(lambda: self.primary() is first, "a first primary")
        self._pgbouncer = self._spawn(
            "pgbouncer", "/usr/sbin/pgbouncer", self.home / "pgbouncer.ini"
        )
        for node in others:
            self.start_node(node.name)
        self.wait(self.whole, "three members")
        with psycopg.connect(self.dsn("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}".encode())

    def start_node(self, name: str) -> None:
        """Starts a node's Patroni, as its machine would at boot; it finds its place by itself."""
        node = self.nodes[name]
        node.process = self._spawn(name, "/usr/bin/patroni", node.settings)

    def primary(self) -> Node | None:
        """The node that holds the leader's lease and takes writes, as Patroni says."""
        for node in self.nodes.values():
            told = node.answer("/primary")
            if told is not None and told["status"] == 200:
                return node
        return None

    def whole(self) -> bool:
        """Whether Patroni has a leader, every node runs, and one of them may take over at once.

        PostgreSQL says so a moment earlier; until Patroni has noted its synchronous standby, none
        would be promoted, and the dead primary would be waited for.
        """
        primary = self.primary()
        told = primary.answer("/cluster") if primary is not None else None
        members = told["members"] if told is not None and "members" in told else []
        running = [
            each["role"] for each in members if each.get("state") in ("running", "streaming")
        ]
        return len(running) == len(NODES) and (not self._synchronous or "sync_standby" in running)

    def takes_writes(self) -> bool:
        """Whether a client finds a primary: Patroni says so a moment earlier."""
        with contextlib.suppress(psycopg.Error), psycopg.connect(self.dsn("postgres")):
            return True
        return False

    def kill(self, node: Node) -> int:
        """SIGKILL to a node's Patroni, its postmaster and every backend; how many processes died.

        Nothing of it is shut down, flushed or released, as where a machine loses its power.
        """
        assert node.process is not None
        postmaster = node.postgres_pid()
        # Patroni first: it must not see its PostgreSQL die and give the lease away in good order.
        node.process.kill()
        killed = 1
        if postmaster is not None:
            for pid in (postmaster, *_children(postmaster)):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
        node.process.wait()
        return killed

    def hold_back(self, node: Node) -> None:
        """Stops (SIGSTOP) what sends a primary's changes to its standbys, as a bad line would."""
        _signal_child(node, b"walsender", signal.SIGSTOP)

    def lag(self, node: Node, *, behind: bool) -> None:
        """Stops what replays the primary's changes on a standby, which still takes them in; or
        lets it go on. (Patroni would end a pause that was asked for by SQL.)"""
        _signal_child(node, b"startup", signal.SIGSTOP if behind else signal.SIGCONT)

    def wait(self, holds: Callable[[], bool], what: str, seconds: float = _PATIENCE_S) -> float:
        """Waits until that holds; answers the seconds. Raises ClusterFault."""
        began = time.monotonic()
        pause = threading.Event()
        while not holds():
            if time.monotonic() - began > seconds:
                raise ClusterFault(f"no {what} after {seconds:.0f} s\n{self._last_words()}")
            pause.wait(0.2)
        return time.monotonic() - began

    def remove(self) -> None:
        """Kills what still runs and deletes everything."""
        for node in self.nodes.values():
            if node.process is not None:
                self.kill(node)
        for process in (self._pgbouncer, self._etcd):
            if process is not None:
                process.kill()
                process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    # -- parts ----------------------------------------------------------------------------------

    def _start_etcd(self) -> None:
        client = f"http://127.0.0.1:{self._etcd_client}"
        peer = f"http://127.0.0.1:{self._etcd_peer}"
        self._etcd = self._spawn(
            "etcd",
            *("/usr/bin/etcd", "--name", "etcd", "--data-dir", self.home / "etcd"),
            *("--listen-client-urls", client, "--advertise-client-urls", client),
            *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
            *("--initial-cluster", f"etcd={peer}", "--log-level", "error"),
        )
        self.wait(lambda: _listens(self._etcd_client), "etcd", 20)

    def _write_settings(self, node: Node) -> None:
        local = "127.0.0.1/32 scram-sha-256"
        settings = {
            "scope": "portico",
            "name": node.name,
            "log": {"level": "INFO"},
            "restapi": _address(node.rest),
            "etcd3": {"host": f"127.0.0.1:{self._etcd_client}"},
            "bootstrap": {
                "dcs": {
                    "ttl": TTL_S,
                    "loop_wait": LOOP_S,
                    "retry_timeout": RETRY_S,
                    "maximum_lag_on_failover": 64 * 1024**2,
                    "synchronous_mode": self._synchronous,
                    # Desks go on by themselves: a server that waits costs nobody anything, one
                    # that confirms what only one machine has may cost a payment.
                    "synchronous_mode_strict": self._synchronous,
                    "postgresql": {"use_pg_rewind": True, "parameters": _PARAMETERS},
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, "data-checksums"],
            },
            "postgresql": {
                **_address(node.port),
                "data_dir": str(node.data),
                "bin_dir": str(PROGRAMS),
                "pgpass": str(self.home / f"{node.name}.pgpass"),
                "remove_data_directory_on_diverged_timelines": True,
                "authentication": {
                    "superuser": {"username": UNPRIVILEGED, "password": self._password},
                    "replication": {"username": "replicator", "password": self._password},
                    "rewind": {"username": "rewinder", "password": self._password},
                },
                "parameters": {"unix_socket_directories": ""},
                "basebackup": {"checkpoint": "fast"},
                "pg_hba": [f"host all all {local}", f"host replication replicator {local}"],
                "callbacks": dict.fromkeys(
                    ("on_start", "on_role_change"), f"{self.home}/pooler.sh {node.port}"
                ),
            },
        }
        # YAML understands JSON.
        self._write(node.settings.name, json.dumps(settings, indent=1))

    def _write_pgbouncer(self) -> None:
        """PgBouncer follows the primary: Patroni tells it on every change, as at a real site."""
        self._write("pooled.ini", "[databases]\n")
        self._write(
            "pgbouncer.ini",
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.pooled_port}\n"
            "pool_mode = transaction\nauth_type = scram-sha-256\n"
            f"auth_file = {self.home}/userlist.txt\nauth_user = {UNPRIVILEGED}\n"
            f"pidfile = {self.home}/pgbouncer.pid\n"
            "unix_socket_dir =\nmax_client_conn = 400\ndefault_pool_size = 20\n"
            "server_check_delay = 5\nserver_login_retry = 1\nserver_connect_timeout = 3\n"
            "ignore_startup_parameters = extra_float_digits,options\n"
            f"%include {self.home}/pooled.ini\n",
        )
        self._write("userlist.txt", f'"{UNPRIVILEGED}" "{self._password}"\n')
        self._write(
            "pooler.sh",
            "#!/bin/sh\n# Patroni: PORT ACTION ROLE CLUSTER\n"
            'case "$3" in master|primary) ;; *) exit 0 ;; esac\n'
            f"cd {self.home} || exit 1\n"
            'printf "[databases]\\n* = host=127.0.0.1 port=%s\\n" "$1" > "pooled.$1"\n'
            'mv "pooled.$1" pooled.ini\n'
            'test -e pgbouncer.pid && kill -HUP "$(cat pgbouncer.pid)"\nexit 0\n',
            mode=0o700,
        )

    def _write(self, name: str, content: str, *, mode: int = 0o600) -> None:
        path = self.home / name
        path.touch(mode=mode)
        path.write_text(content, encoding="utf-8")
        if _is_root():
            shutil.chown(path, UNPRIVILEGED, UNPRIVILEGED)

    def _spawn(self, name: str, *words: str | Path) -> subprocess.Popen[bytes]:
        with (self.home / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [str(each) for each in words],
                cwd=self.home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=UNPRIVILEGED if _is_root() else None,
                group=UNPRIVILEGED if _is_root() else None,
                extra_groups=[] if _is_root() else None,
                env={"PATH": os.environ["PATH"], "HOME": str(self.home), "LC_ALL": "C.UTF-8"},
            )

    def _last_words(self) -> str:
        ends = ((log.name, log.read_text(errors="replace")[-1500:]) for log in self._logs())
        return "\n".join(f"== {name}\n{end}" for name, end in ends)

    def _logs(self) -> Iterator[Path]:
        yield from sorted(self.home.glob("*.log"))


_PARAMETERS = {
    "max_connections": 300,
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "wal_keep_size": "256MB",
    "password_encryption": "scram-sha-256",
}


def _address(port: int) -> dict[str, str]:
    return {"listen": f"127.0.0.1:{port}", "connect_address": f"127.0.0.1:{port}"}


def _signal_child(node: Node, title: bytes, number: signal.Signals) -> None:
    postmaster = node.postgres_pid()
    for pid in _children(postmaster) if postmaster is not None else []:
        with contextlib.suppress(OSError):
            if title in Path(f"/proc/{pid}/cmdline").read_bytes():
                os.kill(pid, number)


def _children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # The name in brackets may hold anything; what follows it does not.
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(status.parent.name))
    return found


def _listens(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def _is_root() -> bool:
    return os.geteuid() == 0


def free_port() -> int:
    """A port of loopback that nobody has at this moment."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port: int = door.getsockname()[1]
        return port


def main() -> None:
    """Starts a cluster with the shared database in it and keeps it until Ctrl-C."""
    from db.gateway.service import ApplierService
    from db.shared.admin import prepare_shared

    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopping.set())
    print("starting etcd, three PostgreSQL under Patroni, PgBouncer …", flush=True)
    with PatroniCluster() as cluster:
        dsn = cluster.dsn()
        prepare_shared(dsn)
        applier = ApplierService(dsn, tell=lambda words: print(f"applier: {words}", flush=True))
        applier.start()
        print(f"\nexport PORTICO_ADMIN_DSN='{dsn}'\nportico shared enrol DESK --facility NAME\n")
        settings = cluster.nodes[NODES[0]].settings
        print(f"patronictl -c {settings} list   (or switchover, failover)")
        for node in cluster.nodes.values():
            assert node.process is not None
            print(f"node {node.name}: Patroni {node.process.pid}, PostgreSQL port {node.port}")
        print("\nCtrl-C ends it and deletes everything.", flush=True)
        stopping.wait()
        applier.stop()


if __name__ == "__main__":
    main()
