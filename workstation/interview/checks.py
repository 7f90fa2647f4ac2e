"""What several pages ask of an answer: how badly it is needed, and whether it can be right."""

from __future__ import annotations

from datetime import date

from workstation.interview.fields import Need
from workstation.interview.model import Draft
from workstation.interview.situation import Situation
from workstation.interview.typed import iso_or_none, read_phone
from workstation.kernel.errors import NotUnderstood
from workstation.people.birth_dates import parse_birth_date


def must_unless_locked(draft: Draft, situation: Situation) -> Need:
    """Needed at a usual check-in; in an emergency asked only if it costs no time."""
    return Need.MAY if situation.locked else Need.MUST


def should_unless_locked(draft: Draft, situation: Situation) -> Need:
    """May be left open with a reason; in an emergency without one."""
    return Need.MAY if situation.locked else Need.SHOULD


def past_date(text: str, today: date, otherwise: str) -> str | None:
    """What is not right with a date that cannot lie ahead; ``otherwise`` while it is unfinished."""
    try:
        parse_birth_date(text, today)
    except NotUnderstood as why:
        if why.code == "dob_not_understood" and sum(map(str.isdigit, text)) >= _WHOLE_DATE:
            return "There is no such date. Check month, day and year."
        return _NOT_A_PAST_DATE.get(why.code, otherwise)
    return None if iso_or_none(text) else otherwise


_WHOLE_DATE = 6
"""Digits of a date that was typed to its end, such as 13/15/85."""


_NOT_A_PAST_DATE = {
    "dob_in_future": "This date lies ahead. Check the year.",
    "dob_too_old": "This is more than 130 years ago. Check the year.",
}


def phone_says(text: str) -> str | None:
    """What is not right with a phone number."""
    return None if read_phone(text) else "A phone number has ten digits. Check it with the patient."
