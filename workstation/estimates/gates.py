"""When the desk must not ask for money, and the words that stand where an amount would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from workstation.payers.model import PayerKind
from workstation.payers.requirements import PAYS_ONLY_ACCIDENT

MEDICARE = frozenset({PayerKind.MEDICARE, PayerKind.MEDICARE_ADVANTAGE})


@dataclass(frozen=True, slots=True)
class Gate:
    """One reason not to ask. ``forbids`` False: money may be taken, but these words go with it."""

    code: str
    say: str
    forbids: bool = True


@dataclass(frozen=True, slots=True)
class CoverageForGates:
    """What the gates know of one coverage of the visit, in paying order."""

    kind: PayerKind
    answered: bool
    """Whether the payer has answered for this visit's day."""
    qmb: bool = False
    """The payer names a Qualified Medicare Beneficiary."""


@dataclass(frozen=True, slots=True)
class VisitForGates:
    """What the gates know of the visit."""

    locked: bool
    """The screening exam is not recorded (42 CFR 489.24(d)(4))."""
    employer_paid: bool = False
    work_related: bool = False
    accident: bool = False
    payer_order_open: bool = False
    """Questions that would decide who pays are open: Medicare's, or whether it is an accident."""
    spend_down: int | None = None
    """What is left of a Medicaid spend-down in cents, None where there is none."""


def money_gates(visit: VisitForGates, coverages: Iterable[CoverageForGates]) -> tuple[Gate, ...]:
    """Every gate that stands before asking this patient for money, the strictest first.

    A locked visit has this one gate only: nothing else of money may even be said.
    """
    if visit.locked:
        return (Gate("emergency", "Emergency: registration only for now."),)
    return tuple(_gates(visit, tuple(coverages)))


def may_ask(gates: Iterable[Gate]) -> bool:
    """Whether an amount may be asked at all."""
    return not any(gate.forbids for gate in gates)


def _gates(visit: VisitForGates, coverages: tuple[CoverageForGates, ...]) -> Iterator[Gate]:
    kinds = {coverage.kind for coverage in coverages}
    if visit.employer_paid or PayerKind.EMPLOYER_PAID in kinds:
        yield Gate("employer_paid", "The employer pays for this visit: no copay.")
    if PayerKind.WORKERS_COMP in kinds and visit.work_related:
        yield Gate("workers_comp", "Work injury: workers' compensation pays, nothing is asked.")
    if PayerKind.AUTO in kinds and visit.accident:
        yield Gate("auto", "Accident: its insurance is billed first, nothing is asked today.")
    if PayerKind.VA in kinds:
        yield Gate("va", "Veterans Affairs authorized this visit: nothing is asked.")
    if any(coverage.qmb for coverage in coverages) and kinds & MEDICARE:
        yield Gate(
            "qmb",
            "Qualified Medicare Beneficiary: no Medicare cost sharing may be asked "
            "(SSA 1902(n)(3)(B)).",
        )
    if visit.payer_order_open:
        yield Gate("payer_order_open", "Who pays first is not known yet: ask for nothing before.")
    yield from _words(visit, coverages)


def _words(visit: VisitForGates, coverages: tuple[CoverageForGates, ...]) -> Iterator[Gate]:
    """What is said, not forbidden."""
    if any(coverage.kind is PayerKind.MEDICAID for coverage in coverages):
        yield Gate(
            "medicaid",
            "Medicaid: care never depends on paying the copay today (42 CFR 447.52(e)).",
            forbids=False,
        )
    if visit.spend_down:
        yield Gate(
            "spend_down",
            "Medicaid begins after the spend-down: what is left of it may be owed.",
            forbids=False,
        )
    if any(not coverage.answered for coverage in coverages):
        yield Gate(
            "not_answered",
            "The payer has not answered: the amount is not known, nothing is guessed.",
            forbids=False,
        )
    if all(coverage.kind in PAYS_ONLY_ACCIDENT for coverage in coverages):
        yield Gate(
            "no_coverage",
            "No coverage: offer assistance and a good-faith estimate before asking.",
            forbids=False,
        )
