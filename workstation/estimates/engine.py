"""The estimate as one pure function: case in, the patient's share out, in integer cents.

Amounts that the payer did not tell are tried at both ends; where the ends agree they do not
matter, where they differ the total is a range and never a guess (edi.md 3, matching.md 4.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from workstation.estimates.answer import Estimate, Run, assemble
from workstation.estimates.case import (
    MEDICARE,
    UNKNOWN,
    EstimateCase,
    Payer,
    Remaining,
    Service,
    not_priced,
)
from workstation.estimates.cost_share import LineShare, first_payer_lines
from workstation.estimates.later_payers import later_payments
from workstation.estimates.medicare_amounts import medicare_amounts
from workstation.estimates.part_a import stay_share
from workstation.kernel.phrases import phrase

_WHOLE_PRICE = 10**15
"""Stands for a deductible of which nothing is met: more than any price."""


def estimate(case: EstimateCase) -> Estimate:
    """The patient's share of a case.

    Raises NotUnderstood where a price does not follow or a year has no Medicare table.
    """
    _check_payers(case)
    case, assumptions = _with_medicare(case)
    runs = [_run(corner) for corner in _corners(case)]
    return assemble(case, tuple(runs), (*assumptions, *_assumed(case)))


def _check_payers(case: EstimateCase) -> None:
    first = case.payers[0].kind
    if first == "medigap_g":
        raise not_priced("payers[0].kind", "a payer that can stand first; Medigap never does")
    kinds = {payer.kind for payer in case.payers}
    if first == "medicare_a" and "medicare_b" not in kinds and case.inpatient is None:
        raise not_priced("inpatient", "given, since Part A pays for days of a stay")
    if not case.services and "medicare_a" not in kinds:
        raise not_priced("services", "given, since only Medicare Part A pays by days of a stay")


def _with_medicare(case: EstimateCase) -> tuple[EstimateCase, tuple[str, ...]]:
    """Fills in what the dated table says: Part B deductible and rate where none is given."""
    if not {payer.kind for payer in case.payers} & {"medicare_a", "medicare_b"}:
        return case, ()
    amounts = medicare_amounts(case.service_date)
    payers = tuple(
        replace(payer, ded_ind_rem=amounts.part_b_deductible)
        if payer.kind == "medicare_b" and payer.ded_ind_rem is None
        else payer
        for payer in case.payers
    )
    services = case.services
    if _line_payer(case).kind == "medicare_b":
        services = tuple(
            replace(service, coins_bp=amounts.part_b_coinsurance_bp)
            if service.coins_bp is None
            else service
            for service in services
        )
    said = "Medicare amounts of {year}: {source}."
    words: list[str] = [phrase(said, year=amounts.year, source=amounts.source)]
    if payers != case.payers:
        words.append("Nothing is known to be met of the Part B deductible: all of it is counted.")
    return replace(case, payers=payers, services=services), tuple(words)


def _before(case: EstimateCase) -> tuple[Payer, ...]:
    """The first payer; Parts A and B side by side are one payer, each for its own services."""
    kinds = {payer.kind for payer in case.payers[:2]}
    return case.payers[:2] if kinds == {"medicare_a", "medicare_b"} else case.payers[:1]


def _line_payer(case: EstimateCase) -> Payer:
    """The payer that the service lines fall to."""
    before = _before(case)
    return next((payer for payer in before if payer.kind == "medicare_b"), before[0])


def _run(case: EstimateCase) -> Run:
    before = _before(case)
    payer = _line_payer(case)
    qmb = any(p.kind == "medicaid_qmb" for p in case.payers) and payer.kind in MEDICARE
    if payer.kind == "medicare_a":
        lines = _part_of_stay(payer, case.services)
    else:
        lines = first_payer_lines(payer, case.services, no_balance_bill=qmb)
    unpriced = 0
    if case.inpatient is not None and any(p.kind == "medicare_a" for p in before):
        stay = stay_share(case.inpatient, medicare_amounts(case.service_date))
        lines = (stay.line, *lines)
        unpriced = stay.days_without_price
    later = () if payer.kind == "selfpay" else later_payments(case, before, lines)
    return Run(lines, later, unpriced)


def _part_of_stay(payer: Payer, services: tuple[Service, ...]) -> tuple[LineShare, ...]:
    """Covered services of a Part A stay cost nothing beside the stay's own share, at any price."""
    words = "Part of the stay: its share stands on the line of the stay."
    lines = []
    for service in services:
        if service.covered and service.units_covered is None:
            lines.append(LineShare(service.id, 0, steps=(words,), priced=False))
        else:
            (line,) = first_payer_lines(payer, (service,), no_balance_bill=True)
            steps = (*line.steps, words) if line.price else line.steps
            free = replace(line, deductible=0, copay=0, coinsurance=0, steps=steps)
            lines.append(free)
    return tuple(lines)


_MOST_UNKNOWN = 6
"""Unknown amounts of which every combination is tried: two payers rarely leave more open."""
_REMAINING = ("ded_ind_rem", "ded_fam_rem", "oop_ind_rem", "oop_fam_rem")


def _corners(case: EstimateCase) -> Iterator[EstimateCase]:
    """The case with every unknown amount at its least and at its most.

    A greater remainder never costs the patient less, so the ends of the range are where all are
    least or all most; the corners between tell which parts are settled all the same.
    """
    places = [
        (index, name)
        for index, payer in enumerate(case.payers)
        for name in _REMAINING
        if getattr(payer, name) == UNKNOWN
    ]
    ends = ((False,) * len(places), (True,) * len(places))
    for choice in (
        product((False, True), repeat=len(places)) if len(places) <= _MOST_UNKNOWN else ends
    ):
        payers = list(case.payers)
        for (index, name), most in zip(places, choice, strict=True):
            value = _most(case, payers[index], name) if most else 0
            payers[index] = replace(payers[index], **{name: value})  # type: ignore[arg-type]
        yield replace(case, payers=tuple(payers))


def _most(case: EstimateCase, payer: Payer, name: str) -> Remaining:
    if name.startswith("oop"):
        return None
    if payer.kind == "medicare_b" and name == "ded_ind_rem":
        return medicare_amounts(case.service_date).part_b_deductible
    return _WHOLE_PRICE


def _assumed(case: EstimateCase) -> Iterator[str]:
    for path in case.unused:
        yield phrase("{key} is not a key of an estimate and was not used.", key=path)
    payer = _line_payer(case)
    for service in case.services:
        yield from _assumed_of(payer, service)
    if case.inpatient is not None and not any(p.kind == "medicare_a" for p in case.payers):
        yield "The days of the stay were not used: no payer of the case is Medicare Part A."
    stay = case.inpatient
    if stay is not None and stay.setting == "hospital" and stay.deductible_paid is None:
        yield "Nobody said whether the Part A deductible of this benefit period is paid: it counts."
    if payer.kind == "medicaid_qmb":
        yield "Medicaid alone: no cost sharing is counted."
    if any(getattr(p, name) == UNKNOWN for p in case.payers for name in _REMAINING):
        yield "The payer did not tell every remaining amount: both ends were counted."


def _assumed_of(payer: Payer, service: Service) -> Iterator[str]:
    if payer.kind in ("commercial", "medicare_advantage") and service.covered:
        if service.copay is None:
            yield phrase("{service}: no copay was told, so none is counted.", service=service.id)
        if service.coins_bp is None:
            words = "{service}: no coinsurance was told, so none is counted."
            yield phrase(words, service=service.id)
    if payer.network == "out" and service.charge is None and payer.kind != "selfpay":
        words = "{service}: without its charge no balance bill can be told."
        yield phrase(words, service=service.id)
