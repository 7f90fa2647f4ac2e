"""A scanner that types into whatever has the focus."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import pytest
from aamva_payloads_for_ui import LICENCE
from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.capture.wedge import Wedge
from ui.controls import Message
from workstation.capture.licence_model import Licence


class DeskLike(Protocol):
    def show(self, widget: QWidget, width: int = ..., height: int = ...) -> QWidget: ...
    def until(self, true: Callable[[], bool], ms: int = ...) -> None: ...


class Page(QWidget):
    """A field, and Enter as a command of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        QVBoxLayout(self).addWidget(self.line)
        self.continued = 0
        QShortcut(Qt.Key.Key_Return, self, self._go_on)
        self.now = 0.0
        self.wedge = Wedge(self, lambda: self.now)
        self.licences: list[Licence] = []
        self.messages: list[Message] = []
        self.wedge.licenceRead.connect(self.licences.append)
        self.wedge.told.connect(self.messages.append)

    def _go_on(self) -> None:
        self.continued += 1

    def scan(self, text: str, gap: float = 0.004) -> None:
        for char in text:
            self.now += gap
            if char in "\r\n":
                QTest.keyClick(self.line, Qt.Key.Key_Return)
            elif char < " ":
                key = Qt.Key(ord(char) + 0x40)
                QTest.keyClick(self.line, key, Qt.KeyboardModifier.ControlModifier)
            else:
                QTest.keyClicks(self.line, char)


@pytest.fixture
def page(desk: DeskLike) -> Iterator[Page]:
    made = Page()
    desk.show(made, 400, 120)
    made.line.setFocus()
    desk.until(made.line.hasFocus)
    yield made
    made.wedge.stop()


def test_a_licence_is_read_and_nothing_of_it_is_typed(desk: DeskLike, page: Page) -> None:
    page.scan(LICENCE)
    desk.until(lambda: bool(page.licences))
    assert page.licences[0].last_name == "FIXTURE"
    assert page.licences[0].birth_date is not None
    assert page.line.text() == ""
    assert page.continued == 0


def test_a_payment_card_is_refused_and_forgotten(desk: DeskLike, page: Page) -> None:
    page.scan("%B4111111111111111^FIXTURE/LINNEA^2912101000000000?\n")
    desk.until(lambda: bool(page.messages))
    assert page.messages[0].words == "That was a payment card. Nothing of it was kept."
    assert "4111" not in repr(page.messages) + repr(vars(page.wedge._burst))
    assert page.line.text() == ""


def test_a_person_may_type_these_signs(desk: DeskLike, page: Page) -> None:
    page.scan("a@b;c", gap=0.2)
    desk.until(lambda: page.line.text() == "a@b;c")
    page.scan("@", gap=0.2)
    desk.until(lambda: page.line.text() == "a@b;c@")


def test_another_code_is_told(desk: DeskLike, page: Page) -> None:
    page.scan("@this is no licence at all, sorry\n")
    desk.until(lambda: bool(page.messages))
    assert page.messages[0].level == "yield"
    assert not page.licences
