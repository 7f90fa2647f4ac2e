"""The table of estimates that were given."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Text

from db.tables import Json, entity_table
from workstation.estimates.model import ESTIMATE

estimate = entity_table(
    ESTIMATE,
    Column("person_id", String(36), nullable=False),
    Column("visit_id", String(36)),
    Column("coverage_id", String(36)),
    Column("service_date", String(10), nullable=False),
    Column("at", String(32), nullable=False),
    Column("by", String(36), nullable=False),
    Column("patient_total", BigInteger),
    Column("low", BigInteger),
    Column("high", BigInteger),
    Column("input", Json, nullable=False),
    Column("answer", Json, nullable=False),
    Column("replaces", String(36)),
    Column("note", Text),
)
Index("ix_estimate_person", estimate.c.person_id, estimate.c.facility)
Index("ix_estimate_visit", estimate.c.visit_id, estimate.c.facility)
