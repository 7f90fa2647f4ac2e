"""A person's hands come first: nothing from behind moves the focus or replaces what is typed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui import hands
from ui.access.idle import IdleWatch
from ui.changes import ChangesBus
from ui.controls import Button, Line, Overlay
from ui.forms.editors import make_editor
from ui.hands import give
from ui.jobs import Jobs
from workstation.interview.fields import Field, FieldKind
from workstation.kernel.changed import Kind


@pytest.fixture
def watch(qapp: QApplication) -> Iterator[IdleWatch]:
    """What counts the touches, as at every desk."""
    made = IdleWatch(qapp, 600.0)
    yield made
    made.deleteLater()


class Home(QWidget):
    """A line in which somebody types, and another to which answers want to lead."""

    def __init__(self) -> None:
        super().__init__()
        self.here, self.there, self.go = Line(), Line(), Button("Go")
        box = QVBoxLayout(self)
        for widget in (self.here, self.there, self.go):
            box.addWidget(widget)

    def lead(self, _: object = None, __: object = None) -> None:
        """An answer that would like to move on, with other text for where somebody is."""
        self.here.setText("from elsewhere")
        give(self.there)


@pytest.fixture
def home(desk: Any, watch: IdleWatch) -> Home:
    made = Home()
    desk.show(made, 400, 200)
    made.here.setFocus()
    return made


def test_a_change_of_another_desk_moves_nothing(desk: Any, home: Home) -> None:
    bus = ChangesBus()
    bus.changed.connect(home.lead)
    for letter in "Haddad":
        desk.type(letter)
        bus.tell({Kind.VISIT})
    assert (home.here.text(), home.there.text()) == ("Haddad", "")
    assert home.here.hasFocus()


def test_an_answer_leads_on_who_waits_for_it(desk: Any, home: Home, jobs: Jobs) -> None:
    desk.press("Return")
    jobs.read(lambda: None, owner=home, done=home.lead)
    desk.settle()
    assert home.there.hasFocus()
    assert home.here.text() == "from elsewhere"


def test_an_answer_leaves_alone_who_went_on_typing(desk: Any, home: Home, jobs: Jobs) -> None:
    held = threading.Event()
    jobs.read(held.wait, 10, owner=home, done=home.lead)
    desk.type("went on")
    held.set()
    desk.settle()
    assert home.here.text() == "went on"
    assert home.here.hasFocus()


def test_what_follows_from_a_refresh_is_no_wish_of_the_person(
    desk: Any, home: Home, jobs: Jobs
) -> None:
    """The bus starts a read, whose answer starts another: nobody asked for any of it."""
    bus = ChangesBus()

    def again(_: object) -> None:
        jobs.read(lambda: None, owner=home, done=home.lead)

    bus.changed.connect(lambda *_: jobs.read(lambda: None, owner=home, done=again))
    bus.tell({Kind.ELIGIBILITY})
    desk.settle()
    assert home.here.hasFocus()
    assert home.here.text() == ""


def test_a_refresh_takes_no_wish_away(desk: Any, home: Home, jobs: Jobs) -> None:
    """What a person waits for is read again because something changed: they still wait."""
    held = threading.Event()
    jobs.read(held.wait, 10, owner=home, done=home.lead, replaces="due")
    with hands.behind():
        jobs.read(lambda: None, owner=home, done=home.lead, replaces="due")
    held.set()
    desk.settle()
    assert home.there.hasFocus()


def test_where_the_field_goes_away_the_focus_goes_on(desk: Any, home: Home) -> None:
    with hands.behind():
        home.here.hide()
        assert give(home.there)
    assert home.there.hasFocus()


def test_text_from_behind_is_shown_when_the_line_is_left(desk: Any, home: Home) -> None:
    with hands.behind():
        home.here.setText("corrected elsewhere")
    assert home.here.text() == ""
    desk.press("Tab")
    assert home.here.text() == "corrected elsewhere"


def test_what_was_typed_wins_over_text_from_behind(desk: Any, home: Home) -> None:
    with hands.behind():
        home.here.setText("corrected elsewhere")
    desk.type("mine")
    desk.press("Tab")
    assert home.here.text() == "mine"


def test_a_question_answered_elsewhere_is_not_answered_back(desk: Any, home: Home) -> None:
    """Somebody only stands in a field whose answer another desk changed: leaving tells nothing."""
    editor = make_editor(Field("reach.mobile", "Mobile", FieldKind.PHONE), date(2026, 11, 23))
    home.layout().addWidget(editor.widget)  # type: ignore[union-attr]
    told: list[object] = []
    editor.answered.connect(told.append)
    editor.show_answer("+15125550100")
    editor.focus()
    with hands.behind():
        editor.show_answer("+15125550199")
    home.there.setFocus()
    assert told == []
    line: Any = editor.widget
    assert line.text() == "(512) 555-0199"


class Warning_(Overlay):
    """A question that comes up by itself, with a button that must not be pressed by chance."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=300)
        self.pressed = 0
        self.button = Button("This is another person")
        self.button.clicked.connect(self._press)
        QVBoxLayout(self.panel).addWidget(self.button)

    def _press(self) -> None:
        self.pressed += 1


def test_a_question_that_comes_up_lets_the_typing_end(desk: Any, home: Home) -> None:
    warning = Warning_(home)
    desk.type("Had")
    with hands.behind():
        warning.open()
    assert warning.isVisible()
    desk.type("dad")
    assert home.here.text() == "Haddad"
    desk.press("Return")
    assert warning.button.hasFocus()
    assert warning.pressed == 0, "the Enter that ends the typing answers nothing"
    desk.press("Return")
    assert warning.pressed == 1


@pytest.mark.parametrize("key", ["Tab", "Escape"])
def test_leaving_the_field_leads_into_the_question(desk: Any, home: Home, key: str) -> None:
    warning = Warning_(home)
    with hands.behind():
        warning.open()
    desk.press(key)
    assert warning.isVisible()
    assert warning.button.hasFocus()
    warning.close_()
    assert home.here.hasFocus()
