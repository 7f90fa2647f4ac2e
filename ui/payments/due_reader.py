"""What is due at the visit of one check-in, read again whenever something of it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from ui.interview.viewmodel import CheckInState
from workstation.interview.flow import StepState
from workstation.interview.model import PageId
from workstation.kernel.changed import Kind
from workstation.kernel.money import dollars
from workstation.payments.due import VisitDue, visit_due

if TYPE_CHECKING:
    from ui.desk.check_in import CheckInDesk
    from ui.desk.window import DeskWindow

_AROUND = frozenset(
    {Kind.VISIT, Kind.PAYMENT, Kind.ELIGIBILITY, Kind.COVERAGE, Kind.JOB, Kind.ESTIMATE}
)
_AHEAD = frozenset({StepState.NOT_YET, StepState.NOW})


class DueReader(QObject):
    """Reads off the UI thread. While the visit is locked it knows nothing of money."""

    came = Signal(object)
    """A :class:`VisitDue`, or None where the visit is not there."""

    def __init__(self, desk: DeskWindow) -> None:
        super().__init__()
        self._desk = desk
        self._visit = ""
        self._locked = False
        self._chosen_copays: dict[str, int] = {}
        self.due: VisitDue | None = None
        desk.bus.changed.connect(self._changed)

    def follow(self, visit_id: str, *, locked: bool) -> None:
        """The visit that it is about, and whether the emergency lock holds."""
        if (visit_id, locked) == (self._visit, self._locked):
            return
        if visit_id != self._visit or locked:
            self.due = None
        self._visit, self._locked = visit_id, locked
        self.read()

    def choose_copay(self, service: str, cents: int) -> None:
        """A person said which of several copays holds."""
        self._chosen_copays[service] = cents
        self.read()

    def read(self) -> None:
        """Reads it again."""
        if not self._visit or self._locked:
            return
        desk, visit_id, chosen = self._desk.desk, self._visit, dict(self._chosen_copays)

        def read() -> VisitDue | None:
            reader = desk.records.read()
            visit = reader.get("visit", visit_id)
            return visit_due(reader, visit, desk.prices, chosen_copays=chosen) if visit else None

        self._desk.jobs.read(
            read,
            owner=self,
            done=self._came,
            failed=self._desk.window.tell_failure,
            replaces="due",
        )

    @Slot(object)
    def _came(self, due: VisitDue | None) -> None:
        if not self._locked:
            self.due = due
            self.came.emit(due)

    @Slot(object, object)
    def _changed(self, kinds: frozenset[Kind], by: object) -> None:
        if kinds & _AROUND:
            self.read()


class RailAmount(QObject):
    """Keeps the amount beside *Pay* in the rail of one check-in; nothing while it is locked."""

    def __init__(self, reader: DueReader, check_in: CheckInDesk) -> None:
        super().__init__(check_in)
        self._reader, self._check_in = reader, check_in
        reader.setParent(self)
        reader.came.connect(self._show)
        check_in.model.listen(self._follow)
        self._follow(check_in.model.state)

    def _follow(self, state: CheckInState) -> None:
        self._reader.follow(state.draft.visit_id, locked=state.situation.locked)
        if self._reader.due is not None:
            self._show(self._reader.due)

    @Slot(object)
    def _show(self, due: VisitDue | None) -> None:
        asked = insurance_asked(self._check_in.model.state)
        self._check_in.page.note(PageId.PAY, rail_words(due, insurance_asked=asked))


def insurance_asked(state: CheckInState) -> bool:
    """Whether the walk is past the question of insurance."""
    passed = {line.page for line in state.rail if line.state not in _AHEAD}
    return PageId.COVERAGE in passed


def rail_words(due: VisitDue | None, *, insurance_asked: bool) -> str:
    """What is left of today's part, else what was paid; empty where neither is known.

    Without a coverage on file the price of a self-payer is no word before insurance is asked.
    """
    codes = set() if due is None else {gate.code for gate in due.money.gates}
    if due is None or "emergency" in codes or ("no_coverage" in codes and not insurance_asked):
        return ""
    if due.known and due.suggested:
        return dollars(due.suggested)
    return dollars(due.paid) if due.paid else ""
