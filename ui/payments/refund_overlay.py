"""Money given back: how much, why, and which way it goes, before anything moves."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.controls import Button, Choice, Field, KeyCap, Line, Note, Overlay, Pane, Text, row
from ui.controls.overlay import stacked
from ui.hands import give
from ui.payments.dialog import ENTER, EnterOnce
from ui.payments.sale import read_amount
from ui.payments.tender_pane import LEVELS, StateNote
from ui.payments.words import Who, paid_words, who_words
from ui.style import SPACE
from ui.words import say
from workstation.kernel.errors import PorticoError
from workstation.kernel.money import dollars
from workstation.payments.card_payments import CardStatus
from workstation.payments.history import PastPayment
from workstation.payments.model import REFUND_REASONS, Payment, Tender

_OTHER = "other"


class RefundOverlay(Overlay):
    """``ask(who, past, may)``; answered by ``wanted(cents, reason)``."""

    of_money = True

    wanted = Signal(int, str)
    changedAmount = Signal(int)
    """Cents; whether a supervisor is needed may have changed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=560, top=72)
        self.setObjectName("refund_overlay")
        self._past: PastPayment | None = None
        self._may = True
        self._busy = False
        self._who = Text("", tone="muted", rich=True, wrap=True)
        self._paid = StateNote()
        self.amount = Line()
        self._amount = Field(say("Give back"), self.amount, width="money")
        self._amount.setFixedWidth(150)
        reasons = [(one, say(one)) for one in REFUND_REASONS]
        self.reason = Choice([*reasons, (_OTHER, say("Another reason"))], hint=say("Choose why"))
        self._reason = Field(say("Why"), self.reason)
        self.words = Line(hint=say("such as: the plan covers it in full"))
        self._words = Field(say("In a few words"), self.words)
        self._way = StateNote()
        self._denied = Note(say("A supervisor gives this back."), icon="lock")
        self.keep = Button(say("Keep the payment"), big=True)
        self.go = Button("", kind="primary", big=True, icon_after="corner-down-left")
        self.amount.textChanged.connect(self._typed)
        self.reason.picked.connect(self._picked)
        self.words.textChanged.connect(self._typed)
        self.keep.clicked.connect(self.close_)
        self.go.clicked.connect(self.take)
        once = EnterOnce(self)
        for button in (self.keep, self.go):
            button.installEventFilter(once)
        self._build()

    def _build(self) -> None:
        head = Pane("", ("bottom",))
        top = QHBoxLayout(head)
        top.setContentsMargins(20, 12, 20, 12)
        top.setSpacing(SPACE.m)
        top.addWidget(Text(say("Refund"), role="page", weight="bold"))
        top.addWidget(self._who, 1)
        top.addWidget(KeyCap("Esc"))
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(20, SPACE.l, 20, SPACE.m)
        inside.setSpacing(SPACE.s)
        inside.addWidget(self._paid)
        inside.addWidget(row(self._amount, self._reason))
        inside.addWidget(self._words)
        inside.addWidget(self._way)
        inside.addWidget(self._denied)
        foot = Pane("", ("top",))
        bottom = QHBoxLayout(foot)
        bottom.setContentsMargins(20, SPACE.m, 20, SPACE.m)
        bottom.addWidget(self.keep)
        bottom.addStretch(1)
        bottom.addWidget(self.go)
        box = stacked(self)
        box.addWidget(head)
        box.addWidget(body)
        box.addWidget(foot)

    def ask(self, who: Who, past: PastPayment) -> None:
        """Opens it with everything that can still be given back."""
        self._past, self._busy = past, False
        self._who.setText(who_words(who))
        self.setAccessibleName(f"{say('Refund')}, {who.name}, {who.born}, MRN {who.mrn}")
        left = dollars(past.refundable)
        note = say("{amount} of it can still be given back.", amount=left)
        self._paid.tell("accent", "receipt", paid_words(past.payment), note)
        self.amount.setText(left)
        self.reason.choose("")
        self.words.clear()
        self._clear()
        self._rest()
        self._show_way()
        self.open()

    def first(self) -> QWidget | None:
        """The amount stands; the reason is what is missing."""
        return self.reason if self._may else self.keep

    def permit(self, *, may: bool) -> None:
        """Whether this person may give back what is typed, or a supervisor has to."""
        self._may = may
        self._rest()

    @property
    def cents(self) -> int:
        """What is typed, 0 while it cannot be read."""
        return read_amount(self.amount.text()) or 0

    @property
    def _why(self) -> str:
        return self.words.text().strip() if self.reason.key == _OTHER else self.reason.key

    def _rest(self) -> None:
        """As it is while nothing is under way."""
        for editor in (self.amount, self.reason, self.words):
            editor.setEnabled(not self._busy and self._may)
        self._words.setVisible(self.reason.key == _OTHER)
        self._denied.setVisible(not self._may)
        self.go.setVisible(self._may)
        self.go.setEnabled(not self._busy)
        self.go.set_words(say("Refund {amount}", amount=dollars(self.cents)))
        self.resettle()

    def _clear(self) -> None:
        for field in (self._amount, self._reason, self._words):
            field.tell()

    def _show_way(self) -> None:
        if self._past is not None:
            icon, title, words = _way(self._past.payment)
            self._way.tell("accent", icon, title, words)

    @Slot()
    def _typed(self) -> None:
        self._clear()
        self._rest()
        self.changedAmount.emit(self.cents)

    @Slot(str)
    def _picked(self, _: str) -> None:
        self._typed()
        if self.reason.key == _OTHER:
            give(self.words)

    @Slot()
    def take(self) -> None:
        """Enter. Nothing happens while anything is under way."""
        past = self._past
        if past is None or self._busy or not self._may:
            return
        if not 0 < self.cents <= past.refundable:
            left = dollars(past.refundable)
            self._amount.tell("stop", say("Type an amount up to {amount}.", amount=left))
            give(self.amount)
        elif not self._why:
            field = self._words if self.reason.key == _OTHER else self._reason
            field.tell("stop", say("Say why; it stands on the receipt."))
            give(field.editor)
        else:
            self._busy = True
            self._rest()
            self.wanted.emit(self.cents, self._why)
        self.resettle()

    def show_status(self, status: CardStatus) -> None:
        """Where a card refund stands; it goes on by itself also when this is closed."""
        level, icon = LEVELS.get(status.state, ("accent", "nfc"))
        words = say("It goes on by itself, also when this is closed.") if not status.final else ""
        self._way.tell(level, icon, say(status.words), words)
        self.resettle()

    def refused(self, error: PorticoError) -> None:
        """Nothing was given back; what was typed stays."""
        self._busy = False
        self._rest()
        field = self._amount if error.field == "amount" else self._reason
        field.tell("stop", f"{say(error.say)} {say(error.do)}".strip())
        self.resettle()

    def came_to_nothing(self, status: CardStatus) -> None:
        """The processor gave nothing back: it may be tried again, or another way found."""
        self._busy = False
        self._rest()
        self.show_status(status)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            event.accept()
            if not event.isAutoRepeat():
                self.take()
            return
        super().keyPressEvent(event)


def _way(payment: Payment) -> tuple[str, str, str]:
    if payment.tender is Tender.CASH:
        return (
            "banknote",
            say("In cash, from this drawer"),
            say("Count it out to the patient after you press Refund."),
        )
    if payment.tender.needs_terminal:
        return (
            "nfc",
            say("Back to the card that paid"),
            say("The card is not needed. The patient sees it on the card in a few days."),
        )
    return (
        "mail",
        say("By check, mailed by the hospital"),
        say("Nothing leaves the drawer. Check that the address on file is right."),
    )
