"""How often the comparison of two records is right, beside exact names and birth date.

``PORTICO_BENCH_SEED`` makes other pairs: a rule that was made by looking at some of them is judged
on others.
"""

from __future__ import annotations

import os
import time
from collections import Counter

from figures import Table
from labelled_pairs import LabelledPairs

from workstation.people.matcher import compare_people
from workstation.people.model import Person
from workstation.people.names import fold

PAIRS = 6_000


def test_labelled_pairs(table: Table) -> None:
    """Two records: one person or two"""
    pairs = list(LabelledPairs(PAIRS, int(os.environ.get("PORTICO_BENCH_SEED", "71"))))
    begun = time.thread_time()
    outcomes = [str(compare_people(a, b).outcome) for a, b, _, _ in pairs]
    seconds = time.thread_time() - begun
    truth = [one for _, _, one, _ in pairs]
    exact = [_exactly(a, b) for a, b, _, _ in pairs]
    base = _f1(exact, truth)
    remark = "bar 0.95; baseline: exact first and last name and birth date"
    table.line("F1, same", _f1([o == "same" for o in outcomes], truth), base, remark=remark)
    known = _f1([o != "new" for o in outcomes], truth)
    table.line("F1, same or possible", known, base)
    others = [(o, kind) for o, (_, _, one, kind) in zip(outcomes, pairs, strict=True) if not one]
    wrong = sum(o == "same" for o, _ in others)
    table.line("two people called the same, %", 100 * wrong / len(others), remark="bar 1 %")
    for kind, count in sorted(Counter(kind for _, kind in others).items()):
        looked = sum(o == "possible" for o, k in others if k == kind)
        same = sum(o == "same" for o, k in others if k == kind)
        remark = f"called the same {same} of {count}"
        table.line(f"{kind}: to look at, %", 100 * looked / count, remark=remark)
    table.line("pairs a second of CPU", PAIRS / seconds, rate=True, remark="bar 10,000")


def _exactly(a: Person, b: Person) -> bool:
    names = [(fold(p.first or ""), fold(p.last or ""), p.dob) for p in (a, b)]
    return names[0] == names[1]


def _f1(said: list[bool], truth: list[bool]) -> float:
    right = sum(s and t for s, t in zip(said, truth, strict=True))
    return 2 * right / (sum(said) + sum(truth))
