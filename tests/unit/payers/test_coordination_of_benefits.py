"""Who pays first where Medicare is not among the payers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from workstation.payers.cob import CobFacts, CobPlan, coordinate
from workstation.payers.model import PayerKind


def plan(id: str, kind: PayerKind = PayerKind.COMMERCIAL, **more: Any) -> CobPlan:
    return CobPlan(id, kind, **more)


def order(facts: CobFacts, *plans: CobPlan) -> list[str]:
    found = coordinate(plans, facts)
    assert found.order is not None, found.open
    assert found.order[0].because == "It pays first."
    return [placed.id for placed in found.order]


NOTHING = CobFacts()
TOGETHER = CobFacts(parents_apart=False)
APART = CobFacts(parents_apart=True)


@pytest.mark.parametrize(
    ("facts", "plans", "expected"),
    [
        (NOTHING, [plan("b", relation="spouse"), plan("a")], "a b"),
        (NOTHING, [plan("a", employment="retired"), plan("b", relation="spouse")], "a b"),
        (
            NOTHING,
            [plan("m", PayerKind.MEDICAID), plan("t", PayerKind.TRICARE), plan("a")],
            "a t m",
        ),
        (
            CobFacts(accident_related=True),
            [plan("a"), plan("w", PayerKind.WORKERS_COMP)],
            "w a",
        ),
        (NOTHING, [plan("a"), plan("w", PayerKind.AUTO)], "a"),
        (
            TOGETHER,
            [
                plan("older", relation="child", holder_birth=date(1980, 11, 2)),
                plan("younger", relation="child", holder_birth=date(1990, 3, 1)),
            ],
            "younger older",
        ),
        (
            TOGETHER,
            [
                plan(
                    "new", relation="child", holder_birth=date(1980, 3, 1), since=date(2025, 1, 1)
                ),
                plan(
                    "old", relation="child", holder_birth=date(1990, 3, 1), since=date(2015, 1, 1)
                ),
            ],
            "old new",
        ),
        (
            APART,
            [
                plan("n", relation="child", parent="noncustodial"),
                plan("s", relation="child", parent="custodial_spouse"),
                plan("c", relation="child", parent="custodial"),
                plan("d", relation="child", parent="decree"),
            ],
            "d c s n",
        ),
        (
            CobFacts(parents_apart=True, joint_custody=True),
            [
                plan("x", relation="child", holder_birth=date(1980, 11, 2)),
                plan("y", relation="child", holder_birth=date(1990, 3, 1)),
            ],
            "y x",
        ),
        (NOTHING, [plan("r", employment="retired"), plan("a", employment="current")], "a r"),
        (NOTHING, [plan("c", employment="cobra"), plan("r", employment="retired")], "r c"),
        (NOTHING, [plan("c", employment="cobra"), plan("a", employment="current")], "a c"),
        (NOTHING, [plan("n", since=date(2024, 1, 1)), plan("o", since=date(2020, 1, 1))], "o n"),
    ],
)
def test_the_order(facts: CobFacts, plans: list[CobPlan], expected: str) -> None:
    assert order(facts, *plans) == expected.split()


def test_the_rule_is_told() -> None:
    plans = [
        plan("x", relation="child", holder_birth=date(1980, 11, 2)),
        plan("y", relation="child", holder_birth=date(1990, 3, 1)),
    ]
    found = coordinate(plans, TOGETHER)
    assert found.order is not None
    assert "Birthday rule" in found.order[1].because


def test_what_is_not_known_is_asked() -> None:
    children = [plan("x", relation="child"), plan("y", relation="child", parent="custodial")]
    assert coordinate(children, NOTHING).open == ("parents_apart",)
    assert coordinate(children, TOGETHER).open == ("x.holder_birth", "y.holder_birth")
    assert coordinate(children, APART).open == ("x.parent",)
    assert coordinate([plan("a"), plan("m", PayerKind.MEDICARE)], NOTHING).open == ("medicare",)
