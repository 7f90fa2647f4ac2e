"""What may be asked at a visit, from what the store holds of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from priced_desk import Desk

from db.store import SqlStore
from workstation.estimates.visit_money import VisitMoney


@pytest.fixture
def desk(store_at: Callable[[str], SqlStore]) -> Desk:
    return Desk(store_at("desk-1"))


def codes(money: VisitMoney) -> list[str]:
    return [gate.code for gate in money.gates]


def test_an_answered_plan_gives_an_amount(desk: Desk) -> None:
    desk.answered(desk.cover("99001", "commercial"))
    money = desk.money()
    assert money.known
    assert money.estimate is not None
    assert money.estimate.patient_total == 60000 + 11600
    assert money.built is not None
    assert money.built.sources == {"IMG-MRI": (4,)}


def test_an_unanswered_plan_gives_words(desk: Desk) -> None:
    desk.cover("99001", "commercial")
    money = desk.money()
    assert codes(money) == ["not_answered"]
    assert not money.known


def test_no_word_of_money_at_a_locked_visit(desk: Desk) -> None:
    desk.answered(desk.cover("99001", "commercial"))
    money = desk.money("E")
    assert codes(money) == ["emergency"]
    assert money.built is None
    assert money.estimate is None


def test_qmb_found_in_the_answer_forbids(desk: Desk) -> None:
    desk.answered(desk.cover("99004", "medicare"), flags=["qmb"])
    desk.cover("99006", "medicaid")
    money = desk.money(payer_order=["medicare"])
    assert "qmb" in codes(money)
    assert money.estimate is None


def test_the_order_of_payers_must_be_known_before(desk: Desk) -> None:
    desk.cover("99001", "commercial")
    desk.cover("99004", "medicare")
    assert "payer_order_open" in codes(desk.money())


@pytest.mark.parametrize("accident", [None, {"is_accident": ""}, {"is_accident": "unknown"}])
def test_no_price_while_workers_compensation_may_pay(desk: Desk, accident: Any) -> None:
    desk.cover("99009", None, claim_number="WC-1", injury_date="2026-10-02")
    money = desk.money(accident=accident)
    assert "payer_order_open" in codes(money)
    assert money.estimate is None


def test_another_illness_has_the_self_pay_price(desk: Desk) -> None:
    desk.cover("99009", None, claim_number="WC-1", injury_date="2026-10-02")
    money = desk.money(accident={"is_accident": "no"})
    assert codes(money) == ["no_coverage"]
    assert money.estimate is not None


def test_a_patient_who_wants_no_payer_told_gets_the_self_pay_price(desk: Desk) -> None:
    desk.answered(desk.cover("99001", "commercial"))
    money = desk.money(do_not_bill=True)
    assert codes(money) == ["no_coverage"]
    assert money.estimate is not None
    assert money.estimate.noncovered == 154440
