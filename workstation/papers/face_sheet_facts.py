"""A visit in the store as its face sheet; while it is locked no fact of money leaves the store."""

from __future__ import annotations

from datetime import date
from typing import Any

from workstation.kernel.errors import Refused
from workstation.kernel.unit_of_work import Store
from workstation.papers.face_sheet import CoverageLine, FaceSheet
from workstation.people.languages import LANGUAGES
from workstation.people.phones import phones_by_use, shown_phone
from workstation.people.related import in_order_of_call
from workstation.visits.model import ADMIT_TYPES, POINTS_OF_ORIGIN
from workstation.visits.rules import locked_visit_of

_CLASSES = {
    "O": "Outpatient",
    "E": "Emergency",
    "I": "Inpatient",
    "B": "Obstetrics",
    "R": "Recurring",
    "P": "Preadmit",
}
_CLINICIANS = ("attending", "ordering", "referring")
Row = dict[str, Any]


def face_sheet_of(store: Store, visit_id: str, facility: str) -> FaceSheet:
    """Everything that the face sheet of a visit says. Raises Refused ``not_found``.

    A confidential address is not printed: the sheet travels with the patient through the house.
    """
    visit = store.get("visit", visit_id)
    person = store.get("person", visit["person_id"]) if visit else None
    if visit is None or person is None:
        raise Refused(
            "not_found", "This visit is not on this workstation.", "Look at Arrivals again."
        )
    locked = locked_visit_of(store, person["id"]) is not None
    given = " ".join(p for p in (person["first"], person["middle"], person["suffix"]) if p)
    department = store.get("department", visit["department_id"] or "")
    return FaceSheet(
        facility=facility,
        patient=", ".join(part for part in ((person["last"] or "").upper(), given) if part),
        born=_day(person["dob"]) or "not known",
        mrn=_record_number(person),
        sex=person["sex"] or "",
        visit_number=visit["visit_number"],
        account_number=visit["account_number"] or "",
        patient_class=_CLASSES.get(visit["class"], visit["class"]),
        service_date=_day(visit["service_date"]),
        department=department["name"] if department else "",
        reason="" if visit["sensitive"] else visit["reason"] or "",
        service="" if visit["sensitive"] else visit["service"] or "",
        admit_type=ADMIT_TYPES.get(visit["admit_type"] or "", ""),
        origin=POINTS_OF_ORIGIN.get(visit["point_of_origin"] or "", ""),
        emergency_locked=locked,
        address="confidential" if person["confidential_address"] else _address(person),
        phones=_phones(person),
        language=LANGUAGES.get(person["language"] or "", person["language"] or ""),
        interpreter=bool(person["interpreter"]),
        clinicians=_clinicians(store, visit),
        contacts=_contacts(store, person["id"]),
        guarantor="" if locked else _guarantor(visit),
        coverages=() if locked else _coverages(store, person["id"]),
    )


def _record_number(person: Row) -> str:
    """The hospital's number, or the desk's own until then, which is never mistaken for it."""
    own = person["provisional_mrn"]
    return person["mrn"] or (f"{own} (provisional)" if own else "not given yet")


def _day(iso_date: str | None) -> str:
    """A date that nobody reads as month and day the other way round."""
    return f"{date.fromisoformat(iso_date):%d %b %Y}" if iso_date else ""


def _address(person: Row) -> str:
    place = " ".join(part for part in (person["state"], person["zip"]) if part)
    return ", ".join(part for part in (person["street"], person["city"], place) if part)


def _phones(person: Row) -> tuple[str, ...]:
    phones = phones_by_use(person).items()
    return tuple(f"{shown_phone(number)} {use}" for use, number in phones)


def _clinicians(store: Store, visit: Row) -> tuple[tuple[str, str], ...]:
    """Name and NPI, of the hospital's own and of those from outside who were typed."""
    found = []
    for role in _CLINICIANS:
        own = visit[f"{role}_id"]
        row = store.get("clinician", own) if own else visit.get(role)
        if row is not None:
            words = (row.get("name"), row.get("npi") and f"NPI {row['npi']}")
            found.append((role.capitalize(), " · ".join(word for word in words if word)))
    return tuple(found)


def _contacts(store: Store, person_id: str) -> tuple[tuple[str, str], ...]:
    found = []
    for row in in_order_of_call(store, person_id):
        phones = map(shown_phone, row["phones"] or ())
        told = " · ".join(p for p in (row["name"], row["relation"], *phones) if p)
        found.append(("Contact", told))
    return tuple(found)


def _guarantor(visit: Row) -> str:
    held = visit["guarantor"] or {}
    name = " ".join(part for part in (held.get("first"), held.get("last")) if part)
    kind = "The patient" if visit["guarantor_kind"] == "self" else visit["guarantor_kind"] or ""
    return " · ".join(part for part in (kind.capitalize(), name) if part)


def _coverages(store: Store, person_id: str) -> tuple[CoverageLine, ...]:
    rows = [row for row in store.find("coverage", person_id=person_id) if not row["retired"]]
    rows.sort(key=lambda row: (row["order"] or 99, row["id"]))
    return tuple(
        CoverageLine(
            payer=row["payer_name"] or row["payer_id"] or "",
            plan=row["plan_name"] or "",
            member_id=row["member_id"] or "",
            group=row["group_number"] or "",
            subscriber=_subscriber(row),
        )
        for row in rows
    )


def _subscriber(row: Row) -> str:
    held = row["subscriber"] or {}
    return " ".join(part for part in (held.get("first"), held.get("last")) if part)
