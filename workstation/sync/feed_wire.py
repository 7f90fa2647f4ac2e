"""How a verdict is written down in the feed: plain JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workstation.sync.model import Entity, Outcome, Verdict


def verdict_to_json(verdict: Verdict) -> dict[str, Any]:
    """Rows after the command, and why it was refused; the outcome has a column of its own."""
    return {
        "rows": [
            {"kind": each.kind, "id": each.id, "rev": each.rev, "row": dict(each.row)}
            for each in verdict.rows
        ],
        "code": verdict.code,
    }


def verdict_from_json(outcome: str, body: Mapping[str, Any]) -> Verdict:
    """Reads what :func:`verdict_to_json` wrote."""
    rows = tuple(
        Entity(each["kind"], each["id"], each["rev"], each["row"]) for each in body["rows"]
    )
    return Verdict(Outcome(outcome), rows, body.get("code"))
