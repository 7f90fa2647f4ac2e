"""The cards of *What changed?*: what is known, how old it is, and what is missing in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from workstation.interview.model import CardVerdict, Draft, PageId, Verdict
from workstation.interview.paths import get
from workstation.interview.situation import Situation

CARD_ATTRIBUTE = {
    "address": "address",
    "reach": "reach",
    "contacts": "contacts",
    "employer": "employer",
    "about": "about",
    "guarantor": "guarantor",
    "coverages": "coverages",
}
"""Each card and the part of the draft that it shows, in the order of the page."""

CARD_LETTER = {
    "address": "A",
    "reach": "H",
    "contacts": "E",
    "employer": "W",
    "about": "T",
    "guarantor": "G",
    "coverages": "V",
}
"""Alt and this letter say *Same*; none is used elsewhere on the page (a test holds it)."""


class CardState(StrEnum):
    """Where a card stands."""

    FRESH = "fresh"
    """Known and confirmed not long ago: Enter on the page keeps it."""
    STALE = "stale"
    """Known, but confirmed too long ago: somebody has to ask and say so."""
    MISSING = "missing"
    """Never answered, or not wholly: it asks for typing."""
    SAME = "same"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class CardView:
    """A card as the page shows it; ``days`` since the last confirmation, None if never."""

    card: str
    state: CardState
    days: int | None
    letter: str


def cards_of(situation: Situation) -> tuple[str, ...]:
    """The cards shown. In an emergency only where the person is and whom to call."""
    if situation.locked:
        return ("address", "reach", "contacts")
    return tuple(CARD_ATTRIBUTE)


def is_edited(card: str, draft: Draft, situation: Situation) -> bool:
    """The answers under a card differ from what was on file."""
    if situation.on_file is None:
        return False
    attribute = CARD_ATTRIBUTE[card]
    now, before = get(draft, attribute), get(situation.on_file, attribute)
    return bool(_comparable(card, now) != _comparable(card, before))


def _comparable(card: str, value: Any) -> Any:
    """Questions of today that stand in a card's section are no edit of what was on file."""
    if card == "coverages":
        return tuple(value.items)
    if card == "about":
        return replace(value, interpreter_id="")
    return value


def card_view(card: str, draft: Draft, situation: Situation, *, incomplete: bool) -> CardView:
    """The card with its state; ``incomplete`` says that it has an open stop sign."""
    last = situation.verified_on(card)
    days = (situation.today - last.on).days if last else None
    if is_edited(card, draft, situation):
        state = CardState.EDITED
    elif incomplete:
        state = CardState.MISSING
    elif draft.verdict(card) is Verdict.SAME:
        state = CardState.SAME
    else:
        state = CardState.FRESH if is_fresh(card, situation) else CardState.STALE
    return CardView(card, state, days, CARD_LETTER[card])


def is_fresh(card: str, situation: Situation) -> bool:
    """Confirmed within the days that the site's dated settings give the card."""
    last = situation.verified_on(card)
    if last is None:
        return False
    return 0 <= (situation.today - last.on).days <= situation.freshness.days.get(card, 0)


def say_same(draft: Draft, card: str) -> Draft:
    """*Same* for one card."""
    return with_verdict(draft, card, Verdict.SAME)


def with_verdict(draft: Draft, card: str, verdict: Verdict) -> Draft:
    """The draft with one card's verdict set."""
    others = tuple(c for c in draft.cards if c.card != card)
    return replace(draft, cards=(*others, CardVerdict(card, verdict)))


def asked_after_all(draft: Draft, page: PageId) -> Draft:
    """The draft for going to a question of a page that a card had settled as the same."""
    settled = draft.verdict("coverages") in (Verdict.SAME, Verdict.KEPT)
    if page is PageId.COVERAGE and settled:
        return with_verdict(draft, "coverages", Verdict.OPEN)
    return draft


def put_back(draft: Draft, card: str, situation: Situation) -> Draft:
    """Undoes the edit of one card: what was on file stands again."""
    if situation.on_file is None:
        return draft
    attribute = CARD_ATTRIBUTE[card]
    before: dict[str, Any] = {attribute: getattr(situation.on_file, attribute)}
    return with_verdict(replace(draft, **before), card, Verdict.OPEN)


def accept_fresh(draft: Draft, situation: Situation) -> Draft:
    """What Enter says on the page: fresh cards are kept, *edited* where one was edited.

    Kept is not confirmed: the day that staleness counts from stays, so that every card is asked
    again in time. Stale cards stay open: nobody confirms by reflex what was not asked for a year.
    """
    for card in cards_of(situation):
        if is_edited(card, draft, situation):
            draft = with_verdict(draft, card, Verdict.EDITED)
        elif draft.verdict(card) is Verdict.OPEN and is_fresh(card, situation):
            draft = with_verdict(draft, card, Verdict.KEPT)
    return draft
