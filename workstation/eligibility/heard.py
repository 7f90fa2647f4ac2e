"""What a payer said on the phone or in its portal, as the same benefit model as a 271."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workstation.eligibility.model import Answer, Member, Party, Row
from workstation.eligibility.service_types import PLAN
from workstation.eligibility.status import decide_status
from workstation.eligibility.summary import Summarizer

_CODES = {
    "active": "1",
    "inactive": "6",
    "copay": "B",
    "coinsurance": "A",
    "deductible": "C",
    "out_of_pocket": "G",
}
"""EB01 of the rows that a 271 would have carried."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Benefits told by a person or a portal: cents, basis points; None where it was not said."""

    active: bool
    copay: int | None = None
    coinsurance_bp: int | None = None
    deductible_left: int | None = None
    limit_left: int | None = None
    """What the patient can still be asked this year."""
    authorization: str = "unknown"
    """``yes``, ``no`` or ``unknown``, for the service of the visit."""


def heard_answer(
    heard: Heard, on: date, service_types: Sequence[str], coverage: Mapping[str, Any], words: str
) -> Answer:
    """The answer as if the payer had sent it; every row carries ``words``, who said it and when."""
    service = next((code for code in service_types if code != PLAN), PLAN)
    rows: list[Row] = []

    def add(kind: str, code: str, **facts: Any) -> None:
        rows.append(_row(len(rows) + 1, kind, code, words, facts))

    add("active" if heard.active else "inactive", PLAN)
    if heard.copay is not None:
        add("copay", service, amount=heard.copay, period="visit", period_code="27")
    if heard.coinsurance_bp is not None:
        add("coinsurance", service, rate_bp=heard.coinsurance_bp)
    lefts = {"deductible": heard.deductible_left, "out_of_pocket": heard.limit_left}
    for kind, left in lefts.items():
        if left is not None:
            add(kind, PLAN, amount=left, period="remaining", period_code="29")
    if heard.authorization != "unknown":
        add("active" if heard.active else "inactive", service, authorization=heard.authorization)
    status, detail = decide_status(rows, (), on, ())
    member = Member(member_id=coverage.get("member_id"))
    return Answer(
        status=status,
        status_detail=detail,
        plan_name=coverage.get("plan_name"),
        payer=Party(coverage.get("payer_name"), coverage.get("payer_id"), None, None),
        subscriber=member,
        patient=member,
        dates=(),
        rows=tuple(rows),
        summary=Summarizer(on, "2110C", []).summarize(rows),
        service_date=on,
    )


_LEVELS = ("deductible", "out_of_pocket")


def told_over(base: Mapping[str, Any], heard: Mapping[str, Any]) -> dict[str, Any]:
    """An earlier answer of the payer's system with what was told since put over it.

    Both are benefit models (contracts.md). Only what was told changes: who calls to ask about an
    authorization does not lose the copay that the payer's system had said.
    """
    last = max((row["index"] for row in base["rows"]), default=0)
    rows = [{**row, "index": row["index"] + last} for row in heard["rows"]]
    summary = copy.deepcopy(dict(base["summary"]))
    for code, sides in heard["summary"].items():
        known = summary.setdefault(code, copy.deepcopy(sides))
        known["in"] = _side_over(known["in"], sides["in"], last)
    return {
        **base,
        "status": heard["status"],
        "status_detail": heard["status_detail"],
        "rows": [*base["rows"], *rows],
        "summary": summary,
    }


def _side_over(base: dict[str, Any], told: Mapping[str, Any], last: int) -> dict[str, Any]:
    """One side: a measure that was told takes the place of the old one and ends its conflicts."""
    made = copy.deepcopy(base)
    said = {name for name in ("copay", "coinsurance_bp") if told[name] is not None}
    said |= {"authorization"} if told["authorization"] != "unknown" else set()
    for name in said:
        made[name] = told[name]
    for name in _LEVELS:
        left = told[name]["individual"]["remaining"]
        if left is not None:
            total = made[name]["individual"]["total"]
            total = total if total is not None and total >= left else None
            met = None if total is None else total - left
            made[name]["individual"] = {"total": total, "met": met, "remaining": left}
            said.add(f"{name}.individual")
    plain = tuple(name.removesuffix("_bp") for name in said)
    for name, found in told["sources"].items():
        made["sources"][name] = [index + last for index in found]
    made["rows"] = [*made["rows"], *(index + last for index in told["rows"])]
    made["status"] = told["status"] if told["status"] != "not_stated" else made["status"]
    made["no_limit"] = [name for name in made["no_limit"] if name not in said]
    made["conflicts"] = [
        one for one in made["conflicts"] if not one["measure"].startswith(plain or ("-",))
    ]
    return made


def _row(number: int, kind: str, service_type: str, words: str, facts: Mapping[str, Any]) -> Row:
    """One fact; whoever asks by phone asks for the visit's own network."""
    empty: dict[str, Any] = dict.fromkeys(Row._fields)
    for name in ("modifiers", "entities", "dates", "conditions", "deliveries", "references"):
        empty[name] = ()
    return Row(
        **{
            **empty,
            "number": number,
            "segment": number,
            "loop": "2110C",
            "code": _CODES[kind],
            "kind": kind,
            "service_type": service_type,
            "level": "IND",
            "network": "in",
            "authorization": "unknown",
            "messages": (words,),
            **facts,
        }
    )
