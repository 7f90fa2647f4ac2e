"""The patient's share to the cent: worked examples, then properties that always hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.estimates.case import read_case
from workstation.estimates.engine import estimate
from workstation.kernel.errors import NotUnderstood

TODAY = date(2026, 11, 23)


def payer(**changes: Any) -> dict[str, Any]:
    return {"kind": "commercial", "network": "in", "copay_order": "copay_first", **changes}


def service(**changes: Any) -> dict[str, Any]:
    return {"id": "mri", "allowed": 150000, "copay": 0, "coins_bp": 2000, **changes}


def answer(payers: Any, services: Any = (), **more: Any) -> dict[str, Any]:
    data = {"payers": payers, "services": list(services), **more}
    return estimate(read_case(data, TODAY)).as_json()


def parts(found: dict[str, Any]) -> tuple[Any, ...]:
    names = ("patient_total", "deductible", "copay", "coinsurance", "noncovered", "balance_bill")
    return tuple(found[name] for name in names)


ONE_PAYER = [
    # deductible, then 20 % of the rest
    (payer(ded_ind_rem=60000), [service()], (78000, 60000, 0, 18000, 0, 0)),
    # embedded family deductible: the smaller remainder counts
    (payer(ded_ind_rem=60000, ded_fam_rem=40000), [service()], (62000, 40000, 0, 22000, 0, 0)),
    # aggregate family deductible: only the family's
    (payer(ded_fam_rem=40000), [service()], (62000, 40000, 0, 22000, 0, 0)),
    (payer(ded_ind_rem=60000, ded_fam_rem=0), [service()], (30000, 0, 0, 30000, 0, 0)),
    # copay first, deductible first
    (
        payer(ded_ind_rem=60000),
        [service(copay=5000)],
        (82000, 60000, 5000, 17000, 0, 0),
    ),
    (
        payer(ded_ind_rem=10000, copay_order="deductible_first"),
        [service(allowed=12000, copay=5000, coins_bp=0)],
        (12000, 10000, 2000, 0, 0, 0),
    ),
    (
        payer(ded_ind_rem=10000),
        [service(allowed=12000, copay=5000, coins_bp=0)],
        (12000, 7000, 5000, 0, 0, 0),
    ),
    # a copay is never more than the price
    (payer(), [service(allowed=3000, copay=5000)], (3000, 0, 3000, 0, 0, 0)),
    # one copay for the group
    (
        payer(),
        [
            service(copay=4000, coins_bp=0, copay_group="v"),
            service(copay=4000, coins_bp=0, copay_group="v"),
        ],
        (4000, 0, 4000, 0, 0, 0),
    ),
    # a line that costs nothing does not use up the group's copay
    (
        payer(),
        [
            service(allowed=0, copay=4000, coins_bp=0, copay_group="v"),
            service(copay=4000, coins_bp=0, copay_group="v"),
        ],
        (4000, 0, 4000, 0, 0, 0),
    ),
    # copay by day with a most
    (
        payer(kind="medicare_advantage"),
        [service(allowed=900000, copay=29500, copay_unit="day", copay_max_units=5, units=8)],
        (147500 + 150500, 0, 147500, 150500, 0, 0),
    ),
    (
        payer(),
        [service(allowed=90000, copay=1000, copay_unit="unit", units=3, coins_bp=0)],
        (3000, 0, 3000, 0, 0, 0),
    ),
    (
        payer(),
        [service(allowed=90000, copay=1000, units=3, coins_bp=0)],
        (1000, 0, 1000, 0, 0, 0),
    ),
    # visit limit: two units covered, one at the agreed price
    (
        payer(ded_ind_rem=0),
        [service(allowed=10000, units=3, units_covered=2)],
        (14000, 0, 0, 4000, 10000, 0),
    ),
    (
        payer(),
        [service(allowed=10000, units=3, units_covered=2, noncovered_price=7500)],
        (11500, 0, 0, 4000, 7500, 0),
    ),
    # not covered: outside the deductible
    (
        payer(ded_ind_rem=60000, oop_ind_rem=100),
        [service(covered=False), service(covered=False, noncovered_price=9900)],
        (159900, 0, 0, 0, 159900, 0),
    ),
    (payer(ded_ind_rem=60000), [service(ded_applies=False)], (30000, 0, 0, 30000, 0, 0)),
    # rounding half up: 20 % of 1.23 is 0.246; 50 % of 0.01 is 0.005
    (payer(), [service(allowed=123)], (25, 0, 0, 25, 0, 0)),
    (payer(), [service(allowed=1, coins_bp=5000)], (1, 0, 0, 1, 0, 0)),
    # out-of-pocket limit cuts coinsurance, then copay, then deductible
    (
        payer(ded_ind_rem=60000, oop_ind_rem=70000),
        [service(copay=5000)],
        (70000, 60000, 5000, 5000, 0, 0),
    ),
    (
        payer(ded_ind_rem=60000, oop_ind_rem=62000),
        [service(copay=5000)],
        (62000, 60000, 2000, 0, 0, 0),
    ),
    (
        payer(ded_ind_rem=60000, oop_ind_rem=90000, oop_fam_rem=50000),
        [service(copay=5000), service()],
        (50000, 50000, 0, 0, 0, 0),
    ),
    # two lines share the accumulators
    (
        payer(ded_ind_rem=60000),
        [service(allowed=50000), service(allowed=50000)],
        (68000, 60000, 0, 8000, 0, 0),
    ),
    # out of network: balance bill outside the limit; protected: none
    (
        payer(network="out", oop_ind_rem=10000),
        [service(charge=250000)],
        (110000, 0, 0, 10000, 0, 100000),
    ),
    (payer(network="out"), [service(charge=100000)], (30000, 0, 0, 30000, 0, 0)),
    (payer(network="out_nsa"), [service(charge=250000)], (30000, 0, 0, 30000, 0, 0)),
    (payer(network="in"), [service(charge=250000)], (30000, 0, 0, 30000, 0, 0)),
    # contracts
    (
        payer(),
        [service(allowed=None, contract={"method": "fee_schedule", "amount": 18000})],
        (3600, 0, 0, 3600, 0, 0),
    ),
    (
        payer(),
        [
            service(
                allowed=None, charge=40001, contract={"method": "percent_of_charges", "bp": 6250}
            )
        ],
        (5000, 0, 0, 5000, 0, 0),
    ),
    (
        payer(),
        [
            service(
                allowed=None,
                charge=15000,
                contract={"method": "case_rate", "amount": 18000, "lesser_of": True},
            )
        ],
        (3000, 0, 0, 3000, 0, 0),
    ),
    (
        payer(),
        [service(allowed=None, charge=15000, contract={"method": "case_rate", "amount": 18000})],
        (3600, 0, 0, 3600, 0, 0),
    ),
    (
        payer(),
        [service(allowed=None, units=4, contract={"method": "per_diem", "amount": 100000})],
        (80000, 0, 0, 80000, 0, 0),
    ),
    (payer(), [service(multiplier_bp=15000)], (45000, 0, 0, 45000, 0, 0)),
    # self-pay
    (
        payer(kind="selfpay", discount_bp=4000, prompt_pay_bp=1000),
        [service(allowed=None, charge=250000)],
        (135000, 0, 0, 0, 135000, 0),
    ),
    (payer(kind="selfpay"), [service(allowed=None, charge=100)], (100, 0, 0, 0, 100, 0)),
    # Part B: the year's deductible and 20 %, capped for one procedure
    (payer(kind="medicare_b"), [service(coins_bp=None)], (52640, 28300, 0, 24340, 0, 0)),
    (payer(kind="medicare_b", ded_ind_rem=0), [service(coins_bp=None)], (30000, 0, 0, 30000, 0, 0)),
    (
        payer(kind="medicare_b", ded_ind_rem=0),
        [service(allowed=2000000, coins_bp=None, opps_cap=173600)],
        (173600, 0, 0, 173600, 0, 0),
    ),
    (
        payer(kind="medicare_b"),
        [service(coins_bp=0, ded_applies=False)],
        (0, 0, 0, 0, 0, 0),
    ),
]


@pytest.mark.parametrize(("first", "services", "expected"), ONE_PAYER)
def test_one_payer(first: Any, services: Any, expected: tuple[int, ...]) -> None:
    found = answer([first], services)
    assert parts(found) == expected
    assert found["range"] is None
    assert "secondary_pays" not in found
    assert all(line["arithmetic"] for line in found["lines"])


@pytest.mark.parametrize(
    ("stay", "expected"),
    [
        ({"setting": "hospital", "first_day": 1, "last_day": 4}, (173600, 173600, 0)),
        (
            {"setting": "hospital", "first_day": 1, "last_day": 4, "deductible_paid": True},
            (0, 0, 0),
        ),
        (
            {"setting": "hospital", "first_day": 59, "last_day": 62, "deductible_paid": True},
            (86800, 0, 86800),
        ),
        (
            {"setting": "hospital", "first_day": 1, "last_day": 92, "ltr_days_left": 60},
            (173600 + 30 * 43400 + 2 * 86800, 173600, 30 * 43400 + 2 * 86800),
        ),
        ({"setting": "snf", "first_day": 1, "last_day": 20}, (0, 0, 0)),
        ({"setting": "snf", "first_day": 1, "last_day": 25}, (5 * 21700, 0, 5 * 21700)),
        ({"setting": "snf", "first_day": 21, "last_day": 100}, (80 * 21700, 0, 80 * 21700)),
    ],
)
def test_part_a_days(stay: Any, expected: tuple[int, int, int]) -> None:
    found = answer([payer(kind="medicare_a")], inpatient=stay)
    assert (found["patient_total"], found["deductible"], found["coinsurance"]) == expected


WORKED = [
    # a family's limit that is nearly used up cuts even the deductible
    (
        payer(ded_ind_rem=60000, ded_fam_rem=90000, oop_ind_rem=300000, oop_fam_rem=20000),
        [service()],
        (20000, 20000, 0, 0, 0, 0),
    ),
    # the deductible of the first line leaves less for the second; the copay group once
    (
        payer(ded_ind_rem=30000),
        [
            service(allowed=20000, copay=2000, copay_group="v", coins_bp=1000),
            service(allowed=40000, copay=2000, copay_group="v", coins_bp=1000),
        ],
        (2000 + 18000 + 12000 + 2800, 30000, 2000, 2800, 0, 0),
    ),
    # deductible first, then a copay of what is left, then a rate of the rest
    (
        payer(ded_ind_rem=30000, copay_order="deductible_first"),
        [service(allowed=50000, copay=5000, coins_bp=2000)],
        (30000 + 5000 + 3000, 30000, 5000, 3000, 0, 0),
    ),
    # copay by unit, no more than the units that are covered
    (
        payer(),
        [
            service(
                allowed=8000, units=6, units_covered=4, copay=1500, copay_unit="unit", coins_bp=0
            )
        ],
        (6000 + 16000, 0, 6000, 0, 16000, 0),
    ),
    # a most of five days also where three of eight are covered
    (
        payer(),
        [
            service(
                allowed=50000,
                units=8,
                units_covered=3,
                copay=20000,
                copay_unit="day",
                copay_max_units=5,
                coins_bp=0,
            )
        ],
        (60000 + 250000, 0, 60000, 0, 250000, 0),
    ),
    # per diem, never more than the charge; then times 150 %
    (
        payer(),
        [
            service(
                allowed=None,
                charge=350000,
                units=4,
                contract={"method": "per_diem", "amount": 100000, "lesser_of": True},
                multiplier_bp=15000,
            )
        ],
        (105000, 0, 0, 105000, 0, 0),
    ),
    # a per diem with a limit of days is a price of one day
    (
        payer(),
        [
            service(
                allowed=None,
                units=5,
                units_covered=3,
                contract={"method": "per_diem", "amount": 100000},
            )
        ],
        (60000 + 200000, 0, 0, 60000, 200000, 0),
    ),
    # half a cent up, once: 33.33 % of 100.01 is 33.333333
    (
        payer(),
        [
            service(
                allowed=None,
                charge=10001,
                contract={"method": "percent_of_charges", "bp": 3333},
                coins_bp=10000,
            )
        ],
        (3333, 0, 0, 3333, 0, 0),
    ),
    # two modifiers of a half: 50 % of 0.01 is 0.005, up to a cent
    (payer(), [service(allowed=1, multiplier_bp=5000, coins_bp=10000)], (1, 0, 0, 1, 0, 0)),
    # out of network with a visit limit: the balance is of the covered units only
    (
        payer(network="out"),
        [service(allowed=10000, charge=16000, units=3, units_covered=2, coins_bp=4000)],
        (8000 + 10000 + 12000, 0, 0, 8000, 10000, 12000),
    ),
    # protected out of network: in-network sharing on the price, nothing beyond it
    (
        payer(network="out_nsa", ded_ind_rem=20000),
        [service(charge=900000, copay=10000)],
        (20000 + 10000 + 24000, 20000, 10000, 24000, 0, 0),
    ),
    # outpatient hospital: the rate is capped for one procedure, the deductible is not in the cap
    (
        payer(kind="medicare_b"),
        [service(allowed=1000000, coins_bp=None, opps_cap=150000)],
        (28300 + 150000, 28300, 0, 150000, 0, 0),
    ),
    # what a plan does not cover has its own price and touches no accumulator
    (
        payer(ded_ind_rem=10000),
        [service(covered=False, noncovered_price=4000), service(allowed=20000)],
        (4000 + 10000 + 2000, 10000, 0, 2000, 4000, 0),
    ),
    # self-pay by units: the whole price is noncovered, prompt payment on the discounted price
    (
        payer(kind="selfpay", discount_bp=2500, prompt_pay_bp=500),
        [service(allowed=None, charge=19999, multiplier_bp=20000)],
        (28499, 0, 0, 0, 28499, 0),
    ),
]


@pytest.mark.parametrize(("first", "services", "expected"), WORKED)
def test_worked_by_hand(first: Any, services: Any, expected: tuple[int, ...]) -> None:
    assert parts(answer([first], services)) == expected


def test_days_without_a_price_leave_the_total_open() -> None:
    stay = {"setting": "hospital", "first_day": 91, "last_day": 95, "deductible_paid": True}
    found = answer([payer(kind="medicare_a")], inpatient={**stay, "ltr_days_left": 3})
    assert found["patient_total"] is None
    assert found["range"] == {"low": 3 * 86800, "high": None}
    unknown = answer([payer(kind="medicare_a")], inpatient=stay)
    assert unknown["range"] == {"low": 5 * 86800, "high": None}
    assert any("not known" in words for words in unknown["assumptions"])


def test_the_year_of_service_chooses_the_amounts() -> None:
    found = answer(
        [payer(kind="medicare_a")],
        inpatient={"setting": "hospital", "first_day": 1, "last_day": 1},
        service_date="2025-12-31",
    )
    assert found["patient_total"] == 167600
    with pytest.raises(NotUnderstood) as caught:
        answer([payer(kind="medicare_b")], [service()], service_date="2031-01-02")
    assert caught.value.field == "service_date"


@pytest.mark.parametrize(
    ("payers", "services", "total", "primary", "pays"),
    [
        (
            [payer(ded_ind_rem=50000), payer(sec_allowed=90000, sec_coins_bp=1000)],
            [service(allowed=100000)],
            0,
            60000,
            60000,
        ),
        (
            [payer(ded_ind_rem=50000), payer(ded_ind_rem=50000, sec_coins_bp=2000)],
            [service(allowed=100000)],
            20000,
            60000,
            40000,
        ),
        (
            [payer(ded_ind_rem=50000), payer(cob="nondup", sec_allowed=90000, sec_coins_bp=1000)],
            [service(allowed=100000)],
            19000,
            60000,
            41000,
        ),
        (
            [payer(), payer(cob="nondup", sec_allowed=80000, sec_coins_bp=2000)],
            [service(allowed=100000)],
            20000,
            20000,
            0,
        ),
        ([payer(kind="medicare_b"), payer(kind="medigap_g")], [service()], 28300, 52640, 24340),
        (
            [payer(kind="medicare_b", ded_ind_rem=0), payer(kind="medigap_g")],
            [service()],
            0,
            30000,
            30000,
        ),
        ([payer(kind="medicare_b"), payer(kind="medicaid_qmb")], [service()], 0, 52640, 52640),
        (
            [payer(kind="medicare_advantage"), payer(kind="medicaid_qmb")],
            [service(copay=4000), service(covered=False, noncovered_price=900)],
            900,
            4000 + 29200 + 900,
            33200,
        ),
        ([payer(), payer()], [service()], 30000, 30000, 0),
        # Medicare second: alone 1,000.00 less 283.00 and 20 % of the rest, 573.60
        (
            [payer(ded_ind_rem=50000), payer(kind="medicare_b")],
            [service(allowed=100000)],
            2640,
            60000,
            57360,
        ),
        # the second's own price, deductible and limit: 500.00 less at most 120.00
        (
            [
                payer(ded_ind_rem=50000),
                payer(sec_allowed=50000, sec_coins_bp=2000, ded_ind_rem=10000, oop_ind_rem=12000),
            ],
            [service(allowed=100000)],
            22000,
            60000,
            38000,
        ),
        # three payers: the second takes all that is left, the third finds nothing
        (
            [payer(ded_ind_rem=50000), payer(sec_coins_bp=0, cob="nondup"), payer(sec_coins_bp=0)],
            [service(allowed=100000)],
            0,
            60000,
            60000,
        ),
        # a supplement and QMB behind Medicare: the deductible that G leaves is QMB's
        (
            [payer(kind="medicare_b"), payer(kind="medigap_g"), payer(kind="medicaid_qmb")],
            [service(allowed=100000, coins_bp=None)],
            0,
            42640,
            42640,
        ),
        # without coverage behind a plan nobody else pays
        ([payer(ded_ind_rem=50000), payer(kind="selfpay")], [service()], 70000, 70000, 0),
    ],
)
def test_later_payers(payers: Any, services: Any, total: int, primary: int, pays: int) -> None:
    found = answer(payers, services)
    assert (found["patient_total"], found["primary_patient_total"], found["secondary_pays"]) == (
        total,
        primary,
        pays,
    )


def test_medigap_pays_the_part_a_share() -> None:
    stay = {"setting": "hospital", "first_day": 1, "last_day": 65}
    found = answer([payer(kind="medicare_a"), payer(kind="medigap_g")], inpatient=stay)
    assert (found["patient_total"], found["secondary_pays"]) == (0, 173600 + 5 * 43400)


def test_medigap_pays_the_days_of_a_nursing_facility() -> None:
    stay = {"setting": "snf", "first_day": 1, "last_day": 30}
    found = answer([payer(kind="medicare_a"), payer(kind="medigap_g")], inpatient=stay)
    assert (found["patient_total"], found["secondary_pays"]) == (0, 10 * 21700)


def test_an_unknown_of_the_second_payer_is_a_range_too() -> None:
    payers = [payer(ded_ind_rem=50000), payer(sec_coins_bp=2000, ded_ind_rem="unknown")]
    found = answer(payers, [service(allowed=100000)])
    assert (found["patient_total"], found["primary_patient_total"]) == (None, 60000)
    assert found["range"] == {"low": 0, "high": 60000}


def test_services_of_a_part_a_stay_cost_nothing_beside_it() -> None:
    stay = {"setting": "hospital", "first_day": 1, "last_day": 3, "deductible_paid": False}
    services = [service(allowed=None), service(covered=False, noncovered_price=5000)]
    found = answer([payer(kind="medicare_a")], services, inpatient=stay)
    assert parts(found) == (178600, 173600, 0, 0, 5000, 0)


def test_parts_a_and_b_stand_side_by_side() -> None:
    stay = {"setting": "hospital", "first_day": 1, "last_day": 3}
    payers = [payer(kind="medicare_a"), payer(kind="medicare_b"), payer(kind="medigap_g")]
    found = answer(payers, [service(allowed=48300, coins_bp=None)], inpatient=stay)
    assert found["primary_patient_total"] == 173600 + 28300 + 4000
    assert found["patient_total"] == 28300


@pytest.mark.parametrize(
    ("change", "low", "high"),
    [
        ({"ded_ind_rem": "unknown"}, 30000, 150000),
        ({"ded_ind_rem": "unknown", "ded_fam_rem": 60000}, 30000, 78000),
        ({"ded_ind_rem": 60000, "oop_ind_rem": "unknown"}, 0, 78000),
        ({"ded_ind_rem": "unknown", "oop_ind_rem": 100000}, 30000, 100000),
        ({"kind": "medicare_b", "ded_ind_rem": "unknown"}, 30000, 52640),
    ],
)
def test_unknown_is_neither_zero_nor_no_limit(change: Any, low: int, high: int) -> None:
    found = answer([payer(**change)], [service()])
    assert found["patient_total"] is None
    assert found["range"] == {"low": low, "high": high}
    assert found["lines"][0]["patient"] is None


def test_a_case_of_many_unknowns_is_answered_at_once() -> None:
    """Eighty unknown amounts: two ends, not every combination."""
    open_ = dict.fromkeys(("ded_ind_rem", "ded_fam_rem", "oop_ind_rem", "oop_fam_rem"), "unknown")
    found = answer([payer(**open_, sec_coins_bp=2000) for _ in range(20)], [service()])
    assert found["patient_total"] is None
    assert found["range"] == {"low": 0, "high": 150000}


@pytest.mark.parametrize(
    ("change", "services"),
    [
        ({"ded_ind_rem": "unknown"}, [service(ded_applies=False)]),
        ({"ded_ind_rem": "unknown", "ded_fam_rem": 0}, [service()]),
        ({"ded_ind_rem": "unknown"}, [service(covered=False)]),
        ({"oop_ind_rem": "unknown", "oop_fam_rem": 0}, [service()]),
    ],
)
def test_an_unknown_that_does_not_matter_is_no_range(change: Any, services: Any) -> None:
    found = answer([payer(**change)], services)
    assert found["patient_total"] is not None
    assert found["range"] is None


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"payers": [payer()], "services": [service(allowed=-5)]}, "services[0].allowed"),
        ({"payers": [payer()], "services": [service(allowed=1.5)]}, "services[0].allowed"),
        ({"payers": [payer()], "services": [service(allowed=True)]}, "services[0].allowed"),
        ({"payers": [payer()], "services": [service(allowed=None)]}, "services[0].allowed"),
        ({"payers": [payer()], "services": [service(coins_bp=10001)]}, "services[0].coins_bp"),
        ({"payers": [payer(ded_ind_rem=-1)], "services": [service()]}, "payers[0].ded_ind_rem"),
        ({"payers": [payer(oop_fam_rem="some")], "services": [service()]}, "payers[0].oop_fam_rem"),
        ({"payers": [payer(kind="x")], "services": [service()]}, "payers[0].kind"),
        ({"payers": [payer(kind="medigap_g")], "services": [service()]}, "payers[0].kind"),
        ({"payers": [], "services": [service()]}, "payers"),
        ({"payers": [payer()], "services": []}, "services"),
        ({"payers": [payer()], "services": {}}, "services"),
        ({"payers": [payer(kind="medicare_a")], "services": [service()]}, "inpatient"),
        ({"payers": [payer()], "inpatient": {"first_day": 1, "last_day": 2}}, "services"),
        (
            {"payers": [payer()], "services": [service(contract={"method": "other"})]},
            "services[0].contract.method",
        ),
        (
            {"payers": [payer()], "services": [service(contract={"method": "per_diem"})]},
            "services[0].contract.amount",
        ),
        (
            {
                "payers": [payer()],
                "services": [
                    service(allowed=None, contract={"method": "percent_of_charges", "bp": 5000})
                ],
            },
            "services[0].charge",
        ),
        (
            {"payers": [payer()], "inpatient": {"setting": "hospital", "first_day": 0}},
            "inpatient.first_day",
        ),
        (
            {"payers": [payer()], "inpatient": {"first_day": 4, "last_day": 3}},
            "inpatient.last_day",
        ),
        ({"payers": [payer()], "services": [service()], "service_date": "x"}, "service_date"),
    ],
)
def test_what_cannot_be_used_is_named(data: Any, path: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        estimate(read_case(data, TODAY))
    assert caught.value.field == path
    assert path in caught.value.say


def test_unknown_keys_are_named() -> None:
    found = answer([payer(colour=1)], [service(moon=2)], sun=3)
    named = [words.split()[0] for words in found["assumptions"]]
    assert {"payers[0].colour", "services[0].moon", "sun"} <= set(named)


CENTS = st.integers(0, 500_000)
LEFT = st.one_of(st.none(), CENTS)
PAYERS = st.builds(
    payer,
    kind=st.sampled_from(["commercial", "medicare_advantage"]),
    network=st.sampled_from(["in", "out", "out_nsa"]),
    copay_order=st.sampled_from(["copay_first", "deductible_first"]),
    ded_ind_rem=LEFT,
    ded_fam_rem=LEFT,
    oop_ind_rem=LEFT,
    oop_fam_rem=LEFT,
)
SERVICES = st.lists(
    st.builds(
        service,
        allowed=CENTS,
        charge=LEFT,
        covered=st.sampled_from([True, True, True, False]),
        ded_applies=st.booleans(),
        copay=st.one_of(st.none(), st.integers(0, 20_000)),
        copay_group=st.sampled_from([None, "a", "b"]),
        copay_unit=st.sampled_from(["visit", "day", "unit"]),
        copay_max_units=st.one_of(st.none(), st.integers(0, 5)),
        units=st.integers(1, 5),
        units_covered=st.one_of(st.none(), st.integers(0, 5)),
        coins_bp=st.integers(0, 10_000),
    ),
    min_size=1,
    max_size=5,
)
SOME = settings(max_examples=60, deadline=None)


@given(first=PAYERS, services=SERVICES)
@SOME
def test_the_total_is_its_parts_and_its_lines(first: Any, services: Any) -> None:
    found = answer([first], services)
    assert found["patient_total"] == sum(parts(found)[1:])
    assert found["patient_total"] == sum(line["patient"] for line in found["lines"])
    for line in found["lines"]:
        shared = line["deductible"] + line["copay"] + line["coinsurance"]
        assert shared >= 0
        assert line["price"] == shared + line["plan_pays"] + line["noncovered"]
        assert line["plan_pays"] >= 0


@given(first=PAYERS, services=SERVICES)
@SOME
def test_no_limit_is_ever_exceeded(first: Any, services: Any) -> None:
    found = answer([first], services)
    shared = found["deductible"] + found["copay"] + found["coinsurance"]
    for name in ("oop_ind_rem", "oop_fam_rem"):
        assert first[name] is None or shared <= first[name]
    for name in ("ded_ind_rem", "ded_fam_rem"):
        assert first[name] is None or found["deductible"] <= first[name]
    if first["ded_ind_rem"] is None and first["ded_fam_rem"] is None:
        assert found["deductible"] == 0


@given(first=PAYERS, services=SERVICES, more=st.integers(1, 50_000))
@SOME
def test_a_greater_remaining_deductible_never_costs_less(
    first: Any, services: Any, more: int
) -> None:
    least = answer([{**first, "ded_ind_rem": 0}], services)["patient_total"]
    some = answer([{**first, "ded_ind_rem": more}], services)["patient_total"]
    found = answer([{**first, "ded_ind_rem": "unknown"}], services)
    span = found["range"] or {"low": found["patient_total"], "high": found["patient_total"]}
    assert least <= some
    assert span["low"] <= least <= some <= span["high"]


@given(first=PAYERS, services=SERVICES, cob=st.sampled_from(["standard", "nondup"]), allowed=LEFT)
@SOME
def test_a_second_payer_never_leaves_more_nor_less_than_nothing(
    first: Any, services: Any, cob: str, allowed: int | None
) -> None:
    alone = answer([first], services)
    second = payer(cob=cob, sec_allowed=allowed, sec_coins_bp=2000, ded_ind_rem=10000)
    both = answer([first, second], services)
    assert both["primary_patient_total"] == alone["patient_total"]
    assert 0 <= both["patient_total"] <= alone["patient_total"]
    standard = answer([first, {**second, "cob": "standard"}], services)
    assert standard["patient_total"] <= both["patient_total"]
