"""Which of several copays is today's, asked where the payer names more than one."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls import Button, Card, Text, row
from ui.eligibility.benefits import choices_of
from ui.style import SPACE
from ui.words import say
from workstation.estimates.from_benefits import CopayQuestion
from workstation.kernel.money import dollars


class CopayChoiceCard(Card):
    """Which of several copays is today's: the payer's words beside each, one press chooses."""

    chosen = Signal(str, int)
    """(service code, cents)"""

    def __init__(self) -> None:
        super().__init__(padding=SPACE.m)
        self._question: CopayQuestion | None = None
        self._words = Text(
            say("The payer names several copays. Which applies today?"),
            weight="semibold",
            wrap=True,
        )
        self._home = QWidget()
        self._box = QVBoxLayout(self._home)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE.xs)
        self.buttons: list[Button] = []
        self.add(self._words)
        self.add(self._home)
        self.hide()

    def show_question(self, question: CopayQuestion | None) -> None:
        """Another question; None hides it."""
        if question == self._question:
            return
        self._question = question
        self.setVisible(question is not None)
        while self._box.count():
            item = self._box.takeAt(0)
            old = item.widget() if item is not None else None
            if old is not None:
                old.hide()
                old.deleteLater()
        self.buttons = []
        for amount, when in choices_of(question) if question is not None else ():
            press = Button(dollars(amount), name=f"{dollars(amount)}, {when}")
            press.setProperty("amount", amount)
            press.clicked.connect(self._pressed)
            self.buttons.append(press)
            self._box.addWidget(row(press, Text(when, role="small", wrap=True), gap=SPACE.s))

    @Slot()
    def _pressed(self) -> None:
        press = self.sender()
        if press is not None and self._question is not None:
            self.chosen.emit(self._question.service, int(press.property("amount")))
