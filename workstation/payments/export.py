"""Payments in the shape of ``portico export payments``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workstation.kernel.unit_of_work import Store


def export_payments(store: Store) -> Iterator[dict[str, Any]]:
    """One object for each payment and refund that this store holds, oldest first."""
    for row in store.find("payment"):
        yield {
            "payment_id": row["id"],
            "refunds": row["refunds"],
            "person_id": row["person_id"],
            "visit_id": row["visit_id"],
            "amount": row["amount"],
            "tender": row["tender"],
            "receipt_no": row["receipt_no"],
            "workstation": row["workstation"],
            "lines": row["lines"],
            "taken_at": row["taken_at"],
            "drawer": row["drawer"],
        }
