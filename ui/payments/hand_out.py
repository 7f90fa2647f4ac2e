"""Handing out receipts: the window's one overlay, in the hands of whoever opened it last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ui.payments.receipt import ReceiptCase, ReceiptOverlay
from ui.shell.overlays import overlay_of
from workstation.at_the_desk import UseCases
from workstation.kernel.changed import Kind
from workstation.papers.receipts import Receipts

if TYPE_CHECKING:
    from ui.desk.window import DeskWindow


class HandOut(QObject):
    """The receipt overlay for one page; what the overlay tells others is not for it."""

    done = Signal()
    """Printed, sent, or without paper."""

    def __init__(self, desk: DeskWindow, use: UseCases, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._use = desk, use
        self._receipts = Receipts(desk.desk.records, desk.desk.desk)
        self._mine = False
        self.overlay = overlay_of(desk.window, ReceiptOverlay, desk.jobs)
        self.overlay.done.connect(self._done)
        self.overlay.printed.connect(self._printed)
        self.overlay.changed.connect(self._changed)

    def begin(self, payment_ids: tuple[str, ...], change: int = 0, *, refund: bool = False) -> None:
        """Opens it; ``change`` is what is counted out to the patient now, in cents."""
        self._mine = True
        self.overlay.begin(
            ReceiptCase(
                payment_ids,
                self._receipts,
                self._use.payments,
                self._desk.desk.printing,
                self._use.receipt_mail,
                change,
                refund,
            )
        )

    @Slot(str)
    def _printed(self, words: str) -> None:
        if self._mine:
            self._desk.window.note(words)
            self._desk.bus.tell({Kind.PAPER}, self)

    @Slot(object)
    def _changed(self, kinds: frozenset[Kind]) -> None:
        if self._mine:
            self._desk.bus.tell(kinds, self)

    @Slot()
    def _done(self) -> None:
        mine, self._mine = self._mine, False
        if mine:
            self.done.emit()
