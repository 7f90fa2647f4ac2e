"""Facts that nobody has answered: which of them would decide, and which answers would flip.

A null decides if there is some way to fill the others in which its own value changes the order.
That is tried, not reasoned about, so the questions can never drift from the decision table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from workstation.payers.esrd import WAITING_MONTHS, add_months
from workstation.payers.msp_facts import Facts, Value
from workstation.payers.msp_order import UNDATED, Settled, settle
from workstation.payers.msp_table import msp_table

_MOST = 20_000
"""Fillings tried for one plan; far above what a single plan with every fact unknown needs."""


def open_questions(facts: Facts) -> tuple[str, ...]:
    """The paths of the unknown facts that would change the order, in the order of the questions."""
    found = [facts.name(path) for path in _special_open(facts)]
    if facts.entitlements is None:
        found.append("entitlement")
    if facts.plans is None:
        found.append("ghp")
    domains = _plan_domains(facts)
    for index in range(facts.plans or 0):
        found += [facts.name(path) for path in _plan_open(facts, domains, index)]
    return tuple(dict.fromkeys(found))


def fill(facts: Facts) -> Facts:
    """The same facts with every unknown set to its first possible value."""
    return facts.with_values({path: values[0] for path, values in _plan_domains(facts).items()})


def _special_open(facts: Facts) -> list[str]:
    """Unknown facts of accident, illness and special programs: open unless another fact of the
    same payer already says no."""
    found: list[str] = []
    for payer in msp_table().special:
        if not any(facts[need] is False for need in payer.needs):
            found += [need for need in payer.needs if facts[need] is None]
    return found


def _plan_open(facts: Facts, domains: Mapping[str, Sequence[Value]], index: int) -> Iterator[str]:
    """Unknown facts of one plan, and those all plans share, that change the order."""
    mine = {p: v for p, v in domains.items() if _concerns(p, index)}
    others = {p: v for p, v in domains.items() if not _concerns(p, index)}
    deciding: set[str] = set()
    for fixed in ({p: v[0] for p, v in others.items()}, {p: v[-1] for p, v in others.items()}):
        deciding |= _deciding(facts.with_values(fixed), mine)
    return (path for path in mine if path in deciding)


def _concerns(path: str, index: int) -> bool:
    return not path.startswith("ghp[") or path.startswith(f"ghp[{index}].")


def _deciding(facts: Facts, domains: Mapping[str, Sequence[Value]]) -> set[str]:
    paths = tuple(domains)
    orders: dict[tuple[Value, ...], tuple[str, ...]] = {}
    for count, values in enumerate(product(*domains.values())):
        if count >= _MOST:
            return set(paths)
        orders[values] = settle(facts.with_values(dict(zip(paths, values, strict=True)))).order
    deciding = set()
    for place, path in enumerate(paths):
        seen: dict[tuple[Value, ...], tuple[str, ...]] = {}
        for values, order in orders.items():
            rest = values[:place] + values[place + 1 :]
            if seen.setdefault(rest, order) != order:
                deciding.add(path)
                break
    return deciding


def _plan_domains(facts: Facts) -> dict[str, Sequence[Value]]:
    """The unknown facts that could bear on group plans, each with values that stand for all."""
    domains: dict[str, Sequence[Value]] = {}
    for index in range(facts.entitlements or 0):
        path = f"entitlement[{index}]"
        if facts[f"{path}.reason"] is None:
            domains[f"{path}.reason"] = ("age", "disability", "esrd")
        if facts[f"{path}.from"] is None:
            domains[f"{path}.from"] = (UNDATED, facts.visit_date)
    for index in range(facts.plans or 0):
        domains.update(_one_plan(facts, f"ghp[{index}]"))
    domains.update(_esrd_domains(facts))
    return domains


def _one_plan(facts: Facts, path: str) -> dict[str, Sequence[Value]]:
    table = msp_table()
    sizes = (1, table.working_aged_employees, table.disability_employees)
    values: dict[str, Sequence[Value]] = {
        f"{path}.through": ("patient", "spouse", "family"),
        f"{path}.employment": _statuses(facts, path),
        f"{path}.employees": sizes,
        f"{path}.multi_employer": (False, True),
        f"{path}.multi_employer_largest": sizes,
        f"{path}.small_employer_exception": (False, True),
    }
    return {p: v for p, v in values.items() if facts[p] is None}


def _statuses(facts: Facts, path: str) -> tuple[str, ...]:
    """A plan cannot come from the current work of someone who is known not to work."""
    through = facts[f"{path}.through"]
    worker = facts[f"employment.{through}"] if through in ("patient", "spouse") else None
    return ("retired", "cobra") if worker not in (None, "working") else _ALL_STATUSES


_ALL_STATUSES = ("current", "retired", "cobra")


def _esrd_domains(facts: Facts) -> dict[str, Sequence[Value]]:
    """Dialysis without a date may have begun within the coordination period or long before.

    The recorded entitlement does not settle it: people re-enter, and records lag behind.
    """
    domains: dict[str, Sequence[Value]] = {}
    if facts["esrd.self_training"] is None and facts.day("esrd.dialysis_start") is not None:
        domains["esrd.self_training"] = (False, True)
    if facts.day("esrd.dialysis_start") is None and facts.day("esrd.transplant") is None:
        months = msp_table().coordination_months
        domains["esrd.dialysis_start"] = (
            add_months(facts.visit_date, -WAITING_MONTHS),
            add_months(facts.visit_date, -2 * months),
        )
    return domains


def flips(facts: Facts, settled: Settled) -> tuple[str, ...]:
    """Single facts that would change the order if they were otherwise, in plain words."""
    found: list[str] = []
    for path, values in _alternatives(facts):
        for value in values:
            other = settle(facts.with_values({path: value})).order
            if value != facts[path] and other != settled.order:
                found.append(f"{path} = {_word(value)}: the order would be {', '.join(other)}")
                break
    start = settled.coordination
    if start is not None and any(p.row.rule == "esrd_coordination" for p in settled.plans):
        end = add_months(start, msp_table().coordination_months)
        found.append(f"visit_date = {end.isoformat()} or later: the coordination period is over")
    return tuple(found)


def _alternatives(facts: Facts) -> Iterator[tuple[str, Sequence[Value]]]:
    for payer in msp_table().special:
        for need in payer.needs:
            yield need, (not facts[need],)
    table = msp_table()
    edges = (
        table.working_aged_employees - 1,
        table.working_aged_employees,
        table.disability_employees - 1,
        table.disability_employees,
    )
    for index in range(facts.plans or 0):
        path = f"ghp[{index}]"
        yield f"{path}.employment", ("current", "retired")
        yield f"{path}.through", ("patient", "family")
        yield f"{path}.employees", edges
        if facts[f"{path}.multi_employer"] is True:
            yield f"{path}.multi_employer_largest", edges
            excepted = facts[f"{path}.small_employer_exception"] is True
            yield f"{path}.small_employer_exception", (not excepted,)


def _word(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
