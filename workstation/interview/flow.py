"""The way through the pages: pure steps over an immutable draft, with an exact way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from workstation.interview import pages_person
from workstation.interview.cards import accept_fresh
from workstation.interview.fields import Applies, Option, Page, Problem, Sign
from workstation.interview.missing import page_fields, page_problems
from workstation.interview.model import Draft, PageId, Skip
from workstation.interview.options import SKIP_REASONS
from workstation.interview.pages_changed import WHAT_CHANGED_PAGE
from workstation.interview.pages_coverage import COVERAGE_PAGE
from workstation.interview.pages_medicare import MEDICARE_PAGE
from workstation.interview.pages_papers import BENEFITS_PAGE, PAPERS_PAGE, PAY_PAGE
from workstation.interview.pages_visit import GUARANTOR_PAGE, REASON_PAGE
from workstation.interview.paths import carry, last_seen, put
from workstation.interview.rules import age
from workstation.interview.scans import Scan, unsettled
from workstation.interview.situation import Situation
from workstation.kernel.phrases import phrase
from workstation.papers.model import Right
from workstation.papers.rules import ADULT_AGE


@dataclass(frozen=True, slots=True)
class Flow:
    """Pages by id and the one to start with; their order is the order of :class:`PageId`."""

    start: PageId
    pages: Mapping[PageId, Page]

    def applicable(self, draft: Draft, situation: Situation) -> tuple[PageId, ...]:
        """The pages that this draft is asked, in order."""
        return tuple(page for page in PageId if self.pages[page].applies(draft, situation).yes)


CHECK_IN = Flow(
    PageId.IDENTITY,
    {
        page.id: page
        for page in (
            *pages_person.PAGES,
            REASON_PAGE,
            WHAT_CHANGED_PAGE,
            COVERAGE_PAGE,
            MEDICARE_PAGE,
            GUARANTOR_PAGE,
            PAPERS_PAGE,
            BENEFITS_PAGE,
            PAY_PAGE,
        )
    },
)
"""The check-in at the desk; a kiosk renders the same one with other controls."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A page that was left, and the draft as it was then."""

    page: PageId
    draft: Draft


@dataclass(frozen=True, slots=True)
class Walk:
    """Where a check-in stands: the draft, the page, the pages behind, and those gone back from."""

    draft: Draft
    page: PageId = PageId.IDENTITY
    behind: tuple[Stop, ...] = ()
    ahead: tuple[Stop, ...] = ()
    seen: frozenset[PageId] = frozenset()
    """Pages that were left with Continue at least once."""
    known: Draft | None = None
    """What was on file when the person at the desk last saw it: the base of every edit."""
    base: Draft | None = None
    """The draft as it was when this page was come back to: what changed since is carried on."""
    scans: tuple[Scan, ...] = ()
    """What was scanned so far; neither Back nor Continue changes it."""

    def at(self, page: PageId, draft: Draft, behind: tuple[Stop, ...]) -> Walk:
        """Another page further on: nothing is ahead any more."""
        return replace(self, draft=draft, page=page, behind=behind, ahead=(), base=None)


@dataclass(frozen=True, slots=True)
class ShowPage:
    """Show the page of the walk; ``focus`` is the question to go to first."""

    walk: Walk
    problems: tuple[Problem, ...] = ()
    focus: str | None = None


@dataclass(frozen=True, slots=True)
class NeedChoice:
    """Some questions are open that may stay open with a reason: which one is it?"""

    walk: Walk
    fields: tuple[str, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Working:
    """The page's answers are being recorded; the draft is safe meanwhile."""

    walk: Walk
    what: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Every page that applies is done."""

    walk: Walk


@dataclass(frozen=True, slots=True)
class Aborted:
    """The check-in was given up, and why; the visit stays as it is."""

    walk: Walk
    reason: str


StepResult = ShowPage | NeedChoice | Working | Finished | Aborted


class StepState(StrEnum):
    """Where a page of the rail stands; each has an icon and a word."""

    DONE = "done"
    NOW = "now"
    MUST_FIX = "must fix"
    MAY_GO_ON = "check"
    NOT_YET = "not yet"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True)
class RailStep:
    """One line of the step rail."""

    page: PageId
    label: str
    state: StepState
    why: str = ""


def begin(draft: Draft, flow: Flow = CHECK_IN, *, known: Draft | None = None) -> Walk:
    """A walk at the first page; ``known`` is what was on file when the draft was filled in."""
    return Walk(draft, flow.start, known=known)


def answer(walk: Walk, key: str, value: object) -> Walk:
    """The walk with one answer given or changed; a reason to skip it falls away."""
    draft = put(walk.draft, key, value)
    if key == "signer.right":
        draft = _named_signer(draft)
    skips = tuple(skip for skip in draft.skips if skip.field != key)
    return replace(walk, draft=replace(draft, skips=skips))


def _named_signer(draft: Draft) -> Draft:
    """A parent or guardian who answers for the bill was named there; they nearly always sign."""
    guarantor, signer = draft.guarantor, draft.signer
    if signer.name or signer.right not in {Right.PARENT, Right.GUARDIAN}:
        return draft
    if guarantor.relation != signer.right:
        return draft
    name = " ".join(part for part in (guarantor.first, guarantor.last) if part)
    return replace(draft, signer=replace(signer, name=name))


def forward(
    walk: Walk, situation: Situation, *, reason: str | None = None, flow: Flow = CHECK_IN
) -> StepResult:
    """Continue: to the first stop sign, to the question why, to the next page, or to the end.

    ``reason`` answers the question why of every open yield sign on the page.
    """
    page = flow.pages[walk.page]
    if walk.page is PageId.WHAT_CHANGED:
        walk = replace(walk, draft=accept_fresh(walk.draft, situation))
    if page.applies(walk.draft, situation).yes:
        problems = page_problems(page, walk.draft, situation)
        stops = tuple(p for p in problems if p.sign is Sign.STOP)
        if stops:
            return ShowPage(walk, problems, stops[0].field)
        open_fields = tuple(p.field for p in problems)
        if open_fields and reason is None:
            return NeedChoice(walk, open_fields, SKIP_REASONS)
        walk = replace(walk, draft=_skipping(walk.draft, walk.page, open_fields, reason))
    return _to_next(walk, situation, flow)


def _skipping(draft: Draft, page: PageId, fields: tuple[str, ...], reason: str | None) -> Draft:
    if not fields or reason is None:
        return draft
    kept = tuple(skip for skip in draft.skips if skip.field not in fields)
    return replace(draft, skips=(*kept, *(Skip(page, field, reason) for field in fields)))


def _to_next(walk: Walk, situation: Situation, flow: Flow) -> StepResult:
    behind = (*walk.behind, Stop(walk.page, walk.draft))
    draft = usual_answers(_newest(walk), situation)
    walk = replace(walk, seen=walk.seen | {walk.page})
    order = tuple(PageId)
    for page in order[order.index(walk.page) + 1 :]:
        if flow.pages[page].applies(draft, situation).yes:
            return ShowPage(walk.at(page, draft, behind))
    return _end(walk.at(walk.page, draft, walk.behind), situation, flow)


def usual_answers(draft: Draft, situation: Situation) -> Draft:
    """Fills in what is nearly always so and stands in sight to be changed.

    An adult signs for themselves and answers the Medicare questions; whoever is old enough has
    Medicare by age; a new patient who told of their work a moment ago is not asked again. Nothing
    is filled in for a minor, and nothing that was answered is changed.
    """
    years = age(draft, situation.today)
    if years is not None and years >= ADULT_AGE and not draft.signer.right:
        draft = put(draft, "signer.right", str(Right.SELF))
    if not draft.msp.answered_by:
        draft = put(draft, "msp.answered_by", "patient")
    msp = draft.msp
    old_enough = years is not None and years >= situation.freshness.medicare_age
    if old_enough and not (msp.by_age or msp.by_disability or msp.by_esrd or msp.patient_work):
        draft = put(draft, "msp.by_age", True)
    if situation.on_file is None and not msp.patient_work:
        draft = put(draft, "msp.patient_work", _WORK_SAID.get(draft.employer.status, ""))
    return draft


_WORK_SAID = {"employed": "working", "self_employed": "working", "retired": "retired"}
"""Answers about work as the Medicare questions word them."""


def _newest(walk: Walk) -> Draft:
    """The draft to go on with: what was typed further on, with what changed here laid over it."""
    if not walk.ahead or walk.base is None:
        return walk.draft
    return carry(walk.base, walk.draft, walk.ahead[-1].draft)


def _end(walk: Walk, situation: Situation, flow: Flow) -> StepResult:
    """Finished, unless a later answer made an earlier page need something."""
    for page in flow.applicable(walk.draft, situation):
        problems = page_problems(flow.pages[page], walk.draft, situation)
        stops = tuple(p for p in problems if p.sign is Sign.STOP)
        if stops:
            behind = (*walk.behind, Stop(walk.page, walk.draft))
            return ShowPage(replace(walk, page=page, behind=behind), problems, stops[0].field)
    return Finished(walk)


def back(walk: Walk) -> ShowPage:
    """The page before, with the draft exactly as it was when that page was left.

    What was typed since is not lost: it is kept ahead, and comes again with the next Continue.
    """
    if not walk.behind:
        return ShowPage(walk)
    last = walk.behind[-1]
    ahead = (*walk.ahead, Stop(walk.page, _newest(walk)))
    there = replace(walk, draft=last.draft, page=last.page, behind=walk.behind[:-1])
    return ShowPage(replace(there, ahead=ahead, base=last.draft))


def caught_up(walk: Walk, situation: Situation, *, theirs_seen: bool = False) -> Walk:
    """The walk after the store was read anew: what was not touched here follows the store.

    Where both this desk and another changed the same answer, the base stays what was seen here,
    so that recording it is refused as ``stale`` and never overwrites silently; after that refusal
    (``theirs_seen``) the other's answer is the base.
    """
    now = situation.on_file
    if now is None or walk.known is None:
        return replace(walk, known=now)
    draft = carry(walk.known, walk.draft, now)
    known = now if theirs_seen else last_seen(walk.known, walk.draft, now)
    return replace(walk, draft=draft, known=known)


def go_to(walk: Walk, page: PageId, situation: Situation, flow: Flow = CHECK_IN) -> ShowPage:
    """A step of the rail: any page that applies up to the first one with a stop sign."""
    draft = _newest(walk)
    behind = (*walk.behind, Stop(walk.page, draft))
    for earlier in flow.applicable(draft, situation):
        target = walk.at(earlier, draft, behind)
        if earlier is page:
            return ShowPage(target if earlier is not walk.page else walk)
        problems = page_problems(flow.pages[earlier], draft, situation)
        stops = tuple(p for p in problems if p.sign is Sign.STOP)
        if stops:
            shown = target if earlier is not walk.page else walk
            return ShowPage(shown, problems, stops[0].field)
    return ShowPage(walk)


def rail(walk: Walk, situation: Situation, flow: Flow = CHECK_IN) -> tuple[RailStep, ...]:
    """The steps with their states. Hidden pages are not named at all."""
    order = tuple(PageId)
    steps = []
    for page_id in order:
        page = flow.pages[page_id]
        asked = page.applies(walk.draft, situation)
        if not asked.hidden:
            seen = page_id in walk.seen
            state = _state(page, asked, walk, situation, seen=seen)
            why = asked.why or (
                _not_compared(page, walk, situation) if state is StepState.MAY_GO_ON else ""
            )
            steps.append(RailStep(page_id, page.rail, state, why))
    return tuple(steps)


def _state(
    page: Page, asked: Applies, walk: Walk, situation: Situation, *, seen: bool
) -> StepState:
    if page.id is walk.page:
        return StepState.NOW
    if not asked.yes:
        # Papers that were signed a moment ago are no longer due: that is done, not unneeded.
        return StepState.DONE if seen else StepState.NOT_NEEDED
    if not seen:
        return StepState.NOT_YET
    problems = page_problems(page, walk.draft, situation)
    if any(p.sign is Sign.STOP for p in problems):
        return StepState.MUST_FIX
    skipped = any(skip.page is page.id for skip in walk.draft.skips)
    if problems or skipped or unsettled(walk.scans, walk.draft, page.id):
        return StepState.MAY_GO_ON
    return StepState.DONE


def _not_compared(page: Page, walk: Walk, situation: Situation) -> str:
    """What a scan said and nobody compared, in words; empty where there is nothing of it."""
    keys = unsettled(walk.scans, walk.draft, page.id)
    if not keys:
        return ""
    labels = {field.key: field.label for field in page_fields(page, walk.draft, situation)}
    first = phrase(labels.get(keys[0], page.rail))
    if len(keys) == 1:
        return phrase("{field}: not compared with what was scanned.", field=first)
    words = "{field} and {n} more: not compared with what was scanned."
    return phrase(words, field=first, n=len(keys) - 1)
