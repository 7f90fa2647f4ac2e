"""The one page of a returning patient: every card as it is on file, *Same* or edited in place."""

from __future__ import annotations

from workstation.interview.cards import CardState, card_view, cards_of, is_edited, is_fresh
from workstation.interview.fields import Applies, Page, Problem, Section, Sign
from workstation.interview.missing import field_problems
from workstation.interview.model import Draft, PageId, Verdict
from workstation.interview.pages_person import ABOUT, ADDRESS, CONTACTS, EMPLOYER, REACH
from workstation.interview.pages_visit import GUARANTOR
from workstation.interview.situation import Situation

COVERAGE_CARD = Section("coverages", "Coverage", ())
"""Shown as a summary; editing it is the coverage page."""

CARD_SECTIONS: dict[str, Section] = {
    section.key: section
    for section in (ADDRESS, REACH, CONTACTS, EMPLOYER, ABOUT, GUARANTOR, COVERAGE_CARD)
}


def _cards(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    return tuple(CARD_SECTIONS[card] for card in cards_of(situation))


def incomplete(card: str, draft: Draft, situation: Situation) -> bool:
    """Whether a card has an open stop sign among its questions."""
    problems = field_problems(CARD_SECTIONS[card].shown(draft, situation), draft, situation)
    return any(problem.sign is Sign.STOP for problem in problems)


def views(draft: Draft, situation: Situation) -> tuple[tuple[Section, CardState, int | None], ...]:
    """Each card with its state and the days since it was last confirmed."""
    shown = []
    for card in cards_of(situation):
        view = card_view(card, draft, situation, incomplete=incomplete(card, draft, situation))
        shown.append((CARD_SECTIONS[card], view.state, view.days))
    return tuple(shown)


def _stale(draft: Draft, situation: Situation) -> tuple[Problem, ...]:
    problems = []
    for card in cards_of(situation):
        settled = draft.verdict(card) is Verdict.SAME or is_fresh(card, situation)
        if settled or is_edited(card, draft, situation) or incomplete(card, draft, situation):
            continue
        if situation.locked:
            continue
        say = "Last confirmed too long ago. Ask, then say Same or change it."
        problems.append(Problem(f"card.{card}", Sign.STOP, say))
    return tuple(problems)


def _returning(draft: Draft, situation: Situation) -> Applies:
    if situation.on_file is None:
        return Applies(False, "First visit.", hidden=True)
    return Applies(True)


WHAT_CHANGED_PAGE = Page(
    PageId.WHAT_CHANGED, "What changed?", "What changed", _cards, _returning, _stale
)
