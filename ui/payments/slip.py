"""The slip about a card payment in doubt: seen, printed, audited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from ui.controls.paper import PaperOverlay, page_image
from ui.jobs import expected
from ui.shell.overlays import overlay_of
from ui.words import say
from workstation.at_the_desk import UseCases
from workstation.papers.verifying_slip import Slip, verifying_slip

if TYPE_CHECKING:
    from ui.desk.window import DeskWindow


class SlipOverlay(PaperOverlay):
    """The slip as it will be printed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, say("Slip for the patient"))


class SlipPrinting(QObject):
    """One for each page that offers it; the overlay belongs to the window."""

    def __init__(self, desk: DeskWindow, use: UseCases, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._use = desk, use
        self._person = ""
        self.overlay = overlay_of(desk.window, SlipOverlay)
        self.overlay.printWanted.connect(self._print)
        self.overlay.closed.connect(self._closed)

    def show(self, attempt_id: str) -> None:
        """Draws the slip of an attempt and opens it."""
        desk = self._desk.desk

        def drawn() -> tuple[Slip, QImage]:
            slip = verifying_slip(desk.records.read(), attempt_id, desk.desk.facility)
            return slip, page_image(slip.paper.pdf)

        self._desk.jobs.read(drawn, owner=self, done=self._show, failed=self._told, replaces="slip")

    @Slot(object)
    def _show(self, drawn: tuple[Slip, QImage]) -> None:
        slip, image = drawn
        self._person = slip.person_id
        self.overlay.show_pdf(slip.paper.pdf, image, slip.title)

    @Slot(object, str)
    def _print(self, pdf: bytes, title: str) -> None:
        if self._person:
            self._desk.jobs.call(
                self._desk.desk.printing.hand_over,
                pdf,
                title,
                owner=self,
                title=say("Printing the slip"),
                done=self._printed,
                failed=self._not_printed,
            )

    @Slot(object)
    def _printed(self, _: object) -> None:
        person = self._person
        self.overlay.close_()
        self._desk.window.note(say("The slip went to the printer"))
        self._desk.jobs.write(self._use.charts.printed, person, "verifying_slip", owner=self)

    @Slot(object)
    def _not_printed(self, error: Exception) -> None:
        self.overlay.refused(expected(error))

    @Slot(object)
    def _told(self, error: Exception) -> None:
        self._desk.window.tell_failure(expected(error))

    @Slot()
    def _closed(self) -> None:
        self._person = ""
