"""How rows become figures: rules 3 to 9 and 14 of edi.md section 3."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workstation.eligibility.glance import benefits_at_a_glance
from workstation.eligibility.model import Answer
from workstation.eligibility.sides import Amounts

Read = Callable[..., Answer]


def codes(answer: Answer) -> set[str]:
    return {finding.code for finding in answer.findings}


def test_rule_03_medicare_deductibles_of_two_parts_are_not_one_figure(answer: Read) -> None:
    found = answer(
        "EB*1**30*MA", "EB*1**30*MB",
        "EB*C*IND*30*MA**26*1676", "EB*C*IND*30*MB**26*257",
    )  # fmt: skip
    side = found.summary["30"][0]
    assert side.limits.deductible_individual.amounts.total is None
    assert [v.when for v in side.conflicts[0].values] == [("MA",), ("MB",)]
    assert found.status == "active"


def test_rule_03_rows_that_differ_are_a_conflict_with_what_tells_them_apart(answer: Read) -> None:
    found = answer(
        "EB*1**30",
        "EB*B*IND*98***27*20*****Y", "III*ZZ*11", "EB*B*IND*98***27*45*****Y", "III*ZZ*22",
        "EB*B*IND*UC***27*50*****Y", "MSG*TIER 1", "EB*B*IND*UC***27*90*****Y", "MSG*OTHER",
    )  # fmt: skip
    office = found.summary["98"][0]
    assert office.stated.copay is None
    (conflict,) = office.conflicts
    assert conflict.measure == "copay"
    assert [(v.amount, v.when, v.row) for v in conflict.values] == [
        (2000, ("11",), 2),
        (4500, ("22",), 3),
    ]
    urgent = found.summary["UC"][0].conflicts[0]
    assert [v.when for v in urgent.values] == [("TIER 1",), ("OTHER",)]


@pytest.mark.parametrize(
    ("lines", "amounts"),
    [
        (("23*1500", "24*500"), Amounts(150000, 50000, 100000)),
        (("23*1500", "29*1000"), Amounts(150000, 50000, 100000)),
        (("24*500", "29*1000"), Amounts(150000, 50000, 100000)),
        (("*1500", "29*0"), Amounts(150000, 150000, 0)),
        (("29*1000",), Amounts(None, None, 100000)),
        (("23*1500",), Amounts(150000, None, None)),
        (("22*1500", "24*500", "29*999.99"), Amounts(150000, 50000, 99999)),
        (("32*9000",), Amounts(None, None, None)),
    ],
)
def test_rule_04_base_met_and_remaining(
    answer: Read, lines: tuple[str, ...], amounts: Amounts
) -> None:
    found = answer("EB*1**30", *(f"EB*C*IND*30***{line}*****Y" for line in lines))
    assert found.summary["30"][0].limits.deductible_individual.amounts == amounts


@pytest.mark.parametrize("left", ["-50", "1600"])
def test_rule_04_nothing_is_derived_from_a_balance_outside_the_total(
    answer: Read, left: str
) -> None:
    found = answer("EB*1**30", "EB*C*IND*30***23*1500*****Y", f"EB*C*IND*30***29*{left}*****Y")
    side = found.summary["30"][0]
    assert side.limits.deductible_individual.amounts == Amounts(150000, None, int(left) * 100)
    assert "more_than_total" in codes(found)


def test_rule_04_three_that_disagree_are_kept_and_told(answer: Read) -> None:
    found = answer(
        "EB*1**30", "EB*G*IND*30***23*3000*****Y", "EB*G*IND*30***24*1*****Y",
        "EB*G*IND*30***29*2000*****Y",
    )  # fmt: skip
    assert found.summary["30"][0].limits.out_of_pocket_individual.amounts == Amounts(
        300000, 100, 200000
    )
    assert "amounts_disagree" in codes(found)


def test_rule_05_a_sentinel_is_no_limit_and_never_owed(answer: Read) -> None:
    found = answer("EB*1**30", "EB*C*FAM*30***23*99999.99*****W", "EB*C*FAM*30***29*99709.99*****W")
    side = found.summary["30"][0]
    assert side.limits.deductible_family.amounts == Amounts(None, 29000, None)
    assert side.limits.deductible_family.no_limit


def test_rule_06_a_blank_level_is_unspecified_not_family(answer: Read) -> None:
    found = answer("EB*1**30", "EB*C**30***23*700*****Y", "EB*C*FAM*30***23*1400*****Y")
    side = found.summary["30"][0]
    assert side.limits.deductible_individual.amounts.total == 70000
    assert side.limits.deductible_family.amounts.total == 140000


def test_rule_07_networks_serve_by_rank(answer: Read) -> None:
    found = answer(
        "EB*1**30",
        "EB*B*IND*98***27*10*****W", "EB*B*IND*98***27*20*****Y",
        "EB*B*IND*UC***27*30", "EB*B*IND*86***27*40*****U",
    )  # fmt: skip
    assert [r.network for r in found.rows] == ["not_stated", "both", "in", "not_stated", "unknown"]
    assert (found.summary["98"][0].stated.copay, found.summary["98"][1].stated.copay) == (
        2000,
        1000,
    )
    assert (found.summary["UC"][0].stated.copay, found.summary["UC"][1].stated.copay) == (
        3000,
        3000,
    )
    assert (found.summary["86"][0].stated.copay, found.summary["86"][1].stated.copay) == (
        None,
        None,
    )
    assert "network_not_stated" in codes(found)


def test_rule_08_a_service_type_takes_the_plans_deductible_unless_it_has_its_own(
    answer: Read,
) -> None:
    found = answer(
        "EB*1**30", "EB*C*IND*30***23*1500*****Y", "EB*C*IND*30***29*900*****Y",
        "EB*G*IND*30***23*6000*****Y", "EB*C*IND*98***23*0*****Y", "EB*B*IND*UC***27*75*****Y",
    )  # fmt: skip
    assert found.summary["98"][0].limits.deductible_individual.amounts.total == 0
    assert found.summary["98"][0].limits.deductible_individual.amounts.remaining is None
    assert found.summary["UC"][0].limits.deductible_individual.amounts == Amounts(
        150000, 60000, 90000
    )
    assert found.summary["98"][0].limits.out_of_pocket_individual.amounts.total == 600000
    assert found.summary["UC"][1].limits.deductible_individual.amounts == Amounts()
    assert set(found.summary["UC"][0].rows) == {2, 3, 4, 6}


def test_rule_09_zero_is_a_statement_and_absence_is_not(answer: Read) -> None:
    found = answer(
        "EB*1**30",
        "EB*A*IND*98*****.2****Y", "EB*A*IND*UC*****0****Y", "EB*A*IND*86*****1****Y",
        "EB*B*IND*98***27*0*****Y",
    )  # fmt: skip
    assert [r.rate_bp for r in found.rows] == [None, 2000, 0, 10000, None]
    assert found.summary["98"][0].stated.copay == 0
    assert found.summary["98"][1].stated.copay is None
    assert found.summary["UC"][0].stated.coinsurance_bp == 0
    assert found.summary["UC"][0].stated.copay is None


def test_rule_14_rows_of_another_year_stay_out_of_the_summary(answer: Read) -> None:
    found = answer(
        "EB*1**30",
        "EB*C*IND*30***23*1000*****Y", "DTP*292*RD8*20250101-20251231",
        "EB*C*IND*30***23*1500*****Y", "DTP*292*RD8*20260101-20261231",
    )  # fmt: skip
    assert found.summary["30"][0].limits.deductible_individual.amounts.total == 150000
    assert len(found.rows) == 3


def test_rule_03_rows_of_one_key_never_overwrite_each_other(answer: Read) -> None:
    lines = [
        line
        for place, words in (("11", "OFFICE"), ("02", "TELEHEALTH"), ("22", "CLINIC"), ("19", ""))
        for line in (
            f"EB*B*IND*A4^A6^22***27*{place}.00****N*Y",
            f"III*ZZ*{place}",
            *([f"MSG*{words}"] if words else []),
        )
    ]
    found = answer("EB*1**30", *lines)
    for code in ("A4", "A6", "22"):
        side = found.summary[code][0]
        (conflict,) = side.conflicts
        assert side.stated.copay is None
        assert [(v.amount, v.when) for v in conflict.values] == [
            (1100, ("11", "OFFICE")),
            (200, ("02", "TELEHEALTH")),
            (2200, ("22", "CLINIC")),
            (1900, ("19",)),
        ]
        assert side.stated.rows == {2, 3, 4, 5}


def test_rule_04_balances_are_never_added_up(answer: Read) -> None:
    found = answer(
        "EB*1**30", "EB*C*IND*30***29*100*****Y", "EB*C*IND*30***29*100*****Y",
        "EB*C*IND*30***32*9000*****Y", "EB*C*IND*30***33*8000*****Y",
    )  # fmt: skip
    level = found.summary["30"][0].limits.deductible_individual
    assert (level.amounts, level.conflicts) == (Amounts(None, None, 10000), ())


def test_rule_06_both_levels_are_shown_side_by_side(answer: Read) -> None:
    found = answer(
        "EB*1**30", "EB*C*IND*30***29*900*****Y", "EB*C*FAM*30***29*400*****Y",
        "EB*C*DEP*98***29*300*****Y", "EB*C*ECH*98***29*700*****Y",
    )  # fmt: skip
    plan, office = found.summary["30"][0].limits, found.summary["98"][0].limits
    assert plan.deductible_individual.amounts.remaining == 90000
    assert plan.deductible_family.amounts.remaining == 40000
    assert office.deductible_individual.amounts.remaining == 30000
    assert office.deductible_family.amounts.remaining == 70000


def test_rule_08_the_group_answers_before_the_plan(answer: Read) -> None:
    found = answer("EB*1**30", "EB*B*IND*98***27*25*****Y", "EB*A*IND*30*****.2****Y").as_json()
    assert benefits_at_a_glance(found, ("BY",)).copay.service_type == "98"
    assert benefits_at_a_glance(found, ("UC",)).copay.value is None
