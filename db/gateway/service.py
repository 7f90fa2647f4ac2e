"""The applier as a service: one leader at a time, until it is told to stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from datetime import timedelta

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

import db.declared  # noqa: F401  # commands of every kind arrive
from db.engine import shared_engine
from db.gateway.applier import apply_batch
from db.gateway.lease import LEASE, Lease, LeaseLost
from db.gateway.rota import Rota
from db.gateway.sealing import seal_heads
from db.shared.roles import APPLIER
from db.shared.tables import NOTICE
from workstation.kernel.clock import Clock, utc_now

Tell = Callable[[str], None]


class ApplierService:
    """Applies the inbox until stopped; stands by while another applier leads, and reconnects.

    The lease and the work share each transaction: an applier that lost it can no longer write.
    """

    def __init__(
        self,
        admin_dsn: str,
        *,
        poll_seconds: float = 0.2,
        retry_seconds: float = 2.0,
        seal_seconds: float = 30.0,
        lease: timedelta = LEASE,
        clock: Clock = utc_now,
        tell: Tell = lambda words: None,
    ) -> None:
        self._dsn = admin_dsn
        self._poll = poll_seconds
        self._retry = retry_seconds
        self._seal = seal_seconds
        self._lease = Lease(lease)
        self._clock = clock
        self._tell = tell
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def run(self) -> None:
        """Works on this thread until :meth:`stop`."""
        while not self._stopping.is_set():
            engine = shared_engine(self._dsn)
            try:
                self._serve(engine)
            except DBAPIError as fault:
                self._tell(_words_of(fault))
                self._stopping.wait(self._retry)
            finally:
                engine.dispose()

    def start(self) -> None:
        """Works on a thread of its own, for the demo and tests."""
        self._thread = threading.Thread(target=self.run, name="portico-applier", daemon=True)
        self._thread.start()

    def halt(self) -> None:
        """Asks :meth:`run` to end after the batch under way; returns at once."""
        self._stopping.set()

    def stop(self) -> None:
        """Ends after the batch under way, and waits for it."""
        self.halt()
        if self._thread is not None:
            self._thread.join()

    def _serve(self, engine: Engine) -> None:
        with engine.connect() as connection:
            with connection.begin():
                connection.execute(text(f"SET ROLE {APPLIER}"))
                pause = int(self._lease.longest_pause.total_seconds() * 1000)
                connection.execute(text(f"SET idle_in_transaction_session_timeout = {pause}"))
            if not self._lease.take(connection):
                self._tell("Another applier is at work; standing by.")
                self._stopping.wait(self._retry)
                return
            self._tell("Applying.")
            try:
                self._lead(connection)
            except LeaseLost:
                self._tell("Another applier has taken over.")
            else:
                self._lease.give_back(connection)

    def _lead(self, connection: Connection) -> None:
        seal_next = renew_next = 0.0
        rota = Rota()
        while not self._stopping.is_set():
            now = time.monotonic()
            if now >= renew_next:
                if not self._lease.take(connection):
                    raise LeaseLost
                renew_next = now + self._lease.renewal
            if now >= seal_next:
                seal_heads(connection, self._clock())
                seal_next = now + self._seal
            applied = apply_batch(connection, self._clock(), rota, self._lease)
            if applied:
                _hint(connection, applied)
            else:
                self._stopping.wait(self._poll)


def _words_of(fault: DBAPIError) -> str:
    if fault.connection_invalidated or isinstance(fault, OperationalError):
        return "The shared database did not answer; trying again."
    # The class of the fault only: its text may hold values.
    state = getattr(fault.orig, "sqlstate", None)
    return f"The shared database is not ready ({state}); is shared init done?"


def _hint(connection: Connection, facilities: Iterable[str]) -> None:
    """Outside the applying transaction, one per batch: a hint costs a global lock at commit."""
    with connection.begin():
        for facility in facilities:
            connection.execute(
                text("SELECT pg_notify(:channel, :facility)"),
                {"channel": NOTICE, "facility": facility},
            )
