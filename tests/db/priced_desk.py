"""A desk with a store, prices, and a patient whose coverages answer what a test says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import db.declared  # noqa: F401  (declares every table)
from db.store import SqlStore
from workstation.access.desk import make_desk, service_session
from workstation.estimates.prices import demo_prices
from workstation.estimates.visit_money import VisitMoney, visit_money
from workstation.facility.model import Facility, facility_id
from workstation.kernel.commands import Change, Command, Insert
from workstation.kernel.ids import new_id
from workstation.payers.use_cases import Coverages
from workstation.visits.model import PatientClass
from workstation.visits.use_cases import NewVisit, Visits

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
PLAN = {
    "copay": None,
    "coinsurance_bp": 2000,
    "deductible": {"individual": {"total": 150000, "met": 90000, "remaining": 60000}},
    "out_of_pocket": {"individual": {"total": 400000, "met": 0, "remaining": 400000}},
    "rows": [4],
    "conflicts": [],
}


class Desk:
    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.desk = make_desk(store, "desk-1", Facility(facility_id("Example"), "Example"))
        self.session = service_session(store.read())
        self.person_id = new_id()
        self.insert("person", self.person_id, {"last": "SAMPLE", "first": "ANA"})
        self.coverages = Coverages(store, lambda: NOW, self.session, self.desk)
        self.visits = Visits(store, lambda: NOW, self.session, self.desk)

    def insert(self, kind: str, id: str, fields: dict[str, Any]) -> None:
        self.change(Insert(kind, id, fields))

    def change(self, change: Change) -> None:
        with self.store.unit_of_work() as work:
            facility = self.desk.facility.id
            command = Command(new_id(), "test", self.session.user_id, NOW, facility, (change,))
            work.record(command)
            work.commit()

    def cover(self, payer_id: str, kind: str | None, **more: Any) -> str:
        row = {"payer_id": payer_id, "payer_kind": kind, "member_id": "X1", "relation": "self"}
        return self.coverages.add_coverage(self.person_id, {**row, **more})

    def answered(self, coverage_id: str, **more: Any) -> None:
        answer = {"status": "active", "summary": {"30": {"in": PLAN}}, "rows": [], **more}
        fields = {
            "person_id": self.person_id,
            "coverage_id": coverage_id,
            "asked_at": "2026-11-20T10:00:00Z",
            "answered_at": "2026-11-20T10:00:02Z",
            "state": "answered",
            "service_date": "2026-11-20",
            "answer": answer,
        }
        self.insert("eligibility_check", new_id(), fields)

    def visit(self, patient_class: str = "O", **more: Any) -> str:
        new = NewVisit(
            self.person_id, PatientClass(patient_class), "x", "2026-11-23", service_code="IMG-MRI"
        )
        visit_id = self.visits.open(new).visit_id
        if more:
            self.visits.revise(visit_id, more)
        return visit_id

    def money(self, patient_class: str = "O", **more: Any) -> VisitMoney:
        visit_id = self.visit(patient_class, **more)
        reader = self.store.read()
        visit = reader.get("visit", visit_id)
        assert visit is not None
        return visit_money(reader, visit, demo_prices())
