"""Reading a 120-segment 271 beside a naive split of the same text: CPU time, best of many.

Run: ``python tests/benchmarks/bench_x12.py``; prints one JSON object with rates and ratios.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from workstation.eligibility.reading import read_benefits
from workstation.x12.reading import read_x12

FILE = Path(__file__).parent.parent / "data" / "x12" / "large_ppo.271"


def naive(text: str) -> list[list[str]]:
    """The ceiling: segments and elements, nothing understood."""
    return [segment.split("*") for segment in text.split("~")]


def rate(work: Callable[[str], object], text: str) -> float:
    """Files per second of CPU time: the best of many short rounds, as other load comes and goes."""
    best = float("inf")
    for _ in range(150):
        begun = time.process_time()
        for _ in range(8):
            work(text)
        best = min(best, (time.process_time() - begun) / 8)
    return 1 / best


def main() -> None:
    """Prints the measurement."""
    text = FILE.read_text("utf-8")
    rates = {
        "naive_split": rate(naive, text),
        "loops_and_findings": rate(read_x12, text),
        "benefit_model": rate(read_benefits, text),
    }
    answer = {
        "segments": text.count("~"),
        "rows": len(read_benefits(text).answers[0].rows),
        "per_second": {name: round(value) for name, value in rates.items()},
        "times_slower_than_split": {
            name: round(rates["naive_split"] / value, 1) for name, value in rates.items()
        },
    }
    sys.stdout.write(json.dumps(answer) + "\n")


def test_replies_a_second() -> None:
    print()
    main()


if __name__ == "__main__":
    main()
