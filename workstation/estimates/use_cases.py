"""Giving an estimate: it is kept as it was given, and never while an emergency visit is locked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.estimates.answer import Estimate
from workstation.estimates.case import EstimateCase
from workstation.estimates.engine import estimate
from workstation.estimates.model import ESTIMATE
from workstation.facility.model import Desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Insert
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, StoreGateway
from workstation.people.use_cases import known_person
from workstation.visits.rules import forbid_money_while_locked

CHANGED = frozenset({Kind.ESTIMATE})


class Estimates:
    """Use cases of estimates, for one signed-in person at one desk."""

    def __init__(self, store: StoreGateway, clock: Clock, session: Session, desk: Desk) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._author = Author(session.user_id, desk, clock)

    def give(
        self,
        person_id: str,
        visit_id: str | None,
        case: EstimateCase,
        *,
        coverage_id: str | None = None,
        note: str | None = None,
        key: str | None = None,
    ) -> tuple[str, Estimate]:
        """Estimates and keeps the fact that this was told to the patient; returns its id too.

        Raises Refused ``emtala_locked`` while the screening exam is not recorded, NotUnderstood
        where no price follows.
        """
        self._session.require(Permission.ESTIMATE)
        found = estimate(case)
        with self._store.unit_of_work() as work:
            before = work.answered(key) if key else None
            if before is not None:
                return str(before["estimate_id"]), found
            known_person(work, person_id)
            forbid_money_while_locked(work, person_id, visit_id)
            estimate_id = new_id()
            last = latest_estimate(work, person_id, visit_id)
            fields = {
                "person_id": person_id,
                "visit_id": visit_id,
                "coverage_id": coverage_id,
                "service_date": case.service_date.isoformat(),
                "at": iso(self._clock()),
                "by": self._session.user_id,
                "patient_total": found.patient_total,
                "low": found.low,
                "high": found.high,
                "input": case.as_json(),
                "answer": found.as_json(),
                "replaces": last["id"] if last else None,
                "note": note,
            }
            work.record(
                self._author.command(
                    "give_estimate",
                    person_id,
                    (Insert(ESTIMATE.name, estimate_id, fields),),
                    key=key,
                    answer={"ok": True, "estimate_id": estimate_id},
                )
            )
            work.commit()
        return estimate_id, found


def latest_estimate(store: Store, person_id: str, visit_id: str | None) -> Mapping[str, Any] | None:
    """The last estimate that was given for a visit (or outside any), if there is one."""
    rows = store.find(ESTIMATE.name, person_id=person_id, visit_id=visit_id)
    return max(rows, key=lambda row: (row["at"], row["id"]), default=None)
