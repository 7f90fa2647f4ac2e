"""What a downtime left behind, for a supervisor to sign; and the spells that lead to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)


def upgrade() -> None:
    """The report on both engines, the spells on the workstation alone."""
    op.create_table(
        "downtime",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("desk", sa.Text(), nullable=False),
        sa.Column("began_at", sa.String(length=32), nullable=False),
        sa.Column("ended_at", sa.String(length=32), nullable=False),
        sa.Column("work", _JSON, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("signed_by", sa.String(length=36), nullable=True),
        sa.Column("signer", sa.Text(), nullable=True),
        sa.Column("signed_at", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("signed", _JSON, nullable=True),
        sa.Column("extra", _JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_downtime")),
        sqlite_strict=True,
    )
    op.create_index("ix_downtime_state", "downtime", ["state"], unique=False)
    if op.get_bind().dialect.name != "sqlite":
        return
    op.add_column("sync_state", sa.Column("alone_after", sa.Integer()))
    op.create_table(
        "offline_spell",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("began_at", sa.String(length=32), nullable=False),
        sa.Column("ended_at", sa.String(length=32), nullable=False),
        sa.Column("after_seq", sa.Integer(), nullable=False),
        sa.Column("up_to_seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offline_spell")),
        sqlite_strict=True,
    )
