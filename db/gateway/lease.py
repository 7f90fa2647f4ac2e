"""Who applies: one at a time, by a lease in a row that only appliers may touch.

An advisory lock would do for appliers alone, but any login may take one and stop the hospital's
applying; it belongs to a session, which a fail-over or a pooler ends; and no distributed engine has
it. A lease is held in the transaction that applies: who lost it can no longer write.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, bindparam, func, or_, update

from db.shared.tables import applier_lease
from workstation.kernel.ids import new_id

LEASE = timedelta(seconds=10)
"""After the death of an applier, so long until another one takes over."""


class LeaseLost(Exception):
    """Another applier leads by now; nothing of the batch was written."""


class Lease:
    """The lease as one applier holds it, renews it and gives it back."""

    def __init__(self, lasts: timedelta = LEASE) -> None:
        self._lasts = lasts
        self._me = new_id()

    @property
    def renewal(self) -> float:
        """Seconds after which it is to be renewed where nothing was applied."""
        return self._lasts.total_seconds() / 3

    @property
    def longest_pause(self) -> timedelta:
        """So long at most between two statements of a transaction. Whoever is stopped in the middle
        of one holds the row of the lease locked: nobody else could ever take it."""
        return 3 * self._lasts

    def take(self, connection: Connection) -> bool:
        """Takes or renews it in a transaction of its own; False where another holds it."""
        free = or_(applier_lease.c.holder == self._me, applier_lease.c.until < _NOW)
        with connection.begin():
            return self._set(connection, free, self._lasts)

    def hold(self, connection: Connection) -> None:
        """Renews it in the transaction under way. Raises LeaseLost."""
        if not self._set(connection, applier_lease.c.holder == self._me, self._lasts):
            raise LeaseLost

    def give_back(self, connection: Connection) -> None:
        """Lets another applier take over at once."""
        with connection.begin():
            self._set(connection, applier_lease.c.holder == self._me, timedelta())

    def _set(self, connection: Connection, where: object, lasts: timedelta) -> bool:
        done = connection.execute(
            update(applier_lease)
            .where(applier_lease.c.id == ONE, where)  # type: ignore[arg-type]
            .values(holder=self._me, until=_NOW + bindparam("lasts", lasts))
        )
        return done.rowcount == 1


_NOW = func.clock_timestamp()
ONE = "applier"
"""The id of the only row."""
