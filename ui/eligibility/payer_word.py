"""The payer's last word under the questions of a coverage, where the registrar corrects them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ui.eligibility.answer_line import AnswerLine
from ui.eligibility.seen import Seen, gather
from ui.interview.coverage_step import CoverageStep
from ui.interview.viewmodel import CheckInState
from workstation.interview.model import PageId
from workstation.kernel.changed import Kind

if TYPE_CHECKING:
    from ui.desk.check_in import CheckInDesk
    from ui.desk.window import DeskWindow

_AROUND = frozenset({Kind.ELIGIBILITY, Kind.VISIT, Kind.COVERAGE})
_AT = "coverages.items."


class PayerWord(QObject):
    """Lives with its step. Says nothing while locked, nor of a coverage that is being changed."""

    def __init__(self, desk: DeskWindow, check_in: CheckInDesk, step: CoverageStep) -> None:
        super().__init__(step)
        self._desk, self._model, self._jobs = desk, check_in.model, check_in.jobs
        self._place = 0
        self._seen: Seen | None = None
        self.line = AnswerLine()
        self.line.benefitsWanted.connect(self._all)
        self._step = step
        step.stand_below(self.line)
        step.entered.connect(self._entered)
        desk.bus.changed.connect(self._changed)
        self._model.listen(self._follow)
        self._read()

    @Slot()
    def _all(self) -> None:
        self._step.goWanted.emit(PageId.BENEFITS.value)

    @Slot(str)
    def _entered(self, key: str) -> None:
        if key.startswith(_AT):
            self._place = int(key.removeprefix(_AT).split(".")[0])
            self._show()

    @Slot(object, object)
    def _changed(self, kinds: frozenset[Kind], _: object) -> None:
        if kinds & _AROUND:
            self._read()

    def _follow(self, state: CheckInState) -> None:
        if state.page is PageId.COVERAGE:
            self._show()

    def _read(self) -> None:
        state = self._model.state
        if state.draft.visit_id and not state.situation.locked:
            desk = self._desk.desk
            self._jobs.read(
                gather,
                desk.records,
                desk.prices,
                state.draft.visit_id,
                desk.clock(),
                owner=self,
                done=self._came,
                replaces="payer-word",
            )

    @Slot(object)
    def _came(self, seen: Seen | None) -> None:
        self._seen = seen
        self._show()

    def _show(self) -> None:
        state, seen = self._model.state, self._seen
        items = state.draft.coverages.items
        told = None if state.situation.locked else seen
        at = len(seen.coverages) if seen is not None else 0
        if seen is not None and self._place < len(items):
            item = items[self._place]
            for place, one in enumerate(seen.coverages):
                if one.coverage.id == item.id and one.coverage.member_id == item.member_id:
                    at = place
        self.line.show_seen(told, at, self._desk.desk.clock())
