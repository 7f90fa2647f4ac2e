"""What has been told to everybody expires: old entries of the feed, and bodies of settled commands.

Rows, money, documents and audit trails stay. So does a line for each command, without its body:
that it was here must be known for ever, or a copied store could bring it again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, delete, func, select, tuple_, update

from db.shared.admin import as_owner
from db.shared.tables import facility_feed, feed, inbox
from workstation.kernel.errors import NotUnderstood

KEPT_DAYS = 60

FEWEST_DAYS = 30
"""A desk that was away for longer takes a fresh copy, which a holiday should not lead to."""

_AT_ONCE = 5_000


def expire_feed(admin_dsn: str, now: datetime, days: int = KEPT_DAYS) -> int:
    """Lets entries older than so many days expire; answers how many. Safe to repeat and to stop.

    Raises NotUnderstood for fewer days than :data:`FEWEST_DAYS`, OutsideSilent.
    """
    if days < FEWEST_DAYS:
        raise NotUnderstood(
            "days_too_few",
            f"The feed is kept for {FEWEST_DAYS} days at least. Nothing has expired.",
            f"Give {FEWEST_DAYS} days or more.",
        )
    with as_owner(admin_dsn) as connection:
        with connection.begin():
            places = connection.execute(select(facility_feed.c.facility)).scalars().all()
        return sum(_expire(connection, place, now - timedelta(days=days)) for place in places)


def _expire(connection: Connection, place: str, before: datetime) -> int:
    here = feed.c.facility == place
    with connection.begin():
        floor = _raise_floor(connection, place, before)
    gone = 0
    while True:
        # After the floor: who reads meanwhile learns that something is missing.
        with connection.begin():
            oldest = connection.execute(select(func.min(feed.c.n)).where(here)).scalar()
            if oldest is None or oldest > floor:
                return gone
            some = and_(here, feed.c.n <= min(floor, oldest + _AT_ONCE - 1))
            sent = select(feed.c.ws_id, feed.c.ws_seq).where(some)
            settled = tuple_(inbox.c.ws_id, inbox.c.ws_seq).in_(sent)
            connection.execute(
                update(inbox).where(inbox.c.facility == place, settled).values(body="")
            )
            gone += connection.execute(delete(feed).where(some)).rowcount


def _raise_floor(connection: Connection, place: str, before: datetime) -> int:
    at = facility_feed.c.facility == place
    # Before the entries: one that comes meanwhile is above it.
    top, floor = connection.execute(
        select(facility_feed.c.n, facility_feed.c.floor).where(at)
    ).one()
    kept = connection.execute(
        select(func.min(feed.c.n)).where(
            feed.c.facility == place, feed.c.n > floor, feed.c.at >= before
        )
    ).scalar()
    floor = (top if kept is None else kept - 1) if top > floor else floor
    connection.execute(update(facility_feed).where(at).values(floor=floor))
    return int(floor)
