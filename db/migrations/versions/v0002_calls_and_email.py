"""Calls to payers, consents to e-mail, and a payer's answer that can be said in any language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    """The same on both engines."""
    op.add_column("eligibility_check", sa.Column("said", JSON_VALUE, nullable=True))
    op.create_table(
        "payer_contact",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("coverage_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("with_whom", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("promise", sa.Text(), nullable=True),
        sa.Column("follow_up_on", sa.String(length=10), nullable=True),
        sa.Column("check_id", sa.String(length=36), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_payer_contact")),
        sqlite_strict=True,
    )
    op.create_index("ix_payer_contact_person", "payer_contact", ["person_id", "facility"])
    op.create_table(
        "email_consent",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_email_consent")),
        sqlite_strict=True,
    )
    op.create_index("ix_email_consent_person", "email_consent", ["person_id", "facility"])
