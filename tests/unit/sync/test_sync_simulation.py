"""Seeded simulation of desks and server with faults; and mistakes that it must catch.

Ten thousand seeds are played by ``dev.py simulate``.
"""

from __future__ import annotations

from collections import Counter

import pytest
from simulate import verdict
from simulated_mutants import MUTANTS, caught
from simulated_world import World

SEEDS = 200
MUTANT_SEEDS = 40

ONCE_BROKEN = (9, 19, 22, 40, 41, 713, 5021)
"""A clock that was put back by hours while an answer was awaited: the desk waited for hours. And
a restored server that got two edits of one visit in the other order."""


def test_two_hundred_seeds_keep_every_promise(record_property: pytest.RecordProperty) -> None:
    faults: Counter[str] = Counter()
    for seed in range(SEEDS):
        world = World(seed)
        world.play()
        faults += world.faults
    record_property("faults", dict(faults))
    for fault, least in _TRIED.items():
        assert faults[fault] >= least, f"{fault} was hardly tried: {faults}"


_TRIED = dict.fromkeys(
    (
        *("request lost", "answer lost", "request doubled", "answer doubled", "late"),
        *("crash", "crash before recording", "crash after recording"),
        *("crash before commit", "crash after commit"),
        *("server down", "server died before commit", "server died after commit", "nobody there"),
        *("clock jump", "backup", "restore", "desk upgraded", "server upgraded"),
    ),
    20,
)


@pytest.mark.parametrize("seed", ONCE_BROKEN)
def test_a_seed_that_once_broke_a_promise_keeps_it(seed: int) -> None:
    World(seed).play()


def test_a_seed_plays_the_same_every_time() -> None:
    assert World(7).play() == World(7).play()
    assert World(7).play() != World(8).play()


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mistake_is_caught(mutant: str) -> None:
    assert any(caught(mutant, seed) for seed in range(MUTANT_SEEDS))


def test_the_kernel_never_steps_over_a_hole() -> None:
    """Even behind a server whose commits overtake each other, nothing is lost."""
    assert not any(caught("late commits", seed) for seed in range(MUTANT_SEEDS))


@pytest.mark.parametrize(
    ("mutants", "violations", "code"),
    [(len(MUTANTS), 0, 0), (len(MUTANTS) - 1, 0, 1), (len(MUTANTS), 1, 1)],
)
def test_the_task_fails_by_a_violation_or_a_mutant_that_lives(
    mutants: int, violations: int, code: int
) -> None:
    words = f"10 seeds, {mutants} mutants caught, {violations} violations"
    assert verdict(10, mutants, violations) == (words, code)
