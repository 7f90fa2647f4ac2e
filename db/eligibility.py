"""The table of what payers answered: one append-only row per question."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Text

from db.tables import Json, entity_table
from workstation.eligibility.model import ELIGIBILITY_CHECK

eligibility_check = entity_table(
    ELIGIBILITY_CHECK,
    Column("person_id", String(36), nullable=False),
    Column("coverage_id", String(36), nullable=False),
    Column("visit_id", String(36)),
    Column("asked_at", String(32), nullable=False),
    Column("answered_at", String(32)),
    Column("service_date", String(10)),
    Column("service_types", Json),
    Column("state", String(16), nullable=False),
    Column("status", String(16)),
    Column("say", Text),
    Column("answer", Json),
    Column("rejections", Json),
    Column("raw_document", String(64)),
    Column("connector", String(32)),
)
Index("ix_eligibility_check_person", eligibility_check.c.facility, eligibility_check.c.person_id)
Index("ix_eligibility_check_visit", eligibility_check.c.facility, eligibility_check.c.visit_id)
