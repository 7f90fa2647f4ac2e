"""What a payer says otherwise than at its last answer: the few things a registrar acts on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workstation.eligibility.service_types import PLAN, service_types


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is another than before. ``kind`` is how its values are read: ``words``,
    ``cents``, ``rate`` (basis points), ``status`` or ``authorization``; None was not stated."""

    what: str
    kind: str
    before: int | str | None
    now: int | str | None


def changes_since(
    before: Mapping[str, Any], now: Mapping[str, Any], codes: Sequence[str], network: str = "in"
) -> tuple[Change, ...]:
    """Differences between two benefit models (contracts.md) for the service types of a visit.

    What is left of a deductible is no change: it goes down with every claim. Where the newer
    answer is silent about a figure, that is none either; it is shown as not stated where it stands.
    """
    return tuple(
        Change(what, kind, old, new)
        for what, kind, old, new in _pairs(before, now, codes, network)
        if new is not None and new != old and _plain(new) != _plain(old)
    )


_Pair = tuple[str, str, int | str | None, int | str | None]


def _pairs(
    before: Mapping[str, Any], now: Mapping[str, Any], codes: Sequence[str], network: str
) -> Iterator[_Pair]:
    yield "Coverage", "status", before["status"], now["status"]
    yield "Plan", "words", before.get("plan_name"), now.get("plan_name")
    code = next((code for code in service_types().widening(tuple(codes)) if code != PLAN), PLAN)
    old, new = _side(before, code, network), _side(now, code, network)
    yield "Copay", "cents", old.get("copay"), new.get("copay")
    yield "Coinsurance", "rate", old.get("coinsurance_bp"), new.get("coinsurance_bp")
    yield "Authorization", "authorization", _told(old), _told(new)
    for what, measure in (
        ("Deductible", "deductible"),
        ("Out-of-pocket limit", "out_of_pocket"),
    ):
        yield what, "cents", _total(before, measure, network), _total(now, measure, network)
    yield "Primary care", "words", _doctor(before), _doctor(now)


def _side(answer: Mapping[str, Any], code: str, network: str) -> Mapping[str, Any]:
    sides = answer["summary"].get(code) or answer["summary"].get(PLAN) or {}
    found: Mapping[str, Any] = sides.get(network) or {}
    return found


def _total(answer: Mapping[str, Any], measure: str, network: str) -> int | None:
    plan = (answer["summary"].get(PLAN) or {}).get(network) or {}
    found: int | None = ((plan.get(measure) or {}).get("individual") or {}).get("total")
    return found


def _told(side: Mapping[str, Any]) -> str | None:
    said = side.get("authorization")
    return str(said) if said in ("yes", "no") else None


def _doctor(answer: Mapping[str, Any]) -> str | None:
    found = (answer.get("primary_care") or {}).get("name")
    return str(found) if found else None


def _plain(value: int | str | None) -> str:
    return " ".join(str(value or "").casefold().split()) if isinstance(value, str) else str(value)
