"""The first schema: workstation and shared database."""

from __future__ import annotations

from alembic import op

from db.tables import local_metadata, metadata, shared_metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    bind = op.get_bind()
    metadata.create_all(bind)
    (local_metadata if bind.dialect.name == "sqlite" else shared_metadata).create_all(bind)
