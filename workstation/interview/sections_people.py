"""Whom to call, in which order, and where the patient works."""

from __future__ import annotations

from functools import cache

from workstation.interview import options
from workstation.interview.checks import phone_says
from workstation.interview.fields import (
    Check,
    Field,
    FieldKind,
    ListPlace,
    Need,
    Needed,
    Section,
    When,
    may,
    should,
)
from workstation.interview.lists import standing
from workstation.interview.model import ContactPerson, Draft
from workstation.interview.paths import get
from workstation.interview.situation import Situation

MOST_CONTACTS = 4
"""Contacts that a check-in takes; whoever needs a fifth is called by the second."""


def _employer_phone(draft: Draft, situation: Situation) -> str | None:
    return phone_says(draft.employer.phone)


def _has_employer(draft: Draft, situation: Situation) -> bool:
    return draft.employer.status in {"employed", "self_employed", "military"}


def _contact(draft: Draft, place: int) -> ContactPerson:
    contact: ContactPerson = get(draft, f"contacts.{place}")
    return contact


def _contact_phone(place: int) -> Check:
    def check(draft: Draft, situation: Situation) -> str | None:
        return phone_says(_contact(draft, place).phone)

    return check


def _contact_need(place: int) -> Needed:
    """The first contact is asked for; one more only asks for what belongs to what is typed."""

    def need(draft: Draft, situation: Situation) -> Need:
        contact = _contact(draft, place)
        asked = not place or contact.name or contact.phone
        return Need.SHOULD if asked and not situation.locked else Need.MAY

    return need


def _stands(place: int) -> When:
    def shown(draft: Draft, situation: Situation) -> bool:
        return not _contact(draft, place).dropped

    return shown


def contact_sections(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    """The contacts in the order in which they are called, and room for the first."""
    count = max(1, min(MOST_CONTACTS, len(standing(draft.contacts))))
    return CONTACT_SECTIONS[count]


@cache
def _contact_section(place: int, count: int) -> Section:
    at = f"contacts.{place}"
    add = "Add another contact" if place == count - 1 < MOST_CONTACTS - 1 else ""
    return Section(
        at,
        ("Emergency contact", "Second contact", "Third contact", "Fourth contact")[place],
        (
            Field(
                f"{at}.name",
                "Name",
                FieldKind.NAME,
                _contact_need(place),
                width=1,
                why="Whom to call if the patient cannot speak for themselves.",
            ),
            Field(
                f"{at}.relation",
                "Relation",
                FieldKind.CHOICE,
                options=options.RELATIONS,
                width=1,
                why="So that whoever calls knows whom they speak to, and what may be said.",
            ),
            Field(
                f"{at}.phone",
                "Phone",
                FieldKind.PHONE,
                _contact_need(place),
                check=_contact_phone(place),
                width=1,
                why="The number to call in an emergency.",
            ),
            Field(
                f"{at}.next_of_kin",
                "Next of kin",
                FieldKind.CHECK,
                width=1,
                why="The closest relative: asked when the patient cannot decide for themselves.",
            ),
        ),
        _stands(place),
        place=ListPlace("contacts", place, earlier="Call before the one above", add=add),
    )


CONTACT_SECTIONS = {
    count: tuple(_contact_section(place, count) for place in range(count))
    for count in range(1, MOST_CONTACTS + 1)
}


EMPLOYER = Section(
    "employer",
    "Employment",
    (
        Field(
            "employer.status",
            "Does the patient work?",
            FieldKind.CHOICE,
            should,
            options=options.EMPLOYMENT,
            why="Work of today decides which plan pays before Medicare, and who pays an "
            "injury at work.",
        ),
        Field(
            "employer.name",
            "Employer",
            FieldKind.TEXT,
            should,
            applies=_has_employer,
            width=1,
            why="A plan through work, or an injury at work, is looked up under it.",
        ),
        Field(
            "employer.phone",
            "Employer's phone",
            FieldKind.PHONE,
            may,
            check=_employer_phone,
            applies=_has_employer,
            width=1,
            why="Billing calls here about a plan through work or an injury at work.",
        ),
        Field(
            "employer.city",
            "Town",
            FieldKind.TEXT,
            applies=_has_employer,
            width=1,
            why="Tells two branches of one employer apart.",
        ),
        Field(
            "employer.state",
            "State",
            FieldKind.STATE,
            applies=_has_employer,
            width=1,
            why="Workers' compensation follows the law of the state of the work.",
        ),
    ),
)
