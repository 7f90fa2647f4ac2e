"""What each phone of a person is used for has a column of its own, beside the phones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On both engines. What older rows keep in ``extra`` is read from there (``db/rows.py``)."""
    json = sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True), "postgresql"
    )
    op.add_column("person", sa.Column("phone_uses", json, nullable=True))
