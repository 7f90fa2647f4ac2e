"""Who waits for one of the gateway's few connections, and who is asked to come again."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

PER_DESK = 4
"""Requests of one desk at once: commands, two lanes, and one that it gave up already."""


class Busy(Exception):
    """Come again after ``seconds``; ``status`` is 429 for a desk that asks too much by itself,
    503 where all desks together do (RFC 6585 section 4, RFC 9110 section 15.6.4)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
        # Spread out, so that those who are sent away do not come back together.
        self.seconds = random.randint(1, 5)  # noqa: S311


class Turns:
    """Lets at most ``most`` requests be under way, and at most :data:`PER_DESK` of one desk."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._under_way: Counter[str] = Counter()

    @contextmanager
    def of(self, proof: str) -> Iterator[None]:
        """One request of the desk. Raises Busy at once, never waits."""
        if self._under_way.total() >= self._most:
            raise Busy(503)
        if self._under_way[proof] >= PER_DESK:
            raise Busy(429)
        self._under_way[proof] += 1
        try:
            yield
        finally:
            self._under_way[proof] -= 1
            if not self._under_way[proof]:
                del self._under_way[proof]
