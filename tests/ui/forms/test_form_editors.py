"""Editors: what is typed stays, what is understood is formed, Enter never answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Protocol

import pytest
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.controls import Line
from ui.forms.editors import (
    CheckEditor,
    Editor,
    ListEditor,
    ManyEditor,
    SegmentsEditor,
    TextEditor,
    make_editor,
)
from workstation.interview import options
from workstation.interview.fields import Field, FieldKind, Option

TODAY = date(2026, 11, 23)


class DeskLike(Protocol):
    def show(self, widget: QWidget, width: int = ..., height: int = ...) -> QWidget: ...
    def press(self, *keys: str) -> None: ...
    def type(self, text: str) -> None: ...
    def until(self, true: Callable[[], bool], ms: int = ...) -> None: ...


class Home(QWidget):
    """Two editors, so that the first can be left."""

    def __init__(self, field: Field) -> None:
        super().__init__()
        self.answers: list[object] = []
        self.picks = 0
        self.editor: Editor = make_editor(field, TODAY)
        self.editor.setParent(self)
        self.elsewhere = Line()
        self.elsewhere.setAccessibleName("elsewhere")
        layout = QVBoxLayout(self)
        layout.addWidget(self.editor.widget)
        layout.addWidget(self.elsewhere)
        self.editor.answered.connect(self._answered)
        self.editor.picked.connect(self._picked)

    @Slot(object)
    def _answered(self, answer: object) -> None:
        self.answers.append(answer)

    @Slot()
    def _picked(self) -> None:
        self.picks += 1

    def leave(self) -> None:
        self.elsewhere.setFocus()


def home(desk: DeskLike, kind: FieldKind, offered: tuple[Option, ...] = (), key: str = "x") -> Home:
    made = Home(Field(key, "Question", kind, options=offered))
    desk.show(made, 500, 160)
    made.editor.focus()
    return made


@pytest.mark.parametrize(
    ("kind", "typed", "answer", "shown"),
    [
        (FieldKind.DATE, "3/3/85", "1985-03-03", "03 Mar 1985"),
        (FieldKind.DATE, "03031985", "1985-03-03", "03 Mar 1985"),
        (FieldKind.DATE, "3 Mar 1985", "1985-03-03", "03 Mar 1985"),
        (FieldKind.DATE, "1985-03-03", "1985-03-03", "03 Mar 1985"),
        (FieldKind.DATE, "2/30/85", "2/30/85", "2/30/85"),
        (FieldKind.PHONE, "512.234 5678", "+15122345678", "(512) 234-5678"),
        (FieldKind.PHONE, "555", "555", "555"),
        (FieldKind.SSN, "234 56 7891", "234567891", "•••-••-7891"),
        (FieldKind.ZIP, "787011234", "78701-1234", "78701-1234"),
        (FieldKind.STATE, "tx", "TX", "TX"),
        (FieldKind.MONEY, "25.5", "2550", "$25.50"),
        (FieldKind.TEXT, "  Nguyen ", "Nguyen", "Nguyen"),
    ],
)
def test_what_is_typed_is_formed_on_leaving(
    desk: DeskLike, kind: FieldKind, typed: str, answer: str, shown: str
) -> None:
    made = home(desk, kind)
    desk.type(typed)
    assert made.answers[-1] == typed  # every key is told, as it was typed
    made.leave()
    assert made.answers[-1] == answer
    assert isinstance(made.editor, TextEditor)
    assert made.editor.line.text() == shown


def test_a_number_is_open_while_it_is_edited_and_masked_when_left(desk: DeskLike) -> None:
    made = home(desk, FieldKind.SSN)
    assert isinstance(made.editor, TextEditor)
    made.leave()
    made.editor.show_answer("234567891")
    assert made.editor.line.text() == "•••-••-7891"
    made.editor.focus()
    assert made.editor.line.text() == "234-56-7891"
    made.leave()
    assert made.editor.line.text() == "•••-••-7891"
    assert made.answers == []


def test_a_plan_may_end_in_the_future_but_nobody_is_born_there(desk: DeskLike) -> None:
    made = home(desk, FieldKind.DATE, key="coverages.items.0.to_date")
    desk.type("12/31/2030")
    made.leave()
    assert made.answers[-1] == "2030-12-31"
    born = home(desk, FieldKind.DATE, key="identity.dob")
    desk.type("12/31/2030")
    born.leave()
    assert born.answers[-1] == "12/31/2030"


def test_showing_an_answer_never_disturbs_typing(desk: DeskLike) -> None:
    made = home(desk, FieldKind.DATE)
    assert isinstance(made.editor, TextEditor)
    for letter in "3/3/85":
        desk.type(letter)
        made.editor.show_answer(made.answers[-1])
    assert made.editor.line.text() == "3/3/85"


def test_one_letter_answers_and_enter_does_not(desk: DeskLike) -> None:
    made = home(desk, FieldKind.YES_NO_UNKNOWN, options.YES_NO_UNKNOWN)
    desk.press("Return")
    assert made.answers == []
    desk.press("N")
    assert made.answers == ["no"]
    assert made.picks == 1
    desk.press("Right")
    assert made.answers[-1] == "unknown"


def test_many_choices_are_a_list_and_few_are_in_sight(desk: DeskLike) -> None:
    many = home(desk, FieldKind.CHOICE, options.LANGUAGES)
    few = home(desk, FieldKind.CHOICE, options.SEX)
    assert isinstance(many.editor, ListEditor)
    assert isinstance(few.editor, SegmentsEditor)


def test_all_that_apply_and_declined_stands_alone(desk: DeskLike) -> None:
    made = home(desk, FieldKind.MULTI_CHOICE, options.RACE_ETHNICITY)
    assert isinstance(made.editor, ManyEditor)
    boxes = made.editor._boxes
    boxes["asian"].click()
    boxes["white"].click()
    assert made.answers[-1] == ("asian", "white")
    boxes["declined"].click()
    assert made.answers[-1] == ("declined",)
    boxes["hispanic"].click()
    assert made.answers[-1] == ("hispanic",)


def test_a_box_is_ticked_by_space_and_not_by_enter(desk: DeskLike) -> None:
    made = home(desk, FieldKind.CHECK)
    assert isinstance(made.editor, CheckEditor)
    desk.press("Return")
    assert made.answers == []
    desk.press("Space")
    assert made.answers == [True]
    assert QApplication.focusWidget() is made.editor.check
