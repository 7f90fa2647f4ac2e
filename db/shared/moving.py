"""Moving a facility from one cell to another: its rows are copied, its feed begins a new epoch.

For the desks it is a restore from a backup onto another server: they take a fresh copy, and offer
again what was confirmed over there but came too late to be copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from sqlalchemy import Table

import db.declared  # noqa: F401  # every table must be known
from db.engine import connect_shared
from db.schema import HEAD
from db.shared.tables import applier_lease
from db.tables import TABLES, shared_metadata
from workstation.facility.model import facility_id
from workstation.kernel.errors import OutsideSilent, Refused

_Connection = psycopg.Connection[Any]


def copy_facility(from_dsn: str, to_dsn: str, facility: str) -> int:
    """Copies a facility's rows, in one transaction on either side; answers how many.

    Desks behind the gateway keep what they prove themselves by; one that had a login of its own
    must be enrolled again. The old place is to be closed afterwards (``admin.close_facility``).
    Raises Refused where it is not known there, or known here already; OutsideSilent.
    """
    place = facility_id(facility)
    with _faults(), connect_shared(from_dsn) as source, connect_shared(to_dsn) as target:
        source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for each in (source, target):
            _check_administrator(each)
        if not _knows(source, place) or _knows(target, place):
            raise Refused(
                "facility_not_movable",
                "The facility is not in the cell it should leave, or is in the other one already. "
                "Nothing was changed.",
                "Look at what portico shared init answers with each cell's DSN.",
            )
        moved = sum(_copy(source, target, table, place) for table in _tables())
        target.execute("UPDATE facility_feed SET epoch = epoch + 1 WHERE facility = %s", (place,))
        target.commit()
        source.rollback()
    return moved


def _tables() -> Iterator[Table]:
    for table in (*TABLES.values(), *shared_metadata.tables.values()):
        if table is not applier_lease:
            yield table


def _copy(source: _Connection, target: _Connection, table: Table, place: str) -> int:
    parts = {
        "table": sql.Identifier(table.name),
        "columns": sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns),
        "place": sql.Literal(place),
    }
    read, write = (sql.SQL(words).format(**parts) for words in _COPY)
    with source.cursor() as there, target.cursor() as here:
        with there.copy(read) as out, here.copy(write) as into:
            for block in out:
                into.write(block)
        return here.rowcount


_COPY: tuple[LiteralString, LiteralString] = (
    "COPY (SELECT {columns} FROM {table} WHERE facility = {place}) TO STDOUT (FORMAT BINARY)",
    "COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)",
)


def _knows(connection: _Connection, place: str) -> bool:
    asked = "SELECT 1 FROM facility_feed WHERE facility = %s"
    return connection.execute(asked, (place,)).fetchone() is not None


def _check_administrator(connection: _Connection) -> None:
    """A policy would hide rows without a word, and tables of two versions differ."""
    [(sees_all, revision)] = connection.execute(
        "SELECT rolsuper OR rolbypassrls, (SELECT version_num FROM alembic_version)"
        " FROM pg_roles WHERE rolname = current_user"
    ).fetchall()
    if not sees_all or revision != HEAD:
        raise Refused(
            "cell_not_ready",
            "A cell's administrator is bound by row-level security, or its schema is not this "
            "version's. Nothing was changed.",
            "Use a superuser, or a role with BYPASSRLS; run portico shared init in both cells.",
        )


@contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except psycopg.OperationalError:
        raise OutsideSilent(
            "shared_database_silent",
            "A cell did not answer, so the facility was not moved. Nothing was changed.",
            "Check that both servers run and ~/.pgpass knows them, then try again.",
            retryable=True,
        ) from None
