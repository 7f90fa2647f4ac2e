"""What the use case of payments refuses by itself, whoever calls it: window or command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from priced_desk import NOW, Desk

from db.store import SqlStore
from workstation.kernel.errors import Refused
from workstation.payments.use_cases import Payments

COPAY = [{"kind": "copay", "amount": 2500}]


@pytest.fixture
def desk(store_at: Callable[[str], SqlStore]) -> Desk:
    return Desk(store_at("desk-1"))


def take(desk: Desk, visit_id: str | None, lines: Any = COPAY) -> None:
    Payments(desk.store, lambda: NOW, desk.session, desk.desk).take(
        desk.person_id, visit_id, "cash", lines
    )


def refused(desk: Desk, visit_id: str, lines: Any = COPAY) -> str:
    with pytest.raises(Refused) as caught:
        take(desk, visit_id, lines)
    assert desk.store.read().find("payment", person_id=desk.person_id) == []
    return caught.value.code


@pytest.mark.parametrize("kind", ["medicare", "medicare_advantage"])
def test_a_qualified_medicare_beneficiary_pays_no_share_of_medicare(desk: Desk, kind: str) -> None:
    """SSA 1902(n)(3)(B), Medicare Advantage included; what no plan covers may be paid."""
    desk.answered(desk.cover("99004", kind), flags=["qmb"])
    desk.cover("99006", "medicaid")
    visit_id = desk.visit(payer_order=["medicare"])
    for share in ("copay", "coinsurance", "deductible", "deposit"):
        assert refused(desk, visit_id, [{"kind": share, "amount": 100}]) == "qmb"
    take(desk, visit_id, [{"kind": "noncovered", "amount": 900}])


def test_a_work_injury_leaves_nothing_to_pay(desk: Desk) -> None:
    desk.cover("WC", "workers_comp", claim_number="C1", injury_date="2026-11-20")
    accident = {"is_accident": "yes", "kind": "work"}
    assert refused(desk, desk.visit(accident=accident)) == "workers_comp"
    assert refused(desk, desk.visit()) == "payer_order_open"
    take(desk, desk.visit(accident={"is_accident": "no"}))


def test_an_accident_is_billed_to_its_insurance(desk: Desk) -> None:
    desk.cover("AUTO", "auto", claim_number="C1", injury_date="2026-11-20")
    accident = {"is_accident": "yes", "kind": "auto"}
    assert refused(desk, desk.visit(accident=accident)) == "auto"


def test_what_the_employer_pays_the_patient_does_not(desk: Desk) -> None:
    assert refused(desk, desk.visit(employer_paid=True)) == "employer_paid"


def test_nothing_before_it_is_known_who_pays_first(desk: Desk) -> None:
    desk.cover("99001", "commercial")
    desk.cover("99004", "medicare")
    assert refused(desk, desk.visit()) == "payer_order_open"
    take(desk, desk.visit(payer_order=["medicare", "ghp[0]"]))


def test_an_earlier_balance_is_no_copay_of_today(desk: Desk) -> None:
    visit_id = desk.visit(employer_paid=True)
    take(desk, visit_id, [{"kind": "balance", "amount": 3820}])


def test_a_silent_payer_forbids_nothing(desk: Desk) -> None:
    """The amount is not known; what the patient offers may be taken."""
    desk.cover("99001", "commercial")
    take(desk, desk.visit(), [{"kind": "deposit", "amount": 2000}])


def test_a_line_for_a_visit_of_somebody_else_is_refused(desk: Desk) -> None:
    lines = [{"kind": "copay", "amount": 2500, "visit_id": "not-theirs"}]
    assert refused(desk, desk.visit(), lines) == "not_found"
