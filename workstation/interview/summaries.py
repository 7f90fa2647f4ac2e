"""What is known, in one or two short lines for a card, in the words that ``say`` gives."""

from __future__ import annotations

from collections.abc import Callable

from workstation.interview import lists, options
from workstation.interview.fields import Option
from workstation.interview.known import NO_FIXED_ADDRESS
from workstation.interview.model import ContactPerson, Draft, Said
from workstation.interview.rules import standing
from workstation.people.phones import USES, shown_phone

Say = Callable[[str], str]
"""Puts English words into the language of the window."""


def summary(card: str, draft: Draft, say: Say) -> tuple[str, ...]:
    """The lines of a card; empty where nothing is known."""
    return tuple(line for line in _LINES[card](draft, say) if line)


def label(offered: tuple[Option, ...], code: str) -> str:
    """The words of a code; the code itself where it is not offered any more."""
    return next((option.label for option in offered if option.code == code), code)


def _said(say: Say, offered: tuple[Option, ...], code: str) -> str:
    return say(label(offered, code)) if code else ""


def _named(say: Say, name: str, value: str) -> str:
    """``Language: Spanish``: a value that does not say by itself what it is."""
    return f"{say(name)}: {value}" if value else ""


def _address(draft: Draft, say: Say) -> tuple[str, ...]:
    address = draft.address
    if address.no_fixed:
        return (say(NO_FIXED_ADDRESS),)
    if address.confidential is Said.YES:  # others may see the screen; Change shows it
        return (say("On file, confidential."), say("Ask whether it is still right; do not say it."))
    town = " ".join(part for part in (address.city, address.state, address.zip) if part)
    return (address.street, town)


def _reach(draft: Draft, say: Say) -> tuple[str, ...]:
    reach = draft.reach
    phones = ((use, getattr(reach, use)) for use in USES)
    said = [f"{shown_phone(number)} {say(kind)}" for kind, number in phones if number]
    return (" · ".join(said), reach.email)


def _contact(contact: ContactPerson, say: Say) -> str:
    relation = _said(say, options.RELATIONS, contact.relation)
    kin = say("next of kin") if contact.next_of_kin else ""
    parts = (contact.name, relation, kin, shown_phone(contact.phone))
    return ", ".join(part for part in parts if part)


def _contacts(draft: Draft, say: Say) -> tuple[str, ...]:
    lines = [line for one in lists.standing(draft.contacts) if (line := _contact(one, say))]
    if len(lines) < 2:
        return tuple(lines)
    return tuple(f"{place}. {line}" for place, line in enumerate(lines, start=1))


def _employer(draft: Draft, say: Say) -> tuple[str, ...]:
    employer = draft.employer
    status = _said(say, options.EMPLOYMENT, employer.status)
    return (status, _named(say, "Employer", employer.name))


def _about(draft: Draft, say: Say) -> tuple[str, ...]:
    about = draft.about
    races = ", ".join(_said(say, options.RACE_ETHNICITY, code) for code in about.race_ethnicity)
    language = _said(say, options.LANGUAGES, about.language)
    if about.interpreter is Said.YES:
        language = f"{language}, {say('interpreter')}" if language else say("interpreter")
    return (
        _named(say, "Race and ethnicity", races),
        _named(say, "Language", language),
        _named(say, "Marital status", _said(say, options.MARITAL, about.marital)),
    )


def _guarantor(draft: Draft, say: Say) -> tuple[str, ...]:
    guarantor = draft.guarantor
    name = " ".join(part for part in (guarantor.first, guarantor.last) if part)
    relation = _said(say, options.GUARANTOR_RELATION, guarantor.relation)
    return (", ".join(part for part in (name, relation) if part),)


def _coverages(draft: Draft, say: Say) -> tuple[str, ...]:
    lines = [
        f"{place}. {item.payer_name}, {_named(say, 'Member ID', item.member_id)}".rstrip(", ")
        for place, item in enumerate(standing(draft), start=1)
    ]
    if not lines and draft.coverages.insured is Said.NO:
        return (say("Not insured"),)
    return tuple(lines[:3])


_LINES: dict[str, Callable[[Draft, Say], tuple[str, ...]]] = {
    "address": _address,
    "reach": _reach,
    "contacts": _contacts,
    "employer": _employer,
    "about": _about,
    "guarantor": _guarantor,
    "coverages": _coverages,
}
