"""Why a conflict was settled and what was overwritten by it; when and why the other side wrote."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)


def upgrade() -> None:
    """On both engines."""
    op.add_column("conflict", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("conflict", sa.Column("before", _JSON, nullable=True))
    op.add_column("conflict", sa.Column("waits_at", sa.String(length=32), nullable=True))
    op.add_column("conflict", sa.Column("waits_reason", sa.Text(), nullable=True))
