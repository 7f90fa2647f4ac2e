"""What waits for a person at this desk: conflicts between desks, work items, own check-ins.

It stands at the end of the layers because it gathers from three of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from workstation.access.model import Permission, Session
from workstation.interview.journal import DraftJournal
from workstation.kernel.clock import from_iso
from workstation.kernel.unit_of_work import Store, StoreGateway
from workstation.sync.downtime import DOWNTIME
from workstation.sync.model import CONFLICT, conflict_as_json
from workstation.visits.rules import locked_visit_of


class WaitingKind(StrEnum):
    """What it is; in the order of the list."""

    CONFLICT = "conflict"
    DOWNTIME = "downtime"
    ITEM = "item"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One thing to settle. ``about`` is the work item's kind, or the page a check-in is at."""

    kind: WaitingKind
    id: str
    about: str
    person_id: str = ""
    visit_id: str = ""
    last: str = ""
    first: str = ""
    dob: str = ""
    mrn: str = ""
    since: datetime | None = None
    source: str = ""
    """The desk that a conflicting change came from."""
    detail: Mapping[str, Any] = field(default_factory=dict)
    """Of a conflict its JSON form, of a work item its detail."""
    about_id: str = ""
    """What a work item is about, such as a card attempt."""


class Waiting:
    """Reads the list. Items about coverage and money wait unseen while their person is locked."""

    def __init__(self, store: StoreGateway, journal: DraftJournal, session: Session) -> None:
        self._store = store
        self._journal = journal
        self._session = session

    def rows(self) -> tuple[WaitingRow, ...]:
        """Conflicts, reports to sign, work items, own check-ins; of each the oldest first.

        Raises NotPermitted for a role that opens no charts.
        """
        self._session.require(Permission.OPEN_CHART)
        store = self._store.read()
        conflicts = [_conflict(row) for row in store.find(CONFLICT.name, state="open")]
        reports = [
            _downtime(row)
            for row in store.find(DOWNTIME.name, state="open")
            if self._session.may(Permission.RESOLVE_CONFLICT)
        ]
        items = [
            _item(row)
            for row in store.find("work_item", state="open")
            # 42 CFR 489.24(d)(4): nothing of money before the screening exam.
            if not row["person_id"] or locked_visit_of(store, row["person_id"]) is None
        ]
        drafts = [
            WaitingRow(
                WaitingKind.DRAFT,
                head.id,
                head.page.value,
                head.person_id or "",
                head.visit_id or "",
                head.last,
                head.first,
                head.dob,
                since=head.saved_at,
            )
            for head in reversed(self._journal.in_progress(mine=True))
        ]
        return tuple(_named(store, row) for row in (*conflicts, *reports, *items, *drafts))


def _conflict(row: Mapping[str, Any]) -> WaitingRow:
    return WaitingRow(
        WaitingKind.CONFLICT,
        row["id"],
        row["kind"],
        row["person_id"] or "",
        since=_made_at(row["id"]),
        source=row["waits_from"] or "",
        detail=conflict_as_json(row),
    )


def _downtime(row: Mapping[str, Any]) -> WaitingRow:
    return WaitingRow(
        WaitingKind.DOWNTIME,
        row["id"],
        DOWNTIME.name,
        since=from_iso(row["ended_at"]),
        source=row["desk"],
        detail={"began_at": row["began_at"], "ended_at": row["ended_at"], **row["work"]},
    )


def _item(row: Mapping[str, Any]) -> WaitingRow:
    return WaitingRow(
        WaitingKind.ITEM,
        row["id"],
        row["kind"],
        row["person_id"] or "",
        row["visit_id"] or "",
        since=from_iso(row["opened_at"]),
        detail=row["detail"] or {},
        about_id=row["about_id"] or "",
    )


def _named(store: Store, row: WaitingRow) -> WaitingRow:
    person = store.get("person", row.person_id) if row.person_id else None
    if person is None:
        return row
    return replace(
        row,
        last=person["last"] or "",
        first=person["first"] or "",
        dob=person["dob"] or "",
        mrn=person["mrn"] or person["provisional_mrn"] or "",
    )


def _made_at(id: str) -> datetime | None:
    """The time in a UUIDv7 (RFC 9562 section 5.7); None for an id of another form."""
    try:
        value = uuid.UUID(id)
    except ValueError:
        return None
    if value.version != 7:
        return None
    return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)
