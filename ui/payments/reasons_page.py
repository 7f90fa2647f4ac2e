"""*Nothing today*: why, in one key. And the question before leaving a card payment in doubt."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls import Button, Text, grid, row
from ui.payments.pay_state import PayState
from ui.payments.tender_pane import StateNote
from ui.payments.words import NOTHING_WORDS
from ui.style import SPACE
from ui.words import say
from workstation.payments.attempt_model import State
from workstation.payments.model import NothingReason


class ReasonsPage(QWidget):
    """A list of reasons; the digit beside one chooses it."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(20, SPACE.l, 20, SPACE.l)
        box.setSpacing(SPACE.s)
        box.addWidget(Text(say("Nothing today"), role="section", weight="semibold"))
        words = say("Care does not depend on it. What is chosen stays with the visit.")
        box.addWidget(Text(words, tone="muted", wrap=True))
        box.addSpacing(SPACE.xs)
        self.buttons: dict[NothingReason, Button] = {}
        for n, (reason, label) in enumerate(NOTHING_WORDS.items(), 1):
            button = Button(say(label), key=str(n))
            button.setProperty("reason", reason.value)
            button.clicked.connect(self._pressed)
            self.buttons[reason] = button
        box.addWidget(grid(2, *self.buttons.values(), gap=SPACE.s))
        box.addStretch(1)

    def press_digit(self, key: int) -> bool:
        """A digit chooses; True where it did."""
        n = key - Qt.Key.Key_1
        if not 0 <= n < len(self.buttons):
            return False
        list(self.buttons.values())[n].click()
        return True

    @Slot()
    def _pressed(self) -> None:
        sender = self.sender()
        if isinstance(sender, Button):
            self.chosen.emit(NothingReason(str(sender.property("reason"))))


class OtherTenderPage(QWidget):
    """A supervisor reads what another tender means while the card is in doubt."""

    stayWanted = Signal()
    otherWanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        note = StateNote()
        note.tell(
            "warn",
            "triangle-alert",
            say("It is not known whether this card was charged."),
            say(
                "With another tender the patient pays now. If the card was charged too, that is "
                "given back: it becomes work for a supervisor as soon as it is found. Your name "
                "stands with it."
            ),
        )
        self.stay = Button(say("Keep waiting"), kind="primary", icon_after="corner-down-left")
        self.other = Button(say("Take another tender"), kind="danger")
        self.stay.clicked.connect(self.stayWanted)
        self.other.clicked.connect(self.otherWanted)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, SPACE.l, 20, SPACE.l)
        box.setSpacing(SPACE.l)
        box.addWidget(note)
        box.addWidget(row(self.stay, self.other, None, gap=SPACE.s))
        box.addStretch(1)


class LeavePage(QWidget):
    """Nobody leaves a card payment under way without having read these words."""

    stayWanted = Signal()
    cancelWanted = Signal()
    leaveWanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._note = StateNote()
        self.stay = Button(say("Keep waiting"), kind="primary", icon_after="corner-down-left")
        self.cancel = Button(say("Cancel the card payment"))
        self.leave = Button(say("Leave without the answer"), kind="danger")
        self.stay.clicked.connect(self.stayWanted)
        self.cancel.clicked.connect(self.cancelWanted)
        self.leave.clicked.connect(self.leaveWanted)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, SPACE.l, 20, SPACE.l)
        box.setSpacing(SPACE.l)
        box.addWidget(self._note)
        box.addWidget(row(self.stay, self.cancel, self.leave, None, gap=SPACE.s))
        box.addStretch(1)

    def show_state(self, state: PayState, seconds: int) -> None:
        """The words for where the card payment stands."""
        doubt = state.in_doubt
        words = state.card.words if state.card is not None else "Starting."
        title = f"{say(words)} {say('{n} s', n=seconds)}"
        if doubt:
            told = say(
                "It is not known whether this card was charged. Do not take this card again: "
                "the answer comes by itself and is shown at this visit and in Work."
            )
        else:
            told = say("The terminal is still asking for the card. Cancel it before you leave.")
        self._note.tell("warn", "triangle-alert", title, told)
        cancellable = not doubt or (state.card is not None and state.card.state is State.UNKNOWN)
        self.cancel.setVisible(cancellable)
        self.leave.setVisible(doubt)
