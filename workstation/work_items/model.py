"""A work item as every capability opens it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workstation.kernel.commands import Insert
from workstation.kernel.entities import EntityKind, FieldGroup
from workstation.kernel.ids import new_id


def settled_by_both(stands: Mapping[str, Any], wanted: Mapping[str, Any]) -> Mapping[str, Any]:
    """Two desks settled one item: the first settling stands, with what both did about it."""
    notes = (stands["note"], wanted["note"])
    said = [note for note in dict.fromkeys(notes) if note]
    first = stands if stands["state"] == "settled" else wanted
    return {**first, "note": " · ".join(said) or None}


WORK_ITEM = EntityKind(
    "work_item",
    groups=(
        FieldGroup(
            "settlement",
            ("state", "owner", "settled_at", "note"),
            settled_by_both,
        ),
    ),
)


def opened(
    kind: str,
    *,
    about_id: str,
    at: str,
    person_id: str | None = None,
    visit_id: str | None = None,
    due: str | None = None,
    detail: dict[str, object] | None = None,
) -> Insert:
    """The change that opens an item of ``kind``, such as ``eligibility_rejected``."""
    return Insert(
        "work_item",
        new_id(),
        {
            "kind": kind,
            "about_id": about_id,
            "person_id": person_id,
            "visit_id": visit_id,
            "opened_at": at,
            "due": due,
            "state": "open",
            "detail": detail or {},
        },
    )
