"""Fills a fresh workstation with the invented hospital, its people, and a day around now."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from workstation.access.model import Session
from workstation.access.use_cases import hash_password, put_account
from workstation.demo import hospital
from workstation.demo.cast import CAST, Cover, Role
from workstation.demo.names import people
from workstation.facility.model import Desk
from workstation.kernel.clock import iso
from workstation.kernel.commands import Change, Command, Insert
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import StoreGateway
from workstation.visits.model import PatientClass, VisitState
from workstation.visits.rules import lock_at_start

PEOPLE = 300
APPOINTMENTS = 62
_PER_COMMAND = 60

_PLANS = (
    ("99001", "XQ", "Gold 123 PPO", "0071234"),
    ("99001", "XQ", "Silver 80 PPO", "0071240"),
    ("99002", "PHH", "Prairie Health HMO", "PH8812"),
    ("99003", "MRD", "Meridian Choice HDHP", "HD2210"),
    ("99006", "SM", "Sunshine Medicaid", None),
    ("99007", "SCP", "Sunshine Community Plan", None),
    ("99008", "SFP", "Service Families Prime", None),
)
_SENIOR_PLANS = (
    ("99004", "1EG4TE5MK", "Medicare A and B", None),
    ("99005", "SOA", "Silver Oak Advantage HMO", None),
)
_VISITS = (
    ("Office visit", "Family Medicine", "Dr. Asha Patel", "OV-PCP"),
    ("Annual physical", "Family Medicine", "Dr. Tom Reyes", "OV-PCP"),
    ("Cardiology visit", "Cardiology", "Dr. Ingrid Holm", "OV-SPEC"),
    ("Skin check", "Dermatology", "Dr. Sam Adeyemi", "OV-SPEC"),
    ("X-ray", "Imaging", "Dr. Lucia Marino", "IMG-XR"),
    ("Physical therapy", "Physical Therapy", "Kim Park, PT", "PT-SESSION"),
    ("Blood work", "Laboratory", "Dr. Ben Castle", "LAB-PANEL"),
)


def fill(store: StoreGateway, desk: Desk, session: Session, now: datetime) -> None:
    """Writes accounts, hospital, people, coverages and the day; about two seconds."""
    password = hash_password(hospital.PASSWORD)
    with store.unit_of_work() as work:
        for login, name, role in hospital.ACCOUNTS:
            put_account(work, login, name, role, password)
        changes = [*_hospital(), *_everybody(desk, session, now)]
        for start in range(0, len(changes), _PER_COMMAND):
            work.record(
                Command(
                    id=new_id(),
                    type="fill_demo",
                    actor=session.user_id,
                    at=now,
                    facility=desk.facility.id,
                    changes=tuple(changes[start : start + _PER_COMMAND]),
                )
            )
        work.commit()


def _hospital() -> Iterator[Change]:
    for department in hospital.DEPARTMENTS.values():
        yield Insert(
            "department",
            department.id,
            {
                "name": department.name,
                "kind": department.kind.value,
                "provider_based": department.provider_based,
                "location": department.location,
            },
        )
    for clinician in hospital.CLINICIANS.values():
        yield Insert(
            "clinician",
            clinician.id,
            {
                "name": clinician.name,
                "npi": clinician.npi,
                "kind": clinician.kind,
                "department_id": clinician.department_id,
            },
        )


def _everybody(desk: Desk, session: Session, now: datetime) -> Iterator[Change]:
    first = now.replace(minute=0, second=0, microsecond=0) - timedelta(minutes=30)
    number = _counter(desk)
    for role in CAST:
        person_id = hospital.demo_id("person", f"{role.person['last']} {role.person['first']}")
        yield _person(person_id, role.person)
        for order, cover in enumerate(role.covers, 1):
            yield _coverage(person_id, order, cover)
        yield from _earlier_visit(person_id, role, number(), now)
        yield _appointment(person_id, role, number(), first, now, session)
    yield from _extras(first, now, session, number)


def _extras(
    first: datetime, now: datetime, session: Session, number: Callable[[], str]
) -> Iterator[Change]:
    dice = random.Random(7)  # noqa: S311  (invented coverages)
    extras = list(people(PEOPLE - len(CAST), now.date()))
    for index, person in enumerate(extras):
        person_id = hospital.demo_id("person", f"extra {index}")
        yield _person(person_id, person)
        cover = _plan_of(person, now, dice)
        yield _coverage(person_id, 1, cover)
        if index < APPOINTMENTS - len(CAST):
            visit, department, clinician, code = _VISITS[index % len(_VISITS)]
            role = Role(person, 20 + index * 9, visit, department, clinician, code, (cover,))
            yield _appointment(person_id, role, number(), first, now, session)


def _plan_of(person: dict[str, Any], now: datetime, dice: random.Random) -> Cover:
    senior = now.year - int(person["dob"][:4]) >= 66
    payer, prefix, plan, group = dice.choice(_SENIOR_PLANS if senior else _PLANS)
    digits = f"{dice.randrange(10**8, 10**9)}"
    member = f"{prefix}{digits[:2]}" if payer == "99004" else f"{prefix}{digits}"
    return Cover(payer, member, plan, group)


def _person(person_id: str, fields: dict[str, Any]) -> Insert:
    return Insert("person", person_id, fields)


def _coverage(person_id: str, order: int, cover: Cover) -> Insert:
    return Insert(
        "coverage",
        hospital.demo_id("coverage", f"{person_id} {order}"),
        {
            "person_id": person_id,
            "payer_id": cover.payer_id,
            "member_id": cover.member_id or None,
            "group_number": cover.group,
            "plan_name": cover.plan,
            "relation": cover.relation,
            "order": order,
            "from": "2026-01-01",
            "to": cover.ended,
            "subscriber": cover.subscriber,
            "claim_number": cover.claim_number,
            "injury_date": cover.injury_date,
        },
    )


def _earlier_visit(person_id: str, role: Role, number: str, now: datetime) -> Sequence[Insert]:
    if not role.seen_before:
        return ()
    day = (now - timedelta(days=112)).date().isoformat()
    fields = _visit_fields(person_id, role, number, day)
    fields.update(state=VisitState.DONE.value, lock="none", **{"class": "O"})
    return (Insert("visit", hospital.demo_id("visit", f"{person_id} earlier"), fields),)


def _appointment(
    person_id: str, role: Role, number: str, first: datetime, now: datetime, session: Session
) -> Insert:
    scheduled = first + timedelta(minutes=role.minutes)
    fields = _visit_fields(person_id, role, number, now.date().isoformat())
    fields["scheduled_at"] = iso(scheduled)
    if role.arrived_minutes_ago is not None:
        fields["state"] = VisitState.ARRIVED.value
        fields["arrived_at"] = iso(now - timedelta(minutes=role.arrived_minutes_ago))
    return Insert("visit", hospital.demo_id("visit", f"{person_id} today"), fields)


def _visit_fields(person_id: str, role: Role, number: str, day: str) -> dict[str, Any]:
    department = hospital.DEPARTMENTS[role.department]
    clinician = hospital.CLINICIANS[role.clinician]
    patient_class = PatientClass(role.patient_class)
    return {
        "person_id": person_id,
        "visit_number": f"V{number}",
        "account_number": f"A{number}",
        "class": patient_class.value,
        "lock": lock_at_start(patient_class, department.kind, asks_emergency_care=False).value,
        "asks_emergency_care": False,
        "state": VisitState.EXPECTED.value,
        "service_date": day,
        "reason": role.visit,
        "sensitive": role.sensitive,
        "service": role.visit,
        "service_code": role.service_code,
        "department_id": department.id,
        "attending_id": clinician.id,
        "admit_type": "1" if patient_class is PatientClass.EMERGENCY else "3",
        "point_of_origin": "1",
        "do_not_bill": False,
        "employer_paid": False,
        "guarantor_kind": "self",
    }


def _counter(desk: Desk) -> Callable[[], str]:
    taken = 0

    def number() -> str:
        nonlocal taken
        taken += 1
        return f"{desk.receipt_code}D{taken:05d}"

    return number
