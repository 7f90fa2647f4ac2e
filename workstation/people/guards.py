"""Rules that outrank every score: who may be called the same, who only looked at, who is another.

Most wrong links are siblings, twins, and fathers and sons; they share everything but a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from workstation.kernel.phrases import phrase
from workstation.people.compare import Agree, Dob
from workstation.people.evidence import Evidence
from workstation.people.normalise import Comparable

CERTAIN_FIRST = frozenset((Agree.EXACT, Agree.NICKNAME, Agree.PART, Agree.SWAPPED))
CERTAIN_LAST = frozenset((Agree.EXACT, Agree.PART, Agree.TRANSPOSED, Agree.TYPO))
_LESS_THAN_A_GENERATION = 12
NEAR = frozenset((Dob.DAY_MONTH, Dob.ONE_DIGIT))


class Outcome(StrEnum):
    """What a registrar should do: open the chart, look at both side by side, or go on."""

    SAME = "same"
    POSSIBLE = "possible"
    NEW = "new"


RANK = {Outcome.SAME: 2, Outcome.POSSIBLE: 1, Outcome.NEW: 0}


def decide(a: Comparable, b: Comparable, found: Evidence) -> tuple[Outcome, tuple[str, ...]]:
    """The outcome for two people, and the warnings that led to it."""
    if a.nobody or b.nobody:
        return Outcome.NEW, ("a name that stands for an unknown person is never matched",)
    alarm = _number_of_another(found)
    if alarm:
        return Outcome.NEW, (alarm,)
    outcome = _by_names(a, b, found)
    warnings = tuple(_conflicts(a, b, found))
    if outcome is Outcome.SAME and warnings:
        outcome = Outcome.POSSIBLE
    if outcome is Outcome.POSSIBLE and _surely_relatives(a, b, found):
        outcome = Outcome.NEW
    return outcome, warnings


def _number_of_another(found: Evidence) -> str | None:
    """An SSN or Medicare number on two people is a keying error or misuse, never a match."""
    first_differs = found.names.first is Agree.DIFFERENT
    if not found.strong:
        return None
    if first_differs and found.sex is Agree.DIFFERENT:
        return "same number, but name and sex differ: check for a keying error or misuse"
    if first_differs and found.dob in (Dob.DIFFERENT, Dob.TWO_PARTS):
        return "same number, but name and date of birth differ: check for a keying error or misuse"
    known_here = found.names.first is Agree.EXACT and found.household > 0
    if found.names.last is Agree.DIFFERENT and found.dob is Dob.DIFFERENT and not known_here:
        return "same number, but name and date of birth differ: check for a keying error or misuse"
    return None


def _by_names(a: Comparable, b: Comparable, found: Evidence) -> Outcome:
    if found.names.first is Agree.DIFFERENT:
        return _first_differs(found)
    if a.first.newborn or b.first.newborn:
        return _newborn(a, b, found)
    if found.names.first is Agree.ABSENT:
        return _first_absent(a, b, found)
    if found.sex is Agree.DIFFERENT and found.names.first < Agree.INITIAL:
        return Outcome.POSSIBLE if found.strong and found.dob is Dob.EXACT else Outcome.NEW
    if found.names.last is Agree.DIFFERENT:
        return _last_differs(found)
    return _names_agree(a, b, found)


def _first_differs(found: Evidence) -> Outcome:
    strong = found.strong and found.dob in (Dob.EXACT, *NEAR)
    return Outcome.POSSIBLE if strong else Outcome.NEW


def _newborn(a: Comparable, b: Comparable, found: Evidence) -> Outcome:
    """The ward's name gives way to the parents': the mother, the day and the sex decide."""
    if found.dob is not Dob.EXACT or found.sex is Agree.DIFFERENT:
        return Outcome.POSSIBLE if found.strong and found.dob in NEAR else Outcome.NEW
    orders_known = a.birth_order is not None and b.birth_order is not None
    one_child = not (a.birth_order or b.birth_order or a.multiple_birth or b.multiple_birth)
    if found.mother is Agree.EXACT or found.strong:
        return Outcome.SAME if orders_known or one_child else Outcome.POSSIBLE
    if found.mother is Agree.DIFFERENT:
        return Outcome.NEW
    last_fits = found.names.last > Agree.DIFFERENT
    return Outcome.POSSIBLE if found.household or (last_fits and one_child) else Outcome.NEW


def _first_absent(a: Comparable, b: Comparable, found: Evidence) -> Outcome:
    """No given name on one side or both: a person of one name, FNU, or half a registration."""
    if found.dob is Dob.DIFFERENT or found.sex is Agree.DIFFERENT:
        return Outcome.NEW
    if found.strong:
        fits = found.dob is Dob.EXACT and found.names.last is Agree.EXACT
        return Outcome.SAME if fits and not (a.first.words or b.first.words) else Outcome.POSSIBLE
    if found.dob is not Dob.EXACT or found.names.last <= Agree.DIFFERENT:
        fits = found.dob is Dob.EXACT and found.household > 0
        return Outcome.POSSIBLE if fits else Outcome.NEW
    one_name = not (a.first.words or b.first.words)
    if one_name and found.names.last is Agree.EXACT:
        return Outcome.SAME if found.household or found.fairly_strong else Outcome.POSSIBLE
    return Outcome.POSSIBLE if found.household or found.fairly_strong else Outcome.NEW


def _last_differs(found: Evidence) -> Outcome:
    """Married, divorced, or somebody else of the same given name."""
    certain = found.names.first in CERTAIN_FIRST
    if found.strong:
        sure = certain and found.dob is Dob.EXACT and found.sex is not Agree.DIFFERENT
        return Outcome.SAME if sure else Outcome.POSSIBLE
    if found.sex is Agree.DIFFERENT:
        return Outcome.NEW
    if found.dob is not Dob.EXACT:
        near = found.dob in NEAR and found.names.first is Agree.EXACT and found.household > 1
        return Outcome.POSSIBLE if near else Outcome.NEW
    return Outcome.POSSIBLE if found.household or found.fairly_strong else Outcome.NEW


def _names_agree(a: Comparable, b: Comparable, found: Evidence) -> Outcome:
    if found.dob is Dob.EXACT:
        return Outcome.SAME if _sure(a, b, found) else Outcome.POSSIBLE
    if found.dob in NEAR:
        return _near(found)
    if found.dob is Dob.DIFFERENT and not found.strong:
        return Outcome.POSSIBLE if _wrong_birth_date(a, b, found) else Outcome.NEW
    return _other_birth_date(found)


def _wrong_birth_date(a: Comparable, b: Comparable, found: Evidence) -> bool:
    """All agrees but the date of birth, and the two are too near in age for parent and child."""
    exact = found.names.first is Agree.EXACT and found.names.last is Agree.EXACT
    near = abs(int((a.dob or "0")[:4]) - int((b.dob or "0")[:4])) <= _LESS_THAN_A_GENERATION
    unopposed = found.ssn is not Agree.DIFFERENT and found.middle is not Agree.DIFFERENT
    return exact and near and unopposed and found.household > 1


def _sure(a: Comparable, b: Comparable, found: Evidence) -> bool:
    """Names and date of birth agree: is there enough beside them, and nothing twins could share?"""
    if found.names.last not in CERTAIN_LAST and not found.strong:
        return False
    if found.names.first not in CERTAIN_FIRST:
        return _slip_not_twin(a, b, found)
    if found.strong or found.fairly_strong or found.household:
        return True
    exact = found.names.first is Agree.EXACT and found.names.last is Agree.EXACT
    middle_fits = found.middle >= Agree.INITIAL
    return exact and not found.names.crossed and (middle_fits or not found.contact_differs)


def _slip_not_twin(a: Comparable, b: Comparable, found: Evidence) -> bool:
    """Jayden and Jaden may be brothers born together: only a number of one's own tells."""
    if found.strong:
        return True
    if found.names.first is Agree.TRANSPOSED and (found.household or found.fairly_strong):
        return True
    singles = a.multiple_birth is False and b.multiple_birth is False
    middle = found.middle is Agree.EXACT and len(a.middle.joined) > 1
    slip = found.names.first is Agree.TYPO and (singles or middle)
    return slip and (found.household > 0 or found.fairly_strong)


def _near(found: Evidence) -> Outcome:
    """The date of birth is one slip away from the other."""
    exact = found.names.first in CERTAIN_FIRST and found.names.last in CERTAIN_LAST
    if found.strong:
        return Outcome.SAME if exact else Outcome.POSSIBLE
    if found.household or found.fairly_strong:
        return Outcome.POSSIBLE
    alike = found.names.first in (Agree.EXACT, Agree.NICKNAME, Agree.TRANSPOSED)
    if not alike or found.names.last is not Agree.EXACT or found.ssn is Agree.DIFFERENT:
        return Outcome.NEW
    return Outcome.NEW if found.middle is Agree.DIFFERENT else Outcome.POSSIBLE


def _other_birth_date(found: Evidence) -> Outcome:
    """No date of birth on one side, or one that agrees in two of its three parts."""
    if found.strong:
        return Outcome.POSSIBLE
    certain = found.names.first in CERTAIN_FIRST and found.names.last > Agree.PHONETIC
    backed = found.household > 0 or found.fairly_strong
    if not certain:
        return Outcome.NEW
    if found.dob is Dob.TWO_PARTS:
        return Outcome.POSSIBLE if backed and found.ssn is not Agree.DIFFERENT else Outcome.NEW
    named = found.middle is Agree.EXACT and found.names.last is Agree.EXACT
    return Outcome.POSSIBLE if backed or named else Outcome.NEW


def _conflicts(a: Comparable, b: Comparable, found: Evidence) -> Iterator[str]:
    """What forbids calling two records the same, whatever else agrees."""
    if a.suffix and b.suffix and a.suffix != b.suffix:
        words = "suffix differs ({one}, {other}): may be parent and child"
        yield phrase(words, one=a.suffix, other=b.suffix)
    if _born_apart(a, b):
        yield "birth order differs: twins"
    elif None not in (a.multiple_birth, b.multiple_birth) and a.multiple_birth != b.multiple_birth:
        yield "only one is marked as one of a multiple birth: may be twins"
    if found.ssn is Agree.DIFFERENT:
        yield "SSN differs"
    if found.ssn4 is Agree.DIFFERENT:
        yield "last four of SSN differ"
    if found.sex is Agree.DIFFERENT and not found.strong:
        yield "sex differs"
    if found.middle is Agree.DIFFERENT and not found.strong:
        yield "middle name differs"
    if a.deceased or b.deceased:
        yield "marked as deceased: check before opening"


def _born_apart(a: Comparable, b: Comparable) -> bool:
    return bool(a.birth_order and b.birth_order and a.birth_order != b.birth_order)


def _surely_relatives(a: Comparable, b: Comparable, found: Evidence) -> bool:
    """Parent and child, or twins: everything that differs is what differs between them."""
    if found.strong:
        return False
    if a.suffix and b.suffix and a.suffix != b.suffix and found.dob is not Dob.EXACT:
        return True
    not_one_name = found.names.first not in (Agree.EXACT, Agree.PART)
    return _born_apart(a, b) and not_one_name
