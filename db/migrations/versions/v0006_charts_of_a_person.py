"""Every chart of a person is found from the one that stands, as quickly as the way back."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On both engines."""
    op.create_index("ix_person_merge_survivor", "person_merge", ["survivor", "facility"])
