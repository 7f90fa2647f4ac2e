"""One person in the forms that are compared and indexed, each beside what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from workstation.people.addresses import comparable_zip, house_and_street, usual_street
from workstation.people.birth_dates import comparable_dob
from workstation.people.identifiers import (
    comparable_email,
    comparable_mbi,
    comparable_mrn,
    comparable_phone,
    comparable_ssn,
    comparable_ssn4,
)
from workstation.people.model import Person
from workstation.people.names import (
    GivenName,
    LastName,
    given_name,
    is_nobody,
    last_name,
    newborn_sex,
    parse_alias,
    suffix_of,
)


@dataclass(frozen=True, slots=True)
class OtherName:
    """A former, maiden or alias name; ``first`` is empty where only the family name is another."""

    last: LastName
    first: GivenName


class Comparable(NamedTuple):
    """All that matching looks at. What is a placeholder or unreadable is absent here.

    A tuple, because ten thousand a second are made of them.
    """

    id: str
    last: LastName
    first: GivenName
    middle: GivenName
    suffix: str | None
    others: tuple[OtherName, ...]
    dob: str | None
    sex: str | None
    ssn: str | None
    ssn4: str | None
    mbi: str | None
    mrn: str | None
    mother_mrn: str | None
    phones: frozenset[str]
    email: str | None
    address: tuple[str, str] | None
    zip: str | None
    birth_order: int | None
    multiple_birth: bool | None
    deceased: bool
    nobody: bool


@lru_cache(maxsize=2048)
def comparable(person: Person) -> Comparable:
    """Normalises a person once; equal persons share the result."""
    last, first = last_name(person.last), given_name(person.first)
    if first.joined and first.joined == last.joined and not person.middle:
        first = GivenName("", ())
    return Comparable(
        id=person.id or "",
        last=last,
        first=first,
        middle=given_name(person.middle),
        suffix=suffix_of(person.suffix, last, first),
        others=_other_names(person),
        dob=comparable_dob(person.dob),
        sex=person.sex if person.sex in ("F", "M") else newborn_sex(person.first),
        ssn=comparable_ssn(person.ssn),
        ssn4=comparable_ssn4(person.ssn),
        mbi=comparable_mbi(person.mbi),
        mrn=comparable_mrn(person.mrn),
        mother_mrn=comparable_mrn(person.mother_mrn),
        phones=frozenset(filter(None, map(comparable_phone, person.phones))),
        email=comparable_email(person.email),
        address=house_and_street(person.street),
        zip=comparable_zip(person.zip),
        birth_order=person.birth_order or first.order,
        multiple_birth=person.multiple_birth,
        deceased=bool(person.deceased),
        nobody=is_nobody(person.last, person.first),
    )


def _other_names(person: Person) -> tuple[OtherName, ...]:
    if not (person.aliases or person.previous_last or person.preferred_name):
        return ()
    found = [parse_alias(alias) for alias in person.aliases]
    if person.previous_last:
        found.append((person.previous_last, None))
    if person.preferred_name:
        found.append((None, person.preferred_name))
    names = (OtherName(last_name(last), given_name(first)) for last, first in found)
    return tuple(n for n in names if n.last.joined or n.first.joined)


def normalised(person: Person) -> dict[str, Any]:
    """The ``normalised`` object of ``export people``: absent where there is nothing comparable."""
    form = comparable(person)
    return {
        "last": form.last.joined or None,
        "first": form.first.joined or None,
        "middle": form.middle.joined or None,
        "suffix": form.suffix,
        "dob": form.dob,
        "ssn": form.ssn,
        "mbi": form.mbi,
        "mrn": form.mrn,
        "phones": sorted(form.phones),
        "email": form.email,
        "street": usual_street(person.street) or None,
        "zip": form.zip,
    }
