"""Fills a fresh workstation with the invented hospital, its people, and a day around now."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Session
from workstation.access.use_cases import hash_password, put_account
from workstation.demo import hospital
from workstation.demo.cast import CAST, Cover, Role
from workstation.demo.history import LAST_VISIT_DAYS, history, old_answer
from workstation.demo.hospital import demo_id
from workstation.demo.names import people
from workstation.facility.model import Desk
from workstation.kernel.clock import iso
from workstation.kernel.commands import Change, Insert
from workstation.kernel.unit_of_work import StoreGateway
from workstation.payers.directory import payer_directory
from workstation.visits.model import PatientClass, VisitState
from workstation.visits.rules import lock_at_start

PEOPLE = 300
APPOINTMENTS = 62
_PER_COMMAND = 60

_PLANS = (
    ("99001", "LSB#########", "Gold 123 PPO", "0071234"),
    ("99001", "LSB#########", "Silver 80 PPO", "0071240"),
    ("99002", "PRH########", "Prairie Health HMO", "PH8812"),
    ("99003", "MRC#########", "Meridian Choice HDHP", "HD2210"),
    ("99006", "#########", "Sunshine Medicaid", None),
    ("99007", "SCP########", "Sunshine Community Plan", None),
    ("99008", "###########", "Service Families Prime", None),
)
_SENIOR_PLANS = (
    ("99004", "4AA#AA#AA##", "Medicare A and B", None),
    ("99005", "SOA########", "Silver Oak Advantage HMO", None),
)
"""Payer id, shape of a member id (``#`` is a digit), plan, group number."""

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
        now = desk.facility.local(now)
        author = Author(session.user_id, desk, lambda: now)
        changes = [*_hospital(), *_everybody(desk, session, now)]
        for start in range(0, len(changes), _PER_COMMAND):
            work.record(
                author.command("fill_demo", None, tuple(changes[start : start + _PER_COMMAND]))
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
    first = now.replace(minute=now.minute // 10 * 10, second=0, microsecond=0)
    first -= timedelta(minutes=10)
    number = _counter(desk)
    for role in CAST:
        person_id = demo_id("person", f"{role.person['last']} {role.person['first']}")
        yield _person(person_id, role.person)
        for order, cover in enumerate(role.covers, 1):
            yield _coverage(person_id, order, cover)
        if role.seen_before:
            yield from _earlier(person_id, role, number(), now, session)
        yield _appointment(person_id, role, number(), first, now)
        if role.stale and role.covers:
            yield old_answer(person_id, demo_id("coverage", f"{person_id} 1"), now)
    yield from _extras(first, now, session, number)


def _extras(
    first: datetime, now: datetime, session: Session, number: Callable[[], str]
) -> Iterator[Change]:
    dice = random.Random(7)  # noqa: S311  (invented coverages)
    extras = list(people(PEOPLE - len(CAST), now.date()))
    for index, person in enumerate(extras):
        person_id = demo_id("person", f"extra {index}")
        yield _person(person_id, person)
        cover = _plan_of(person, now, dice)
        yield _coverage(person_id, 1, cover)
        if index < APPOINTMENTS - len(CAST):
            visit, department, clinician, code = _VISITS[index % len(_VISITS)]
            role = Role(person, 20 + index * 9, visit, department, clinician, code, (cover,))
            yield from _earlier(person_id, role, number(), now, session)
            yield _appointment(person_id, role, number(), first, now)


def _plan_of(person: dict[str, Any], now: datetime, dice: random.Random) -> Cover:
    senior = now.year - int(person["dob"][:4]) >= 66
    payer, shape, plan, group = dice.choice(_SENIOR_PLANS if senior else _PLANS)
    member = "".join(str(dice.randrange(10)) if c == "#" else c for c in shape)
    return Cover(payer, member, plan, group)


def _person(person_id: str, fields: dict[str, Any]) -> Insert:
    return Insert("person", person_id, fields)


def _coverage(person_id: str, order: int, cover: Cover) -> Insert:
    payer = payer_directory().find(cover.payer_id)
    return Insert(
        "coverage",
        demo_id("coverage", f"{person_id} {order}"),
        {
            "person_id": person_id,
            "payer_id": cover.payer_id,
            "payer_name": payer.name if payer else None,
            "payer_kind": payer.kind.value if payer else None,
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


def _earlier(
    person_id: str, role: Role, number: str, now: datetime, session: Session
) -> Iterator[Insert]:
    """The last visit, done, with all that it left behind."""
    day = (now - timedelta(days=LAST_VISIT_DAYS)).date().isoformat()
    visit_id = demo_id("visit", f"{person_id} earlier")
    fields = _visit_fields(person_id, role, number, day)
    fields.update(state=VisitState.DONE.value, lock="none", **{"class": "O"})
    yield Insert("visit", visit_id, fields)
    yield from history(person_id, role.person, visit_id, session.user_id, now)


def _appointment(person_id: str, role: Role, number: str, first: datetime, now: datetime) -> Insert:
    scheduled = first + timedelta(minutes=role.minutes)
    fields = _visit_fields(person_id, role, number, now.date().isoformat())
    if fields["class"] != PatientClass.EMERGENCY:  # whoever is an emergency had no appointment
        fields["scheduled_at"] = iso(scheduled)
    if role.arrived_minutes_ago is not None:
        fields["state"] = VisitState.ARRIVED.value
        fields["arrived_at"] = iso(now - timedelta(minutes=role.arrived_minutes_ago))
    return Insert("visit", demo_id("visit", f"{person_id} today"), fields)


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
