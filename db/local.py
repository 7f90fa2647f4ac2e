"""Tables that only the workstation has: outbox, audit chain, numbers, answers, drafts, jobs."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from db.tables import Json, local_metadata, local_table

outbox = Table(
    "outbox",
    local_metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("command_id", String(36), nullable=False, unique=True),
    Column("body", Text, nullable=False),
    Column("state", String(16), nullable=False),
    sqlite_strict=True,
)
"""Frozen layout: any version of Portico can drain it. ``seq`` is gapless per workstation.

``state`` is ``pending`` until the server has acknowledged the command, then its outcome.
"""

Index("ix_outbox_state", outbox.c.state, outbox.c.seq)

audit = Table(
    "audit",
    local_metadata,
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    sqlite_strict=True,
)
"""``hash`` = SHA-256 of the hash before and the exact bytes of ``body``."""

audit_witness = local_table(
    "audit_witness",
    Column("kind", String(16), nullable=False),
    Column("entries", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("told", Integer),
)
"""Heads that others have too. ``server``: this desk's chain as the shared database acknowledged it;
``report``: as it was printed; ``facility``: the server's own chain of heads as this desk saw it;
``base``, one row: the last entry that was trimmed, and the number of the entry that ``told`` so."""

number = Table(
    "number",
    local_metadata,
    Column("series", String(32), primary_key=True),
    Column("last", Integer, nullable=False),
    sqlite_strict=True,
)

answer = local_table("answer", Column("body", Json, nullable=False))
"""What each idempotency key was answered."""

draft = local_table(
    "draft",
    Column("owner", String(36), nullable=False),
    Column("visit_id", String(36)),
    Column("person_id", String(36)),
    Column("saved_at", String(32), nullable=False),
    Column("body", Json, nullable=False),
)

draft_picture = local_table(
    "draft_picture",
    Column("draft_id", String(36), nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""What was scanned in a check-in that is not done; gone with its draft."""
Index("ix_draft_picture_draft", draft_picture.c.draft_id)

job = local_table(
    "job",
    Column("kind", String(32), nullable=False),
    Column("key", String(96), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("subject", String(36)),
    Column("payload", Json, nullable=False),
    Column("result", Json),
    Column("attempts", Integer, nullable=False),
    Column("not_before", String(32), nullable=False),
    Column("lease_until", String(32)),
    Column("created_at", String(32), nullable=False),
    Column("updated_at", String(32), nullable=False),
)

user = local_table(
    "local_user",
    Column("login", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", String(32), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("locked_until", String(32)),
    Column("active", Integer, nullable=False),
)

expected_today = local_table(
    "expected_today",
    Column("cents", Integer),
    Column("why", String(16), nullable=False),
    Column("stands_on", String(64), nullable=False),
)

window_state = local_table("window_state", Column("body", Json, nullable=False))
