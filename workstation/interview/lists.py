"""Lists of a draft that a person adds to, takes from and puts in order: coverages, contacts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from workstation.interview.model import ContactPerson, CoverageAnswer, Draft
from workstation.interview.paths import get

Entry = TypeVar("Entry", ContactPerson, CoverageAnswer)
_EMPTY: dict[str, Any] = {"contacts": ContactPerson(), "coverages.items": CoverageAnswer()}


def standing(items: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """What was not taken out, in order: it stands before all that was."""
    return tuple(item for item in items if not item.dropped)


def one_more(draft: Draft, key: str) -> tuple[Any, ...]:
    """A list with one more behind those that stand; the first is asked before it is in the list."""
    items, empty = get(draft, key), _EMPTY[key]
    dropped = tuple(item for item in items if item.dropped)
    return (*(standing(items) or (empty,)), empty, *dropped)


def taken_out(draft: Draft, key: str, place: int) -> tuple[Any, ...]:
    """A list without its place: ended where that is on file, gone where it was just typed."""
    items = get(draft, key)
    if place >= len(items):
        return tuple(items)
    taken = items[place]
    rest = (*items[:place], *items[place + 1 :])
    left = (*rest, replace(taken, dropped=True)) if taken.id else rest
    if key == "contacts" and not standing(left):
        return (_EMPTY[key], *left)  # the first is asked for again
    return left


def moved_earlier(draft: Draft, key: str, place: int) -> tuple[Any, ...]:
    """A list with a place and the one before it exchanged."""
    items = tuple(get(draft, key))
    if not 0 < place < len(items):
        return items
    return (*items[: place - 1], items[place], items[place - 1], *items[place + 1 :])
