"""How usual names are, and whether a word is a given name at all or a slip of the keyboard."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

from workstation.people.names import GivenName, LastName

_LEAST_GIVEN = 2
_LEAST_FAMILY = 40
_USUAL_PAIR = 2_000_000
"""Given times family share, each per million: above it more than one person in 18,000 has a
namesake of the same birth date among a million others (2e-6 of them, 36,500 birth dates)."""


@lru_cache(maxsize=2)
def _shares(file: str) -> dict[str, int]:
    text = (files("resources") / "rules" / file).read_text(encoding="utf-8")
    rows = csv.reader(line for line in text.splitlines() if line[:1] != "#")
    return {name: int(share) for name, share in rows}


def is_given_name(word: str) -> bool:
    """Whether parents in the US are known to give this folded name."""
    return word in _shares("given_names.csv")


def one_is_a_slip(a: str, b: str) -> bool:
    """Whether of two folded spellings one is a name and the other none: Robert and Robetr.

    Jayden and Jaden are both names, and may be brothers.
    """
    return is_given_name(a) != is_given_name(b)


def usual_pair(first: GivenName, last: LastName) -> bool:
    """Whether the two names together are so usual that two people of one birth date may share them.

    A double family name is as rare as both of its parts together.
    """
    given = _shares("given_names.csv")
    family = _shares("family_names.csv")
    share = float(max((given.get(word, 0) for word in first.words), default=0) or _LEAST_GIVEN)
    share *= family.get(last.joined, _LEAST_FAMILY)
    if len(last.parts) > 1:
        one, other = (family.get(part, _LEAST_FAMILY) for part in last.parts[:2])
        share = max(given.get(first.joined, 0), _LEAST_GIVEN) * one * other / 1_000_000
    return share > _USUAL_PAIR
