"""Reading and replacing one answer of a draft by its key, as ``coverages.items.0.member_id``."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from workstation.interview.model import ContactPerson, CoverageAnswer, Draft

T = TypeVar("T")

_GROWS: dict[str, type[Any]] = {"contacts": ContactPerson, "coverages.items": CoverageAnswer}
"""Lists that grow by one when their next place is written to."""


def get(draft: Draft, key: str) -> Any:
    """The answer under a key; the empty answer where a list has no such place yet.

    Raises AttributeError for a key that no draft has.
    """
    value: Any = draft
    path = key.split(".")
    for depth, step in enumerate(path):
        if isinstance(value, tuple):
            place = int(step)
            grows = _GROWS[".".join(path[:depth])]
            value = value[place] if place < len(value) else grows()
        else:
            value = getattr(value, step)
    return value


def put(draft: Draft, key: str, answer: object) -> Draft:
    """The draft with one answer replaced. The answer takes the type of the one before it."""
    changed: Draft = _put(draft, key.split("."), answer, "")
    return changed


def _put(value: Any, path: list[str], answer: object, so_far: str) -> Any:
    if not path:
        return _shaped(value, answer)
    step, rest = path[0], path[1:]
    if isinstance(value, tuple):
        place = int(step)
        grown = value if place < len(value) else (*value, _GROWS[so_far]())
        part = _put(grown[place], rest, answer, f"{so_far}.{step}")
        return (*grown[:place], part, *grown[place + 1 :])
    here = f"{so_far}.{step}" if so_far else step
    return replace(value, **{step: _put(getattr(value, step), rest, answer, here)})


def _shaped(before: object, answer: object) -> object:
    """The answer as the type that stood there: text, an enum, a truth value or a tuple."""
    if isinstance(before, bool):
        return bool(answer)
    if isinstance(before, str):
        return type(before)("" if answer is None else answer)
    if isinstance(before, tuple):
        return tuple(answer) if isinstance(answer, tuple | list) else before
    return answer


def carry(old: T, new: T, ahead: T) -> T:
    """What was changed from ``old`` to ``new``, laid over ``ahead``: Back must not cost typing."""
    if old == new:
        return ahead
    if is_dataclass(new) and not isinstance(new, type) and type(old) is type(ahead) is type(new):
        parts = {
            f.name: carry(getattr(old, f.name), getattr(new, f.name), getattr(ahead, f.name))
            for f in fields(new)
        }
        return replace(ahead, **parts)  # type: ignore[type-var]
    return new


def last_seen(start: T, here: T, now: T) -> T:
    """What this desk saw last: ``now``, but ``start`` where it and another both made changes."""
    if start == here or here == now:
        return now
    if is_dataclass(now) and not isinstance(now, type) and type(start) is type(here) is type(now):
        parts = {
            f.name: last_seen(getattr(start, f.name), getattr(here, f.name), getattr(now, f.name))
            for f in fields(now)
        }
        return replace(now, **parts)
    return start
