"""Whose turn it is: workstations with waiting commands, round and round in the order of their keys.

Asking who has waited longest would read the whole backlog for every batch. This asks for the next
station after the last one, a probe of the index of what waits: it costs the same however much
waits and however much was ever applied, and nobody is passed over.
"""

from __future__ import annotations

from sqlalchemy import Connection, String, bindparam, literal_column, select, tuple_

from db.shared.tables import inbox

Station = tuple[str, str]
"""Facility and workstation id."""

_START: Station = ("", "")


class Rota:
    """Remembers the station that was served last; lost with the process, which does no harm."""

    def __init__(self) -> None:
        self._last = _START

    def take(self, connection: Connection, at_most: int) -> list[Station]:
        """The next stations with waiting commands, each at most once."""
        found: list[Station] = []
        starts = [_START] if self._last != _START else []
        after = self._last
        while len(found) < at_most:
            row = connection.execute(_NEXT, {"facility": after[0], "ws_id": after[1]}).first()
            if row is None and starts:
                after = starts.pop()
                continue
            if row is None or (row.facility, row.ws_id) in found:
                break
            after = (row.facility, row.ws_id)
            found.append(after)
        if found:
            self._last = found[-1]
        return found


_NEXT = (
    select(inbox.c.facility, inbox.c.ws_id)
    .where(
        inbox.c.outcome.is_(None),
        tuple_(inbox.c.facility, inbox.c.ws_id)
        > tuple_(bindparam("facility", type_=String), bindparam("ws_id", type_=String)),
    )
    .order_by(inbox.c.facility, inbox.c.ws_id)
    .limit(literal_column("1"))
)
