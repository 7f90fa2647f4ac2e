"""Gives back what a payment took: asks, does it off the UI thread, and hands out its receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ui.jobs import expected
from ui.payments.hand_out import HandOut
from ui.payments.refund_overlay import RefundOverlay
from ui.payments.words import Who
from ui.shell.overlays import overlay_of
from workstation.at_the_desk import UseCases
from workstation.kernel.changed import Kind
from workstation.kernel.errors import PorticoError
from workstation.kernel.ids import new_id
from workstation.payments.attempt_model import State
from workstation.payments.card_payments import CardPayments, CardStatus
from workstation.payments.history import PastPayment, past_payment
from workstation.payments.use_cases import Refunded

if TYPE_CHECKING:
    from ui.desk.window import DeskWindow

POLL_MS = 500


class Refunding(QObject):
    """One for each page that offers refunds; the overlay belongs to the window."""

    refunded = Signal()
    """Given back, or on its way back to the card."""

    def __init__(self, desk: DeskWindow, use: UseCases, hand_out: HandOut, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._use, self._hand_out = desk, use, hand_out
        self._jobs, self._bus = desk.jobs, desk.bus
        self._past: PastPayment | None = None
        self._attempt = ""
        self._key = ""
        self.overlay = overlay_of(desk.window, RefundOverlay)
        self.overlay.wanted.connect(self._wanted)
        self.overlay.changedAmount.connect(self._permit)
        self.overlay.closed.connect(self._closed)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._look)

    def begin(self, who: Who, payment_id: str) -> None:
        """Reads what is left of the payment, and asks."""
        records = self._desk.desk.records

        def read() -> tuple[Who, PastPayment] | None:
            reader = records.read()
            row = reader.get("payment", payment_id)
            return (who, past_payment(reader, row)) if row is not None else None

        self._jobs.read(read, owner=self, done=self._ask, replaces="refund")

    @Slot(object)
    def _ask(self, found: tuple[Who, PastPayment] | None) -> None:
        if found is not None:
            who, self._past = found
            self._key, self._attempt = new_id(), ""
            self._permit(self._past.refundable)
            self.overlay.ask(who, self._past)

    @Slot(int)
    def _permit(self, cents: int) -> None:
        if self._past is not None:
            self.overlay.permit(may=self._use.payments.may_refund(self._past.payment, cents))

    @Slot(int, str)
    def _wanted(self, cents: int, reason: str) -> None:
        past, use = self._past, self._use
        if past is None:
            return
        key, payment = self._key, past.payment
        if not payment.tender.needs_terminal:

            def from_drawer() -> Refunded:
                return use.payments.refund(payment.id, cents, reason, key=key)

            self._jobs.write(from_drawer, owner=self, done=self._given, failed=self._refused)
            return

        def to_card() -> str:
            return _cards(use).refund_card(payment.id, cents, reason, key=key)

        self._jobs.write(to_card, owner=self, done=self._asked, failed=self._refused)

    @Slot(object)
    def _given(self, refunded: Refunded) -> None:
        cents = self.overlay.cents
        from_drawer = self._past is not None and self._past.payment.tender.value == "cash"
        self.overlay.close_()
        self._bus.tell(refunded.changed, self)
        self._hand_out.begin((refunded.refund_id,), cents if from_drawer else 0, refund=True)
        self.refunded.emit()

    @Slot(object)
    def _asked(self, attempt_id: str) -> None:
        self._attempt = attempt_id
        self._bus.tell({Kind.PAYMENT, Kind.JOB}, self)
        self._timer.start()
        self._look()

    @Slot()
    def _look(self) -> None:
        if self._attempt:
            self._jobs.read(
                _cards(self._use).status,
                self._attempt,
                owner=self,
                done=self._status,
                failed=self._refused,
                replaces="refund-status",
            )

    @Slot(object)
    def _status(self, status: CardStatus) -> None:
        if status.attempt_id != self._attempt:
            return
        if not status.final:
            self.overlay.show_status(status)
            return
        self._timer.stop()
        self._attempt, self._key = "", new_id()
        self._bus.tell({Kind.PAYMENT, Kind.JOB}, self)
        if status.state is State.APPROVED:
            self.overlay.close_()
            self._hand_out.begin((status.payment_id,), refund=True)
            self.refunded.emit()
        else:
            self.overlay.came_to_nothing(status)

    @Slot(object)
    def _refused(self, error: Exception) -> None:
        self.overlay.refused(expected(error))

    @Slot()
    def _closed(self) -> None:
        """A card refund under way goes on without being watched; the visit shows its end."""
        self._timer.stop()
        self._past, self._attempt = None, ""


def _cards(use: UseCases) -> CardPayments:
    if use.cards is None:
        raise PorticoError(
            "no_terminal",
            "No card terminal is set up at this desk.",
            "Refund it at the desk where the card was taken.",
        )
    return use.cards
