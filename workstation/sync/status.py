"""What the connection chip says: a state, since when, and the words of ui.md section 2."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from workstation.kernel.clock import iso


class LinkState(StrEnum):
    """What a registrar needs to know of the connection; each has a word, never colour alone."""

    UP_TO_DATE = "up_to_date"
    CATCHING_UP = "catching_up"
    OFFLINE = "offline"
    CONFLICTS = "conflicts"
    ALONE = "alone"
    """No shared database is set up: the workstation is complete by itself."""
    REFUSED = "refused"
    """The shared database answers, but does not accept this desk."""
    CALL_IT = "call_it"
    """In step, but the audit trail of this desk is not what the shared database remembers."""


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """Where this desk stands. ``since`` (UTC) is when ``connected`` last changed."""

    connected: bool = False
    configured: bool = True
    since: datetime | None = None
    cursor: int = 0
    top: int = 0
    waiting: int = 0
    """Commands of this desk that the shared database has not applied yet."""
    conflicts: int = 0
    refused: int = 0
    """Commands of this desk that the shared database could not apply; they are kept here."""
    filled: int = 0
    to_fill: int = 0
    """Rows of a fill under way: how many are here, and how many there are. Zero without one."""
    documents: int = 0
    """Documents of this desk whose bytes the shared database has not got yet."""
    trouble: str | None = None
    """One sentence for IT: why this desk is not accepted, or what does not fit."""

    @property
    def state(self) -> LinkState:
        """The one state to show, the most pressing first."""
        if not self.configured:
            return LinkState.ALONE
        if self.trouble:
            return LinkState.CALL_IT if self.connected else LinkState.REFUSED
        if not self.connected:
            return LinkState.OFFLINE
        if self.conflicts:
            return LinkState.CONFLICTS
        if self.waiting or self.cursor < self.top or self.to_fill:
            return LinkState.CATCHING_UP
        return LinkState.UP_TO_DATE

    def as_json(self) -> dict[str, Any]:
        """The shape of ``sync status`` (contracts.md)."""
        return {
            "cursor": self.cursor,
            "outbox": self.waiting,
            "conflicts": self.conflicts,
            "connected": self.connected,
            "since": iso(self.since) if self.since else None,
            "refused": self.refused,
            "documents": self.documents,
            "filled": self.filled,
            "to_fill": self.to_fill,
            "trouble": self.trouble,
        }


def words(status: SyncStatus, zone: tzinfo | None = None) -> str:
    """The chip's words; hours are those of ``zone``, by default the machine's."""
    match status.state:
        case LinkState.ALONE:
            return "This workstation only"
        case LinkState.REFUSED:
            return "Not accepted by the shared database"
        case LinkState.CALL_IT:
            return "In step · call IT"
        case LinkState.OFFLINE:
            return _offline(status, zone)
        case LinkState.CONFLICTS:
            return "1 conflict" if status.conflicts == 1 else f"{status.conflicts} conflicts"
        case LinkState.CATCHING_UP:
            if status.to_fill:
                done = min(status.filled, status.to_fill)
                return f"Filling {done:,} of {status.to_fill:,}"
            if status.cursor < status.top:
                return f"Catching up {status.cursor}/{status.top}"
            return f"Sending · {status.waiting} waiting"
        case LinkState.UP_TO_DATE:
            return "Up to date"


def _offline(status: SyncStatus, zone: tzinfo | None) -> str:
    text = "Working offline"
    if status.since is not None:
        text += f" since {status.since.astimezone(zone):%H:%M}"
    if status.waiting:
        text += f" · {status.waiting} waiting"
    return text
