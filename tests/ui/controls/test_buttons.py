"""Buttons act when they are pressed, not a moment later."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls import Button, Line, Segments, column


class DeskLike(Protocol):
    def show(self, widget: QWidget, width: int = ..., height: int = ...) -> QWidget: ...
    def press(self, *keys: str) -> None: ...
    def type(self, text: str) -> None: ...


class Home(QWidget):
    """A button that leads to a first line, and a second line that a person goes on to."""

    def __init__(self) -> None:
        super().__init__()
        self.button, self.first, self.second = Button("Screening e&xam done"), Line(), Line()
        box = QVBoxLayout(self)
        for widget in (self.button, self.first, self.second):
            box.addWidget(widget)
        self.button.clicked.connect(self.first.setFocus)


def test_the_letter_of_a_button_acts_before_the_next_key(desk: DeskLike) -> None:
    home = Home()
    desk.show(home, 400, 200)
    home.second.setFocus()
    desk.press("Alt+X")
    desk.type("at once")
    assert (home.first.text(), home.second.text()) == ("at once", "")


def test_nothing_of_a_press_comes_after_what_is_typed_next(desk: DeskLike, qtbot: object) -> None:
    home = Home()
    desk.show(home, 400, 200)
    desk.press("Alt+X")
    home.second.setFocus()
    desk.type("Dr. Had")
    qtbot.wait(150)  # type: ignore[attr-defined]
    desk.type("dad")
    assert home.second.text() == "Dr. Haddad"


def test_a_sleeping_button_does_not_answer_its_letter(desk: DeskLike) -> None:
    home = Home()
    home.button.setEnabled(False)
    desk.show(home, 400, 200)
    home.second.setFocus()
    desk.press("Alt+X")
    assert home.second.hasFocus()


def test_the_arrows_move_the_choice_of_segments(desk: DeskLike) -> None:
    chosen: list[str] = []
    segments = Segments([("a", "One", ""), ("b", "Two", ""), ("c", "Three", "")], name="Which")
    segments.chosen.connect(chosen.append)
    after = Button("After")
    desk.show(column(segments, after))
    segments.part("b").setEnabled(False)
    segments.setFocus()
    desk.press("Right", "Right", "Left")
    assert chosen == ["c", "a", "c"]
    assert segments.part("c").hasFocus()
    desk.press("Tab")
    assert after.hasFocus()
