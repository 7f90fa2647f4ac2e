"""Rows of replicated and local tables as plain dicts, on either engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    Connection,
    Insert,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import RowMapping

from db.tables import LOCAL_TABLES, TABLES
from workstation.sync.model import Entity

HEAD = frozenset({"facility", "id", "rev", "extra"})


def table_of(kind: str) -> Table:
    """The table of a replicated or local kind. Raises KeyError for a kind that nobody declared."""
    return TABLES[kind] if kind in TABLES else LOCAL_TABLES[kind]


def to_dict(row: RowMapping) -> dict[str, Any]:
    """A row with the fields of ``extra`` beside the known ones; ``facility`` stays outside.

    A field in ``extra`` was not known when the row was written. Where it has a column by now, that
    column is still empty: the row moves there when it is written again.
    """
    values = dict(row)
    values.pop("facility", None)
    extra = values.pop("extra", None)
    return {**values, **extra} if extra else values


def fetch(connection: Connection, kind: str, id: str) -> dict[str, Any] | None:
    """The row, or None."""
    row = connection.execute(_select(table_of(kind)), {"at_id": id}).mappings().first()
    return None if row is None else to_dict(row)


def fetch_where(
    connection: Connection, kind: str, equal: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """All rows with these values, in order of id, which is order of making (UUIDv7)."""
    given = {name: value for name, value in equal.items() if value is not None}
    query = _select_where(table_of(kind), tuple(given), tuple(equal.keys() - given.keys()))
    return [to_dict(row) for row in connection.execute(query, given).mappings()]


def write(
    connection: Connection, facility: str, kind: str, id: str, rev: int, fields: Mapping[str, Any]
) -> None:
    """Puts the whole row of a replicated kind in place, new or old."""
    table = TABLES[kind]
    values = _values(table, facility, id, rev, fields)
    place = {"at_facility": facility, "at_id": id}
    if connection.execute(_update(table), values | place).rowcount == 0:
        connection.execute(_insert(table), values)


def fetch_many(
    connection: Connection, facility: str, kind: str, ids: list[str]
) -> list[dict[str, Any]]:
    """The rows of a facility with these ids, as far as there are such."""
    found = connection.execute(_select_many(TABLES[kind]), {"at_facility": facility, "ids": ids})
    return [to_dict(row) for row in found.mappings()]


def insert_many(
    connection: Connection, facility: str, table: Table, entities: Iterable[Entity]
) -> None:
    """Inserts rows that are not there yet; with facts the applier may do nothing else."""
    values = [_values(table, facility, each.id, each.rev, each.row) for each in entities]
    connection.execute(_insert(table), values)


def update_many(
    connection: Connection, facility: str, table: Table, entities: Iterable[Entity]
) -> None:
    """Puts rows in the place of what is there under their ids."""
    values = [
        _values(table, facility, each.id, each.rev, each.row)
        | {"at_facility": facility, "at_id": each.id}
        for each in entities
    ]
    connection.execute(_update(table), values)


def insert_absent(
    connection: Connection, facility: str, kind: str, id: str, fields: Mapping[str, Any]
) -> bool:
    """Inserts a row into the desk's store; False, nothing changed, where its id is there."""
    table = TABLES[kind]
    values = _values(table, facility, id, 1, fields)
    return connection.execute(_insert_absent(table), values).rowcount == 1


def put_local(connection: Connection, kind: str, id: str, fields: Mapping[str, Any]) -> None:
    """Sets these fields of a local row, which is made where it is not there."""
    table = LOCAL_TABLES[kind]
    done = connection.execute(_update_local(table, tuple(fields)), {**fields, "at_id": id})
    if done.rowcount == 0:
        connection.execute(_insert(table), {**fields, "id": id})


def erase(connection: Connection, facility: str, kind: str, id: str) -> None:
    """Removes a row from a projection: only to take back what a refused command had put there."""
    table = TABLES[kind]
    connection.execute(delete(table).where((table.c.facility == facility) & (table.c.id == id)))


def _values(
    table: Table, facility: str, id: str, rev: int, fields: Mapping[str, Any]
) -> dict[str, Any]:
    known, extra = _split(table, fields)
    values: dict[str, Any] = {c.name: known.get(c.name) for c in table.columns}
    return values | {"facility": facility, "id": id, "rev": rev, "extra": extra or None}


def _split(table: Table, fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    known: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, value in fields.items():
        if name in HEAD:
            continue
        (known if name in table.c else extra)[name] = value
    return known, extra


# The same statement object each time: SQLAlchemy then neither builds nor hashes it again.
@cache
def _select(table: Table) -> Select[Any]:
    return select(table).where(table.c.id == bindparam("at_id"))


@cache
def _select_many(table: Table) -> Select[Any]:
    ids = table.c.id.in_(bindparam("ids", expanding=True))
    return select(table).where(ids, table.c.facility == bindparam("at_facility"))


@cache
def _select_where(table: Table, given: tuple[str, ...], absent: tuple[str, ...]) -> Select[Any]:
    query = select(table).order_by(table.c.id)
    for name in given:
        query = query.where(table.c[name] == bindparam(name, type_=table.c[name].type))
    for name in absent:
        query = query.where(table.c[name].is_(None))
    return query


@cache
def _update(table: Table) -> Update:
    place = (table.c.facility == bindparam("at_facility")) & (table.c.id == bindparam("at_id"))
    fields = [c for c in table.columns if c.name not in {"facility", "id"}]
    return update(table).where(place).values({c: bindparam(c.name, type_=c.type) for c in fields})


@cache
def _update_local(table: Table, names: tuple[str, ...]) -> Update:
    fields = {table.c[name]: bindparam(name, type_=table.c[name].type) for name in names}
    return update(table).where(table.c.id == bindparam("at_id")).values(fields)


@cache
def _insert_absent(table: Table) -> Insert:
    return sqlite.insert(table).on_conflict_do_nothing(index_elements=["id", "facility"])


@cache
def _insert(table: Table) -> Insert:
    return insert(table)
