"""How EB loops become rows: rules 1, 2, 11 to 13, 15 and 19 of edi.md section 3."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from workstation.eligibility.glance import benefits_at_a_glance
from workstation.eligibility.model import Answer
from workstation.eligibility.reading import read_benefits
from workstation.eligibility.service_types import service_types

Read = Callable[..., Answer]


def codes(answer: Answer) -> set[str]:
    return {finding.code for finding in answer.findings}


def test_a_cut_off_amount_is_not_an_amount(write: Callable[..., str]) -> None:
    text = write("EB*1**30", "EB*B*IND*98***27*2500*****Y")
    cut = text[: text.index("2500") + 2]
    (found,) = read_benefits(cut).answers
    assert [row.code for row in found.rows] == ["1"]
    assert "cut_off" in codes(found)


def test_a_place_outside_any_benefit_takes_no_name_with_it(answer: Read) -> None:
    person = ("HL*3*2*22*0", "III*ZZ*11", "NM1*IL*1*SAMPLE*ANA****MI*X1")
    assert answer("EB*1**30", person=person).patient.last == "SAMPLE"


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


def test_rule_01_one_row_per_service_type_and_place_with_its_own_children(answer: Read) -> None:
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


def test_rule_02_kinds_periods_and_elements_are_kept(answer: Read) -> None:
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


def test_rule_13_authorization_absent_is_unknown(answer: Read) -> None:
    found = answer(
        "EB*1**30", "EB*B*IND*98***27*25****N*Y", "EB*A*IND*48*****.2***Y*Y",
        "EB*B*IND*UC***27*25*****Y",
    )  # fmt: skip
    said = {code: sides[0].stated.authorization for code, sides in found.summary.items()}
    assert said == {"30": "unknown", "98": "no", "48": "yes", "UC": "unknown"}


def test_rule_15_a_medicaid_plan_is_named(answer: Read) -> None:
    found = answer(
        "EB*1**30*MC", "EB*MC**30*HM", "LS*2120", "NM1*PR*2*SUNSHINE PLAN*****PI*99007", "LE*2120"
    )
    assert found.managed_care is not None
    assert (found.managed_care.name, found.managed_care.row) == ("SUNSHINE PLAN", 2)


def test_rule_15_parties_are_found(answer: Read) -> None:
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


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ("1 2 3 4 5", "active"),
        ("6 7 8", "inactive"),
        ("A", "coinsurance"),
        ("B", "copay"),
        ("C", "deductible"),
        ("G", "out_of_pocket"),
        ("J", "cost_containment"),
        ("Y", "spend_down"),
        ("F", "limitation"),
        ("I", "not_covered"),
        ("E", "exclusion"),
        ("CB D H", "benefit"),
        ("L", "primary_care"),
        ("R", "other_payer"),
        ("U", "contact"),
        ("V", "cannot_process"),
        ("K M MC N O P Q S T W X ZZ", "other"),
    ],
)
def test_rule_02_every_code_has_its_kind(answer: Read, codes: str, kind: str) -> None:
    found = answer(*(f"EB*{code}**30" for code in codes.split()))
    assert [(row.code, row.kind) for row in found.rows] == [(c, kind) for c in codes.split()]


def test_rule_11_a_place_binds_its_row_and_a_condition_does_not_count_as_one(answer: Read) -> None:
    found = answer("EB*B*IND*98***27*25*****Y", "III*ZZ*11", "III*BK*E119", "III*ZZ*22")
    told = [(row.place_of_service, row.conditions) for row in found.rows]
    assert told == [("11", (("BK", "E119"),)), ("22", (("BK", "E119"),))]


@pytest.mark.parametrize(
    ("message", "tags"),
    [
        ("SPECIALIST VISIT", ["specialist"]),
        ("pcp or Telehealth, Tier 1", ["primary_care", "tier", "telehealth"]),
        ("PRE-CERT NEEDED, PROVIDER IS OUT OF NETWORK", ["prior_authorization", "out_of_network"]),
        ("COPAY IS $40 WITH 20% COINSURANCE", []),
    ],
)
def test_rule_12_words_are_kept_and_tagged_but_no_amount_is_read(
    answer: Read, message: str, tags: list[str]
) -> None:
    found = answer("EB*B*IND*98***27******Y", f"MSG*{message}")
    row = found.as_json()["rows"][0]
    assert (row["messages"], row["tags"]) == ([message], tags)
    assert (row["amount"], row["rate_bp"], row["authorization"]) == (None, None, "unknown")


@pytest.mark.parametrize(
    ("code", "qualifier"),
    [
        *(("291", "plan"), ("346", "plan"), ("347", "plan"), ("292", "benefit")),
        *(("348", "benefit"), ("349", "benefit"), ("307", "eligibility"), ("356", "eligibility")),
        *(("357", "eligibility"), ("290", "coordination"), ("435", "admission")),
        *(("096", "discharge"), ("472", "service"), ("442", "other"), ("193", "other")),
    ],
)
def test_rule_14_dates_have_their_qualifier(answer: Read, code: str, qualifier: str) -> None:
    (row,) = answer("EB*1**30", f"DTP*{code}*D8*20260501").rows
    (span,) = row.dates
    assert (span.qualifier, span.codes) == (qualifier, (code,))
    ends = code in ("347", "349", "357")
    assert (span.end if ends else span.begin) == date(2026, 5, 1)


def test_rule_15_payers_come_with_their_order_and_the_insured_with_the_id(answer: Read) -> None:
    found = answer(
        "EB*R**30*12", "LS*2120", "NM1*PRP*2*GROUP PLAN*****PI*G1",
        "NM1*IL*1*SAMPLE*ANA****MI*OTHER77", "LE*2120",
        "EB*R**30", "LS*2120", "NM1*SEP*2*SECOND*****PI*S1", "LE*2120",
        "EB*R**30", "LS*2120", "NM1*TTP*2*THIRD", "LE*2120",
        "EB*X**48", "LS*2120", "NM1*FA*2*CLINIC", "LE*2120",
    )  # fmt: skip
    told = [(p.role, p.name, p.id, p.member_id) for p in found.other_payers]
    assert told == [
        ("primary", "GROUP PLAN", "G1", "OTHER77"),
        ("secondary", "SECOND", "S1", None),
        ("tertiary", "THIRD", None, None),
    ]
    assert "medicare_secondary" in found.flags
    assert found.carve_outs == ()


def test_rule_19_the_plan_is_named_by_the_row_of_the_plan(answer: Read) -> None:
    found = answer(
        "EB*R**30**OTHER PAYER PLAN", "EB*1**98**OFFICE PLAN", "EB*6**30**OLD", "EB*1**30**GOLD PPO"
    )
    assert found.plan_name == "GOLD PPO"
    assert answer("EB*B*IND*98**SILVER*27*5").plan_name == "SILVER"


def test_rule_19_a_service_that_cannot_be_processed_sits_under_its_group(answer: Read) -> None:
    found = answer("EB*1**30", "EB*V**33", "EB*1**98", "EB*B*IND*98***27*25*****Y")
    assert found.status == "active"
    assert service_types().widening(("34",)) == ("34", "33", "98", "30")
    copay = benefits_at_a_glance(found.as_json(), ("33",)).copay
    assert (copay.value, copay.service_type) == (2500, "98")
