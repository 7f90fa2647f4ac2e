"""Which given names are the same name: Bob and Robert, Lupe and Guadalupe, Sasha and Alexander."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

from workstation.people.names import fold

_FILES = ("nicknames.csv", "nicknames_spanish.csv", "nicknames_other.csv")


@lru_cache(maxsize=1)
def _groups() -> dict[str, frozenset[str]]:
    """Name to the formal names it may stand for, itself included."""
    found: dict[str, set[str]] = {}
    for name in _FILES:
        text = (files("resources") / "rules" / name).read_text(encoding="utf-8")
        for row in csv.reader(line for line in text.splitlines() if line[:1] != "#"):
            names = [fold(cell).replace(" ", "") for cell in row if cell.strip()]
            for short in names:
                found.setdefault(short, set()).add(names[0])
    return {short: frozenset(formal) for short, formal in found.items()}


@lru_cache(maxsize=1)
def _members() -> dict[str, frozenset[str]]:
    """Formal name to all names that may stand for it."""
    found: dict[str, set[str]] = {}
    for short, formals in _groups().items():
        for formal in formals:
            found.setdefault(formal, set()).add(short)
    return {formal: frozenset(shorts) for formal, shorts in found.items()}


def same_given_name(a: str, b: str) -> bool:
    """Whether two folded given names may be one person's: one for the other, or both for a third.

    Two formal names are the same only where the list says so of the two themselves: Jonathan may be
    John and may be Nathan, but John is not Nathan.
    """
    groups = _groups()
    mine, yours = groups.get(a), groups.get(b)
    if mine is None or yours is None or mine.isdisjoint(yours):
        return False
    return a in yours or b in mine or not (a in mine and b in yours)


@lru_cache(maxsize=1)
def _rare() -> frozenset[tuple[str, str]]:
    text = (files("resources") / "rules" / "nicknames_rare.csv").read_text(encoding="utf-8")
    rows = csv.reader(line for line in text.splitlines() if line[:1] != "#")
    return frozenset((name, short) for name, *shorts in rows for short in shorts)


def rarely_called(a: str, b: str) -> bool:
    """Old or unusual short forms of folded names, Dutch for Herman: enough to look twice."""
    return (a, b) in _rare() or (b, a) in _rare()


@lru_cache(maxsize=4_096)
def also_called(name: str) -> tuple[str, ...]:
    """Every folded given name that :func:`same_given_name` accepts beside this one, sorted."""
    members = _members()
    near = {short for f in _groups().get(name, frozenset()) for short in members[f]} - {name}
    return tuple(sorted(other for other in near if same_given_name(name, other)))
