"""Fields, sections and pages as data: any face (desk, kiosk) draws the same ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from workstation.interview.model import Draft, PageId
from workstation.interview.situation import Situation


class FieldKind(StrEnum):
    """What is typed into a field, and so which control draws it."""

    TEXT = "text"
    NAME = "name"
    DATE = "date"
    SSN = "ssn"
    PHONE = "phone"
    EMAIL = "email"
    STATE = "state"
    ZIP = "zip"
    MONEY = "money"
    NUMBER = "number"
    CHOICE = "choice"
    CODE_SEARCH = "code_search"
    YES_NO = "yes_no"
    YES_NO_UNKNOWN = "yes_no_unknown"
    MULTI_CHOICE = "multi_choice"
    CHECK = "check"


class Need(StrEnum):
    """How badly an answer is needed here and now."""

    MUST = "must"
    """Stop sign: nothing goes on without it."""
    SHOULD = "should"
    """Yield sign: may go on, with a reason."""
    MAY = "may"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: its code, its words, and where it is common a key that picks it at once."""

    code: str
    label: str
    key: str = ""


When = Callable[[Draft, Situation], bool]
Needed = Callable[[Draft, Situation], Need]
Check = Callable[[Draft, Situation], str | None]
Summary = Callable[[Draft, Situation], tuple[str, ...]]


def always(draft: Draft, situation: Situation) -> bool:
    """Shown in every draft."""
    return True


def must(draft: Draft, situation: Situation) -> Need:
    """A stop sign while it is open."""
    return Need.MUST


def should(draft: Draft, situation: Situation) -> Need:
    """A yield sign while it is open."""
    return Need.SHOULD


def may(draft: Draft, situation: Situation) -> Need:
    """Never missed."""
    return Need.MAY


@dataclass(frozen=True, slots=True)
class Field:
    """One question. ``key`` is its path in the draft; ``why`` stands in the why-card."""

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    needed: Needed = may
    hint: str = ""
    why: str = ""
    source: str = ""
    """The rule behind the question, named on the why-card."""
    options: tuple[Option, ...] = ()
    applies: When = always
    check: Check | None = None
    """Says what is not right yet with a filled answer, in words that say what to do."""
    width: int = 2
    """Columns out of two: 1 stands beside its neighbour, 2 takes the row."""
    asked_afresh: bool = False
    """Never carried over from the last visit: the old answer is shown beside it."""


@dataclass(frozen=True, slots=True)
class ListPlace:
    """One place of a list in the draft, and what can be done there, in words; empty is not done."""

    key: str
    at: int
    take_out: str = "Take out"
    earlier: str = ""
    """Words for changing places with the one above."""
    add: str = ""
    """Words for one more behind the last."""


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together; on *What changed?* a section is a card."""

    key: str
    title: str
    fields: tuple[Field, ...]
    applies: When = always
    note: str = ""
    place: ListPlace | None = None
    """The place of a list that it asks about."""
    summary: Summary | None = None
    """Says in one line what is known where nothing has to be asked; the face folds it then."""

    def shown(self, draft: Draft, situation: Situation) -> tuple[Field, ...]:
        """The questions that this draft asks here, in reading order."""
        if not self.applies(draft, situation):
            return ()
        return tuple(f for f in self.fields if f.applies(draft, situation))


@dataclass(frozen=True, slots=True)
class Applies:
    """Whether a page is asked; if not, why, in words for the step rail.

    ``hidden`` pages are not even named: while the emergency lock holds nothing of money exists.
    """

    yes: bool
    why: str = ""
    hidden: bool = False


class Sign(StrEnum):
    """How serious a problem is."""

    STOP = "stop"
    YIELD = "yield"


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a page from being done: at which field, how badly, and what to do."""

    field: str
    sign: Sign
    say: str


Sections = Callable[[Draft, Situation], tuple[Section, ...]]
PageApplies = Callable[[Draft, Situation], Applies]
Problems = Callable[[Draft, Situation], tuple[Problem, ...]]


def asked(draft: Draft, situation: Situation) -> Applies:
    """A page that every check-in asks."""
    return Applies(True)


def no_more(draft: Draft, situation: Situation) -> tuple[Problem, ...]:
    """A page whose fields say everything about it."""
    return ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its words, its sections, when it is asked, and what else may stand in its way."""

    id: PageId
    title: str
    rail: str
    sections: Sections
    applies: PageApplies = asked
    problems: Problems = no_more
    why: str = ""
    """What the page is for, shown while no question has the focus."""
    source: str = ""
