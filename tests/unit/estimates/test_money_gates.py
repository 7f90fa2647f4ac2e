"""When the desk may not ask for money, and what is said instead."""

from __future__ import annotations

from typing import Any

import pytest

from workstation.estimates.gates import CoverageForGates, VisitForGates, may_ask, money_gates
from workstation.payers.model import PayerKind


def coverage(kind: PayerKind, **more: Any) -> CoverageForGates:
    return CoverageForGates(kind, more.pop("answered", True), **more)


def codes(visit: VisitForGates, *coverages: CoverageForGates) -> list[str]:
    return [gate.code for gate in money_gates(visit, coverages)]


PLAIN = VisitForGates(locked=False)


def test_a_locked_visit_says_nothing_else_of_money() -> None:
    visit = VisitForGates(locked=True, employer_paid=True, payer_order_open=True)
    gates = money_gates(visit, [coverage(PayerKind.MEDICAID)])
    assert [gate.code for gate in gates] == ["emergency"]
    assert not may_ask(gates)


@pytest.mark.parametrize(
    ("visit", "coverages", "code"),
    [
        (VisitForGates(False, employer_paid=True), [PayerKind.COMMERCIAL], "employer_paid"),
        (PLAIN, [PayerKind.EMPLOYER_PAID], "employer_paid"),
        (VisitForGates(False, work_related=True), [PayerKind.WORKERS_COMP], "workers_comp"),
        (VisitForGates(False, accident=True), [PayerKind.AUTO], "auto"),
        (PLAIN, [PayerKind.VA], "va"),
        (VisitForGates(False, payer_order_open=True), [PayerKind.MEDICARE], "payer_order_open"),
    ],
)
def test_what_forbids(visit: VisitForGates, coverages: list[PayerKind], code: str) -> None:
    gates = money_gates(visit, [coverage(kind) for kind in coverages])
    assert code in [gate.code for gate in gates if gate.forbids]
    assert not may_ask(gates)


def test_qmb_forbids_only_behind_medicare() -> None:
    medicaid = coverage(PayerKind.MEDICAID, qmb=True)
    for kind in (PayerKind.MEDICARE, PayerKind.MEDICARE_ADVANTAGE):
        assert "qmb" in codes(PLAIN, coverage(kind), medicaid)
    assert "qmb" not in codes(PLAIN, coverage(PayerKind.COMMERCIAL), medicaid)


def test_workers_compensation_does_not_shield_another_illness() -> None:
    assert codes(PLAIN, coverage(PayerKind.WORKERS_COMP), coverage(PayerKind.COMMERCIAL)) == []


def test_what_is_only_said() -> None:
    gates = money_gates(PLAIN, [coverage(PayerKind.MEDICAID, answered=False)])
    assert [gate.code for gate in gates] == ["medicaid", "not_answered"]
    assert may_ask(gates)
    assert codes(PLAIN) == ["no_coverage"]


def test_a_coverage_of_another_day_s_injury_is_no_coverage() -> None:
    assert codes(PLAIN, coverage(PayerKind.WORKERS_COMP)) == ["no_coverage"]
