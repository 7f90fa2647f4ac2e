"""The gateway's few connections to PostgreSQL, on each of which it acts as one desk at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, event, func, select

import db.declared  # noqa: F401  # a fill goes over every table
from db.engine import shared_engine
from db.shared.roles import PROOF
from db.shared.tables import enrolment, facility_feed
from db.sync.postgres_transport import (
    DeskDatabase,
    PostgresDocuments,
    PostgresTrail,
    shared_faults,
)
from workstation.sync.transport import Identity

_BY_PROOF = enrolment.c.proof == func.current_setting(PROOF, True)
_PROVEN = "portico_proven"


@dataclass(frozen=True, slots=True)
class Desk:
    """The shared database as one desk sees it through the gateway."""

    commands: DeskDatabase
    documents: PostgresDocuments
    trail: PostgresTrail


class Desks:
    """At most so many connections, for any number of desks.

    Each transaction begins by setting the desk's proof of enrolment for itself alone, which the
    policies of the gateway's role read (``db/shared/roles.py``). Nothing outlives a transaction,
    so a pooler of transactions, such as PgBouncer, may stand between.
    """

    def __init__(self, dsn: str, connections: int) -> None:
        self._engine: Engine = shared_engine(dsn, kept=connections, at_most=connections)

        @event.listens_for(self._engine, "begin")
        def _act_as_desk(connection: Connection) -> None:
            proof = connection.get_execution_options().get(_PROVEN)
            if proof is not None:
                connection.exec_driver_sql("SELECT set_config(%s, %s, true)", (PROOF, proof))

    def of(self, proof: str, identity: Identity) -> Desk:
        """The desk that proved itself so; connects when asked."""
        engine = self._engine.execution_options(**{_PROVEN: proof})
        return Desk(
            DeskDatabase(engine, identity, _BY_PROOF),
            PostgresDocuments(engine, identity.facility),
            PostgresTrail(engine, identity),
        )

    def heads(self, facilities: Collection[str]) -> dict[str, tuple[int, int]]:
        """Epoch and length of the feeds of these facilities, for hints. Raises OutsideSilent."""
        wanted = select(facility_feed.c.facility, facility_feed.c.epoch, facility_feed.c.n).where(
            facility_feed.c.facility.in_(facilities)
        )
        with shared_faults(), self._engine.connect() as connection:
            return {place: (epoch, n) for place, epoch, n in connection.execute(wanted)}

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()
