"""The Medicare Secondary Payer questions, asked afresh, one key each, with why they are asked."""

from __future__ import annotations

from workstation.interview import options
from workstation.interview.checks import past_date
from workstation.interview.fields import (
    Applies,
    Field,
    FieldKind,
    Need,
    Page,
    Problem,
    Section,
    Sign,
    When,
    always,
    must,
    should,
)
from workstation.interview.model import Draft, PageId, Said
from workstation.interview.rules import EMERGENCY_LINE, medicare_questions_due, standing
from workstation.interview.situation import Situation
from workstation.kernel.phrases import phrase

_MODEL = "CMS Pub. 100-05, chapter 3 §20.2.1, in our own words"
_WORKS = "working"


def someone_works(draft: Draft, situation: Situation) -> bool:
    """The patient or spouse works, or a family member where Medicare is for disability."""
    msp = draft.msp
    family = msp.by_disability and msp.family_work is Said.YES
    return _WORKS in {msp.patient_work, msp.spouse_work} or family


def group_plan_asked(draft: Draft, situation: Situation) -> bool:
    """A group plan may stand before Medicare, or behind it as a retiree's plan."""
    other = any(c.payer_kind in {"commercial", "tricare"} for c in standing(draft))
    return someone_works(draft, situation) or draft.msp.by_esrd or other


def has_group_plan(draft: Draft, situation: Situation) -> bool:
    """A group plan was named."""
    return group_plan_asked(draft, situation) and draft.msp.has_group_plan is Said.YES


def has_second_plan(draft: Draft, situation: Situation) -> bool:
    """A second group plan was named."""
    return has_group_plan(draft, situation) and draft.msp.has_second_plan is Said.YES


def _black_lung(draft: Draft, situation: Situation) -> bool:
    return draft.msp.black_lung in {Said.YES, Said.UNKNOWN}


def _patient_retired(draft: Draft, situation: Situation) -> bool:
    return draft.msp.patient_work == "retired"


def _spouse_retired(draft: Draft, situation: Situation) -> bool:
    return draft.msp.spouse_work == "retired"


def _disabled(draft: Draft, situation: Situation) -> bool:
    return draft.msp.by_disability


def _esrd(draft: Draft, situation: Situation) -> bool:
    return draft.msp.by_esrd


def two_reasons(draft: Draft, situation: Situation) -> bool:
    """Kidney failure and another reason: which came first decides (42 CFR 411.163)."""
    msp = draft.msp
    return msp.by_esrd and (msp.by_age or msp.by_disability)


def _since_need(draft: Draft, situation: Situation) -> Need:
    """Stands on the Medicare card; with two reasons the order of payers hangs on it."""
    return Need.SHOULD if two_reasons(draft, situation) else Need.MAY


def _plan_fields(at: str, asked: When, title: str) -> tuple[Field, ...]:
    def first(draft: Draft) -> str:
        return draft.msp.plan.employees if at == "msp.plan" else draft.msp.second_plan.employees

    def small(draft: Draft, situation: Situation) -> bool:
        return asked(draft, situation) and first(draft) in {"19", "20", "unknown"}

    def several(draft: Draft, situation: Situation) -> bool:
        plan = draft.msp.plan if at == "msp.plan" else draft.msp.second_plan
        return small(draft, situation) and plan.multi_employer in {Said.YES, Said.UNKNOWN}

    return (
        Field(
            f"{at}.through",
            phrase("{title}: through whom?", title=phrase(title)),
            FieldKind.CHOICE,
            must,
            options=options.PLAN_THROUGH,
            applies=asked,
            asked_afresh=True,
            why="Whose work it comes from decides which of the rules holds.",
        ),
        Field(
            f"{at}.employment",
            "It comes from",
            FieldKind.CHOICE,
            must,
            options=options.PLAN_EMPLOYMENT,
            applies=asked,
            asked_afresh=True,
            why="Only a plan from work that is done now can stand before Medicare.",
        ),
        Field(
            f"{at}.employees",
            "How many people work there?",
            FieldKind.CHOICE,
            must,
            options=options.EMPLOYER_SIZE,
            applies=asked,
            asked_afresh=True,
            why="From 20 people on (100 where Medicare is for disability) the employer's plan "
            "pays first.",
            source="42 CFR 411.100",
        ),
        Field(
            f"{at}.multi_employer",
            "Do several employers share this plan?",
            FieldKind.YES_NO_UNKNOWN,
            options=options.YES_NO_UNKNOWN,
            applies=small,
            asked_afresh=True,
            why="In a shared plan the largest employer decides.",
        ),
        Field(
            f"{at}.multi_employer_largest",
            "How many work at the largest of them?",
            FieldKind.CHOICE,
            must,
            options=options.EMPLOYER_SIZE,
            applies=several,
            asked_afresh=True,
            why="The size of the largest one counts for all of them.",
        ),
        Field(
            f"{at}.small_employer_exception",
            "Was a small employer exception granted?",
            FieldKind.YES_NO_UNKNOWN,
            options=options.YES_NO_UNKNOWN,
            applies=several,
            asked_afresh=True,
            why="With it a shared plan of a small employer pays after Medicare.",
            source="42 CFR 411.172(b)",
        ),
    )


def _entitled(draft: Draft, situation: Situation) -> str | None:
    return past_date(draft.msp.entitled_from, situation.today, "Type month, day and year.")


def _retired(draft: Draft, situation: Situation) -> str | None:
    return past_date(draft.msp.patient_retired, situation.today, "Type month, day and year.")


def _retired_spouse(draft: Draft, situation: Situation) -> str | None:
    return past_date(draft.msp.spouse_retired, situation.today, "Type month, day and year.")


def _dialysis(draft: Draft, situation: Situation) -> str | None:
    return past_date(draft.msp.dialysis_start, situation.today, "Type month, day and year.")


def _transplant(draft: Draft, situation: Situation) -> str | None:
    return past_date(draft.msp.transplant, situation.today, "Type month, day and year.")


def _yes_no(key: str, label: str, why: str, applies: When = always) -> Field:
    kind = FieldKind.YES_NO_UNKNOWN
    return Field(
        key,
        label,
        kind,
        must,
        options=options.YES_NO_UNKNOWN,
        why=why,
        source=_MODEL,
        asked_afresh=True,
        applies=applies,
        width=1,
    )


OTHERS_FIRST = Section(
    "msp_others",
    "Does somebody else pay for this visit?",
    (
        Field(
            "msp.answered_by",
            "Who answers",
            FieldKind.CHOICE,
            must,
            options=options.ANSWERED_BY,
            why="Medicare wants to know whose word this is. The answers are kept for ten years.",
        ),
        _yes_no(
            "msp.black_lung",
            "Do you get Black Lung benefits?",
            "The federal Black Lung program pays first, but only for care of the lungs.",
        ),
        _yes_no(
            "msp.black_lung_visit",
            "Is today's visit about the lungs?",
            "Only then does the Black Lung program pay first.",
            _black_lung,
        ),
        _yes_no(
            "msp.research",
            "Is this visit part of a government research program?",
            "The program pays for what it asks for.",
        ),
        _yes_no(
            "msp.va",
            "Did the VA agree to pay for this visit?",
            "If the VA authorized it, the VA pays and Medicare does not.",
        ),
    ),
)

ENTITLEMENT = Section(
    "msp_entitlement",
    "Why does the patient have Medicare?",
    (
        Field(
            "msp.by_age",
            "Age",
            FieldKind.CHECK,
            width=1,
            why="From sixty-five on, work of patient or spouse may put an employer's plan of 20 "
            "people first.",
            source="42 CFR 411.172",
        ),
        Field(
            "msp.by_disability",
            "Disability",
            FieldKind.CHECK,
            width=1,
            why="Before sixty-five, work in the family may put an employer's plan of 100 people "
            "first.",
            source="42 CFR 411.204",
        ),
        Field(
            "msp.by_esrd",
            "Kidney failure (ESRD)",
            FieldKind.CHECK,
            width=1,
            why="With kidney failure an employer's plan of any size pays first for 30 months.",
            source="42 CFR 411.162",
        ),
        _yes_no(
            "msp.esrd_first",
            "Did Medicare begin because of kidney failure?",
            "An employer's plan then pays first for the whole 30 months. If age or disability came "
            "first, it does so only where it paid before Medicare already.",
            two_reasons,
        ),
        Field(
            "msp.entitled_from",
            "Medicare since",
            FieldKind.DATE,
            _since_need,
            check=_entitled,
            width=1,
            why="Stands on the claim where nobody knows since when the patient is retired.",
        ),
        Field(
            "msp.dialysis_start",
            "First dialysis",
            FieldKind.DATE,
            should,
            applies=_esrd,
            check=_dialysis,
            width=1,
            why="An employer's plan pays first for 30 months from about this date.",
            source="42 CFR 411.162",
        ),
        Field(
            "msp.transplant",
            "Kidney transplant on",
            FieldKind.DATE,
            applies=_esrd,
            check=_transplant,
            width=1,
            why="It may begin the 30 months in which an employer's plan pays first.",
            source="42 CFR 411.162",
        ),
        Field(
            "msp.self_training",
            "Trained to do dialysis at home?",
            FieldKind.YES_NO_UNKNOWN,
            options=options.YES_NO_UNKNOWN,
            applies=_esrd,
            why="Medicare then begins earlier, and the 30 months with it.",
            source="42 CFR 406.13",
        ),
    ),
)

WORK = Section(
    "msp_work",
    "Employment",
    (
        Field(
            "msp.patient_work",
            "Does the patient work?",
            FieldKind.CHOICE,
            must,
            options=options.WORK,
            asked_afresh=True,
            why="A plan from work that is done now may stand before Medicare.",
            source=_MODEL,
        ),
        Field(
            "msp.spouse_work",
            "Does the spouse work?",
            FieldKind.CHOICE,
            must,
            options=options.SPOUSE_WORK,
            asked_afresh=True,
            why="A plan from the spouse's work may stand before Medicare too.",
        ),
        Field(
            "msp.patient_retired",
            "Retired since",
            FieldKind.DATE,
            should,
            applies=_patient_retired,
            check=_retired,
            width=1,
            why="The claim carries the date. If nobody knows it, the date Medicare began is used.",
        ),
        Field(
            "msp.spouse_retired",
            "Spouse retired since",
            FieldKind.DATE,
            should,
            applies=_spouse_retired,
            check=_retired_spouse,
            width=1,
            why="The claim carries the date.",
        ),
        _yes_no(
            "msp.family_work",
            "Does another family member work and cover the patient?",
            "Where Medicare is for disability, any family member's plan may stand first.",
            _disabled,
        ),
        _yes_no(
            "msp.has_group_plan",
            "Is there a health plan from that work?",
            "It decides who pays first, together with the size of the employer.",
            group_plan_asked,
        ),
        *_plan_fields("msp.plan", has_group_plan, "The plan"),
        Field(
            "msp.has_second_plan",
            "Is there a second plan from work?",
            FieldKind.YES_NO_UNKNOWN,
            options=options.YES_NO_UNKNOWN,
            applies=has_group_plan,
            width=1,
            asked_afresh=True,
            why="Each plan from work has its own place before or after Medicare.",
        ),
        *_plan_fields("msp.second_plan", has_second_plan, "The second plan"),
    ),
)


def _sections(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    return (OTHERS_FIRST, ENTITLEMENT, WORK)


def _problems(draft: Draft, situation: Situation) -> tuple[Problem, ...]:
    problems = []
    if not (draft.msp.by_age or draft.msp.by_disability or draft.msp.by_esrd):
        say = "Mark why the patient has Medicare: age, disability or kidney failure."
        problems.append(Problem("msp.by_age", Sign.STOP, say))
    plans = 1 + has_second_plan(draft, situation) if has_group_plan(draft, situation) else 0
    if plans > sum(c.payer_kind in _PLAN_KINDS for c in standing(draft)):
        say = "This plan is not among the coverages. Add its card there, or say why not."
        problems.append(Problem("msp.has_group_plan", Sign.YIELD, say))
    return tuple(problems)


_PLAN_KINDS = frozenset({"commercial", "medicare_advantage"})
"""Kinds of coverage that a plan from work comes as; a retiree's is often Medicare Advantage."""


def _applies(draft: Draft, situation: Situation) -> Applies:
    if situation.locked:
        return Applies(False, EMERGENCY_LINE, hidden=True)
    due, why = medicare_questions_due(draft, situation)
    return Applies(due, why)


MEDICARE_PAGE = Page(
    PageId.MEDICARE,
    "Medicare questions",
    "Medicare",
    _sections,
    _applies,
    _problems,
    why="Medicare pays second where somebody else must pay first. The answers decide who.",
    source=_MODEL,
)
