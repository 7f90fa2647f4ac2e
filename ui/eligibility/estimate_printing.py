"""The estimate as a paper: drawn off the UI thread, seen, handed to the printer, audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from ui.controls.paper import page_image
from ui.eligibility.overlays import EstimateOverlay
from ui.jobs import Jobs, expected
from ui.shell.overlays import overlay_of
from ui.words import say
from workstation.at_the_desk import UseCases
from workstation.papers.estimate_papers import EstimatePapers

if TYPE_CHECKING:
    from ui.desk.window import DeskWindow


class EstimatePrinting(QObject):
    """One per check-in; the overlay belongs to the window."""

    failed = Signal(object)
    """There is nothing to print, or it may not be."""

    def __init__(self, desk: DeskWindow, use: UseCases, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._use, self._jobs = desk, use, jobs
        self._visit = ""
        self.paper = overlay_of(desk.window, EstimateOverlay)
        self.paper.printWanted.connect(self._print)
        self.paper.closed.connect(self._closed)

    def show(self, visit_id: str) -> None:
        """Draws the paper of a visit and opens it."""
        self._jobs.read(
            _drawn,
            self._use.estimate_papers,
            visit_id,
            owner=self,
            done=self._show,
            failed=self.failed,
            replaces="estimate-paper",
        )

    @Slot(object)
    def _show(self, drawn: tuple[str, bytes, QImage, str]) -> None:
        self._visit, pdf, image, title = drawn
        self.paper.show_pdf(pdf, image, title)

    @Slot(object, str)
    def _print(self, pdf: bytes, title: str) -> None:
        if self._visit:
            self._jobs.call(
                self._desk.desk.printing.hand_over,
                pdf,
                title,
                owner=self,
                title=say("Printing the estimate"),
                done=self._printed,
                failed=self._not_printed,
            )

    @Slot(object)
    def _printed(self, _: object) -> None:
        visit_id = self._visit
        self.paper.close_()
        self._desk.window.note(say("The estimate went to the printer"))
        if visit_id:
            self._jobs.write(self._use.estimate_papers.was_printed, visit_id, owner=self)

    @Slot(object)
    def _not_printed(self, error: Exception) -> None:
        self.paper.refused(expected(error))

    @Slot()
    def _closed(self) -> None:
        self._visit = ""


def _drawn(papers: EstimatePapers, visit_id: str) -> tuple[str, bytes, QImage, str]:
    pdf, title = papers.pdf(visit_id)
    return visit_id, pdf, page_image(pdf), title
