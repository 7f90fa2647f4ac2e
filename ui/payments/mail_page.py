"""The receipt by e-mail: the address, and the patient's yes to it in plain words."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls import Button, Field, Line, Text, row
from ui.eligibility.words import day_words
from ui.payments.dialog import ENTER
from ui.style import SPACE
from ui.wall_clock import local
from ui.words import say
from workstation.kernel.clock import from_iso
from workstation.kernel.errors import PorticoError


class MailPage(QWidget):
    """``show_address(address, agreed_at)``; answered by one of three signals."""

    sendWanted = Signal(str, bool)
    """(address, whether the patient agreed just now)"""
    refused = Signal(str)
    """The patient does not want receipts at this address."""
    backWanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._known, self._agreed_at = "", ""
        self.address = Line()
        self.address.textChanged.connect(self._typed)
        self.field = Field(say("E-mail address"), self.address, room=False)
        self._ask = Text("", wrap=True)
        self.send = Button("", kind="primary", icon="mail", icon_after="corner-down-left")
        self.no = Button(say("The patient does not want e-mail"))
        self.back = Button(say("Back to the receipt"))
        self.send.clicked.connect(self.send_now)
        self.no.clicked.connect(self._no)
        self.back.clicked.connect(self.backWanted)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, SPACE.l, 20, SPACE.l)
        box.setSpacing(SPACE.m)
        box.addWidget(Text(say("Receipt by e-mail"), role="section", weight="semibold"))
        box.addWidget(self.field)
        box.addWidget(self._ask)
        box.addWidget(row(self.send, None))
        box.addWidget(row(self.no, self.back, None, gap=SPACE.s))
        box.addStretch(1)

    def show_address(self, address: str, agreed_at: str | None) -> None:
        """The patient's own address, and when they agreed to it, if they did."""
        self._known, self._agreed_at = address, agreed_at or ""
        self.field.tell()
        self.address.setText(address)
        self._typed()

    @property
    def _agreed(self) -> bool:
        return bool(self._agreed_at) and self.address.text().strip() == self._known

    @Slot()
    def _typed(self) -> None:
        """An earlier yes holds for the address it was given to."""
        if self._agreed:
            day = day_words(local(from_iso(self._agreed_at)).date())
            self._ask.setText(
                say("The patient agreed to receipts at this address on {day}.", day=day)
            )
            self.send.set_words(say("Send the receipt"))
        else:
            self._ask.setText(
                say(
                    "Ask: “E-mail is not as private as a letter. May we send your receipt to this "
                    "address?” The answer is written down."
                )
            )
            self.send.set_words(say("The patient agrees: send it"))
        self.field.tell()

    @Slot()
    def send_now(self) -> None:
        """Enter."""
        self.sendWanted.emit(self.address.text().strip(), not self._agreed)

    @Slot()
    def _no(self) -> None:
        self.refused.emit(self.address.text().strip())

    def tell(self, error: PorticoError) -> None:
        """Why nothing was sent, under the address."""
        self.field.tell("stop", f"{say(error.say)} {say(error.do)}")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            event.accept()
            if not event.isAutoRepeat():
                self.send_now()
        else:
            super().keyPressEvent(event)
