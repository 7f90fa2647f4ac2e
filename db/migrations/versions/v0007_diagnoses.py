"""Diagnosis codes of a visit, as the order or referral names them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On both engines."""
    op.add_column("visit", sa.Column("diagnoses", sa.Text(), nullable=True))
