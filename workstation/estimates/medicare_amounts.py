"""The yearly Medicare amounts, from a dated table; a year that is not there is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from workstation.kernel.errors import NotUnderstood
from workstation.kernel.phrases import phrase


@dataclass(frozen=True, slots=True)
class MedicareAmounts:
    """Amounts of one calendar year: cents, except the rate in basis points."""

    year: int
    effective_from: str
    effective_to: str
    source: str
    part_a_deductible: int
    """Per benefit period (42 CFR 409.82)."""
    days_61_90: int
    lifetime_reserve_day: int
    snf_day: int
    """Days 21 to 100 in a skilled nursing facility (42 CFR 409.85)."""
    part_b_deductible: int
    part_b_coinsurance_bp: int


@cache
def _table() -> tuple[MedicareAmounts, ...]:
    text = resources.files("resources").joinpath("rules/medicare_amounts.json").read_text("utf-8")
    return tuple(MedicareAmounts(**row) for row in json.loads(text))


def medicare_amounts(service_date: date) -> MedicareAmounts:
    """The amounts in force on a day of service.

    Raises NotUnderstood (field ``service_date``) for a year without a table: never guessed.
    """
    day = service_date.isoformat()
    for amounts in _table():
        if amounts.effective_from <= day <= amounts.effective_to:
            return amounts
    known = ", ".join(str(amounts.year) for amounts in _table())
    raise NotUnderstood(
        "no_medicare_amounts",
        phrase(
            "service_date {day}: there is no table of Medicare amounts for {year} "
            "(known: {known}).",
            day=day,
            year=service_date.year,
            known=known,
        ),
        "Load the amounts of that year, or correct the date of service.",
        field="service_date",
    )
