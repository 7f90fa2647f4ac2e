"""The payer order from facts that are all known: the decision table applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workstation.payers.esrd import add_months, coordination_start, is_inside
from workstation.payers.msp_facts import Facts
from workstation.payers.msp_table import Cell, GhpRow, SpecialPayer, msp_table

UNDATED = date(1970, 1, 1)
"""Stands for an entitlement in force whose first day was not told."""

_STATUS_RANK = {"current": 0, "retired": 1, "cobra": 2}


@dataclass(frozen=True, slots=True)
class Plan:
    """A group health plan with the row of the table that it came to."""

    index: int
    row: GhpRow
    rank: tuple[int, int, int]
    """Order among plans on the same side of Medicare (NAIC model, as field.md 4.2 tells)."""

    @property
    def name(self) -> str:
        """``ghp[0]``, as the order names it."""
        return f"ghp[{self.index}]"


@dataclass(frozen=True, slots=True)
class Settled:
    """The order of payers, with the rows that led to it."""

    special: tuple[SpecialPayer, ...]
    plans: tuple[Plan, ...]
    medicare: bool
    coordination: date | None
    """First day of the coordination period where entitlement rests on kidney disease."""

    @property
    def order(self) -> tuple[str, ...]:
        """First payer first."""
        ranked = sorted(self.plans, key=lambda plan: plan.rank)
        before = [plan.name for plan in ranked if plan.row.first]
        after = [plan.name for plan in ranked if not plan.row.first]
        medicare = ["medicare"] if self.medicare else []
        return (*(s.payer for s in self.special), *before, *medicare, *after)

    @property
    def value_codes(self) -> tuple[str, ...]:
        """MSP value codes of the payers before Medicare, each once; none without Medicare."""
        if not self.medicare:
            return ()
        ranked = sorted(self.plans, key=lambda plan: plan.rank)
        codes = [s.value_code for s in self.special]
        codes += [p.row.value_code for p in ranked if p.row.first and p.row.value_code]
        return tuple(dict.fromkeys(codes))

    @property
    def rules(self) -> tuple[tuple[str, str], ...]:
        """Payer and rule, for every payer beside Medicare."""
        return (
            *((s.payer, s.rule) for s in self.special),
            *((p.name, p.row.rule) for p in self.plans),
        )


@dataclass(frozen=True, slots=True)
class Entitlements:
    """The earliest day of each reason for Medicare that is in force on the visit date."""

    age: date | None
    disability: date | None
    esrd: date | None

    @property
    def any(self) -> bool:
        """Whether Medicare is in force at all."""
        return any((self.age, self.disability, self.esrd))

    @property
    def first(self) -> date | None:
        """The day on which Medicare began, None where it was not told."""
        first = min((d for d in (self.age, self.disability, self.esrd) if d), default=None)
        return None if first == UNDATED else first


def entitlements(facts: Facts) -> Entitlements:
    """The reasons in force; one that begins after the visit does not count."""
    starts: dict[str, date] = {}
    for index in range(facts.entitlements or 0):
        reason = facts[f"entitlement[{index}].reason"]
        start = facts.day(f"entitlement[{index}].from") or UNDATED
        if isinstance(reason, str) and start <= facts.visit_date:
            starts[reason] = min(start, starts.get(reason, start))
    return Entitlements(starts.get("age"), starts.get("disability"), starts.get("esrd"))


def settle(facts: Facts) -> Settled:
    """Applies the table. Every fact that matters must be known; the others may be null."""
    reasons = entitlements(facts)
    start = coordination(facts, reasons)
    return Settled(
        special=tuple(s for s in msp_table().special if all(facts[n] is True for n in s.needs)),
        plans=tuple(_plan(facts, index, reasons, start) for index in range(facts.plans or 0)),
        medicare=reasons.any,
        coordination=start,
    )


def coordination(facts: Facts, reasons: Entitlements) -> date | None:
    """First day of the coordination period, None where kidney disease is no reason in force.

    Entitlement cannot begin before eligibility: where the record says that Medicare is in force
    while the waiting months still run, the period began with the recorded entitlement.
    """
    if reasons.esrd is None:
        return None
    start = coordination_start(
        facts.day("esrd.dialysis_start"),
        facts["esrd.self_training"] is True,
        facts.day("esrd.transplant"),
    )
    if start is None or start > facts.visit_date:
        return add_months(reasons.esrd, 0)
    return start


def _plan(facts: Facts, index: int, reasons: Entitlements, start: date | None) -> Plan:
    path = f"ghp[{index}]"
    through = facts[f"{path}.through"]
    status = facts[f"{path}.employment"]
    cells: dict[str, Cell] = {
        "basis": _basis(reasons),
        "inside": False,
        "stays_secondary": False,
        "current": status == "current",
        "own_or_spouse": through in ("patient", "spouse"),
        "size": _size(facts, path, reasons.age is not None),
    }
    if start is not None:
        months = msp_table().coordination_months
        cells["inside"] = is_inside(start, facts.visit_date, months)
        cells["stays_secondary"] = _was_secondary(facts, path, reasons, start)
    dependent = 0 if through == "patient" else 1
    rank = (dependent, _STATUS_RANK.get(str(status), 1), index)
    return Plan(index, msp_table().row(cells), rank)


def _basis(reasons: Entitlements) -> str:
    """Which part of the law rules: kidney disease displaces the others (SSA 1862(b)(1)(A)(iv),
    (B)(iv)), and the disability rule ends where entitlement by age begins."""
    if reasons.esrd is not None:
        return "esrd"
    if reasons.age is not None:
        return "age"
    return "disability" if reasons.disability is not None else "none"


def _size(facts: Facts, path: str, aged: bool) -> str:
    """The employer's size as the table words it. In a multi-employer plan the largest employer
    counts for all (42 CFR 411.172(b), 411.206), unless the plan has the approved exception for
    its employers below 20, which exists only for the aged."""
    table = msp_table()
    employees = facts.count(f"{path}.employees")
    if facts[f"{path}.multi_employer"] is True:
        excepted = aged and facts[f"{path}.small_employer_exception"] is True
        if not (excepted and employees < table.working_aged_employees):
            employees = max(employees, facts.count(f"{path}.multi_employer_largest"))
    if employees >= table.disability_employees:
        return "100"
    return "20" if employees >= table.working_aged_employees else "0"


def _was_secondary(facts: Facts, path: str, reasons: Entitlements, start: date) -> bool:
    """Dual entitlement (42 CFR 411.163(b)): age or disability came before kidney-disease
    eligibility, and this plan did not pay before Medicare then."""
    age = reasons.age if reasons.age is not None and reasons.age < start else None
    disabled = reasons.disability
    if age is None and (disabled is None or disabled >= start):
        return False
    through = facts[f"{path}.through"]
    cells: dict[str, Cell] = {
        "basis": "age" if age is not None else "disability",
        "inside": False,
        "stays_secondary": False,
        "current": _was_current(facts, path, start),
        "own_or_spouse": through in ("patient", "spouse"),
        "size": _size(facts, path, age is not None),
    }
    return not msp_table().row(cells).first


def _was_current(facts: Facts, path: str, start: date) -> bool:
    """Whether the plan came from current work when eligibility began: it does so now, or the
    worker retired only afterwards. An unknown retirement date counts as before."""
    if facts[f"{path}.employment"] == "current":
        return True
    through = facts[f"{path}.through"]
    retired = facts.day(f"employment.{through}_retired") if through != "family" else None
    return retired is not None and retired >= start
