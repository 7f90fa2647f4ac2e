"""The answer of an estimate: totals, range, lines with their arithmetic, and what was assumed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from workstation.estimates.case import EstimateCase
from workstation.estimates.cost_share import LineShare
from workstation.estimates.later_payers import LaterPayment
from workstation.kernel.money import dollars
from workstation.kernel.phrases import phrase

_PARTS = ("deductible", "copay", "coinsurance", "noncovered", "balance_bill")


@dataclass(frozen=True, slots=True)
class Run:
    """One calculation with every remaining amount known."""

    lines: tuple[LineShare, ...]
    later: tuple[LaterPayment, ...]
    days_without_price: int

    @property
    def primary_total(self) -> int:
        """What the first payer leaves."""
        return sum(line.patient for line in self.lines)

    @property
    def later_pays(self) -> int:
        """What all later payers take over."""
        return sum(payment.pays for payment in self.later)

    @property
    def total(self) -> int:
        """What the patient owes."""
        return self.primary_total - self.later_pays


@dataclass(frozen=True, slots=True)
class EstimateLine:
    """One line of the bill, before later payers; a figure is None where it is not settled."""

    id: str
    price: int | None
    """The whole agreed price, covered or not; None where it is not known (days of a stay)."""
    plan_pays: int | None
    """What the first payer takes over of it."""
    deductible: int | None
    copay: int | None
    coinsurance: int | None
    noncovered: int | None
    balance_bill: int | None
    patient: int | None
    steps: tuple[str, ...]
    """The arithmetic in words, one sentence a step."""

    def as_json(self) -> dict[str, Any]:
        """The line of contracts.md, with its arithmetic as one text and as steps."""
        return {
            "id": self.id,
            "price": self.price,
            "plan_pays": self.plan_pays,
            **{part: getattr(self, part) for part in _PARTS},
            "patient": self.patient,
            "arithmetic": " ".join(self.steps),
            "steps": list(self.steps),
        }


@dataclass(frozen=True, slots=True)
class Estimate:
    """The patient's share in cents. The parts are the first payer's; what later payers take
    over stands in ``secondary_pays``, so that total = parts - secondary_pays."""

    patient_total: int | None
    low: int
    high: int | None
    """None where nobody can say how much at most."""
    deductible: int | None
    copay: int | None
    coinsurance: int | None
    noncovered: int | None
    balance_bill: int | None
    primary_patient_total: int | None
    secondary_pays: int | None
    has_later_payer: bool
    lines: tuple[EstimateLine, ...]
    later: tuple[dict[str, Any], ...]
    assumptions: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The answer of contracts.md."""
        settled = self.patient_total is not None
        answer: dict[str, Any] = {
            "patient_total": self.patient_total,
            "range": None if settled else {"low": self.low, "high": self.high},
            **{part: getattr(self, part) for part in _PARTS},
        }
        if self.has_later_payer:
            answer["primary_patient_total"] = self.primary_patient_total
            answer["secondary_pays"] = self.secondary_pays
            answer["later_payers"] = list(self.later)
        answer["lines"] = [line.as_json() for line in self.lines]
        answer["assumptions"] = list(self.assumptions)
        return answer


def assemble(case: EstimateCase, runs: tuple[Run, ...], assumptions: Sequence[str]) -> Estimate:
    """One answer from the calculations at every end of the unknown amounts."""
    totals = [run.total for run in runs]
    unpriced = runs[0].days_without_price
    said = list(assumptions)
    if unpriced:
        said.append(_unpriced_words(case, unpriced))
    high = None if unpriced else max(totals)
    said += [p.words for p in runs[0].later if not p.known]

    def part(name: str) -> int | None:
        return _same([sum(getattr(line, name) for line in run.lines) for run in runs])

    return Estimate(
        patient_total=None if unpriced else _same(totals),
        low=min(totals),
        high=high,
        deductible=part("deductible"),
        copay=part("copay"),
        coinsurance=part("coinsurance"),
        noncovered=None if unpriced else part("noncovered"),
        balance_bill=part("balance_bill"),
        primary_patient_total=None if unpriced else _same([r.primary_total for r in runs]),
        secondary_pays=_same([run.later_pays for run in runs]),
        has_later_payer=bool(runs[0].later),
        lines=tuple(_line(runs, index) for index in range(len(runs[0].lines))),
        later=tuple(_later(runs, index) for index in range(len(runs[0].later))),
        assumptions=tuple(said),
    )


def _same(values: list[int]) -> int | None:
    return values[0] if min(values) == max(values) else None


def _line(runs: tuple[Run, ...], index: int) -> EstimateLine:
    lines = [run.lines[index] for run in runs]
    first = lines[0]

    def figure(get: Callable[[Any], int]) -> int | None:
        return _same([get(line) for line in lines])

    patient = figure(lambda line: line.patient)
    steps = tuple(step for step in first.steps if step)
    if any(line.steps != first.steps for line in lines):
        shares = [line.patient for line in lines]
        said = first.steps[0]
        unsure = phrase(
            "Your part is between {low} and {high}: the payer did not tell what is left.",
            low=dollars(min(shares)),
            high=dollars(max(shares)),
        )
        if patient is not None:
            unsure = phrase("Your part is {amount} whatever is left.", amount=dollars(patient))
        steps = (said, unsure)
    return EstimateLine(
        id=first.id,
        price=first.price + first.noncovered if first.priced else None,
        plan_pays=figure(lambda line: line.price - line.cost_share) if first.priced else None,
        deductible=figure(lambda line: line.deductible),
        copay=figure(lambda line: line.copay),
        coinsurance=figure(lambda line: line.coinsurance),
        noncovered=figure(lambda line: line.noncovered),
        balance_bill=figure(lambda line: line.balance_bill),
        patient=patient,
        steps=steps,
    )


def _later(runs: tuple[Run, ...], index: int) -> dict[str, Any]:
    payments = [run.later[index] for run in runs]
    pays = _same([payment.pays for payment in payments])
    words = payments[0].words if pays is not None else "What it pays depends on what is left."
    return {"kind": payments[0].kind, "pays": pays, "arithmetic": words}


def _unpriced_words(case: EstimateCase, days: int) -> str:
    stay = case.inpatient
    if stay is not None and stay.setting == "hospital" and stay.ltr_days_left is None:
        words = "{n} days need lifetime reserve days, and how many are left is not known."
        return phrase(words, n=days)
    return phrase(
        "Medicare does not pay {n} days of the stay; their price is not known here.", n=days
    )
