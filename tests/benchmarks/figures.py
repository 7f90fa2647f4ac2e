"""One table for what was measured: ours beside a baseline of the same run. Nothing is asserted."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

_WIDE = 46


class Table:
    """Lines of figures under a title. ``ratio`` is ours over the baseline's, or for rates the
    baseline's over ours: how many times as much we take."""

    def __init__(self, title: str) -> None:
        self._rows = [
            f"\n{title:{_WIDE}s} {'ours':>10s} {'baseline':>10s} {'ratio':>7s}  bar and remarks"
        ]

    def line(
        self,
        words: str,
        ours: float,
        baseline: float | None = None,
        *,
        ratio: float | None = None,
        rate: bool = False,
        remark: str = "",
    ) -> None:
        """One figure; ``words`` name its unit. A given ``ratio`` stands for the two medians'."""
        if baseline and ratio is None:
            ratio = baseline / ours if rate else ours / baseline
        beside = "" if baseline is None else _figure(baseline)
        times = "" if ratio is None else f"{ratio:.2f}" if ratio >= 0.01 else f"{ratio:.4f}"
        self._rows.append(
            f"{words:{_WIDE}s} {_figure(ours):>10s} {beside:>10s} {times:>7s}  {remark}".rstrip()
        )

    def __str__(self) -> str:
        return "\n".join(self._rows)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def cpu_ms(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds of CPU time, all threads together: the median of some rounds."""
    return median(_times(work, rounds, time.process_time))


def wall_ms(work: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each round by the clock, sorted: for what waits for a disk."""
    return sorted(_times(work, rounds, time.perf_counter))


def at(share: float, ordered: Sequence[float]) -> float:
    """The value below which this share of the sorted values lies, as 0.99."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _times(work: Callable[[], object], rounds: int, clock: Callable[[], float]) -> list[float]:
    took = []
    for _ in range(rounds):
        begun = clock()
        work()
        took.append((clock() - begun) * 1000)
    return took
