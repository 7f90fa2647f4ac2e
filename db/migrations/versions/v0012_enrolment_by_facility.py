"""No unique key goes across facilities: its refusal would tell what another facility has."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """In PostgreSQL; a workstation has no enrolment."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("uq_enrolment_ws_id", "enrolment", type_="unique")
        op.create_unique_constraint("uq_enrolment_ws_id", "enrolment", ["facility", "ws_id"])
