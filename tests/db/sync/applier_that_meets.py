"""An applier in a process of its own that meets a signal, once, at a named step.

``applier_that_meets.py DSN STEP before|after PIDS``: without PIDS it is the applier itself that
dies (SIGKILL); with them (joined by commas) it is the server under it, and the applier goes on.
``applier_that_meets.py DSN STEP stopped``: before the step it is stopped (SIGSTOP), as a virtual
machine is when it is moved.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from datetime import timedelta
from typing import Any

from db.gateway import applier, service

STEPS = ("_arrived", "_apply_together", "_note_outcomes", "_publish", "apply_batch", "_hint")
"""Reading the inbox, applying, outcomes, feed and its counter, the commit (after), the hint."""


def main(dsn: str, step: str, when: str, pids: str = "") -> None:
    """Applies until it is killed."""
    place: Any = service if step in ("apply_batch", "_hint") else applier
    right = getattr(place, step)
    met: list[str] = []

    def fatal(*given: Any, **named: Any) -> Any:
        if when == "stopped" and not met:
            met.append("met")
            os.kill(os.getpid(), signal.SIGSTOP)
        if when == "before" and not met:
            _kill(pids, met)
        done = right(*given, **named)
        # An empty look at the inbox is no step of anything.
        if when == "after" and not met and done != {}:
            _kill(pids, met)
        return done

    setattr(place, step, fatal)
    lease = timedelta(seconds=1)
    service.ApplierService(dsn, poll_seconds=0.05, retry_seconds=0.2, lease=lease).run()


def _kill(pids: str, met: list[str]) -> None:
    met.append("met")
    for pid in [int(each) for each in pids.split(",") if each] or [os.getpid()]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
