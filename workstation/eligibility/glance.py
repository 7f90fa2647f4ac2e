"""Benefits at a glance: the five tiles of the benefits page, each with the rows it stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workstation.eligibility.service_types import service_types
from workstation.kernel.money import dollars

NOT_STATED = "not stated"


@dataclass(frozen=True, slots=True)
class Tile:
    """One fact. ``value`` is for programs (None: not stated), ``say`` for people, ``rows`` the
    indexes of the payer's rows, ``service_type`` the code that it was found under."""

    say: str
    value: int | str | None = None
    total: int | None = None
    met: int | None = None
    rows: tuple[int, ...] = ()
    service_type: str | None = None
    conflicts: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Glance:
    """Active, copay today, deductible left, authorization, primary care or referral."""

    active: Tile
    copay: Tile
    deductible: Tile
    authorization: Tile
    primary_care: Tile


def benefits_at_a_glance(
    answer: Mapping[str, Any], codes: Sequence[str], network: str = "in"
) -> Glance:
    """The five tiles from a benefit model (contracts.md) for the service types of a visit.

    Copay and authorization come from the first service type that states them, widened to its
    group; the deductible from the first that has one, the plan (30) at last.
    """
    wider = service_types().widening(tuple(codes))
    sides = [
        (code, answer["summary"][code][network]) for code in wider if code in answer["summary"]
    ]
    return Glance(
        active=_active(answer),
        copay=_copay(sides),
        deductible=_deductible(sides),
        authorization=_authorization(sides),
        primary_care=_primary_care(answer),
    )


def _active(answer: Mapping[str, Any]) -> Tile:
    words = {"active": "Active", "inactive": "Not active", "partial": "Partly active"}
    rows = tuple(row["index"] for row in answer["rows"] if row["kind"] in ("active", "inactive"))
    status = answer["status"]
    return Tile(words.get(status, "Not answered"), status, rows=tuple(dict.fromkeys(rows)))


def _copay(sides: list[tuple[str, Mapping[str, Any]]]) -> Tile:
    for code, side in sides:
        torn = _conflicts(side, "copay")
        if side["copay"] is not None:
            rows = tuple(side.get("sources", {}).get("copay", side["rows"]))
            return Tile(dollars(side["copay"]), side["copay"], rows=rows, service_type=code)
        if torn:
            amounts = sorted({value["amount"] for one in torn for value in one["values"]})
            rows = tuple(value["row"] for one in torn for value in one["values"])
            say = " or ".join(dollars(amount) for amount in amounts)
            return Tile(say, None, rows=rows, service_type=code, conflicts=torn)
    return Tile(NOT_STATED)


def _deductible(sides: list[tuple[str, Mapping[str, Any]]]) -> Tile:
    for code, side in sides:
        amounts = side["deductible"]["individual"]
        if any(value is not None for value in amounts.values()):
            rows = tuple(
                row
                for name, found in side.get("sources", {}).items()
                if name.startswith("deductible.individual.")
                for row in found
            )
            left = amounts["remaining"]
            return Tile(
                dollars(left) if left is not None else NOT_STATED,
                left,
                amounts["total"],
                amounts["met"],
                rows,
                code,
            )
        torn = _conflicts(side, "deductible.individual")
        if torn:
            rows = tuple(value["row"] for one in torn for value in one["values"])
            return Tile("more than one figure", None, rows=rows, service_type=code, conflicts=torn)
    return Tile(NOT_STATED)


def _authorization(sides: list[tuple[str, Mapping[str, Any]]]) -> Tile:
    words = {"yes": "Needed", "no": "Not needed"}
    for code, side in sides:
        rows = tuple(side.get("sources", {}).get("authorization", ()))
        if side["authorization"] in words:
            said = side["authorization"]
            return Tile(words[said], said, rows=rows, service_type=code)
        torn = _conflicts(side, "authorization")
        if torn:
            return Tile("Depends", "unknown", rows=rows, service_type=code, conflicts=torn)
    return Tile(NOT_STATED)


def _primary_care(answer: Mapping[str, Any]) -> Tile:
    found = answer["primary_care"]
    if found is None:
        return Tile(NOT_STATED)
    rows = (found["row"],) if found["row"] is not None else ()
    return Tile(found["name"] or "Named without a name", found["id"], rows=rows)


def _conflicts(side: Mapping[str, Any], measure: str) -> tuple[Mapping[str, Any], ...]:
    return tuple(one for one in side["conflicts"] if one["measure"].startswith(measure))
