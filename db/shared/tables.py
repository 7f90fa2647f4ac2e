"""Tables only in PostgreSQL: enrolment, inbox, feed, progress, audit anchors, documents' bytes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

from db.tables import Json, shared_metadata
from workstation.documents.lane import LARGEST, PART_BYTES, count_of_parts

facility_feed = Table(
    "facility_feed",
    shared_metadata,
    Column("facility", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("floor", BigInteger, nullable=False),
    Column("time_zone", String(64), nullable=True),
)
"""One counter per facility, and the zone that its desks keep the time of.

``n`` is taken last in the applying transaction, so the feed has no holes; ``epoch`` rises when the
server was restored; entries up to ``floor`` are gone."""

enrolment = Table(
    "enrolment",
    shared_metadata,
    Column("login", String(63), primary_key=True),
    Column("facility", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("ws_id", String(36), nullable=True),
    Column("receipt_code", String(3), nullable=False),
    Column("enrolled_at", DateTime(timezone=True), nullable=False),
    Column("proof", String(512), nullable=True),
    UniqueConstraint("facility", "name", name="uq_enrolment_facility_name"),
    UniqueConstraint("facility", "receipt_code", name="uq_enrolment_receipt_code"),
    UniqueConstraint("facility", "ws_id", name="uq_enrolment_ws_id"),
    UniqueConstraint("proof", name="uq_enrolment_proof"),
)
"""Binds a login to a facility, a desk's name, a workstation id and a receipt code. Row-level
security reads it; the workstation id is claimed once, by the first store that connects.

``proof`` is what a desk shows the HTTPS gateway instead of a login of its own
(``workstation/sync/gateway_wire.py``); None for a desk that speaks to PostgreSQL itself."""

inbox = Table(
    "inbox",
    shared_metadata,
    Column("facility", String(36), primary_key=True),
    Column("ws_id", String(36), primary_key=True),
    Column("ws_seq", BigInteger, primary_key=True, autoincrement=False),
    Column("cmd_id", String(36), nullable=False),
    Column("body", Text, nullable=False),
    Column(
        "received_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.current_timestamp(),
    ),
    Column("outcome", String(16), nullable=True),
    UniqueConstraint("facility", "cmd_id", name="uq_inbox_cmd_id"),
)
"""Commands as desks sent them, each once. ``outcome`` is None until the applier was there."""

Index(
    "ix_inbox_waiting",
    inbox.c.facility,
    inbox.c.ws_id,
    inbox.c.ws_seq,
    postgresql_where=text("outcome IS NULL"),
)

progress = Table(
    "progress",
    shared_metadata,
    Column("facility", String(36), primary_key=True),
    Column("ws_id", String(36), primary_key=True),
    Column("applied", BigInteger, nullable=False),
)
"""The last sequence number applied per workstation: the next one must follow without a hole."""

feed = Table(
    "feed",
    shared_metadata,
    Column("facility", String(36), primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("cmd_id", String(36), nullable=False),
    Column("ws_id", String(36), nullable=False),
    Column("ws_seq", BigInteger, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("body", Json, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
"""What became of each command, dense in ``n``: the rows as they stood after it."""

audit_anchor = Table(
    "audit_anchor",
    shared_metadata,
    Column("facility", String(36), primary_key=True),
    Column("ws_id", String(36), primary_key=True),
    Column("entries", BigInteger, primary_key=True, autoincrement=False),
    Column("head", String(64), nullable=False),
    Column(
        "received_at",
        DateTime(timezone=True),
        nullable=False,
        server_default=func.current_timestamp(),
    ),
)
"""Length and last hash of each desk's audit chain, so that a cut tail shows (data.md section 7)."""

audit_entry = Table(
    "audit_entry",
    shared_metadata,
    Column("facility", String(36), primary_key=True),
    Column("ws_id", String(36), primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("login", String(64), nullable=True),
    Column("what", String(64), nullable=False),
    Column("subject", String(64), nullable=True),
    Column("body", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Column(
        "month",
        String(7),
        nullable=False,
        server_default=text("to_char((now() AT TIME ZONE 'UTC'::text), 'YYYY-MM'::text)"),
    ),
)
"""Every desk's audit trail as it was written there. ``body`` and ``hash`` are the evidence; the
columns before them repeat it for questions. ``month`` is when it came, by the server's clock: a
desk cannot make an entry expire early, and what expires is the beginning of each chain."""

Index("ix_audit_entry_what", audit_entry.c.facility, audit_entry.c.what, audit_entry.c.at)
Index("ix_audit_entry_subject", audit_entry.c.facility, audit_entry.c.subject, audit_entry.c.at)
Index("ix_audit_entry_login", audit_entry.c.facility, audit_entry.c.login, audit_entry.c.at)
Index("ix_audit_entry_month", audit_entry.c.facility, audit_entry.c.month)

audit_chain = Table(
    "audit_chain",
    shared_metadata,
    Column("facility", String(36), primary_key=True),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("ws_id", String(36), nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("head", String(64), nullable=False),
    Column("at", String(32), nullable=False),
    Column("hash", String(64), nullable=False),
)
"""The heads that desks have sent, chained per facility by the applier. Desks note its head, so that
not even the server's administrator changes an anchor unseen (``workstation/access/trail``)."""

Index("ix_audit_chain_ws", audit_chain.c.facility, audit_chain.c.ws_id, audit_chain.c.entries)

audit_hold = Table(
    "audit_hold",
    shared_metadata,
    Column("facility", String(36), primary_key=True),
    Column("placed_at", DateTime(timezone=True), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("lifted_at", DateTime(timezone=True), nullable=True),
)
"""Legal holds: while one is open, nothing of the facility's trail expires."""

document_part = Table(
    "document_part",
    shared_metadata,
    Column("facility", String(36), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    CheckConstraint(f"part BETWEEN 0 AND {count_of_parts(LARGEST) - 1}", name="part"),
    CheckConstraint(f"size BETWEEN 1 AND {LARGEST}", name="size"),
    CheckConstraint(f"octet_length(content) BETWEEN 1 AND {PART_BYTES}", name="content"),
)
"""The bytes of documents, in parts, under the hash of the whole (``workstation/documents/lane``).
``size`` is that of the whole: when the parts add up to it, the document is there."""

applier_lease = Table(
    "applier_lease",
    shared_metadata,
    Column("id", String(16), primary_key=True),
    Column("holder", String(36), nullable=True),
    Column("until", DateTime(timezone=True), nullable=False),
)
"""One row: which applier leads, and until when (``db/gateway/lease``)."""

NOTICE = "portico_feed"
"""Channel of the hint that a facility's feed has grown; the payload is the facility id."""
