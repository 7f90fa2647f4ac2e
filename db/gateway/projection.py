"""The rows of one facility while a batch is applied: read together, written together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from db import rows
from db.tables import TABLES
from workstation.kernel.commands import Command
from workstation.sync.model import Entity, Row

Key = tuple[str, str]


class Projection:
    """The rows of one facility, as ``workstation.kernel.unit_of_work.Store``.

    What was written is seen at once and sent to the server by :meth:`flush`: a round trip for each
    row would be most of what applying costs.
    """

    def __init__(self, connection: Connection, facility: str) -> None:
        self._connection = connection
        self._facility = facility
        self._known: dict[Key, Row | None] = {}
        self._stored: set[Key] = set()
        self._unsent: dict[str, dict[str, Entity]] = {}

    def load(self, commands: Iterable[Command]) -> None:
        """Reads every row that these commands touch, a kind at a time."""
        wanted: dict[str, set[str]] = {}
        for command in commands:
            for change in command.changes:
                wanted.setdefault(change.kind, set()).add(change.id)
        for kind, ids in wanted.items():
            self._known |= dict.fromkeys(((kind, id) for id in ids), None)
            for row in rows.fetch_many(self._connection, self._facility, kind, sorted(ids)):
                self._known[kind, row["id"]] = row
                self._stored.add((kind, row["id"]))

    def get(self, kind: str, id: str) -> Row | None:
        """The row of this facility, or None."""
        if (kind, id) not in self._known:
            found = self.find(kind, id=id)
            self._known[kind, id] = found[0] if found else None
            if found:
                self._stored.add((kind, id))
        return self._known[kind, id]

    def find(self, kind: str, /, **equal: Any) -> list[Row]:
        """All rows of this facility with these values."""
        self._send(kind)
        return rows.fetch_where(self._connection, kind, {"facility": self._facility, **equal})

    def write(self, entity: Entity) -> None:
        """Puts a row in place; the server has it after :meth:`flush`."""
        self._known[entity.kind, entity.id] = entity.as_row()
        self._unsent.setdefault(entity.kind, {})[entity.id] = entity

    def flush(self) -> None:
        """Sends what was written. What is new is only inserted: of facts there is nothing else."""
        for kind in list(self._unsent):
            self._send(kind)

    def _send(self, kind: str) -> None:
        entities = self._unsent.pop(kind, {})
        new = [each for id, each in entities.items() if (kind, id) not in self._stored]
        old = [each for id, each in entities.items() if (kind, id) in self._stored]
        table = TABLES[kind]
        if new:
            rows.insert_many(self._connection, self._facility, table, new)
            self._stored |= {(kind, each.id) for each in new}
        if old:
            rows.update_many(self._connection, self._facility, table, old)
