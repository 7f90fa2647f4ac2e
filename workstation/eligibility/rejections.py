"""AAA segments into one concrete fix each: whose data is wrong, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from enum import StrEnum

from workstation.eligibility.model import Rejection
from workstation.kernel.phrases import paragraph, phrase
from workstation.x12.model import Segment

_FIXES: dict[str, tuple[str, str | None]] = {
    "04": ("Tell IT support that the payer takes less in one question.", "service_types"),
    "15": ("Fill in what the payer misses: member id, name and date of birth.", "member_id"),
    "33": ("Check member id, name and date of birth against the card.", "member_id"),
    "35": (
        "The payer says that this hospital is outside the plan's network. Check the payer and "
        "the plan on the card.",
        "payer_id",
    ),
    "41": ("Tell IT support that the clearinghouse does not let the hospital ask here.", None),
    "42": ("The payer's system is down; nothing is wrong here.", None),
    "43": ("Tell IT support that the payer does not take the hospital's NPI.", "npi"),
    "44": ("Tell IT support that the payer does not take the hospital's name.", "provider_name"),
    "45": ("Tell IT support that the payer wants the specialty.", "provider_specialty"),
    "46": ("Tell IT support that the payer wants the hospital's telephone.", "provider_phone"),
    "47": ("Tell IT support that the payer wants the hospital's state.", "provider_state"),
    "48": (
        "The payer wants the NPI of who referred. Enter it, then ask again.",
        "referring_npi",
    ),
    "49": (
        "The payer wants a referral from the primary care clinician. Enter who referred, then "
        "ask again.",
        "primary_care",
    ),
    "50": ("Tell the billing office that this payer does not let the hospital ask.", "npi"),
    "51": ("Tell the billing office that the payer does not know the hospital's NPI.", "npi"),
    "52": (
        "Tell the billing office that the hospital is not enrolled with this plan on the date of "
        "service.",
        "enrolment",
    ),
    "53": ("The payer does not answer for this service. Choose another.", "service_types"),
    "54": ("The payer cannot read the service. Choose another.", "service_types"),
    "55": ("The payer cannot read the service. Choose another.", "service_types"),
    "56": ("The payer does not take the date of service.", "service_date"),
    "57": ("The payer cannot read the date of service.", "service_date"),
    "58": ("Check the date of birth; it is missing or the payer cannot read it.", "dob"),
    "60": ("The date of birth lies after the date of service. Check both.", "dob"),
    "61": (
        "The payer has a date of death before the date of service. Make sure that this is the "
        "right person.",
        "last",
    ),
    "62": ("The date of service is further away than the payer answers for.", "service_date"),
    "63": ("The date of service is in the future for the payer.", "service_date"),
    "64": ("Check the patient's id against the card.", "member_id"),
    "65": ("Check the patient's name against the card, letter by letter.", "last"),
    "66": ("Check the patient's sex against what the payer has.", "sex"),
    "67": ("The payer does not find this patient. Check id, name and birth date.", "member_id"),
    "68": ("The payer has this patient id twice. Add the date of birth and first name.", "dob"),
    "69": ("The payer says that age and services do not fit. Check the date of birth.", "dob"),
    "70": ("The payer says that sex and services do not fit. Check the sex.", "sex"),
    "71": ("The date of birth is not what the payer has. Check it with the patient.", "dob"),
    "72": (
        "Check the member id against the card, sign by sign, then ask again.",
        "member_id",
    ),
    "73": ("Check the subscriber's name against the card, letter by letter.", "subscriber_last"),
    "74": ("Check the subscriber's sex against what the payer has.", "subscriber_sex"),
    "75": (
        "The payer does not find the subscriber. Check member id, name, birth date and that "
        "this is the right payer.",
        "member_id",
    ),
    "76": (
        "The payer has this member id twice. Add the group number, then ask again.",
        "group_number",
    ),
    "77": (
        "The payer has the subscriber but not this patient. Check the relation and the "
        "patient's name and date of birth.",
        "relation",
    ),
    "78": ("The subscriber is not in the group given. Check the group number.", "group_number"),
    "79": ("The clearinghouse does not know this payer. Check the payer id.", "payer_id"),
    "80": ("The payer did not answer its clearinghouse; nothing is wrong here.", None),
    "95": ("The patient is not eligible with this payer. Ask for another card.", "payer_id"),
    "97": ("Tell IT support that the payer wants the hospital's address.", "provider_address"),
    "98": ("The payer does not answer for a special service. Choose another.", "service_types"),
    "IA": ("Ask the payer about the missing authorization number.", "authorization"),
    "T4": ("Fill in the payer's name or id.", "payer_id"),
}
_AT_LOOP: dict[tuple[str, str], tuple[str, str | None]] = {
    ("2100B", "15"): ("Tell IT support that the payer misses the hospital's name or NPI.", "npi"),
    ("2100B", "79"): _FIXES["43"],
    ("2110C", "15"): ("The payer misses the date of service.", "service_date"),
    ("2110D", "15"): ("The payer misses the date of service.", "service_date"),
    ("2100D", "15"): ("Fill in the patient's name, date of birth and sex.", "dob"),
    ("2100D", "72"): _FIXES["64"],
    ("2100D", "73"): _FIXES["65"],
    ("2100D", "74"): _FIXES["66"],
    ("2100D", "75"): _FIXES["67"],
}
"""What a reason means in one loop alone: whose data the loop holds decides."""

_OF_SUBSCRIBER = frozenset({"last", "dob", "sex"})
_FOLLOW_UP = {
    "N": "Do not ask the same again.",
    "S": "Do not ask again; wait for the payer's answer.",
    "W": "Wait 30 days before asking again.",
    "X": "Wait 10 days before asking again.",
    "Y": "Do not ask again; the payer will answer.",
}
"""AAA04 that tells to wait; the others leave asking again to us."""

WANTS_MORE = frozenset({"15", "48", "49", "66", "68", "74", "76"})
"""Reasons after which the question is asked in full: with sex, group number, middle name and who
referred."""

PAYER_TROUBLE = frozenset({"42", "80"})
"""Reasons that speak of the payer's own system: they open the circuit breaker."""


class Mender(StrEnum):
    """Who can mend what a payer refused."""

    DESK = "desk"
    """The registrar: a field of the check-in."""
    DAY = "day"
    """The registrar: the same question about another day."""
    OTHERS = "others"
    """IT support or the billing office, as the fix says: nothing at this desk is wrong."""
    PAYER = "payer"
    """Only a call to the payer tells more."""


_OF_OTHERS = frozenset({"npi", "enrolment"})


def mended_by(code: str, field: str | None) -> Mender:
    """Who can mend a rejection with this AAA03 and this field."""
    told = field or ""
    if code in ("04", "41") or told in _OF_OTHERS or told.startswith("provider_"):
        return Mender.OTHERS
    if told == "service_date":
        return Mender.DAY
    return Mender.DESK if told and told != "authorization" else Mender.PAYER


def mendable_first(rejections: Iterable[Rejection]) -> tuple[Rejection, ...]:
    """The one that the desk can mend leads: it is what a person is told first."""
    order = list(Mender)
    return tuple(sorted(rejections, key=lambda one: order.index(mended_by(one.code, one.field))))


def read_rejection(segment: Segment, loop: str) -> Rejection:
    """One AAA. ``loop`` is 2000A, 2100A-D, 2110C or 2110D; an unknown code still says where.

    The ``field`` of a subscriber's name, birth date or sex begins with ``subscriber_``: where the
    patient is the subscriber, :func:`of_patient` gives the patient's own field.
    """
    code, follow_up = segment.get(3), segment.get(4)
    fix, field = _AT_LOOP.get((loop, code)) or _FIXES.get(code) or _unknown(code)
    if loop == "2100C" and field in _OF_SUBSCRIBER:
        field = f"subscriber_{field}"
    if follow_up in _FOLLOW_UP and code not in PAYER_TROUBLE:
        fix = paragraph(fix, _FOLLOW_UP[follow_up])
    return Rejection(
        loop=loop,
        code=code,
        follow_up=follow_up,
        fix=fix,
        field=field,
        retryable=code in PAYER_TROUBLE or follow_up in ("P", "R"),
        valid=segment.get(1),
    )


def of_patient(rejection: Rejection) -> Rejection:
    """The same for a patient who is the subscriber: the field to open is the patient's own."""
    field = rejection.field
    return replace(rejection, field=field.removeprefix("subscriber_") if field else None)


def _unknown(code: str) -> tuple[str, str | None]:
    if not code:
        return "The payer refused without a reason; ask the payer.", None
    return phrase("The payer refused with reason {code}; ask the payer.", code=code), None
