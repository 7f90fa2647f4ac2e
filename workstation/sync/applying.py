"""Applying one command to what stands: the same code on the server and in simulation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from workstation.kernel.clock import iso
from workstation.kernel.commands import SCHEMA_VERSION, Change, Command, Insert, Revise
from workstation.kernel.entities import EntityKind
from workstation.kernel.unit_of_work import Store
from workstation.sync.merge import (
    Applied,
    Conflict,
    Forbidden,
    Merged,
    MergeResult,
    NoOp,
    apply_change,
    twin_differs,
    twin_of,
)
from workstation.sync.model import CONFLICT, Author, Entity, Outcome, Row, Verdict

Kinds = Mapping[str, EntityKind]

_NAMESPACE = uuid.UUID("3c0a4a52-4f0e-5b0b-8b43-6b8d8f6b7d11")
_WEIGHT = (Outcome.CONFLICT, Outcome.MERGED, Outcome.APPLIED, Outcome.NOOP)


class _Refusal(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def apply_command(kinds: Kinds, store: Store, command: Command, author: Author) -> Verdict:
    """The verdict on ``command``; nothing is written. Refused whole where any change is forbidden.

    Edits that wait become rows of kind ``conflict``. A further edit by the same desk that was built
    upon a waiting one joins it: it waits too, and a person settles both at once.
    """
    work = _Work(kinds, store, command, author)
    try:
        outcomes = [
            work.change(place, kinds[change.kind], change)
            for place, change in enumerate(command.changes)
        ]
    except _Refusal as refusal:
        return Verdict(Outcome.REFUSED, code=refusal.code)
    outcome = next((each for each in _WEIGHT if each in outcomes), Outcome.NOOP)
    return Verdict(outcome, work.entities())


def understood(kinds: Kinds, command: Command) -> bool:
    """Whether this version can apply the command. One that a newer desk sent holds up its own
    workstation until the server was upgraded: it is neither refused nor lost."""
    return command.schema <= SCHEMA_VERSION and all(
        change.kind in kinds for change in command.changes
    )


class _Work:
    """The rows that one command has changed so far, over what stands."""

    def __init__(self, kinds: Kinds, store: Store, command: Command, author: Author) -> None:
        self._kinds = kinds
        self._store = store
        self._command = command
        self._author = author
        self._rows: dict[tuple[str, str], Row] = {}

    def entities(self) -> tuple[Entity, ...]:
        return tuple(
            Entity(
                kind,
                id,
                row["rev"],
                {name: value for name, value in row.items() if name not in ("id", "rev")},
            )
            for (kind, id), row in self._rows.items()
        )

    def change(self, place: int, kind: EntityKind, change: Change) -> Outcome:
        if isinstance(change, Insert):
            twin = self._twin(kind, change)
            if twin is not None:
                return self._beside_twin(place, kind, change, twin)
        return self._changed(place, kind, change)

    def _twin(self, kind: EntityKind, change: Insert) -> Row | None:
        """What stands already under another id; what this very command wrote is no twin."""
        if kind.twins is None or kind.owner is None or self._get(kind.name, change.id) is not None:
            return None
        theirs = self._store.find(kind.name, **{kind.owner: change.fields.get(kind.owner)})
        known = {entity for name, entity in self._rows if name == kind.name}
        return twin_of(kind, change, [row for row in theirs if row["id"] not in known])

    def _beside_twin(self, place: int, kind: EntityKind, change: Insert, twin: Row) -> Outcome:
        assert kind.twins is not None  # noqa: S101 - only such a kind has one
        away = replace(change, fields={**change.fields, **kind.twins.put_away})
        self._changed(place, kind, away)
        differs = twin_differs(kind, twin, change)
        if differs is None:
            return Outcome.MERGED
        row = self._new_conflict(place, kind, twin["id"], differs)
        self._rows[CONFLICT.name, row["id"]] = row
        return Outcome.CONFLICT

    def _changed(self, place: int, kind: EntityKind, change: Change) -> Outcome:
        result = apply_change(kind, self._get(kind.name, change.id), change)
        match result:
            case Applied(row):
                self._rows[kind.name, change.id] = row
                return Outcome.APPLIED
            case Merged(row):
                self._rows[kind.name, change.id] = row
                return Outcome.MERGED
            case NoOp():
                return Outcome.NOOP
            case Forbidden(code):
                raise _Refusal(code)
            case Conflict():
                return self._keep_waiting(place, kind, change, result)

    def _keep_waiting(
        self, place: int, kind: EntityKind, change: Change, result: Conflict
    ) -> Outcome:
        if kind.name == CONFLICT.name:
            # Two desks settled one conflict: the first settling stands, the second does nothing.
            raise _Refusal("conflict_settled")
        current = self._get(kind.name, change.id)
        if result.row != current:
            self._rows[kind.name, change.id] = result.row
        joined = self._joined(kind, change, result)
        row = joined or self._new_conflict(place, kind, change.id, result)
        self._rows[CONFLICT.name, row["id"]] = row
        return Outcome.CONFLICT

    def _joined(self, kind: EntityKind, change: Change, result: Conflict) -> Row | None:
        """An open conflict of this desk that the change was built upon, with the change in it."""
        if not isinstance(change, Revise):
            return None
        for found in self._store.find(CONFLICT.name, entity_id=change.id, state="open"):
            row = self._get(CONFLICT.name, found["id"]) or found
            waits: dict[str, Any] = row["waits"]
            if row["kind"] != kind.name or row["waits_ws"] != self._author.ws_id:
                continue
            moved = [name for name in result.fields if result.stands[name] != result.base[name]]
            if moved and all(waits.get(name) == result.base[name] for name in moved):
                fields = [*row["fields"], *(n for n in result.fields if n not in row["fields"])]
                return {
                    **row,
                    "fields": fields,
                    "base": {**result.base, **row["base"]},
                    "stands": {**row["stands"], **result.stands},
                    "waits": {**waits, **result.waits},
                    "rev": row["rev"] + 1,
                }
        return None

    def _new_conflict(self, place: int, kind: EntityKind, about: str, result: Conflict) -> Row:
        return {
            "id": str(uuid.uuid5(_NAMESPACE, f"{self._command.id}:{place}")),
            "rev": 1,
            "person_id": person_of(kind, result.row),
            "kind": kind.name,
            "entity_id": about,
            "fields": list(result.fields),
            "base": result.base,
            "stands": result.stands,
            "waits": result.waits,
            "waits_from": self._author.name,
            "waits_ws": self._author.ws_id,
            "command_id": self._command.id,
            "state": "open",
            "take": None,
            "resolved_by": None,
            "resolved_at": None,
            "reason": None,
            "before": None,
            "waits_at": iso(self._command.at),
            "waits_reason": self._command.reason,
        }

    def _get(self, kind: str, id: str) -> Row | None:
        return self._rows.get((kind, id)) or self._store.get(kind, id)


def person_of(kind: EntityKind, row: Mapping[str, Any]) -> str | None:
    """The id of the person that a row belongs to, or None for reference data."""
    owner = row.get(kind.owner) if kind.owner else None
    return None if owner is None else str(owner)


def reapplied(kind: EntityKind, base: Row | None, changes: list[Change]) -> Row | None:
    """What a desk shows: what the server has, with the desk's own waiting changes over it.

    A change that no longer fits is not shown: when it arrives it will be a conflict or refused.
    """
    row = base
    for change in changes:
        result: MergeResult = apply_change(kind, row, change)
        if isinstance(result, Applied | Merged | Conflict):
            row = result.row
    return row
