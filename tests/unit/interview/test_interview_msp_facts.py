"""Medicare answers become facts; every path of answers decides, or names what is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.interview import options
from workstation.interview.fields import FieldKind, Sign
from workstation.interview.flow import CHECK_IN
from workstation.interview.missing import is_open, page_fields, page_problems
from workstation.interview.model import (
    Accident,
    CoverageAnswer,
    Coverages,
    Draft,
    GroupPlan,
    Identity,
    Msp,
    PageId,
    Said,
)
from workstation.interview.msp_facts import fields_of_open, msp_facts
from workstation.interview.paths import get, put
from workstation.interview.situation import Situation
from workstation.payers.msp import decide

SITUATION = Situation(date(2026, 11, 23))
MEDICARE = CoverageAnswer(payer_name="Medicare", payer_kind="medicare", member_id="1EG4TE5MK73")
GROUP = CoverageAnswer(payer_name="Lone Star", payer_kind="commercial", member_id="L1")
BASE = Draft(
    identity=Identity(dob="1955-03-03"),
    coverages=Coverages(insured=Said.YES, items=(MEDICARE, GROUP)),
)


def answered(data: st.DataObject) -> Draft:
    """Every question that the two pages ask, answered with anything they offer."""
    draft = replace(
        BASE,
        msp=Msp(
            by_age=data.draw(st.booleans()),
            by_disability=data.draw(st.booleans()),
            by_esrd=data.draw(st.booleans()),
        ),
    )
    if not (draft.msp.by_age or draft.msp.by_disability or draft.msp.by_esrd):
        draft = put(draft, "msp.by_age", True)
    for page in (PageId.REASON, PageId.MEDICARE):
        for _ in range(40):
            fields = page_fields(CHECK_IN.pages[page], draft, SITUATION)
            waiting = [f for f in fields if f.options or f.kind is FieldKind.DATE]
            waiting = [f for f in waiting if is_open(get(draft, f.key))]
            if not waiting:
                break
            field = waiting[0]
            codes = [option.code for option in field.options] or ["2025-11-01"]
            draft = put(draft, field.key, data.draw(st.sampled_from(codes)))
    return draft


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_whatever_is_answered_decides_or_names_a_question_that_is_asked(
    data: st.DataObject,
) -> None:
    draft = answered(data)
    decision = decide(msp_facts(draft, SITUATION))
    if decision.order is not None:
        assert "medicare" in decision.order
        return
    assert decision.open
    asked = {
        field.key
        for page in (PageId.REASON, PageId.MEDICARE)
        for field in page_fields(CHECK_IN.pages[page], draft, SITUATION)
    }
    for path in decision.open:
        assert asked >= set(fields_of_open(path, draft, SITUATION)) != set(), path


def test_unknown_is_never_a_guess() -> None:
    facts = msp_facts(BASE, SITUATION)
    assert facts["research_program"] is None
    assert facts["work_related"] == {"is": None, "date": None}
    assert facts["esrd"] is None
    assert facts["ghp"] is None


def test_without_a_word_about_work_nobody_pays_first_yet() -> None:
    alone = replace(BASE, coverages=Coverages(insured=Said.YES, items=(MEDICARE,)))
    alone = replace(
        alone,
        accident=Accident(is_accident=Said.NO),
        msp=Msp(by_age=True, black_lung=Said.NO, research=Said.NO, va=Said.NO),
    )
    decision = decide(msp_facts(alone, SITUATION))
    assert (decision.order, decision.open) == (None, ("ghp",))
    assert fields_of_open("ghp", alone, SITUATION) == ("msp.patient_work", "msp.spouse_work")
    half = put(alone, "msp.patient_work", "retired")
    assert fields_of_open("ghp", half, SITUATION) == ("msp.spouse_work",)
    nobody = put(half, "msp.spouse_work", "none")
    assert msp_facts(nobody, SITUATION)["ghp"] == []
    assert decide(msp_facts(nobody, SITUATION)).order == ("medicare",)
    disabled = put(nobody, "msp.by_disability", True)
    assert fields_of_open("ghp", disabled, SITUATION) == ("msp.family_work",)


def test_without_a_reason_for_medicare_the_order_stays_open() -> None:
    none = replace(BASE, msp=Msp(patient_work="retired", spouse_work="none"))
    assert msp_facts(none, SITUATION)["entitlement"] is None
    decision = decide(msp_facts(none, SITUATION))
    assert decision.order is None
    assert "entitlement" in decision.open
    problems = page_problems(CHECK_IN.pages[PageId.MEDICARE], none, SITUATION)
    assert ("msp.by_age", Sign.STOP) in [(one.field, one.sign) for one in problems]


@pytest.mark.parametrize("other", ["by_age", "by_disability"])
@pytest.mark.parametrize(
    ("esrd_first", "entitled_from", "order"),
    [
        (Said.YES, "2026-04-01", ("ghp[0]", "medicare")),
        (Said.YES, "", ("ghp[0]", "medicare")),
        (Said.NO, "2020-03-01", ("medicare", "ghp[0]")),
    ],
)
def test_which_of_two_reasons_came_first_decides_about_a_retirees_plan(
    other: str, esrd_first: Said, entitled_from: str, order: tuple[str, ...]
) -> None:
    plan = GroupPlan(through="patient", employment="retired", employees="100")
    msp = Msp(
        black_lung=Said.NO,
        research=Said.NO,
        va=Said.NO,
        by_esrd=True,
        esrd_first=esrd_first,
        entitled_from=entitled_from,
        dialysis_start="2026-01-10",
        self_training=Said.NO,
        patient_work="retired",
        patient_retired="2015-06-30",
        spouse_work="none",
        family_work=Said.NO,
        has_group_plan=Said.YES,
        plan=plan,
        has_second_plan=Said.NO,
    )
    draft = replace(BASE, accident=Accident(is_accident=Said.NO), msp=replace(msp, **{other: True}))
    asked = [field.key for field in page_fields(CHECK_IN.pages[PageId.MEDICARE], draft, SITUATION)]
    assert "msp.esrd_first" in asked
    assert decide(msp_facts(draft, SITUATION)).order == order
    undated = put(put(draft, "msp.entitled_from", ""), "msp.esrd_first", Said.NO)
    decision = decide(msp_facts(undated, SITUATION))
    assert decision.open == ("entitlement[0].from",)
    assert fields_of_open(decision.open[0], undated, SITUATION) == ("msp.entitled_from",)
    signs = page_problems(CHECK_IN.pages[PageId.MEDICARE], undated, SITUATION)
    assert "msp.entitled_from" in [sign.field for sign in signs]


@pytest.mark.parametrize(
    ("items", "second", "missing"),
    [
        ((MEDICARE, GROUP), Said.NO, False),
        ((MEDICARE, GROUP), Said.YES, True),
        ((MEDICARE,), Said.NO, True),
        ((MEDICARE, replace(GROUP, dropped=True)), Said.NO, True),
    ],
)
def test_a_plan_from_work_that_is_no_coverage_is_a_yield_sign(
    items: tuple[CoverageAnswer, ...], second: Said, missing: bool
) -> None:
    msp = Msp(by_age=True, patient_work="working", has_group_plan=Said.YES, has_second_plan=second)
    draft = replace(BASE, coverages=Coverages(Said.YES, items), msp=msp)
    signs = page_problems(CHECK_IN.pages[PageId.MEDICARE], draft, SITUATION)
    found = [one.sign for one in signs if one.field == "msp.has_group_plan"]
    assert found == ([Sign.YIELD] if missing else [])


def test_with_one_reason_nobody_is_asked_which_came_first() -> None:
    for msp in (Msp(by_esrd=True), Msp(by_age=True, by_disability=True)):
        page = CHECK_IN.pages[PageId.MEDICARE]
        asked = [field.key for field in page_fields(page, replace(BASE, msp=msp), SITUATION)]
        assert "msp.esrd_first" not in asked


def test_an_accident_at_work_is_no_other_accident() -> None:
    accident = Accident(is_accident=Said.YES, kind="work", date="2026-11-20", no_fault=Said.YES)
    facts = msp_facts(replace(BASE, accident=accident), SITUATION)
    assert facts["work_related"] == {"is": True, "date": "2026-11-20"}
    assert facts["accident"]["is"] is False
    assert facts["accident"]["no_fault"] is False


def test_every_size_of_employer_is_a_number_in_its_band_or_open() -> None:
    sizes = [option.code for option in options.EMPLOYER_SIZE]
    assert [size for size in sizes if size.isdigit()] == ["19", "20", "100"]
