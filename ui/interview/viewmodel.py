"""The check-in as a state and what can be asked of it: plain Python, no window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from workstation.interview.cards import asked_after_all, put_back, say_same
from workstation.interview.fields import Problem
from workstation.interview.flow import (
    CHECK_IN,
    Finished,
    NeedChoice,
    RailStep,
    ShowPage,
    StepResult,
    StepState,
    Walk,
    answer,
    back,
    caught_up,
    forward,
    go_to,
    rail,
)
from workstation.interview.model import Draft, PageId
from workstation.interview.paths import carry
from workstation.interview.rules import lock_of_class, with_class_put_right
from workstation.interview.scans import Scan
from workstation.interview.situation import Situation
from workstation.kernel.errors import PorticoError


@dataclass(frozen=True, slots=True)
class Answered:
    """Answers by draft key."""

    answers: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Continued:
    """Continue was asked; ``reason`` answers why questions stay open."""

    reason: str | None = None


@dataclass(frozen=True, slots=True)
class WentBack:
    """Back."""


@dataclass(frozen=True, slots=True)
class WentTo:
    """A step of the rail, or one question of it: also of a step that was settled as the same."""

    page: PageId
    question: str = ""


@dataclass(frozen=True, slots=True)
class SaidSame:
    """*Same* on a card."""

    card: str


@dataclass(frozen=True, slots=True)
class PutBack:
    """The edit of a card was taken back."""

    card: str


@dataclass(frozen=True, slots=True)
class GaveUpChoice:
    """The question why was closed without a reason."""


@dataclass(frozen=True, slots=True)
class Changed:
    """The world around the draft changed: a lock opened, a payer answered."""

    situation: Situation


@dataclass(frozen=True, slots=True)
class Scanned:
    """What was scanned so far, and what became of it."""

    scans: tuple[Scan, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A page's answers are in the store; ``after`` carries the ids that were given."""

    page: PageId
    before: Draft
    after: Draft


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """A page's answers were refused. ``go``: the page is shown; else it waits to be gone to."""

    page: PageId
    error: PorticoError
    go: bool = True


Intent = (
    Answered
    | Continued
    | WentBack
    | WentTo
    | SaidSame
    | PutBack
    | GaveUpChoice
    | Changed
    | Scanned
    | Recorded
    | NotRecorded
)


@dataclass(frozen=True, slots=True)
class CheckInState:
    """Everything the page shows. ``asked`` counts the times that focus should move to ``focus``."""

    walk: Walk
    situation: Situation
    rail: tuple[RailStep, ...]
    problems: tuple[Problem, ...] = ()
    focus: str | None = None
    asked: int = 0
    choice: NeedChoice | None = None
    error: PorticoError | None = None
    finished: bool = False
    recording: int = 0
    """Pages whose answers are on their way to the store."""
    refused: NotRecorded | None = None
    """What the store did not take, until its page is gone to."""

    @property
    def page(self) -> PageId:
        """The page shown."""
        return self.walk.page

    @property
    def draft(self) -> Draft:
        """The draft shown."""
        return self.walk.draft


class Recorder(Protocol):
    """Records a page somewhere else and dispatches Recorded or NotRecorded when it is known."""

    def __call__(self, page: PageId, draft: Draft, situation: Situation) -> None: ...


class CheckInViewModel:
    """Holds the state; every change goes through :meth:`dispatch`."""

    def __init__(self, walk: Walk, situation: Situation) -> None:
        self._recorder: Recorder | None = None
        self._listeners: list[Callable[[CheckInState], None]] = []
        walk = caught_up(walk, situation)
        situation = _as_seen(walk, situation)
        self.state = CheckInState(walk, situation, rail(walk, situation))

    def record_with(self, recorder: Recorder) -> None:
        """Who records accepted pages. Without one nothing is recorded."""
        self._recorder = recorder

    def listen(self, listener: Callable[[CheckInState], None]) -> None:
        """Is called with every new state."""
        self._listeners.append(listener)

    def dispatch(self, intent: Intent) -> CheckInState:
        """The state after an intent."""
        before = self.state
        self.state = _with_refused(self._after(intent))
        accepted = isinstance(intent, Continued) and self._accepted(before)
        if accepted and self._recorder is not None:
            self.state = replace(self.state, recording=self.state.recording + 1)
        if self.state is not before:
            for listener in self._listeners:
                listener(self.state)
        if accepted and self._recorder is not None:
            self._recorder(before.page, self._left_draft(), before.situation)
        return self.state

    def _accepted(self, before: CheckInState) -> bool:
        left = self.state.page is not before.page or self.state.finished
        return left and before.page in self.state.walk.seen

    def _left_draft(self) -> Draft:
        """What was accepted: the draft as the page left it."""
        if self.state.finished:
            return self.state.draft
        return self.state.walk.behind[-1].draft

    def _after(self, intent: Intent) -> CheckInState:
        state = self.state
        if isinstance(intent, Answered):
            walk = state.walk
            for key, value in intent.answers.items():
                walk = answer(walk, key, value)
            return self._still(walk)
        if isinstance(intent, Continued):
            return self._result(forward(state.walk, state.situation, reason=intent.reason))
        if isinstance(intent, WentBack):
            return self._result(back(state.walk))
        if isinstance(intent, WentTo):
            return self._result(_gone_to(state, intent))
        return self._after_more(intent)

    def _after_more(self, intent: Intent) -> CheckInState:
        state = self.state
        if isinstance(intent, SaidSame):
            return self._still(replace(state.walk, draft=say_same(state.draft, intent.card)))
        if isinstance(intent, PutBack):
            draft = put_back(state.draft, intent.card, state.situation)
            return self._still(replace(state.walk, draft=draft))
        if isinstance(intent, GaveUpChoice):
            return replace(state, choice=None, asked=state.asked + 1)
        if isinstance(intent, Changed):
            return self._changed(intent.situation)
        if isinstance(intent, Scanned):
            walk = replace(state.walk, scans=intent.scans)
            return replace(state, walk=walk, rail=rail(walk, state.situation))
        if isinstance(intent, Recorded):
            draft = carry(intent.before, intent.after, state.draft)
            walk = replace(state.walk, draft=draft)
            return replace(state, walk=walk, recording=max(0, state.recording - 1))
        if isinstance(intent, NotRecorded):
            return self._refused(intent)
        return state

    def _still(self, walk: Walk) -> CheckInState:
        situation = lock_of_class(walk.draft, self.state.situation)
        state = replace(self.state, walk=walk, situation=situation, choice=None, error=None)
        return replace(state, rail=rail(walk, situation), problems=())

    def _changed(self, situation: Situation) -> CheckInState:
        """A page that no longer applies, as money does when a lock begins, is left at once."""
        before = self.state
        seen = before.error is not None and before.refused is None
        stale = seen and before.error is not None and before.error.code == "stale"
        walk = caught_up(before.walk, situation, theirs_seen=stale)
        walk = replace(walk, draft=with_class_put_right(walk.draft, before.situation, situation))
        situation = lock_of_class(walk.draft, _as_seen(walk, situation))
        state = replace(before, situation=situation)
        asked = CHECK_IN.pages[state.page].applies(walk.draft, situation)
        if not asked.yes and asked.hidden:
            walk = go_to(walk, PageId.IDENTITY, situation).walk
            state = replace(state, asked=state.asked + 1, focus=None)
        return replace(state, walk=walk, rail=rail(walk, situation))

    def _refused(self, intent: NotRecorded) -> CheckInState:
        """What the store refused is shown at its page, with what was typed."""
        state = replace(
            self.state,
            error=intent.error,
            refused=intent,
            finished=False,
            recording=max(0, self.state.recording - 1),
        )
        return self._to_refused(state) if intent.go else state

    def _to_refused(self, state: CheckInState) -> CheckInState:
        refused = state.refused
        if refused is None:
            return state
        walk = go_to(state.walk, refused.page, state.situation).walk
        steps = rail(walk, state.situation)
        shown = replace(state, walk=walk, rail=steps, error=refused.error, refused=None)
        return replace(shown, focus=refused.error.field, asked=state.asked + 1)

    def _result(self, result: StepResult) -> CheckInState:
        state = self.state
        walk = result.walk
        steps = rail(walk, state.situation)
        fresh = replace(
            state, walk=walk, rail=steps, choice=None, error=None, problems=(), focus=None
        )
        if state.refused is not None and walk.page is state.refused.page:
            fresh = replace(fresh, error=state.error, refused=None)
        if isinstance(result, ShowPage):
            fresh = replace(fresh, problems=result.problems, focus=result.focus)
            return replace(fresh, asked=state.asked + 1)
        if isinstance(result, NeedChoice):
            return replace(fresh, choice=result)
        if isinstance(result, Finished):
            return self._to_refused(fresh) if fresh.refused else replace(fresh, finished=True)
        return fresh


def _gone_to(state: CheckInState, intent: WentTo) -> StepResult:
    """To the page, or to the stop sign before it; a page that is not asked leads nowhere."""
    applies, walk = CHECK_IN.pages[intent.page].applies, state.walk
    if intent.question or not applies(walk.draft, state.situation).yes:
        walk = replace(walk, draft=asked_after_all(state.draft, intent.page))
    if not applies(walk.draft, state.situation).yes:
        return ShowPage(state.walk)
    shown = go_to(walk, intent.page, state.situation)
    there = shown.walk.page is intent.page and intent.question
    return replace(shown, focus=intent.question) if there else shown


def _with_refused(state: CheckInState) -> CheckInState:
    """What waits for a page that was left stays in sight: its words, a stop sign at its step."""
    refused = state.refused
    if refused is None:
        return state
    steps = tuple(
        replace(line, state=StepState.MUST_FIX, why=refused.error.say)
        if line.page is refused.page
        else line
        for line in state.rail
    )
    return replace(state, rail=steps, error=refused.error)


def _as_seen(walk: Walk, situation: Situation) -> Situation:
    """The situation with what was on file as this desk saw it: the base of its edits."""
    return replace(situation, on_file=walk.known)
