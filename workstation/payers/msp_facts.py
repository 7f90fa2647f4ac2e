"""What the Medicare questions found out, as flat facts by path; a fact may still be unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from workstation.kernel.errors import NotUnderstood
from workstation.kernel.phrases import phrase

BOOL = "bool"
DATE = "date"
COUNT = "count"
Kind = str | tuple[str, ...]

_TOP: dict[str, Kind] = {
    "research_program": BOOL,
    "va_authorized": BOOL,
}
_GROUPS: dict[str, dict[str, Kind]] = {
    "black_lung": {"benefits": BOOL, "visit_related": BOOL},
    "work_related": {"is": BOOL, "date": DATE},
    "accident": {
        "is": BOOL,
        "kind": ("auto", "other"),
        "no_fault": BOOL,
        "liable_party": BOOL,
        "date": DATE,
    },
    "employment": {
        "patient": ("working", "retired", "never"),
        "spouse": ("working", "retired", "never", "none"),
        "patient_retired": DATE,
        "spouse_retired": DATE,
    },
    "esrd": {"dialysis_start": DATE, "self_training": BOOL, "transplant": DATE},
}
_LISTS: dict[str, dict[str, Kind]] = {
    "entitlement": {"reason": ("age", "disability", "esrd"), "from": DATE},
    "ghp": {
        "through": ("patient", "spouse", "family"),
        "employment": ("current", "retired", "cobra"),
        "employees": COUNT,
        "multi_employer": BOOL,
        "multi_employer_largest": COUNT,
        "small_employer_exception": BOOL,
    },
}

Value = bool | int | str | date | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts by path (``ghp[0].employees``). A path that is missing or None is not known.

    ``asked_as`` tells, for a fact whose whole group is null, the path that is open (``esrd``).
    """

    visit_date: date
    values: Mapping[str, Value]
    entitlements: int | None
    """How many entitlements were told; None where nobody has asked."""
    plans: int | None
    """How many group health plans were told; None where nobody has asked."""
    asked_as: Mapping[str, str]
    unknown_keys: tuple[str, ...] = ()

    def __getitem__(self, path: str) -> Value:
        return self.values.get(path)

    def day(self, path: str) -> date | None:
        """The date at a path, if it is known."""
        value = self.values.get(path)
        return value if isinstance(value, date) else None

    def count(self, path: str) -> int:
        """The number at a path; 0 where it is not known (only used when it decides nothing)."""
        value = self.values.get(path)
        return value if isinstance(value, int) else 0

    def with_values(self, values: Mapping[str, Value]) -> Facts:
        """The same facts with some of them replaced."""
        return replace(self, values={**self.values, **values})

    def name(self, path: str) -> str:
        """The path under which an unknown fact is reported."""
        return self.asked_as.get(path, path)


def read_facts(data: object) -> Facts:
    """Reads the JSON of contracts.md. Raises NotUnderstood naming the path at fault."""
    if not isinstance(data, dict):
        raise _not_understood("the facts", "one JSON object")
    reader = _Reader({}, {}, [])
    visit = _one(data.get("visit_date"), DATE, "visit_date")
    if not isinstance(visit, date):
        raise _not_understood("visit_date", "the date of the visit, such as 2026-11-23")
    for key, kind in _TOP.items():
        reader.values[key] = _one(data.get(key), kind, key)
    for key, group in _GROUPS.items():
        reader.group(key, data.get(key), group)
    counts = {key: reader.several(key, data.get(key), group) for key, group in _LISTS.items()}
    known = {"visit_date", *_TOP, *_GROUPS, *_LISTS}
    return Facts(
        visit_date=visit,
        values=reader.values,
        entitlements=counts["entitlement"],
        plans=counts["ghp"],
        asked_as=reader.asked_as,
        unknown_keys=(*(str(k) for k in data if k not in known), *reader.unknown),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    values: dict[str, Value]
    asked_as: dict[str, str]
    unknown: list[str]

    def group(self, path: str, found: object, kinds: Mapping[str, Kind]) -> None:
        if found is None:
            for key in kinds:
                self.asked_as[f"{path}.{key}"] = path
            return
        if not isinstance(found, dict):
            raise _not_understood(path, "an object or null")
        for key, kind in kinds.items():
            self.values[f"{path}.{key}"] = _one(found.get(key), kind, f"{path}.{key}")
        self.unknown.extend(f"{path}.{key}" for key in found if key not in kinds)

    def several(self, path: str, found: object, kinds: Mapping[str, Kind]) -> int | None:
        if found is None:
            return None
        if not isinstance(found, list):
            raise _not_understood(path, "a list or null")
        for index, item in enumerate(found):
            self.group(f"{path}[{index}]", item, kinds)
        return len(found)


def _one(value: Any, kind: Kind, path: str) -> Value:
    if value is None:
        return None
    if isinstance(kind, tuple):
        if value in kind:
            return str(value)
        raise _not_understood(path, "one of " + ", ".join(kind) + ", or null")
    if kind == BOOL:
        if isinstance(value, bool):
            return value
        raise _not_understood(path, "true, false or null")
    if kind == COUNT:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        raise _not_understood(path, "a whole number of employees, or null")
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _not_understood(path, "a date such as 2026-11-23, or null") from None


def _not_understood(path: str, wanted: str) -> NotUnderstood:
    return NotUnderstood(
        "msp_facts_not_understood",
        phrase("{path} cannot be read: it should be {wanted}.", path=path, wanted=wanted),
        "Correct it and ask again.",
        field=path,
    )
