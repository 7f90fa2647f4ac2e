"""The administrator's side of audit trails: verify them, let them expire, hold them for the law."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql

from db.shared.admin import as_owner
from db.shared.tables import audit_anchor, audit_chain, audit_entry, audit_hold, facility_feed
from workstation.access.audit import BEGINNING, Anchor, AuditCheck, first_unanchored, walk
from workstation.access.trail import Seal, walk_seals
from workstation.facility.model import facility_id
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.phrases import phrase

KEPT_YEARS = 10
"""ASTM E2147-18: at least ten years, or as long as the record."""

FEWEST_YEARS = 6
"""45 CFR 164.316(b)(2)(i), and the reach of an accounting of disclosures (164.528)."""

_AT_ONCE = 5_000


@dataclass(slots=True)
class FacilityCheck:
    """What was found of one facility; ``first_bad`` is the first link of its chain of heads that
    does not fit, ``desks`` the trails in which an entry does not, each with the entry's number."""

    facility: str
    seals: int
    entries: int = 0
    first_bad: int | None = None
    desks: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Nothing was changed, as far as the server can tell by itself."""
        return self.first_bad is None and not self.desks

    def as_json(self) -> dict[str, Any]:
        """For the command line."""
        return {
            "facility": self.facility,
            "ok": self.ok,
            "seals": self.seals,
            "entries": self.entries,
            "first_bad": self.first_bad,
            "desks": [{"ws_id": ws, "first_bad": n} for ws, n in sorted(self.desks.items())],
        }


def verify_trails(admin_dsn: str) -> dict[str, Any]:
    """Every facility's chain of heads, every desk's entries, and that they agree with each other.

    Who rewrites all of them together is found by the desks: they noted the chain's heads.
    """
    with as_owner(admin_dsn) as connection:
        known = connection.execute(
            select(facility_feed.c.facility, facility_feed.c.name).order_by(facility_feed.c.name)
        ).all()
        checks = [_verify(connection, place, name) for place, name in known]
    return {"ok": all(each.ok for each in checks), "facilities": [c.as_json() for c in checks]}


def _verify(connection: Connection, facility: str, name: str) -> FacilityCheck:
    here = audit_chain.c.facility == facility
    chain = select(audit_chain).where(here).order_by(audit_chain.c.n)
    with connection.execute(chain.execution_options(yield_per=_AT_ONCE)) as links:
        seals = walk_seals(
            Seal(each.n, each.ws_id, each.entries, each.head, each.at, each.hash) for each in links
        )
    found = FacilityCheck(name, seals.entries, first_bad=seals.first_bad)
    for ws_id in _desks(connection, facility):
        check = _verify_desk(connection, facility, ws_id)
        found.entries += check.entries - check.start + 1
        if check.first_bad is not None:
            found.desks[ws_id] = check.first_bad
    return found


def _desks(connection: Connection, facility: str) -> list[str]:
    """All that ever sent a head or an entry."""
    names: set[str] = set()
    for table in (audit_anchor, audit_chain, audit_entry):
        of = select(table.c.ws_id).where(table.c.facility == facility).distinct()
        names |= set(connection.execute(of).scalars())
    return sorted(names)


def _verify_desk(connection: Connection, facility: str, ws_id: str) -> AuditCheck:
    heads = {
        table: [
            Anchor(entries, head)
            for entries, head in connection.execute(
                select(table.c.entries, table.c.head).where(_of(table, facility, ws_id))
            )
        ]
        for table in (audit_anchor, audit_chain)
    }
    anchored = dict(heads[audit_anchor])
    mine = _of(audit_entry, facility, ws_id)
    first = connection.execute(select(func.min(audit_entry.c.n)).where(mine)).scalar()
    base = BEGINNING
    if first is not None and first - 1 in anchored:
        base = Anchor(first - 1, anchored[first - 1])
    rows = select(audit_entry.c.n, audit_entry.c.body, audit_entry.c.hash).where(mine)
    in_order = rows.order_by(audit_entry.c.n).execution_options(yield_per=_AT_ONCE)
    with connection.execute(in_order) as found:
        check = walk(((each.n, each.body, each.hash) for each in found), base)
    # A head may come before its entries: what is newer than they are is compared later. But what
    # was chained must be as it was sent.
    together = {*heads[audit_anchor], *heads[audit_chain]}
    changed = min((n for n, head in heads[audit_chain] if anchored.get(n) != head), default=None)
    other = first_unanchored(
        check,
        [each for each in together if each.entries <= check.entries],
        lambda n: base.head if n == base.entries else _hash_at(connection, mine, n),
    )
    bad = min((n for n in (check.first_bad, other, changed) if n is not None), default=None)
    return AuditCheck(bad is None, check.entries, bad, check.start)


def _of(table: Any, facility: str, ws_id: str) -> Any:
    return and_(table.c.facility == facility, table.c.ws_id == ws_id)


def _hash_at(connection: Connection, mine: Any, n: int) -> str | None:
    wanted = select(audit_entry.c.hash).where(mine, audit_entry.c.n == n)
    return connection.execute(wanted).scalar()


def expire(admin_dsn: str, now: datetime, years: int = KEPT_YEARS) -> dict[str, Any]:
    """Removes the entries of months that are older than so many years, month by month.

    The last one that goes stays as an anchor, so that the rest verifies. Facilities under a legal
    hold are left alone and named. Raises NotUnderstood ``kept_too_short``.
    """
    if years < FEWEST_YEARS:
        raise NotUnderstood(
            "kept_too_short",
            phrase("An audit trail is kept for {n} years at least.", n=FEWEST_YEARS),
            "Name more years.",
        )
    before = f"{now.year - years:04}-{now.month:02}"
    removed = 0
    with as_owner(admin_dsn) as connection:
        held = set(
            connection.execute(
                select(audit_hold.c.facility).where(audit_hold.c.lifted_at.is_(None))
            ).scalars()
        )
        names = {place: name for place, name in _facilities(connection)}
        for place in names:
            if place not in held:
                removed += sum(_expire_months(connection, place, before))
    return {
        "before": before,
        "removed": removed,
        "held": sorted(name for place, name in names.items() if place in held),
    }


def _facilities(connection: Connection) -> list[tuple[str, str]]:
    found = connection.execute(select(facility_feed.c.facility, facility_feed.c.name))
    return [(place, name) for place, name in found]


def _expire_months(connection: Connection, facility: str, before: str) -> Iterator[int]:
    """One month, one transaction: it goes wholly or not, and may be run again."""
    old = and_(audit_entry.c.facility == facility, audit_entry.c.month < before)
    months = connection.execute(
        select(audit_entry.c.month).where(old).distinct().order_by(audit_entry.c.month)
    ).scalars()
    for month in months.all():
        gone = and_(audit_entry.c.facility == facility, audit_entry.c.month == month)
        last = select(audit_entry.c.ws_id, func.max(audit_entry.c.n).label("n"))
        last_of = last.where(gone).group_by(audit_entry.c.ws_id).subquery()
        heads = connection.execute(
            select(audit_entry.c.ws_id, audit_entry.c.n, audit_entry.c.hash)
            .join(
                last_of,
                and_(audit_entry.c.ws_id == last_of.c.ws_id, audit_entry.c.n == last_of.c.n),
            )
            .where(gone)
        ).all()
        connection.execute(
            postgresql.insert(audit_anchor).on_conflict_do_nothing(),
            [
                {"facility": facility, "ws_id": ws_id, "entries": n, "head": digest}
                for ws_id, n, digest in heads
            ],
        )
        yield connection.execute(delete(audit_entry).where(gone)).rowcount
        connection.commit()


def hold(admin_dsn: str, facility: str, reason: str, now: datetime) -> dict[str, Any]:
    """Places a legal hold on a facility's trail. Raises Refused ``facility_unknown``."""
    with as_owner(admin_dsn) as connection:
        place = _known(connection, facility)
        connection.execute(insert(audit_hold).values(facility=place, placed_at=now, reason=reason))
        connection.commit()
    return {"facility": facility, "held": True, "reason": reason}


def release(admin_dsn: str, facility: str, now: datetime) -> dict[str, Any]:
    """Lifts every open hold of a facility; that it was held stays written."""
    with as_owner(admin_dsn) as connection:
        place = _known(connection, facility)
        lifted = connection.execute(
            update(audit_hold)
            .where(audit_hold.c.facility == place, audit_hold.c.lifted_at.is_(None))
            .values(lifted_at=now)
        ).rowcount
        connection.commit()
    return {"facility": facility, "held": False, "lifted": lifted}


def _known(connection: Connection, facility: str) -> str:
    place = facility_id(facility)
    if place not in dict(_facilities(connection)):
        raise Refused(
            "facility_unknown",
            "The shared database does not know this facility.",
            "Write its name as in portico shared enrol.",
        )
    return place
