"""Work at one desk: the page of one session, and what its rows lead to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from ui.changes import ChangesBus
from ui.jobs import Jobs, expected
from ui.shell.rail import Place
from ui.shell.window import MainWindow
from ui.words import say
from ui.work.conflict import ConflictOverlay
from ui.work.page import WorkPage
from ui.work.recovery import RecoveryOverlay
from ui.work.settle import SettleOverlay
from workstation.access.model import Permission
from workstation.at_the_desk import UseCases
from workstation.interview.opening import GivenUp, OpenCheckIn
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock
from workstation.kernel.errors import PorticoError
from workstation.sync.use_cases import CHANGED
from workstation.sync.waiting import WaitingKind, WaitingRow

WORK = Place("work", "Work", "inbox", 2)


class WorkDesk(QObject):
    """Binds Work to the window. ``begin(use)`` for each session, ``end()`` when it is over."""

    checkInWanted = Signal(object)
    """(a callable that opens it): a check-in is to be resumed or a visit opened."""

    visitWanted = Signal(str, str)
    """(person id, visit id): the visit that an item is about, its check-in over or not."""

    givingUp = Signal(str)
    """(draft id): this check-in is about to be given up, wherever it lies open."""

    def __init__(self, window: MainWindow, clock: Clock) -> None:
        super().__init__(window)
        self._window, self._clock = window, clock
        self._jobs: Jobs = window.jobs
        self._bus: ChangesBus = window.bus
        self._use: UseCases | None = None
        self.page: WorkPage | None = None
        self.conflict = ConflictOverlay(window)
        self.settling = SettleOverlay(window)
        self.recovery = RecoveryOverlay(window)
        for overlay in (self.conflict, self.settling, self.recovery):
            window.adopt(overlay)
        self.conflict.settled.connect(self._resolve)
        self.settling.settled.connect(self._settle)
        self.recovery.signed.connect(self._sign)
        self.settling.proven.connect(self._prove)
        window.conflictsWanted.connect(self._go)

    def begin(self, use: UseCases) -> None:
        """The page of a session; it takes the place of the page before."""
        self._use = use
        self.page = WorkPage(use.waiting.rows, self._jobs, self._bus, self._clock)
        self.page.opened.connect(self._open)
        self.page.settleWanted.connect(self._settle_wanted)
        self.page.giveUpWanted.connect(self._give_up)
        self.page.counted.connect(self._counted)
        self._window.add_place(WORK, self.page)

    def keep_out(self) -> None:
        """This role opens no charts: there is no such place."""
        self.page = None
        self._window.remove_place(WORK.key)

    def end(self) -> None:
        """The session is over: nothing more may be settled in its name."""
        self._use = None

    @Slot()
    def _go(self) -> None:
        self._window.go(WORK.key)

    @Slot(int)
    def _counted(self, count: int) -> None:
        self._window.rail.badge(WORK.key, count)

    @Slot(object)
    def _open(self, row: WaitingRow) -> None:
        use = self._use
        if use is None:
            return
        if row.kind is WaitingKind.CONFLICT:
            self.conflict.compare(row, may=use.session.may(Permission.RESOLVE_CONFLICT))
        elif row.kind is WaitingKind.DOWNTIME:
            self._jobs.read(
                partial(use.recovery.report, row.id),
                owner=self,
                replaces="recovery",
                done=self.recovery.show_report,
                failed=self._told,
            )
        elif row.kind is WaitingKind.DRAFT:
            self.checkInWanted.emit(_resume(use, row))
        elif row.person_id and row.visit_id:
            self.visitWanted.emit(row.person_id, row.visit_id)
        elif row.person_id:
            self.checkInWanted.emit(lambda: use.check_ins.open_person(row.person_id))

    @Slot(object)
    def _give_up(self, row: WaitingRow) -> None:
        if self._use is not None:
            self.givingUp.emit(row.id)
            self._jobs.write(
                self._use.check_ins.give_up,
                row.id,
                owner=self,
                done=self._given_up,
                failed=self._told,
            )

    @Slot(object)
    def _given_up(self, result: tuple[GivenUp, frozenset[Kind]]) -> None:
        given, changed = result
        use = self._use
        self._bus.tell(changed, self)
        if use is None:
            return

        def take_up() -> None:
            self._jobs.write(
                use.check_ins.take_up, given, owner=self, done=self._taken_up, failed=self._told
            )

        self._window.offer_undo(say("The check-in was given up"), take_up)

    @Slot(object)
    def _taken_up(self, changed: frozenset[Kind]) -> None:
        self._bus.tell(changed, self)

    @Slot(object)
    def _told(self, error: Exception) -> None:
        self._window.tell_failure(expected(error))

    @Slot(object)
    def _settle_wanted(self, row: WaitingRow) -> None:
        if self._use is not None:
            self.settling.ask(row, may=self._use.work_items.may_settle(row.about))

    @Slot(str, str, str)
    def _resolve(self, conflict_id: str, take: str, reason: str) -> None:
        use = self._use
        if use is None:
            return

        def resolve() -> frozenset[Kind]:
            use.conflicts.resolve(conflict_id, take, reason=reason)
            return CHANGED

        def undo() -> None:
            self._jobs.write(
                partial(use.conflicts.reopen, conflict_id),
                owner=self,
                done=self._reopened,
                failed=self._told,
            )

        def resolved(changed: frozenset[Kind]) -> None:
            self._window.offer_undo(say("The conflict is settled"), undo)
            self._bus.tell(changed, self)
            self._next_conflict(conflict_id)

        self._jobs.write(resolve, owner=self, done=resolved, failed=self._not_resolved)

    def _next_conflict(self, settled: str) -> None:
        """The one that waits after the settled one follows by itself; after the last, the list."""
        rows = self.page.rows if self.page is not None else ()
        conflicts = [row for row in rows if row.kind is WaitingKind.CONFLICT]
        at = next((n for n, row in enumerate(conflicts) if row.id == settled), -1)
        following = conflicts[at + 1 :] + conflicts[: max(at, 0)]
        self.conflict.close_()
        if following:
            self._open(following[0])

    @Slot(object)
    def _reopened(self, changed: frozenset[Kind]) -> None:
        self._window.note(say("The conflict is open again; what stood before stands."))
        self._bus.tell(changed, self)

    @Slot(object)
    def _not_resolved(self, error: Exception) -> None:
        self.conflict.refused(expected(error))
        self._bus.tell({Kind.CONFLICT}, self)

    @Slot(str, str)
    def _sign(self, downtime_id: str, note: str) -> None:
        if self._use is not None:
            self._jobs.write(
                self._use.recovery.sign,
                downtime_id,
                note,
                owner=self,
                done=self._signed,
                failed=self._not_signed,
            )

    @Slot(object)
    def _signed(self, changed: frozenset[Kind]) -> None:
        self.recovery.close_()
        self._window.note(say("The report is signed; it stays with the records."))
        self._bus.tell(changed, self)

    @Slot(object)
    def _not_signed(self, error: Exception) -> None:
        self.recovery.refused(expected(error))
        self._bus.tell({Kind.WORK_ITEM}, self)

    @Slot(str, str)
    def _settle(self, item_id: str, note: str) -> None:
        if self._use is not None:
            self._jobs.write(
                self._use.work_items.settle,
                item_id,
                note,
                owner=self,
                done=self._settled,
                failed=self._not_settled,
            )

    @Slot(object, bool, int, str)
    def _prove(self, row: WaitingRow, approved: bool, cents: int, reference: str) -> None:
        """The processor's word ends the payment and the item about it."""
        use = self._use
        if use is None:
            return

        def prove() -> frozenset[Kind]:
            if use.cards is None:
                raise PorticoError(
                    "no_terminal",
                    "No card terminal is set up at this desk.",
                    "Settle it at the desk where the card was taken.",
                )
            use.cards.settle_by_evidence(
                row.about_id, approved=approved, cents=cents, reference=reference
            )
            return use.work_items.settle(row.id, reference) | {Kind.PAYMENT}

        self._jobs.write(prove, owner=self, done=self._settled, failed=self._not_settled)

    @Slot(object)
    def _settled(self, changed: frozenset[Kind]) -> None:
        self.settling.close_()
        self._bus.tell(changed, self)

    @Slot(object)
    def _not_settled(self, error: Exception) -> None:
        self.settling.refused(expected(error))
        self._bus.tell({Kind.WORK_ITEM}, self)


def _resume(use: UseCases, row: WaitingRow) -> Callable[[], Any]:
    """A check-in of a visit is opened as from Arrivals; one without a visit from its journal."""
    if row.person_id and row.visit_id:
        return lambda: use.check_ins.open_visit(row.person_id, row.visit_id)

    def resume() -> OpenCheckIn:
        walk = use.journal.resume(row.id)
        return OpenCheckIn(walk, use.check_ins.situation(walk.draft))

    return resume
