"""Rule 10 of edi.md section 3: copay, then the deductible, then coinsurance, cut at the limit.

From the payer's own 271 to the estimate, with the rows that it stands on.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from workstation.eligibility.model import Answer
from workstation.estimates.engine import estimate
from workstation.estimates.from_benefits import (
    BuiltCase,
    CoverageBenefits,
    VisitToEstimate,
    build_case,
)
from workstation.estimates.prices import demo_prices
from workstation.payers.model import PayerKind

DAY = date(2026, 11, 23)
ACTIVE = "EB*1*IND*30**EXAMPLE PPO"
COPAY = "EB*B*IND*98***27*20*****Y"
DEDUCTIBLE = ("EB*C*IND*30***23*500*****Y", "EB*C*IND*30***29*50*****Y")
RATE = "EB*A*IND*98*****.2****Y"
LIMIT = "EB*G*IND*30***29*{left}*****Y"


def built(answer: Answer) -> BuiltCase:
    benefits = CoverageBenefits("99001", PayerKind.COMMERCIAL, benefits=answer.as_json())
    return build_case(VisitToEstimate(DAY, (("OV-PCP", 1),), (benefits,)), demo_prices())


@pytest.mark.parametrize(
    ("lines", "copay", "deductible", "coinsurance"),
    [
        # $148.00: copay 20, of the other 128 the deductible takes 50, 20 % of the last 78.
        ((COPAY, *DEDUCTIBLE, RATE, LIMIT.format(left=3000)), 2000, 5000, 1560),
        # The limit cuts coinsurance first, then the copay, the deductible last.
        ((COPAY, *DEDUCTIBLE, RATE, LIMIT.format(left=75)), 2000, 5000, 500),
        ((COPAY, *DEDUCTIBLE, RATE, LIMIT.format(left=60)), 1000, 5000, 0),
        ((COPAY, *DEDUCTIBLE, RATE, LIMIT.format(left=40)), 0, 4000, 0),
        # A copay of zero is a statement: nothing is asked before the deductible.
        ((COPAY.replace("*20*", "*0*"), *DEDUCTIBLE, RATE, LIMIT.format(left=3000)), 0, 5000, 1960),
    ],
)
def test_rule_10_copay_then_deductible_then_coinsurance_then_the_limit(
    answer: Callable[..., Answer],
    lines: tuple[str, ...],
    copay: int,
    deductible: int,
    coinsurance: int,
) -> None:
    made = built(answer(ACTIVE, *lines))
    assert made.case is not None
    assert made.missing == ()
    found = estimate(made.case)
    assert (found.copay, found.deductible, found.coinsurance) == (copay, deductible, coinsurance)
    assert found.patient_total == copay + deductible + coinsurance
    assert {2, 3, 4} <= set(made.sources["OV-PCP"]), "the rows that it stands on"


def test_rule_10_what_is_not_covered_goes_before_everything(
    answer: Callable[..., Answer],
) -> None:
    made = built(answer(ACTIVE, "EB*I*IND*98********Y", COPAY, *DEDUCTIBLE, RATE))
    assert made.case is not None
    found = estimate(made.case)
    assert (found.copay, found.deductible, found.coinsurance) == (0, 0, 0)
    assert found.noncovered == found.patient_total == 14800
