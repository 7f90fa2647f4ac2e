"""Pictures that were scanned in a check-in which is not done yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On the workstation alone, as drafts are."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.create_table(
        "draft_picture",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("draft_id", sa.String(length=36), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_picture")),
        sqlite_strict=True,
    )
    op.create_index("ix_draft_picture_draft", "draft_picture", ["draft_id"], unique=False)
