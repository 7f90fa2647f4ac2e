"""Seeded simulation of desks and server with faults; and mistakes that it must catch."""

from __future__ import annotations

from collections import Counter

import pytest
from simulated_server import Broken
from simulated_world import World

from workstation.sync import kernel
from workstation.sync.kernel import Pace, State
from workstation.sync.model import FeedRow
from workstation.sync.signals import Pulled

SEEDS = 200
MUTANT_SEEDS = 20


def test_two_hundred_seeds_keep_every_promise(record_property: pytest.RecordProperty) -> None:
    faults: Counter[str] = Counter()
    for seed in range(SEEDS):
        world = World(seed)
        world.play()
        faults += world.faults
    record_property("faults", dict(faults))
    for fault in ("request lost", "answer lost", "answer doubled", "crash after commit", "restore"):
        assert faults[fault] > 20, f"{fault} was hardly tried: {faults}"


def test_a_seed_plays_the_same_every_time() -> None:
    assert World(7).play() == World(7).play()
    assert World(7).play() != World(8).play()


def _caught(mutant: str, seed: int) -> bool:
    try:
        World(seed, mutant=mutant).play()
    except Broken:
        return True
    return False


@pytest.mark.parametrize(
    "mutant",
    [
        "last writer wins",
        "steps taken back",
        "no dedupe",
        "forgets to offer again",
        "cursor before rows",
    ],
)
def test_a_mistake_is_caught(mutant: str) -> None:
    assert any(_caught(mutant, seed) for seed in range(MUTANT_SEEDS))


def _naive(state: State, event: Pulled, pace: Pace) -> tuple[State, tuple[FeedRow, ...]]:
    """Takes whatever is above the cursor, holes or not: the classic ``seq > cursor``."""
    state = kernel._seen(state, event.head)
    rows = () if state.replace else tuple(row for row in event.rows if row.n > state.cursor)
    return kernel.replace(
        state, fetch=False, pushed_last=False, next_poll=event.now + pace.soon
    ), rows


def test_polling_by_sequence_alone_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "_pulled", _naive)
    assert any(_caught("late commits", seed) for seed in range(MUTANT_SEEDS))


def test_the_kernel_never_steps_over_a_hole() -> None:
    """Even behind a server whose commits overtake each other, nothing is lost."""
    assert not any(_caught("late commits", seed) for seed in range(MUTANT_SEEDS))
