"""What the commands of ``portico do`` look like, checked before a use case sees one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workstation.kernel.errors import NotUnderstood
from workstation.payers.model import KEYS as COVERAGE_KEYS
from workstation.people.model import KEYS as PERSON_KEYS


@dataclass(frozen=True, slots=True)
class _Want:
    """One value: its JSON type in words, the Python type, and what may stand inside."""

    words: str
    type: type
    optional: bool = False
    inside: Mapping[str, _Want | None] | None = None
    """The known keys of an object, or of each object in a list; None for keys of any type."""


_TEXT = _Want("a text", str)
_MAYBE_TEXT = _Want("a text or null", str, optional=True)
_CENTS = _Want("a whole number of cents", int)
_PERSON: Mapping[str, _Want | None] = dict.fromkeys(PERSON_KEYS)
_SUBSCRIBER = _Want("an object or null", dict, optional=True, inside={**_PERSON, "employer": None})
_COVERAGE: Mapping[str, _Want | None] = dict.fromkeys(COVERAGE_KEYS) | {"subscriber": _SUBSCRIBER}
_LINE = {"kind": _TEXT, "amount": _CENTS, "visit_id": _MAYBE_TEXT}

SHAPES: Mapping[str, Mapping[str, _Want]] = {
    "register_patient": {
        "person": _Want("an object", dict, inside=_PERSON),
        "decision": _Want("an object or null", dict, optional=True, inside={"reason": _TEXT}),
    },
    "revise_demographics": {
        "person_id": _TEXT,
        "base": _Want("an object or null", dict, optional=True, inside=_PERSON),
        "set": _Want("an object", dict),
    },
    "add_coverage": {
        "person_id": _TEXT,
        "coverage": _Want("an object", dict, inside=_COVERAGE),
    },
    "open_visit": dict.fromkeys(("person_id", "class", "reason", "service_date"), _TEXT),
    "record_screening_exam": dict.fromkeys(("visit_id", "outcome", "by", "at", "source"), _TEXT),
    "record_payment": {
        "person_id": _TEXT,
        "visit_id": _MAYBE_TEXT,
        "tender": _TEXT,
        "lines": _Want("a list of objects", list, inside=_LINE),
    },
    "refund_payment": {"payment_id": _TEXT, "amount": _CENTS, "reason": _TEXT},
    "merge_people": dict.fromkeys(("survivor", "retired", "reason"), _TEXT),
    "resolve_conflict": {"conflict_id": _TEXT, "take": _TEXT},
}
"""Every command of contracts.md with its values. Keys that are not here are ignored and named."""


def checked_shape(name: str, command: Mapping[str, Any]) -> list[str]:
    """The keys that nobody knows, such as ``person.shoe_size``.

    Raises NotUnderstood ``value_missing`` or ``value_not_understood`` for the first value that is
    absent or of another type.
    """
    return list(_checked(SHAPES[name], command, "", known=("key", "command")))


def _checked(
    wants: Mapping[str, _Want | None],
    given: Mapping[str, Any],
    place: str,
    known: tuple[str, ...] = (),
) -> Iterator[str]:
    for name, want in wants.items():
        if want is not None:
            yield from _value(want, given.get(name), f"{place}{name}")
    yield from (f"{place}{name}" for name in given if name not in wants and name not in known)


def _value(want: _Want, value: Any, place: str) -> Iterator[str]:
    if value is None and want.optional:
        return
    if value is None:
        raise NotUnderstood(
            "value_missing",
            f"The command has no {place}.",
            "Give every value that contracts.md names.",
        )
    if not isinstance(value, want.type) or isinstance(value, bool):
        raise _another_type(want, place)
    if want.inside is None:
        return
    for number, item in enumerate(value if isinstance(value, list) else (value,)):
        where = f"{place}[{number}]" if isinstance(value, list) else place
        if not isinstance(item, dict):
            raise _another_type(want, where)
        yield from _checked(want.inside, item, f"{where}.")


def _another_type(want: _Want, place: str) -> NotUnderstood:
    return NotUnderstood(
        "value_not_understood", f"In the command {place} must be {want.words}.", "See contracts.md."
    )
