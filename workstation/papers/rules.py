"""Which papers a visit asks for, whether one is still good, and who may sign it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workstation.kernel.phrases import phrase
from workstation.papers.consents import form_on
from workstation.papers.model import Form, FormId, Outcome, PastSignature, Right

ADULT_AGE = 18
"""Age of majority in most states; a site in Alabama, Mississippi or Nebraska sets its own."""

_INSURED_ONLY = frozenset({FormId.ASSIGNMENT_OF_BENEFITS, FormId.RELEASE_OF_INFORMATION})
_MAY_BE_DEFERRED = frozenset({FormId.CONSENT_TO_TREAT, FormId.PRIVACY_NOTICE_ACK})


@dataclass(frozen=True, slots=True)
class VisitForPapers:
    """What decides about papers: day, lock, payers, and whether insurance may be told."""

    day: date
    patient_class: str
    locked: bool
    insured: bool
    payer_kinds: frozenset[str] = frozenset()
    do_not_bill: bool = False
    visit_id: str | None = None


@dataclass(frozen=True, slots=True)
class DuePaper:
    """A paper to settle at this visit; ``deferrable`` papers may wait where care may not."""

    form: Form
    deferrable: bool
    because: str


def due_papers(visit: VisitForPapers, past: Iterable[PastSignature]) -> tuple[DuePaper, ...]:
    """The papers due, in the order of handing over.

    While the emergency lock holds (42 CFR 489.24(d)(4)) no paper of money is due or offered; the
    consent and the privacy acknowledgment may then wait. Notices that stand before the first
    request for money (45 CFR 149.430) come before the financial agreement.
    """
    done = tuple(past)
    due: list[DuePaper] = []
    for form_id in FormId:
        form = form_on(form_id, visit.day)
        if _asked(form, visit):
            because = _because(form, visit, done)
            if because:
                deferrable = visit.locked and form.id in _MAY_BE_DEFERRED
                due.append(DuePaper(form, deferrable, because))
    return tuple(sorted(due, key=lambda paper: paper.form.order))


def _asked(form: Form, visit: VisitForPapers) -> bool:
    if visit.locked and form.of_money:
        return False
    if form.id in _INSURED_ONLY:
        return visit.insured and not visit.do_not_bill
    return form.id is not FormId.FINANCIAL_AGREEMENT or not _pays_nothing(visit)


def _pays_nothing(visit: VisitForPapers) -> bool:
    """Care paid by an employer or by workers' compensation leaves nothing to the patient."""
    kinds = visit.payer_kinds
    return bool(kinds) and kinds <= {"workers_comp", "employer_paid"}


def _because(form: Form, visit: VisitForPapers, past: tuple[PastSignature, ...]) -> str:
    settled = {Outcome.SIGNED, Outcome.GIVEN}
    if form.id is FormId.PRIVACY_NOTICE_ACK:
        # A good-faith attempt that was refused is documented and not repeated (164.520(c)(2)(ii)).
        settled.add(Outcome.REFUSED)
    mine = [s for s in past if s.form_id is form.id and s.outcome in settled]
    if not mine:
        return "not on file"
    last = max(mine, key=lambda signature: signature.on)
    if visit.visit_id and last.visit_id == visit.visit_id and last.version == form.version:
        return ""
    if form.valid_days == 0:
        return "asked at every visit"
    if last.version != form.version:
        return "the form has changed"
    if form.valid_days is not None and (visit.day - last.on).days >= form.valid_days:
        return phrase("older than {n} days", n=form.valid_days)
    return ""


def age_on(born: date, day: date) -> int:
    """Whole years on a day; somebody born on 29 February has their birthday on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def rights_for(born: date | None, day: date) -> tuple[Right, ...]:
    """By what rights today's papers may be signed, the usual one first.

    An adult signs or is represented; a minor's parent or guardian signs, or the minor alone where
    the state lets them. Where the birth date is not known every right is offered.
    """
    if born is None:
        return tuple(Right)
    if age_on(born, day) >= ADULT_AGE:
        return (Right.SELF, Right.POWER_OF_ATTORNEY, Right.GUARDIAN)
    return (Right.PARENT, Right.GUARDIAN, Right.CONSENTING_MINOR, Right.EMANCIPATED_MINOR)


def proof_is_asked(right: Right) -> bool:
    """Whether a paper that proves the right has to be seen before signing."""
    return right in {Right.GUARDIAN, Right.POWER_OF_ATTORNEY, Right.EMANCIPATED_MINOR}


def signer_is_other(right: Right) -> bool:
    """Whether somebody other than the patient signs, so that their name is asked for."""
    return right in {Right.PARENT, Right.GUARDIAN, Right.POWER_OF_ATTORNEY}


def money_papers_open(due: Iterable[DuePaper], settled: Iterable[FormId]) -> tuple[FormId, ...]:
    """Notices that must be given before anybody asks for money, and were not yet."""
    done = set(settled)
    first = (FormId.SURPRISE_BILLING_NOTICE, FormId.FINANCIAL_ASSISTANCE_SUMMARY)
    asked = {paper.form.id for paper in due}
    return tuple(form for form in first if form in asked and form not in done)
