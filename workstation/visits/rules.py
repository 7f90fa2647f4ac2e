"""The emergency lock of 42 CFR 489.24 as a pure state machine, and who is asked about it."""

from __future__ import annotations

from typing import Any

from workstation.facility.model import EMERGENCY_DEPARTMENTS, DepartmentKind
from workstation.kernel.errors import Refused
from workstation.kernel.unit_of_work import Store
from workstation.people.use_cases import charts_of
from workstation.visits.model import Lock, PatientClass, is_locked


def lock_at_start(
    patient_class: PatientClass, department: DepartmentKind | None, *, asks_emergency_care: bool
) -> Lock:
    """Emergency class, an emergency department, or a person who asks for emergency care."""
    if (
        patient_class is PatientClass.EMERGENCY
        or department in EMERGENCY_DEPARTMENTS
        or asks_emergency_care
    ):
        return Lock.LOCKED
    return Lock.NONE


def after_exam(lock: Lock) -> Lock:
    """The lock once a clinician's screening exam was recorded with one of its two outcomes."""
    return Lock.OPENED if lock is Lock.LOCKED else lock


def after_class_correction(
    lock: Lock,
    patient_class: PatientClass,
    department: DepartmentKind | None,
    *,
    asks_emergency_care: bool,
) -> Lock:
    """The only other way out of the lock: the class was wrong. It may also lock what was open.

    An exam once recorded stays recorded: a visit that was opened is not locked again.
    """
    if lock is Lock.OPENED:
        return lock
    return lock_at_start(patient_class, department, asks_emergency_care=asks_emergency_care)


def after_placing(
    lock: Lock,
    patient_class: PatientClass,
    department: DepartmentKind,
    *,
    asks_emergency_care: bool,
) -> Lock:
    """The lock after a visit went to a department: an emergency department locks, none unlocks.

    Whoever came to the emergency department keeps the right to the exam wherever they are sent.
    """
    if lock is not Lock.NONE:
        return lock
    return lock_at_start(patient_class, department, asks_emergency_care=asks_emergency_care)


def locked_visit_of(store: Store, person_id: str, *, but: str = "") -> dict[str, Any] | None:
    """An open visit of this person that still waits for its screening exam, if there is one.

    Whichever of their charts it was opened in: a merge moves no visit. ``but`` is left out.
    """
    for chart in charts_of(store, person_id):
        for visit in store.find("visit", person_id=chart):
            if visit["id"] != but and is_locked(visit):
                return visit
    return None


def forbid_money_while_locked(store: Store, person_id: str, visit_id: str | None = None) -> None:
    """Raises Refused ``emtala_locked`` while any visit of the person is locked.

    The person, not only the visit: a prior balance asked for at the emergency desk delays care as
    much as today's copay does.
    """
    visit = store.get("visit", visit_id) if visit_id else None
    if (visit is not None and is_locked(visit)) or locked_visit_of(store, person_id) is not None:
        raise Refused(
            "emtala_locked",
            "Emergency: registration only for now.",
            "Money can be spoken of after a clinician's screening exam is recorded.",
        )
