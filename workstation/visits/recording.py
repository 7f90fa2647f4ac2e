"""How every use case of a visit writes: one command with its revision and the event of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Session
from workstation.facility.model import DepartmentKind, Desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Change, Insert, Revise
from workstation.kernel.errors import Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, StoreGateway, UnitOfWork

CHANGED = frozenset({Kind.VISIT})


class VisitRecorder:
    """What the use cases of visits share, for one signed-in person at one desk."""

    def __init__(self, store: StoreGateway, clock: Clock, session: Session, desk: Desk) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._desk = desk
        self._author = Author(session.user_id, desk, clock)

    def _record_revision(
        self,
        work: UnitOfWork,
        visit: Mapping[str, Any],
        changes: Mapping[str, Any],
        command: str,
        *,
        reason: str | None = None,
        detail: Mapping[str, Any] | None = None,
    ) -> None:
        base = {name: visit.get(name) for name in changes}
        person_id = str(visit["person_id"])
        what = str(changes.get("state", command))
        work.record(
            self._author.command(
                command,
                person_id,
                (
                    Revise("visit", visit["id"], base, dict(changes), visit["rev"]),
                    self._event(visit["id"], person_id, what, detail),
                ),
                reason=reason,
            )
        )

    def _event(
        self, visit_id: str, person_id: str, what: str, detail: Mapping[str, Any] | None = None
    ) -> Change:
        return Insert(
            "visit_event",
            new_id(),
            {
                "visit_id": visit_id,
                "person_id": person_id,
                "what": what,
                "at": iso(self._clock()),
                "actor": self._session.user_id,
                "detail": dict(detail) if detail else None,
            },
        )


def known_visit(store: Store, visit_id: str) -> dict[str, Any]:
    visit = store.get("visit", visit_id)
    if visit is None:
        raise unknown_visit()
    return visit


def unknown_visit() -> Refused:
    return Refused("not_found", "This visit is not on this workstation.", "Look at Arrivals again.")


def department_kind(store: Store, department_id: str | None) -> DepartmentKind | None:
    found = store.get("department", department_id) if department_id else None
    return DepartmentKind(found["kind"]) if found else None
