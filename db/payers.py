"""The table of coverages."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Text

from db.tables import Json, entity_table
from workstation.payers.model import COVERAGE

coverage = entity_table(
    COVERAGE,
    Column("person_id", String(36), nullable=False),
    Column("payer_id", Text),
    Column("payer_name", Text),
    Column("payer_kind", String(24)),
    Column("plan_name", Text),
    Column("plan_type", String(24)),
    Column("member_id", Text),
    Column("group_number", Text),
    Column("relation", String(8)),
    Column("subscriber", Json),
    Column("order", Integer),
    Column("from", String(10)),
    Column("to", String(10)),
    Column("claim_number", Text),
    Column("injury_date", String(10)),
    Column("rx_bin", Text),
    Column("rx_pcn", Text),
    Column("rx_group", Text),
    Column("pcp_name", Text),
    Column("adjuster", Text),
    Column("status", String(16)),
    Column("verified_at", String(32)),
    Column("verified", Json),
    Column("do_not_bill", Boolean),
    Column("retired", Boolean),
    Column("card_front", String(36)),
    Column("card_back", String(36)),
)
Index("ix_coverage_person", coverage.c.person_id, coverage.c.facility)
