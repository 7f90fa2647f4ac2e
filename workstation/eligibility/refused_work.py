"""The work that a refused question leaves: one item for each coverage, gone when it is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workstation.kernel.commands import Change, Revise
from workstation.kernel.unit_of_work import Store
from workstation.work_items.model import opened

REFUSED = "eligibility_rejected"
_NOTES = {"answered": "The payer answered.", "rejected": "Asked again, and refused again."}


def work_of(store: Store, check_id: str, check: Mapping[str, Any], at: str) -> tuple[Change, ...]:
    """What a new word of the payer changes in Work.

    An answer, or a newer refusal, settles what was open about the same coverage; a refusal opens
    one item, with the fix and every reason.
    """
    note = _NOTES.get(check["state"])
    if note is None:
        return ()
    settled = {"state": "settled", "settled_at": at, "note": note}
    changes: list[Change] = [
        Revise("work_item", item["id"], {n: item.get(n) for n in settled}, settled, item["rev"])
        for item in store.find("work_item", person_id=check["person_id"], kind=REFUSED)
        if item["state"] == "open" and _is_about(store, item, check["coverage_id"])
    ]
    if check["state"] == "rejected":
        detail = {name: check[name] for name in ("say", "said", "rejections")}
        about = {"person_id": check["person_id"], "visit_id": check["visit_id"]}
        changes.append(opened(REFUSED, about_id=check_id, at=at, detail=detail, **about))
    return tuple(changes)


def _is_about(store: Store, item: Mapping[str, Any], coverage_id: str) -> bool:
    check = store.get("eligibility_check", item["about_id"])
    return check is not None and check["coverage_id"] == coverage_id
