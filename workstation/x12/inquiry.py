"""Builds the 270 eligibility inquiry (005010X279A1), one person and one date of service a time."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from workstation.kernel.errors import NotUnderstood

VERSION = "005010X279A1"
_BASIC = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 !\"&'()+,-./;?=")
_GENDERS = ("F", "M")


@dataclass(frozen=True, slots=True)
class Party:
    """A payer (``PI``) or provider (``XX`` for an NPI): name, id, and what kind of id it is."""

    name: str
    id: str
    qualifier: str


@dataclass(frozen=True, slots=True)
class Insured:
    """A subscriber or dependent as the card says. ``member_id`` stays empty for a dependent."""

    last: str
    first: str
    dob: date | None
    member_id: str = ""
    middle: str = ""
    suffix: str = ""
    sex: str | None = None
    group_number: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends to whom, and the control numbers; the caller makes the numbers and keeps them.

    ``control`` is 1 to 999999999 and goes to ISA13, GS06 and, last four digits or more, ST02.
    ``trace`` comes back in TRN02 and BHT03 and binds the reply to the question (1-30 characters).
    """

    sender: str
    receiver: str
    control: int
    trace: str
    at: datetime
    trace_origin: str = "9PORTICO01"
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    test: bool = False


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question: is this person covered on this day, and for what.

    ``dependent`` is None where the patient is the subscriber. ``service_types`` defaults to the
    plan itself (30); many payers answer only the first (edi.md section 3 rule 20).
    """

    payer: Party
    provider: Party
    subscriber: Insured
    service_date: date
    dependent: Insured | None = None
    service_types: tuple[str, ...] = ("30",)
    referring_npi: str = ""
    """Who referred the patient; only for payers that want it."""


def basic(text: str, limit: int | None = None) -> str:
    """Text in X12's basic character set: upper case, accents folded, anything else a space.

    The separators this builder writes (``* ^ : ~``) are outside the set and so never inside data.
    """
    folded = unicodedata.normalize("NFKD", text.upper())
    kept = [c for c in folded if not unicodedata.combining(c)]
    plain = "".join(c if c in _BASIC else " " for c in kept)
    return " ".join(plain.split())[:limit].rstrip()


def build_270(inquiry: Inquiry, envelope: Envelope) -> str:
    """The interchange as one line of text.

    Raises NotUnderstood where a required piece is missing (``field`` names it) or a control
    number or trace does not fit its element.
    """
    _check(inquiry, envelope)
    body = _body(inquiry, envelope)
    control = f"{envelope.control:09d}"
    short = control[-9:].lstrip("0").rjust(4, "0")
    at = envelope.at
    segments = [
        _isa(envelope, control),
        [
            *("GS", "HS", basic(envelope.sender, 15), basic(envelope.receiver, 15)),
            *(f"{at:%Y%m%d}", f"{at:%H%M}", str(envelope.control), "X", VERSION),
        ],
        ["ST", "270", short, VERSION],
        *body,
        ["SE", str(len(body) + 2), short],
        ["GE", "1", str(envelope.control)],
        ["IEA", "1", control],
    ]
    return "".join("*".join(_trimmed(segment)) + "~" for segment in segments)


def _check(inquiry: Inquiry, envelope: Envelope) -> None:
    if not 1 <= envelope.control <= 999_999_999:
        raise NotUnderstood("control_number", "A control number is 1 to 999999999.", "")
    if not 1 <= len(basic(envelope.trace)) <= 30:
        raise NotUnderstood("trace_number", "A trace number has 1 to 30 characters.", "")
    person = inquiry.subscriber
    if not basic(person.member_id):
        raise _missing("member_id", "The member id is missing.")
    if not basic(person.last):
        raise _missing("last", "The subscriber's last name is missing.")
    if inquiry.dependent is None and person.dob is None:
        raise _missing("dob", "The date of birth is missing.")
    if inquiry.dependent is not None and inquiry.dependent.dob is None:
        raise _missing("dob", "The patient's date of birth is missing.")
    if not inquiry.service_types or not all(basic(code) for code in inquiry.service_types):
        raise _missing("service_types", "A service type is missing.")
    if not basic(inquiry.payer.id) or not basic(inquiry.provider.id):
        raise _missing("payer_id", "The payer's or the provider's id is missing.")


def _missing(field: str, say: str) -> NotUnderstood:
    return NotUnderstood("inquiry_incomplete", say, "Fill it in, then ask again.", field=field)


def _isa(envelope: Envelope, control: str) -> list[str]:
    at = envelope.at
    return [
        "ISA",
        *("00", " " * 10, "00", " " * 10),
        *(envelope.sender_qualifier, basic(envelope.sender, 15).ljust(15)),
        *(envelope.receiver_qualifier, basic(envelope.receiver, 15).ljust(15)),
        *(f"{at:%y%m%d}", f"{at:%H%M}", "^", "00501", control),
        *("0", "T" if envelope.test else "P", ":"),
    ]


def _body(inquiry: Inquiry, envelope: Envelope) -> list[list[str]]:
    trace, origin = basic(envelope.trace), basic(envelope.trace_origin, 10).ljust(10, "0")
    at = envelope.at
    dependent = inquiry.dependent
    payer, provider = inquiry.payer, inquiry.provider
    body = [
        ["BHT", "0022", "13", trace, f"{at:%Y%m%d}", f"{at:%H%M%S}"],
        ["HL", "1", "", "20", "1"],
        _organization("PR", payer),
        ["HL", "2", "1", "21", "1"],
        _organization("1P", provider),
        ["HL", "3", "2", "22", "0" if dependent is None else "1"],
    ]
    asked = [
        ["DTP", "291", "D8", f"{inquiry.service_date:%Y%m%d}"],
        *(["EQ", basic(code)] for code in inquiry.service_types),
    ]
    trn = ["TRN", "1", trace, origin]
    referring = inquiry.referring_npi
    if dependent is None:
        return [*body, trn, *_person("IL", inquiry.subscriber, referring), *asked]
    subscriber, patient = _person("IL", inquiry.subscriber), _person("03", dependent, referring)
    return [*body, *subscriber, ["HL", "4", "3", "23", "0"], trn, *patient, *asked]


def _organization(entity: str, party: Party) -> list[str]:
    name = basic(party.name, 60)
    return ["NM1", entity, "2", name, "", "", "", "", party.qualifier, basic(party.id, 80)]


def _person(entity: str, person: Insured, referring_npi: str = "") -> list[list[str]]:
    name = [
        *("NM1", entity, "1", basic(person.last, 60), basic(person.first, 35)),
        *(basic(person.middle, 25), "", basic(person.suffix, 10)),
    ]
    if entity == "IL":
        name += ["MI", basic(person.member_id, 80)]
    segments = [name]
    if person.group_number:
        segments.append(["REF", "6P", basic(person.group_number, 50)])
    if referring_npi:
        segments.append(["PRV", "RF", "HPI", basic(referring_npi, 50)])
    if person.dob is not None:
        sex = person.sex if person.sex in _GENDERS else ""
        segments.append(["DMG", "D8", f"{person.dob:%Y%m%d}", sex])
    return segments


def _trimmed(segment: list[str]) -> list[str]:
    """Without empty elements at the end, which X12 forbids."""
    end = len(segment)
    while end > 1 and not segment[end - 1]:
        end -= 1
    return segment[:end]
