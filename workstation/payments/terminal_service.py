"""The card terminal of one running program: recovery first, then a thread that drives attempts.

It outlives sessions: locking the desk, signing off or closing a window leaves a payment running.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from workstation.access.model import Session
from workstation.facility.model import Desk
from workstation.kernel.clock import Clock
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import StoreGateway
from workstation.payments.attempt_book import AttemptBook
from workstation.payments.attempt_model import Attempt
from workstation.payments.card_payments import CardPayments, CardTerminal
from workstation.payments.gateways import TerminalDriver
from workstation.payments.posting import Posting
from workstation.payments.runner import AttemptRunner

_SECONDS_TO_STOP = 40.0
"""Longer than the longest outside call, so that its answer is still written down."""


class TerminalService:
    """Make one, ``start`` it before anyone can sign in, hand out ``cards`` per session.

    ``drivers`` by name must hold ``terminal.driver``. ``moved`` is called, on the service's own
    thread, after each step of an attempt.
    """

    def __init__(
        self,
        store: StoreGateway,
        clock: Clock,
        desk: Desk,
        terminal: CardTerminal,
        drivers: Mapping[str, TerminalDriver],
        *,
        moved: Callable[[Attempt], None] | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._desk = desk
        self._terminal = terminal
        self._boot_id = new_id()
        book = AttemptBook(store, Posting(desk, clock))
        self.runner = AttemptRunner(book, drivers, clock, self._boot_id, moved=moved)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> int:
        """Takes over what an earlier run left open (answers how many), then drives on its own."""
        found = self.runner.recover()
        self._thread = threading.Thread(
            target=self.runner.run, args=(self._stop,), name="card-payments", daemon=True
        )
        self._thread.start()
        return found

    def stop(self) -> None:
        """Ends the thread; what is open is taken over at the next start."""
        self._stop.set()
        self.runner.wake()
        if self._thread is not None:
            self._thread.join(_SECONDS_TO_STOP)

    def cards(self, session: Session) -> CardPayments:
        """The use cases of the terminal for one signed-in person."""
        return CardPayments(
            self._store,
            self._clock,
            session,
            self._desk,
            runner=self.runner,
            terminal=self._terminal,
            boot_id=self._boot_id,
        )
