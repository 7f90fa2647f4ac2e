"""What cannot be right about a person's data, and what only deserves a second look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from workstation.kernel.errors import NotUnderstood
from workstation.kernel.phrases import phrase
from workstation.people.birth_dates import age, comparable_dob, parse_birth_date
from workstation.people.identifiers import (
    EMAIL_TYPOS,
    comparable_email,
    comparable_mbi,
    comparable_phone,
    comparable_ssn,
)
from workstation.people.model import Person
from workstation.people.names import fold, given_name

LONGEST = 200
"""Letters that a name, street or e-mail address may have."""

_NOT_DIGIT = re.compile(r"\D")
_MEASURED = ("last", "first", "middle", "suffix", "email", "street", "city", "previous_last")


class Level(StrEnum):
    """Stop must be fixed before saving; yield may go on with a look at it."""

    STOP = "stop"
    YIELD = "yield"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one field, in words for the registrar; never repeats the value typed."""

    field: str
    level: Level
    code: str
    say: str
    do: str = ""


def check_person(person: Person, today: date) -> None:
    """Raises NotUnderstood with the field of the first value that cannot be right."""
    for finding in findings(person, today):
        if finding.level is Level.STOP:
            raise NotUnderstood(finding.code, finding.say, finding.do, field=finding.field)


def findings(person: Person, today: date) -> tuple[Finding, ...]:
    """Everything to say about the person's fields, stops first."""
    found = [
        *_names(person),
        *_birth(person, today),
        *_numbers(person),
        *_contact(person),
        *_zip(person),
    ]
    return tuple(sorted(found, key=lambda f: f.level is Level.YIELD))


def _names(person: Person) -> Iterator[Finding]:
    for key in _MEASURED:
        if len(getattr(person, key) or "") > LONGEST:
            yield Finding(
                key, Level.STOP, "too_long",
                phrase("This is longer than {n} letters.", n=LONGEST),
                "Shorten it to what the ID shows.",
            )  # fmt: skip
    if not (person.last or person.first):
        yield Finding(
            "last", Level.STOP, "name_missing",
            "A person needs at least one name.",
            "Type the name, or use the unknown-patient button.",
        )  # fmt: skip
    for key in ("last", "first"):
        typed = getattr(person, key)
        if typed and not fold(typed):
            yield Finding(
                key, Level.STOP, "name_without_letters",
                "This name has no letters.", "Type the name as the ID shows it.",
            )  # fmt: skip
        elif typed and any(c.isdigit() for c in typed) and not given_name(typed).newborn:
            yield Finding(
                key, Level.YIELD, "name_with_digits",
                "This name has digits in it.", "Check it against the ID.",
            )  # fmt: skip


def _birth(person: Person, today: date) -> Iterator[Finding]:
    if not person.dob:
        return
    try:
        born = parse_birth_date(person.dob, today)
    except NotUnderstood as error:
        if comparable_dob(person.dob) is None and error.code == "dob_too_old":
            yield _placeholder("dob")
        else:
            yield Finding("dob", Level.STOP, error.code, error.say, error.do)
        return
    if comparable_dob(person.dob) is None:
        yield _placeholder("dob")
    elif age(born, today) > 110:
        yield Finding(
            "dob", Level.YIELD, "dob_very_old",
            "This patient would be more than 110 years old.", "Check the year with the patient.",
        )  # fmt: skip


def _placeholder(field: str) -> Finding:
    return Finding(
        field, Level.YIELD, "placeholder",
        "This looks like a placeholder; it will not be used to find the patient again.",
        "Replace it as soon as the real one is known.",
    )  # fmt: skip


def _numbers(person: Person) -> Iterator[Finding]:
    digits = _NOT_DIGIT.sub("", person.ssn or "")
    if person.ssn and len(digits) not in (4, 9):
        yield Finding(
            "ssn", Level.STOP, "ssn_length",
            "A Social Security number has nine digits.",
            "Type all nine, the last four, or leave it empty.",
        )  # fmt: skip
    elif len(digits) == 9 and comparable_ssn(person.ssn) is None:
        yield _placeholder("ssn")
    if person.mbi and comparable_mbi(person.mbi) is None:
        yield Finding(
            "mbi", Level.STOP, "mbi_shape",
            "This does not have the shape of a Medicare number.",
            "Type the 11 characters from the red, white and blue card.",
        )  # fmt: skip


def _contact(person: Person) -> Iterator[Finding]:
    if any(not phone_is_possible(phone) for phone in person.phones):
        yield Finding(
            "phones", Level.YIELD, "phone_unlikely",
            "One of these phone numbers cannot be dialled.", "Read it back to the patient.",
        )  # fmt: skip
    if not person.email:
        return
    host = person.email.strip().lower().rpartition("@")[2]
    if comparable_email(person.email) is None:
        yield Finding(
            "email", Level.YIELD, "email_unlikely",
            "This does not look like an e-mail address that can be reached.",
            "Read it back to the patient, or leave it empty.",
        )  # fmt: skip
    elif host in EMAIL_TYPOS:
        yield Finding(
            "email", Level.YIELD, "email_typo",
            phrase("Did the patient mean {host}?", host=EMAIL_TYPOS[host]),
            "Read the address back to the patient.",
        )  # fmt: skip


def phone_is_possible(text: str) -> bool:
    """Whether libphonenumber thinks the number can exist, read as a US number without ``+``."""
    import phonenumbers  # late: 40 ms that only the form needs

    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return False
    return bool(phonenumbers.is_valid_number(number)) and comparable_phone(text) is not None


def display_phone(text: str) -> str:
    """``(512) 555-0100``, or international form; as typed where it cannot be read."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, "US")
    except phonenumbers.NumberParseException:
        return text
    national = number.country_code == 1
    style = phonenumbers.PhoneNumberFormat
    return str(
        phonenumbers.format_number(number, style.NATIONAL if national else style.INTERNATIONAL)
    )


def _zip(person: Person) -> Iterator[Finding]:
    digits = _NOT_DIGIT.sub("", person.zip or "")
    if not person.zip or not digits:
        return
    if len(digits) not in (5, 9):
        yield Finding(
            "zip", Level.YIELD, "zip_length",
            "A ZIP code has five or nine digits.", "Check it with the patient.",
        )  # fmt: skip
        return
    places = zip_places(digits[:5])
    if not places:
        yield Finding(
            "zip", Level.YIELD, "zip_unknown",
            "No such ZIP code is known here.", "Check it with the patient.",
        )  # fmt: skip
    elif person.state and person.state.upper() not in {state for _, state in places}:
        yield Finding(
            "zip", Level.YIELD, "zip_state",
            "This ZIP code lies in another state.", "Check ZIP and state with the patient.",
        )  # fmt: skip


@lru_cache(maxsize=4096)  # a search takes 2 ms, half of what a registration computes
def zip_places(zip_code: str) -> tuple[tuple[str, str], ...]:
    """``(town, state)`` of a five-digit ZIP, offline, preferred town first; empty where unknown."""
    import zipcodes  # late: half a second at the first look-up

    try:
        rows = zipcodes.matching(zip_code)  # type: ignore[no-untyped-call]
    except (TypeError, ValueError):
        return ()
    return tuple((str(r["city"]), str(r["state"])) for r in rows)
