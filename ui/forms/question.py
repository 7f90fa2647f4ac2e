"""One question on the screen: label above, editor, and room for one message under it."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import controls
from ui.forms.code_search import CodeEditor
from ui.forms.editors import CheckEditor, Editor, make_editor
from ui.words import say
from workstation.interview.fields import Field, FieldKind, Problem, Sign
from workstation.interview.missing import NEEDED, OPEN, is_open

_WIDTHS = {
    FieldKind.DATE: "date",
    FieldKind.SSN: "ssn",
    FieldKind.PHONE: "phone",
    FieldKind.ZIP: "zip",
    FieldKind.STATE: "state",
    FieldKind.MONEY: "money",
}


class Question(QWidget):
    """A field of the flow with its editor."""

    answered = Signal(str, object)
    left = Signal(str)
    entered = Signal(str)
    picked = Signal(str)

    def __init__(self, field: Field, today: date, offered: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.field = field
        self.editor: Editor = (
            CodeEditor(field.options, say(field.hint) if field.hint else "")
            if field.kind is FieldKind.CODE_SEARCH and field.options
            else make_editor(field, today, offered)
        )
        self.editor.setParent(self)
        bare = isinstance(self.editor, CheckEditor)
        self.box = controls.Field(
            "" if bare else say(field.label),
            self.editor.widget,
            width=_WIDTHS.get(field.kind, "fill"),
            room=False,
        )
        if bare:
            # Beside a labelled field the box stands where its neighbour's line stands.
            self.box.label.setVisible(field.width == 1)
            self.editor.widget.setAccessibleName(say(field.label))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.editor.answered.connect(self._answered)
        self.editor.left.connect(self._left)
        self.editor.entered.connect(self._entered)
        self.editor.picked.connect(self._picked)

    @property
    def key(self) -> str:
        """The place of the answer in the draft."""
        return self.field.key

    def now_asks(self, field: Field) -> None:
        """The same question with other choices, such as the clinicians of another department."""
        if field.options != self.field.options and isinstance(self.editor, CodeEditor):
            self.editor.offer_options(field.options)
        self.field = field

    def show_answer(self, answer: object) -> None:
        """Shows an answer of the draft; one that came from elsewhere is not still needed."""
        self.editor.show_answer(answer)
        if self.box.message in (say(NEEDED), say(OPEN)) and not is_open(answer):
            self.box.tell()

    def tell(self, problem: Problem | None) -> None:
        """A message under the question; None takes it away."""
        if problem is None:
            self.box.tell()
        else:
            level = "stop" if problem.sign is Sign.STOP else "warn"
            self.box.tell(level, say(problem.say))

    def note(self, level: str, words: str) -> None:
        """A word that is no problem, such as which source agrees or what was said last time."""
        if self.box.level not in ("warn", "stop"):
            self.box.tell(level, words)

    @Slot(object)
    def _answered(self, answer: object) -> None:
        if self.box.level in ("warn", "stop"):
            self.box.tell()
        self.answered.emit(self.key, answer)

    @Slot()
    def _left(self) -> None:
        self.left.emit(self.key)

    @Slot()
    def _entered(self) -> None:
        self.entered.emit(self.key)

    @Slot()
    def _picked(self) -> None:
        self.picked.emit(self.key)
