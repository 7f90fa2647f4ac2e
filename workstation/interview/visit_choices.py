"""What the store knows for a visit's details: places, clinicians, services, the visit itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workstation.estimates.prices import PriceList
from workstation.facility.model import EMERGENCY_DEPARTMENTS, DepartmentKind
from workstation.interview.situation import (
    Place,
    Provider,
    Service,
    VisitChoices,
    VisitOnRecord,
)
from workstation.kernel.unit_of_work import Store
from workstation.visits.model import Lock, is_locked

Row = Mapping[str, Any]


def visit_choices(store: Store, prices: PriceList | None, visit: Row | None) -> VisitChoices:
    """The hospital's lists in the order in which they are offered.

    A service on the visit that the price list no longer has stays on offer, under its own name.
    """
    departments = sorted(store.find("department"), key=_by_name)
    clinicians = sorted(store.find("clinician"), key=_by_name)
    return VisitChoices(
        tuple(
            Place(row["id"], row["name"], DepartmentKind(row["kind"]) in EMERGENCY_DEPARTMENTS)
            for row in departments
        ),
        tuple(
            Provider(row["id"], row["name"], row["npi"] or "", row["department_id"] or "")
            for row in clinicians
        ),
        _services(prices, visit or {}),
    )


def visit_on_record(visit: Row) -> VisitOnRecord:
    """What the details are compared with."""
    return VisitOnRecord(
        number=str(visit["visit_number"]),
        account=str(visit["account_number"]),
        patient_class=str(visit["class"]),
        scheduled=bool(visit.get("scheduled_at")),
        locked=is_locked(dict(visit)),
        exam_recorded=visit["lock"] == Lock.OPENED,
    )


def _services(prices: PriceList | None, visit: Row) -> tuple[Service, ...]:
    if prices is None:
        return ()
    offered = [Service(one.code, one.label()) for one in prices.services.values()]
    offered.sort(key=lambda one: one.label.casefold())
    code = str(visit.get("service_code") or "")
    if code and code not in prices.services:
        offered.append(Service(code, str(visit.get("service") or code)))
    return tuple(offered)


def _by_name(row: Row) -> tuple[str, str]:
    return str(row["name"]).casefold(), str(row["id"])
