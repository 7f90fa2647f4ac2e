"""What is examined is found by its kind and time: never by the time alone."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """In the shared database, where all desks' trails are."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_index("ix_audit_entry_at", table_name="audit_entry")
        op.create_index(
            "ix_audit_entry_what", "audit_entry", ["facility", "what", "at"], unique=False
        )
