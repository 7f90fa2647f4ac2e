"""The one page of a returning patient: every card as it is on file, *Same* or edited in place."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.interview.cards import CardState, card_view, cards_of, is_edited, is_fresh
from workstation.interview.fields import Applies, Page, Problem, Section, Sign
from workstation.interview.missing import field_problems
from workstation.interview.model import Draft, PageId, Verdict
from workstation.interview.pages_person import ABOUT, ADDRESS, REACH
from workstation.interview.pages_visit import GUARANTOR
from workstation.interview.sections_people import EMPLOYER, contact_sections
from workstation.interview.situation import Situation

COVERAGE_CARD = Section("coverages", "Coverage", ())
"""Shown as a summary; editing it is the coverage page."""

_SECTIONS: dict[str, Section] = {
    section.key: section for section in (ADDRESS, REACH, EMPLOYER, ABOUT, GUARANTOR, COVERAGE_CARD)
}


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card with its questions, its state and the days since it was last confirmed."""

    key: str
    sections: tuple[Section, ...]
    state: CardState
    days: int | None


def card_sections(card: str, draft: Draft, situation: Situation) -> tuple[Section, ...]:
    """The sections under a card; contacts have one for each."""
    return contact_sections(draft, situation) if card == "contacts" else (_SECTIONS[card],)


def _cards(draft: Draft, situation: Situation) -> tuple[Section, ...]:
    cards = cards_of(situation)
    return tuple(each for card in cards for each in card_sections(card, draft, situation))


def incomplete(card: str, draft: Draft, situation: Situation) -> bool:
    """Whether a card has an open stop sign among its questions."""
    fields = [f for s in card_sections(card, draft, situation) for f in s.shown(draft, situation)]
    problems = field_problems(fields, draft, situation)
    return any(problem.sign is Sign.STOP for problem in problems)


def views(draft: Draft, situation: Situation) -> tuple[ShownCard, ...]:
    """Each card as it stands."""
    shown = []
    for card in cards_of(situation):
        view = card_view(card, draft, situation, incomplete=incomplete(card, draft, situation))
        sections = card_sections(card, draft, situation)
        shown.append(ShownCard(card, sections, view.state, view.days))
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
    PageId.WHAT_CHANGED,
    "What changed?",
    "What changed",
    _cards,
    _returning,
    _stale,
    why="What is on file, and when it was confirmed last. Same says that you asked today.",
)
