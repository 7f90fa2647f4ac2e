"""One round of replication for the command line, and a look at whether the server answers."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

from db.store import SqlStore
from db.sync.lane import DocumentLane
from db.sync.replica import Replica
from db.sync.synchroniser import Synchroniser, trouble_of
from db.sync.trail_lane import TrailLane
from db.sync.ways import transport_to
from workstation.kernel.clock import utc_now
from workstation.kernel.errors import OutsideSilent, PorticoError
from workstation.kernel.phrases import paragraph
from workstation.sync.kernel import Link, Pace
from workstation.sync.status import SyncStatus

_STEP = 0.05


def one_round(store: SqlStore, dsn: str, *, patience: timedelta = timedelta(seconds=20)) -> bool:
    """Sends what waits, lets the applier answer, reads what is new; False where it had to give up.

    Gives up at once where the server does not answer, and where nothing has moved for
    ``patience``: no applier runs. A long backlog is no reason to give up while it shrinks.
    """
    pace = Pace(soon=timedelta(milliseconds=100))
    synchroniser = Synchroniser(store, dsn, pace=pace)
    stands: tuple[int, ...] = ()
    moved = time.monotonic()
    pause = threading.Event()
    try:
        while time.monotonic() - moved < patience.total_seconds():
            synchroniser.wake()
            if synchroniser.state.link is Link.OFFLINE:
                return False
            if synchroniser.settled():
                return True
            now = (synchroniser.state.cursor, *synchroniser.replica.counts())
            if now != stands:
                stands, moved = now, time.monotonic()
            pause.wait(_STEP)
        return False
    finally:
        synchroniser.close()


def send_documents(
    store: SqlStore, dsn: str, *, patience: timedelta = timedelta(seconds=60)
) -> int:
    """Sends the bytes of documents that the server knows of; answers how many are whole now.

    Raises OutsideSilent; what was sent until then, or until ``patience`` ran out, stays sent.
    """
    end = utc_now() + patience
    lane = DocumentLane(store, dsn)
    try:
        return lane.send(lambda: utc_now() > end)
    finally:
        lane.close()


def send_trail(store: SqlStore, dsn: str, *, patience: timedelta = timedelta(seconds=60)) -> int:
    """Sends the audit trail as far as ``patience`` allows; answers how many entries went.

    Raises OutsideSilent, and Refused ``audit_differs``.
    """
    end = utc_now() + patience
    lane = TrailLane(store, dsn)
    try:
        return lane.send(lambda: utc_now() > end)
    finally:
        lane.close()


def look(store: SqlStore, dsn: str | None) -> SyncStatus:
    """Where this desk stands, with ``connected`` as it is at this moment."""
    replica = Replica(store)
    connected, trouble = False, None
    if dsn:
        link = transport_to(dsn, replica.identity())
        try:
            greeting = link.greet()
            connected = True
            trouble = trouble_of(replica, link, greeting, utc_now())
        except OutsideSilent:
            connected = False
        except PorticoError as refusal:
            trouble = paragraph(refusal.say, refusal.do)
        finally:
            link.close()
        replica.note_link(connected, utc_now(), trouble)
    return replica.status(configured=bool(dsn))
