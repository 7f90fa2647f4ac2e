"""What accepted answers become: fields of person, visit, coverage and the facts of a page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workstation.interview.codec import to_json
from workstation.interview.known import NO_FIXED_ADDRESS
from workstation.interview.model import CoverageAnswer, Draft, Reach, Reason, Said
from workstation.interview.msp_facts import truth
from workstation.interview.situation import Situation
from workstation.interview.typed import iso_or_none, read_phone
from workstation.interview.visit_details import SOMEBODY_ELSE
from workstation.people.phones import USES

Fields = dict[str, Any]

UNKNOWN = "Unknown"
"""Last name of the alias of somebody who cannot say who they are, until it is known."""


def person_fields(draft: Draft) -> Fields:
    """The chart head's fields as the draft has them; absent is None."""
    identity, about = draft.identity, draft.about
    alias = identity.name_unknown and not (identity.last or identity.first)
    return {
        "last": UNKNOWN if alias else identity.last or None,
        "first": f"Emergency {draft.id[-4:].upper()}" if alias else identity.first or None,
        "middle": identity.middle or None,
        "suffix": identity.suffix or None,
        "preferred_name": identity.name_to_use or None,
        "dob": identity.dob or None,
        "sex": identity.sex or None,
        "ssn": identity.ssn or None,
        **_where(draft),
        "race_ethnicity": list(about.race_ethnicity),
        "tribal_affiliation": about.tribal_affiliation or None,
        "language": about.language or None,
        "interpreter": truth(about.interpreter),
        "previous_last": about.previous_names or None,
        "marital_status": about.marital or None,
    }


def _where(draft: Draft) -> Fields:
    address, reach = draft.address, draft.reach
    fixed = not address.no_fixed
    phones = {use: number for use in USES if (number := getattr(reach, use))}
    return {
        "street": (address.street or None) if fixed else NO_FIXED_ADDRESS,
        "city": (address.city or None) if fixed else None,
        "state": (address.state or None) if fixed else None,
        "zip": (address.zip or None) if fixed else None,
        "confidential_address": truth(address.confidential),
        "phones": [read_phone(phone) or phone for phone in phones.values()],
        "phone_uses": list(phones),
        "email": reach.email or None,
    }


def as_kept(reach: Reach) -> Reach:
    """Phones in the spelling in which the chart keeps them."""
    phones = {use: getattr(reach, use) for use in USES}
    return replace(reach, **{use: read_phone(text) or text for use, text in phones.items()})


def employment_fields(draft: Draft) -> Fields:
    """Employment as the people capability keeps it."""
    employer = draft.employer
    return {
        "status": employer.status or None,
        "employer": employer.name or None,
        "phone": employer.phone or None,
        "city": employer.city or None,
        "state": employer.state or None,
        "occupation": draft.about.occupation or None,
    }


def reason_fields(draft: Draft) -> Fields:
    """What the reason page says of the visit; the accident answer with what belongs to it."""
    accident = to_json(draft.accident)
    accident["is_accident"] = str(draft.accident.is_accident)
    return {"reason": draft.reason.reason or None, "accident": accident}


def detail_fields(draft: Draft, situation: Situation) -> Fields:
    """The visit's clinicians, service, admission; an answer left open wipes only what it knew."""
    reason = draft.reason
    before = situation.on_file.reason if situation.on_file else Reason()
    fields: Fields = {}
    for name, (column, offered) in _DETAILS.items():
        answer = getattr(reason, name)
        if answer or getattr(before, name):
            fields[column] = None if answer == SOMEBODY_ELSE and offered else answer or None
    if reason.service != before.service:  # else the words of the appointment stay
        fields["service"] = next(
            (one.label for one in situation.places.services if one.code == reason.service), None
        )
    for role, name, npi in (
        ("ordering", reason.ordering_name, reason.ordering_npi),
        ("referring", reason.referred_by, reason.referring_npi),
    ):
        answer = getattr(reason, role)
        named = answer == SOMEBODY_ELSE or (not answer and bool(name))
        if named or getattr(before, role) == SOMEBODY_ELSE:
            fields[role] = {"name": name, "npi": npi.replace(" ", "") or None} if named else None
    return fields


_DETAILS = {
    "clinician": ("attending_id", False),
    "service": ("service_code", False),
    "ordering": ("ordering_id", True),
    "referring": ("referring_id", True),
    "admit_type": ("admit_type", False),
    "point_of_origin": ("point_of_origin", False),
    "diagnoses": ("diagnoses", False),
}
"""Answers by their field of the visit, and whether *somebody else* may be answered."""


def guarantor_fields(draft: Draft) -> Fields:
    """The guarantor of this visit; for self there is nothing else to keep."""
    guarantor = draft.guarantor
    fields: Fields = {
        "guarantor_kind": guarantor.relation or None,
        "guarantor_person_id": draft.person_id if guarantor.relation == "self" else None,
    }
    rest = {name: value for name, value in to_json(guarantor).items() if name != "relation"}
    fields["guarantor"] = None if guarantor.relation == "self" else rest
    return fields


def coverage_fields(item: CoverageAnswer, order: int) -> Fields:
    """A coverage in the shape of contracts.md ``add_coverage``; the first to pay has order 1."""
    holder = None
    if item.relation not in {"", "self"}:
        holder = {
            "last": item.subscriber.last or None,
            "first": item.subscriber.first or None,
            "dob": item.subscriber.dob or None,
            "sex": item.subscriber.sex or None,
            "employer": item.subscriber.employer or None,
        }
    return {
        "payer_id": item.payer_id or None,
        "payer_name": item.payer_name or None,
        "payer_kind": item.payer_kind or None,
        "plan_name": item.plan_name or None,
        "plan_type": item.plan_type or None,
        "member_id": item.member_id or None,
        "group_number": item.group_number or None,
        "relation": item.relation or None,
        "order": order,
        "from": _date(item.from_date),
        "to": _date(item.to_date),
        "subscriber": holder,
        "claim_number": item.claim_number or None,
        "injury_date": _date(item.injury_date),
    }


def payer_choice_fields(draft: Draft) -> Fields:
    """Whom the visit may not be billed to, and whether an employer pays for it."""
    kinds = {item.payer_kind for item in draft.coverages.items if not item.dropped}
    return {
        "do_not_bill": draft.coverages.do_not_bill is Said.YES,
        "employer_paid": "employer_paid" in kinds,
    }


def _date(text: str) -> str | None:
    known = iso_or_none(text)
    return known.isoformat() if known else None
