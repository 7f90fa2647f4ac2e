"""The hash-chained audit trail of one workstation (45 CFR 164.312(b)): append and verify."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, insert, select

from db.local import audit
from workstation.access.audit import BEFORE_THE_FIRST, AuditCheck, link, walk
from workstation.kernel.commands import Fields

_LAST = select(audit.c.n, audit.c.hash).order_by(audit.c.n.desc()).limit(1)
_ADD = insert(audit)


def append(
    connection: Connection,
    *,
    at: str,
    actor: str,
    what: str,
    subject: str | None,
    detail: Fields | None,
) -> None:
    """Adds one entry inside the caller's transaction. ``detail`` holds field names, not values."""
    n, before = head(connection)
    body = json.dumps(
        {"at": at, "actor": actor, "what": what, "subject": subject, "detail": detail or {}},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    connection.execute(_ADD, {"n": n + 1, "body": body, "hash": link(before, body)})


def verify(connection: Connection) -> AuditCheck:
    """Walks the whole chain over the stored bytes; ``first_bad`` numbers the first break."""
    # The driver's own rows: a million of SQLAlchemy's would take longer than their hashes.
    cursor = connection.connection.cursor()
    try:
        return walk(cursor.execute("SELECT n, body, hash FROM audit ORDER BY n"))
    finally:
        cursor.close()


def head(connection: Connection) -> tuple[int, str]:
    """Count and hash of the last entry, to be anchored outside the desk: a cut tail shows there."""
    last = connection.execute(_LAST).first()
    return (last.n, last.hash) if last else (0, BEFORE_THE_FIRST)


def entries(connection: Connection) -> list[dict[str, Any]]:
    """All entries in the shape of ``export audit``."""
    answer = []
    for n, body, digest in connection.execute(
        select(audit.c.n, audit.c.body, audit.c.hash).order_by(audit.c.n)
    ):
        entry = json.loads(body)
        answer.append(
            {
                "n": n,
                "at": entry["at"],
                "actor": entry["actor"],
                "what": entry["what"],
                "subject": entry["subject"],
                "hash": digest,
                "detail": entry["detail"],
            }
        )
    return answer
