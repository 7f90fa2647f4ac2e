"""From what the payers answered and the price list to an estimate case, with its sources.

Nothing is invented on the way: what a payer did not tell becomes ``unknown`` or a gap in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from workstation.estimates.case import UNKNOWN, EstimateCase, Payer, Remaining, Service
from workstation.estimates.copays import Copay, CopayChoice, copay_of
from workstation.estimates.medicare_amounts import medicare_amounts
from workstation.estimates.prices import PricedService, PriceList
from workstation.kernel.money import dollars
from workstation.kernel.phrases import paragraph, phrase
from workstation.payers.model import PayerKind

_NO_LIMIT = 99_999_00
"""Payers write 99,999.00 where they mean that there is no limit (edi.md 3 rule 5)."""

_KINDS = {
    PayerKind.COMMERCIAL: "commercial",
    PayerKind.TRICARE: "commercial",
    PayerKind.MEDICARE: "medicare_b",
    PayerKind.MEDICARE_ADVANTAGE: "medicare_advantage",
    PayerKind.MEDIGAP: "medigap_g",
    PayerKind.MEDICAID: "medicaid_qmb",
    PayerKind.SELF_PAY: "selfpay",
}


_NOT_COUNTED = {
    PayerKind.MEDICAID: "The total is before Medicaid.",
    PayerKind.VA: "The total is before Veterans Affairs.",
}


@dataclass(frozen=True, slots=True)
class CoverageBenefits:
    """One coverage of the visit in paying order, with the payer's answer if there is one."""

    payer_id: str | None
    kind: PayerKind
    network: str = "in"
    benefits: Mapping[str, Any] | None = None
    """The benefit model of contracts.md (its JSON)."""
    qmb: bool = False
    """A Medicaid coverage of a Qualified Medicare Beneficiary."""


@dataclass(frozen=True, slots=True)
class VisitToEstimate:
    """What is done, where, and who pays. ``chosen_copays`` are answers by service code."""

    service_date: date
    services: tuple[tuple[str, int], ...]
    """Service code and units."""
    coverages: tuple[CoverageBenefits, ...]
    provider_based: bool = False
    setting: str | None = None
    """Overrules the setting of the price list, such as a specialist seen for a visit."""
    chosen_copays: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CopayQuestion:
    """A copay that a person must choose before the estimate is settled."""

    service: str
    choices: tuple[CopayChoice, ...]


@dataclass(frozen=True, slots=True)
class BuiltCase:
    """The case, the questions still open, and from which rows of the answer each line comes."""

    case: EstimateCase | None
    """None where no price is known for a service."""
    questions: tuple[CopayQuestion, ...] = ()
    missing: tuple[str, ...] = ()
    """What nobody told, in words. Where it is not empty the total is not known."""
    assumptions: tuple[str, ...] = ()
    sources: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Service code to the EB indexes of the payer's answer."""


def build_case(visit: VisitToEstimate, prices: PriceList) -> BuiltCase:
    """Builds the estimate case of a visit. Pure; asks nobody and guesses nothing."""
    missing: list[str] = [
        phrase("{service} is not in the price list.", service=code)
        for code, _ in visit.services
        if code not in prices.services
    ]
    if not visit.services:
        missing.append("No service is chosen yet.")
    if not prices.holds_on(visit.service_date):
        missing.append("The price list does not hold on the day of service.")
    if missing:
        return BuiltCase(None, missing=tuple(missing))
    first = visit.coverages[0] if visit.coverages else None
    if first is None or first.kind is PayerKind.SELF_PAY:
        return _self_pay(visit, prices)
    if first.kind not in _KINDS:
        words = "This payer leaves nothing to ask at the desk."
        return BuiltCase(None, assumptions=(words,))
    lines = [_line(visit, prices, first, code, units) for code, units in visit.services]
    types = prices.services[visit.services[0][0]].service_types
    payers = [_payer(one, types, first=one is first) for one in visit.coverages]
    case = EstimateCase(
        service_date=visit.service_date,
        payers=tuple(payer for payer in payers if payer is not None),
        services=tuple(line.service for line in lines),
    )
    unpriced = [line.service.id for line in lines if line.unpriced]
    return BuiltCase(
        case=None if unpriced else case,
        questions=tuple(
            CopayQuestion(line.service.id, line.copay.ask) for line in lines if line.copay.ask
        ),
        missing=(
            *_payer_missing(first),
            *(
                phrase("No contract price with this payer is known for {service}.", service=code)
                for code in unpriced
            ),
            *(words for line in lines for words in line.missing),
        ),
        assumptions=(
            *(words for line in lines for words in line.assumptions),
            *(
                _NOT_COUNTED.get(coverage.kind, "The total is before the other coverage.")
                for coverage, payer in zip(visit.coverages, payers, strict=True)
                if payer is None
            ),
        ),
        sources={line.service.id: line.rows for line in lines},
    )


def medicare_differs(coverage: CoverageBenefits, service_types: tuple[str, ...], on: date) -> str:
    """Where Medicare's answer gives another Part B deductible than the year's (42 CFR 410.160):
    both, which of them an estimate counts, and why; empty where they agree.

    Raises NotUnderstood for a year without a table.
    """
    if coverage.kind is not PayerKind.MEDICARE:
        return ""
    told = _told(_parts(coverage, service_types), "deductible")
    theirs, left = _figure(told, "deductible").get("total"), _left(_figure(told, "deductible"))
    table = medicare_amounts(on)
    if theirs is None or theirs == table.part_b_deductible:
        return ""
    counted = "What the answer says is left is counted, as it knows what was met."
    if left == UNKNOWN:
        counted = "The year's amount is counted, as the answer does not say what is left."
    return paragraph(
        phrase(
            "Medicare's answer gives a Part B deductible of {theirs}; for {year} it is {ours}.",
            theirs=dollars(theirs),
            year=table.year,
            ours=dollars(table.part_b_deductible),
        ),
        counted,
        "Ask Medicare which year it means.",
    )


def _self_pay(visit: VisitToEstimate, prices: PriceList) -> BuiltCase:
    payer = Payer("selfpay", discount_bp=prices.discount_bp, prompt_pay_bp=prices.prompt_pay_bp)
    services = tuple(
        Service(code, charge=prices.services[code].charge * units, units=units)
        for code, units in visit.services
    )
    return BuiltCase(
        EstimateCase(visit.service_date, (payer,), services),
        assumptions=("Without coverage: the self-pay price, for payment at the visit.",),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    service: Service
    copay: Copay
    rows: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    unpriced: bool = False


def _line(
    visit: VisitToEstimate, prices: PriceList, coverage: CoverageBenefits, code: str, units: int
) -> _Line:
    priced = prices.services[code]
    contract = prices.contract(coverage.payer_id, code)
    parts = _parts(coverage, priced.service_types)
    copay = _copay(visit, priced, parts)
    rate, rate_rows = _rate(parts)
    medicare = coverage.kind is PayerKind.MEDICARE
    missing: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = (copay.words,) if copay.words else ()
    active = (coverage.benefits or {}).get("status") in ("active", "partial")
    if active and copay.amount is None and rate is None and not medicare:
        missing = ("The payer stated neither copay nor coinsurance for this service.",)
    applies = _deductible_applies(parts)
    if copay.amount and rate is None:
        applies = False
        assumptions += ("A copay without coinsurance covers the visit.",)
    service = Service(
        id=code,
        charge=priced.charge * units,
        units=units,
        contract=contract,
        copay=copay.amount,
        copay_group="visit" if copay.amount else None,
        coins_bp=rate,
        ded_applies=applies,
        covered=not _not_covered(coverage, priced),
    )
    rows = tuple(dict.fromkeys((*copay.rows, *rate_rows, *_deductible_rows(parts))))
    return _Line(service, copay, rows, missing, assumptions, contract is None)


def _side(coverage: CoverageBenefits) -> str:
    """Protected out-of-network care has the in-network sharing (No Surprises Act)."""
    return "out" if coverage.network == "out" else "in"


def _copay(visit: VisitToEstimate, priced: PricedService, parts: list[Mapping[str, Any]]) -> Copay:
    for part in parts:
        found = copay_of(
            part,
            visit.setting or priced.setting,
            provider_based=visit.provider_based,
            chosen=visit.chosen_copays.get(priced.code),
        )
        if found.amount is not None:
            return found
    return Copay(None)


def _rate(parts: list[Mapping[str, Any]]) -> tuple[int | None, tuple[int, ...]]:
    for part in parts:
        if part.get("coinsurance_bp") is not None:
            return part["coinsurance_bp"], tuple(part.get("rows") or ())
    return None, ()


def _deductible_applies(parts: list[Mapping[str, Any]]) -> bool:
    """A service type whose own deductible is zero is not subject to the plan's (rule 8)."""
    if len(parts) < 2:
        return True
    own, plan = _figure(parts[0], "deductible"), _figure(parts[-1], "deductible")
    return not (own.get("total") == 0 and plan.get("total"))


def _deductible_rows(parts: list[Mapping[str, Any]]) -> tuple[int, ...]:
    return tuple(parts[-1].get("rows") or ()) if parts else ()


def _figure(part: Mapping[str, Any], measure: str, level: str = "individual") -> dict[str, Any]:
    return dict((part.get(measure) or {}).get(level) or {})


def _not_covered(coverage: CoverageBenefits, priced: PricedService) -> bool:
    """Whether the payer says of exactly this service type that it is not covered."""
    nearest = priced.service_types[0]
    rows = (coverage.benefits or {}).get("rows") or ()
    return any(
        row.get("kind") in ("not_covered", "exclusion") and row.get("service_type") == nearest
        for row in rows
    )


def _payer_missing(coverage: CoverageBenefits) -> tuple[str, ...]:
    benefits = coverage.benefits
    if benefits is None or benefits.get("status") == "not_answered":
        return ("The payer has not answered.",)
    if benefits.get("status") == "inactive":
        return ("The payer says that this coverage is not active.",)
    return ()


def _payer(
    coverage: CoverageBenefits, service_types: tuple[str, ...], *, first: bool
) -> Payer | None:
    """The coverage as a payer of the case; None where it takes over nothing that is known."""
    if coverage.kind not in _KINDS:
        return None
    kind = _KINDS[coverage.kind]
    if coverage.kind is PayerKind.MEDICAID and first:
        # Medicaid alone asks small copays, which it states, and has no deductible.
        return Payer("commercial")
    if coverage.kind is PayerKind.MEDICAID and not coverage.qmb:
        return None
    if kind in ("medicaid_qmb", "medigap_g", "selfpay"):
        return Payer(kind)
    parts = _parts(coverage, service_types)
    deductible = _remaining(parts, "deductible")
    limit = _remaining(parts, "out_of_pocket")
    if kind == "medicare_b":
        # Original Medicare has no out-of-pocket limit, and its deductible is the person's own.
        return Payer(kind, ded_ind_rem=deductible[0])
    return Payer(
        kind,
        network=coverage.network,
        ded_ind_rem=deductible[0],
        ded_fam_rem=deductible[1],
        oop_ind_rem=limit[0],
        oop_fam_rem=limit[1],
        sec_coins_bp=None if first else _rate(parts)[0],
    )


def _parts(coverage: CoverageBenefits, service_types: tuple[str, ...]) -> list[Mapping[str, Any]]:
    """What the payer says of a service, the nearest service type first, the plan last."""
    summary = (coverage.benefits or {}).get("summary") or {}
    return [
        part
        for stc in dict.fromkeys((*service_types, "30"))
        if (part := (summary.get(stc) or {}).get(_side(coverage)))
    ]


def _remaining(parts: list[Mapping[str, Any]], measure: str) -> tuple[Remaining, Remaining]:
    """The person's and the family's remainder, as the nearest service type that tells one has it.

    A family amount that is not stated limits nothing; a person's that is not stated is unknown.
    """
    told = _told(parts, measure)
    free = f"{measure}.individual" in (told.get("no_limit") or ())
    mine = None if free else _left(_figure(told, measure))
    family = _left(_figure(told, measure, "family")) if _stated(told, measure, "family") else None
    return mine, family


def _told(parts: list[Mapping[str, Any]], measure: str) -> Mapping[str, Any]:
    levels = ("individual", "family")
    return next((p for p in parts if any(_states(p, measure, level) for level in levels)), {})


def _states(part: Mapping[str, Any], measure: str, level: str) -> bool:
    """Whether the payer says anything of it, if only that there is no such limit."""
    free = f"{measure}.{level}" in (part.get("no_limit") or ())
    return free or _stated(part, measure, level)


def _stated(part: Mapping[str, Any], measure: str, level: str) -> bool:
    return any(value is not None for value in _figure(part, measure, level).values())


def _left(figure: Mapping[str, Any]) -> Remaining:
    if figure.get("total") is not None and figure["total"] >= _NO_LIMIT:
        return None
    left = figure.get("remaining")
    if left is not None and left >= 0:
        return int(left)
    return 0 if figure.get("total") == 0 else UNKNOWN
