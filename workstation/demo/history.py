"""What earlier visits left behind: contacts, employer, papers, confirmed cards, old answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from workstation.demo.hospital import FACILITY, demo_id
from workstation.kernel.clock import iso
from workstation.kernel.commands import Insert
from workstation.papers.consents import form_on
from workstation.papers.model import FormId, Outcome, Right

LAST_VISIT_DAYS = 45
_ADULT, _RETIRED = 19, 66
_KEPT = (
    FormId.PRIVACY_NOTICE_ACK,
    FormId.RELEASE_OF_INFORMATION,
    FormId.ASSIGNMENT_OF_BENEFITS,
    FormId.FINANCIAL_AGREEMENT,
)
"""Papers that stay good for a year or longer."""

_CARDS = ("address", "reach", "contacts", "employer", "about", "guarantor", "coverages")


def history(
    person_id: str, person: dict[str, Any], visit_id: str, actor: str, now: datetime
) -> Iterator[Insert]:
    """The facts of one earlier visit of a person whose chart is in good order."""
    at = now - timedelta(days=LAST_VISIT_DAYS)
    yield Insert(
        "related_person",
        demo_id("related", person_id),
        {
            "person_id": person_id,
            "name": f"{person['last'].title()}, Pat",
            "relation": "spouse",
            "phones": ["(512) 555-0198"],
            "roles": ["emergency"],
        },
    )
    age = at.year - int(person["dob"][:4])
    if age >= _ADULT:
        yield Insert("employment", demo_id("employment", person_id), _work(person_id, age))
        for form_id in _KEPT:
            yield _signature(person_id, person, visit_id, form_id, at)
    for card in _CARDS:
        yield Insert(
            "confirmation",
            demo_id("confirmation", f"{person_id} {card}"),
            {
                "person_id": person_id,
                "visit_id": visit_id,
                "by": actor,
                "at": iso(at),
                "card": card,
                "verdict": "same",
            },
        )


def _work(person_id: str, age: int) -> dict[str, Any]:
    if age >= _RETIRED:
        return {"person_id": person_id, "status": "retired"}
    return {
        "person_id": person_id,
        "status": "employed",
        "employer": "Example Foods",
        "city": "Austin",
    }


def _signature(
    person_id: str, person: dict[str, Any], visit_id: str, form_id: FormId, at: datetime
) -> Insert:
    form = form_on(form_id, at.date())
    return Insert(
        "signature",
        demo_id("signature", f"{person_id} {form_id}"),
        {
            "person_id": person_id,
            "visit_id": visit_id,
            "form_id": form_id.value,
            "form_version": form.version,
            "language": "en",
            "text_hash": form.text_hash("en", FACILITY.name),
            "outcome": Outcome.SIGNED.value,
            "signer": f"{person['first']} {person['last'].title()}",
            "signer_right": Right.SELF.value,
            "at": iso(at),
        },
    )


def old_answer(person_id: str, coverage_id: str, now: datetime) -> Insert:
    """An answer of a payer that has grown stale: 41 days old."""
    at = iso(now - timedelta(days=41))
    return Insert(
        "eligibility_check",
        demo_id("check", coverage_id),
        {
            "person_id": person_id,
            "coverage_id": coverage_id,
            "asked_at": at,
            "answered_at": at,
            "service_date": at[:10],
            "service_types": ["30"],
            "state": "answered",
            "status": "active",
            "say": "Active.",
            "connector": "core",
        },
    )
