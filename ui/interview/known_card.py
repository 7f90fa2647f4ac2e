"""A card of *What changed?*: what is on file, *Same* by one key, or edited in place."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Card, IconText, Text
from ui.forms.list_actions import ListActions
from ui.forms.question import Question
from ui.forms.section import SectionView
from ui.interview.step_page import StepContext
from ui.style import SPACE
from ui.words import say
from workstation.interview.cards import CARD_LETTER, CardState
from workstation.interview.fields import Section
from workstation.interview.model import Draft
from workstation.interview.pages_changed import ShownCard
from workstation.interview.summaries import summary

_LOOK = {
    CardState.FRESH: ("circle", "muted"),
    CardState.STALE: ("triangle-alert", "warn"),
    CardState.MISSING: ("octagon-alert", "stop"),
    CardState.SAME: ("circle-check", "ok"),
    CardState.EDITED: ("pencil", "accent"),
}


class _Part(QWidget):
    """One section of an open card; a place of a list has its title and what can be done there."""

    listWanted = Signal(str, str, int)

    def __init__(self, section: Section, today: date, *, first: bool) -> None:
        super().__init__()
        self.view = SectionView(section, today)
        self._actions = ListActions()
        self._actions.takenOut.connect(lambda key, at: self.listWanted.emit("take_out", key, at))
        self._actions.movedEarlier.connect(lambda key, at: self.listWanted.emit("earlier", key, at))
        self._actions.addWanted.connect(lambda key: self.listWanted.emit("add", key, 0))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE.s)
        if not first:
            box.addWidget(Text(say(section.title), weight="semibold"))
        box.addWidget(self.view)
        box.addWidget(self._actions)

    def show_section(self, section: Section, draft: Draft, context: StepContext) -> None:
        """The section as the draft has it now."""
        self.view.section = section
        self.view.show_draft(draft, context.situation)
        self._actions.show_section(section)


class KnownCard(QWidget):
    """One card: what is known, how old it is, *Same* and *Change*."""

    same = Signal(str)
    putBack = Signal(str)
    opened = Signal(str)
    answered = Signal(str, object)
    entered = Signal(str)
    listWanted = Signal(str, str, int)
    """(act, key of the list, place): take_out, earlier or add."""

    def __init__(self, shown: ShownCard, context: StepContext) -> None:
        super().__init__()
        self.card = shown.key
        self._title_words = say(shown.sections[0].title)
        self._today = context.situation.today
        self._open = False
        self._edited = False
        self._parts: dict[str, _Part] = {}
        self.asks: tuple[str, ...] = ()
        """Its questions, whether in sight or not."""
        letter = CARD_LETTER[self.card]
        self._title = Text(self._title_words, role="body", weight="semibold")
        self._state = IconText("circle", "", tone="muted", role="small")
        self._lines = Text("", wrap=True)
        self.same_button = Button(say("Same"), key=f"Alt+{letter}")
        self._word_same(edited=False)
        self.same_button.clicked.connect(self._same)
        self.change_button = Button(
            say("Change"), kind="quiet", name=say("{card}: change", card=self._title_words)
        )
        self.change_button.clicked.connect(self._change)
        self._body = QWidget()
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE.s)
        frame = Card(padding=SPACE.m)
        head = QHBoxLayout()
        head.setSpacing(SPACE.s)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._state)
        known = QHBoxLayout()
        known.setSpacing(0)
        known.addWidget(self._lines, 1)
        known.addWidget(self.same_button, 0, Qt.AlignmentFlag.AlignBottom)
        known.addWidget(self.change_button, 0, Qt.AlignmentFlag.AlignBottom)
        frame.add(head)
        frame.add(self._body)
        frame.add(known)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(frame)

    @property
    def is_open(self) -> bool:
        """Whether its questions are in sight."""
        return self._open

    @property
    def views(self) -> tuple[SectionView, ...]:
        """The questions in sight, section by section."""
        return tuple(part.view for part in self._parts.values() if part.view.keys)

    def question(self, key: str) -> Question | None:
        """A question in sight."""
        found = (view.question(key) for view in self.views if key in view.keys)
        return next(found, None)

    def show_known(self, draft: Draft, context: StepContext, shown: ShownCard) -> None:
        """What is known now, and where the card stands."""
        state = shown.state
        if state is CardState.MISSING and any(section.fields for section in shown.sections):
            self._open = True
        situation = context.situation
        asked = (section.shown(draft, situation) for section in shown.sections)
        self.asks = tuple(field.key for fields in asked for field in fields)
        icon, tone = _LOOK[state]
        self._state.show_words(icon, _words(state, shown.days), tone)
        lines = summary(self.card, draft, say)
        self._lines.setText("\n".join(lines) if lines else say("Nothing is on file."))
        self._lines.setVisible(not self._open)
        if self._open:
            self._show_parts(draft, context, shown.sections)  # made when first opened
        self._body.setVisible(self._open)
        self.same_button.setVisible(state not in (CardState.SAME, CardState.MISSING))
        if self._edited is not (state is CardState.EDITED):
            self._word_same(edited=not self._edited)
        self.change_button.setVisible(not self._open)

    def _show_parts(
        self, draft: Draft, context: StepContext, sections: tuple[Section, ...]
    ) -> None:
        for section in sections:
            if section.key not in self._parts:
                self._parts[section.key] = self._made(section)
        wanted = {section.key: section for section in sections}
        for key, part in self._parts.items():
            part.setVisible(key in wanted)
            if key in wanted:
                part.show_section(wanted[key], draft, context)

    def _made(self, section: Section) -> _Part:
        part = _Part(section, self._today, first=not self._parts)
        part.view.answered.connect(self.answered)
        part.view.entered.connect(self.entered)
        part.view.picked.connect(self._picked)
        part.listWanted.connect(self.listWanted)
        self._column.addWidget(part)
        return part

    def _word_same(self, *, edited: bool) -> None:
        """Other words take the key away from a button, and its name: both are given anew."""
        self._edited = edited
        words = say("Put back") if edited else say("Same")
        self.same_button.set_words(words)
        self.same_button.setAccessibleName(f"{self._title_words}: {words}")
        self.same_button.setShortcut(QKeySequence(f"Alt+{CARD_LETTER[self.card]}"))

    def open(self) -> None:
        """Shows the questions and goes to the first."""
        self._open = True
        self.opened.emit(self.card)
        if self.views:
            self.views[0].focus_first()

    @Slot()
    def _same(self) -> None:
        if self._edited:
            self._open = False
            self.putBack.emit(self.card)
        else:
            self.same.emit(self.card)

    @Slot()
    def _change(self) -> None:
        if self.asks:
            self.open()
        else:  # its questions have a page of their own
            self.opened.emit(self.card)

    @Slot(str)
    def _picked(self, key: str) -> None:
        self.focusNextPrevChild(True)


def _words(state: CardState, days: int | None) -> str:
    if state is CardState.SAME:
        return say("same")
    if state is CardState.EDITED:
        return say("changed")
    if state is CardState.MISSING:
        return say("something is missing")
    if days is None:
        return say("never confirmed: ask")
    if days >= 90:
        months = round(days / 30.4)
        age, fresh = say("{n} months ago", n=months), say("asked {n} months ago", n=months)
    elif days:
        age, fresh = say("{n} days ago", n=days), say("asked {n} days ago", n=days)
    else:
        age = fresh = say("asked today")
    return fresh if state is CardState.FRESH else say("{age}: ask", age=age)
