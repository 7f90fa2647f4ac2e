"""The three-way merge of one change into what stands: by field groups, never by who came last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from workstation.kernel.commands import Change, Insert, Revise
from workstation.kernel.entities import EntityKind, FieldGroup
from workstation.sync.model import Row


@dataclass(frozen=True, slots=True)
class Applied:
    """The change stands; nobody else had changed the row since its author saw it."""

    row: Row


@dataclass(frozen=True, slots=True)
class Merged:
    """The change stands beside another one, in other field groups."""

    row: Row


@dataclass(frozen=True, slots=True)
class NoOp:
    """What the change wanted stood already."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Some field groups wait. ``row`` is what stands afterwards: the other groups were applied."""

    row: Row
    fields: tuple[str, ...]
    base: dict[str, Any]
    stands: dict[str, Any]
    waits: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The change can never stand: ``absent``, ``append_only`` or ``fact_differs``."""

    code: str


MergeResult = Applied | Merged | NoOp | Conflict | Forbidden


def apply_change(kind: EntityKind, current: Row | None, change: Change) -> MergeResult:
    """What ``change`` makes of ``current``. Pure: the same on every desk and on the server.

    A field group is compared as a whole: the edit stands only where each field of the group that
    its ``base`` names is still as its author saw it, or is already as the author wants it.
    """
    if isinstance(change, Insert):
        return _insert(kind, current, change)
    if current is None:
        return Forbidden("absent")
    if kind.append_only:
        return Forbidden("append_only")
    return _revise(kind, current, change)


def twin_of(kind: EntityKind, newcomer: Insert, stands: list[Row]) -> Row | None:
    """The row that is the newcomer already, entered at another desk under another id."""
    if kind.twins is None:
        return None
    found = [row for row in stands if kind.twins.same(row, newcomer.fields)]
    return min(found, key=lambda row: str(row["id"]), default=None)


def twin_differs(kind: EntityKind, twin: Row, newcomer: Insert) -> Conflict | None:
    """What the newcomer says beyond its twin, or otherwise, as a conflict of the twin."""
    told = kind.twins.told if kind.twins is not None else ()
    wanted = {name: newcomer.fields.get(name) for name in told}
    fields = tuple(n for n, v in wanted.items() if v not in (None, "") and v != twin.get(n))
    if not fields:
        return None
    return Conflict(
        row=twin,
        fields=fields,
        base=dict.fromkeys(fields),
        stands={name: twin.get(name) for name in fields},
        waits={name: wanted[name] for name in fields},
    )


def widened(kind: EntityKind, current: Mapping[str, Any], change: Revise) -> Revise:
    """The edit with the whole of each touched group in its base, as its author saw it.

    A store calls this when it records the edit: a new member id must meet the payer that it was
    typed for, also where the payer itself was not touched.
    """
    seen = {
        name: current.get(name) for touched in change.set for name in kind.group_of(touched).fields
    }
    return replace(change, base={**seen, **change.base})


def _insert(kind: EntityKind, current: Row | None, change: Insert) -> MergeResult:
    wanted = {name: value for name, value in change.fields.items() if name not in ("id", "rev")}
    if current is None:
        return Applied({**wanted, "id": change.id, "rev": 1})
    different = tuple(name for name, value in wanted.items() if current.get(name) != value)
    if not different or (kind.owner is None and not kind.append_only):
        return NoOp()  # the same fact again, or reference data that every desk brings along
    if kind.append_only:
        return Forbidden("fact_differs")
    return Conflict(
        row=current,
        fields=different,
        base=dict.fromkeys(different),
        stands={name: current.get(name) for name in different},
        waits={name: wanted[name] for name in different},
    )


def _revise(kind: EntityKind, current: Row, change: Revise) -> MergeResult:
    row = dict(current)
    contested: list[str] = []
    for group, wanted in _by_group(kind, change):
        news = {name: value for name, value in wanted.items() if current.get(name) != value}
        if not news:
            continue
        moved = _moved(current, change, group, wanted)
        settled = _by_rule(current, change, group, wanted) if moved else news
        if settled is None:
            contested += [name for name in group.fields if name in news or name in moved]
        else:
            row |= settled
    if row != current:
        row["rev"] = current["rev"] + 1
    if contested:
        return Conflict(
            row=row,
            fields=tuple(contested),
            base={name: change.base.get(name) for name in contested},
            stands={name: current.get(name) for name in contested},
            waits={name: change.set[name] for name in contested if name in change.set},
        )
    if row == current:
        return NoOp()
    unseen = change.base_rev is not None and change.base_rev != current["rev"]
    return Merged(row) if unseen else Applied(row)


def _by_rule(
    current: Row, change: Revise, group: FieldGroup, wanted: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """What stands of both by the rule of the group; None where it has none, or declines."""
    if group.rule is None:
        return None
    stands = {name: current.get(name) for name in group.fields}
    seen = {name: value for name, value in change.base.items() if name in group.fields}
    return group.rule(stands, {**stands, **seen, **wanted})


def _by_group(kind: EntityKind, change: Revise) -> list[tuple[FieldGroup, dict[str, Any]]]:
    groups: dict[str, FieldGroup] = {}
    wanted: dict[str, dict[str, Any]] = {}
    for name, value in change.set.items():
        group = kind.group_of(name)
        groups[group.name] = group
        wanted.setdefault(group.name, {})[name] = value
    return [(groups[name], fields) for name, fields in wanted.items()]


def _moved(
    current: Row, change: Revise, group: FieldGroup, wanted: Mapping[str, Any]
) -> frozenset[str]:
    """Fields of the group that are neither as the author saw them nor as the author wants them."""
    seen = {name: change.base.get(name) for name in wanted}
    seen |= {name: value for name, value in change.base.items() if name in group.fields}
    return frozenset(
        name
        for name, value in seen.items()
        if current.get(name) != value and not (name in wanted and current.get(name) == wanted[name])
    )
