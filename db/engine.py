"""Engines: the encrypted SQLite of this desk, and PostgreSQL; and what their faults mean."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from db.turns import store_busy
from workstation.kernel.errors import NotUnderstood, PorticoError

if TYPE_CHECKING:
    from psycopg import Connection

BUSY_MS = 10_000
PAGE_CACHE_KIB = 64 * 1024


def local_engine(path: Path, key: str, *, writes: bool) -> Engine:
    """An engine on the store at ``path`` with the raw key of 64 hex digits.

    The writing engine begins every transaction with ``BEGIN IMMEDIATE``, so that sequence, audit
    head and receipt number are taken by one process at a time; the reading one cannot write.
    """
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=_opener(path, key, writes=writes),
        poolclass=QueuePool,
        pool_size=1 if writes else 4,
        max_overflow=4,
        hide_parameters=True,  # a fault's text may reach a log; values are patients' data
    )
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _opener(path: Path, key: str, *, writes: bool) -> Callable[[], Any]:
    def open_connection() -> Any:
        connection = sqlcipher.connect(
            str(path), timeout=BUSY_MS / 1000, check_same_thread=False, isolation_level=None
        )
        run = connection.execute
        run("PRAGMA cipher_log_level = NONE")  # it would write to stderr
        run(f"PRAGMA key = \"x'{key}'\"")
        run("PRAGMA foreign_keys = ON")
        run(f"PRAGMA busy_timeout = {BUSY_MS}")
        run(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
        if writes:
            run("PRAGMA journal_mode = WAL")
            run("PRAGMA synchronous = FULL")  # the outbox is in this file
        else:
            run("PRAGMA query_only = ON")
        return connection

    return open_connection


_PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,  # seconds, as are the next two
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}
"""A network that swallows packets must show as lost in seconds, not in the two hours of TCP."""


def shared_engine(dsn: str, *, kept: int = 2, at_most: int = 4) -> Engine:
    """An engine on the shared PostgreSQL; of its connections so many stay open for the next turn.

    The DSN is libpq's; it never stands in a URL or a log. Nothing is prepared and no state of a
    session is used, so that a pooler of transactions may stand between.
    """
    return create_engine(
        "postgresql+psycopg://",
        creator=lambda: connect_shared(dsn),
        poolclass=QueuePool,
        pool_size=kept,
        max_overflow=at_most - kept,
        pool_pre_ping=True,
        hide_parameters=True,
    )


def connect_shared(dsn: str) -> Connection[Any]:
    """A connection to the shared PostgreSQL, as every part of Portico makes it."""
    import psycopg

    settings = _PATIENCE | _never_in_clear(dsn) | _where_writes_go(dsn)
    return psycopg.connect(dsn, prepare_threshold=None, **settings)


def _never_in_clear(dsn: str) -> dict[str, str]:
    """Patients' data cross a network with TLS or not at all, whatever the DSN leaves open.

    Where it names who signs the server's certificate, the server must prove its name too.
    """
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(dsn)
    lax = given.get("sslmode", "prefer") in ("disable", "allow", "prefer")
    if not lax or stays_here(dsn):
        return {}
    return {"sslmode": "verify-full" if "sslrootcert" in given else "require"}


def stays_here(dsn: str) -> bool:
    """Whether every host of a DSN is this machine."""
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(dsn)
    # Without a host libpq takes PGHOST, else the machine's own socket. hostaddr is where it goes.
    named = given.get("hostaddr") or given.get("host") or os.environ.get("PGHOST", "")
    return all(
        host.startswith(("/", "@")) or host in _THIS_MACHINE for host in str(named).split(",")
    )


def _where_writes_go(dsn: str) -> dict[str, str]:
    """Of several hosts the primary, unless the DSN says otherwise.

    A standby takes a login, answers what is read and lets one read: an applier there
    would apply nothing.
    """
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(dsn)
    asked = "target_session_attrs" in given
    return {"target_session_attrs": "read-write"} if names_several(dsn) and not asked else {}


def names_several(dsn: str) -> bool:
    """Whether a DSN names several servers, of which one takes writes."""
    from psycopg.conninfo import conninfo_to_dict

    given = conninfo_to_dict(dsn)
    return any("," in str(given.get(name, "")) for name in ("host", "hostaddr", "port"))


_THIS_MACHINE = frozenset({"", "localhost", "127.0.0.1", "::1"})


@contextmanager
def faults_in_words() -> Iterator[None]:
    """Turns the store's faults into sentences that say what is safe and what to do."""
    try:
        yield
    except (sqlcipher.DatabaseError, DBAPIError) as fault:
        known = _known(str(getattr(fault, "orig", None) or fault))
        if known is None:
            raise
        raise known from None
    except UnicodeEncodeError:
        raise text_not_storable() from None


def text_not_storable() -> PorticoError:
    """For a sign that no database keeps: a zero, or half of a pair of Unicode."""
    return NotUnderstood(
        "text_not_storable",
        "Something that was entered has a sign in it that cannot be kept. Nothing was saved.",
        "Type it again by hand; a scanner or a file may have put the sign in.",
    )


def _known(text: str) -> PorticoError | None:
    if "file is not a database" in text or "file is encrypted" in text:
        return PorticoError(
            "store_key_wrong",
            "The key does not open this workstation's store. Nothing in it was changed.",
            "Check PORTICO_KEY_FILE or restore the key from the facility's recovery copy.",
        )
    if "disk is full" in text or "disk I/O error" in text:
        return PorticoError(
            "disk_full",
            "The disk of this workstation is full, so this was not saved. What was saved before "
            "is safe, and what you typed is still on the screen.",
            "Free some space and press the same button again.",
            retryable=True,
        )
    if "readonly database" in text or "unable to open database" in text:
        return PorticoError(
            "store_read_only",
            "This workstation's store cannot be written, so this was not saved.",
            "Ask IT to give back write access to Portico's data folder, then try again.",
            retryable=True,
        )
    if "database is locked" in text:
        return store_busy()
    return None
