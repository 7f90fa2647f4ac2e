"""The lane of the audit trail: entries go to the shared database, in order, and old ones from here.

It needs nothing but the two ends: what the shared database has last of this desk says where to go
on, also after it was restored from a backup.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from db import audit
from db.local import audit as entry
from db.store import SqlStore
from db.sync.replica import Replica
from db.sync.ways import trail_to
from db.tables import LOCAL_TABLES
from workstation.access.audit import Anchor, AuditCheck, SharedWord
from workstation.access.trail import BATCH, Entry, TrailTransport, differs
from workstation.kernel.clock import iso
from workstation.kernel.errors import OutsideSilent

KEPT_FOR = timedelta(days=100)
"""So long an entry stays here after it went to the shared database: a quarter's questions are
answered offline, and a backup that the server is restored from is younger by far."""

KEPT_AT_LEAST = 1_000
"""Entries that stay whatever their age: the anchors that are compared at a greeting among them."""

_TRIMMED = 20_000
"""Entries that go in one transaction."""


class TrailLane:
    """Sends and trims the audit trail of one store."""

    def __init__(self, store: SqlStore, dsn: str) -> None:
        self._store = store
        self._dsn = dsn
        self._way: TrailTransport | None = None
        self._making = threading.Lock()

    def send(self, give_up: Callable[[], bool] = lambda: False) -> int:
        """Sends what the shared database does not have; answers how many entries.

        ``give_up`` is asked before each batch. Raises OutsideSilent; what was sent stays sent.
        Raises Refused ``audit_differs`` where the shared database has another trail of this desk,
        or lacks entries that are here no more.
        """
        shared = self._shared()
        last = shared.last()
        with self._store.reading() as mine:
            if audit.hash_at(mine, last.entries) != last.head:
                raise differs()
        done = 0
        while not give_up():
            batch = self._after(last.entries)
            if not batch:
                break
            shared.send(batch)
            done += len(batch)
            last = Anchor(batch[-1].n, batch[-1].hash)
        if done:
            self._note(last, shared.seal())
        return done

    def tidy(self) -> int:
        """Trims entries that are old and that the shared database has; answers how many.

        A few at a time: each time is one short transaction.
        """
        long_ago = iso(self._store.clock() - KEPT_FOR)
        with self._store.reading() as mine:
            begins = audit.base(mine).entries
            newest = audit.head(mine)[0]
            upto = min(begins + _TRIMMED, newest - KEPT_AT_LEAST)
            # Almost every time there is nothing to do, and the first entry says so.
            first = mine.execute(_said_at(begins + 1)).scalar()
            if upto <= begins or first is None or first >= long_ago:
                return 0
            old = mine.execute(
                select(func.max(entry.c.n)).where(entry.c.n <= upto, long_ago > _AT)
            ).scalar()
        upto = min(old or 0, self._shared().last().entries)
        if upto <= begins:
            return 0
        with self._store.reading() as mine:
            if self._shared().hash_at(upto) != audit.hash_at(mine, upto):
                raise differs()
        with self._store.writing() as mine:
            actor = mine.execute(select(LOCAL_TABLES["desk"].c.service_user)).scalar_one()
            return audit.trim(mine, upto, at=iso(self._store.clock()), actor=actor)

    def verify(self) -> AuditCheck:
        """Walks the chain and compares it with all that this desk and the shared database know.

        Where the shared database does not answer, that is said and the rest holds.
        """
        with self._store.reading() as mine:
            seals = audit.witnessed(mine, "facility")
        try:
            shared = self._shared()
            last = shared.last()
            anchors = [last, *shared.anchors()]
            kept = all(shared.seal(seal.entries) == seal for seal in seals)
            with self._store.reading() as mine:
                check = audit.verify(mine, anchors, audit.Copy(last.entries, shared.hash_at))
                trimmed = audit.base(mine).entries
        except OutsideSilent:
            with self._store.reading() as mine:
                return replace(audit.verify(mine), shared=SharedWord.SILENT)
        if trimmed > last.entries:  # what went from here must be there
            check = replace(check, ok=False, first_bad=last.entries + 1, entries=last.entries)
        if not kept:
            return replace(check, ok=False, shared=SharedWord.CHANGED)
        return replace(check, shared=SharedWord.COMPARED)

    def close(self) -> None:
        """Closes the lane's connections."""
        if self._way is not None:
            self._way.close()

    def _shared(self) -> TrailTransport:
        with self._making:
            if self._way is None:
                self._way = trail_to(self._dsn, Replica(self._store).identity())
            return self._way

    def _after(self, n: int) -> list[Entry]:
        with self._store.reading() as mine:
            found = mine.execute(
                select(entry).where(entry.c.n > n).order_by(entry.c.n).limit(BATCH)
            )
            return [Entry(each.n, each.body, each.hash) for each in found]

    def _note(self, last: Anchor, seal: Anchor | None) -> None:
        at = iso(self._store.clock())
        with self._store.writing() as mine:
            audit.witness(mine, "server", last, at)
            if seal is not None:
                audit.witness(mine, "facility", seal, at)


_AT = func.json_extract(entry.c.body, "$.at")


def _said_at(n: int) -> Select[tuple[Any]]:
    return select(_AT).where(entry.c.n == n)
