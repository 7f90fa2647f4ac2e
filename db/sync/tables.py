"""The replicated conflict and downtime; and of this desk alone the base of its rows, its cursor."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from db.tables import Json, entity_table, local_metadata, local_table
from workstation.sync.downtime import DOWNTIME
from workstation.sync.model import CONFLICT

conflict = entity_table(
    CONFLICT,
    Column("person_id", String(36)),
    Column("kind", String(32)),
    Column("entity_id", String(64)),
    Column("fields", Json),
    Column("base", Json),
    Column("stands", Json),
    Column("waits", Json),
    Column("waits_from", Text),
    Column("waits_ws", String(36)),
    Column("command_id", String(36)),
    Column("state", String(16)),
    Column("take", String(8)),
    Column("resolved_by", String(36)),
    Column("resolved_at", String(32)),
    Column("reason", Text),
    Column("before", Json),
    Column("waits_at", String(32)),
    Column("waits_reason", Text),
)

Index("ix_conflict_entity", conflict.c.entity_id, conflict.c.state)
Index("ix_conflict_state", conflict.c.state)

downtime = entity_table(
    DOWNTIME,
    Column("desk", Text, nullable=False),
    Column("began_at", String(32), nullable=False),
    Column("ended_at", String(32), nullable=False),
    Column("work", Json, nullable=False),
    Column("state", String(16), nullable=False),
    Column("signed_by", String(36)),
    Column("signer", Text),
    Column("signed_at", String(32)),
    Column("note", Text),
    Column("signed", Json),
)
Index("ix_downtime_state", downtime.c.state)

sync_base = Table(
    "sync_base",
    local_metadata,
    Column("kind", String(32), primary_key=True),
    Column("id", String(64), primary_key=True),
    Column("rev", Integer, nullable=False),
    Column("row", Json, nullable=False),
    Column("generation", Integer, nullable=False, server_default="0"),
    sqlite_strict=True,
)
"""What the server has. A shown row is its base with this desk's waiting commands over it.

``generation`` is that of the fill which last saw the row: revisions grow within one, but may go
back from one to the next, for the server may have been restored in between."""

sync_state = local_table(
    "sync_state",
    Column("epoch", Integer),
    Column("cursor", Integer, nullable=False),
    Column("top", Integer, nullable=False),
    Column("connected", Boolean, nullable=False),
    Column("since", String(32)),
    Column("trouble", Text),
    Column("generation", Integer, nullable=False, server_default="0"),
    Column("filling", Boolean, nullable=False, server_default="0"),
    Column("fill_kind", String(32)),
    Column("fill_id", String(64)),
    Column("filled", Integer, nullable=False, server_default="0"),
    Column("to_fill", Integer, nullable=False, server_default="0"),
    Column("alone_after", Integer),
    Column("shown_by", String(16)),
)
"""One row, ``this``: how far this desk has read the feed, whether the server answers, and how far
the fill of this generation is: place of its last page, rows until there, rows in all.
``alone_after`` is the number of the newest command when the server was lost; ``shown_by`` the
schema under which all of the base was shown."""
