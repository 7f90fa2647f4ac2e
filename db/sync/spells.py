"""Spells without the shared database, as this desk notes them, and what it did in each."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Connection, Integer, String, delete, func, insert, select

from db.local import outbox
from db.store import SqlStore
from db.tables import local_table
from workstation.kernel.clock import from_iso, iso
from workstation.kernel.commands import Command
from workstation.kernel.ids import new_id
from workstation.kernel.wire import command_from_json
from workstation.sync.downtime import Spell

offline_spell = local_table(
    "offline_spell",
    Column("began_at", String(32), nullable=False),
    Column("ended_at", String(32), nullable=False),
    Column("after_seq", Integer, nullable=False),
    Column("up_to_seq", Integer, nullable=False),
)
"""Ended spells whose report is not made yet. The numbers bound the commands made in between: they
hold where the clock of the desk was put right meanwhile."""

_WAITING = ("pending", "sent")


def last_number(connection: Connection) -> int:
    """The number of the newest command of this desk, 0 before the first."""
    return connection.execute(select(func.max(outbox.c.seq))).scalar() or 0


def note_spell(connection: Connection, began: datetime, ended: datetime, after_seq: int) -> None:
    """The shared database answers again; ``after_seq`` was the newest command when it was lost."""
    if began < ended:
        values = {"began_at": iso(began), "ended_at": iso(ended), "after_seq": after_seq}
        up_to = last_number(connection)
        connection.execute(insert(offline_spell).values(id=new_id(), up_to_seq=up_to, **values))


class OwnSpells:
    """See :class:`workstation.sync.downtime.OwnWork`."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def over(self) -> tuple[Spell, ...]:
        """See :class:`workstation.sync.downtime.OwnWork`."""
        with self._store.reading() as connection:
            first = connection.execute(
                select(func.min(outbox.c.seq)).where(outbox.c.state.in_(_WAITING))
            ).scalar()
            found = connection.execute(select(offline_spell).order_by(offline_spell.c.id)).all()
        return tuple(
            Spell(each.id, from_iso(each.began_at), from_iso(each.ended_at))
            for each in found
            if first is None or each.up_to_seq < first
        )

    def commands(self, spell: Spell) -> list[tuple[Command, str]]:
        """See :class:`workstation.sync.downtime.OwnWork`."""
        with self._store.reading() as connection:
            here = offline_spell.c.id == spell.id
            bounds = connection.execute(select(offline_spell).where(here)).one()
            found = connection.execute(
                select(outbox.c.body, outbox.c.state)
                .where(outbox.c.seq > bounds.after_seq, outbox.c.seq <= bounds.up_to_seq)
                .order_by(outbox.c.seq)
            ).all()
        return [(command_from_json(each.body), each.state) for each in found]

    def forget(self, spell: Spell) -> None:
        """See :class:`workstation.sync.downtime.OwnWork`."""
        with self._store.writing() as connection:
            connection.execute(delete(offline_spell).where(offline_spell.c.id == spell.id))
