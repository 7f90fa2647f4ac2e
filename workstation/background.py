"""What runs behind a window: payers are asked, card payments driven, the store kept in step."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from workstation.arrivals.expected import ExpectedToday
from workstation.eligibility.use_cases import AskPayer
from workstation.kernel.changed import Kind
from workstation.kernel.errors import PorticoError
from workstation.kernel.log import frames_of, logger
from workstation.papers.receipt_mail import ReceiptMail
from workstation.payments.attempt_model import FINAL, Attempt
from workstation.payments.runner import AttemptRunner

OnChange = Callable[[frozenset[Kind]], None]
_LOOK_SECONDS = 0.5
_SCAN_SECONDS = 30.0
_MAIL_SECONDS = 3.0
_SECONDS_TO_STOP = 10.0
"""A call under way at the end gets this long; its answer is asked for again at the next start."""
_ASKERS = 3
"""Payers that are slow must not hold up the others."""


class KeepsInStep(Protocol):
    """A thread of synchronisation, as the composition root hands it in."""

    def start(self) -> None: ...

    def nudge(self) -> None: ...

    def stop(self) -> None: ...


class Background:
    """Threads of one open desk. ``on_change`` is called on them, after the change is durable."""

    def __init__(
        self,
        asking: Callable[[], AskPayer],
        mailing: Callable[[], ReceiptMail],
        expected: ExpectedToday,
        attempts: AttemptRunner,
        in_step: Sequence[KeepsInStep],
        on_change: OnChange,
    ) -> None:
        self._asking = asking
        self._mailing = mailing
        self._expected = expected
        self._answers = threading.Event()
        self._attempts = attempts
        self._in_step = in_step
        self._on_change = on_change
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._ask, name=f"ask-{n}", daemon=True) for n in range(_ASKERS)
        ]
        self._threads += [
            threading.Thread(target=self._drive, name="cards", daemon=True),
            threading.Thread(target=self._expect, name="expected", daemon=True),
            threading.Thread(target=self._mail, name="mail", daemon=True),
        ]

    @property
    def shared(self) -> bool:
        """Whether this desk keeps in step with a shared database."""
        return bool(self._in_step)

    def start(self) -> None:
        """Takes over what an earlier run left, then begins."""
        self._attempts.recover()
        for thread in self._threads:
            thread.start()
        for each in self._in_step:
            each.start()

    def nudge(self) -> None:
        """A use case was just committed: it is sent at once."""
        for each in self._in_step:
            each.nudge()

    def stop(self) -> None:
        """Ends every thread; what waits is on disk and goes on at the next start."""
        self._stop.set()
        self._answers.set()
        self._attempts.wake()
        for each in self._in_step:
            each.stop()
        for thread in self._threads:
            thread.join(timeout=_SECONDS_TO_STOP)

    def _drive(self) -> None:
        try:
            self._attempts.run(self._stop)
        except Exception as bug:
            logger().error("cards_broke", error_type=type(bug).__name__, frames=frames_of(bug))
            raise

    def _ask(self) -> None:
        self._work(self._asking().work_once, "ask", _LOOK_SECONDS)

    def _mail(self) -> None:
        self._work(self._mailing().work_once, "mail", _MAIL_SECONDS)

    def _work(self, once: Callable[[], frozenset[Kind]], name: str, pause: float) -> None:
        """Does what is due, one job after another, until the end."""
        while not self._stop.is_set():
            try:
                changed = once()
            except PorticoError as error:  # the store is busy or full: the job is still there
                logger().warning(f"{name}_postponed", code=error.code)
                changed = frozenset()
            except Exception as bug:
                broke = {"error_type": type(bug).__name__, "frames": frames_of(bug)}
                logger().error(f"{name}_broke", **broke)
                raise
            if changed:
                self._answers.set()
                self._on_change(changed)
            else:
                self._stop.wait(pause)

    def _expect(self) -> None:
        """Works out what the day's visits will cost, a moment after answers came in."""
        while not self._stop.is_set():
            self._answers.clear()
            try:
                changed = self._expected.catch_up()
            except PorticoError as error:
                logger().warning("expected_postponed", code=error.code)
                changed = frozenset()
            if changed:
                self._on_change(changed)
            self._answers.wait(_SCAN_SECONDS)
            self._stop.wait(_LOOK_SECONDS)


def tell_final(on_change: OnChange) -> Callable[[Attempt], None]:
    """For the attempt runner: says that money moved when an attempt ends."""

    def moved(attempt: Attempt) -> None:
        kinds = {Kind.JOB, Kind.PAYMENT} if attempt.state in FINAL else {Kind.JOB}
        on_change(frozenset(kinds))

    return moved
