"""A desk with a real encrypted store that drives card payments; also the fork server of crashes.

Run as a script it imports everything once, then forks a child for each line of JSON on standard
input, so that every run is a process of its own that can really be killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from paying_store import COPAY, DESK, KEY, PERSON, SESSION, VISIT

from db.store import SqlStore, SqlUnitOfWork
from workstation.kernel.errors import Refused
from workstation.payments.attempt_book import AttemptBook
from workstation.payments.attempt_model import FINAL, Attempt, Lost, State
from workstation.payments.attempts import TABLE
from workstation.payments.card_payments import CardPayments, CardTerminal
from workstation.payments.gateways.stripe_terminal import StripeTerminal
from workstation.payments.posting import Posting
from workstation.payments.runner import AttemptRunner
from workstation.payments.use_cases import Payments


class OffsetClock:
    """The time now, moved."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def move(self, seconds: float) -> None:
        """Moves on; negative sets the clock back."""
        self.ahead += timedelta(seconds=seconds)


class CardDesk:
    """Store, driver, runner and use cases of one run of the program."""

    def __init__(
        self,
        path: Path,
        url: str,
        *,
        boot: str = "boot-1",
        ahead: float = 0,
        moved: Callable[[Attempt], None] | None = None,
    ) -> None:
        self.clock = OffsetClock()
        self.clock.move(ahead)
        self.store = SqlStore(path, KEY, clock=self.clock)
        self.book = AttemptBook(self.store, Posting(DESK, self.clock))
        self.driver: Any = StripeTerminal(lambda: "rk_test_simulated", base_url=url)
        self.drivers = {"stripe": self.driver}
        self.runner = AttemptRunner(self.book, self.drivers, self.clock, boot, moved=moved)
        self.cards = CardPayments(
            self.store,
            self.clock,
            SESSION,
            DESK,
            runner=self.runner,
            terminal=CardTerminal("tmr_desk", "stripe"),
            boot_id=boot,
        )
        self.payments = Payments(self.store, self.clock, SESSION, DESK)

    def close(self) -> None:
        """Closes store and connections."""
        self.driver.close()
        self.store.close()

    def settle(self, attempt_id: str, turns: int = 8) -> Attempt:
        """Advances without pauses."""
        return self.runner.settle(attempt_id, turns=turns)

    def rows(self, kind: str, **equal: Any) -> list[dict[str, Any]]:
        """Rows of the store."""
        return self.store.read().find(kind, **equal)

    def balances(self) -> dict[str, int]:
        """Cents by account; the trial balance is their sum."""
        sums: dict[str, int] = {}
        for line in self.rows("ledger_line"):
            sums[line["account"]] = sums.get(line["account"], 0) + line["cents"]
        return sums


# -- the fork server of the crash test ------------------------------------------------------------


class Tripwire:
    """Counts the named points that a run passes and kills its own process at the n-th."""

    def __init__(self, at: int, note: Path) -> None:
        self._left = at
        self._note = note

    def point(self, name: str) -> None:
        """A place where a desk may lose power."""
        self._left -= 1
        if self._left == 0:
            self._note.write_text(name)
            os.kill(os.getpid(), signal.SIGKILL)

    def watch_commits(self) -> None:
        """Before and after every commit of this process."""
        commit = SqlUnitOfWork.commit

        def watched(work: SqlUnitOfWork) -> None:
            self.point("before_commit")
            commit(work)
            self.point("after_commit")

        SqlUnitOfWork.commit = watched  # type: ignore[method-assign]


class WatchedDriver:
    """A driver with a point before each call, and one between its answer and what follows."""

    def __init__(self, driver: Any, wire: Tripwire) -> None:
        self._driver = driver
        self._wire = wire

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._driver, name)
        if name not in ("arm", "start", "poll", "cancel", "query"):
            return found
        call: Callable[[Attempt], Any] = found

        def watched(attempt: Attempt) -> Any:
            self._wire.point("before_" + name)
            answer = call(attempt)
            self._wire.point("after_" + name)
            return answer

        return watched


def work_as_told(job: dict[str, Any]) -> None:
    """One run of the program: recover, then take the card unless it was taken, then quiet."""
    desk = CardDesk(Path(job["path"]), job["url"], boot=job["boot"], ahead=job["ahead"])
    if job.get("silence_means_no"):
        TABLE[State.SENT][Lost] = lambda a, _: (
            replace(a, state=State.DECLINED, state_seq=a.state_seq + 1),
            (),
        )
    if job["kill_at"]:
        wire = Tripwire(job["kill_at"], Path(job["note"]))
        wire.watch_commits()
        desk.drivers["stripe"] = WatchedDriver(desk.driver, wire)
    desk.runner.recover()
    for attempt in desk.book.live():
        _to_the_end(desk, attempt.id)
    if job["take"] and not _taken_or_open(desk, job["payment_id"]):
        try:
            started = desk.cards.start_card(PERSON, VISIT, COPAY, payment_id=job["payment_id"])
        except Refused:  # another attempt of an earlier run is not over yet
            return
        _to_the_end(desk, started, cancel=job["cancel"])
    desk.close()


def _to_the_end(desk: CardDesk, attempt_id: str, *, cancel: bool = False) -> None:
    attempt = desk.settle(attempt_id, turns=6)
    if cancel and attempt.state not in FINAL:
        desk.cards.cancel(attempt_id)
    if attempt.state not in FINAL:
        desk.clock.move(200)  # past the patient's time
        attempt = desk.settle(attempt_id, turns=12)
    if attempt.state in (State.ARMING, State.ARMED):
        desk.cards.cancel(attempt_id)
        desk.settle(attempt_id, turns=6)


def _taken_or_open(desk: CardDesk, payment_id: str) -> bool:
    open_ones = [a for a in desk.book.live() if a.payment_id == payment_id]
    return bool(open_ones) or desk.store.read().get("payment", payment_id) is not None


def _serve_forks() -> None:
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            work_as_told(json.loads(line))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(json.dumps({"killed": os.WIFSIGNALED(status), "status": status}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve_forks()
