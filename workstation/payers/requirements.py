"""What each kind of payer needs asked, and what may be owed under it (field.md 4.12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workstation.payers.model import PayerKind
from workstation.people.identifiers import comparable_mbi

MEDICARE_AGE = 65


@dataclass(frozen=True, slots=True)
class Requirements:
    """Fields of the coverage that must be known, more to ask, and the rule of cost sharing."""

    required: tuple[str, ...]
    asks: tuple[str, ...]
    """Questions beside the coverage's own fields: ``msp``, ``referral``, ``adjuster``…"""
    patient_may_owe: bool
    """False where the desk may ask for nothing."""
    owes: str
    asks_eligibility: bool
    """Whether a 270 about health benefits may go to this payer."""
    pays_only_accident: bool = False


_MEMBER = ("payer_id", "member_id", "relation")

_BY_KIND: dict[PayerKind, Requirements] = {
    PayerKind.COMMERCIAL: Requirements(
        (*_MEMBER, "subscriber"), (), True, "Copay, deductible and coinsurance of the plan.", True
    ),
    PayerKind.MEDICARE: Requirements(
        ("member_id",), ("msp",), True, "Part A or B deductible and coinsurance.", True
    ),
    PayerKind.MEDICARE_ADVANTAGE: Requirements(
        _MEMBER, ("mbi",), True, "Copays of the plan, which replaces Medicare for billing.", True
    ),
    PayerKind.MEDIGAP: Requirements(
        _MEMBER, (), True, "What Medicare leaves and the supplement does not pay.", True
    ),
    PayerKind.MEDICAID: Requirements(
        ("payer_id", "member_id"),
        ("managed_plan",),
        True,
        "A small copay at most; care is never refused for it (42 CFR 447.52(e)).",
        True,
    ),
    PayerKind.TRICARE: Requirements(
        (*_MEMBER, "subscriber"), ("sponsor", "referral"), True, "Cost share of the plan.", True
    ),
    PayerKind.VA: Requirements(
        (), ("authorization",), False, "Nothing for the care that VA authorized.", False
    ),
    PayerKind.WORKERS_COMP: Requirements(
        ("claim_number", "injury_date"),
        ("employer", "adjuster"),
        False,
        "Nothing for the work injury.",
        False,
        True,
    ),
    PayerKind.AUTO: Requirements(
        ("claim_number", "injury_date"),
        ("accident_state", "adjuster"),
        False,
        "Nothing at the desk while the accident's insurance pays.",
        False,
        True,
    ),
    PayerKind.EMPLOYER_PAID: Requirements(
        (), ("employer",), False, "Nothing: the employer pays, and no insurance is told.", False
    ),
    PayerKind.SELF_PAY: Requirements(
        (),
        ("good_faith_estimate", "assistance"),
        True,
        "The self-pay price, after assistance is offered.",
        False,
    ),
}


PAYS_ONLY_ACCIDENT = frozenset(kind for kind in PayerKind if _BY_KIND[kind].pays_only_accident)
"""Kinds that pay for one injury or accident, and for nothing else."""
NEVER_ASKED = frozenset(kind for kind in PayerKind if not _BY_KIND[kind].asks_eligibility)
"""Kinds that no 270 about health benefits goes to."""


def requirements(kind: PayerKind) -> Requirements:
    """What a kind of payer asks for."""
    return _BY_KIND[kind]


def required_fields(kind: PayerKind, relation: str | None = "self") -> tuple[str, ...]:
    """The fields that must be known; the subscriber only where somebody else holds the plan."""
    return tuple(
        name
        for name in _BY_KIND[kind].required
        if name != "subscriber" or relation not in (None, "self")
    )


def asks_about_medicare(
    age: int | None, disabled: bool, kinds: Iterable[PayerKind], *, medicare_age: int = MEDICARE_AGE
) -> bool:
    """Whether to ask if the patient has Medicare: old enough or disabled, and none on file."""
    if set(kinds) & {PayerKind.MEDICARE, PayerKind.MEDICARE_ADVANTAGE, PayerKind.MEDIGAP}:
        return False
    return disabled or (age is not None and age >= medicare_age)


def shown_mbi(text: str) -> str | None:
    """A Medicare number as the card shows it (``1EG4-TE5-MK73``), None if it cannot be one.

    Dashes are shown and never stored; letters that CMS never uses are read as digits.
    """
    plain = comparable_mbi(text)
    return None if plain is None else f"{plain[:4]}-{plain[4:7]}-{plain[7:]}"
