"""What proves a desk to the HTTPS gateway stands in its enrolment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """In the shared database only."""
    if op.get_bind().dialect.name != "sqlite":
        op.add_column("enrolment", sa.Column("proof", sa.String(length=512), nullable=True))
        op.create_unique_constraint("uq_enrolment_proof", "enrolment", ["proof"])
