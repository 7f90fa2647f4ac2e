"""Deliberate mistakes, to show that the promises of the simulation can be broken at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from simulated_server import Broken
from simulated_world import World

from workstation.sync import kernel
from workstation.sync.kernel import Pace, State
from workstation.sync.model import FeedHead, FeedRow
from workstation.sync.signals import Pulled


def _naive(state: State, event: Pulled, pace: Pace) -> tuple[State, tuple[FeedRow, ...]]:
    """Takes whatever is above the cursor, holes or not: the classic ``seq > cursor``."""
    state = kernel._seen(state, event.head)
    rows = () if state.begin else tuple(row for row in event.rows if row.n > state.cursor)
    return replace(state, fetch=False, pushed_last=False, next_poll=event.now + pace.soon), rows


def _no_epoch(state: State, head: FeedHead) -> State:
    """Takes a restored server for the one it was, as long as its feed is long enough."""
    lost_place = not head.floor <= state.cursor <= head.top
    return replace(state, top=head.top, epoch=head.epoch, begin=state.begin or lost_place)


def _trusts_the_clock(moment: datetime, now: datetime, longest: timedelta) -> bool:
    return now >= moment


_OF_THE_KERNEL = {
    "naive sequence polling": ("_pulled", _naive),
    "no epoch": ("_seen", _no_epoch),
    "trusts its clock": ("_has_come", _trusts_the_clock),
}
_OF_THE_REST = (
    "last writer wins",
    "no dedupe",
    "steps taken back",
    "conflicts unseen",
    "forgets to offer again",
    "one generation",
    "keeps what is gone",
    "cursor before rows",
    "progress before rows",
    "says yes too early",
    "audit apart",
)
MUTANTS = (*_OF_THE_KERNEL, *_OF_THE_REST)


def caught(mutant: str, seed: int) -> bool:
    """Whether a promise is broken where this mistake was made."""
    with _made(mutant) as elsewhere:
        try:
            World(seed, mutant=elsewhere).play()
        except Broken:
            return True
    return False


@contextmanager
def _made(mutant: str) -> Iterator[str]:
    """Puts a mistake of the kernel in place; answers which one the rest of the world makes."""
    if mutant not in _OF_THE_KERNEL:
        yield mutant
        return
    name, wrong = _OF_THE_KERNEL[mutant]
    right = getattr(kernel, name)
    setattr(kernel, name, wrong)
    try:
        # Commits that overtake each other are no mistake of the server: real ones do so.
        yield "late commits" if wrong is _naive else ""
    finally:
        setattr(kernel, name, right)
