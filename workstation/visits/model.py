"""The visit as registration knows it: class, reason, clinicians, guarantor, lock."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from workstation.kernel.entities import EntityKind, FieldGroup


class PatientClass(StrEnum):
    """HL7 table 0004, as contracts.md takes them."""

    OUTPATIENT = "O"
    EMERGENCY = "E"
    INPATIENT = "I"
    OBSTETRICS = "B"
    RECURRING = "R"
    PREADMIT = "P"


class Lock(StrEnum):
    """Where a visit stands under 42 CFR 489.24(d)(4)."""

    NONE = "none"
    """Not an emergency visit: there never was a lock."""
    LOCKED = "locked"
    """The screening exam is not recorded: nothing of money may be seen, said or asked."""
    OPENED = "opened"
    """Exam recorded, with no emergency condition or with stabilising treatment begun."""


class ScreeningOutcome(StrEnum):
    """The two outcomes that open the lock; there is no third, and no override."""

    NO_EMERGENCY = "no_emergency"
    TREATMENT_BEGUN = "treatment_begun"


class VisitState(StrEnum):
    """Where a visit stands at the desk."""

    EXPECTED = "expected"
    ARRIVED = "arrived"
    IN_PROGRESS = "in_progress"
    READY = "ready"
    DONE = "done"
    LEFT = "left"
    """Left before the screening exam or before being seen."""
    CANCELLED = "cancelled"


_FURTHER = (
    VisitState.CANCELLED,
    VisitState.EXPECTED,
    VisitState.LEFT,
    VisitState.ARRIVED,
    VisitState.IN_PROGRESS,
    VisitState.READY,
    VisitState.DONE,
)
"""Whoever saw the patient knows more than who did not: the further step stands."""


def progress_of_both(
    stands: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """One progress of what two desks did with a visit apart.

    The further step stands, the first arrival, the last finish, and the visit is whose desk told
    the server last. A visit that was moved to another person is for a person to look at.
    """
    states = (stands["state"], wanted["state"])
    if stands["moved_to"] or wanted["moved_to"] or not set(_FURTHER).issuperset(states):
        return None
    arrivals = [each["arrived_at"] for each in (stands, wanted) if each["arrived_at"]]
    finishes = [each["finished_at"] for each in (stands, wanted) if each["finished_at"]]
    return {
        "state": max(states, key=_FURTHER.index),
        "arrived_at": min(arrivals, default=None),
        "finished_at": max(finishes, default=None),
        "owner": wanted["owner"] or stands["owner"],
        "moved_to": None,
    }


def class_of_both(stands: Mapping[str, Any], wanted: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """One class of what two desks said of a visit apart, where the emergency lock hangs on it.

    The lock waits for nobody: between a desk that locked and one that did not know, the locked
    visit stands (42 CFR 489.24(d)(4)). A recorded exam is a fact, beside whatever else was said.
    Anything else is for a person to look at.
    """
    locks = (stands["lock"], wanted["lock"])
    if locks[0] == locks[1]:
        return None
    if Lock.OPENED in locks:
        other = wanted if locks[0] == Lock.OPENED else stands
        return {**other, "lock": Lock.OPENED.value}
    return stands if locks[0] == Lock.LOCKED else wanted


VISIT = EntityKind(
    "visit",
    groups=(
        FieldGroup(
            "class", ("class", "lock", "asks_emergency_care", "department_id"), class_of_both
        ),
        FieldGroup(
            "progress",
            ("state", "arrived_at", "owner", "finished_at", "moved_to"),
            progress_of_both,
        ),
        FieldGroup(
            "guarantor",
            ("guarantor_kind", "guarantor_person_id", "guarantor"),
        ),
        FieldGroup("payer_choice", ("do_not_bill", "payer_order", "employer_paid")),
    ),
)
"""A visit; ``accident`` is the answer asked afresh at every visit, with kind, date and state."""

SCREENING_EXAM = EntityKind("screening_exam", append_only=True)
"""Who recorded the exam, when, from which source, and with what outcome."""

VISIT_EVENT = EntityKind("visit_event", append_only=True)
"""What happened to a visit in time, from which every measure of the desk is a query."""

POINTS_OF_ORIGIN = {
    "1": "Home or other place, not a facility",
    "2": "Clinic or physician's office",
    "4": "Another hospital",
    "5": "Skilled nursing facility or the like",
    "6": "Another health care facility",
    "8": "Court or law enforcement",
    "9": "Not known",
    "E": "Ambulatory surgery center",
    "F": "Hospice",
}
"""Codes of the uniform bill's point of origin, with our own short labels."""

ADMIT_TYPES = {
    "1": "Emergency",
    "2": "Urgent",
    "3": "Elective",
    "4": "Newborn",
    "5": "Trauma",
    "9": "Not known",
}


def is_locked(visit: dict[str, Any]) -> bool:
    """Whether this visit still waits for its screening exam."""
    return bool(visit["lock"] == Lock.LOCKED and visit["state"] not in _OVER)


_OVER = frozenset({VisitState.CANCELLED, VisitState.LEFT})
