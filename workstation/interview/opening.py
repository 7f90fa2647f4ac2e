"""Starting, resuming, recording and finishing a check-in: what stands around its pages."""

from __future__ import annotations

from collections.abc import Mapping
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
    begun: bool = False
    """This opening put the visit in progress: left untouched, it goes back to where it was."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A check-in that was given up, while that can be undone."""

    walk: Walk
    pictures: Mapping[int, tuple[bytes, ...]]
    """The sides of its scans, by their number."""


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
        begun = visit["state"] != VisitState.IN_PROGRESS
        if begun or visit["owner"] != self._session.user_id:
            self._visits.begin(visit_id)
        return OpenCheckIn(walk, self.situation(walk.draft), begun and head is None)

    def left_untouched(self, visit_id: str) -> frozenset[Kind]:
        """Only looked at: the visit waits again as it did before it was opened."""
        return self._visits.put_back(visit_id)

    def give_up(self, draft_id: str) -> tuple[GivenUp, frozenset[Kind]]:
        """Takes a half-done check-in off the list: what was recorded stays, the visit waits.

        Answers all that was typed and scanned, for :meth:`take_up`. Raises as
        ``DraftJournal.resume``.
        """
        walk = self._journal.resume(draft_id)
        given = GivenUp(walk, self._journal.pictures(draft_id))
        visit_id = walk.draft.visit_id
        changed = self._visits.put_back(visit_id) if visit_id else frozenset()
        self._journal.drop(draft_id)
        return given, changed | {Kind.DRAFT}

    def take_up(self, given: GivenUp) -> frozenset[Kind]:
        """Puts back a check-in that was given up by mistake, as it was."""
        draft = given.walk.draft
        self._journal.save(given.walk)
        for scan, sides in given.pictures.items():
            self._journal.keep_pictures(draft.id, scan, sides)
        visit_id = draft.visit_id
        changed = self._visits.begin(visit_id) if visit_id else frozenset()
        return changed | {Kind.DRAFT}

    def open_person(self, person_id: str) -> OpenCheckIn:
        """The check-in of a person found by search: today's open visit, or a walk-in.

        A walk-in's visit is opened when its first page is kept, so that looking somebody up makes
        none. Raises Refused ``not_found`` for a person who is not on this desk.
        """
        store = self._store.read()
        for visit in store.find("visit", person_id=person_id, service_date=self._today()):
            if visit["state"] not in _OVER:
                return self.open_visit(person_id, visit["id"])
        self._charts.opened(person_id)
        for head in self._journal.in_progress(mine=True):
            if head.person_id == person_id and head.visit_id is None:
                walk = self._journal.resume(head.id)
                return OpenCheckIn(walk, self.situation(walk.draft))
        known = on_file(store, person_id, None)
        if known is None:
            raise Refused(
                "not_found",
                "This patient is not on this workstation.",
                "Search for the patient again.",
            )
        draft = begin_from(known, new_id(), self._session.user_id, iso(self._clock()))
        return OpenCheckIn(begin(draft, known=known), self.situation(draft))

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
            self._desk.facility.day(self._clock()),
            zone=self._desk.facility.zone,
            facility_name=self._desk.facility.name,
            new_person=draft.started_empty,
            prices=self._prices,
        )

    def record(
        self, page: PageId, draft: Draft, situation: Situation, decision: str | None = None
    ) -> tuple[Draft, Situation, frozenset[Kind]]:
        """Records an accepted page. A walk-in's visit is opened with their first."""
        opened: frozenset[Kind] = frozenset()
        if draft.person_id and not draft.visit_id:
            draft, opened = self._with_visit(draft)
        after, changed = self._interview.record(page, draft, situation, decision=decision)
        if not after.visit_id:
            after, opened = self._with_visit(after)
        return after, self.situation(after), changed | opened

    def _with_visit(self, draft: Draft) -> tuple[Draft, frozenset[Kind]]:
        """The draft with its visit: one that an earlier try opened, or a new walk-in."""
        today = self._today()
        for visit in self._store.read().find(
            "visit", person_id=draft.person_id, service_date=today, owner=self._session.user_id
        ):
            if visit["state"] not in _OVER:
                return replace(draft, visit_id=visit["id"]), frozenset()
        reason = draft.reason
        new = self._walk_in(draft.person_id, PatientClass(reason.patient_class), reason.reason)
        opened = self._visits.open(new)
        self._visits.begin(opened.visit_id)
        said = replace(
            reason,
            admit_type=reason.admit_type or new.admit_type or "",
            point_of_origin=reason.point_of_origin or new.point_of_origin or "",
        )
        return replace(draft, visit_id=opened.visit_id, reason=said), frozenset({Kind.VISIT})

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
        return self._desk.facility.day(self._clock()).isoformat()
