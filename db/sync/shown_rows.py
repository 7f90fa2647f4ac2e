"""Shown rows that are new to the desk's store, also where there can be only one of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from sqlalchemy import Connection, Table, and_, delete
from sqlalchemy.exc import IntegrityError

from db import rows
from db.tables import TABLES
from workstation.sync.model import Entity, Row


def insert_shown(
    connection: Connection,
    facility: str,
    kind: str,
    fresh: Sequence[Entity],
    bases: Mapping[str, Row],
) -> None:
    """Inserts shown rows. Where there can be only one, such as the reversal of an entry that two
    desks reversed apart, the server's is shown, and this desk's no more: it will be refused."""
    table = TABLES[kind]
    try:
        with connection.begin_nested():
            rows.insert_many(connection, facility, table, fresh)
        return
    except IntegrityError:
        pass  # which of them it was is found out one by one
    for each in fresh:
        if each.id in bases:
            _make_room(connection, table, each)
            rows.insert_many(connection, facility, table, [each])
            continue
        with suppress(IntegrityError), connection.begin_nested():
            rows.insert_many(connection, facility, table, [each])


def _make_room(connection: Connection, table: Table, entity: Entity) -> None:
    for index in table.indexes:
        names = [column.name for column in index.columns if column.name != "facility"]
        values = {name: entity.row.get(name) for name in names}
        if index.unique and None not in values.values():
            rival = and_(*(table.c[name] == value for name, value in values.items()))
            connection.execute(delete(table).where(rival, table.c.id != entity.id))
