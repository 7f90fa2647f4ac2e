"""A section of questions: two columns where fields are short, and at its foot what is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.controls import Text
from ui.forms.question import Question
from ui.style import SPACE
from ui.words import say
from workstation.interview.fields import Field, Need, Problem, Section
from workstation.interview.missing import field_problem
from workstation.interview.model import Draft
from workstation.interview.paths import get
from workstation.interview.situation import Situation

Offered = Callable[[str], tuple[str, ...]]
"""Names that the code search of a field completes to, by draft key."""


def nothing_offered(key: str) -> tuple[str, ...]:
    """No names are offered."""
    return ()


class SectionView(QWidget):
    """The questions of one section. Editors are made once and kept while others come and go."""

    answered = Signal(str, object)
    left = Signal(str)
    entered = Signal(str)
    picked = Signal(str)

    def __init__(self, section: Section, today: date, offered: Offered = nothing_offered) -> None:
        super().__init__()
        self.section = section
        self._today, self._offered = today, offered
        self._questions: dict[str, Question] = {}
        self._shown: tuple[str, ...] = ()
        self._spans: tuple[int, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE.l)
        self._grid.setVerticalSpacing(SPACE.m)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 1)
        self._needed = Text("", role="small", tone="muted", wrap=True)

    @property
    def keys(self) -> tuple[str, ...]:
        """The questions in sight, in reading order."""
        return self._shown

    def question(self, key: str) -> Question | None:
        """A question that was shown at least once."""
        return self._questions.get(key)

    def show_draft(self, draft: Draft, situation: Situation) -> None:
        """Shows the answers; lays out anew only when other questions are asked."""
        fields = self.section.shown(draft, situation)
        keys = tuple(field.key for field in fields)
        if keys != self._shown:
            self._shown = keys
            self._lay_out(fields)
        for field in fields:
            question = self._questions[field.key]
            question.now_asks(field)
            question.show_answer(get(draft, field.key))
        self._say_needed(fields, draft, situation)
        self.setVisible(bool(keys))

    def tell(self, problems: Iterable[Problem]) -> None:
        """Puts each problem under its question; questions without one are left as they are."""
        for problem in problems:
            if problem.field in self._shown:
                self._questions[problem.field].tell(problem)

    def clear(self, key: str) -> None:
        """Takes the message under one question away."""
        if key in self._questions:
            self._questions[key].tell(None)

    def focus_first(self) -> None:
        """To the first question in sight."""
        if self._shown:
            self._questions[self._shown[0]].editor.focus()

    def settle(self) -> None:
        """Reads what stands half typed in the editors, as leaving them would."""
        for key in self._shown:
            self._questions[key].editor.settle()

    def _lay_out(self, fields: tuple[Field, ...]) -> None:
        for question in self._questions.values():
            self._grid.removeWidget(question)
        self._grid.removeWidget(self._needed)
        wanted = [self._made(field) for field in fields]
        self._spans = tuple(self._span(question) for question in wanted)
        row, column = 0, 0
        for question in wanted:
            span = self._span(question)
            if column + span > 2:
                row, column = row + 1, 0
            self._grid.addWidget(question, row, column, 1, span, Qt.AlignmentFlag.AlignTop)
            column += span
        for question in self._questions.values():
            question.setVisible(question in wanted)
        self._grid.addWidget(self._needed, row + 1, 0, 1, 2)

    def _span(self, question: Question) -> int:
        """Half a line, or a whole one where the words of the question need it."""
        half = (self.width() - SPACE.l) // 2
        return 2 if question.box.label.sizeHint().width() > half else question.field.width

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if any(key not in self._questions for key in self._shown):
            return  # they are being laid out just now
        spans = tuple(self._span(self._questions[key]) for key in self._shown)
        if spans != self._spans:
            self._lay_out(tuple(self._questions[key].field for key in self._shown))

    def _made(self, field: Field) -> Question:
        known = self._questions.get(field.key)
        if known is not None:
            return known
        question = Question(field, self._today, self._offered(field.key))
        question.answered.connect(self.answered)
        question.left.connect(self.left)
        question.entered.connect(self.entered)
        question.picked.connect(self.picked)
        self._questions[field.key] = question
        return question

    def _say_needed(self, fields: tuple[Field, ...], draft: Draft, situation: Situation) -> None:
        open_ones = [
            say(field.label)
            for field in fields
            if field.needed(draft, situation) is Need.MUST
            and field_problem(field, draft, situation) is not None
        ]
        named = ", ".join(label.rstrip("?") for label in open_ones)
        words = say("Still needed: {fields}.", fields=named) if open_ones else ""
        self._needed.setText(words)
        self._needed.setVisible(bool(words))
