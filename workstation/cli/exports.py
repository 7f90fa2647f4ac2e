"""What ``portico export`` says: the shapes of contracts.md over the rows of this store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workstation.compose import Workstation
from workstation.kernel.unit_of_work import Store
from workstation.people.model import Person
from workstation.people.normalise import normalised
from workstation.people.use_cases import survivor_of
from workstation.sync.model import conflict_as_json


def export_lines(workstation: Workstation, what: str) -> Iterator[dict[str, Any]]:
    """The lines of one export, oldest first."""
    reader = workstation.store.read()
    if what == "people":
        yield from _people(reader)
    elif what == "coverages":
        yield from _coverages(reader)
    elif what == "payments":
        yield from _payments(reader)
    elif what == "conflicts":
        yield from _conflicts(reader)
    else:
        yield from workstation.store.audit_entries()


def _people(reader: Store) -> Iterator[dict[str, Any]]:
    for row in reader.find("person"):
        person = Person.from_json(row)
        survivor = survivor_of(reader, row["id"])
        yield {
            **person.as_json(),
            "id": row["id"],
            "provisional_mrn": row.get("provisional_mrn"),
            "normalised": normalised(person),
            "revision": row["rev"],
            "merged_into": None if survivor == row["id"] else survivor,
        }


_COVERAGE = (
    "payer_id",
    "member_id",
    "group_number",
    "relation",
    "order",
    "from",
    "to",
    "subscriber",
    "claim_number",
    "injury_date",
)


def _coverages(reader: Store) -> Iterator[dict[str, Any]]:
    for row in reader.find("coverage"):
        yield {
            "coverage_id": row["id"],
            "person_id": row["person_id"],
            **{name: row.get(name) for name in _COVERAGE},
            "revision": row["rev"],
        }


def _payments(reader: Store) -> Iterator[dict[str, Any]]:
    for row in reader.find("payment"):
        yield {
            "payment_id": row["id"],
            "refunds": row["refunds"],
            "person_id": row["person_id"],
            "visit_id": row["visit_id"],
            "amount": row["amount"],
            "tender": row["tender"],
            "receipt_no": row["receipt_no"],
            "workstation": row["workstation"],
        }


def _conflicts(reader: Store) -> Iterator[dict[str, Any]]:
    for row in reader.find("conflict"):
        yield conflict_as_json(row)
