"""What pages ask of a draft: age, Medicare, who is told, what is stale, missing or not needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from workstation.interview import lists
from workstation.interview.model import CoverageAnswer, Draft, Said
from workstation.interview.situation import Situation
from workstation.interview.typed import iso_or_none
from workstation.kernel.phrases import phrase
from workstation.papers.model import FormId, Outcome
from workstation.papers.rules import ADULT_AGE, DuePaper, VisitForPapers, age_on, due_papers
from workstation.payers.model import PayerKind

MEDICARE = frozenset({PayerKind.MEDICARE})
MEDICARE_ADVANTAGE = frozenset({PayerKind.MEDICARE_ADVANTAGE})

EMERGENCY_LINE = "Emergency: registration only for now."


def age(draft: Draft, today: date) -> int | None:
    """Whole years, None while the birth date is not known."""
    born = iso_or_none(draft.identity.dob)
    return None if born is None or born > today else age_on(born, today)


def is_minor(draft: Draft, situation: Situation) -> bool:
    """Under eighteen; a person whose birth date is not known is not taken for a minor."""
    years = age(draft, situation.today)
    return years is not None and years < ADULT_AGE


def usual_holder(draft: Draft, situation: Situation, kind: str) -> str:
    """Who nearly always holds a coverage: an adult their own, and whoever has a public one.

    Empty where a minor is covered by a plan that a parent holds: that is asked.
    """
    years = age(draft, situation.today)
    own = kind in MEDICARE | MEDICARE_ADVANTAGE | {"medicaid"}
    return "self" if own or (years is not None and years >= ADULT_AGE) else ""


def standing(draft: Draft) -> tuple[CoverageAnswer, ...]:
    """The coverages that the patient still has, in order."""
    return lists.standing(draft.coverages.items)


def has_medicare(draft: Draft, situation: Situation) -> bool:
    """Medicare is among the coverages, where the site wants it also as Medicare Advantage."""
    kinds = {c.payer_kind for c in standing(draft)}
    counted = MEDICARE
    if situation.freshness.medicare_advantage_asked:
        counted = counted | MEDICARE_ADVANTAGE
    return bool(kinds & counted)


def asks_about_medicare(draft: Draft, situation: Situation) -> bool:
    """Sixty-five, or disabled, and no Medicare of any kind among the coverages."""
    kinds = {c.payer_kind for c in standing(draft)}
    if situation.locked or kinds & (MEDICARE | MEDICARE_ADVANTAGE):
        return False
    years = age(draft, situation.today)
    old_enough = years is not None and years >= situation.freshness.medicare_age
    disabled = draft.employer.status == "disabled" or draft.msp.by_disability
    return old_enough or disabled


def lock_of_class(draft: Draft, situation: Situation) -> Situation:
    """Emergency locks from the answer on, before it is recorded: by class or by department.

    On an open visit an answer only ever locks; what opens the lock is recorded (42 CFR 489.24).
    """
    emergency = draft.reason.patient_class == "E"
    emergency = emergency or situation.places.is_emergency(draft.reason.department)
    stands = situation.visit
    if draft.visit_id and stands is None:
        return situation
    by_answer = emergency and not (stands is not None and stands.exam_recorded)
    on_record = bool(situation.locked_elsewhere) or (stands is not None and stands.locked)
    return replace(situation, locked=on_record or by_answer)


def with_class_put_right(draft: Draft, before: Situation, now: Situation) -> Draft:
    """The draft after the class of its visit was corrected elsewhere, as in the emergency bar."""
    was = before.visit.patient_class if before.visit else ""
    stands = now.visit.patient_class if now.visit else ""
    reason = draft.reason
    if stands and was and stands != was and reason.patient_class == was:
        return replace(draft, reason=replace(reason, patient_class=stands))
    return draft


def class_differs(draft: Draft, situation: Situation) -> bool:
    """The class answered is not the one on record: it takes a reason to correct that."""
    stands = situation.visit
    return stands is not None and draft.reason.patient_class != stands.patient_class


def visit_for_papers(draft: Draft, situation: Situation) -> VisitForPapers:
    """What the papers' rules look at."""
    return VisitForPapers(
        day=situation.today,
        patient_class=draft.reason.patient_class,
        locked=situation.locked,
        insured=bool(standing(draft)),
        payer_kinds=frozenset(c.payer_kind for c in standing(draft)),
        do_not_bill=draft.coverages.do_not_bill is Said.YES,
        visit_id=draft.visit_id or None,
    )


def papers_due(draft: Draft, situation: Situation) -> tuple[DuePaper, ...]:
    """The papers of this check-in, in the order of handing over."""
    return due_papers(visit_for_papers(draft, situation), situation.signatures)


def paper_settled(draft: Draft, paper: DuePaper) -> bool:
    """Whether something was recorded of the paper; *later* only where care must not wait."""
    answer = draft.paper(str(paper.form.id))
    if answer.outcome == Outcome.LATER:
        return paper.deferrable and bool(answer.reason)
    if answer.outcome in {Outcome.REFUSED, Outcome.UNABLE}:
        return bool(answer.reason)
    if answer.outcome == Outcome.SIGNED:
        return bool(answer.strokes) or not paper.form.asks_signature
    return answer.outcome == Outcome.GIVEN and not paper.form.asks_signature


MONEY_NOTICES = frozenset({FormId.SURPRISE_BILLING_NOTICE, FormId.FINANCIAL_ASSISTANCE_SUMMARY})
"""What a patient is given before the first request for money (45 CFR 149.430; 26 CFR 1.501(r))."""


def money_may_be_asked(draft: Draft, situation: Situation) -> tuple[bool, str]:
    """Whether the patient may be asked for money now, and if not, why.

    Never while locked; and not before the notice on surprise billing was given (45 CFR 149.430).
    """
    if situation.locked:
        return False, EMERGENCY_LINE
    for paper in papers_due(draft, situation):
        if paper.form.id in MONEY_NOTICES and not paper_settled(draft, paper):
            return False, "The notices about bills and help with paying come first."
    return True, ""


def medicare_questions_due(draft: Draft, situation: Situation) -> tuple[bool, str]:
    """Whether the MSP questions are asked now; for recurring care they hold for 90 days."""
    if not has_medicare(draft, situation):
        return False, "No Medicare."
    last = situation.last_medicare_on
    recurring = draft.reason.patient_class == "R"
    if recurring and last is not None:
        days = (situation.today - last).days
        if 0 <= days < situation.freshness.medicare_questions_days:
            words = "Asked {n} days ago; recurring care asks every 90 days."
            return False, phrase(words, n=days)
    return True, ""
