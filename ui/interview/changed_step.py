"""*What changed?*: every card as it is on file, *Same* by one key, or edited in place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.controls import Button, Card, IconText, Text, row, scrolling
from ui.forms.section import SectionView
from ui.hands import give
from ui.interview.form_step import Follow, Sheet
from ui.interview.step_page import StepContext, StepPage
from ui.style import SPACE
from ui.words import say
from workstation.interview.cards import CARD_LETTER, CardState
from workstation.interview.fields import Problem, Section
from workstation.interview.model import Draft, PageId
from workstation.interview.pages_changed import views
from workstation.interview.summaries import summary

_LOOK = {
    CardState.FRESH: ("circle", "muted"),
    CardState.STALE: ("triangle-alert", "warn"),
    CardState.MISSING: ("octagon-alert", "stop"),
    CardState.SAME: ("circle-check", "ok"),
    CardState.EDITED: ("pencil", "accent"),
}
_TWO_CARDS = 680
"""Pixels of the page from which two cards stand side by side."""


class KnownCard(QWidget):
    """One card: what is known, how old it is, *Same* and *Change*."""

    same = Signal(str)
    putBack = Signal(str)
    opened = Signal(str)
    answered = Signal(str, object)
    entered = Signal(str)

    def __init__(self, section: Section, context: StepContext) -> None:
        super().__init__()
        self.card = section.key
        self._section = section
        self._open = False
        self._edited = False
        self.asks: tuple[str, ...] = ()
        """Its questions, whether in sight or not."""
        letter = CARD_LETTER[self.card]
        self._title = Text(say(section.title), role="body", weight="semibold")
        self._state = IconText("circle", "", tone="muted")
        self._lines = Text("", wrap=True)
        self.same_button = Button(say("Same"), key=f"Alt+{letter}")
        self._word_same(edited=False)
        self.same_button.clicked.connect(self._same)
        self.change_button = Button(
            say("Change"), kind="quiet", name=say("{card}: change", card=say(section.title))
        )
        self.change_button.clicked.connect(self._change)
        self.view = SectionView(section, context.situation.today)
        self.view.answered.connect(self.answered)
        self.view.entered.connect(self.entered)
        self.view.picked.connect(self._picked)
        frame = Card(padding=SPACE.m)
        acts = row(self.same_button, self.change_button, gap=0)
        known = QWidget()
        across = QHBoxLayout(known)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self._lines, 1, Qt.AlignmentFlag.AlignTop)
        across.addWidget(acts, 0, Qt.AlignmentFlag.AlignBottom)
        frame.add(row(self._title, None, self._state))
        frame.add(self.view)
        frame.add(known)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(frame)

    @property
    def is_open(self) -> bool:
        """Whether its questions are in sight."""
        return self._open

    def show_known(
        self, draft: Draft, context: StepContext, state: CardState, days: int | None
    ) -> None:
        """What is known now, and where the card stands."""
        if state is CardState.MISSING and self._section.fields:
            self._open = True
        self.asks = tuple(field.key for field in self._section.shown(draft, context.situation))
        icon, tone = _LOOK[state]
        self._state.show_words(icon, _words(state, days), tone)
        lines = summary(self.card, draft, say)
        self._lines.setText("\n".join(lines) if lines else say("Nothing is on file."))
        if self._open:
            self._lines.setText("")
            self.view.show_draft(draft, context.situation)  # made when first opened: most never are
        self.view.setVisible(self._open)
        self.same_button.setVisible(state not in (CardState.SAME, CardState.MISSING))
        if self._edited is not (state is CardState.EDITED):
            self._word_same(edited=not self._edited)
        self.change_button.setVisible(not self._open)

    def _word_same(self, *, edited: bool) -> None:
        """Other words take the key away from a button, and its name: both are given anew."""
        self._edited = edited
        words = say("Put back") if edited else say("Same")
        self.same_button.set_words(words)
        self.same_button.setAccessibleName(f"{say(self._section.title)}: {words}")
        self.same_button.setShortcut(QKeySequence(f"Alt+{CARD_LETTER[self.card]}"))

    def open(self) -> None:
        """Shows the questions and goes to the first."""
        self._open = True
        self.opened.emit(self.card)
        if self.view.keys:
            question = self.view.question(self.view.keys[0])
            if question is not None:
                question.editor.focus()

    @Slot()
    def _same(self) -> None:
        if self._edited:
            self._open = False
            self.putBack.emit(self.card)
        else:
            self.same.emit(self.card)

    @Slot()
    def _change(self) -> None:
        self.open()

    @Slot(str)
    def _picked(self, key: str) -> None:
        self.focusNextPrevChild(True)


class ChangedStep(StepPage):
    """The one page of a returning patient."""

    same = Signal(str)
    putBack = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._cards: dict[str, KnownCard] = {}
        self._draft = Draft()
        self._context: StepContext | None = None
        self._problems: tuple[Problem, ...] = ()
        self._keys: list[str] = []
        self._laid_narrow = False
        self.sheet = Sheet()
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE.m)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        box = QVBoxLayout(self.sheet)
        box.setContentsMargins(0, 0, SPACE.xs, 0)
        box.addLayout(self._grid)
        box.addStretch(1)
        self._area: QScrollArea = scrolling(self.sheet)
        self._follow = Follow(self._area)
        self.sheet.wentTo.connect(self._follow.bring)
        self.sheet.pastEnd.connect(self.pastEnd)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._area)

    def load(self, draft: Draft, context: StepContext) -> None:
        self._draft, self._context = draft, context
        shown = views(draft, context.situation)
        for section, state, days in shown:
            card = self._cards.get(section.key)
            if card is None:
                card = self._made(section, context)
            card.show_known(draft, context, state, days)
        self._lay_out([section.key for section, _, _ in shown])

    def collect(self) -> dict[str, object]:
        for card in self._cards.values():
            card.view.settle()
        return {}

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        self._problems = problems
        for card in self._cards.values():
            card.view.tell(problems)

    def focus_on(self, key: str | None) -> bool:
        if key is not None and key.startswith("card."):
            card = self._cards[key[5:]]
            give(card.same_button, Qt.FocusReason.TabFocusReason)
            self._follow.bring(card)
            return True
        for card in self._cards.values():
            if key not in card.asks:
                continue
            if not card.is_open:
                card.open()
            question = card.view.question(key)
            if question is not None:
                question.editor.focus()
                self._follow.bring(question)
                return True
        return False

    def card(self, key: str) -> KnownCard:
        """A card by its key."""
        return self._cards[key]

    def _made(self, section: Section, context: StepContext) -> KnownCard:
        card = KnownCard(section, context)
        card.same.connect(self.same)
        card.putBack.connect(self.putBack)
        card.opened.connect(self._opened)
        card.answered.connect(self._answered)
        card.entered.connect(self.entered)
        self._cards[section.key] = card
        return card

    @property
    def _narrow(self) -> bool:
        """Too little room for two cards side by side."""
        return self.width() < _TWO_CARDS

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._laid_narrow != self._narrow and self._keys:
            self._lay_out(self._keys)

    def _lay_out(self, keys: list[str]) -> None:
        self._keys, self._laid_narrow = keys, self._narrow
        for card in self._cards.values():
            self._grid.removeWidget(card)
        place = 0
        for key in keys:
            card = self._cards[key]
            if card.is_open or self._narrow:
                place += place % 2
                self._grid.addWidget(card, place // 2, 0, 1, 2)
                place += 2
            else:
                self._grid.addWidget(card, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
                place += 1
        for card in self._cards.values():
            card.setVisible(card.card in keys)

    @Slot(str)
    def _opened(self, key: str) -> None:
        if key == "coverages":
            self.goWanted.emit(str(PageId.COVERAGE))
        elif self._context is not None:
            self.load(self._draft, self._context)
            self._cards[key].view.tell(self._problems)

    @Slot(str, object)
    def _answered(self, key: str, answer: object) -> None:
        self.edited.emit({key: answer})


def _words(state: CardState, days: int | None) -> str:
    if state is CardState.SAME:
        return say("same")
    if state is CardState.EDITED:
        return say("changed")
    if state is CardState.MISSING:
        return say("something is missing")
    if days is None:
        return say("never confirmed: ask")
    age = say("today") if days == 0 else say("{n} days ago", n=days) if days < 90 else _months(days)
    return age if state is CardState.FRESH else say("{age}: ask", age=age)


def _months(days: int) -> str:
    return say("{n} months ago", n=round(days / 30.4))
