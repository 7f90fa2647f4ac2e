"""What may be asked at one visit: its gates, its case from what is stored, and its estimate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workstation.eligibility.kept_answers import answered_checks
from workstation.estimates.answer import Estimate
from workstation.estimates.chosen import chosen_in
from workstation.estimates.engine import estimate
from workstation.estimates.from_benefits import (
    BuiltCase,
    CoverageBenefits,
    VisitToEstimate,
    build_case,
)
from workstation.estimates.gates import CoverageForGates, Gate, VisitForGates, may_ask, money_gates
from workstation.estimates.prices import PriceList
from workstation.estimates.use_cases import latest_estimate
from workstation.kernel.unit_of_work import Store
from workstation.payers.directory import payer_directory
from workstation.payers.model import Coverage, PayerKind
from workstation.payers.requirements import NEVER_ASKED, PAYS_ONLY_ACCIDENT
from workstation.payers.use_cases import standing
from workstation.visits.rules import locked_visit_of

_CLINIC_SETTINGS = frozenset({"primary_care", "specialist"})
_WORK = frozenset({"work", "workers_comp"})
_Answers = Mapping[str, Mapping[str, Any] | None]
"""The payer's newest answer by coverage; None where there is none."""


@dataclass(frozen=True, slots=True)
class VisitMoney:
    """Gates first: where one forbids, ``estimate`` is None and nothing else may be shown."""

    gates: tuple[Gate, ...]
    built: BuiltCase | None = None
    estimate: Estimate | None = None

    @property
    def may_be_told(self) -> bool:
        """Whether the patient may be told an amount or a range: nothing missing, nothing asked."""
        built = self.built
        if built is None or self.estimate is None:
            return False
        return not built.missing and not built.questions

    @property
    def known(self) -> bool:
        """Whether what may be told is one amount."""
        return (
            self.may_be_told
            and self.estimate is not None
            and (self.estimate.patient_total is not None)
        )


def visit_money(
    store: Store,
    visit: Mapping[str, Any],
    prices: PriceList,
    *,
    chosen_copays: Mapping[str, int] | None = None,
    units: int = 1,
) -> VisitMoney:
    """Gathers what this store holds about a visit row and estimates it.

    A person with any locked emergency visit has one gate and no word more (42 CFR 489.24).
    Without ``chosen_copays`` the choice that went into the last estimate of the visit holds on.
    """
    if locked_visit_of(store, visit["person_id"]) is not None:
        return VisitMoney(money_gates(VisitForGates(locked=True), ()))
    coverages = _coverages(store, visit)
    answers = {one.id: _answer(store, visit, one) for one in coverages}
    gates = _gates(visit, coverages, answers)
    if not may_ask(gates) or not visit.get("service_code"):
        return VisitMoney(gates)
    department = store.get("department", visit["department_id"]) if visit["department_id"] else None
    built = build_case(
        VisitToEstimate(
            service_date=date.fromisoformat(visit["service_date"]),
            services=((visit["service_code"], units),),
            coverages=_benefits(coverages, answers),
            provider_based=bool(department and department.get("provider_based")),
            setting=_setting(store, visit, prices),
            chosen_copays=_chosen(store, visit) if chosen_copays is None else chosen_copays,
        ),
        prices,
    )
    return VisitMoney(gates, built, None if built.case is None else estimate(built.case))


def visit_gates(store: Store, visit: Mapping[str, Any]) -> tuple[Gate, ...]:
    """Every gate before asking for money at a visit row, without an estimate."""
    if locked_visit_of(store, visit["person_id"]) is not None:
        return money_gates(VisitForGates(locked=True), ())
    coverages = _coverages(store, visit)
    return _gates(visit, coverages, {one.id: _answer(store, visit, one) for one in coverages})


def _gates(
    visit: Mapping[str, Any], coverages: tuple[Coverage, ...], answers: _Answers
) -> tuple[Gate, ...]:
    return money_gates(_visit_facts(visit, coverages, answers), _gate_facts(coverages, answers))


def _chosen(store: Store, visit: Mapping[str, Any]) -> Mapping[str, int]:
    return chosen_in(latest_estimate(store, visit["person_id"], visit["id"]))


def _coverages(store: Store, visit: Mapping[str, Any]) -> tuple[Coverage, ...]:
    """Those in force on the day; none where the patient wants no payer told (164.522(a))."""
    if visit.get("do_not_bill"):
        return ()
    return tuple(
        one
        for one in standing(store, visit["person_id"])
        if one.in_force(visit["service_date"]) and not one.do_not_bill
    )


def kind_of(coverage: Coverage) -> PayerKind:
    known = payer_directory()
    return known.kind_of(coverage.payer_kind, coverage.payer_id, coverage.payer_name)


def _answer(store: Store, visit: Mapping[str, Any], coverage: Coverage) -> Mapping[str, Any] | None:
    """The payer's newest answer for the month of service: benefits are told to the month's end."""
    month = visit["service_date"][:7]
    answered = [
        row["answer"]
        for row in answered_checks(store, coverage)
        if (row["service_date"] or "")[:7] == month
    ]
    return answered[-1] if answered else None


def _is_qmb(answers: _Answers) -> bool:
    return any("qmb" in (answer or {}).get("flags", ()) for answer in answers.values())


def _visit_facts(
    visit: Mapping[str, Any], coverages: tuple[Coverage, ...], answers: _Answers
) -> VisitForGates:
    accident = visit.get("accident") or {}
    happened = accident.get("is_accident") == "yes"
    at_work = happened and accident.get("kind") in _WORK
    left = [
        row["amount"]
        for answer in answers.values()
        for row in (answer or {}).get("rows", ())
        if row.get("kind") == "spend_down" and row.get("amount")
    ]
    return VisitForGates(
        locked=False,
        employer_paid=bool(visit.get("employer_paid")),
        work_related=at_work,
        accident=happened and not at_work,
        payer_order_open=_order_open({kind_of(one) for one in coverages}, len(coverages), visit),
        spend_down=max(left, default=None),
    )


def _order_open(kinds: set[PayerKind], count: int, visit: Mapping[str, Any]) -> bool:
    """Medicare beside another waits for its questions, an accident's payer for the accident's."""
    if PayerKind.MEDICARE in kinds and count > 1 and not visit.get("payer_order"):
        return True
    accident = (visit.get("accident") or {}).get("is_accident")
    return bool(kinds & PAYS_ONLY_ACCIDENT) and accident not in ("yes", "no")


def _gate_facts(coverages: tuple[Coverage, ...], answers: _Answers) -> tuple[CoverageForGates, ...]:
    qmb = _is_qmb(answers)
    return tuple(
        CoverageForGates(
            kind_of(one),
            answers[one.id] is not None or kind_of(one) in NEVER_ASKED,
            qmb,
        )
        for one in coverages
    )


def _benefits(coverages: tuple[Coverage, ...], answers: _Answers) -> tuple[CoverageBenefits, ...]:
    qmb = _is_qmb(answers)
    return tuple(
        CoverageBenefits(one.payer_id, kind_of(one), benefits=answers[one.id], qmb=qmb)
        for one in coverages
        if kind_of(one) not in PAYS_ONLY_ACCIDENT
    )


def _setting(store: Store, visit: Mapping[str, Any], prices: PriceList) -> str | None:
    """An office visit takes the copay of the clinician who is seen, not of the price list."""
    priced = prices.services.get(visit["service_code"])
    clinician = store.get("clinician", visit["attending_id"]) if visit["attending_id"] else None
    if priced is None or clinician is None or priced.setting not in _CLINIC_SETTINGS:
        return None
    kind = str(clinician["kind"])
    return kind if kind in _CLINIC_SETTINGS else None
