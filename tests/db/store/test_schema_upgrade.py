"""From each released schema to the newest, with rows in it, on both engines."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text
from test_schema_drift import VERSIONS, drift

from db import schema
from db.engine import local_engine, shared_engine
from db.tables import local_metadata, metadata, shared_metadata

RELEASED = ("0001", "0002", "0003", "0004")


def _at(engine: Engine, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(VERSIONS))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@contextmanager
def opened(path: Path, key: str) -> Iterator[Engine]:
    engine = local_engine(path, key, writes=True)
    yield engine
    engine.dispose()


@pytest.mark.parametrize("revision", RELEASED)
def test_a_store_comes_up_to_date_with_what_is_in_it(tmp_path: Path, revision: str) -> None:
    path, key = tmp_path / "store.db", secrets.token_hex(32)
    with opened(path, key) as engine:
        _at(engine, revision)
        with engine.begin() as connection:
            known = "INSERT INTO person (facility, id, rev, last) VALUES ('f', 'p', 3, 'Quenby')"
            connection.execute(text(known))
        schema.bring_up_to_date(engine)
        with engine.connect() as connection:
            assert drift(connection, metadata, local_metadata) == []
            people = connection.execute(text("SELECT id, rev, last FROM person")).all()
            assert [tuple(row) for row in people] == [("p", 3, "Quenby")]


def test_documents_from_before_the_lane_have_still_to_be_sent(tmp_path: Path) -> None:
    with opened(tmp_path / "store.db", secrets.token_hex(32)) as engine:
        _at(engine, "0002")
        with engine.begin() as connection:
            kept = text("INSERT INTO document_content (id, content) VALUES ('d1', x'0102')")
            connection.execute(kept)
        schema.bring_up_to_date(engine)
        with engine.connect() as connection:
            lane = connection.execute(text("SELECT id, size, sent FROM document_lane")).all()
            assert [tuple(row) for row in lane] == [("d1", 2, 0)]


def test_before_it_a_copy_under_the_same_key_is_put_aside(tmp_path: Path) -> None:
    path, key = tmp_path / "store.db", secrets.token_hex(32)
    for older in ("0000", "00"):
        (tmp_path / f"store.db.before-{older}").write_text("older")
    with opened(path, key) as engine:
        _at(engine, "0001")
        schema.bring_up_to_date(engine)
    copies = sorted(file.name for file in tmp_path.glob("store.db.before-*"))
    assert copies == ["store.db.before-0000", "store.db.before-0001"]
    with opened(tmp_path / "store.db.before-0001", key) as copy, copy.connect() as connection:
        assert (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == "0001"
        )
    assert b"SQLite format" not in (tmp_path / "store.db.before-0001").read_bytes()[:100]


def test_a_new_store_has_nothing_to_put_aside(tmp_path: Path) -> None:
    with opened(tmp_path / "store.db", secrets.token_hex(32)) as engine:
        schema.bring_up_to_date(engine)
    assert list(tmp_path.glob("*.before-*")) == []


@pytest.mark.parametrize("revision", RELEASED)
def test_the_shared_database_comes_up_to_date(admin_dsn: str, revision: str) -> None:
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    engine = shared_engine(admin_dsn)
    _at(engine, revision)
    schema.bring_up_to_date(engine)
    with engine.connect() as connection:
        assert drift(connection, metadata, shared_metadata) == []
    engine.dispose()
