"""Reading a 120-segment 271 beside a naive split of the same text."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from figures import Table

from workstation.eligibility.reading import read_benefits
from workstation.x12.reading import read_x12

FILE = Path(__file__).parent.parent / "data" / "x12" / "large_ppo.271"


def naive(text: str) -> list[list[str]]:
    """The ceiling: segments and elements, nothing understood."""
    return [segment.split("*") for segment in text.split("~")]


def rate(work: Callable[[str], object], text: str) -> float:
    """Files per second of CPU time, the best of twelve rounds."""
    best = float("inf")
    for _ in range(12):
        begun = time.process_time()
        for _ in range(50):
            work(text)
        best = min(best, (time.process_time() - begun) / 50)
    return 1 / best


def test_replies_a_second(table: Table) -> None:
    """Replies of 120 segments a second, one core"""
    text = FILE.read_text("utf-8")
    ceiling = rate(naive, text)
    rows = len(read_benefits(text).answers[0].rows)
    table.line("loops and findings", rate(read_x12, text), ceiling, rate=True)
    words = f"at least 1,000; {rows} rows; baseline splits the text"
    table.line("benefit model", rate(read_benefits, text), ceiling, rate=True, remark=words)
