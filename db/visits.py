"""Tables of visits, screening exams and what happened to visits in time."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, String, Text

from db.tables import Json, entity_table
from workstation.visits.model import SCREENING_EXAM, VISIT, VISIT_EVENT

visit = entity_table(
    VISIT,
    Column("person_id", String(36), nullable=False),
    Column("visit_number", String(24), nullable=False),
    Column("account_number", String(24), nullable=False),
    Column("class", String(1), nullable=False),
    Column("lock", String(8), nullable=False),
    Column("asks_emergency_care", Boolean),
    Column("state", String(16), nullable=False),
    Column("service_date", String(10), nullable=False),
    Column("scheduled_at", String(32)),
    Column("arrived_at", String(32)),
    Column("finished_at", String(32)),
    Column("owner", String(36)),
    Column("reason", Text),
    Column("sensitive", Boolean),
    Column("service", Text),
    Column("service_code", String(16)),
    Column("department_id", String(36)),
    Column("attending_id", String(36)),
    Column("ordering_id", String(36)),
    Column("referring_id", String(36)),
    Column("admit_type", String(1)),
    Column("point_of_origin", String(1)),
    Column("diagnoses", Text),
    Column("guarantor_kind", String(16)),
    Column("guarantor_person_id", String(36)),
    Column("guarantor", Json),
    Column("do_not_bill", Boolean),
    Column("employer_paid", Boolean),
    Column("payer_order", Json),
    Column("accident", Json),
    Column("moved_to", String(36)),
)
Index("ix_visit_person", visit.c.person_id, visit.c.facility)
Index("ix_visit_day", visit.c.service_date, visit.c.facility)

screening_exam = entity_table(
    SCREENING_EXAM,
    Column("visit_id", String(36), nullable=False),
    Column("person_id", String(36), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("source", Text, nullable=False),
    Column("entered_by", String(36), nullable=False),
    Column("entered_at", String(32), nullable=False),
)
Index("ix_screening_exam_visit", screening_exam.c.visit_id, screening_exam.c.facility)

visit_event = entity_table(
    VISIT_EVENT,
    Column("visit_id", String(36), nullable=False),
    Column("person_id", String(36), nullable=False),
    Column("what", String(32), nullable=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(36), nullable=False),
    Column("detail", Json),
)
Index("ix_visit_event_visit", visit_event.c.visit_id, visit_event.c.facility)
