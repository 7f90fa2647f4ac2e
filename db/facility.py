"""Tables of departments and clinicians, and the one row that says which desk this store is."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, String, Text

from db.tables import Json, entity_table, local_table
from workstation.facility.model import CLINICIAN, DEPARTMENT

department = entity_table(
    DEPARTMENT,
    Column("name", Text),
    Column("kind", String(32)),
    Column("provider_based", Boolean),
    Column("location", Text),
)

clinician = entity_table(
    CLINICIAN,
    Column("name", Text),
    Column("npi", String(10)),
    Column("kind", String(32)),
    Column("department_id", String(36)),
)

desk = local_table(
    "desk",
    Column("workstation_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("hospital", Json, nullable=False),
    Column("receipt_code", String(3), nullable=False),
    Column("drawer", String(36), nullable=False),
    Column("service_user", String(36), nullable=False),
)
