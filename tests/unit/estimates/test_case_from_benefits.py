"""From a payer's answer and a price list to a case: nothing invented, conflicts asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from workstation.estimates.case import UNKNOWN, read_case
from workstation.estimates.engine import estimate
from workstation.estimates.from_benefits import (
    BuiltCase,
    CoverageBenefits,
    VisitToEstimate,
    build_case,
    medicare_differs,
)
from workstation.estimates.prices import demo_prices
from workstation.estimates.spoken import read_to_patient
from workstation.payers.model import PayerKind

DAY = date(2026, 11, 23)
PRICES = demo_prices()


def money(total: int | None, remaining: int | None) -> dict[str, Any]:
    return {"individual": {"total": total, "met": None, "remaining": remaining}, "family": None}


def side(**changes: Any) -> dict[str, Any]:
    return {
        "copay": None,
        "coinsurance_bp": None,
        "deductible": {},
        "out_of_pocket": {},
        "rows": [],
        "conflicts": [],
        **changes,
    }


PLAN = side(
    deductible=money(150000, 60000),
    out_of_pocket=money(400000, 300000),
    coinsurance_bp=2000,
    rows=[3],
)
CONFLICT = {
    "measure": "copay",
    "values": [
        {"amount": 2500, "when": ["11", "primary care"], "row": 7},
        {"amount": 5000, "when": ["11", "SPECIALIST VISIT"], "row": 8},
        {"amount": 9000, "when": ["22"], "row": 9},
    ],
}


def covered(summary: dict[str, Any], kind: PayerKind = PayerKind.COMMERCIAL, **more: Any) -> Any:
    benefits = {"status": "active", "summary": summary, "rows": more.pop("rows", [])}
    return CoverageBenefits(more.pop("payer_id", "99001"), kind, benefits=benefits, **more)


def built(*coverages: CoverageBenefits, code: str = "OV-PCP", **more: Any) -> BuiltCase:
    return build_case(VisitToEstimate(DAY, ((code, 1),), coverages, **more), PRICES)


def test_an_mri_under_a_deductible() -> None:
    found = built(covered({"30": {"in": PLAN}}), code="IMG-MRI")
    assert found.case is not None
    answer = estimate(found.case)
    assert (answer.deductible, answer.coinsurance) == (60000, 11600)
    assert found.sources == {"IMG-MRI": (3,)}
    assert found.questions == ()
    assert found.missing == ()
    assert estimate(read_case(found.case.as_json(), DAY)) == answer


def test_a_copay_without_coinsurance_covers_the_visit() -> None:
    plan = side(deductible=money(150000, 60000), out_of_pocket=money(400000, 300000))
    found = built(covered({"98": {"in": side(copay=3500, rows=[5])}, "30": {"in": plan}}))
    assert found.case is not None
    assert estimate(found.case).patient_total == 3500
    assert 5 in found.sources["OV-PCP"]


@pytest.mark.parametrize(
    ("code", "provider_based", "expected", "row"),
    [("OV-PCP", False, 2500, 7), ("OV-SPEC", False, 5000, 8), ("HOP-PROC", True, 9000, 9)],
)
def test_the_setting_settles_conflicting_copays(
    code: str, provider_based: bool, expected: int, row: int
) -> None:
    part = side(conflicts=[CONFLICT])
    summary = {"98": {"in": part}, "50": {"in": part}, "30": {"in": PLAN}}
    found = built(covered(summary), code=code, provider_based=provider_based)
    assert found.case is not None
    assert found.case.services[0].copay == expected
    assert row in found.sources[code]
    assert found.questions == ()
    assert any("several copays" in words for words in found.assumptions)


def test_copays_that_nothing_settles_are_asked_with_their_choices() -> None:
    part = side(conflicts=[CONFLICT])
    found = built(covered({"4": {"in": part}, "30": {"in": PLAN}}), code="IMG-XR")
    assert [choice.amount for choice in found.questions[0].choices] == [2500, 5000, 9000]
    assert found.case is not None
    assert found.case.services[0].copay == 9000
    chosen = built(
        covered({"4": {"in": part}, "30": {"in": PLAN}}),
        code="IMG-XR",
        chosen_copays={"IMG-XR": 5000},
    )
    assert chosen.questions == ()
    assert chosen.case is not None
    assert chosen.case.services[0].copay == 5000


def test_what_the_payer_did_not_say_is_unknown_never_zero() -> None:
    found = built(covered({"30": {"in": side(coinsurance_bp=2000)}}), code="IMG-MRI")
    assert found.case is not None
    assert found.case.payers[0].ded_ind_rem == UNKNOWN
    assert found.case.payers[0].oop_ind_rem == UNKNOWN
    silent = built(covered({"30": {"in": side()}}), code="IMG-MRI")
    assert silent.missing == ("The payer stated neither copay nor coinsurance for this service.",)
    unasked = built(CoverageBenefits("99001", PayerKind.COMMERCIAL), code="IMG-MRI")
    assert "The payer has not answered." in unasked.missing


def test_where_the_payer_says_that_there_is_no_limit_nothing_is_unknown() -> None:
    """Payers write 99,999.00; the benefit model then names the figure instead of an amount."""
    plan = side(
        deductible=money(150000, 60000),
        coinsurance_bp=2000,
        no_limit=["out_of_pocket.individual"],
    )
    found = built(covered({"30": {"in": plan}}), code="IMG-MRI")
    assert found.case is not None
    assert found.case.payers[0].oop_ind_rem is None
    assert estimate(found.case).patient_total == 71600


def test_a_deductible_is_taken_from_the_nearest_service_type_that_tells_one() -> None:
    """Medicare tells its Part B deductible under the services, not under the plan as a whole."""
    own = side(coinsurance_bp=2000, deductible=money(28300, 0))
    found = built(
        covered({"4": {"in": own}, "30": {"in": side()}}, PayerKind.MEDICARE, payer_id="99005"),
        code="IMG-XR",
    )
    assert found.case is not None
    assert [payer.ded_ind_rem for payer in found.case.payers] == [0]


def test_a_service_with_its_own_zero_deductible_is_not_subject_to_the_plans() -> None:
    own = side(deductible=money(0, 0), coinsurance_bp=1000)
    found = built(covered({"5": {"in": own}, "30": {"in": PLAN}}), code="LAB-PANEL")
    assert found.case is not None
    assert not found.case.services[0].ded_applies


def test_no_limit_sentinels_are_no_limit() -> None:
    plan = side(coinsurance_bp=2000, deductible=money(0, 0), out_of_pocket=money(9999999, 9999999))
    found = built(covered({"30": {"in": plan}}), code="IMG-MRI")
    assert found.case is not None
    assert found.case.payers[0].oop_ind_rem is None


def test_medicare_with_qmb_medicaid_owes_nothing() -> None:
    medicare = covered({"30": {"in": PLAN}}, PayerKind.MEDICARE, payer_id="99004")
    medicaid = CoverageBenefits("99006", PayerKind.MEDICAID, qmb=True)
    found = built(medicare, medicaid, code="HOP-PROC")
    assert found.case is not None
    assert estimate(found.case).patient_total == 0
    without = built(medicare, CoverageBenefits("99006", PayerKind.MEDICAID), code="HOP-PROC")
    assert "The total is before Medicaid." in without.assumptions


@pytest.mark.parametrize(
    ("total", "left", "counted"),
    [(25700, 10000, "What the answer says is left is counted"), (25700, None, "The year's amount")],
)
def test_another_part_b_deductible_than_the_years_is_said_and_which_is_counted(
    total: int, left: int | None, counted: str
) -> None:
    medicare = covered(
        {"98": {"in": side(deductible=money(total, left), coinsurance_bp=2000)}},
        PayerKind.MEDICARE,
    )
    found, said = built(medicare), medicare_differs(medicare, ("98", "30"), DAY)
    assert said.startswith(
        "Medicare's answer gives a Part B deductible of $257.00; for 2026 it is $283.00."
    )
    assert counted in said
    assert found.case is not None
    assert found.case.payers[0].ded_ind_rem == (UNKNOWN if left is None else left)


def test_the_years_part_b_deductible_and_other_payers_raise_no_question() -> None:
    year = {"98": {"in": side(deductible=money(28300, 28300), coinsurance_bp=2000)}}
    other = {"98": {"in": side(deductible=money(25700, 100), coinsurance_bp=2000)}}
    assert medicare_differs(covered(year, PayerKind.MEDICARE), ("98", "30"), DAY) == ""
    assert medicare_differs(covered(other, PayerKind.COMMERCIAL), ("98", "30"), DAY) == ""


def test_without_coverage_the_self_pay_price() -> None:
    found = built(code="OV-PCP")
    assert found.case is not None
    assert estimate(found.case).patient_total == 13230


def test_workers_compensation_and_unknown_prices_make_no_case() -> None:
    wc = CoverageBenefits("99010", PayerKind.WORKERS_COMP)
    assert built(wc, code="PT-SESSION").case is None
    assert built(code="NO-SUCH").missing == ("NO-SUCH is not in the price list.",)
    other = covered({"30": {"in": PLAN}}, payer_id="12345")
    assert built(other, code="OV-PCP").case is None


def test_it_is_read_to_the_patient_in_both_languages() -> None:
    found = built(covered({"30": {"in": PLAN}}), code="IMG-MRI")
    assert found.case is not None
    answer = estimate(found.case)
    english, spanish = read_to_patient(answer, "en"), read_to_patient(answer, "Español")
    assert "$716.00" in english[0]
    assert "$716.00" in spanish[0]
    assert len(english) == len(spanish)
    assert english != spanish
    unknown = built(covered({"30": {"in": side(coinsurance_bp=2000)}}), code="IMG-MRI")
    assert unknown.case is not None
    assert "between" in read_to_patient(estimate(unknown.case))[0]
