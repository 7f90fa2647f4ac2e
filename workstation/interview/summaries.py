"""What is known, in one or two short lines for a card."""

from __future__ import annotations

from collections.abc import Callable

from workstation.interview import options
from workstation.interview.fields import Option
from workstation.interview.model import ContactPerson, Draft, Said
from workstation.interview.rules import standing
from workstation.interview.typed import shown_phone


def summary(card: str, draft: Draft) -> tuple[str, ...]:
    """The lines of a card; empty where nothing is known."""
    return tuple(line for line in _LINES[card](draft) if line)


def label(offered: tuple[Option, ...], code: str) -> str:
    """The words of a code; the code itself where it is not offered any more."""
    return next((option.label for option in offered if option.code == code), code)


def _address(draft: Draft) -> tuple[str, ...]:
    address = draft.address
    if address.no_fixed:
        return ("No fixed address",)
    town = " ".join(part for part in (address.city, address.state, address.zip) if part)
    kept = "Confidential" if address.confidential is Said.YES else ""
    return (address.street, town, kept)


def _reach(draft: Draft) -> tuple[str, ...]:
    reach = draft.reach
    phones = (("mobile", reach.mobile), ("home", reach.home), ("work", reach.work))
    said = [f"{shown_phone(number)} {kind}" for kind, number in phones if number]
    return (" · ".join(said), reach.email)


def _contact(contact: ContactPerson) -> str:
    relation = label(options.RELATIONS, contact.relation)
    parts = (contact.name, relation, shown_phone(contact.phone))
    return ", ".join(part for part in parts if part)


def _contacts(draft: Draft) -> tuple[str, ...]:
    return tuple(_contact(contact) for contact in draft.contacts[:2])


def _employer(draft: Draft) -> tuple[str, ...]:
    employer = draft.employer
    return (label(options.EMPLOYMENT, employer.status), employer.name)


def _about(draft: Draft) -> tuple[str, ...]:
    about = draft.about
    races = ", ".join(label(options.RACE_ETHNICITY, code) for code in about.race_ethnicity)
    return (races, label(options.LANGUAGES, about.language))


def _guarantor(draft: Draft) -> tuple[str, ...]:
    guarantor = draft.guarantor
    name = " ".join(part for part in (guarantor.first, guarantor.last) if part)
    relation = label(options.GUARANTOR_RELATION, guarantor.relation)
    return (", ".join(part for part in (name, relation) if part),)


def _coverages(draft: Draft) -> tuple[str, ...]:
    lines = [
        f"{place}. {item.payer_name}, {item.member_id}".rstrip(", ")
        for place, item in enumerate(standing(draft), start=1)
    ]
    if not lines and draft.coverages.insured is Said.NO:
        return ("Not insured",)
    return tuple(lines[:3])


_LINES: dict[str, Callable[[Draft], tuple[str, ...]]] = {
    "address": _address,
    "reach": _reach,
    "contacts": _contacts,
    "employer": _employer,
    "about": _about,
    "guarantor": _guarantor,
    "coverages": _coverages,
}
