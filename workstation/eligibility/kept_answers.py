"""Which kept questions and answers of a payer count for a coverage as it stands now."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from workstation.kernel.unit_of_work import Store
from workstation.payers.model import Coverage

Check = Mapping[str, Any]


def concerning(coverage: Mapping[str, Any]) -> str:
    """What a question about a coverage row is about, as it is kept with it: a digest of payer and
    member id.

    An answer about another member, or of another payer, is no answer about this coverage: who
    corrects a member id must not be told the copay of whoever had the wrong one.
    """
    payer = coverage.get("payer_id") or coverage.get("payer_name") or ""
    member = "".join(filter(str.isalnum, str(coverage.get("member_id") or "").upper()))
    return hashlib.sha256(f"{payer}|{member}".encode()).hexdigest()


def newest_check(store: Store, coverage: Coverage) -> Check | None:
    """The last word on a coverage: the newest question, and of its facts the later one."""
    return max(
        _checks(store, coverage),
        key=lambda row: (row["asked_at"], row["answered_at"] or ""),
        default=None,
    )


def answered_checks(store: Store, coverage: Coverage) -> list[Check]:
    """Those that hold an answer, the oldest first; what was refused answers nothing."""
    found = [
        row for row in _checks(store, coverage) if row["state"] == "answered" and row["answer"]
    ]
    return sorted(found, key=lambda row: row["answered_at"] or "")


def _checks(store: Store, coverage: Coverage) -> list[Check]:
    now = concerning(asdict(coverage))
    return [
        row
        for row in store.find("eligibility_check", person_id=coverage.person_id)
        if row["coverage_id"] == coverage.id and row.get("about") in (None, now)
    ]
