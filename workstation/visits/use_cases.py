"""Opening, arriving, finishing, moving and correcting visits; recording the screening exam."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.facility.model import DepartmentKind, Desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, from_iso, iso
from workstation.kernel.commands import Change, Insert, Revise
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import Store, StoreGateway, UnitOfWork
from workstation.visits.model import (
    Lock,
    PatientClass,
    ScreeningOutcome,
    VisitState,
    is_locked,
)
from workstation.visits.rules import (
    after_class_correction,
    after_exam,
    after_placing,
    lock_at_start,
)

CHANGED = frozenset({Kind.VISIT})

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


class Visits:
    """Use cases of the visit, for one signed-in person at one desk."""

    def __init__(self, store: StoreGateway, clock: Clock, session: Session, desk: Desk) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._desk = desk
        self._author = Author(session.user_id, desk, clock)

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
                _department_kind(work, new.department_id),
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
            visit = _known_visit(work, visit_id)
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
            visit = _known_visit(work, visit_id)
            kind = _department_kind(work, department_id)
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

    def record_screening_exam(
        self,
        visit_id: str,
        outcome: ScreeningOutcome,
        *,
        by: str,
        at: str,
        source: str,
        key: str | None = None,
    ) -> frozenset[Kind]:
        """Records a clinician's exam with its outcome, which opens the lock (42 CFR 489.24(d)).

        ``at`` is an ISO moment, not in the future. Raises NotUnderstood for a missing clinician,
        source or moment.
        """
        self._session.require(Permission.RECORD_SCREENING)
        moment = _checked_moment(at, self._clock)
        if not by.strip() or not source.strip():
            raise NotUnderstood(
                "screening_incomplete",
                "The record needs the clinician's name and how you were told.",
                "Fill in who did the exam and the source.",
                field="by",
            )
        with self._store.unit_of_work() as work:
            visit = _known_visit(work, visit_id)
            opened = after_exam(Lock(visit["lock"]))
            exam = {
                "visit_id": visit_id,
                "person_id": visit["person_id"],
                "outcome": outcome.value,
                "by": by,
                "at": moment,
                "source": source,
                "entered_by": self._session.user_id,
                "entered_at": iso(self._clock()),
            }
            work.record(
                self._author.command(
                    "record_screening_exam",
                    visit["person_id"],
                    (
                        Insert("screening_exam", new_id(), exam),
                        Revise(
                            "visit",
                            visit_id,
                            {"lock": visit["lock"]},
                            {"lock": opened.value},
                            visit["rev"],
                        ),
                    ),
                    key=key,
                    answer={"ok": True, "locked": False},
                )
            )
            work.commit()
        return CHANGED

    def correct_class(
        self, visit_id: str, patient_class: PatientClass, *, asks_emergency_care: bool, reason: str
    ) -> frozenset[Kind]:
        """The class was wrong: the lock follows the right one. Audited; never an override."""
        self._session.require(Permission.CORRECT_CLASS)
        _reason_given(reason)
        with self._store.unit_of_work() as work:
            visit = _known_visit(work, visit_id)
            lock = after_class_correction(
                Lock(visit["lock"]),
                patient_class,
                _department_kind(work, visit["department_id"]),
                asks_emergency_care=asks_emergency_care,
            )
            self._record_revision(
                work,
                visit,
                {
                    "class": patient_class.value,
                    "lock": lock.value,
                    "asks_emergency_care": asks_emergency_care,
                },
                "correct_class",
                reason=reason,
            )
            work.commit()
        return CHANGED

    def asks_for_emergency_care(self, visit_id: str) -> frozenset[Kind]:
        """Whoever asks for emergency care on campus is locked at once, whatever they came for."""
        visit = self._store.read().get("visit", visit_id)
        if visit is None:
            raise _unknown_visit()
        return self.correct_class(
            visit_id,
            PatientClass(visit["class"]),
            asks_emergency_care=True,
            reason="The patient asked for emergency care.",
        )

    def asked_about_cost(self, visit_id: str) -> frozenset[Kind]:
        """The patient asked about cost before the exam: urged to be seen first, and recorded."""
        self._session.require(Permission.REVISE)
        with self._store.unit_of_work() as work:
            visit = _known_visit(work, visit_id)
            work.record(
                self._author.command(
                    "asked_about_cost",
                    visit["person_id"],
                    (self._event(visit_id, visit["person_id"], "asked_about_cost"),),
                )
            )
            work.commit()
        return CHANGED

    def locked(self, visit_id: str) -> bool:
        """Whether nothing of money may be shown for this visit."""
        visit = self._store.read().get("visit", visit_id)
        return visit is not None and is_locked(visit)

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
            visit = _known_visit(work, visit_id)
            self._record_revision(
                work, visit, {"state": state.value, **more}, command, reason=reason
            )
            work.commit()
        return CHANGED

    def _record_revision(
        self,
        work: UnitOfWork,
        visit: Mapping[str, Any],
        changes: Mapping[str, Any],
        command: str,
        *,
        reason: str | None = None,
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
                    self._event(visit["id"], person_id, what),
                ),
                reason=reason,
            )
        )

    def _event(self, visit_id: str, person_id: str, what: str) -> Change:
        return Insert(
            "visit_event",
            new_id(),
            {
                "visit_id": visit_id,
                "person_id": person_id,
                "what": what,
                "at": iso(self._clock()),
                "actor": self._session.user_id,
            },
        )


def _known_visit(store: Store, visit_id: str) -> dict[str, Any]:
    visit = store.get("visit", visit_id)
    if visit is None:
        raise _unknown_visit()
    return visit


def _unknown_visit() -> Refused:
    return Refused("not_found", "This visit is not on this workstation.", "Look at Arrivals again.")


def _known_person(store: Store, person_id: str) -> None:
    if store.get("person", person_id) is None:
        raise Refused(
            "not_found",
            "This patient is not on this workstation.",
            "Search for the patient again.",
        )


def _department_kind(store: Store, department_id: str | None) -> DepartmentKind | None:
    found = store.get("department", department_id) if department_id else None
    return DepartmentKind(found["kind"]) if found else None


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


def _checked_moment(text: str, clock: Clock) -> str:
    try:
        moment = from_iso(text)
    except ValueError:
        raise NotUnderstood(
            "time_not_understood",
            "The time of the exam is not a moment with a time zone.",
            "Give it as 2026-11-23T14:07:00Z.",
            field="at",
        ) from None
    if moment > clock():
        raise NotUnderstood(
            "time_in_future",
            "The exam would lie in the future.",
            "Type the time at which the exam was done.",
            field="at",
        )
    return iso(moment)


def _reason_given(reason: str) -> None:
    if not reason.strip():
        raise NotUnderstood(
            "reason_missing", "This needs a reason.", "Say why in a few words.", field="reason"
        )
