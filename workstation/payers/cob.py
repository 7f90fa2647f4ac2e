"""Coordination of benefits without Medicare: who pays first, and by which rule.

The NAIC model regulation as states adopted it (760 IAC 1-38.1-14; field.md 4.2). Self-funded plans
may differ: the reason is shown and a person may set another order with a note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workstation.payers.model import PayerKind

_ACCIDENT = frozenset({PayerKind.WORKERS_COMP, PayerKind.AUTO})
_MEDICARE = frozenset({PayerKind.MEDICARE, PayerKind.MEDICARE_ADVANTAGE, PayerKind.MEDIGAP})
_LAST = {PayerKind.TRICARE: 1, PayerKind.MEDICAID: 2}


@dataclass(frozen=True, slots=True)
class CobPlan:
    """One coverage with the facts that order it; None is not known."""

    id: str
    kind: PayerKind
    relation: str = "self"
    """What the patient is to the holder: ``self``, ``spouse``, ``child`` or ``other``."""
    employment: str | None = None
    """``current``, ``retired`` or ``cobra``: where the plan comes from."""
    holder_birth: date | None = None
    since: date | None = None
    parent: str | None = None
    """For a child whose parents live apart: ``custodial``, ``custodial_spouse``,
    ``noncustodial``, ``noncustodial_spouse``, or ``decree`` for the parent whom a court named."""


@dataclass(frozen=True, slots=True)
class CobFacts:
    """What was asked of the visit. ``parents_apart`` None is not known."""

    accident_related: bool = False
    parents_apart: bool | None = None
    joint_custody: bool = False
    """Also where the decree makes both responsible: the birthday rule then decides."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A plan at its place, with the rule that put it behind the one before it."""

    id: str
    because: str


@dataclass(frozen=True, slots=True)
class CobOrder:
    """The order, or the questions that are open; ``medicare`` sends to the Medicare questions."""

    order: tuple[Placed, ...] | None
    open: tuple[str, ...] = ()


_PARENT_RANK = {
    "decree": 0,
    "custodial": 1,
    "custodial_spouse": 2,
    "noncustodial": 3,
    "noncustodial_spouse": 4,
}

_FIRST = "It pays first."


def coordinate(plans: Sequence[CobPlan], facts: CobFacts) -> CobOrder:
    """Orders plans, first payer first, each with the rule in words."""
    if any(plan.kind in _MEDICARE for plan in plans):
        return CobOrder(None, ("medicare",))
    billed = [plan for plan in plans if facts.accident_related or plan.kind not in _ACCIDENT]
    health = [plan for plan in billed if plan.kind not in _ACCIDENT and plan.kind not in _LAST]
    questions = tuple(dict.fromkeys(_questions(health, facts)))
    if questions:
        return CobOrder(None, questions)
    ranked = sorted(billed, key=lambda plan: [rank for rank, _ in _ranks(plan, facts)])
    placed = []
    for index, plan in enumerate(ranked):
        because = _FIRST if index == 0 else _difference(ranked[index - 1], plan, facts)
        placed.append(Placed(plan.id, because))
    return CobOrder(tuple(placed))


def _questions(plans: list[CobPlan], facts: CobFacts) -> list[str]:
    """What must be known before a child's plans can be ordered."""
    children = [plan for plan in plans if plan.relation == "child"]
    if len(children) < 2:
        return []
    if facts.parents_apart is None:
        return ["parents_apart"]
    if facts.parents_apart and not facts.joint_custody:
        return [f"{plan.id}.parent" for plan in children if plan.parent is None]
    return [f"{plan.id}.holder_birth" for plan in children if plan.holder_birth is None]


Rank = tuple[int, ...]


def _ranks(plan: CobPlan, facts: CobFacts) -> list[tuple[Rank, str]]:
    """Each rule's rank of a plan in the order of the rules, with the rule in words."""
    return [
        (
            (0 if plan.kind in _ACCIDENT else 1,),
            "Insurance for this accident or injury pays first.",
        ),
        ((_LAST.get(plan.kind, 0),), "TRICARE pays after other plans, and Medicaid last."),
        (
            (0 if plan.relation == "self" else 1,),
            "A plan that the patient holds pays before one through somebody else.",
        ),
        _parents(plan, facts),
        (
            (1 if plan.employment in ("retired", "cobra") else 0,),
            "A plan from current work pays before one from a former job.",
        ),
        ((1 if plan.employment == "cobra" else 0,), "Continuation coverage pays last."),
        (
            ((plan.since or date.max).toordinal(),),
            "The plan that has covered the patient longer pays first.",
        ),
    ]


def _parents(plan: CobPlan, facts: CobFacts) -> tuple[Rank, str]:
    if plan.relation != "child":
        return (0, 0), "A child's plans follow the rules for children."
    if facts.parents_apart and not facts.joint_custody:
        rank = _PARENT_RANK.get(plan.parent or "", 9)
        return (1, rank), "Parents apart: the court's word, then the parent with custody."
    birth = plan.holder_birth
    day = birth.month * 100 + birth.day if birth else 9999
    return (1, day), "Birthday rule: the parent whose birthday comes first in the year pays first."


def _difference(before: CobPlan, plan: CobPlan, facts: CobFacts) -> str:
    for (earlier, words), (later, _) in zip(
        _ranks(before, facts), _ranks(plan, facts), strict=True
    ):
        if earlier != later:
            return words
    return "No rule tells them apart: the order in which they were given stands."
