"""A facility's time zone, the same for all its desks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """In the shared database; a workstation has it in the row of its desk."""
    if op.get_bind().dialect.name != "sqlite":
        op.add_column("facility_feed", sa.Column("time_zone", sa.String(length=64), nullable=True))
