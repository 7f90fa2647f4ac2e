"""A fill comes in pages and goes on where it was: its place, and the generation of each row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On the workstation alone: the shared database has no base."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.add_column("sync_base", _number("generation"))
    op.add_column("sync_state", _number("generation"))
    op.add_column(
        "sync_state", sa.Column("filling", sa.Boolean(), nullable=False, server_default="0")
    )
    op.add_column("sync_state", sa.Column("fill_kind", sa.String(length=32)))
    op.add_column("sync_state", sa.Column("fill_id", sa.String(length=64)))
    op.add_column("sync_state", _number("filled"))
    op.add_column("sync_state", _number("to_fill"))


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")
