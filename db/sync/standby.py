"""Reads that may be a moment old, at a standby: never older than what this desk was told."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError

from db.engine import names_several, shared_engine
from db.shared.tables import facility_feed
from workstation.sync.model import FeedHead

REST_S = 30.0
"""After no standby answered, the primary is asked alone for so long."""

_Answer = TypeVar("_Answer")


class Standby:
    """The standbys of a cluster, over an engine that connects to one of them.

    What has to be asked of the primary when they do not serve is the caller's.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._rests_until = 0.0

    def read(
        self, facility: str, at_least: FeedHead, ask: Callable[[Connection], _Answer]
    ) -> _Answer | None:
        """What ``ask`` reads, in the snapshot in which the facility's feed stands no earlier than
        ``at_least``; None where no standby is there or it is behind."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            with self.engine.connect() as plain:
                one_moment = plain.execution_options(isolation_level="REPEATABLE READ")
                return ask(one_moment) if _has_come_to(one_moment, facility, at_least) else None
        except DBAPIError:
            # None runs, or its replay of the primary's changes came in the way (SQLSTATE 40001).
            self._rests_until = time.monotonic() + REST_S
            return None

    def close(self) -> None:
        """Closes every connection; the next call connects afresh."""
        self.engine.dispose()


def standby_of(dsn: str) -> Standby | None:
    """The standbys of a DSN that names several hosts, any of them; None for a single server."""
    if not names_several(dsn):
        return None
    there = make_conninfo(dsn, target_session_attrs="standby", load_balance_hosts="random")
    return Standby(shared_engine(there, kept=1))


def _has_come_to(connection: Connection, facility: str, at_least: FeedHead) -> bool:
    stands = connection.execute(
        select(facility_feed.c.epoch, facility_feed.c.n).where(facility_feed.c.facility == facility)
    ).first()
    return stands is not None and stands.epoch == at_least.epoch and stands.n >= at_least.top
