"""Documents: the replicated fact, and the bytes on this desk."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, String

from db.tables import entity_table, local_table
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

document_content = local_table("document_content", Column("content", LargeBinary, nullable=False))
