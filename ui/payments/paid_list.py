"""What was paid at a visit and what was given back, each with its receipt."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls import IconText, Link, row
from ui.payments.words import given_back_words, paid_words, verifying_words
from ui.style import SPACE
from ui.words import say
from workstation.payments.history import PastPayment
from workstation.payments.model import Payment


class PaidList(QWidget):
    """``show_payments(payments)``; each row tells what is wanted of its payment."""

    receiptWanted = Signal(str)
    refundWanted = Signal(str)
    slipWanted = Signal(str)
    """(attempt id): the slip about a card payment in doubt."""

    def __init__(self) -> None:
        super().__init__()
        self.links: dict[tuple[str, str], Link] = {}
        """By what they do (``receipt``, ``refund``) and the payment's id."""
        self._shown: tuple[object, ...] = ()
        self._rows: list[QWidget] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE.xs)

    def show_payments(
        self,
        payments: tuple[PastPayment, ...],
        verifying: tuple[tuple[str, int], ...] = (),
    ) -> None:
        """Another list; the same one leaves the rows, and the focus in them, alone.

        ``verifying``: attempts and cents of card payments in doubt.
        """
        if (payments, verifying) == self._shown:
            return
        self._shown = (payments, verifying)
        for old in self._rows:
            self._box.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._rows, self.links = [], {}
        for past in payments:
            self._add_payment(past)
        for attempt_id, cents in verifying:
            slip = Link(say("Slip for the patient…"))
            slip.setProperty("payment", attempt_id)
            slip.clicked.connect(self._slip_pressed)
            self.links["slip", attempt_id] = slip
            self._rows.append(row(IconText("hourglass", verifying_words(cents), tone="warn"), None))
            self._rows.append(row(22, slip, None))
        for made in self._rows:
            self._box.addWidget(made)

    def _add_payment(self, past: PastPayment) -> None:
        payment = past.payment
        links = [self._receipt(payment)]
        if past.refundable > 0 and past.refund is None:
            refund = Link(say("Refund…"))
            refund.setAccessibleName(say("Refund receipt {no}", no=payment.receipt_no))
            refund.setProperty("payment", payment.id)
            refund.clicked.connect(self._refund_pressed)
            self.links["refund", payment.id] = refund
            links.append(refund)
        words = IconText("circle-check", paid_words(payment), tone="text", icon_tone="ok")
        self._rows.append(row(words, *links, None, gap=SPACE.m))
        for back in past.refunds:
            words = IconText("undo-2", given_back_words(back), tone="text", icon_tone="warn")
            self._rows.append(row(words, self._receipt(back), None, gap=SPACE.m))
        if past.refund is not None:
            under_way = say("A refund to the card is under way; it goes on by itself.")
            self._rows.append(row(IconText("hourglass", under_way, tone="warn"), None))

    def _receipt(self, payment: Payment) -> Link:
        link = Link(say("Show the receipt"))
        link.setAccessibleName(say("Show receipt {no}", no=payment.receipt_no))
        link.setProperty("payment", payment.id)
        link.clicked.connect(self._receipt_pressed)
        self.links["receipt", payment.id] = link
        return link

    @Slot()
    def _receipt_pressed(self) -> None:
        self._tell(self.receiptWanted)

    @Slot()
    def _refund_pressed(self) -> None:
        self._tell(self.refundWanted)

    @Slot()
    def _slip_pressed(self) -> None:
        self._tell(self.slipWanted)

    def _tell(self, signal: SignalInstance) -> None:
        sender = self.sender()
        if sender is not None:
            signal.emit(str(sender.property("payment")))
