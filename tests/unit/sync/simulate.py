"""Plays many seeds of the simulated hospital on all cores, and mutants of it: ``dev.py simulate``.

The last line says how many seeds and mutants were played and how many promises were broken; the
exit code is 0 only where every mutant was caught and no promise was broken. A seed that breaks one
is named, and ``dev.py simulate --seed N`` plays it alone.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from multiprocessing import Pool

from simulated_mutants import MUTANTS, caught
from simulated_server import Broken
from simulated_world import World

SEEDS = 10_000
CHUNK = 25
MUTANT_SEEDS = 400
"""A mutant that lives through as many has not been caught."""

Played = tuple[int, Counter[str], list[str]]


def main(arguments: Sequence[str]) -> int:
    """The exit code."""
    wanted = _parsed(arguments)
    if wanted.seed is not None:
        print(f"trace {World(wanted.seed).play()}")
        return 0
    with Pool(wanted.workers) as pool:
        faults, broken = _play(pool.imap_unordered(_chunk, _starts(wanted.seeds)), wanted.seeds)
        alive = [
            mutant
            for mutant, seed in zip(MUTANTS, pool.map(_first_catch, MUTANTS, 1), strict=True)
            if not _told(mutant, seed)
        ]
    print("faults: " + ", ".join(f"{many} {what}" for what, many in faults.most_common()))
    words, code = verdict(wanted.seeds, len(MUTANTS) - len(alive), len(broken))
    print(words)
    return code


def verdict(seeds: int, mutants: int, violations: int) -> tuple[str, int]:
    """The last line and the exit code."""
    words = f"{seeds} seeds, {mutants} mutants caught, {violations} violations"
    return words, 1 if violations or mutants < len(MUTANTS) else 0


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="dev.py simulate")
    asked.add_argument("--seeds", type=int, default=SEEDS, help="how many, from 0")
    asked.add_argument("--seed", type=int, help="this one alone; says its trace")
    asked.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    return asked.parse_args(arguments)


def _starts(seeds: int) -> list[tuple[int, int]]:
    return [(first, min(first + CHUNK, seeds)) for first in range(0, seeds, CHUNK)]


def _chunk(span: tuple[int, int]) -> Played:
    faults: Counter[str] = Counter()
    broken = []
    for seed in range(*span):
        world = World(seed)
        try:
            world.play()
        except Broken as why:
            broken.append(str(why))
        faults += world.faults
    return span[1] - span[0], faults, broken


def _play(chunks: Iterable[Played], seeds: int) -> tuple[Counter[str], list[str]]:
    faults: Counter[str] = Counter()
    broken: list[str] = []
    done = 0
    for many, its_faults, its_broken in chunks:
        faults += its_faults
        broken += its_broken
        for words in its_broken:
            print(words, flush=True)
        tenth = done * 10 // seeds
        done += many
        if done * 10 // seeds > tenth:
            print(f"· {done} of {seeds} seeds, {len(broken)} violations", flush=True)
    return faults, broken


def _first_catch(mutant: str) -> int | None:
    return next((seed for seed in range(MUTANT_SEEDS) if caught(mutant, seed)), None)


def _told(mutant: str, seed: int | None) -> bool:
    words = f"caught by seed {seed}" if seed is not None else "NOT CAUGHT"
    print(f"· mutant “{mutant}”: {words}", flush=True)
    return seed is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
