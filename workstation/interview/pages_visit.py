"""Why the person is here, the accident question, and who answers for the account."""

from __future__ import annotations

from workstation.interview import options
from workstation.interview.checks import past_date, phone_says, should_unless_locked
from workstation.interview.fields import (
    Applies,
    Field,
    FieldKind,
    Page,
    Problem,
    Section,
    Sign,
    must,
    should,
)
from workstation.interview.model import Draft, PageId, Said
from workstation.interview.rules import EMERGENCY_LINE, is_minor
from workstation.interview.situation import Situation
from workstation.interview.typed import iso_or_none
from workstation.interview.visit_details import has_choices, visit_section

_MSP = "42 CFR 411.25; workers' compensation and liability pay first"


def _referred_by_name(draft: Draft, situation: Situation) -> bool:
    """Where the hospital's own clinicians are known, they are offered in the visit's details."""
    return not situation.locked and not has_choices(situation)


def _accident(draft: Draft, situation: Situation) -> bool:
    return draft.accident.is_accident is Said.YES


def _work_accident(draft: Draft, situation: Situation) -> bool:
    return _accident(draft, situation) and draft.accident.kind == "work"


def _other_accident(draft: Draft, situation: Situation) -> bool:
    return _accident(draft, situation) and draft.accident.kind in {"auto", "other"}


def _billable_accident(draft: Draft, situation: Situation) -> bool:
    return _accident(draft, situation) and not situation.locked


def _accident_date(draft: Draft, situation: Situation) -> str | None:
    return past_date(
        draft.accident.date, situation.today, "Type month, day and year of the accident."
    )


REASON = Section(
    "reason",
    "Reason for the visit",
    (
        Field(
            "reason.reason",
            "In the patient's words",
            FieldKind.TEXT,
            must,
            why="It is the first thing that the clinician reads.",
        ),
        Field(
            "reason.arrived_by",
            "How they came",
            FieldKind.CHOICE,
            options=options.ARRIVED_BY,
            width=1,
            why="The record of the visit carries it, and a transfer has papers of its own.",
        ),
        Field(
            "reason.referred_by",
            "Referred by",
            FieldKind.TEXT,
            applies=_referred_by_name,
            width=1,
            why="Some plans pay only with the referral of a primary care doctor.",
        ),
    ),
)

ACCIDENT = Section(
    "accident",
    "Accident",
    (
        Field(
            "accident.is_accident",
            "Is this visit because of an accident, an injury, or an illness from work?",
            FieldKind.YES_NO,
            must,
            options=options.YES_NO,
            asked_afresh=True,
            why="Asked at every visit: after an accident somebody else may have to pay first. "
            "A claim sent to the wrong payer comes back.",
            source=_MSP,
        ),
        Field(
            "accident.kind",
            "Where did it happen",
            FieldKind.CHOICE,
            must,
            options=options.ACCIDENT_KIND,
            applies=_accident,
            asked_afresh=True,
            why="At work the employer's insurance pays first; on the road often the car's; "
            "elsewhere perhaps somebody who is liable.",
        ),
        Field(
            "accident.date",
            "Date of the accident",
            FieldKind.DATE,
            should,
            applies=_accident,
            check=_accident_date,
            width=1,
            asked_afresh=True,
            why="The insurer of the accident asks for it, and the claim carries it.",
        ),
        Field(
            "accident.state",
            "State where it happened",
            FieldKind.STATE,
            should,
            applies=_accident,
            width=1,
            asked_afresh=True,
            why="No-fault insurance is a matter of the state.",
        ),
        Field(
            "accident.employer",
            "Employer at the time",
            FieldKind.TEXT,
            should,
            applies=_work_accident,
            asked_afresh=True,
            why="Workers' compensation is found under the employer of that day.",
        ),
        Field(
            "accident.insurer",
            "Insurer for it",
            FieldKind.TEXT,
            applies=_billable_accident,
            width=1,
            asked_afresh=True,
            why="With its name billing finds the policy that pays before health insurance.",
        ),
        Field(
            "accident.claim_number",
            "Claim number",
            FieldKind.TEXT,
            should_unless_locked,
            applies=_billable_accident,
            width=1,
            asked_afresh=True,
            why="With it the bill finds the accident's insurer at once.",
        ),
        Field(
            "accident.no_fault",
            "Is there no-fault or medical-payments insurance?",
            FieldKind.YES_NO_UNKNOWN,
            options=options.YES_NO_UNKNOWN,
            applies=lambda draft, situation: (
                _other_accident(draft, situation) and not situation.locked
            ),
            asked_afresh=True,
            why="It pays first whoever was at fault, before Medicare and before most health plans.",
            source="42 CFR 411.50",
        ),
        Field(
            "accident.liable_party",
            "Could somebody else be liable for it?",
            FieldKind.YES_NO_UNKNOWN,
            options=options.YES_NO_UNKNOWN,
            applies=lambda draft, situation: (
                _other_accident(draft, situation) and not situation.locked
            ),
            asked_afresh=True,
            why="Whoever caused it, or their insurer, may have to pay before Medicare does.",
            source="42 CFR 411.50",
        ),
    ),
)


def guarantor_is_other(draft: Draft, situation: Situation) -> bool:
    """Somebody other than the patient answers for the account."""
    return draft.guarantor.relation not in {"", "self"}


def _guarantor_person(draft: Draft, situation: Situation) -> bool:
    return guarantor_is_other(draft, situation) and draft.guarantor.relation != "employer"


def _guarantor_relation(draft: Draft, situation: Situation) -> str | None:
    alone = draft.signer.right == "emancipated_minor"
    if draft.guarantor.relation == "self" and is_minor(draft, situation) and not alone:
        return "The patient is under eighteen. Name the parent or guardian who answers for it."
    return None


def _guarantor_phone(draft: Draft, situation: Situation) -> str | None:
    return phone_says(draft.guarantor.phone)


def _guarantor_dob(draft: Draft, situation: Situation) -> str | None:
    if iso_or_none(draft.guarantor.dob) is None:
        return "Type month, day and year of birth."
    return past_date(draft.guarantor.dob, situation.today, "")


GUARANTOR = Section(
    "guarantor",
    "Guarantor of this visit",
    (
        Field(
            "guarantor.relation",
            "Who answers for what insurance leaves",
            FieldKind.CHOICE,
            must,
            options=options.GUARANTOR_RELATION,
            check=_guarantor_relation,
            why="The bill of this visit goes to this person. Another visit may have another one: "
            "an injury at work goes to the employer's insurance.",
        ),
        Field(
            "guarantor.last",
            "Last name, or employer",
            FieldKind.NAME,
            must,
            applies=guarantor_is_other,
            width=1,
            why="The bill is addressed to this name.",
        ),
        Field(
            "guarantor.first",
            "First name",
            FieldKind.NAME,
            must,
            applies=_guarantor_person,
            width=1,
            why="The bill is addressed to this name.",
        ),
        Field(
            "guarantor.dob",
            "Date of birth",
            FieldKind.DATE,
            should,
            applies=_guarantor_person,
            check=_guarantor_dob,
            width=1,
            why="Tells two people of one name apart.",
        ),
        Field(
            "guarantor.phone",
            "Phone",
            FieldKind.PHONE,
            should,
            applies=guarantor_is_other,
            check=_guarantor_phone,
            width=1,
            why="For a question about the bill, so that the patient is not asked.",
        ),
        Field(
            "guarantor.street",
            "Street",
            FieldKind.TEXT,
            applies=guarantor_is_other,
            hint="Leave open if it is the patient's own address.",
            why="The bill is sent here.",
        ),
        Field(
            "guarantor.city",
            "Town",
            FieldKind.TEXT,
            applies=guarantor_is_other,
            width=1,
            why="The bill is sent here.",
        ),
        Field(
            "guarantor.state",
            "State",
            FieldKind.STATE,
            applies=guarantor_is_other,
            width=1,
            why="The bill is sent here.",
        ),
        Field(
            "guarantor.zip",
            "ZIP code",
            FieldKind.ZIP,
            applies=guarantor_is_other,
            width=1,
            why="The bill is sent here.",
        ),
    ),
)


def _reason(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    details = visit_section(draft, situation)
    return (REASON, ACCIDENT) if details is None else (REASON, details, ACCIDENT)


def _guarantor(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    return (GUARANTOR,)


def _guarantor_applies(draft: Draft, situation: Situation) -> Applies:
    if situation.locked:
        return Applies(False, EMERGENCY_LINE, hidden=True)
    work = _work_accident(draft, situation)
    if work and draft.guarantor.relation != "employer":
        return Applies(True, "An injury at work is an account of its own.")
    if situation.on_file is not None and draft.guarantor.relation:
        return Applies(False, "On the page What changed.")
    return Applies(True)


def _guarantor_problems(draft: Draft, situation: Situation) -> tuple[Problem, ...]:
    if _work_accident(draft, situation) and draft.guarantor.relation == "self":
        say = "An injury at work usually goes to the employer. Say why the patient answers for it."
        return (Problem("guarantor.relation", Sign.YIELD, say),)
    return ()


REASON_PAGE = Page(
    PageId.REASON,
    "Reason and accident",
    "Reason, accident",
    _reason,
    why="Why the patient came decides what else is asked, and who sees them.",
)
GUARANTOR_PAGE = Page(
    PageId.GUARANTOR,
    "Guarantor",
    "Guarantor",
    _guarantor,
    _guarantor_applies,
    _guarantor_problems,
    why="Who gets the bill for what insurance leaves, at this visit alone.",
)
