"""Whom to call: a person's contacts in the order in which they are called."""

from __future__ import annotations

from typing import Any

from workstation.kernel.unit_of_work import Store

EMERGENCY, NEXT_OF_KIN = "emergency", "next_of_kin"


def in_order_of_call(store: Store, person_id: str) -> tuple[dict[str, Any], ...]:
    """The related people that stand; those that nobody put in order come last, oldest first."""
    rows = [r for r in store.find("related_person", person_id=person_id) if not r["retired"]]
    return tuple(sorted(rows, key=lambda row: (row.get("order") or 99, row["id"])))
