"""The emergency lock of 42 CFR 489.24 as a state machine: what locks, and the only ways out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.facility.model import EMERGENCY_DEPARTMENTS, DepartmentKind, is_npi
from workstation.visits.model import Lock, PatientClass
from workstation.visits.rules import after_class_correction, after_exam, lock_at_start

classes = st.sampled_from(PatientClass)
departments = st.none() | st.sampled_from(DepartmentKind)


@given(classes, departments, st.booleans())
def test_each_of_three_reasons_locks_and_nothing_else(
    patient_class: PatientClass, department: DepartmentKind | None, asks: bool
) -> None:
    lock = lock_at_start(patient_class, department, asks_emergency_care=asks)
    emergency = patient_class is PatientClass.EMERGENCY or department in EMERGENCY_DEPARTMENTS
    assert (lock is Lock.LOCKED) == (emergency or asks)


def test_obstetric_triage_and_hospital_urgent_care_are_emergency_departments() -> None:
    for department in (DepartmentKind.OBSTETRIC_TRIAGE, DepartmentKind.URGENT_CARE):
        lock = lock_at_start(PatientClass.OUTPATIENT, department, asks_emergency_care=False)
        assert lock is Lock.LOCKED


@pytest.mark.parametrize(
    ("before", "after"),
    [(Lock.LOCKED, Lock.OPENED), (Lock.NONE, Lock.NONE), (Lock.OPENED, Lock.OPENED)],
)
def test_an_exam_opens_only_what_was_locked(before: Lock, after: Lock) -> None:
    assert after_exam(before) is after


@given(st.sampled_from(Lock), classes, departments, st.booleans())
def test_a_corrected_class_never_leaves_an_emergency_unlocked(
    lock: Lock, patient_class: PatientClass, department: DepartmentKind | None, asks: bool
) -> None:
    corrected = after_class_correction(lock, patient_class, department, asks_emergency_care=asks)
    if lock is Lock.OPENED:
        assert corrected is Lock.OPENED
    else:
        assert corrected is lock_at_start(patient_class, department, asks_emergency_care=asks)


@pytest.mark.parametrize(
    ("npi", "good"),
    [("1234567893", True), ("1234567890", False), ("123456789", False), ("١٢٣٤٥٦٧٨٩٣", False)],
)
def test_npi_is_checked_by_luhn_over_80840(npi: str, good: bool) -> None:
    assert is_npi(npi) is good
