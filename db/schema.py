"""Creates, upgrades and recognises the schema of the store and of the shared database."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from db.engine import faults_in_words
from workstation.kernel.errors import PorticoError

HEAD = "0017"
"""The newest revision in ``db/migrations/versions``; a test holds the two together."""

_MIGRATIONS = Path(__file__).parent / "migrations"


def bring_up_to_date(engine: Engine) -> None:
    """Upgrades to :data:`HEAD`. Alembic is imported only when there is something to do.

    Raises PorticoError ``store_newer`` where a newer Portico made the store, and what
    :func:`db.engine.faults_in_words` knows, such as ``store_key_wrong``.
    """
    with faults_in_words(), engine.connect() as connection:
        found = _revision(connection)
    if found == HEAD:
        return
    if found is not None and found > HEAD:
        raise PorticoError(
            "store_newer",
            "This store was made by a newer Portico. Nothing in it was changed.",
            "Install the newer version on this workstation; what waits to be sent is kept.",
        )
    if found is not None and engine.dialect.name == "sqlite":
        _back_up(engine, found)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with faults_in_words(), engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _back_up(engine: Engine, revision: str) -> None:
    """A copy of the store as it is, under the same key, beside it; the older copies go."""
    with faults_in_words(), engine.connect() as connection:
        raw = connection.connection
        store = Path(next(row[2] for row in raw.execute("PRAGMA database_list")))
        fresh = store.with_name(f"{store.name}.before-{revision}")
        fresh.unlink(missing_ok=True)
        raw.execute("VACUUM INTO ?", (str(fresh),))
    copies = sorted(store.parent.glob(f"{store.name}.before-*"))
    for old in copies[:-_COPIES]:
        old.unlink()


_COPIES = 2
"""Copies of earlier schemas that stay: this one's and the one before."""


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
