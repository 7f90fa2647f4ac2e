"""What holds for every layer: property tests without a clock, and no thread left behind."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is slow, not wrong: the time limit of a test is pytest-timeout's.
settings.register_profile(
    "portico", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("portico")

PATIENCE_SECONDS = 5.0


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Fails a test that leaves a thread of Python running which can hold the process."""
    before = set(threading.enumerate())
    yield
    ends = time.monotonic() + PATIENCE_SECONDS
    for thread in set(threading.enumerate()) - before:
        if not thread.daemon and not thread.name.startswith("pytest_timeout"):
            thread.join(max(0.0, ends - time.monotonic()))
            assert not thread.is_alive(), f"the thread {thread.name} was left behind"
