"""By which version the rows of a desk were shown, so that a newer one shows what it knows too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On the workstation alone; empty, so that what older versions only kept is shown now."""
    if op.get_bind().dialect.name == "sqlite":
        op.add_column("sync_state", sa.Column("shown_by", sa.String(length=16)))
