"""What is read for the benefits page: coverages, the last word of each payer, and the money."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from ui.wall_clock import local
from ui.words import language
from workstation.eligibility.asking import may_ask
from workstation.eligibility.changes import Change, changes_since
from workstation.eligibility.comparing import Difference, compare
from workstation.eligibility.contacts import contacts_of
from workstation.eligibility.kept_answers import answered_checks, newest_check
from workstation.eligibility.pending import PendingAnswer, pending_of
from workstation.estimates.chosen import chosen_in
from workstation.estimates.from_benefits import CoverageBenefits, medicare_differs
from workstation.estimates.prices import PriceList
from workstation.estimates.use_cases import latest_estimate
from workstation.estimates.visit_money import VisitMoney, kind_of, visit_money
from workstation.interview.payer_questions import GOOD_FOR, types_of_visit
from workstation.kernel.clock import from_iso
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.unit_of_work import Store, StoreGateway
from workstation.payers.model import Coverage
from workstation.payers.use_cases import standing
from workstation.visits.rules import locked_visit_of


@dataclass(frozen=True, slots=True)
class CoverageSeen:
    """One coverage and what its payer said last. ``state`` is none, asked, answered, rejected or
    not_answered: the newest question's; ``check`` is the newest that holds an answer."""

    coverage: Coverage
    state: str = "none"
    last: Mapping[str, Any] | None = None
    check: Mapping[str, Any] | None = None
    contacts: tuple[Mapping[str, Any], ...] = ()
    """Calls to this payer, the newest first."""
    old: bool = False
    """The answer is of another month or more than 30 days old: never today's word."""
    pending: PendingAnswer | None = None
    """Where the newest question stands while it is under way at this desk."""
    differences: tuple[Difference, ...] = ()
    """What the newest answer has otherwise than the record."""
    before: Mapping[str, Any] | None = None
    """The check before that answer, which ``changes`` compares it with."""
    changes: tuple[Change, ...] = ()
    differs: str = ""
    """Where Medicare's deductible is not the year's: both, and which of them is counted."""
    barred: Refused | None = None
    """Why this payer is not asked about this visit."""

    @property
    def untold(self) -> bool:
        """Whether the payer must not hear of the visit: what it said before counts for nothing."""
        return self.barred is not None and self.barred.code != "not_supported"

    @property
    def answer(self) -> Mapping[str, Any] | None:
        """The benefit model of contracts.md."""
        if self.untold:
            return None
        found: Mapping[str, Any] | None = self.check["answer"] if self.check is not None else None
        return found


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything the page shows. ``locked``: nothing else is filled (42 CFR 489.24(d)(4))."""

    visit: Mapping[str, Any]
    locked: bool = False
    coverages: tuple[CoverageSeen, ...] = ()
    types: tuple[str, ...] = ()
    money: VisitMoney | None = None
    service: str = ""
    clinician: str = ""
    setting: str = ""
    chosen: Mapping[str, int] | None = None
    given: Mapping[str, Any] | None = None
    """The case that the last kept estimate was made of."""
    given_id: str = ""

    @property
    def to_give(self) -> str:
        """The key under which this estimate is kept; empty where it is kept already or unsure."""
        money = self.money
        if money is None or not money.may_be_told:
            return ""
        built = money.built
        if built is None or built.case is None:
            return ""
        case = built.case.as_json()
        if case == self.given:
            return ""
        content = json.dumps([self.visit["id"], self.given_id, case], sort_keys=True)
        return f"benefits:{hashlib.sha256(content.encode()).hexdigest()}"


def gather(
    records: StoreGateway,
    prices: PriceList,
    visit_id: str,
    now: datetime,
    chosen: Mapping[str, int] | None = None,
) -> Seen | None:
    """Reads it all for a visit; None where the visit is not on this desk (yet)."""
    store = records.read()
    visit = store.get("visit", visit_id) if visit_id else None
    if visit is None:
        return None
    if locked_visit_of(store, visit["person_id"]) is not None:
        return Seen(visit, locked=True)
    today = local(now).date()
    last = latest_estimate(store, visit["person_id"], visit_id)
    chosen = chosen if chosen else chosen_in(last)
    priced = prices.services.get(visit["service_code"] or "")
    clinician = store.get("clinician", visit["attending_id"]) if visit["attending_id"] else None
    types = types_of_visit(store, visit, prices)
    return Seen(
        visit,
        coverages=tuple(
            _compared(store, _coverage(store, one, visit, today), types)
            for one in standing(store, visit["person_id"])
            if one.in_force(visit["service_date"])
        ),
        types=types,
        money=visit_money(store, visit, prices, chosen_copays=chosen),
        service=priced.label(language()) if priced is not None else str(visit["reason"] or ""),
        clinician=str(clinician["name"]) if clinician is not None else "",
        setting=str(clinician["kind"]) if clinician is not None else "",
        chosen=chosen,
        given=last["input"] if last is not None else None,
        given_id=last["id"] if last is not None else "",
    )


def _coverage(
    store: Store, coverage: Coverage, visit: Mapping[str, Any], today: date
) -> CoverageSeen:
    contacts = contacts_of(store, coverage.id, coverage.person_id)
    barred = _barred(store, coverage, visit)
    last = newest_check(store, coverage)
    if last is None:
        return CoverageSeen(coverage, contacts=contacts, barred=barred)
    check = next(reversed(answered_checks(store, coverage)), None)
    old = check is not None and _old(check, today)
    pending = pending_of(store, last["id"]) if last["state"] == "asked" else None
    return CoverageSeen(
        coverage, last["state"], last, check, contacts, old, pending=pending, barred=barred
    )


_CLAIMED_BY = frozenset(
    {"member_id", "group_number", "last", "first", "dob", "payer_id", "order", "to"}
)
"""What a claim is refused for; a plan's name and an address differ without harm."""


def _compared(store: Store, one: CoverageSeen, types: tuple[str, ...]) -> CoverageSeen:
    """With what the answer has otherwise than the record and than the answer before it."""
    check, answer = one.check, one.answer
    if check is None or answer is None or one.old or check["connector"] in ("phone", "portal"):
        return one
    rows = store.find("coverage", person_id=one.coverage.person_id)
    own = next(row for row in rows if row["id"] == one.coverage.id)
    others = [row for row in rows if row["id"] != one.coverage.id]
    person = store.get("person", one.coverage.person_id)
    mine = person if one.coverage.relation in (None, "", "self") else None
    before = next(
        (
            row
            for row in reversed(answered_checks(store, one.coverage))
            if row["asked_at"] < check["asked_at"]
        ),
        None,
    )
    return replace(
        one,
        differences=tuple(
            found
            for found in compare(own, None, answer, mine, others)
            if found.field in _CLAIMED_BY
        ),
        before=before,
        changes=changes_since(before["answer"], answer, types) if before is not None else (),
        differs=_differs(one.coverage, answer, types, check["service_date"]),
    )


def _differs(
    coverage: Coverage, answer: Mapping[str, Any], types: tuple[str, ...], on: str | None
) -> str:
    if not on:
        return ""
    benefits = CoverageBenefits(coverage.payer_id, kind_of(coverage), benefits=answer)
    try:
        return medicare_differs(benefits, types, date.fromisoformat(on))
    except NotUnderstood:  # a year without a table: the estimate says so
        return ""


def _barred(store: Store, coverage: Coverage, visit: Mapping[str, Any]) -> Refused | None:
    try:
        may_ask(visit, store.get("coverage", coverage.id) or {})
    except Refused as refused:
        return refused
    return None


def _old(check: Mapping[str, Any], today: date) -> bool:
    asked = local(from_iso(check["asked_at"])).date()
    on = date.fromisoformat(check["service_date"]) if check["service_date"] else asked
    return (on.year, on.month) != (today.year, today.month) or today - asked > GOOD_FOR
