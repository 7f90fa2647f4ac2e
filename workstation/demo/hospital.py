"""The invented hospital: departments, clinicians and the accounts of its desk."""

from __future__ import annotations

import uuid
from dataclasses import replace

from workstation.access.model import Role
from workstation.facility.model import (
    Clinician,
    Department,
    DepartmentKind,
    Facility,
    facility_id,
)
from workstation.facility.time_zone import machine_zone

_NAMESPACE = uuid.UUID("0b9c2f5e-6f0e-5b1c-8a55-3f5b2f6f1a77")

NAME = "Live Oak Regional Hospital"

FACILITY = Facility(
    id=facility_id(NAME),
    name=NAME,
    npi="1234567893",
    tin="00-0000000",
    street="400 Example Parkway",
    city="Austin",
    state="TX",
    zip="78701",
    phone="(512) 555-0100",
)


def hospital_here() -> Facility:
    """The hospital in the time zone of whoever tries it: its day is theirs."""
    return replace(FACILITY, time_zone=machine_zone())


PASSWORD = "portico demo day"  # noqa: S105  (of a throw-away store without a real person in it)

ACCOUNTS = (
    ("rdiaz", "R. Diaz", Role.REGISTRAR),
    ("mokoye", "M. Okoye", Role.REGISTRAR),
    ("slee", "S. Lee", Role.SUPERVISOR),
    ("fcruz", "F. Cruz", Role.COUNSELLOR),
    ("itdesk", "IT desk", Role.IT),
)


def demo_id(kind: str, name: str) -> str:
    """The same id on every desk of the demo, so that two of them hold the same hospital."""
    return str(uuid.uuid5(_NAMESPACE, f"{kind}:{name}"))


def _department(name: str, kind: DepartmentKind, *, provider_based: bool = False) -> Department:
    return Department(demo_id("department", name), name, kind, provider_based, "Main Lobby")


DEPARTMENTS = {
    one.name: one
    for one in (
        _department("Family Medicine", DepartmentKind.PRIMARY_CARE),
        _department("Cardiology", DepartmentKind.SPECIALIST, provider_based=True),
        _department("Dermatology", DepartmentKind.SPECIALIST),
        _department("Imaging", DepartmentKind.IMAGING, provider_based=True),
        _department("Physical Therapy", DepartmentKind.THERAPY),
        _department("Laboratory", DepartmentKind.LABORATORY),
        _department("Infusion Center", DepartmentKind.HOSPITAL_OUTPATIENT, provider_based=True),
        _department("Emergency Department", DepartmentKind.EMERGENCY),
    )
}


def _clinician(name: str, npi: str, kind: str, department: str) -> Clinician:
    return Clinician(demo_id("clinician", name), name, npi, kind, DEPARTMENTS[department].id)


CLINICIANS = {
    one.name: one
    for one in (
        _clinician("Dr. Asha Patel", "1000000004", "primary_care", "Family Medicine"),
        _clinician("Dr. Tom Reyes", "1000000012", "primary_care", "Family Medicine"),
        _clinician("Dr. Ingrid Holm", "1000000020", "specialist", "Cardiology"),
        _clinician("Dr. Sam Adeyemi", "1000000038", "specialist", "Dermatology"),
        _clinician("Dr. Lucia Marino", "1000000046", "facility", "Imaging"),
        _clinician("Kim Park, PT", "1000000053", "specialist", "Physical Therapy"),
        _clinician("Dr. Ruth Ames", "1000000061", "facility", "Infusion Center"),
        _clinician("Dr. Noor Haddad", "1000000079", "facility", "Emergency Department"),
        _clinician("Dr. Ben Castle", "1000000087", "facility", "Laboratory"),
    )
}
