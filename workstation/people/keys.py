"""Blocking keys: two records of one person share at least one, however one of them was mistyped.

A key is a 63-bit hash of its kind and values, so that one small B-tree serves all kinds. What is
absent or a placeholder makes no key.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from workstation.people.compare import sounds
from workstation.people.names import GivenName, LastName
from workstation.people.nicknames import also_called
from workstation.people.normalise import Comparable


def _key(kind: str, *values: str) -> int:
    text = "\x1f".join((kind, *values))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") >> 1


def keys_of(person: Comparable) -> set[int]:
    """The keys under which a stored person is found; none for John Doe and the like."""
    if person.nobody:
        return set()
    firsts, lasts = _first_sounds(person.first), _last_sounds(person)
    return {
        *_own_numbers(person),
        *_by_name(person, person.dob, firsts, lasts),
        *_undated("X", firsts, lasts),
        *(() if person.dob else _undated("U", firsts, lasts)),
    }


def search_keys(person: Comparable) -> list[int]:
    """The keys to look under for a registration, the most telling first.

    Beside its own: day and month changed over, the middle name as the first, first and last
    changed over, and all short forms of the first name.
    """
    if person.nobody:
        return []
    own = list(_own_numbers(person))
    firsts = _first_sounds(person.first) | _first_sounds(person.middle)
    lasts = _last_sounds(person)
    for word in person.first.words[:1]:
        for other in also_called(word):
            firsts |= sounds(other)
    if person.first.joined and person.last.joined:
        crossed_first, crossed_last = sounds(person.last.joined), sounds(person.first.joined)
        firsts, lasts = firsts | crossed_first, lasts | crossed_last
    named = list(_by_name(person, person.dob, firsts, lasts))
    if person.dob is not None:
        swapped = person.dob[:5] + person.dob[8:] + person.dob[4:7]
        if swapped != person.dob and int(person.dob[8:]) <= 12:
            named.extend(_by_name(person, swapped, firsts, lasts))
    undated = list(_undated("U" if person.dob else "X", firsts, lasts))
    return list(dict.fromkeys((*own, *named, *undated)))


def _undated(kind: str, firsts: frozenset[str], lasts: frozenset[str]) -> Iterator[int]:
    """By name alone: ``X`` everybody, ``U`` whoever has no usable date of birth."""
    for first in firsts:
        for last in lasts:
            yield _key(kind, first, last)


def birthday_key(dob: str) -> int:
    """Everybody born on one day: the widest key, read only where it is not too wide."""
    return _key("D", dob)


def _own_numbers(person: Comparable) -> Iterator[int]:
    if person.ssn:
        yield _key("S", person.ssn)
    if person.mbi:
        yield _key("M", person.mbi)
    if person.mrn:
        yield _key("N", person.mrn)
    if person.mother_mrn and person.dob:
        yield _key("B", person.mother_mrn, person.dob)
    for phone in person.phones:
        yield _key("P", phone)
    if person.email:
        yield _key("E", person.email)


def _by_name(
    person: Comparable, dob: str | None, firsts: frozenset[str], lasts: frozenset[str]
) -> Iterator[int]:
    if dob:
        yield birthday_key(dob)
        for first in firsts:
            yield _key("F", dob, first)
        for last in lasts:
            yield _key("L", dob, last)
            for first in firsts:
                yield _key("Y", first, last, dob[:4])
                yield _key("Z", first, last, dob[5:])
    if person.address and person.zip:
        yield _key("A", person.zip, *person.address)
        for first in firsts:
            yield _key("H", person.zip, person.address[0], first)


def _first_sounds(name: GivenName) -> frozenset[str]:
    return sounds(name.words[0]) if name.words else frozenset()


def _last_sounds(person: Comparable) -> frozenset[str]:
    found: set[str] = set()
    for last in (person.last, *(other.last for other in person.others)):
        found |= _sounds_of(last)
    return frozenset(found)


def _sounds_of(last: LastName) -> frozenset[str]:
    found = set(sounds(last.joined)) if last.joined else set()
    for part in last.parts:
        found |= sounds(part)
    return frozenset(found)
