"""The steps that show what a scan says: coverage with its card, identity with the licence."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from ui.capture.beside import Beside
from ui.controls import Button, Note
from ui.forms.editors import TextEditor
from ui.forms.question import Question
from ui.interview.coverage_step import CoverageStep
from ui.interview.form_step import FormStep, Sections
from ui.interview.step_page import Evidence, StepContext
from ui.words import say
from workstation.interview.fields import Problem
from workstation.interview.model import Draft


class _ScanStep(FormStep):
    """Notes under the questions, evidence for the panel, and one stop at what needs a look."""

    _beside: Beside
    _scanned = "identity."

    def stand_beside(self, beside: Beside) -> None:
        """Called once by the step that is made."""
        self._beside = beside
        beside.changed.connect(self._said_more)
        self.entered.connect(self._entered_field)

    def load(self, draft: Draft, context: StepContext) -> None:
        super().load(draft, context)
        self._show_notes()

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        super().show_problems(problems)
        for problem in problems:
            question = self.question_at(problem.field)
            if question is not None and self._beside.waiting(problem.field):
                _, words = self._beside.note(problem.field) or ("", "")
                question.box.tell(question.box.level or "warn", words)

    def problems(self) -> tuple[Problem, ...]:
        return self._beside.problems(field.key for field in self.fields())

    def first_to_answer(self) -> str | None:
        """What is open, or what the scan is not sure of, whichever is asked first."""
        asked = super().first_to_answer()
        for field in self.fields():
            if field.key == asked or self._beside.doubtful(field.key):
                return field.key
        return asked

    def evidence(self, key: str) -> Evidence | None:
        if not key:
            return self._beside.overview(self._scanned)
        question = self.question_at(key)
        label = say(question.field.label) if question is not None else ""
        return self._beside.evidence(key, label)

    def question_at(self, key: str) -> Question | None:
        """The question of a key, while it is in sight."""
        for view in self._views.values():
            if key in view.keys:
                return view.question(key)
        return None

    def _show_notes(self) -> None:
        for view in self._views.values():
            for key in view.keys:
                question = view.question(key)
                if question is not None:
                    self._show_note(key, question)

    def _show_note(self, key: str, question: Question) -> None:
        editor = question.editor
        waiting = self._beside.waiting(key)
        if isinstance(editor, TextEditor):
            hint = waiting or (say(question.field.hint) if question.field.hint else "")
            if editor.line.placeholderText() != hint:
                editor.line.setPlaceholderText(hint)
        note = self._beside.note(key)
        if note is not None and question.box.level != "stop":
            level, words = note
            if (level, words) != (question.box.level, question.box.message):
                question.box.tell(level, words, icon="scan-text" if level == "info" else "")

    @Slot()
    def _said_more(self) -> None:
        if self._context is not None:
            self._show_notes()
            self.evidenceChanged.emit()

    @Slot(str)
    def _entered_field(self, key: str) -> None:
        self._beside.field = key


class ScanFormStep(_ScanStep):
    """Identity or contact, with the licence beside it."""

    def __init__(self, sections: Sections, beside: Beside) -> None:
        super().__init__(sections)
        self.stand_beside(beside)
        self._scan = Button(say("Scan licence"), icon="id-card", key="F9")
        self._scan.clicked.connect(self._wanted)

    def header_actions(self) -> tuple[QWidget, ...]:
        return (self._scan,)

    @Slot()
    def _wanted(self) -> None:
        self._beside.scanWanted.emit("licence")


class ScanCoverageStep(CoverageStep, _ScanStep):
    """Coverage, with the card beside it."""

    _scanned = "coverages.items."

    def __init__(self, beside: Beside) -> None:
        super().__init__()
        self._also = Note("", level="accent", icon="scan-text")
        self._also.hide()
        self._outer.insertWidget(0, self._also)
        self._scan = Button(say("Scan card"), icon="scan-line", key="F8")
        self._scan.clicked.connect(self._wanted)
        self.stand_beside(beside)

    def header_actions(self) -> tuple[QWidget, ...]:
        return (self._scan,)

    @Slot()
    def _wanted(self) -> None:
        self._beside.scanWanted.emit("card")

    def _show_notes(self) -> None:
        super()._show_notes()
        words = " · ".join(self._beside.also())
        if words != self._also.accessibleName():
            fresh = Note(words, level="accent", icon="scan-text")
            self._outer.replaceWidget(self._also, fresh)
            self._also.deleteLater()
            self._also = fresh
        self._also.setVisible(bool(words))

    def places_changed(self) -> None:
        self._beside.forget_coverages()
