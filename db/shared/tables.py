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
    UniqueConstraint("facility", "name", name="uq_enrolment_facility_name"),
    UniqueConstraint("facility", "receipt_code", name="uq_enrolment_receipt_code"),
    UniqueConstraint("ws_id", name="uq_enrolment_ws_id"),
)
"""Binds a login to a facility, a desk's name, a workstation id and a receipt code. Row-level
security reads it; the workstation id is claimed once, by the first store that connects."""

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

NOTICE = "portico_feed"
"""Channel of the hint that a facility's feed has grown; the payload is the facility id."""
