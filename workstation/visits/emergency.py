"""The emergency lock's use cases: the exam that opens it, the class put right, who asks for care.

42 CFR 489.24(d)(4): money waits for a clinician's screening exam. There is no override.
"""

from __future__ import annotations

from workstation.access.model import Permission
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, from_iso, iso
from workstation.kernel.commands import Insert, Revise
from workstation.kernel.errors import NotUnderstood
from workstation.kernel.ids import new_id
from workstation.visits.model import Lock, PatientClass, ScreeningOutcome, is_locked
from workstation.visits.recording import (
    CHANGED,
    VisitRecorder,
    department_kind,
    known_visit,
    unknown_visit,
)
from workstation.visits.rules import after_class_correction, after_exam


class EmergencyVisits(VisitRecorder):
    """What leads into the lock and out of it."""

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
            visit = known_visit(work, visit_id)
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
        self,
        visit_id: str,
        patient_class: PatientClass,
        *,
        asks_emergency_care: bool,
        reason: str,
        corrected_by: str = "",
        department_id: str | None = None,
    ) -> frozenset[Kind]:
        """The class was wrong: the lock follows the right one. Audited; never an override.

        ``corrected_by`` names whose word it was, beside the person signed in who recorded it.
        ``department_id``: where the patient really is, as an emergency department keeps the lock.
        """
        self._session.require(Permission.CORRECT_CLASS)
        _reason_given(reason)
        with self._store.unit_of_work() as work:
            visit = known_visit(work, visit_id)
            department = department_id or visit["department_id"]
            lock = after_class_correction(
                Lock(visit["lock"]),
                patient_class,
                department_kind(work, department),
                asks_emergency_care=asks_emergency_care,
            )
            changes = {
                "class": patient_class.value,
                "lock": lock.value,
                "asks_emergency_care": asks_emergency_care,
                "department_id": department,
            }
            detail = {
                "before": {name: visit[name] for name in changes},
                "after": changes,
                "reason": reason,
                "corrected_by": corrected_by or None,
            }
            self._record_revision(
                work, visit, changes, "correct_class", reason=reason, detail=detail
            )
            work.commit()
        return CHANGED

    def asks_for_emergency_care(self, visit_id: str) -> frozenset[Kind]:
        """Whoever asks for emergency care on campus is locked at once, whatever they came for."""
        self._session.require(Permission.CORRECT_CLASS)
        visit = self._store.read().get("visit", visit_id)
        if visit is None:
            raise unknown_visit()
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
            visit = known_visit(work, visit_id)
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
