"""The desk: one window, the person who sits at it, and every page that they open."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from ui import hands, turns
from ui.access.guard import DeskGuard
from ui.arrivals.page import ArrivalsPage
from ui.arrivals.viewmodel import ArrivalsViewModel, Department
from ui.capture.desk import CaptureDesk
from ui.controls.overlay import Overlay
from ui.desk.beside import Beside, read_beside
from ui.desk.check_in import CheckInDesk, Steps
from ui.desk.connection import connection_of
from ui.desk.desk_papers import downtime_forms, shift_report
from ui.desk.finished import FinishedVisits
from ui.desk.oversight import OVERSIGHT, OversightDesk
from ui.desk.settings import SETTINGS, SettingsDesk
from ui.desk.work import WorkDesk
from ui.eligibility.pending import PendingAnswers
from ui.interview.person_words import person_name
from ui.interview.viewmodel import CheckInState
from ui.jobs import Failed, expected
from ui.papers.filed_desk import FiledDesk
from ui.people.beside import BesideChart
from ui.people.duplicate_warning import DuplicateWarning
from ui.people.find_palette import FindPalette
from ui.people.viewmodel import Carried
from ui.shell.rail import Place
from ui.shell.state import Connection, ShellState
from ui.shell.window import MainWindow
from ui.visits.acts import VisitActs
from ui.wall_clock import keep_time_of, local, zone
from ui.words import say
from workstation.access.model import Permission, Session
from workstation.arrivals.model import ArrivalRow
from workstation.at_the_desk import OpenDesk, UseCases
from workstation.background import Background
from workstation.interview.model import Identity
from workstation.interview.opening import OpenCheckIn
from workstation.interview.typed import shown_date
from workstation.kernel.changed import Kind
from workstation.kernel.errors import PorticoError
from workstation.people.gateways import Hit, SearchAnswer
from workstation.sync.status import SyncStatus

ARRIVALS = Place("arrivals", "Arrivals", "users", 1)


class DeskWindow(QObject):
    """Binds an open desk to a :class:`MainWindow`. The window itself is ``self.window``."""

    began = Signal()
    """What runs behind the window does so: from now on somebody may sign in."""
    _kinds = Signal(object)
    _status = Signal(object)
    # What background threads tell crosses to the UI thread by these queued signals.

    def __init__(
        self,
        window: MainWindow,
        desk: OpenDesk,
        steps: Callable[[DeskWindow], Steps],
        guard: DeskGuard | None = None,
    ) -> None:
        super().__init__(window)
        self.window, self.desk = window, desk
        keep_time_of(desk.desk.facility.zone)
        self.jobs, self.bus = window.jobs, window.bus
        self.use: UseCases | None = None
        self.check_in: CheckInDesk | None = None
        self.finished: FinishedVisits | None = None
        self._locked = False
        self._steps = steps(self)
        self.find = FindPalette(window, self.jobs, self, self._today)
        self.warning = DuplicateWarning(window)
        self.capture = CaptureDesk(window, desk.records)
        self.filed = FiledDesk(window, desk)
        self.beside = BesideChart(window)
        for overlay in (self.find, self.warning):
            window.adopt(overlay)
        self.acts = VisitActs(window, desk, FindPalette(window, self.jobs, self, self._today))
        self.work = WorkDesk(window, desk.clock)
        self.oversight = OversightDesk(window, self, self._today)
        self.shift = shift_report(window, desk, lambda: self.use)
        self.forms = downtime_forms(window, desk, lambda: self.use)
        self.pending = PendingAnswers(window)
        self.settings = SettingsDesk(window, desk)
        self.guard = guard or DeskGuard(window, self.jobs, desk.sign_in)
        self.guard.know_desk(desk.desk.facility.name, desk.settings.idle_lock_seconds)
        self.background: Background | None = None
        self._wire()

    def _wire(self) -> None:
        queued = Qt.ConnectionType.QueuedConnection
        self._kinds.connect(self._changed_behind, queued)
        self._status.connect(self._show_status, queued)
        self.bus.changed.connect(self._committed)
        self.guard.sessionBegan.connect(self._session_began)
        self.guard.sessionEnding.connect(self._session_ending)
        self.window.findWanted.connect(self.find.open)
        self.window.newPatientWanted.connect(self.find.open)
        self.find.personChosen.connect(self._person_found)
        self.find.newPatientWanted.connect(self._new_patient)
        self.find.settled.connect(self._search_settled)
        self.capture.findWanted.connect(self.find.open_with)
        self.find.besideWanted.connect(self._beside_wanted)
        self.beside.filedWanted.connect(self.filed_of)
        self.window.filedWanted.connect(self._filed_wanted)
        self.acts.picker.settled.connect(self._search_settled)
        self.oversight.picker.settled.connect(self._search_settled)
        self.acts.visitGone.connect(self._visit_gone)
        self.acts.visitWent.connect(self._visit_went)
        self.work.checkInWanted.connect(self._open)
        self.work.visitWanted.connect(self._visit_wanted)
        self.settings.departmentsChosen.connect(self._list_others)
        self.work.givingUp.connect(self._given_up)

    def begin(self, failed: Failed | None = None) -> None:
        """Shows who may sit here, and begins what runs behind the window, off the UI thread.

        That looks for the shared database in the keyring, which may take long to answer.
        """
        self._show_state("")
        if not self.window.covered:  # else somebody may be typing a name already
            self.guard.begin()
        self.jobs.read(
            self.desk.start_background,
            self._kinds.emit,
            self._status.emit,
            owner=self,
            done=self._background_began,
            failed=failed,
        )

    @Slot(object)
    def _background_began(self, background: Background) -> None:
        self.background = background
        if not background.shared:
            self.window.show_connection(Connection(state="alone"))
        self.began.emit()

    def end(self) -> None:
        """Before the window goes: what is typed is saved."""
        if self.check_in is not None:
            self.check_in.page.save_now()
        self.jobs.drain()
        self.capture.close()

    # What happens behind the window

    @Slot(object)
    def _changed_behind(self, kinds: frozenset[Kind]) -> None:
        self.bus.tell(kinds, self.background)

    @Slot(object, object)
    def _committed(self, kinds: frozenset[Kind], by: object) -> None:
        if self.background is not None and by is not self.background:
            self.background.nudge()

    @Slot(object)
    def _show_status(self, status: SyncStatus) -> None:
        with hands.behind():
            self.window.show_connection(connection_of(status))

    # Sessions

    @Slot(object)
    def _session_began(self, session: Session) -> None:
        self.use = use = self.desk.use_cases(session)
        self._show_state(session.name)
        self.window.permit(lambda name: session.may(Permission(name)))
        self.acts.begin(use)
        if session.may(Permission.SEE_ARRIVALS):
            self.jobs.read(
                self._departments, owner=self, done=self._furnish, failed=self._not_furnished
            )
        else:
            self._furnish(())

    @Slot(object)
    def _furnish(self, departments: Sequence[Department]) -> None:
        if self.use is not None:
            turns.take(self, self._furnishing(self.use, departments))

    def _furnishing(self, use: UseCases, departments: Sequence[Department]) -> Iterator[None]:
        """The places of this person's role; who sees no patients finds none of them here.

        In pieces; the window stays covered until the last one is done.
        """
        may, without = use.session.may, self.window.remove_place
        sees, opens = may(Permission.SEE_ARRIVALS), may(Permission.OPEN_CHART)
        home = ARRIVALS if sees else OVERSIGHT if may(Permission.EXAMINE_ACCESS) else SETTINGS
        pieces: tuple[Callable[[], object], ...] = (
            lambda: self.settings.begin(departments),
            lambda: self._show_arrivals(use, departments) if sees else without(ARRIVALS.key),
            lambda: self.work.begin(use) if opens else self.work.keep_out(),
            lambda: self.oversight.begin(use),
            lambda: self.window.go(home.key),
            self.guard.welcome,
            lambda: self.capture.reader.warm_up() if may(Permission.CAPTURE) else None,
        )
        for piece in pieces:
            if self.use is not use:  # somebody else sits here by now
                return
            piece()
            yield

    @Slot(object)
    def _not_furnished(self, error: Exception) -> None:
        self.guard.welcome()
        self._told(error)

    def _departments(self) -> tuple[Department, ...]:
        """On a reader thread."""
        chosen = self.settings.now.departments
        return tuple(
            Department(row["id"], row["name"], own=not chosen or row["id"] in chosen)
            for row in sorted(
                self.desk.records.read().find("department"), key=lambda row: str(row["name"])
            )
        )

    @Slot()
    def _list_others(self) -> None:
        """Arrivals opens on the departments that were chosen in Set-up."""
        chosen, model = self.settings.now.departments, self.arrivals.viewmodel
        model.choose_departments(
            [one.id for one in model.departments if not chosen or one.id in chosen]
        )

    def _show_arrivals(self, use: UseCases, departments: Sequence[Department]) -> None:
        user = use.session.user_id
        model = ArrivalsViewModel(self.desk.clock, zone(), user_id=user, departments=departments)
        self.arrivals = ArrivalsPage(model, self.jobs, self.bus, use.arrivals)
        self.arrivals.checkInWanted.connect(self._check_in_row)
        self.arrivals.finishedWanted.connect(self._look_at)
        self.arrivals.arrivedWanted.connect(self._arrived)
        self.arrivals.emergencyWanted.connect(self._emergency)
        self.window.add_place(ARRIVALS, self.arrivals)

    @Slot(object, object)
    def _session_ending(self, session: Session, pages: tuple[QWidget, ...]) -> None:
        """Open work is journalled under its owner; the next person finds nothing of it."""
        if self.check_in is not None:
            self.check_in.page.save_now()
            self.capture.release(self.check_in)
            self.check_in = None
        for page in pages:
            page.deleteLater()
        for part in (self.work, self.oversight, self.acts, self.pending):
            part.end()
        for shown in (self.filed, self.shift, self.forms):
            shown.overlay.close_()
        self.beside.close()
        if self.finished is not None:
            self.finished.end()
        self.finished = self.use = None

    def _show_state(self, user: str) -> None:
        desk = self.desk.desk
        self.window.show_state(
            ShellState(desk.facility.name, desk.name, user, self.window.connection)
        )

    # Finding

    def search(self, query: str, limit: int = 20) -> SearchAnswer:
        """Finds in the name of who sits here; called on a reader thread."""
        use = self.use
        return SearchAnswer((), 0, 0.0) if use is None else use.find.search(query, limit)

    def _today(self) -> date:
        return local(self.desk.clock()).date()

    @Slot(object)
    def _person_found(self, hit: Hit) -> None:
        if self.use is not None:
            self._turn_to(self.use.check_ins.open_person, hit.id)

    @Slot(object)
    def _new_patient(self, carried: Carried) -> None:
        if self.use is not None:
            identity = Identity(carried.last, carried.first, dob=carried.born or "")
            self._turn_to(self.use.check_ins.open_new, identity)

    @Slot(object)
    def _beside_wanted(self, hit: Hit) -> None:
        """Opened to read only; audited before it is shown."""
        if self.use is not None:
            self.jobs.write(
                read_beside,
                self.use,
                self.desk.records,
                hit.id,
                owner=self,
                done=self._show_beside,
                failed=self._told,
            )

    @Slot(object)
    def _show_beside(self, beside: Beside) -> None:
        self.beside.show_person(*beside)

    @Slot()
    def _filed_wanted(self) -> None:
        """Of the chart in hand."""
        if self.check_in is not None:
            draft = self.check_in.draft
            facts = (shown_date(draft.identity.dob), f"MRN {draft.identity.mrn}")
            self.filed_of(draft.person_id, person_name(draft)[0], " · ".join(filter(None, facts)))

    @Slot(str, str, str)
    def filed_of(self, person_id: str, name: str, facts: str) -> None:
        """Papers and pictures of a chart; ``facts`` are birth date and MRN."""
        if self.use is not None:
            self.filed.show(self.use.filed_papers, person_id, name, facts)

    @Slot(str, int)
    def _search_settled(self, typed: str, hits: int) -> None:
        if self.use is not None:
            digest = hashlib.sha256(" ".join(typed.casefold().split()).encode()).hexdigest()
            self.jobs.write(self.use.charts.searched, digest, hits)

    # Check-ins

    @Slot(object)
    def _check_in_row(self, row: ArrivalRow) -> None:
        if self.use is not None:
            self._turn_to(self.use.check_ins.open_visit, row.person_id, row.visit_id)

    @Slot(object)
    def _look_at(self, row: ArrivalRow) -> None:
        if self.use is not None:
            self.window.forget_last()
            self._show_finished(self.use, row.visit_id)

    def _show_finished(self, use: UseCases, visit_id: str) -> None:
        self.finished = self.finished or FinishedVisits(self, use)
        self.finished.show(visit_id)

    @Slot(str, str)
    def _visit_wanted(self, person_id: str, visit_id: str) -> None:
        """Its check-in; where that is over, what it left."""
        use = self.use
        if use is None:
            return

        def instead(error: Exception) -> None:
            if isinstance(error, PorticoError) and error.code == "visit_over":
                self._show_finished(use, visit_id)
            else:
                self._told(error)

        self.jobs.write(
            use.check_ins.open_visit,
            person_id,
            visit_id,
            owner=self,
            done=self._opened,
            failed=instead,
        )

    def _turn_to(self, use_case: Callable[..., OpenCheckIn], *args: Any) -> None:
        self.window.forget_last()
        self._open(use_case, *args)

    def _open(self, use_case: Callable[..., OpenCheckIn], *args: Any) -> None:
        self.jobs.write(use_case, *args, owner=self, done=self._opened, failed=self._told)

    @Slot(object)
    def _opened(self, opened: OpenCheckIn) -> None:
        if self.use is not None:
            turns.take(self, self._opening(opened, self.use))

    def _opening(self, opened: OpenCheckIn, use: UseCases) -> Iterator[None]:
        """In pieces; until it is whole, what is on the window stays there and takes the keys."""
        check_in = CheckInDesk(
            opened,
            use,
            self.jobs,
            self.bus,
            self.warning,
            self.desk.records,
            self._steps,
            self.desk.prices,
        )
        yield
        yield from check_in.page.opening()
        yield
        if self.use is not use:  # somebody else sits here by now
            self.capture.release(check_in)
            check_in.page.deleteLater()
            check_in.deleteLater()
            return
        if self.check_in is not None:
            self._put_away(self.check_in)
        check_in.left.connect(self._put_away)
        check_in.finished.connect(self._finished)
        check_in.chartChosen.connect(self._other_chart)
        self.check_in = check_in
        self._locked = check_in.model.state.situation.locked
        check_in.model.listen(self._lock_followed)
        self.capture.attach(check_in)
        self.window.push(check_in.page)
        yield
        self.acts.opened(check_in.draft.visit_id)
        self.bus.tell({Kind.VISIT}, self)

    def _lock_followed(self, state: CheckInState) -> None:
        """Keys of money sleep and wake with the emergency lock, and what shows money goes."""
        if state.situation.locked != self._locked:
            self._locked = state.situation.locked
            self.window.host.refresh()
            if self._locked:
                self.withdraw_money()

    def withdraw_money(self) -> None:
        """Nothing of money may be shown any more, whatever lies open (42 CFR 489.24(d)(4))."""
        for overlay in self.window.findChildren(Overlay):
            overlay.withdraw()

    @Slot(object)
    def _put_away(self, check_in: CheckInDesk) -> None:
        """One chart at a time takes scans and typing; what was open waits in Arrivals."""
        check_in.page.save_now()
        if check_in.untouched and self.use is not None:
            self._change(self.use.check_ins.left_untouched, check_in.draft.visit_id)
        self.capture.release(check_in)
        self.window.pop()
        turns.then(check_in.page, check_in.page.deleteLater)  # what is below is painted first
        check_in.deleteLater()
        if self.check_in is check_in:
            self.check_in = None
        self.bus.tell({Kind.DRAFT}, self)

    @Slot(str)
    def _given_up(self, draft_id: str) -> None:
        """Its page is put away first: what it saves last must not bring the draft back."""
        if self.check_in is not None and self.check_in.draft.id == draft_id:
            self._put_away(self.check_in)

    @Slot(str)
    def _visit_gone(self, visit_id: str) -> None:
        """Left, or moved to the right person: its check-in is taken away."""
        if self.check_in is not None and self.check_in.draft.visit_id == visit_id:
            self._put_away(self.check_in)

    @Slot(str, str)
    def _visit_went(self, person_id: str, visit_id: str) -> None:
        if self.use is not None:
            self._open(self.use.check_ins.open_visit, person_id, visit_id)

    @Slot(object)
    def _finished(self, check_in: CheckInDesk) -> None:
        identity = check_in.draft.identity
        self._put_away(check_in)
        self.window.note(say("{name} is checked in", name=f"{identity.first} {identity.last}"))

    @Slot(object, str)
    def _other_chart(self, check_in: CheckInDesk, person_id: str) -> None:
        self._put_away(check_in)
        if self.use is not None:
            self._open(self.use.check_ins.open_person, person_id)

    # Rows of the day

    @Slot(object)
    def _arrived(self, row: ArrivalRow) -> None:
        if self.use is not None:
            use = self.use
            self._change(use.visits.arrive, row.visit_id)
            words = say("{name} marked as arrived", name=row.name)
            self.window.offer_undo(
                words, lambda: self._change(use.visits.undo_arrival, row.visit_id)
            )

    @Slot(object)
    def _emergency(self, row: ArrivalRow) -> None:
        if self.use is not None:
            self._change(self.use.visits.asks_for_emergency_care, row.visit_id)

    def _change(self, use_case: Callable[..., frozenset[Kind]], *args: Any) -> None:
        self.jobs.write(use_case, *args, owner=self, done=self._changed, failed=self._told)

    @Slot(object)
    def _changed(self, kinds: frozenset[Kind]) -> None:
        self.bus.tell(kinds, self)

    @Slot(object)
    def _told(self, error: Exception) -> None:
        self.window.tell_failure(expected(error))
