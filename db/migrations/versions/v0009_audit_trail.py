"""Audit trails reach the shared database; desks note the heads that others have of theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """On the workstation the noted heads, in PostgreSQL entries, chain of heads and legal holds."""
    if op.get_bind().dialect.name == "sqlite":
        _workstation()
    else:
        _shared()


def _workstation() -> None:
    op.create_table(
        "audit_witness",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("told", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_witness")),
        sqlite_strict=True,
    )


def _shared() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("ws_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=True),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column(
            "month",
            sa.String(length=7),
            server_default=sa.text("to_char((now() AT TIME ZONE 'UTC'::text), 'YYYY-MM'::text)"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("facility", "ws_id", "n", name=op.f("pk_audit_entry")),
    )
    for name, columns in {
        "at": ["facility", "at"],
        "subject": ["facility", "subject", "at"],
        "login": ["facility", "login", "at"],
        "month": ["facility", "month"],
    }.items():
        op.create_index(f"ix_audit_entry_{name}", "audit_entry", columns, unique=False)
    op.create_table(
        "audit_chain",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ws_id", sa.String(length=36), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("facility", "n", name=op.f("pk_audit_chain")),
    )
    op.create_index(
        "ix_audit_chain_ws", "audit_chain", ["facility", "ws_id", "entries"], unique=False
    )
    op.create_table(
        "audit_hold",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("facility", "placed_at", name=op.f("pk_audit_hold")),
    )
