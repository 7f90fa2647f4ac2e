"""Starting, resuming, recording and finishing a check-in: what stands around its pages."""

from __future__ import annotations

from dataclasses import dataclass, replace

from workstation.access.model import Session
from workstation.access.use_cases import ChartAudit
from workstation.estimates.prices import PriceList
from workstation.facility.model import Desk
from workstation.interview.flow import Walk, begin
from workstation.interview.journal import DraftJournal
from workstation.interview.known import begin_from, on_file, situation_of
from workstation.interview.model import Draft, Identity, PageId
from workstation.interview.situation import Situation
from workstation.interview.use_cases import CompleteInterview
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.errors import Refused
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import StoreGateway
from workstation.visits.model import PatientClass, VisitState
from workstation.visits.use_cases import NewVisit, Visits

_OVER = frozenset({VisitState.DONE, VisitState.LEFT, VisitState.CANCELLED})


@dataclass(frozen=True, slots=True)
class OpenCheckIn:
    """A check-in that lies open: where it stands and what is known around it."""

    walk: Walk
    situation: Situation


class CheckIns:
    """Use cases of the check-in as a whole, for one signed-in person at one desk."""

    def __init__(
        self,
        store: StoreGateway,
        clock: Clock,
        session: Session,
        desk: Desk,
        *,
        charts: ChartAudit,
        visits: Visits,
        journal: DraftJournal,
        interview: CompleteInterview,
        prices: PriceList | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._desk = desk
        self._charts = charts
        self._visits = visits
        self._journal = journal
        self._interview = interview
        self._prices = prices

    def open_visit(self, person_id: str, visit_id: str) -> OpenCheckIn:
        """Starts or resumes the check-in of a visit; the chart's opening is audited first.

        Raises Refused ``visit_over``, ``draft_gone``; NotPermitted ``draft_of_another``.
        """
        self._charts.opened(person_id)
        visit = self._store.read().get("visit", visit_id)
        if visit is None or visit["state"] in _OVER:
            raise Refused(
                "visit_over",
                "This visit is done already.",
                "Open the patient from the search for another visit.",
            )
        head = self._journal.for_visit(visit_id)
        if head is not None:
            walk = self._journal.resume(head.id)
        else:
            known = on_file(self._store.read(), person_id, visit_id)
            draft = begin_from(known, new_id(), self._session.user_id, iso(self._clock()))
            walk = begin(draft, known=known)
        if visit["state"] != VisitState.IN_PROGRESS or visit["owner"] != self._session.user_id:
            self._visits.begin(visit_id)
        return OpenCheckIn(walk, self.situation(walk.draft))

    def open_person(self, person_id: str) -> OpenCheckIn:
        """The check-in of a person found by search: today's open visit, or a walk-in."""
        today = self._today()
        for visit in self._store.read().find("visit", person_id=person_id, service_date=today):
            if visit["state"] not in _OVER:
                return self.open_visit(person_id, visit["id"])
        opened = self._visits.open(self._walk_in(person_id, PatientClass.OUTPATIENT, ""))
        return self.open_visit(person_id, opened.visit_id)

    def open_new(self, identity: Identity) -> OpenCheckIn:
        """A person whom the search did not find; the chart is born when the first page is kept."""
        draft = begin_from(None, new_id(), self._session.user_id, iso(self._clock()))
        draft = replace(draft, identity=identity)
        return OpenCheckIn(begin(draft), self.situation(draft))

    def situation(self, draft: Draft) -> Situation:
        """What stands around a draft now."""
        return situation_of(
            self._store.read(),
            draft,
            self._clock().astimezone().date(),
            facility_name=self._desk.facility.name,
            new_person=draft.started_empty,
            prices=self._prices,
        )

    def record(
        self, page: PageId, draft: Draft, situation: Situation, decision: str | None = None
    ) -> tuple[Draft, Situation, frozenset[Kind]]:
        """Records an accepted page. A new person's visit is opened with their first page."""
        after, changed = self._interview.record(page, draft, situation, decision=decision)
        if not after.visit_id:
            patient_class = PatientClass(after.reason.patient_class)
            reason = after.reason.reason
            new = self._walk_in(after.person_id, patient_class, reason)
            opened = self._visits.open(new)
            self._visits.begin(opened.visit_id)
            said = replace(
                after.reason,
                admit_type=after.reason.admit_type or new.admit_type or "",
                point_of_origin=after.reason.point_of_origin or new.point_of_origin or "",
            )
            after = replace(after, visit_id=opened.visit_id, reason=said)
            changed |= {Kind.VISIT}
        return after, self.situation(after), changed

    def finish(self, draft: Draft) -> frozenset[Kind]:
        """Everything is recorded: the visit is done at the desk and the draft has served."""
        changed = self._visits.finish(draft.visit_id)
        self._journal.drop(draft.id)
        return changed | {Kind.DRAFT}

    def _walk_in(self, person_id: str, patient_class: PatientClass, reason: str) -> NewVisit:
        return NewVisit(
            person_id=person_id,
            patient_class=patient_class,
            reason=reason,
            service_date=self._today(),
            admit_type="1" if patient_class is PatientClass.EMERGENCY else "3",
            point_of_origin="1",
        )

    def _today(self) -> str:
        return self._clock().astimezone().date().isoformat()
