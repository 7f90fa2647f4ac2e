"""The connection chip from what synchronisation says."""

from __future__ import annotations

from ui.shell.state import Connection
from ui.wall_clock import local
from workstation.sync.status import LinkState, SyncStatus

_STATES = {
    LinkState.ALONE: "alone",
    LinkState.OFFLINE: "offline",
    LinkState.REFUSED: "refused",
    LinkState.CONFLICTS: "conflicts",
    LinkState.CATCHING_UP: "catching_up",
    LinkState.UP_TO_DATE: "up_to_date",
    LinkState.CALL_IT: "call_it",
}


def connection_of(status: SyncStatus) -> Connection:
    """The state of the chip; hours are the facility's."""
    since = f"{local(status.since):%H:%M}" if status.since else ""
    return Connection(
        state=_STATES[status.state],
        since=since,
        waiting=status.waiting,
        done=status.cursor,
        total=status.top,
        conflicts=status.conflicts,
        trouble=status.trouble or "",
    )
