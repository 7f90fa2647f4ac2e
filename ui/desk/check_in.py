"""One check-in in the window: its page, the recording of its pages, its journal, its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from ui import hands
from ui.changes import ChangesBus
from ui.interview.check_in_page import CheckInPage
from ui.interview.step_page import StepFactory
from ui.interview.viewmodel import (
    Answered,
    Changed,
    CheckInState,
    CheckInViewModel,
    NotRecorded,
    Recorded,
)
from ui.jobs import Jobs
from ui.people.duplicate_warning import DuplicateWarning, Likely
from ui.wall_clock import zone
from workstation.at_the_desk import UseCases
from workstation.estimates.prices import PriceList
from workstation.interview.flow import Walk
from workstation.interview.model import Draft, PageId
from workstation.interview.opening import OpenCheckIn
from workstation.interview.payer_questions import ask_where_needed, types_of_visit
from workstation.interview.situation import Situation
from workstation.kernel.changed import Kind
from workstation.kernel.errors import PorticoError, Refused
from workstation.kernel.unit_of_work import StoreGateway
from workstation.people.use_cases import PossibleDuplicate
from workstation.visits.model import PatientClass, ScreeningOutcome

_AROUND = frozenset({Kind.VISIT, Kind.PAPER, Kind.ELIGIBILITY})
"""Changes after which the situation around an open check-in is read anew."""

_TELLS_PAYER = frozenset({PageId.IDENTITY, PageId.REASON, PageId.WHAT_CHANGED, PageId.COVERAGE})
"""Pages whose answers are part of the question to a payer."""

Steps = Callable[["CheckInDesk"], Mapping[PageId, StepFactory]]
"""The steps that other hands made, for one check-in."""


class CheckInDesk(QObject):
    """Drives a :class:`CheckInPage`: writes behind it, and tells when it is over."""

    left = Signal(object)
    """(self): saved, to be taken away."""
    finished = Signal(object)
    """(self): the visit is done at the desk."""
    chartChosen = Signal(object, str)
    """(self, person id): the person has a chart already; go there."""

    def __init__(
        self,
        opened: OpenCheckIn,
        use: UseCases,
        jobs: Jobs,
        bus: ChangesBus,
        warning: DuplicateWarning,
        records: StoreGateway,
        steps: Steps,
        prices: PriceList | None = None,
    ) -> None:
        super().__init__()
        self.use, self.jobs, self._bus, self._warning = use, jobs, bus, warning
        self._records, self._prices = records, prices
        self.model = CheckInViewModel(opened.walk, opened.situation)
        self.model.record_with(self._record)
        self.model.listen(self._followed)
        self.untouched = opened.begun
        """It was opened and nothing was done in it: the visit may wait again as before."""
        self._waits_refused = False
        self._refused: tuple[PageId, Draft, Situation] | None = None
        self.page = CheckInPage(self.model, self._save, self._keep, pages=steps(self))
        self.page.leaveWanted.connect(self._left)
        self.page.finished.connect(self._finish)
        self.page.emergency.examTold.connect(self._exam_told)
        self.page.emergency.costAsked.connect(self._cost_asked)
        self.page.emergency.classCorrected.connect(self._class_corrected)
        warning.chartChosen.connect(self._go_to_chart)
        warning.anotherPerson.connect(self._another_person)
        warning.correctionWanted.connect(self._correct)
        bus.changed.connect(self._changed)
        if not self.draft.started_empty:
            self.ask_payers()  # a returning patient: the answer is there when it is looked at

    @property
    def draft(self) -> Draft:
        """The draft as it stands."""
        return self.model.state.draft

    def _save(self, walk: Walk) -> None:
        self.untouched = False
        saving = self.jobs.write(self.use.journal.save, walk)
        saving.done.connect(self.page.was_saved)
        saving.failed.connect(self.page.not_saved)  # the window says why

    def _keep(self, content: bytes, kind: str, media_type: str) -> None:
        self.untouched = False
        person, visit = self.draft.person_id or None, self.draft.visit_id or None
        self.jobs.write(_keep, self.use, content, kind, media_type, person, visit)

    def _record(
        self, page: PageId, draft: Draft, situation: Situation, decision: str | None = None
    ) -> None:
        self.untouched = False

        def record() -> tuple[PageId, Draft, Draft, Situation, frozenset[Kind]]:
            known = self._with_ids(draft)
            try:
                after, around, changed = self.use.check_ins.record(page, known, situation, decision)
            except PorticoError as error:
                raise _PageRefused(page, draft, situation) from error
            return page, draft, after, around, changed

        self.jobs.write(record, owner=self, done=self._recorded, failed=self._not_recorded)

    def _with_ids(self, draft: Draft) -> Draft:
        """A page left before the one that gave the ids was recorded still gets them."""
        now = self.draft
        return replace(
            draft,
            person_id=draft.person_id or now.person_id,
            visit_id=draft.visit_id or now.visit_id,
        )

    @Slot(object)
    def _recorded(self, result: Any) -> None:
        page, before, after, around, changed = result
        self.model.dispatch(Recorded(page, before, after))
        if around != self.model.state.situation:
            self.model.dispatch(Changed(around))
        self._bus.tell(changed, self)
        if page in _TELLS_PAYER:
            self.ask_payers()

    def ask_payers(self) -> None:
        """Asks every payer whose answer is missing, old, or about other details than now."""
        if not self.model.state.situation.locked and self.draft.visit_id:
            self.jobs.write(self._ask, self.draft.visit_id, owner=self, done=self._asked)

    def _ask(self, visit_id: str) -> frozenset[Kind]:
        reader = self._records.read()
        visit = reader.get("visit", visit_id)
        if visit is None:
            return frozenset()
        types = types_of_visit(reader, visit, self._prices)
        today = self.model.state.situation.today
        return ask_where_needed(self.use.eligibility, reader, visit, types, today, zone())

    @Slot(object)
    def _asked(self, changed: frozenset[Kind]) -> None:
        self._bus.tell(changed, self)

    @Slot(object)
    def _not_recorded(self, error: Exception) -> None:
        if not isinstance(error, _PageRefused):
            raise error
        why = error.__cause__
        if isinstance(why, PossibleDuplicate):
            self._refused = (error.page, error.draft, error.situation)
            self.jobs.read(
                likely_charts, self._records, why.candidates, owner=self, done=self._warn
            )
        elif isinstance(why, PorticoError):
            self.model.dispatch(NotRecorded(error.page, why, go=not hands.busy()))
            self.look_around()  # somebody may have changed it meanwhile: show what stands now

    def _followed(self, state: CheckInState) -> None:
        """A refused page that is gone to later shows what stands by then."""
        waited, self._waits_refused = self._waits_refused, state.refused is not None
        if waited and not self._waits_refused:
            self.look_around()

    @Slot(object)
    def _warn(self, likely: tuple[Likely, ...]) -> None:
        identity = self.draft.identity
        self._warning.ask(f"{identity.first} {identity.last}".strip(), likely)

    @Slot(str)
    def _another_person(self, reason: str) -> None:
        if self._refused is not None:
            page, draft, situation = self._refused
            self._refused = None
            self._record(page, draft, situation, reason)

    @Slot()
    def _correct(self) -> None:
        """Back to the page with what was typed; no chart was made."""
        if self._refused is not None:
            page, self._refused = self._refused[0], None
            self.model.dispatch(NotRecorded(page, _NO_CHART_YET))

    @Slot(str)
    def _go_to_chart(self, person_id: str) -> None:
        if self._refused is not None:
            self._refused = None
            self.chartChosen.emit(self, person_id)

    @Slot(object, object)
    def _changed(self, kinds: frozenset[Kind], initiator: object) -> None:
        if initiator is not self and kinds & _AROUND:
            self.look_around()

    def look_around(self) -> None:
        """Reads the situation anew: a lock opened, a payer answered."""
        self.jobs.read(self.use.check_ins.situation, self.draft, owner=self, done=self._around)

    @Slot(object)
    def _around(self, situation: Situation) -> None:
        if situation != self.model.state.situation:
            self.model.dispatch(Changed(situation))

    @property
    def _exam_of(self) -> str:
        """Id of the visit that keeps money out of this check-in; most often its own."""
        return self.model.state.situation.waits_for_exam(self.draft.visit_id)

    @Slot(str, str, str, str)
    def _exam_told(self, outcome: str, by: str, at: str, source: str) -> None:
        self.untouched = False

        def record() -> frozenset[Kind]:
            return self.use.visits.record_screening_exam(
                self._exam_of, ScreeningOutcome(outcome), by=by, at=at, source=source
            )

        self.jobs.write(record, owner=self, done=self._visit_changed)

    @Slot()
    def _cost_asked(self) -> None:
        self.untouched = False
        visit_id = self._exam_of
        if visit_id:
            self.jobs.write(self.use.visits.asked_about_cost, visit_id)

    @Slot(str, str, str, str)
    def _class_corrected(self, right: str, department: str, by: str, reason: str) -> None:
        self.untouched = False
        if not self.draft.visit_id:
            answers = {"reason.patient_class": right}
            answers |= {"reason.department": department} if department else {}
            self.model.dispatch(Answered(answers))
            return

        def correct() -> frozenset[Kind]:
            return self.use.visits.correct_class(
                self.draft.visit_id,
                PatientClass(right),
                asks_emergency_care=False,
                reason=reason,
                corrected_by=by,
                department_id=department or None,
            )

        self.jobs.write(correct, owner=self, done=self._visit_changed)

    @Slot(object)
    def _visit_changed(self, changed: frozenset[Kind]) -> None:
        self._bus.tell(changed, self)
        self.look_around()

    @Slot()
    def _left(self) -> None:
        self.left.emit(self)

    @Slot()
    def _finish(self) -> None:
        self.jobs.write(self.use.check_ins.finish, self.draft, owner=self, done=self._is_finished)

    @Slot(object)
    def _is_finished(self, changed: frozenset[Kind]) -> None:
        self._bus.tell(changed, self)
        self.finished.emit(self)


_NO_CHART_YET = Refused(
    "possible_duplicate", "No chart was made yet.", "Correct what was typed, then go on."
)


class _PageRefused(Exception):
    """The store did not take a page; its cause says why."""

    def __init__(self, page: PageId, draft: Draft, situation: Situation) -> None:
        super().__init__(page.value)
        self.page, self.draft, self.situation = page, draft, situation


def _keep(
    use: UseCases,
    content: bytes,
    kind: str,
    media_type: str,
    person_id: str | None,
    visit_id: str | None,
) -> None:
    use.documents.keep(content, kind, media_type, person_id=person_id, visit_id=visit_id)


def likely_charts(
    records: StoreGateway, candidates: Sequence[Mapping[str, Any]]
) -> tuple[Likely, ...]:
    """The charts behind the candidates of a duplicate warning, as it shows them."""
    reader = records.read()
    found = []
    for candidate in candidates:
        row = reader.get("person", candidate["id"])
        if row is None:
            continue
        last, first = row["last"] or "", row["first"] or ""
        town = None if row["confidential_address"] else row["city"]
        born = f"{date.fromisoformat(row['dob']):%d %b %Y}" if row["dob"] else None
        mrn = row["mrn"] or row["provisional_mrn"]
        facts = (born, row["sex"], f"MRN {mrn}" if mrn else None, town)
        found.append(
            Likely(
                id=row["id"],
                name=f"{last.upper()}, {first}",
                facts=" · ".join(fact for fact in facts if fact),
                reasons=tuple(candidate["reasons"]),
                same=candidate.get("outcome") == "same",
                initials=f"{first[:1]}{last[:1]}".upper(),
            )
        )
    return tuple(found)
