"""The shift report: made, seen, printed. The seal on it anchors this desk's audit trail."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from ui.controls.paper import PaperOverlay, page_image
from ui.jobs import expected
from ui.shell.overlays import overlay_of
from ui.shell.window import MainWindow
from ui.words import say
from workstation.at_the_desk import OpenDesk, UseCases
from workstation.papers.shift_report import ShiftReport


class ShiftOverlay(PaperOverlay):
    """The report as it will be printed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, say("Shift report"))


class ShiftDesk(QObject):
    """One for the window; ``use`` answers the use cases of who sits there."""

    def __init__(
        self, window: MainWindow, desk: OpenDesk, use: Callable[[], UseCases | None]
    ) -> None:
        super().__init__(window)
        self._window, self._jobs, self._desk, self._use = window, window.jobs, desk, use
        self.overlay = overlay_of(window, ShiftOverlay)
        self.overlay.printWanted.connect(self._print)
        window.shiftWanted.connect(self.make)

    @Slot()
    def make(self) -> None:
        """Makes the report of today until now, and shows it."""
        use = self._use()
        if use is None:
            return

        def drawn() -> tuple[ShiftReport, QImage]:
            report = use.shifts.make()
            return report, page_image(report.paper.pdf)

        self._jobs.write(drawn, owner=self, done=self._show, failed=self._told)

    @Slot(object)
    def _show(self, drawn: tuple[ShiftReport, QImage]) -> None:
        report, image = drawn
        if self._use() is not None:
            self.overlay.show_pdf(report.paper.pdf, image, report.title)

    @Slot(object, str)
    def _print(self, pdf: bytes, title: str) -> None:
        self._jobs.call(
            self._desk.printing.hand_over,
            pdf,
            title,
            owner=self,
            title=say("Printing the shift report"),
            done=self._printed,
            failed=self._not_printed,
        )

    @Slot(object)
    def _printed(self, _: object) -> None:
        self.overlay.close_()
        self._window.note(say("The shift report went to the printer"))

    @Slot(object)
    def _not_printed(self, error: Exception) -> None:
        self.overlay.refused(expected(error))

    @Slot(object)
    def _told(self, error: Exception) -> None:
        self._window.tell_failure(expected(error))
