"""The tables of signatures and of consents to e-mail: one row per decision, never changed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Text

from db.tables import entity_table
from workstation.papers.model import EMAIL_CONSENT, SIGNATURE

signature = entity_table(
    SIGNATURE,
    Column("person_id", String(36), nullable=False),
    Column("visit_id", String(36)),
    Column("form_id", String(40), nullable=False),
    Column("form_version", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", Text),
    Column("signer", Text),
    Column("signer_right", String(24), nullable=False),
    Column("relation", Text),
    Column("proof_seen", Text),
    Column("strokes_hash", String(64)),
    Column("image_hash", String(64)),
    Column("witness", Text),
    Column("interpreter", Text),
    Column("at", String(32), nullable=False),
)

Index("ix_signature_person", signature.c.person_id, signature.c.facility)

email_consent = entity_table(
    EMAIL_CONSENT,
    Column("person_id", String(36), nullable=False),
    Column("visit_id", String(36)),
    Column("address", Text, nullable=False),
    Column("given", Boolean, nullable=False),
    Column("at", String(32), nullable=False),
    Column("by", String(36), nullable=False),
)
Index("ix_email_consent_person", email_consent.c.person_id, email_consent.c.facility)
