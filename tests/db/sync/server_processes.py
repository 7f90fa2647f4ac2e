"""The operating system's processes of a real PostgreSQL: to be killed, stopped and let go on."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

from db.postgres_server import PostgresServer


def pids(server: PostgresServer) -> list[int]:
    """The postmaster first, then its children (Linux)."""
    lock = server.data / "postmaster.pid"
    if not lock.exists():
        return []
    master = int(lock.read_text().split()[0])
    children = []
    for each in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            if each.name.isdigit() and int(_stat(int(each.name))[1]) == master:
                children.append(int(each.name))
    return [master, *children]


def kill(server: PostgresServer) -> int:
    """SIGKILL to all of them, as when the power is cut; answers how many.

    The lock file goes too: where nobody reaps the dead, the postmaster's number would seem alive.
    """
    doomed = pids(server)
    sent = _send(doomed, signal.SIGKILL)
    while any(_lives(pid) for pid in doomed):
        time.sleep(0.01)
    (server.data / "postmaster.pid").unlink(missing_ok=True)
    return sent


def stop(server: PostgresServer) -> int:
    """SIGSTOP: they live, hold their connections, and answer nothing."""
    return _send(pids(server), signal.SIGSTOP)


def go_on(server: PostgresServer) -> int:
    """SIGCONT."""
    return _send(pids(server), signal.SIGCONT)


def is_stopped(pid: int) -> bool:
    """Whether a process is stopped by a signal."""
    return _stat(pid)[0] == "T"


def _send(targets: list[int], sign: signal.Signals) -> int:
    sent = 0
    for pid in targets:
        with suppress(ProcessLookupError):
            os.kill(pid, sign)
            sent += 1
    return sent


def _lives(pid: int) -> bool:
    try:
        return _stat(pid)[0] != "Z"
    except OSError:
        return False


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
