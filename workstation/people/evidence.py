"""Everything that speaks for or against two records being one person, with its weight.

Weights are log2 likelihood ratios (Fellegi-Sunter) with fixed m and u: u from the public figures of
the CMS Patient Matching Proposal, lowered to one catchment. What a household shares (last name,
phone, address) counts in full once: siblings agree on all of it.
"""

from __future__ import annotations

from typing import NamedTuple

from workstation.people import compare
from workstation.people.compare import Agree, Dob, Names
from workstation.people.normalise import Comparable

FIRST = {
    Agree.EXACT: 6.5, Agree.NICKNAME: 5.0, Agree.PART: 5.0, Agree.SWAPPED: 4.0,
    Agree.INITIAL: 1.5, Agree.TRANSPOSED: 5.0, Agree.TYPO: 4.0, Agree.PHONETIC: 2.5,
    Agree.DIFFERENT: -8.0, Agree.ABSENT: 0.0,
}  # fmt: skip
LAST = {
    Agree.EXACT: 6.5, Agree.PART: 5.0, Agree.TRANSPOSED: 5.0, Agree.TYPO: 4.5,
    Agree.PHONETIC: 2.5, Agree.DIFFERENT: -4.0, Agree.ABSENT: 0.0,
}  # fmt: skip
BIRTH = {
    Dob.EXACT: 12.0, Dob.DAY_MONTH: 7.0, Dob.ONE_DIGIT: 6.5, Dob.TWO_PARTS: 3.0,
    Dob.DIFFERENT: -8.0, Dob.ABSENT: 0.0,
}  # fmt: skip
NUMBER = {Agree.EXACT: 14.0, Agree.TRANSPOSED: 8.0, Agree.TYPO: 7.0, Agree.DIFFERENT: -6.0,
          Agree.ABSENT: 0.0}  # fmt: skip
ADDRESS = {Agree.EXACT: 5.0, Agree.TYPO: 4.0, Agree.PART: 1.5, Agree.DIFFERENT: -0.5,
           Agree.ABSENT: 0.0}  # fmt: skip
MIDDLE = {Agree.EXACT: 2.5, Agree.NICKNAME: 2.0, Agree.PART: 1.5, Agree.INITIAL: 1.0,
          Agree.TRANSPOSED: 1.5, Agree.TYPO: 1.0, Agree.DIFFERENT: -2.0}  # fmt: skip
PHONE, EMAIL, SSN4, MRN, MOTHER = 5.0, 6.0, 7.0, 16.0, 8.0
SEX_SAME, SEX_DIFFERENT = 0.8, -3.0
SHARED_AGAIN = 0.3
"""The part of its weight that a second thing of the same household still counts."""


class Evidence(NamedTuple):
    """How two people compare. ``household`` counts what relatives share."""

    names: Names
    middle: Agree
    dob: Dob
    sex: Agree
    ssn: Agree
    ssn4: Agree
    mbi: Agree
    mrn: bool
    mother: Agree
    phone: Agree
    email: Agree
    address: Agree
    score: float

    @property
    def strong(self) -> bool:
        """One number that belongs to one person agrees exactly."""
        return self.ssn is Agree.EXACT or self.mbi is Agree.EXACT or self.mrn

    @property
    def fairly_strong(self) -> bool:
        """An SSN one slip away, or of which the four known digits agree."""
        return self.ssn in (Agree.TYPO, Agree.TRANSPOSED) or self.ssn4 is Agree.EXACT

    @property
    def household(self) -> int:
        """How many of mother, phone, e-mail and address agree."""
        return (
            (self.mother is Agree.EXACT)
            + (self.phone is Agree.EXACT)
            + (self.email is Agree.EXACT)
            + (self.address in (Agree.EXACT, Agree.TYPO))
        )

    @property
    def contact_differs(self) -> bool:
        """Whether a phone or address speaks against; another house of the same ZIP does not."""
        return Agree.DIFFERENT in (self.phone, self.address)


def weigh(a: Comparable, b: Comparable) -> Evidence:
    """Compares two normalised people."""
    names = compare.names(a, b)
    middle = compare.middles(a, b) if names.first is not Agree.SWAPPED else Agree.ABSENT
    dob = compare.dates_of_birth(a.dob, b.dob)
    ssn = compare.numbers(a.ssn, b.ssn)
    ssn4 = Agree.ABSENT
    if ssn is Agree.ABSENT and a.ssn4 and b.ssn4:
        ssn4 = Agree.EXACT if a.ssn4 == b.ssn4 else Agree.DIFFERENT
    mbi = _equal(a.mbi, b.mbi)
    mrn = a.mrn is not None and a.mrn == b.mrn
    phone = Agree.ABSENT
    if a.phones and b.phones:
        phone = Agree.DIFFERENT if a.phones.isdisjoint(b.phones) else Agree.EXACT
    found = {
        "sex": _equal(a.sex, b.sex),
        "mother": _equal(a.mother_mrn, b.mother_mrn),
        "email": _equal(a.email, b.email),
        "address": compare.addresses(a, b),
    }
    own = FIRST[names.first] + BIRTH[dob] + MIDDLE.get(middle, 0.0) + _numbers(ssn, ssn4, mbi, mrn)
    score = own + _shared(names, phone, found) + _sex(found["sex"])
    return Evidence(
        names, middle, dob, found["sex"], ssn, ssn4, mbi, mrn, found["mother"],
        phone, found["email"], found["address"], round(score, 2),
    )  # fmt: skip


def _equal(a: str | None, b: str | None) -> Agree:
    if a is None or b is None:
        return Agree.ABSENT
    return Agree.EXACT if a == b else Agree.DIFFERENT


def _sex(level: Agree) -> float:
    return {Agree.EXACT: SEX_SAME, Agree.DIFFERENT: SEX_DIFFERENT}.get(level, 0.0)


def _numbers(ssn: Agree, ssn4: Agree, mbi: Agree, mrn: bool) -> float:
    weight = NUMBER[ssn] + (MRN if mrn else 0.0)
    if ssn4 is not Agree.ABSENT:
        weight += SSN4 if ssn4 is Agree.EXACT else -2.0
    return weight + (NUMBER[Agree.EXACT] if mbi is Agree.EXACT else 0.0)


def _shared(names: Names, phone: Agree, found: dict[str, Agree]) -> float:
    last = LAST[names.last] - (1.0 if names.former else 0.0)
    weights = [
        PHONE if phone is Agree.EXACT else -0.5 * (phone is Agree.DIFFERENT),
        EMAIL if found["email"] is Agree.EXACT else 0.0,
        MOTHER if found["mother"] is Agree.EXACT else 0.0,
        ADDRESS[found["address"]],
    ]
    gains = sorted((w for w in weights if w > 0), reverse=True)
    once = sum(gains[:1]) + SHARED_AGAIN * sum(gains[1:])
    return last + once + sum(w for w in weights if w < 0)
