"""The migrations lead exactly to the declared tables, on both engines."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect, text

import db.declared  # noqa: F401
from db import schema
from db.engine import shared_engine
from db.store import SqlStore
from db.tables import local_metadata, metadata, shared_metadata

VERSIONS = Path(schema.__file__).parent / "migrations"


def drift(connection: Connection, *declared: MetaData) -> list[object]:
    """What alembic would still have to change."""
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    together = MetaData(naming_convention=metadata.naming_convention)
    for each in declared:
        for table in each.sorted_tables:
            table.to_metadata(together)
    return list(compare_metadata(context, together))


def test_a_store_is_what_is_declared(store_at: Callable[[str], SqlStore]) -> None:
    store = store_at("desk")
    with store.writing() as connection:
        assert drift(connection, metadata, local_metadata) == []
        assert not set(shared_metadata.tables) & set(inspect(connection).get_table_names())


def test_the_shared_database_is_what_is_declared(admin_dsn: str) -> None:
    engine = shared_engine(admin_dsn)
    with engine.connect() as connection:
        assert drift(connection, metadata, shared_metadata) == []
        assert not set(local_metadata.tables) & set(inspect(connection).get_table_names())
    engine.dispose()


def test_every_table_of_a_store_is_strict(store_at: Callable[[str], SqlStore]) -> None:
    with store_at("desk").reading() as connection:
        loose = connection.execute(
            text(
                "SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict"
                " AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name != 'alembic_version'"
            )
        ).scalars()
        assert set(loose) <= {name for name, made in _declared().items() if not made}


def _declared() -> dict[str, bool]:
    tables = [*metadata.tables.values(), *local_metadata.tables.values()]
    return {table.name: bool(table.dialect_options["sqlite"]["strict"]) for table in tables}


def test_the_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(VERSIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


def test_a_store_that_is_up_to_date_is_left_alone(
    store_at: Callable[[str], SqlStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_at("desk")
    monkeypatch.setitem(sys.modules, "alembic", None)
    schema.bring_up_to_date(store.write_engine)


def test_the_migration_stands_on_its_own(tmp_path: Path) -> None:
    """A migration that asked the code of today for its tables would change with it."""
    for file in (VERSIONS / "versions").glob("v*.py"):
        held = file.read_text("utf-8")
        assert "import db" not in held
        assert "from db" not in held
        assert "create_all" not in held
    store = SqlStore(tmp_path / f"{secrets.token_hex(4)}.db", secrets.token_hex(32))
    schema.bring_up_to_date(store.write_engine)
    with store.reading() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == (
            schema.HEAD
        )
    store.close()
