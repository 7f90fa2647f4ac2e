"""Rules that outrank every score: who may be called the same, who only looked at, who is another.

Most wrong links are siblings, twins, and fathers and sons; they share everything but a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from workstation.kernel.phrases import phrase
from workstation.people.compare import Agree, Dob
from workstation.people.evidence import Evidence
from workstation.people.name_shares import one_is_a_slip, usual_pair
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
        if found.dob is Dob.EXACT and found.household and _misspelt(a, b):
            return Outcome.POSSIBLE
        return Outcome.POSSIBLE if found.strong and found.dob is Dob.EXACT else Outcome.NEW
    if found.names.last is Agree.DIFFERENT:
        return _last_differs(found)
    return _names_agree(a, b, found)


def _first_differs(found: Evidence) -> Outcome:
    strong = found.strong and found.dob in (Dob.EXACT, *NEAR)
    four = (
        found.ssn4 is Agree.EXACT and found.dob is Dob.EXACT and found.names.last > Agree.PHONETIC
    )
    return Outcome.POSSIBLE if strong or four else Outcome.NEW


def _newborn(a: Comparable, b: Comparable, found: Evidence) -> Outcome:
    """The ward's name gives way to the parents': the mother, the day and the sex decide."""
    if found.dob is not Dob.EXACT or found.sex is Agree.DIFFERENT:
        backed = found.strong or (found.mother is Agree.EXACT and found.sex is not Agree.DIFFERENT)
        return Outcome.POSSIBLE if backed and found.dob in NEAR else Outcome.NEW
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
        return _near(a, b, found)
    if found.dob is Dob.DIFFERENT and not found.strong:
        return Outcome.POSSIBLE if _wrong_birth_date(a, b, found) else Outcome.NEW
    return _other_birth_date(a, b, found)


def _wrong_birth_date(a: Comparable, b: Comparable, found: Evidence) -> bool:
    """All agrees but the date of birth, and the two are too near in age for parent and child."""
    exact = found.names.first is Agree.EXACT and found.names.last is Agree.EXACT
    near = _one_generation(a, b)
    unopposed = found.ssn is not Agree.DIFFERENT and found.middle is not Agree.DIFFERENT
    backed = found.household > usual_pair(a.first, a.last)
    return exact and near and unopposed and backed


def _sure(a: Comparable, b: Comparable, found: Evidence) -> bool:
    """Names and date of birth agree: is there enough beside them, and nothing twins could share?"""
    if found.names.last not in CERTAIN_LAST and not found.strong:
        return False
    if found.names.first not in CERTAIN_FIRST:
        return _slip_not_twin(a, b, found)
    if found.strong or found.fairly_strong or found.household:
        return True
    exact = found.names.first is Agree.EXACT and found.names.last is Agree.EXACT
    if not exact or found.names.crossed:
        return False
    if found.middle >= Agree.INITIAL or not found.contact_differs:
        return True
    return not (_placeholder_day(a) or found.names.former or usual_pair(a.first, a.last))


def _placeholder_day(person: Comparable) -> bool:
    """January 1 is put where only the year is known, so many people share it."""
    return (person.dob or "")[5:] == "01-01"


def _slip_not_twin(a: Comparable, b: Comparable, found: Evidence) -> bool:
    """Jayden and Jaden may be brothers born together: only a number of one's own tells."""
    if found.strong:
        return True
    if found.names.first is Agree.TRANSPOSED and (found.household or found.fairly_strong):
        return True
    singles = a.multiple_birth is False and b.multiple_birth is False
    middle = found.middle is Agree.EXACT and len(a.middle.joined) > 1
    slip = found.names.first is Agree.TYPO and (singles or middle or _misspelt(a, b))
    return slip and (found.household > 0 or found.fairly_strong)


def _misspelt(a: Comparable, b: Comparable) -> bool:
    """One of the two spellings is no name that parents give, and nobody speaks of twins.

    The first letter is rarely mistyped, and often all that differs between twins.
    """
    marked = a.multiple_birth or b.multiple_birth or a.birth_order or b.birth_order
    one, other = a.first.words[0], b.first.words[0]
    return not marked and one[0] == other[0] and one_is_a_slip(one, other)


def _near(a: Comparable, b: Comparable, found: Evidence) -> Outcome:
    """The date of birth is one slip away from the other."""
    exact = found.names.first in CERTAIN_FIRST and found.names.last in CERTAIN_LAST
    if found.strong:
        return Outcome.SAME if exact else Outcome.POSSIBLE
    if found.household or found.fairly_strong:
        return Outcome.SAME if _slip_of_the_date(a, b, found) else Outcome.POSSIBLE
    alike = found.names.first in (Agree.EXACT, Agree.NICKNAME, Agree.TRANSPOSED)
    if not alike or found.names.last is not Agree.EXACT or found.ssn is Agree.DIFFERENT:
        return Outcome.NEW
    return Outcome.NEW if found.middle is Agree.DIFFERENT else Outcome.POSSIBLE


def _slip_of_the_date(a: Comparable, b: Comparable, found: Evidence) -> bool:
    """One name in one household, and too near in age for parent and child of that name."""
    named = found.names.first in (Agree.EXACT, Agree.NICKNAME) and found.names.last is Agree.EXACT
    one_suffix = a.suffix == b.suffix and not found.names.former
    return named and one_suffix and _one_generation(a, b)


def _one_generation(a: Comparable, b: Comparable) -> bool:
    return abs(int((a.dob or "0")[:4]) - int((b.dob or "0")[:4])) <= _LESS_THAN_A_GENERATION


def _other_birth_date(a: Comparable, b: Comparable, found: Evidence) -> Outcome:
    """No date of birth on one side, or one that agrees in two of its three parts."""
    if found.strong:
        named = found.names.first in (Agree.EXACT, Agree.NICKNAME)
        sure = named and found.names.last is Agree.EXACT and found.dob is Dob.ABSENT
        return Outcome.SAME if sure and a.suffix == b.suffix else Outcome.POSSIBLE
    certain = found.names.first in CERTAIN_FIRST and found.names.last > Agree.PHONETIC
    backed = found.household > 0 or found.fairly_strong
    if not certain:
        slip = found.names.first >= Agree.TYPO and found.names.last > Agree.PHONETIC
        needed = 0 if found.dob is Dob.ABSENT and found.names.last is Agree.EXACT else 1
        return Outcome.POSSIBLE if slip and found.household > needed else Outcome.NEW
    if found.dob is Dob.TWO_PARTS:
        return Outcome.POSSIBLE if backed and found.ssn is not Agree.DIFFERENT else Outcome.NEW
    exact = found.names.first is Agree.EXACT and found.names.last is Agree.EXACT
    named = found.names.last is Agree.EXACT and found.middle is Agree.EXACT
    named = named or (exact and not usual_pair(a.first, a.last))
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
    if found.sex is Agree.DIFFERENT and not (found.strong or _one_name(found)):
        yield "sex differs"
    if found.middle is Agree.DIFFERENT and not found.strong:
        yield "middle name differs"
    if a.deceased or b.deceased:
        yield "marked as deceased: check before opening"


def _one_name(found: Evidence) -> bool:
    """The very same name and birth date in one household: the sex was keyed wrongly or changed."""
    exact = found.names.first is Agree.EXACT and found.names.last is Agree.EXACT
    return exact and found.dob is Dob.EXACT and found.household > 0


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
