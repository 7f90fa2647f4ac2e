"""What holds for every layer: property tests without a clock, and no thread left behind."""

from __future__ import annotations

import os
import sys
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

# The same as dev.py sets, for who starts pytest by itself on a machine without a display.
if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")

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
