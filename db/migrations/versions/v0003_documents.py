"""The lane of documents: which bytes are where, on the workstation and in the shared database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of the lane; what a workstation holds already has still to be sent."""
    op.create_index("ix_document_digest", "document", ["digest", "facility"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        _workstation()
    else:
        _shared()


def _workstation() -> None:
    op.create_table(
        "document_lane",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_lane")),
        sqlite_strict=True,
    )
    op.create_index("ix_document_lane_sent", "document_lane", ["sent", "used_at"], unique=False)
    op.create_table(
        "document_arriving",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", "part", name=op.f("pk_document_arriving")),
        sqlite_strict=True,
    )
    # Words are kept so that they can be said in any language; these are said again at the next try.
    op.execute("UPDATE sync_state SET trouble = NULL")
    op.execute(
        "INSERT INTO document_lane (id, size, sent, used_at)"
        " SELECT id, length(content), 0, strftime('%Y-%m-%dT%H:%M:%f000Z') FROM document_content"
    )


def _shared() -> None:
    op.create_table(
        "document_part",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("part BETWEEN 0 AND 127", name=op.f("ck_document_part_part")),
        sa.CheckConstraint("size BETWEEN 1 AND 33554432", name=op.f("ck_document_part_size")),
        sa.CheckConstraint(
            "octet_length(content) BETWEEN 1 AND 262144", name=op.f("ck_document_part_content")
        ),
        sa.PrimaryKeyConstraint("facility", "digest", "part", name=op.f("pk_document_part")),
    )
