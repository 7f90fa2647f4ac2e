"""Does what the payment dialog decided, off the UI thread, and tells the view model what came."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ui import hands
from ui.changes import ChangesBus
from ui.jobs import Jobs, expected
from ui.payments.viewmodel import PayViewModel
from workstation.at_the_desk import UseCases
from workstation.kernel.changed import Kind
from workstation.kernel.errors import PorticoError
from workstation.payments.card_payments import CardPayments, CardStatus
from workstation.payments.model import PaymentLine
from workstation.payments.use_cases import Taken, TenderPart

POLL_MS = 400
_WATCHED = frozenset({Kind.JOB, Kind.PAYMENT})


class DeskTill(QObject):
    """The till of one opened dialog. Its outcomes go to ``model``, which must be set first."""

    looked = Signal()
    """The clock of a card payment moved on."""

    model: PayViewModel

    def __init__(
        self, jobs: Jobs, bus: ChangesBus, use: UseCases, person_id: str, visit_id: str
    ) -> None:
        super().__init__()
        self._jobs, self._bus, self._use = jobs, bus, use
        self._person, self._visit = person_id, visit_id
        self._attempt = ""
        self._wish = hands.BEHIND
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._tick)
        bus.changed.connect(self._changed)

    @property
    def _cards(self) -> CardPayments:
        cards = self._use.cards
        if cards is None:
            raise PorticoError(
                "no_terminal", "No card terminal is set up at this desk.", "Choose another tender."
            )
        return cards

    def take(
        self,
        parts: tuple[TenderPart, ...],
        lines: tuple[PaymentLine, ...],
        split: str | None,
        key: str,
    ) -> None:
        """Writes what goes into the drawer."""
        payments = self._use.payments

        def take() -> Taken:
            return payments.take(self._person, self._visit, parts, lines, split_id=split, key=key)

        self._jobs.write(take, owner=self, done=self._taken, failed=self._refused)

    def start_card(
        self,
        part: TenderPart,
        lines: tuple[PaymentLine, ...],
        split: str | None,
        key: str,
        payment_id: str | None,
    ) -> None:
        """Puts a card payment on disk; the runner drives it."""

        def start() -> str:
            return self._cards.start_card(
                self._person,
                self._visit,
                lines,
                tender=part.tender,
                payment_id=payment_id,
                split_id=split,
                key=key,
            )

        self._jobs.write(start, owner=self, done=self._started, failed=self._refused)

    def watch(self, attempt_id: str) -> None:
        """Looks now, on every change, and every 400 ms."""
        self._attempt, self._wish = attempt_id, hands.asked()
        self._timer.start()
        self._look()

    def cancel(self, attempt_id: str) -> None:
        """Gives up at the terminal."""
        self._write(self._cards.cancel, attempt_id)

    def keep(self, attempt_id: str) -> None:
        """Keeps a part approval."""
        self._write(self._cards.keep_partial, attempt_id)

    def _write(self, use_case: Any, attempt_id: str) -> None:
        self._jobs.write(use_case, attempt_id, owner=self, done=self._status, failed=self._refused)

    def other_tender(self, attempt_id: str) -> None:
        """Leaves a payment in doubt to the processor; another tender is taken beside it."""
        self._jobs.write(
            self._cards.take_other_tender_meanwhile,
            attempt_id,
            owner=self,
            done=self._other_allowed,
            failed=self._refused,
        )

    def release(self, attempt_id: str) -> None:
        """Gives a part approval back."""
        self.rest()
        self._jobs.write(
            self._cards.release_partial,
            attempt_id,
            owner=self,
            done=self._released,
            failed=self._refused,
        )

    def nothing(self, reason: str) -> None:
        """Records why nothing is taken."""

        def nothing() -> tuple[str, frozenset[Kind]]:
            return reason, self._use.payments.nothing_today(self._visit, reason)

        self._jobs.write(nothing, owner=self, done=self._nothing, failed=self._refused)

    def rest(self) -> None:
        """Watches no longer."""
        self._timer.stop()
        self._attempt = ""

    @Slot(object, object)
    def _changed(self, kinds: frozenset[Kind], by: object) -> None:
        if self._attempt and kinds & _WATCHED:
            self._tick()

    @Slot()
    def _tick(self) -> None:
        with hands.answering(self._wish):
            self._look()

    def _look(self) -> None:
        if self._attempt:
            self._jobs.read(
                self._cards.status,
                self._attempt,
                owner=self,
                done=self._status,
                failed=self._refused,
                replaces="status",
            )

    @Slot(object)
    def _status(self, status: CardStatus) -> None:
        if status.attempt_id != self._attempt:
            return
        if status.final:
            self.rest()
        self.model.card_is(status)
        self.looked.emit()

    @Slot(object)
    def _started(self, attempt_id: str) -> None:
        self.model.card_started(attempt_id)

    @Slot(object)
    def _taken(self, taken: Taken) -> None:
        self.model.was_taken(taken)
        self._bus.tell(taken.changed, self)

    @Slot(object)
    def _other_allowed(self, _: object) -> None:
        self.rest()
        self.model.other_allowed()
        self._bus.tell({Kind.PAYMENT, Kind.JOB}, self)

    @Slot(object)
    def _released(self, _: str) -> None:
        self.model.released()
        self._bus.tell({Kind.PAYMENT, Kind.JOB}, self)

    @Slot(object)
    def _nothing(self, result: tuple[str, frozenset[Kind]]) -> None:
        reason, kinds = result
        self.model.nothing_recorded(reason)
        self._bus.tell(kinds, self)

    @Slot(object)
    def _refused(self, error: Exception) -> None:
        self.model.refused(expected(error))
