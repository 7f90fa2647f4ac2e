"""Why an estimate is a range, or what could still make a known total less: in words."""

from __future__ import annotations

from dataclasses import replace

from workstation.estimates.answer import Estimate
from workstation.estimates.case import UNKNOWN, EstimateCase
from workstation.estimates.engine import estimate
from workstation.kernel.money import dollars
from workstation.kernel.phrases import phrase

_LEFT = {
    "ded": "what is left of the deductible",
    "oop": "what is left of the yearly limit",
}


def why_unsure(case: EstimateCase, found: Estimate) -> str:
    """One sentence with the amounts; empty where nothing can change the total."""
    if found.patient_total is not None:
        return _could_be_less(case, found.patient_total)
    if found.high is None:
        return phrase("At least {low}; the rest is not known.", low=dollars(found.low))
    return phrase(
        "Between {low} and {high}: the payer did not say {what}.",
        low=dollars(found.low),
        high=dollars(found.high),
        what=_open(case),
    )


def _open(case: EstimateCase) -> str:
    first = case.payers[0]
    missing = [
        phrase(words)
        for name, words in _LEFT.items()
        if UNKNOWN in (getattr(first, f"{name}_ind_rem"), getattr(first, f"{name}_fam_rem"))
    ]
    if len(missing) == len(_LEFT):
        return phrase("{one} and {other}", one=missing[0], other=missing[1])
    return missing[0] if missing else phrase("all that is left")


def _could_be_less(case: EstimateCase, total: int) -> str:
    """Bills of other visits may reach the payer first and use up the deductible."""
    first = case.payers[0]
    if not first.ded_ind_rem and not first.ded_fam_rem:
        return ""
    used_up = replace(first, ded_ind_rem=0)
    least = estimate(replace(case, payers=(used_up, *case.payers[1:]))).patient_total
    if least is None or least >= total:
        return ""
    words = "It would be {low} if earlier bills on their way to the payer use up the deductible."
    return phrase(words, low=dollars(least))
