"""What goes wrong on request: answers lost before or after acting, 500s, delays, by operation."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

OPERATIONS = (
    "create_intent",
    "get_intent",
    "cancel_intent",
    "process",
    "cancel_action",
    "get_reader",
    "refund",
    "get_refund",
)
KINDS = ("drop_before", "drop_after", "error_before", "error_after", "slow", "cut")


@dataclass
class Fault:
    """The next ``times`` requests of ``on`` meet ``kind``; ``ms`` is the delay of ``slow``."""

    on: str
    kind: str
    times: int = 1
    ms: int = 0


@dataclass
class Faults:
    """The faults still to come, oldest first."""

    plan: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, values: dict[str, Any]) -> None:
        """Takes one fault as JSON. Raises ValueError for an operation or kind that is not known."""
        fault = Fault(**values)
        if fault.on not in (*OPERATIONS, "any") or fault.kind not in KINDS:
            raise ValueError("an operation or kind of fault that is not known")
        with self.lock:
            self.plan.append(fault)

    def clear(self) -> None:
        """Forgets every fault."""
        with self.lock:
            self.plan.clear()

    def next(self, operation: str) -> Fault | None:
        """The fault that this request meets, used up by one."""
        with self.lock:
            for fault in self.plan:
                if fault.on in (operation, "any"):
                    fault.times -= 1
                    if fault.times <= 0:
                        self.plan.remove(fault)
                    return fault
        return None
