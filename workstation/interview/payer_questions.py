"""Which payers the desk asks by itself, about what, and when an answer still serves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo
from typing import Any, Protocol

from workstation.eligibility.kept_answers import newest_check
from workstation.eligibility.service_types import PLAN, service_types
from workstation.eligibility.use_cases import Asked
from workstation.estimates.prices import PriceList
from workstation.kernel.changed import Kind
from workstation.kernel.clock import from_iso
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.unit_of_work import Store
from workstation.payers.directory import payer_directory
from workstation.payers.model import Coverage
from workstation.payers.requirements import NEVER_ASKED
from workstation.payers.use_cases import standing
from workstation.visits.rules import locked_visit_of

GOOD_FOR = timedelta(days=30)
"""An older answer is asked again; so is one of another month, for which payers answer."""

_MOST_TYPES = 8
_CLINIC = frozenset({"primary_care", "specialist"})


class Asks(Protocol):
    """What of AskPayer is needed here."""

    def ask(
        self,
        person_id: str,
        coverage_id: str,
        visit_id: str | None = None,
        service_date: date | None = None,
        service_types: Sequence[str] = (PLAN,),
    ) -> tuple[Asked, frozenset[Kind]]: ...

    def question_of(
        self,
        person_id: str,
        coverage_id: str,
        visit_id: str | None,
        service_date: date,
        service_types: Sequence[str],
    ) -> str: ...


def types_of_visit(
    store: Store, visit: Mapping[str, Any], prices: PriceList | None
) -> tuple[str, ...]:
    """Service type codes that matter to a visit, the nearest first, the plan (30) last.

    First those of the service that is priced, so that the estimate finds what was asked; then
    those of the clinician's kind, else of the department's.
    """
    priced = prices.services.get(visit["service_code"] or "") if prices is not None else None
    clinician = store.get("clinician", visit["attending_id"]) if visit["attending_id"] else None
    place = store.get("department", visit["department_id"]) if visit["department_id"] else None
    kind = str(place["kind"]) if place else ""
    if clinician is not None and clinician["kind"] in _CLINIC:
        kind = str(clinician["kind"])
    told = (*(priced.service_types if priced else ()), *service_types().for_visit(kind))
    others = tuple(code for code in dict.fromkeys(told) if code != PLAN)
    return (*others[: _MOST_TYPES - 1], PLAN)


def serves(check: Mapping[str, Any], today: date, zone: tzinfo) -> bool:
    """Whether a kept check needs no other yet: under way, or answered lately for this month.

    ``today`` is the facility's day, ``zone`` its wall clock.
    """
    on = date.fromisoformat(check["service_date"]) if check["service_date"] else None
    if on is None or (on.year, on.month) != (today.year, today.month):
        return False
    asked = from_iso(check["asked_at"]).astimezone(zone).date()
    if check["state"] == "answered":
        return today - asked <= GOOD_FOR
    # What was refused or stayed unanswered today is not asked again by itself with the same words.
    return asked == today


def ask_where_needed(
    asks: Asks,
    store: Store,
    visit: Mapping[str, Any],
    types: Sequence[str],
    today: date,
    zone: tzinfo,
) -> frozenset[Kind]:
    """Asks every payer of a visit whose answer is missing, old, or about other details.

    Silent where the rules forbid it or something is missing: the benefits page says so in words.
    A locked emergency visit asks nobody (42 CFR 489.24).
    """
    if locked_visit_of(store, visit["person_id"]) is not None:
        return frozenset()
    changed: frozenset[Kind] = frozenset()
    for coverage in standing(store, visit["person_id"]):
        if coverage.in_force(visit["service_date"]) and _needed(
            asks, store, coverage, visit, types, today, zone
        ):
            try:
                _, told = asks.ask(
                    coverage.person_id, coverage.id, visit["id"], service_types=tuple(types)
                )
            except (Refused, NotUnderstood):
                continue
            changed |= told
    return changed


def _needed(
    asks: Asks,
    store: Store,
    coverage: Coverage,
    visit: Mapping[str, Any],
    types: Sequence[str],
    today: date,
    zone: tzinfo,
) -> bool:
    known = payer_directory()
    kind = known.kind_of(coverage.payer_kind, coverage.payer_id, coverage.payer_name)
    if kind in NEVER_ASKED:
        return False
    last = newest_check(store, coverage)
    if last is None or not serves(last, today, zone):
        return True
    refused = last["state"] == "rejected"  # then the visit's service or day may have been mended
    on = date.fromisoformat(visit["service_date"] if refused else last["service_date"])
    wanted = types if refused else last["service_types"]
    try:
        asked_now = asks.question_of(coverage.person_id, coverage.id, visit["id"], on, wanted)
    except (Refused, NotUnderstood):
        return False
    return bool(asked_now != last["question"])
