"""Who is covered, who was refused, whose benefits they are: rules 14 and 16 to 18 of edi.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from workstation.eligibility.model import Answer, BenefitFile
from workstation.eligibility.reading import read_benefits

Read = Callable[..., Answer]


DEPENDENT = (
    "HL*3*2*22*1", "NM1*IL*1*SAMPLE*ANA****MI*X1", "REF*6P*G1", "{above}",
    "HL*4*3*23*0", "TRN*2*T1*9EXAMPLE", "NM1*03*1*SAMPLE*LEO", "DMG*D8*20180506*M",
)  # fmt: skip


def of_family(*above: str) -> list[str]:
    lines: list[str] = []
    for line in DEPENDENT:
        lines += above if line == "{above}" else [line]
    return lines


def test_rule_14_the_day_asked_about_decides(write: Callable[..., str]) -> None:
    text = write("EB*1**30", "DTP*291*RD8*20260101-20261231")
    assert read_benefits(text, date(2026, 5, 1)).answers[0].status == "active"
    assert read_benefits(text, date(2027, 1, 1)).answers[0].status == "inactive"


def test_rule_14_the_nearest_dates_win(answer: Read) -> None:
    person = (
        "HL*3*2*22*0", "NM1*IL*1*SAMPLE*ANA****MI*X1", "DTP*346*D8*20200101", "DTP*347*D8*20251231",
    )  # fmt: skip
    assert answer("EB*1**30", person=person).status == "inactive"
    assert answer("EB*1**30", "DTP*291*D8*20260101", person=person).status == "active"
    span = answer("EB*1**30", person=person).dates[0]
    assert (span.qualifier, span.begin, span.end) == (
        "plan", date(2020, 1, 1), date(2025, 12, 31),
    )  # fmt: skip


def test_rule_16_part_a_alone_is_said_so(answer: Read) -> None:
    found = answer("EB*1**30*MA", "EB*6**30*MB")
    assert found.status_detail.startswith("Part A only")


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
def test_rule_16_status_is_decided_by_plan_rows_and_dates(
    answer: Read, lines: tuple[str, ...], status: str
) -> None:
    assert answer(*lines).status == status


def test_rule_17_a_rejection_is_not_answered_and_has_a_fix(
    read: Callable[..., BenefitFile],
) -> None:
    person = ("HL*3*2*22*0", "TRN*2*T1*9EXAMPLE", "NM1*IL*1*SAMPLE*ANA****MI*X1", "AAA*N**72*C")
    (found,) = read(person=person).answers
    assert found.status == "not_answered"
    (rejection,) = found.rejections
    told = (rejection.loop, rejection.code, rejection.follow_up, rejection.field)
    assert told == ("2100C", "72", "C", "member_id")
    assert "member id" in rejection.fix


@pytest.mark.parametrize("inside", ["source", "receiver"])
def test_rule_17_rejections_above_the_person_stand_at_the_file(
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


def test_rule_18_a_rejected_dependent_is_not_answered_by_the_subscribers_rows(
    read: Callable[..., BenefitFile],
) -> None:
    person = [*of_family("EB*1**30"), "AAA*N**77*C"]
    answers = read(person=person).answers
    assert [a.status for a in answers] == ["active", "not_answered"]
    assert answers[1].rejections[0].loop == "2100D"


def test_rule_18_a_subscriber_that_only_leads_on_gives_no_answer(answer: Read) -> None:
    found = answer("EB*1**30", "EB*B*IND*98***27*25*****Y", person=of_family())
    assert found.patient.first == "LEO"
    assert found.patient.member_id is None
    assert found.subscriber.member_id == "X1"
    assert [row.loop for row in found.rows] == ["2110D", "2110D"]


def test_rule_18_subscriber_rows_apply_where_the_dependent_has_none(
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
