"""Rows of replicated and local tables as plain dicts, on either engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update
from sqlalchemy.engine import RowMapping

from db.tables import LOCAL_TABLES, TABLES

HEAD = frozenset({"facility", "id", "rev", "extra"})


def table_of(kind: str) -> Table:
    """The table of a replicated or local kind. Raises KeyError for a kind that nobody declared."""
    return TABLES[kind] if kind in TABLES else LOCAL_TABLES[kind]


def to_dict(row: RowMapping) -> dict[str, Any]:
    """A row with the fields of ``extra`` beside the known ones; ``facility`` stays outside."""
    values = dict(row)
    values.pop("facility", None)
    extra = values.pop("extra", None)
    return {**extra, **values} if extra else values


def fetch(connection: Connection, kind: str, id: str) -> dict[str, Any] | None:
    """The row, or None."""
    table = table_of(kind)
    row = connection.execute(select(table).where(table.c.id == id)).mappings().first()
    return None if row is None else to_dict(row)


def fetch_where(
    connection: Connection, kind: str, equal: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """All rows with these values, in order of id, which is order of making (UUIDv7)."""
    table = table_of(kind)
    query = select(table).order_by(table.c.id)
    for name, value in equal.items():
        query = query.where(table.c[name] == value)
    return [to_dict(row) for row in connection.execute(query).mappings()]


def write(
    connection: Connection, facility: str, kind: str, id: str, rev: int, fields: Mapping[str, Any]
) -> None:
    """Puts the whole row of a replicated kind in place, new or old."""
    table = TABLES[kind]
    known, extra = _split(table, fields)
    values = {c.name: None for c in table.columns if c.name not in HEAD} | known
    values |= {"rev": rev, "extra": extra or None}
    place = (table.c.facility == facility) & (table.c.id == id)
    done = connection.execute(update(table).where(place).values(values))
    if done.rowcount == 0:
        connection.execute(insert(table).values(facility=facility, id=id, **values))


def insert_fact(
    connection: Connection, facility: str, kind: str, id: str, fields: Mapping[str, Any]
) -> None:
    """Inserts the row of an append-only kind, by a role that may do nothing else with it."""
    table = TABLES[kind]
    known, extra = _split(table, fields)
    connection.execute(
        insert(table).values(facility=facility, id=id, rev=1, extra=extra or None, **known)
    )


def erase(connection: Connection, facility: str, kind: str, id: str) -> None:
    """Removes a row from a projection: only to take back what a refused command had put there."""
    table = TABLES[kind]
    connection.execute(delete(table).where((table.c.facility == facility) & (table.c.id == id)))


def _split(table: Table, fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    known: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, value in fields.items():
        if name in HEAD:
            continue
        (known if name in table.c else extra)[name] = value
    return known, extra
