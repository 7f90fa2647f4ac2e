"""A fresh encrypted store with one person and one open visit, for tests that take money."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import db.declared  # noqa: F401 - every table: the gates of money read many
from db.store import SqlStore
from db.tables import local_metadata, metadata
from workstation.access.model import Role, Session
from workstation.facility.model import Desk, Facility
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Command, Insert
from workstation.kernel.ids import new_id
from workstation.payments.use_cases import Payments

KEY = "0123456789abcdef" * 4
PERSON, VISIT = "person-1", "visit-1"
DESK = Desk("ws-1", "desk-A", Facility("fac-1", "Pine Valley"), "K7", "drawer-1")
SESSION = Session("user-1", "rosa", "Rosa Marin", Role.SUPERVISOR)
COPAY = [{"kind": "copay", "amount": 2500}]

_MADE: list[bytes] = []


def payments(store: SqlStore) -> Payments:
    """The use cases on this store."""
    return Payments(store, utc_now, SESSION, DESK)


def a_store(path: Path) -> SqlStore:
    """A store of its own in ``path``, open."""
    new_store(path)
    return SqlStore(path, KEY)


def new_store(path: Path) -> None:
    """A store of its own in ``path``: a copy of one that was made before."""
    with tempfile.TemporaryDirectory() as folder:
        if not _MADE:
            made = Path(folder) / "desk.db"
            _make(made)
            _MADE.append(made.read_bytes())
    path.write_bytes(_MADE[0])


def _make(path: Path) -> None:
    store = SqlStore(path, KEY)
    with store.writing() as connection:
        for tables in (metadata, local_metadata):
            tables.create_all(connection, checkfirst=True)
    visit = {
        "person_id": PERSON,
        "visit_number": "V1",
        "account_number": "A1",
        "class": "O",
        "lock": "none",
        "state": "arrived",
        "service_date": "2026-11-23",
    }
    with store.unit_of_work() as work:
        changes = (
            Insert("person", PERSON, {"last": "Núñez", "first": "María", "mrn": "MRN0004711"}),
            Insert("visit", VISIT, visit),
        )
        work.record(Command(new_id(), "seed", "user-1", datetime.now(UTC), "fac-1", changes))
        work.commit()
    store.close()
