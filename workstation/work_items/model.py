"""A work item as every capability opens it."""

from __future__ import annotations

from workstation.kernel.commands import Insert
from workstation.kernel.entities import EntityKind, FieldGroup, Merge
from workstation.kernel.ids import new_id

WORK_ITEM = EntityKind(
    "work_item",
    groups=(FieldGroup("settlement", ("state", "owner", "settled_at", "note"), Merge.DISJOINT),),
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
