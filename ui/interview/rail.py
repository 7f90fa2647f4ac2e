"""The rail of a check-in: each step with its state, and a few letters beside it."""

from __future__ import annotations

from collections.abc import Mapping

from ui.controls import Step
from ui.interview.viewmodel import CheckInState
from ui.words import say
from workstation.interview.flow import StepState
from workstation.interview.model import PageId
from workstation.interview.rules import paper_settled, papers_due

_LOOKS = {
    StepState.DONE: "done",
    StepState.NOW: "now",
    StepState.MUST_FIX: "must",
    StepState.MAY_GO_ON: "may",
    StepState.NOT_YET: "later",
    StepState.NOT_NEEDED: "unneeded",
}
_NOTES = {StepState.NOW: "now", StepState.MUST_FIX: "fix", StepState.MAY_GO_ON: "check"}
_LISTENING = frozenset({PageId.BENEFITS, PageId.PAY})
"""Steps that follow payer and money from when they are made: not before they are reached."""
_SHORT = 12
"""Letters of a step beside which a note has room."""


def rail_steps(state: CheckInState, notes: Mapping[PageId, str]) -> list[Step]:
    """The steps in order; ``notes`` are letters that the rules do not know, such as an amount.

    While the emergency lock holds no note is shown: none of them may speak of money.
    """
    steps = []
    for line in state.rail:
        look, note = _LOOKS[line.state], _NOTES.get(line.state, "")
        note = say(note) if note and len(line.label) <= _SHORT else ""
        if line.page is PageId.PAPERS and line.state in (StepState.NOT_YET, StepState.NOW):
            note = _papers_left(state) or note
        if line.state is not StepState.NOT_NEEDED and not state.situation.locked:
            note = notes.get(line.page) or note
        steps.append(Step(str(line.page), say(line.label), look, note, say(line.why)))
    return steps


def next_to_ask(state: CheckInState) -> PageId | None:
    """The page behind this one whose step may be made ahead; None where there is none."""
    places = [line.page for line in state.rail if line.state is not StepState.NOT_NEEDED]
    after = places[places.index(state.page) + 1 :] if state.page in places else []
    return after[0] if after and after[0] not in _LISTENING else None


def _papers_left(state: CheckInState) -> str:
    """How many papers still wait, in a short word; empty where none does."""
    due = papers_due(state.draft, state.situation)
    left = sum(not paper_settled(state.draft, paper) for paper in due)
    return say("1 paper") if left == 1 else say("{n} papers", n=left) if left else ""
