"""The second question of rule 20: what the plan's own answer leaves out is asked once more.

Many payers answer only the first service type of a 270, and most say everything under 30. So the
plan is asked first, alone, and the visit's service type only where that answer lacks it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workstation.eligibility.model import Answer
from workstation.eligibility.service_types import PLAN, service_types

Model = dict[str, Any]
"""A benefit model of contracts.md."""


def first_asked(wanted: Sequence[str]) -> tuple[str, ...]:
    """The one service type that goes into the first 270: the plan, where it is wanted."""
    return (PLAN,) if PLAN in wanted else tuple(wanted[:1])


def lacking(answer: Mapping[str, Any], wanted: Sequence[str]) -> str | None:
    """The nearest of the wanted service types, where the answer to the plan does not speak of what
    the patient pays for it; None where it does, or where the coverage is not active.
    """
    nearest = next((code for code in wanted if code != PLAN), None)
    if nearest is None or answer["status"] not in ("active", "partial"):
        return None
    return None if _told(answer, nearest) else nearest


def joined(first: Mapping[str, Any], second: Answer, code: str) -> Model | None:
    """The first answer with what the second says about ``code`` and its group.

    Rows of the second are counted on from those of the first. None where the second adds nothing.
    """
    said = second.as_json()
    if not _told(said, code):
        return None
    shift = max((row["index"] for row in first["rows"]), default=0)
    added = {
        key: {side: _shifted(part, shift) for side, part in sides.items()}
        for key, sides in said["summary"].items()
        if key != PLAN and not _states_share(first["summary"].get(key))
    }
    rows = [{**row, "index": row["index"] + shift} for row in said["rows"]]
    note = {
        "code": "second_question",
        "say": "What a service costs the patient comes from a second question.",
        "segment": None,
    }
    return {
        **first,
        "rows": [*first["rows"], *rows],
        "summary": {**first["summary"], **added},
        "findings": [*first["findings"], note],
    }


def _told(answer: Mapping[str, Any], code: str) -> bool:
    wider = [one for one in service_types().widening((code,)) if one != PLAN]
    return any(_states_share(answer["summary"].get(one)) for one in wider)


def _states_share(sides: Mapping[str, Any] | None) -> bool:
    """Whether a service type says what the patient pays, or that it is not covered."""
    return any(
        side["copay"] is not None
        or side["coinsurance_bp"] is not None
        or side["status"] in ("not_covered", "inactive")
        or any(one["measure"] in ("copay", "coinsurance_bp") for one in side["conflicts"])
        for side in (sides or {}).values()
    )


def _shifted(side: Mapping[str, Any], shift: int) -> Model:
    return {
        **side,
        "rows": [row + shift for row in side["rows"]],
        "subscriber_rows": [row + shift for row in side["subscriber_rows"]],
        "sources": {name: [row + shift for row in rows] for name, rows in side["sources"].items()},
        "conflicts": [
            {
                **conflict,
                "values": [{**value, "row": value["row"] + shift} for value in conflict["values"]],
            }
            for conflict in side["conflicts"]
        ],
    }
