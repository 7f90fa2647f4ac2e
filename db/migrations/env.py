"""Alembic's door: one lineage for both engines; each revision asks which of them it is on."""

from __future__ import annotations

from alembic import context

import db.declared  # noqa: F401
from db.tables import local_metadata, metadata, shared_metadata

connection = context.config.attributes["connection"]
own = local_metadata if connection.dialect.name == "sqlite" else shared_metadata
context.configure(
    connection=connection,
    target_metadata=[metadata, own],
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
connection.commit()
