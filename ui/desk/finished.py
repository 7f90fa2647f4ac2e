"""Visits that are over at the desk: opened from Arrivals to reprint a paper or give money back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from ui.eligibility.estimate_printing import EstimatePrinting
from ui.jobs import expected
from ui.payments.finished_overlay import FinishedOverlay
from ui.payments.hand_out import HandOut
from ui.payments.refunding import Refunding
from ui.payments.slip import SlipPrinting
from ui.shell.overlays import overlay_of
from workstation.at_the_desk import UseCases
from workstation.kernel.changed import Kind
from workstation.kernel.unit_of_work import StoreGateway
from workstation.payments.visit_record import VisitRecord, visit_record

if TYPE_CHECKING:
    from ui.desk.window import DeskWindow

_SHOWN = frozenset({Kind.PAYMENT, Kind.VISIT, Kind.JOB})


class FinishedVisits(QObject):
    """One for each session; an opening is audited before anything of it is shown."""

    def __init__(self, desk: DeskWindow, use: UseCases) -> None:
        super().__init__(desk)
        self._desk, self._use = desk, use
        self._jobs = desk.jobs
        self.overlay = overlay_of(desk.window, FinishedOverlay)
        self.hand_out = HandOut(desk, use, self)
        self.refunding = Refunding(desk, use, self.hand_out, self)
        self.estimates = EstimatePrinting(desk, use, desk.jobs, self)
        self.estimates.failed.connect(self._told)
        self.slips = SlipPrinting(desk, use, self)
        self.overlay.paid.slipWanted.connect(self.slips.show)
        self.overlay.receiptWanted.connect(self._receipt)
        self.overlay.refundWanted.connect(self.refunding.begin)
        self.overlay.faceSheetWanted.connect(desk.acts.show_face_sheet)
        self.overlay.estimateWanted.connect(self.estimates.show)
        self.overlay.filedWanted.connect(desk.filed_of)
        desk.bus.changed.connect(self._changed)

    def show(self, visit_id: str) -> None:
        """Opens the record of a visit."""
        self._jobs.write(
            _opened,
            self._use,
            self._desk.desk.records,
            visit_id,
            owner=self,
            done=self.overlay.show_record,
            failed=self._told,
        )

    def end(self) -> None:
        """The session is over: the next person finds nothing of it."""
        for overlay in (self.refunding.overlay, self.hand_out.overlay, self.overlay):
            overlay.close_()
        self.deleteLater()

    @Slot(str)
    def _receipt(self, payment_id: str) -> None:
        self.hand_out.begin((payment_id,))

    @Slot(object, object)
    def _changed(self, kinds: frozenset[Kind], by: object) -> None:
        record = self.overlay.record
        if kinds & _SHOWN and record is not None and self.overlay.isVisible():
            self._jobs.read(
                _read,
                self._desk.desk.records,
                record.visit_id,
                owner=self,
                done=self._refreshed,
                failed=self._told,
                replaces="finished-visit",
            )

    @Slot(object)
    def _refreshed(self, record: VisitRecord) -> None:
        if self.overlay.isVisible():
            self.overlay.show_record(record)
            if record.locked:
                self._desk.withdraw_money()

    @Slot(object)
    def _told(self, error: Exception) -> None:
        self._desk.window.tell_failure(expected(error))


def _opened(use: UseCases, records: StoreGateway, visit_id: str) -> VisitRecord:
    record = _read(records, visit_id)
    use.charts.opened(record.person_id, "finished_visit")
    return record


def _read(records: StoreGateway, visit_id: str) -> VisitRecord:
    return visit_record(records.read(), visit_id)
