"""*What changed?*: every card as it is on file, *Same* by one key, or edited in place."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QVBoxLayout

from ui.controls import Text, scrolling
from ui.forms.section import SectionView
from ui.hands import give
from ui.interview.form_step import Follow, Sheet
from ui.interview.known_card import KnownCard
from ui.interview.step_page import StepContext, StepPage
from ui.style import SPACE
from ui.words import say
from workstation.interview import lists
from workstation.interview.fields import Problem
from workstation.interview.model import Draft, PageId
from workstation.interview.pages_changed import ShownCard, views

_TWO_CARDS = 680
"""Pixels of the page from which two cards stand side by side."""


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
        outer.setSpacing(SPACE.s)
        words = "Enter keeps what nobody changes. Only Same or a change counts as asked today."
        outer.addWidget(Text(say(words), tone="muted", wrap=True))
        outer.addWidget(self._area)

    def load(self, draft: Draft, context: StepContext) -> None:
        self._draft, self._context = draft, context
        shown = views(draft, context.situation)
        for one in shown:
            card = self._cards.get(one.key)
            if card is None:
                card = self._made(one, context)
            card.show_known(draft, context, one)
        self._lay_out([one.key for one in shown])

    def collect(self) -> dict[str, object]:
        for view in self._views():
            view.settle()
        return {}

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        self._problems = problems
        for view in self._views():
            view.tell(problems)

    def focus_on(self, key: str | None) -> bool:
        if key is not None and key.startswith("card."):
            card = self._cards[key[5:]]
            give(card.same_button, Qt.FocusReason.TabFocusReason)
            self._follow.bring(card)
            return True
        for card in self._cards.values():
            if key is None or key not in card.asks:
                continue
            if not card.is_open:
                card.open()
            question = card.question(key)
            if question is not None:
                question.editor.focus()
                self._follow.bring(question)
                return True
        return False

    def _views(self) -> tuple[SectionView, ...]:
        return tuple(view for card in self._cards.values() for view in card.views)

    def card(self, key: str) -> KnownCard:
        """A card by its key."""
        return self._cards[key]

    def _made(self, shown: ShownCard, context: StepContext) -> KnownCard:
        card = KnownCard(shown, context)
        card.same.connect(self.same)
        card.putBack.connect(self.putBack)
        card.opened.connect(self._opened)
        card.answered.connect(self._answered)
        card.entered.connect(self.entered)
        card.listWanted.connect(self._change_list)
        self._cards[shown.key] = card
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
            for view in self._cards[key].views:
                view.tell(self._problems)

    @Slot(str, object)
    def _answered(self, key: str, answer: object) -> None:
        self.edited.emit({key: answer})

    @Slot(str, str, int)
    def _change_list(self, act: str, key: str, place: int) -> None:
        if act == "add":
            more = lists.one_more(self._draft, key)
            self.edited.emit({key: more})
            self._cards[key].views[len(lists.standing(more)) - 1].focus_first()
        elif act == "earlier":
            self.edited.emit({key: lists.moved_earlier(self._draft, key, place)})
        else:
            self.edited.emit({key: lists.taken_out(self._draft, key, place)})
