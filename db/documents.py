"""Documents: the replicated fact, and the bytes on this desk."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, String, Table

from db.tables import entity_table, local_metadata, local_table
from workstation.documents.model import DOCUMENT

document = entity_table(
    DOCUMENT,
    Column("digest", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("person_id", String(36)),
    Column("visit_id", String(36)),
    Column("about_id", String(36)),
    Column("at", String(32), nullable=False),
)
Index("ix_document_person", document.c.person_id, document.c.facility)
Index("ix_document_digest", document.c.digest, document.c.facility)

document_content = local_table("document_content", Column("content", LargeBinary, nullable=False))

document_lane = local_table(
    "document_lane",
    Column("size", Integer, nullable=False),
    Column("sent", Boolean, nullable=False),
    Column("used_at", String(32), nullable=False),
)
"""One row for each document whose bytes are here, by hash: whether the shared database has them
too, and when they were last looked at here. Apart from the bytes, so that it is quick to read."""
Index("ix_document_lane_sent", document_lane.c.sent, document_lane.c.used_at)

document_arriving = Table(
    "document_arriving",
    local_metadata,
    Column("digest", String(64), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""Parts of documents that are being fetched; gone when the document is whole."""
