"""A visit, its coverage and its payer's answer as stored rows, for the tests of the page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from workstation.eligibility.sides import (
    Amounts,
    Conflict,
    ConflictingValue,
    Level,
    Limits,
    Side,
    Stated,
)

NOW = datetime(2026, 11, 23, 15, 34, tzinfo=UTC)
DEDUCTIBLE = "deductible.individual"
PLAN = Amounts(150000, 86000, 64000)
LIMIT = Amounts(500000, 0, 500000)


def eb(index: int, kind: str = "copay", **more: Any) -> dict[str, Any]:
    """One row of the benefit model."""
    made: dict[str, Any] = {
        "index": index,
        "code": "B",
        "kind": kind,
        "service_type": "98",
        "level": "IND",
        "network": "in",
        "period": "visit",
        "amount": 2500,
        "rate_bp": None,
        "quantity": None,
        "insurance_type": None,
        "authorization": "unknown",
        "place_of_service": None,
        "procedure": None,
        "messages": [],
        "entity": None,
        "dates": [],
    }
    return {**made, **more}


TORN = Conflict(
    "copay",
    (
        ConflictingValue(2500, ("RATES VARY A",), ("RATES VARY A",), 2),
        ConflictingValue(5000, ("RATES VARY B",), ("RATES VARY B",), 3),
    ),
)


def answer(office: Side | None = None, **more: Any) -> dict[str, Any]:
    """A benefit model with an office visit and the plan."""
    side = office or Side(
        Stated("active", copay=2500, rows={2}, sources=(("copay", (2,)),)),
        Limits(Level(DEDUCTIBLE, PLAN, sources=((f"{DEDUCTIBLE}.total", (9,)),))),
    )
    limit = Level("out_of_pocket.individual", LIMIT)
    plan = Side(
        Stated("active", rows={1, 9}),
        Limits(Level(DEDUCTIBLE, PLAN), out_of_pocket_individual=limit),
    )
    out = Side(Stated("active", coinsurance_bp=4000, rows={4}))
    made: dict[str, Any] = {
        "status": "active",
        "status_detail": "Active.",
        "plan_name": "Gold 123 PPO",
        "dates": [{"qualifier": "plan", "from": "2026-01-01", "to": None}],
        "rows": [eb(1, "active", amount=None), eb(2, messages=["<b>PCP</b>"]), eb(3, amount=5000)],
        "summary": {
            "98": {"in": side.as_json(), "out": out.as_json()},
            "30": {"in": plan.as_json(), "out": Side().as_json()},
        },
        "primary_care": None,
        "managed_care": None,
        "other_payers": [],
        "subscriber": {},
        "patient": {},
        "flags": [],
    }
    return {**made, **more}


def check(state: str = "answered", **more: Any) -> dict[str, Any]:
    """A stored eligibility check."""
    made: dict[str, Any] = {
        "id": f"check-{state}",
        "person_id": "p",
        "coverage_id": "c",
        "visit_id": "v",
        "state": state,
        "status": "active" if state == "answered" else None,
        "say": "",
        "asked_at": "2026-11-23T15:30:00Z",
        "answered_at": "2026-11-23T15:30:04Z" if state != "asked" else None,
        "service_date": "2026-11-23",
        "service_types": ["98", "30"],
        "question": "q",
        "connector": "core_soap",
        "answer": answer() if state == "answered" else None,
        "rejections": [],
    }
    return {**made, **more}


class Shelf:
    """Rows in lists, read as the store is read."""

    def __init__(self, *checks: dict[str, Any], **visit: Any) -> None:
        absent = "attending_id department_id employer_paid do_not_bill accident payer_order"
        empty = f"{absent} lock asks_emergency_care moved_to".split()
        self.rows: dict[str, list[dict[str, Any]]] = {
            "visit": [
                {
                    **dict.fromkeys(empty),
                    "id": "v",
                    "rev": 1,
                    "person_id": "p",
                    "class": "O",
                    "state": "in_progress",
                    "service_date": "2026-11-23",
                    "service_code": "OV-PCP",
                    "reason": "Office visit",
                    **visit,
                }
            ],
            "coverage": [
                {
                    "id": "c",
                    "rev": 1,
                    "person_id": "p",
                    "payer_id": "99001",
                    "payer_name": "Blue Example",
                    "payer_kind": "commercial",
                    "plan_name": "Gold 123 PPO",
                    "plan_type": "PPO",
                    "member_id": "XQZ1",
                    "order": 1,
                }
            ],
            "eligibility_check": list(checks),
        }

    def read(self) -> Shelf:
        return self

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        return next((row for row in self.rows.get(kind, ()) if row["id"] == id), None)

    def find(self, kind: str, /, **equal: Any) -> list[dict[str, Any]]:
        return [
            row
            for row in self.rows.get(kind, ())
            if all(row.get(key) == value for key, value in equal.items())
        ]
