"""The hospital as the desk sees it: facility, departments, clinicians, and the desk itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from workstation.facility.time_zone import zone_of
from workstation.kernel.entities import EntityKind

_NAMESPACE = uuid.UUID("6f2a1f5e-9a51-5c0e-9b3a-0f0d8f3f7a10")


def facility_id(name: str) -> str:
    """The id of a facility, the same on every desk and on the server: a UUIDv5 of its name."""
    return str(uuid.uuid5(_NAMESPACE, " ".join(name.split()).casefold()))


class DepartmentKind(StrEnum):
    """What a department is to payers and to 42 CFR 489.24."""

    EMERGENCY = "emergency"
    OBSTETRIC_TRIAGE = "obstetric_triage"
    URGENT_CARE = "urgent_care"
    """Hospital-owned and held out as urgent care: a dedicated emergency department."""
    PRIMARY_CARE = "primary_care"
    SPECIALIST = "specialist"
    IMAGING = "imaging"
    LABORATORY = "laboratory"
    THERAPY = "therapy"
    HOSPITAL_OUTPATIENT = "hospital_outpatient"
    INPATIENT = "inpatient"


EMERGENCY_DEPARTMENTS = frozenset(
    {DepartmentKind.EMERGENCY, DepartmentKind.OBSTETRIC_TRIAGE, DepartmentKind.URGENT_CARE}
)
"""Dedicated emergency departments in the sense of 42 CFR 489.24(b)."""

DEPARTMENT = EntityKind("department", owner=None)
CLINICIAN = EntityKind("clinician", owner=None)


@dataclass(frozen=True, slots=True)
class Department:
    """A place of care; ``provider_based`` means hospital outpatient rules and copays apply."""

    id: str
    name: str
    kind: DepartmentKind
    provider_based: bool = False
    location: str = ""


@dataclass(frozen=True, slots=True)
class Clinician:
    """A clinician with NPI; ``kind`` is ``primary_care``, ``specialist`` or ``facility``."""

    id: str
    name: str
    npi: str
    kind: str
    department_id: str | None = None


@dataclass(frozen=True, slots=True)
class Facility:
    """The hospital: what stands on papers and in the 270's provider loop, and its wall clock."""

    id: str
    name: str
    npi: str = ""
    tin: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    phone: str = ""
    time_zone: str = "UTC"
    """IANA name."""

    @property
    def zone(self) -> tzinfo:
        """The facility's zone. Raises NotUnderstood where this machine does not know it."""
        return zone_of(self.time_zone)

    def local(self, moment: datetime) -> datetime:
        """An aware moment on the facility's wall clock."""
        return moment.astimezone(self.zone)

    def day(self, moment: datetime) -> date:
        """The day at the facility at an aware moment."""
        return self.local(moment).date()


@dataclass(frozen=True, slots=True)
class Desk:
    """This workstation: its id, its name, its receipt code and whom it belongs to."""

    workstation_id: str
    name: str
    facility: Facility
    receipt_code: str
    drawer: str


def is_npi(text: str) -> bool:
    """Whether ten digits are a National Provider Identifier: Luhn over ``80840`` and the digits."""
    if len(text) != 10 or not text.isascii() or not text.isdigit():
        return False
    total = 0
    for place, digit in enumerate(reversed("80840" + text)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
