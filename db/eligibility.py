"""The table of questions to payers and their answers; append-only."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Text

from db.tables import Json, entity_table
from workstation.eligibility.model import ELIGIBILITY_CHECK

eligibility_check = entity_table(
    ELIGIBILITY_CHECK,
    Column("person_id", String(36), nullable=False),
    Column("coverage_id", String(36)),
    Column("visit_id", String(36)),
    Column("asked_at", String(32), nullable=False),
    Column("answered_at", String(32)),
    Column("state", String(16), nullable=False),
    Column("status", String(16)),
    Column("service_date", String(10)),
    Column("service_types", Json),
    Column("answer", Json),
    Column("rejections", Json),
    Column("raw_document", String(64)),
    Column("connector", String(32)),
    Column("question", String(64)),
    Column("say", Text),
)
Index("ix_eligibility_check_person", eligibility_check.c.person_id, eligibility_check.c.facility)
