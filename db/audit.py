"""The hash-chained audit trail of one workstation (45 CFR 164.312(b)): append, verify, trim."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from db.facility import desk
from db.local import audit, audit_witness, user
from workstation.access.audit import (
    BEFORE_THE_FIRST,
    BEGINNING,
    Anchor,
    AuditCheck,
    first_difference,
    first_unanchored,
    link,
    walk,
)
from workstation.access.trail import TRIMMED, by_names
from workstation.kernel.commands import Fields

_LAST = select(audit.c.n, audit.c.hash).order_by(audit.c.n.desc()).limit(1)
_ADD = insert(audit)
_BY = (
    select(desk.c.name, user.c.login, user.c.name, user.c.role)
    .select_from(desk)
    .outerjoin(user, user.c.id == bindparam("actor"))
)
_BASE = "base"


class Copy(NamedTuple):
    """The chain as somebody else has it: how long, and the hash of each entry."""

    entries: int
    hash_at: Callable[[int], str | None]


def append(
    connection: Connection,
    *,
    at: str,
    actor: str,
    what: str,
    subject: str | None,
    detail: Fields | None,
) -> int:
    """Adds one entry inside the caller's transaction; answers its number.

    ``detail`` holds field names, not values. Accounts are a desk's own, so an entry says by itself
    who it was and at which desk, as they were called at that moment: ``by`` is desk, login, name
    and role, without their names, for a million entries are walked in seconds.
    """
    n, before = head(connection)
    by = connection.execute(_BY, {"actor": actor}).first()
    body = json.dumps(
        {
            "at": at,
            "actor": actor,
            "by": list(by or ()),
            "what": what,
            "subject": subject,
            "detail": detail or {},
        },
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    connection.execute(_ADD, {"n": n + 1, "body": body, "hash": link(before, body)})
    return n + 1


def verify(
    connection: Connection, anchors: Iterable[Anchor] = (), copy: Copy | None = None
) -> AuditCheck:
    """Walks the whole chain over the stored bytes, and compares it with what this desk noted when
    its heads were acknowledged or printed, and with ``anchors`` that were asked for elsewhere.

    ``anchors`` must be older than this call: entries are appended meanwhile. With a ``copy`` of
    the chain elsewhere a difference is found to the entry.
    """
    known = sorted({*anchors, *witnessed(connection)})
    start = base(connection)

    def mine(n: int) -> str | None:
        return hash_at(connection, n)

    # The driver's own rows: a million of SQLAlchemy's would take longer than their hashes.
    cursor = connection.connection.cursor()
    try:
        rows = cursor.execute("SELECT n, body, hash FROM audit WHERE n > ? ORDER BY n", start[:1])
        check = walk(rows, start)
    finally:
        cursor.close()
    other = first_unanchored(check, known, mine)
    if copy is not None and check.ok and other is not None and other <= copy.entries:
        end = min(copy.entries, check.entries + 1)
        other = first_difference(check.start, end, mine, copy.hash_at)
    breaks = [check.first_bad, other, None if _base_is_told(connection, start) else 1]
    bad = min((n for n in breaks if n is not None), default=None)
    good = check.entries if bad is None else min(check.entries, bad - 1)
    return AuditCheck(bad is None, good, bad, check.start, len(known))


def head(connection: Connection) -> tuple[int, str]:
    """Count and hash of the last entry, to be anchored outside the desk: a cut tail shows there."""
    last = connection.execute(_LAST).first()
    return (last.n, last.hash) if last else (0, BEFORE_THE_FIRST)


def hash_at(connection: Connection, n: int) -> str | None:
    """The stored hash of an entry, or None where it is not there (any more)."""
    begins = base(connection)
    if n == begins.entries:
        return begins.head
    return connection.execute(select(audit.c.hash).where(audit.c.n == n)).scalar()


def base(connection: Connection) -> Anchor:
    """After which entry the chain begins here: the last one that was trimmed."""
    found = connection.execute(
        select(audit_witness.c.entries, audit_witness.c.head).where(audit_witness.c.id == _BASE)
    ).first()
    return Anchor(found.entries, found.head) if found else BEGINNING


def witness(connection: Connection, kind: str, anchor: Anchor, at: str) -> None:
    """Notes a head that somebody else has now: the last one of each day and ``kind`` is kept."""
    values = {"kind": kind, "entries": anchor.entries, "head": anchor.head, "at": at}
    place = f"{kind}:{at[:10]}"
    done = connection.execute(
        update(audit_witness).where(audit_witness.c.id == place).values(values)
    )
    if done.rowcount == 0:
        connection.execute(insert(audit_witness).values(id=place, **values))


def witnessed(connection: Connection, *kinds: str) -> list[Anchor]:
    """This desk's own heads as they were noted; by default what the server or a report has."""
    found = connection.execute(
        select(audit_witness.c.entries, audit_witness.c.head)
        .where(audit_witness.c.kind.in_(kinds or ("server", "report")))
        .order_by(audit_witness.c.at)
    )
    return [Anchor(entries, digest) for entries, digest in found]


def trim(connection: Connection, upto: int, *, at: str, actor: str) -> int:
    """Removes entries up to a number; answers how many. The chain says that they went, and the
    rest is verified from there. The caller knows that the shared database has them."""
    begins = base(connection)
    digest = hash_at(connection, upto)
    if digest is None:
        return 0
    detail = {"to": upto, "hash": digest}
    told = append(connection, at=at, actor=actor, what=TRIMMED, subject=None, detail=detail)
    connection.execute(delete(audit_witness).where(audit_witness.c.id == _BASE))
    connection.execute(
        insert(audit_witness).values(
            id=_BASE, kind=_BASE, entries=upto, head=digest, at=at, told=told
        )
    )
    connection.execute(delete(audit).where(audit.c.n <= upto))
    return upto - begins.entries


def _base_is_told(connection: Connection, start: Anchor) -> bool:
    """Whether an entry of the chain itself says where it was trimmed: who only cuts its beginning
    off, and writes down that it began there, is found."""
    if start == BEGINNING:
        return True
    told = select(audit_witness.c.told).where(audit_witness.c.id == _BASE).scalar_subquery()
    body = connection.execute(select(audit.c.body).where(audit.c.n == told)).scalar()
    if body is None:
        return False
    entry = json.loads(body)
    detail = {"to": start.entries, "hash": start.head}
    return bool(entry["what"] == TRIMMED and entry["detail"] == detail)


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
                "by": by_names(entry),
                "what": entry["what"],
                "subject": entry["subject"],
                "hash": digest,
                "detail": entry["detail"],
            }
        )
    return answer
