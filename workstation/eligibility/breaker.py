"""A circuit breaker per payer, as a pure state machine: stops asking a payer that is down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from workstation.eligibility.connector import PayerBusy, PayerResting

OPENS_AFTER = 3
"""Troubles in a row: reasons 42 and 80, HTTP 503, timeouts."""

COOL_DOWN = timedelta(minutes=1)
LONGEST_COOL_DOWN = timedelta(minutes=15)
AT_ONCE = 2
"""Questions under way to one payer: a silent one must not hold up the questions to others."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """Closed while ``open_until`` is None. After the cool-down one question goes through as a
    trial (half open); its trouble doubles the cool-down, its answer closes the breaker."""

    troubles: int = 0
    open_until: datetime | None = None
    cool_down: timedelta = COOL_DOWN
    on_trial: bool = False

    def state(self, now: datetime) -> str:
        """``closed``, ``open`` or ``half_open``."""
        if self.open_until is None:
            return "closed"
        return "half_open" if now >= self.open_until and not self.on_trial else "open"

    def asked(self, now: datetime) -> Breaker:
        """A question goes out: in the half-open state it is the one trial."""
        return replace(self, on_trial=True) if self.state(now) == "half_open" else self

    def answered(self) -> Breaker:
        """The payer answered: all is forgotten."""
        return Breaker()

    def troubled(self, now: datetime) -> Breaker:
        """The payer's system was down or silent."""
        troubles = self.troubles + 1
        if self.open_until is None and troubles < OPENS_AFTER:
            return replace(self, troubles=troubles)
        longer = self.cool_down if self.open_until is None else self.cool_down * 2
        longer = min(longer, LONGEST_COOL_DOWN)
        return Breaker(troubles, now + longer, longer)


class Breakers:
    """The breakers of all payers on this desk; safe to use from several threads."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._by_payer: dict[str, Breaker] = {}
        self._under_way: Counter[str] = Counter()
        self._lock = Lock()

    def enter(self, payer_id: str) -> None:
        """Before asking. Raises PayerResting while the payer's breaker is open, PayerBusy while
        enough questions to it are under way; otherwise :meth:`leave` must follow.
        """
        with self._lock:
            breaker, now = self._by_payer.get(payer_id, Breaker()), self._clock()
            if breaker.state(now) == "open":
                raise PayerResting(
                    "payer_resting",
                    "This payer's system did not answer several times in a row.",
                    "It is asked again by itself in some minutes; go on without it.",
                    retryable=True,
                )
            if self._under_way[payer_id] >= AT_ONCE:
                raise PayerBusy("payer_busy", "Other questions to this payer are under way.")
            self._under_way[payer_id] += 1
            self._by_payer[payer_id] = breaker.asked(now)

    def leave(self, payer_id: str, *, trouble: bool) -> None:
        """After asking: whether the payer's own system was in trouble."""
        with self._lock:
            breaker = self._by_payer.get(payer_id, Breaker())
            after = breaker.troubled(self._clock()) if trouble else breaker.answered()
            self._by_payer[payer_id] = after
            self._under_way[payer_id] -= 1

    def state(self, payer_id: str) -> str:
        """``closed``, ``open`` or ``half_open``, for the status line."""
        with self._lock:
            return self._by_payer.get(payer_id, Breaker()).state(self._clock())
