"""Days in a hospital or skilled nursing facility under Medicare Part A (42 CFR 409.80-409.85)."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.estimates.case import Inpatient
from workstation.estimates.cost_share import LineShare
from workstation.estimates.medicare_amounts import MedicareAmounts
from workstation.kernel.money import dollars
from workstation.kernel.phrases import phrase

_FULL_DAYS = 60
_COINSURANCE_DAYS = 90
_RESERVE_DAYS = 60
_SNF_FREE_DAYS = 20
_SNF_DAYS = 100


@dataclass(frozen=True, slots=True)
class Stay:
    """The stay's line, and how many of its days Medicare does not pay at all."""

    line: LineShare
    days_without_price: int
    """Days after the reserve, or after day 100: the patient's, at a price not known here."""


def stay_share(stay: Inpatient, amounts: MedicareAmounts) -> Stay:
    """Deductible and daily coinsurance of one stay.

    Where nobody knows how many lifetime reserve days are left, the share counts as if all were,
    which is the least it can be, and every day that needs one counts as unpriced.
    """
    if stay.setting == "snf":
        return _nursing(stay, amounts)
    steps: list[str] = []
    deductible = 0 if stay.deductible_paid else amounts.part_a_deductible
    if deductible:
        words = "Part A deductible {amount} for this benefit period."
        steps.append(phrase(words, amount=dollars(deductible)))
    else:
        steps.append("The Part A deductible of this benefit period is paid.")
    later = _days(stay, _FULL_DAYS + 1, _COINSURANCE_DAYS)
    beyond = _days(stay, _COINSURANCE_DAYS + 1, stay.last_day)
    known = stay.ltr_days_left
    reserve = min(beyond, _RESERVE_DAYS if known is None else known)
    if later:
        each = dollars(amounts.days_61_90)
        steps.append(phrase("{n} of days 61 to 90 at {amount}.", n=later, amount=each))
    if reserve:
        each = dollars(amounts.lifetime_reserve_day)
        steps.append(phrase("{n} lifetime reserve days at {amount}.", n=reserve, amount=each))
    coinsurance = later * amounts.days_61_90 + reserve * amounts.lifetime_reserve_day
    line = LineShare("inpatient", 0, deductible, 0, coinsurance, steps=tuple(steps), priced=False)
    return Stay(line, beyond if known is None else beyond - reserve)


def _nursing(stay: Inpatient, amounts: MedicareAmounts) -> Stay:
    days = _days(stay, _SNF_FREE_DAYS + 1, _SNF_DAYS)
    steps = ["Days 1 to 20 in a skilled nursing facility cost nothing."]
    if days:
        each = dollars(amounts.snf_day)
        steps.append(phrase("{n} of days 21 to 100 at {amount}.", n=days, amount=each))
    line = LineShare("inpatient", 0, 0, 0, days * amounts.snf_day, steps=tuple(steps), priced=False)
    return Stay(line, _days(stay, _SNF_DAYS + 1, stay.last_day))


def _days(stay: Inpatient, first: int, last: int) -> int:
    """How many days of the stay lie between two days of the benefit period, both included."""
    return max(0, min(stay.last_day, last) - max(stay.first_day, first) + 1)
