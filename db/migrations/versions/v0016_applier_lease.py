"""Who applies, by a lease in a row: no lock that any login may take."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On the server alone; the one row is free from the start."""
    if op.get_bind().dialect.name == "sqlite":
        return
    op.create_table(
        "applier_lease",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applier_lease")),
    )
    op.execute("INSERT INTO applier_lease (id, until) VALUES ('applier', 'epoch')")
