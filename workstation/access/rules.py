"""When sign-in is held back, and what a password must be."""

from __future__ import annotations

from datetime import datetime, timedelta

FREE_FAILURES = 5
FIRST_HOLD = timedelta(minutes=1)
LONGEST_HOLD = timedelta(minutes=15)
SHORTEST_PASSWORD = 12


def held_until(failures: int, now: datetime) -> datetime | None:
    """Until when sign-in is held after so many wrong passwords: 1 minute, doubling to 15."""
    if failures < FREE_FAILURES:
        return None
    hold = FIRST_HOLD * (1 << min(failures - FREE_FAILURES, 8))
    return now + min(hold, LONGEST_HOLD)
