"""Identifiers are UUIDv7 made on the workstation: unique without a server, and in time order."""

from __future__ import annotations

import os
import threading
import time
import uuid

_STEPS = 4096
"""Of a millisecond: the twelve bits behind it."""

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A new UUIDv7 in its 36-character text form.

    Every id of a process is greater than those it made before, also within a millisecond and
    where the clock was set back: twelve bits after the milliseconds are their fraction, and a
    moment that was used is counted on (RFC 9562 section 6.2, method 3). 62 bits are random.
    """
    global _last
    now = time.time_ns() * _STEPS // 1_000_000
    with _lock:
        _last = moment = max(now, _last + 1)
    millis, fraction = divmod(moment, _STEPS)
    value = (millis & (2**48 - 1)) << 80 | 0x7 << 76 | fraction << 64
    value |= 0x2 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    return str(uuid.UUID(int=value))
