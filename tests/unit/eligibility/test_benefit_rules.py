"""The rules of reading EB loops (edi.md section 3), one by one, on invented files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from workstation.eligibility.model import Answer, BenefitFile
from workstation.eligibility.reading import read_benefits
from workstation.eligibility.sides import Amounts

Read = Callable[..., Answer]


def codes(answer: Answer) -> set[str]:
    return {finding.code for finding in answer.findings}


def test_one_row_per_service_type_and_place_with_its_own_children(answer: Read) -> None:
    found = answer(
        "EB*1**30**EXAMPLE PPO",
        "EB*B*IND*A4^A6^22***27*20.00****N*Y", "MSG*FIRST", "III*ZZ*11",
        "EB*B*IND*A4^A6^22***27*20.00****N*Y", "III*ZZ*02", "III*ZZ*10", "MSG*SECOND",
    )  # fmt: skip
    told = [(r.number, r.service_type, r.place_of_service, r.messages) for r in found.rows]
    assert told == [
        (1, "30", None, ()),
        *((2, code, "11", ("FIRST",)) for code in ("A4", "A6", "22")),
        *((3, code, at, ("SECOND",)) for code in ("A4", "A6", "22") for at in ("02", "10")),
    ]
    assert found.summary["A4"][0].stated.copay == 2000
    assert found.summary["A4"][0].conflicts == ()


def test_a_percent_is_basis_points_and_zero_is_a_statement(answer: Read) -> None:
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
def test_base_met_and_remaining(answer: Read, lines: tuple[str, ...], amounts: Amounts) -> None:
    found = answer("EB*1**30", *(f"EB*C*IND*30***{line}*****Y" for line in lines))
    assert found.summary["30"][0].limits.deductible_individual.amounts == amounts


def test_three_that_disagree_are_kept_and_told(answer: Read) -> None:
    found = answer(
        "EB*1**30", "EB*G*IND*30***23*3000*****Y", "EB*G*IND*30***24*1*****Y",
        "EB*G*IND*30***29*2000*****Y",
    )  # fmt: skip
    assert found.summary["30"][0].limits.out_of_pocket_individual.amounts == Amounts(
        300000, 100, 200000
    )
    assert "amounts_disagree" in codes(found)


@pytest.mark.parametrize("left", ["-50", "1600"])
def test_nothing_is_derived_from_a_balance_outside_the_total(answer: Read, left: str) -> None:
    found = answer("EB*1**30", "EB*C*IND*30***23*1500*****Y", f"EB*C*IND*30***29*{left}*****Y")
    side = found.summary["30"][0]
    assert side.limits.deductible_individual.amounts == Amounts(150000, None, int(left) * 100)
    assert "more_than_total" in codes(found)


def test_a_sentinel_is_no_limit_and_never_owed(answer: Read) -> None:
    found = answer("EB*1**30", "EB*C*FAM*30***23*99999.99*****W", "EB*C*FAM*30***29*99709.99*****W")
    side = found.summary["30"][0]
    assert side.limits.deductible_family.amounts == Amounts(None, 29000, None)
    assert side.limits.deductible_family.no_limit


def test_a_blank_level_is_unspecified_not_family(answer: Read) -> None:
    found = answer("EB*1**30", "EB*C**30***23*700*****Y", "EB*C*FAM*30***23*1400*****Y")
    side = found.summary["30"][0]
    assert side.limits.deductible_individual.amounts.total == 70000
    assert side.limits.deductible_family.amounts.total == 140000


def test_networks_serve_by_rank(answer: Read) -> None:
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


def test_a_service_type_takes_the_plans_deductible_unless_it_has_its_own(answer: Read) -> None:
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


def test_rows_that_differ_are_a_conflict_with_what_tells_them_apart(answer: Read) -> None:
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


def test_medicare_deductibles_of_two_parts_are_not_one_figure(answer: Read) -> None:
    found = answer(
        "EB*1**30*MA", "EB*1**30*MB",
        "EB*C*IND*30*MA**26*1676", "EB*C*IND*30*MB**26*257",
    )  # fmt: skip
    side = found.summary["30"][0]
    assert side.limits.deductible_individual.amounts.total is None
    assert [v.when for v in side.conflicts[0].values] == [("MA",), ("MB",)]
    assert found.status == "active"


def test_rows_of_another_year_stay_out_of_the_summary(answer: Read) -> None:
    found = answer(
        "EB*1**30",
        "EB*C*IND*30***23*1000*****Y", "DTP*292*RD8*20250101-20251231",
        "EB*C*IND*30***23*1500*****Y", "DTP*292*RD8*20260101-20261231",
    )  # fmt: skip
    assert found.summary["30"][0].limits.deductible_individual.amounts.total == 150000
    assert len(found.rows) == 3


def test_authorization_absent_is_unknown(answer: Read) -> None:
    found = answer(
        "EB*1**30", "EB*B*IND*98***27*25****N*Y", "EB*A*IND*48*****.2***Y*Y",
        "EB*B*IND*UC***27*25*****Y",
    )  # fmt: skip
    said = {code: sides[0].stated.authorization for code, sides in found.summary.items()}
    assert said == {"30": "unknown", "98": "no", "48": "yes", "UC": "unknown"}


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (("EB*1**30",), "active"),
        (("EB*3**30",), "active"),
        (("EB*6**30",), "inactive"),
        (("EB*1**30*MA", "EB*6**30*MB"), "partial"),
        (("EB*1**30", "EB*6**AL"), "active"),
        (("EB*6**30", "EB*1**MH"), "partial"),
        (("EB*1**98", "EB*6**35"), "partial"),
        (("EB*1**30", "DTP*291*RD8*20250101-20251231"), "inactive"),
        (("EB*1**30", "DTP*346*D8*20270101"), "inactive"),
        (("EB*1**30", "DTP*291*RD8*20260101-20261231"), "active"),
        (
            ("EB*6**30**OLD", "DTP*291*RD8*20250101-20251231", "EB*1**30**NEW"),
            "active",
        ),
        (("EB*C*IND*30***23*100",), "not_answered"),
        (("EB*V**30",), "not_answered"),
        ((), "not_answered"),
    ],
)
def test_status_is_decided_by_plan_rows_and_dates(
    answer: Read, lines: tuple[str, ...], status: str
) -> None:
    assert answer(*lines).status == status


def test_part_a_alone_is_said_so(answer: Read) -> None:
    found = answer("EB*1**30*MA", "EB*6**30*MB")
    assert found.status_detail.startswith("Part A only")


def test_the_nearest_dates_win(answer: Read) -> None:
    person = (
        "HL*3*2*22*0", "NM1*IL*1*SAMPLE*ANA****MI*X1", "DTP*346*D8*20200101", "DTP*347*D8*20251231",
    )  # fmt: skip
    assert answer("EB*1**30", person=person).status == "inactive"
    assert answer("EB*1**30", "DTP*291*D8*20260101", person=person).status == "active"
    span = answer("EB*1**30", person=person).dates[0]
    assert (span.qualifier, span.begin, span.end) == (
        "plan", date(2020, 1, 1), date(2025, 12, 31),
    )  # fmt: skip


def test_the_day_asked_about_decides(write: Callable[..., str]) -> None:
    text = write("EB*1**30", "DTP*291*RD8*20260101-20261231")
    assert read_benefits(text, date(2026, 5, 1)).answers[0].status == "active"
    assert read_benefits(text, date(2027, 1, 1)).answers[0].status == "inactive"


def test_a_rejection_is_not_answered_and_has_a_fix(read: Callable[..., BenefitFile]) -> None:
    person = ("HL*3*2*22*0", "TRN*2*T1*9EXAMPLE", "NM1*IL*1*SAMPLE*ANA****MI*X1", "AAA*N**72*C")
    (found,) = read(person=person).answers
    assert found.status == "not_answered"
    (rejection,) = found.rejections
    told = (rejection.loop, rejection.code, rejection.follow_up, rejection.field)
    assert told == ("2100C", "72", "C", "member_id")
    assert "member id" in rejection.fix


@pytest.mark.parametrize("inside", ["source", "receiver"])
def test_rejections_above_the_person_stand_at_the_file(
    write: Callable[..., str], inside: str
) -> None:
    text = write()
    line = "AAA*Y**42*R~\n"
    if inside == "source":
        text = text.replace("HL*2*1*21*1~\n", line + "HL*2*1*21*1~\n")
    else:
        text = text.replace("HL*3*2*22*0~\n", line + "HL*3*2*22*0~\n")
    file = read_benefits(text)
    assert [r.loop for r in file.rejections] == ["2100A" if inside == "source" else "2100B"]
    assert file.answers[0].rejections == ()


DEPENDENT = (
    "HL*3*2*22*1", "NM1*IL*1*SAMPLE*ANA****MI*X1", "REF*6P*G1", "{above}",
    "HL*4*3*23*0", "TRN*2*T1*9EXAMPLE", "NM1*03*1*SAMPLE*LEO", "DMG*D8*20180506*M",
)  # fmt: skip


def of_family(*above: str) -> list[str]:
    lines: list[str] = []
    for line in DEPENDENT:
        lines += above if line == "{above}" else [line]
    return lines


def test_a_subscriber_that_only_leads_on_gives_no_answer(answer: Read) -> None:
    found = answer("EB*1**30", "EB*B*IND*98***27*25*****Y", person=of_family())
    assert found.patient.first == "LEO"
    assert found.patient.member_id is None
    assert found.subscriber.member_id == "X1"
    assert [row.loop for row in found.rows] == ["2110D", "2110D"]


def test_subscriber_rows_apply_where_the_dependent_has_none(
    read: Callable[..., BenefitFile],
) -> None:
    above = ("EB*1**30**FAMILY PLAN", "EB*C*FAM*30***23*3000*****Y", "EB*C*IND*30***23*1500*****Y")
    own = ("EB*C*IND*30***23*1000*****Y", "EB*B*IND*98***27*25*****Y")
    first, second = read(*own, person=of_family(*above)).answers
    assert first.patient.first == "ANA"
    assert second.status == "active"
    assert second.plan_name == "FAMILY PLAN"
    plan = second.summary["30"][0]
    assert plan.limits.deductible_individual.amounts.total == 100000
    assert plan.limits.deductible_family.amounts.total == 300000
    assert plan.rows == (1,)
    assert plan.subscriber_rows == (1, 2)
    assert [r.number for r in second.rows if r.loop == "2110D"] == [1, 2]


def test_a_rejected_dependent_is_not_answered_by_the_subscribers_rows(
    read: Callable[..., BenefitFile],
) -> None:
    person = [*of_family("EB*1**30"), "AAA*N**77*C"]
    answers = read(person=person).answers
    assert [a.status for a in answers] == ["active", "not_answered"]
    assert answers[1].rejections[0].loop == "2100D"


def test_parties_are_found(answer: Read) -> None:
    found = answer(
        "EB*1**30*MA", "EB*1**30*MB",
        "EB*R**30*HN*SILVER OAK", "LS*2120", "NM1*PRP*2*SILVER OAK MA*****PI*99005",
        "PER*IC**TE*8005550100", "LE*2120",
        "EB*L", "LS*2120", "NM1*P3*1*MARLOW*TESS****XX*1987654328", "LE*2120", "MSG*CALL FIRST",
        "EB*U**88", "LS*2120", "NM1*VN*2*HILLTOP", "LE*2120",
        "EB*1**30*QM",
    )  # fmt: skip
    (other,) = found.other_payers
    assert (other.name, other.id, other.insurance_type, other.row) == (
        "SILVER OAK MA", "99005", "HN", 3,
    )  # fmt: skip
    assert other.contacts == (("TE", "8005550100"),)
    assert found.managed_care is not None
    assert found.managed_care.role == "medicare_advantage"
    assert found.primary_care is not None
    assert (found.primary_care.name, found.primary_care.id) == ("TESS MARLOW", "1987654328")
    assert found.rows[3].messages == ("CALL FIRST",)
    (carved,) = found.carve_outs
    assert (carved.name, carved.id, carved.service_types) == ("HILLTOP", None, ("88",))
    assert "qmb" in found.flags


def test_a_medicaid_plan_is_named(answer: Read) -> None:
    found = answer(
        "EB*1**30*MC", "EB*MC**30*HM", "LS*2120", "NM1*PR*2*SUNSHINE PLAN*****PI*99007", "LE*2120"
    )
    assert found.managed_care is not None
    assert (found.managed_care.name, found.managed_care.row) == ("SUNSHINE PLAN", 2)


def test_a_cut_off_amount_is_not_an_amount(write: Callable[..., str]) -> None:
    text = write("EB*1**30", "EB*B*IND*98***27*2500*****Y")
    cut = text[: text.index("2500") + 2]
    (found,) = read_benefits(cut).answers
    assert [row.code for row in found.rows] == ["1"]
    assert "cut_off" in codes(found)


def test_kinds_periods_and_elements_are_kept(answer: Read) -> None:
    found = answer(
        "EB*1**30", "EB*F*IND*PT***22***VS*20**Y", "HSD*VS*20***22",
        "EB*B*IND*98**GOLD*27*25.5****Y*Y*HC:99213:25", "EB*Y*IND*30***34*41.10", "EB*Q**30",
    )  # fmt: skip
    limit, copay, spend, other = found.rows[1:]
    assert (limit.kind, limit.quantity, limit.quantity_qualifier) == ("limitation", 20, "VS")
    assert limit.deliveries[0][0] == "VS"
    told = (copay.procedure, copay.procedure_qualifier, copay.modifiers, copay.amount)
    assert told == ("99213", "HC", ("25",), 2550)
    assert (copay.authorization, copay.plan) == ("yes", "GOLD")
    assert (spend.kind, spend.period, spend.amount) == ("spend_down", "month", 4110)
    assert other.kind == "other"
    assert "spend_down" in found.flags


def test_json_has_the_shape_of_the_contract(answer: Read) -> None:
    value = answer("EB*1**30**P", "EB*C*IND*30***23*1500*****Y").as_json()
    assert value["summary"]["30"]["in"]["deductible"]["individual"] == {
        "total": 150000,
        "met": None,
        "remaining": None,
    }
    assert value["rows"][0]["index"] == 1
    assert value["rows"][0]["service_type"] == "30"
    for party in (value["payer"],):
        assert {"name", "id", "insurance_type", "row"} <= set(party)


def test_a_place_outside_any_benefit_takes_no_name_with_it(answer: Read) -> None:
    person = ("HL*3*2*22*0", "III*ZZ*11", "NM1*IL*1*SAMPLE*ANA****MI*X1")
    assert answer("EB*1**30", person=person).patient.last == "SAMPLE"
