"""The tables of questions to payers, their answers, and calls to them; append-only."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Text

from db.tables import Json, entity_table
from workstation.eligibility.model import ELIGIBILITY_CHECK, PAYER_CONTACT

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
    Column("said", Json),
)
Index("ix_eligibility_check_person", eligibility_check.c.person_id, eligibility_check.c.facility)

payer_contact = entity_table(
    PAYER_CONTACT,
    Column("person_id", String(36), nullable=False),
    Column("coverage_id", String(36), nullable=False),
    Column("visit_id", String(36)),
    Column("at", String(32), nullable=False),
    Column("by", String(36), nullable=False),
    Column("how", String(8), nullable=False),
    Column("with_whom", Text),
    Column("reference", Text),
    Column("told", Text, nullable=False),
    Column("promise", Text),
    Column("follow_up_on", String(10)),
    Column("check_id", String(36)),
)
Index("ix_payer_contact_person", payer_contact.c.person_id, payer_contact.c.facility)
