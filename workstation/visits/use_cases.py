"""Opening visits, their progress at the desk, and putting them right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workstation.access.model import Permission
from workstation.kernel.changed import Kind
from workstation.kernel.clock import iso
from workstation.kernel.commands import Insert
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store
from workstation.visits.emergency import EmergencyVisits
from workstation.visits.model import (
    Lock,
    PatientClass,
    VisitState,
)
from workstation.visits.recording import CHANGED, department_kind, known_visit
from workstation.visits.rules import (
    after_placing,
    lock_at_start,
)

_OF_THEIR_OWN = frozenset(
    {"class", "lock", "department_id", "person_id", "asks_emergency_care", "state"}
)


@dataclass(frozen=True, slots=True)
class NewVisit:
    """What is known when a visit is opened. ``service_date`` is an ISO date."""

    person_id: str
    patient_class: PatientClass
    reason: str
    service_date: str
    department_id: str | None = None
    attending_id: str | None = None
    ordering_id: str | None = None
    referring_id: str | None = None
    service: str | None = None
    service_code: str | None = None
    admit_type: str | None = None
    point_of_origin: str | None = None
    scheduled_at: str | None = None
    asks_emergency_care: bool = False
    sensitive: bool = False
    state: VisitState = VisitState.ARRIVED


@dataclass(frozen=True, slots=True)
class OpenedVisit:
    """What ``open_visit`` answers."""

    visit_id: str
    visit_number: str
    locked: bool


class Visits(EmergencyVisits):
    """Use cases of the visit, for one signed-in person at one desk; the lock's are among them."""

    def open(self, new: NewVisit, *, key: str | None = None) -> OpenedVisit:
        """Opens a visit (walk-in, or an appointment when ``state`` is expected).

        Raises Refused ``not_found`` for an unknown person, NotUnderstood ``date_not_understood``.
        """
        self._session.require(Permission.OPEN_VISIT)
        _checked_date(new.service_date)
        with self._store.unit_of_work() as work:
            _known_person(work, new.person_id)
            lock = lock_at_start(
                new.patient_class,
                department_kind(work, new.department_id),
                asks_emergency_care=new.asks_emergency_care,
            )
            number = f"V{self._desk.receipt_code}{work.next_number('visit'):06d}"
            opened = OpenedVisit(new_id(), number, lock is Lock.LOCKED)
            answer = {
                "ok": True,
                "visit_id": opened.visit_id,
                "visit_number": number,
                "locked": opened.locked,
            }
            work.record(
                self._author.command(
                    "open_visit",
                    new.person_id,
                    (
                        Insert("visit", opened.visit_id, self._fields(new, number, lock)),
                        self._event(opened.visit_id, new.person_id, new.state.value),
                    ),
                    key=key,
                    answer=answer,
                )
            )
            work.commit()
        return opened

    def arrive(self, visit_id: str) -> frozenset[Kind]:
        """Marks an expected visit as arrived."""
        return self._progress(
            visit_id, VisitState.ARRIVED, {"arrived_at": iso(self._clock())}, "mark_arrived"
        )

    def undo_arrival(self, visit_id: str) -> frozenset[Kind]:
        """Takes back an arrival marked by mistake; the event of it stays in the record."""
        return self._progress(
            visit_id, VisitState.EXPECTED, {"arrived_at": None, "owner": None}, "undo_arrival"
        )

    def begin(self, visit_id: str) -> frozenset[Kind]:
        """The check-in is in progress, and this person's."""
        return self._progress(
            visit_id, VisitState.IN_PROGRESS, {"owner": self._session.user_id}, "begin_check_in"
        )

    def put_back(self, visit_id: str) -> frozenset[Kind]:
        """This person's check-in was opened and left untouched: the visit waits as before."""
        self._session.require(Permission.OPEN_VISIT)
        visit = self._store.read().get("visit", visit_id)
        mine = (VisitState.IN_PROGRESS.value, self._session.user_id)
        if visit is None or (visit["state"], visit["owner"]) != mine:
            return frozenset()
        waits = VisitState.ARRIVED if visit["arrived_at"] else VisitState.EXPECTED
        return self._progress(visit_id, waits, {"owner": None}, "leave_untouched")

    def finish(self, visit_id: str) -> frozenset[Kind]:
        """The check-in is done; care may call the patient."""
        return self._progress(
            visit_id, VisitState.DONE, {"finished_at": iso(self._clock())}, "finish_check_in"
        )

    def leave(self, visit_id: str, reason: str) -> frozenset[Kind]:
        """The patient left: before the exam this is an entry of the EMTALA log."""
        return self._progress(visit_id, VisitState.LEFT, {}, "record_left", reason=reason)

    def revise(self, visit_id: str, changes: Mapping[str, Any]) -> frozenset[Kind]:
        """Changes clinicians, service, reason, guarantor, payer choice or accident of a visit."""
        self._session.require(Permission.REVISE)
        forbidden = _OF_THEIR_OWN & set(changes)
        if forbidden:
            raise ValueError(f"fields with use cases of their own: {sorted(forbidden)}")
        with self._store.unit_of_work() as work:
            visit = known_visit(work, visit_id)
            self._record_revision(work, visit, changes, "revise_visit")
            work.commit()
        return CHANGED

    def place(self, visit_id: str, department_id: str) -> frozenset[Kind]:
        """Puts a visit into a department. An emergency department locks it; none unlocks it.

        Out of the lock leads only an exam, or a class that is corrected with its reason.
        Raises Refused ``not_found`` for an unknown visit or department.
        """
        self._session.require(Permission.REVISE)
        with self._store.unit_of_work() as work:
            visit = known_visit(work, visit_id)
            kind = department_kind(work, department_id)
            if kind is None:
                raise Refused(
                    "not_found",
                    "This department is not on this workstation.",
                    "Choose another department.",
                    field="reason.department",
                )
            lock = after_placing(
                Lock(visit["lock"]),
                PatientClass(visit["class"]),
                kind,
                asks_emergency_care=bool(visit["asks_emergency_care"]),
            )
            changes = {"department_id": department_id, "lock": lock.value}
            self._record_revision(work, visit, changes, "place_visit")
            work.commit()
        return CHANGED

    def _fields(self, new: NewVisit, number: str, lock: Lock) -> dict[str, Any]:
        return {
            "person_id": new.person_id,
            "visit_number": number,
            "account_number": f"A{number[1:]}",
            "class": new.patient_class.value,
            "lock": lock.value,
            "asks_emergency_care": new.asks_emergency_care,
            "state": new.state.value,
            "service_date": new.service_date,
            "scheduled_at": new.scheduled_at,
            "arrived_at": iso(self._clock()) if new.state is VisitState.ARRIVED else None,
            "reason": new.reason,
            "sensitive": new.sensitive,
            "service": new.service,
            "service_code": new.service_code,
            "department_id": new.department_id,
            "attending_id": new.attending_id,
            "ordering_id": new.ordering_id,
            "referring_id": new.referring_id,
            "admit_type": new.admit_type,
            "point_of_origin": new.point_of_origin,
            "do_not_bill": False,
            "employer_paid": False,
        }

    def _progress(
        self,
        visit_id: str,
        state: VisitState,
        more: Mapping[str, Any],
        command: str,
        *,
        reason: str | None = None,
    ) -> frozenset[Kind]:
        self._session.require(Permission.OPEN_VISIT)
        with self._store.unit_of_work() as work:
            visit = known_visit(work, visit_id)
            self._record_revision(
                work, visit, {"state": state.value, **more}, command, reason=reason
            )
            work.commit()
        return CHANGED


def _known_person(store: Store, person_id: str) -> None:
    if store.get("person", person_id) is None:
        raise Refused(
            "not_found",
            "This patient is not on this workstation.",
            "Search for the patient again.",
        )


def _checked_date(text: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError:
        raise NotUnderstood(
            "date_not_understood",
            "The date of service is not a date.",
            "Give it as 2026-11-23.",
            field="service_date",
        ) from None
