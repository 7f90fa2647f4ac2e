"""Drives attempts to their end, also after the program died: what to do follows from the disk.

The runner holds no truth of its own. Each turn it reads the attempts that are not over, does the
one thing their state asks for, and lets the book write what came back. Only the step from
``armed`` to ``sent`` commands a terminal, and only who wins that step on disk does so.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta

from workstation.kernel.clock import Clock, from_iso
from workstation.kernel.errors import PorticoError
from workstation.payments.attempt_book import AttemptBook, Moved
from workstation.payments.attempt_model import (
    FINAL,
    Attempt,
    Begin,
    Deadline,
    Do,
    Event,
    GiveUp,
    Restart,
    Send,
    State,
    UserCancel,
)
from workstation.payments.gateways import TerminalDriver

POLL_SECONDS = 1.0
BUSY_SECONDS = 3.0
MANUAL_SECONDS = 300.0
LONGEST_PAUSE = 30.0
AFTER_LONGEST = 60.0
ASK_FIRST = 3
_LIMIT = timedelta(minutes=15)
"""How long a payment may stay unknown before a supervisor gets it as a work item."""

_ASKS_THE_PATIENT = frozenset({State.NEW, State.ARMING, State.ARMED, State.WAITING})
"""States of a charge in which the terminal asks, or is about to ask, for a card."""

_BY_STATE = {
    State.ARMING: Do.CREATE,
    State.ARMED: Do.PROCEED,
    State.WAITING: Do.POLL,
    State.CANCELLING: Do.CANCEL,
    State.UNKNOWN: Do.QUERY,
    State.MANUAL: Do.QUERY,
}


class AttemptRunner:
    """One for each running program; ``boot_id`` names this run."""

    def __init__(
        self,
        book: AttemptBook,
        drivers: Mapping[str, TerminalDriver],
        clock: Clock,
        boot_id: str,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        moved: Callable[[Attempt], None] | None = None,
    ) -> None:
        self._book = book
        self._drivers = drivers
        self._clock = clock
        self._boot_id = boot_id
        self._monotonic = monotonic
        self._moved = moved or (lambda _: None)
        self._due: dict[str, float] = {}
        self._tries: dict[str, int] = {}
        self._wake = threading.Event()
        self._hurry = False

    def recover(self) -> int:
        """Takes over every attempt of an earlier run; call it once, before anyone can sign in.

        A charge that had not reached the terminal is given up; anything later is asked about.
        Answers how many there were.
        """
        found = [a for a in self._book.live() if a.boot_id != self._boot_id]
        for attempt in found:
            self._book.adopt(attempt.id, self._boot_id)
            self._apply(attempt.id, Restart())
        return len(found)

    def wake(self) -> None:
        """Something was started or cancelled: look at once."""
        self._hurry = True
        self._wake.set()

    def run(self, stop: threading.Event) -> None:
        """Turns until ``stop`` is set; for a thread of its own."""
        while not stop.is_set():
            try:
                pause = self.turn()
            except PorticoError:  # the store is busy or full; nothing was lost, look again soon
                pause = BUSY_SECONDS
            self._wake.wait(POLL_SECONDS if pause is None else min(pause, POLL_SECONDS))
            self._wake.clear()

    def turn(self) -> float | None:
        """Does what is due. Answers seconds until the next is due, None where nothing is live."""
        mine = [a for a in self._book.live() if a.boot_id == self._boot_id]
        live = [a for a in mine if a.driver in self._drivers]
        self._forget({attempt.id for attempt in live})
        if self._hurry:
            self._hurry = False
            self._due.clear()
        for attempt in live:
            if self._due.get(attempt.id, 0.0) <= self._monotonic():
                self._advance(attempt)
        now = self._monotonic()
        return min((max(0.0, due - now) for due in self._due.values()), default=None)

    def settle(self, attempt_id: str, *, turns: int) -> Attempt:
        """Advances one attempt without pauses, at most ``turns`` times: for tests and `do`."""
        for _ in range(turns):
            attempt = self._book.load(attempt_id)
            if attempt.state in FINAL:
                break
            self._advance(attempt)
        return self._book.load(attempt_id)

    def _advance(self, attempt: Attempt) -> None:
        event = self._unasked(attempt)
        if event is not None:
            self._apply(attempt.id, event)
            attempt = self._book.load(attempt.id)
        if attempt.state is State.NEW:
            attempt = self._apply(attempt.id, Begin()).attempt
        action = self._due_action(attempt)
        while action is not None:
            moved = self._carry_out(attempt, action)
            attempt = moved.attempt
            action = next((a for a in moved.actions if a in (Do.PROCEED, Do.COMMAND)), None)
        self._pause(attempt)

    def _unasked(self, attempt: Attempt) -> Event | None:
        """What nobody at the desk asked for: a patient who became an emergency is let go."""
        asks = attempt.is_charge and attempt.state in _ASKS_THE_PATIENT
        if asks and self._book.patient_locked(attempt):
            return UserCancel()
        return self._by_time(attempt)

    def _by_time(self, attempt: Attempt) -> Event | None:
        now = self._clock()
        if attempt.state is State.ARMING:
            ttl = timedelta(hours=self._drivers[attempt.driver].facts.key_ttl_hours)
            return GiveUp() if now - from_iso(attempt.created_at) > ttl else None
        if attempt.state is State.UNKNOWN and attempt.unknown_since is not None:
            late = attempt.deadline_at is not None and now > from_iso(attempt.deadline_at)
            if late and not attempt.give_up:
                return Deadline()
            # After a long night switched off, ask first: most of what was unknown is not any more.
            asked = self._tries.get(attempt.id, 0) >= ASK_FIRST
            return GiveUp() if asked and now - from_iso(attempt.unknown_since) > _LIMIT else None
        if attempt.state is State.WAITING and attempt.deadline_at is not None:
            return Deadline() if now > from_iso(attempt.deadline_at) else None
        return None

    def _due_action(self, attempt: Attempt) -> Do | None:
        action = _BY_STATE.get(attempt.state)
        fences = self._drivers[attempt.driver].facts.fences
        in_doubt = attempt.state in (State.UNKNOWN, State.MANUAL)
        if in_doubt and attempt.give_up and attempt.is_charge and fences:
            return Do.CANCEL
        return action

    def _carry_out(self, attempt: Attempt, action: Do) -> Moved:
        """One action and the event of its answer. PROCEED is a step on disk, the rest are calls."""
        if action is Do.PROCEED:
            return self._apply(attempt.id, Send())
        driver = self._drivers[attempt.driver]
        calls: dict[Do, Callable[[Attempt], Event]] = {
            Do.CREATE: driver.arm,
            Do.COMMAND: driver.start,
            Do.POLL: driver.poll,
            Do.CANCEL: driver.cancel,
            Do.QUERY: driver.query,
        }
        return self._apply(attempt.id, calls[action](attempt), call=action.value)

    def _apply(self, attempt_id: str, event: Event, *, call: str | None = None) -> Moved:
        moved = self._book.apply(attempt_id, event, call=call)
        self._moved(moved.attempt)
        return moved

    def _pause(self, attempt: Attempt) -> None:
        if attempt.state in FINAL:
            self._due.pop(attempt.id, None)
            return
        tries = self._tries[attempt.id] = self._tries.get(attempt.id, 0) + 1
        seconds = POLL_SECONDS
        if attempt.state is State.ARMED:
            seconds = BUSY_SECONDS
        elif attempt.state is State.MANUAL:
            seconds = MANUAL_SECONDS
        elif attempt.state in (State.UNKNOWN, State.ARMING):
            seconds = min(2.0 ** min(tries, 10), LONGEST_PAUSE)
            seconds = AFTER_LONGEST if tries > 10 else seconds
        else:
            self._tries[attempt.id] = 0
        self._due[attempt.id] = self._monotonic() + seconds

    def _forget(self, live: set[str]) -> None:
        for known in (self._due, self._tries):
            for attempt_id in set(known) - live:
                del known[attempt_id]
