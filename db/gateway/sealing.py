"""The chain of a facility over the heads that its desks have sent (data.md section 7).

The applier adds to it; desks read its head and note it, so that whoever changes an anchor or an
entry on the server, and the chain with it, is found by any desk that looks (``portico audit
verify``), and by ``portico shared audit verify`` whoever changes less.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, true

from db.shared.tables import audit_anchor, audit_chain, enrolment
from workstation.access.audit import BEGINNING, Anchor
from workstation.access.trail import sealed
from workstation.kernel.clock import iso


def seal_heads(connection: Connection, now: datetime) -> int:
    """Adds the newest head of every desk whose chain has grown; commits. Answers how many.

    One link a desk, however many heads it sent: each head covers all before it. One look-up a
    desk, whatever lies in the tables.
    """
    with connection.begin():
        grown = connection.execute(_GROWN).all()
        heads: dict[str, Anchor] = {}
        links: list[dict[str, Any]] = []
        for facility, ws_id, entries, head in grown:
            before = heads.get(facility) or _head(connection, facility)
            link = sealed(before, ws_id, entries, head, iso(now))
            heads[facility] = Anchor(link.n, link.hash)
            links.append(
                {
                    "facility": facility,
                    "n": link.n,
                    "ws_id": ws_id,
                    "entries": entries,
                    "head": head,
                    "at": link.at,
                    "hash": link.hash,
                }
            )
        if links:
            connection.execute(insert(audit_chain), links)
    return len(links)


def _head(connection: Connection, facility: str) -> Anchor:
    found = connection.execute(
        select(audit_chain.c.n, audit_chain.c.hash)
        .where(audit_chain.c.facility == facility)
        .order_by(audit_chain.c.n.desc())
        .limit(1)
    ).first()
    return Anchor(found.n, found.hash) if found else BEGINNING


_sent = (
    select(audit_anchor.c.entries, audit_anchor.c.head)
    .where(
        audit_anchor.c.facility == enrolment.c.facility, audit_anchor.c.ws_id == enrolment.c.ws_id
    )
    .order_by(audit_anchor.c.entries.desc())
    .limit(1)
    .lateral("sent")
)
_chained = (
    select(audit_chain.c.entries)
    .where(audit_chain.c.facility == enrolment.c.facility, audit_chain.c.ws_id == enrolment.c.ws_id)
    .order_by(audit_chain.c.entries.desc())
    .limit(1)
    .lateral("chained")
)
_GROWN = (
    select(enrolment.c.facility, enrolment.c.ws_id, _sent.c.entries, _sent.c.head)
    .select_from(enrolment)
    .join(_sent, true())
    .outerjoin(_chained, true())
    .where(_chained.c.entries.is_(None) | (_sent.c.entries > _chained.c.entries))
    .order_by(enrolment.c.facility, enrolment.c.ws_id)
)
