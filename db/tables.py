"""One metadata for both engines: how a replicated kind, and a local one, become tables.

Every replicated table has the same head (facility, id, rev) and tail (extra): a field that this
version does not know passes through in ``extra`` and is not lost (data.md 4.2, schema skew).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeEngine

from workstation.kernel.entities import EntityKind


# STRICT tables of SQLite know only INTEGER, REAL, TEXT, BLOB and ANY.
@compiles(String, "sqlite")
@compiles(JSON, "sqlite")
def _text_in_sqlite(type_: TypeEngine[Any], compiler: Any, **kw: Any) -> str:
    return "TEXT"


@compiles(Boolean, "sqlite")
@compiles(BigInteger, "sqlite")
def _integer_in_sqlite(type_: TypeEngine[Any], compiler: Any, **kw: Any) -> str:
    return "INTEGER"


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Replicated tables: the same on the workstation and in PostgreSQL."""

local_metadata = MetaData(naming_convention=metadata.naming_convention)
"""Tables that exist only on the workstation: outbox, audit, drafts, jobs, search index."""

shared_metadata = MetaData(naming_convention=metadata.naming_convention)
"""Tables that exist only in PostgreSQL: inbox, feed, enrolment."""

Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""A JSON value; None is SQL NULL. Dates and moments are ISO text on both engines."""

KINDS: dict[str, EntityKind] = {}
"""Every replicated kind by name, filled as the tables are declared."""

TABLES: dict[str, Table] = {}
"""Every replicated table by the name of its kind."""

LOCAL_TABLES: dict[str, Table] = {}
"""Every local table that units of work may write by kind and id."""


def entity_table(kind: EntityKind, *columns: Column[Any]) -> Table:
    """The table of a replicated kind; ``columns`` are its fields, without id, rev and extra.

    Keys and indexes name the facility last: a store holds one facility, and its lookups leave it
    out; the server's name it always, and both find their rows by the same index.
    """
    KINDS[kind.name] = kind
    TABLES[kind.name] = table = Table(
        kind.name,
        metadata,
        Column("facility", String(36), nullable=False),
        Column("id", String(36), nullable=False),
        Column("rev", Integer, nullable=False),
        *columns,
        Column("extra", Json, nullable=True),
        PrimaryKeyConstraint("id", "facility"),
        sqlite_strict=True,
    )
    return table


def local_table(name: str, *columns: Column[Any]) -> Table:
    """A table of this desk alone, with a text ``id``; its rows never leave the workstation."""
    LOCAL_TABLES[name] = table = Table(
        name,
        local_metadata,
        Column("id", String(64), primary_key=True),
        *columns,
        sqlite_strict=True,
    )
    return table
