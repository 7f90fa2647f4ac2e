"""Fetches what lies in a chart and draws it, off the UI thread; each opening is audited."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage

import ui.papers.commands  # noqa: F401 - declares Ctrl+D
from ui.controls.paper import page_image
from ui.jobs import expected
from ui.papers.filed_overlay import FiledOverlay
from ui.shell.window import MainWindow
from ui.words import say
from workstation.at_the_desk import OpenDesk
from workstation.kernel.errors import PorticoError
from workstation.papers.filed import Filed, FiledPapers

_BROAD = 2 * 640
"""Pixels across: sharp at twice the size."""


class FiledDesk(QObject):
    """One for the window: ``show(papers, person_id, name, facts)``."""

    def __init__(self, window: MainWindow, desk: OpenDesk) -> None:
        super().__init__(window)
        self._window, self._jobs, self._desk = window, window.jobs, desk
        self._papers: FiledPapers | None = None
        self._pdf: tuple[str, bytes] = ("", b"")
        self.overlay = FiledOverlay(window)
        window.adopt(self.overlay)
        self.overlay.openWanted.connect(self._open)
        self.overlay.printWanted.connect(self._print)
        self.overlay.closed.connect(self._put_away)

    def show(self, papers: FiledPapers, person_id: str, name: str, facts: str) -> None:
        """Opens the list of a chart; ``facts`` are the patient's birth date and MRN."""
        self._papers = papers
        self.overlay.begin(name, facts)
        self._jobs.read(
            papers.of_person,
            person_id,
            owner=self,
            done=self.overlay.show_filed,
            failed=self._failed,
            replaces="filed-list",
        )

    @Slot(object)
    def _open(self, filed: Filed) -> None:
        if self._papers is not None:
            self._jobs.call(
                _drawn,
                self._papers,
                filed,
                owner=self,
                done=self._show,
                failed=self._failed,
                replaces="filed-open",
            )

    @Slot(object)
    def _show(self, drawn: tuple[Filed, bytes, QImage]) -> None:
        filed, content, image = drawn
        if self._papers is not None:
            self._pdf = (filed.id, content)
            self.overlay.show_image(filed, image)

    @Slot(object)
    def _print(self, filed: Filed) -> None:
        known, pdf = self._pdf
        if known == filed.id:
            self._jobs.call(
                self._desk.printing.hand_over,
                pdf,
                say("Copy of a paper"),
                owner=self,
                title=say("Printing a copy"),
                done=self._printed,
                failed=self._failed,
            )

    @Slot(object)
    def _printed(self, _: object) -> None:
        self._window.note(say("The copy went to the printer"))

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        told = expected(error)
        if self._papers is not None:
            self.overlay.refused(told)

    @Slot()
    def _put_away(self) -> None:
        """Nothing of a patient is kept in sight or in memory."""
        self._papers, self._pdf = None, ("", b"")


def _drawn(papers: FiledPapers, filed: Filed) -> tuple[Filed, bytes, QImage]:
    content = papers.open(filed)
    if filed.is_paper:
        return filed, content, page_image(content, _BROAD)
    image = QImage.fromData(content)
    if image.isNull():
        raise PorticoError(
            "picture_unreadable",
            "This picture is there, but cannot be drawn.",
            "Scan the card or licence again; call IT about this one.",
        )
    return filed, content, image
