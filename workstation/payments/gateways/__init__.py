"""What payments need of the outside: card terminals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from workstation.payments.attempt_model import (
    Accepted,
    Approved,
    Armed,
    Attempt,
    Cancelled,
    Declined,
    InProgress,
    Lost,
    NotActed,
    NotFound,
)

Answer = Approved | Declined | Cancelled | InProgress | NotFound | Lost


@dataclass(frozen=True, slots=True)
class DriverFacts:
    """What a processor promises. ``key_ttl_hours``: how long one key is surely one charge."""

    name: str
    key_ttl_hours: int
    fences: bool


class TerminalDriver(Protocol):
    """One processor's terminals. No method raises for a silent or refusing outside: they answer."""

    @property
    def facts(self) -> DriverFacts: ...

    def arm(self, attempt: Attempt) -> Armed | NotActed | Lost:
        """Creates the remote object under the attempt's id; the same id gives the same object."""
        ...

    def start(self, attempt: Attempt) -> Accepted | NotActed | Lost | Answer:
        """Commands the terminal."""
        ...

    def poll(self, attempt: Attempt) -> Answer:
        """How it stands while the patient is asked."""
        ...

    def cancel(self, attempt: Attempt) -> Answer:
        """Ends it at the processor: ``Cancelled``, or ``Approved`` where the card was faster."""
        ...

    def query(self, attempt: Attempt) -> Answer:
        """Asks the authority, changing nothing."""
        ...
