"""A visit as the desk left it: who it was, what was paid and given back, what can be reprinted."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.kernel.unit_of_work import Store
from workstation.payments.checks import unknown
from workstation.payments.due import open_charges
from workstation.payments.history import PastPayment, nothing_collected, payments_of_visit
from workstation.visits.rules import locked_visit_of


@dataclass(frozen=True, slots=True)
class VisitRecord:
    """Read only. While ``locked`` nothing of money is in it (42 CFR 489.24(d)(4))."""

    person_id: str
    visit_id: str
    last: str
    given: str
    born: str
    """ISO date; empty where it is not known."""
    mrn: str
    language: str
    visit_number: str
    service_date: str
    department: str
    reason: str
    """Empty for a sensitive visit."""
    locked: bool
    payments: tuple[PastPayment, ...] = ()
    verifying: tuple[tuple[str, int], ...] = ()
    """Card payments in doubt beside which another tender was taken: attempt and cents."""
    nothing: str | None = None
    """Why nothing was collected, a :class:`NothingReason`."""


def visit_record(store: Store, visit_id: str) -> VisitRecord:
    """Gathers the record of a visit. Raises Refused ``not_found``."""
    visit = store.get("visit", visit_id)
    person = store.get("person", visit["person_id"]) if visit else None
    if visit is None or person is None:
        raise unknown("This visit is not on this workstation.")
    department = store.get("department", visit["department_id"] or "")
    locked = locked_visit_of(store, person["id"]) is not None
    given = (person["first"], person["middle"], person["suffix"])
    return VisitRecord(
        person["id"],
        visit_id,
        person["last"] or "",
        " ".join(part for part in given if part),
        person["dob"] or "",
        person["mrn"] or person["provisional_mrn"] or "",
        person["language"] or "",
        visit["visit_number"] or "",
        visit["service_date"],
        department["name"] if department else "",
        "" if visit["sensitive"] else visit["reason"] or "",
        locked,
        () if locked else payments_of_visit(store, visit_id),
        () if locked else _verifying(store, visit_id),
        None if locked else nothing_collected(store, visit_id),
    )


def _verifying(store: Store, visit_id: str) -> tuple[tuple[str, int], ...]:
    charges = open_charges(store, visit_id)
    return tuple((one.id, one.asked_cents) for one in charges if one.refund_if_found)
