"""The shift report and the downtime forms. The report's seal anchors this desk's audit trail."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from ui.controls.paper import PaperOverlay
from ui.desk.own_paper import OwnPaper, PaperWords
from ui.shell.overlays import overlay_of
from ui.shell.window import MainWindow
from ui.words import say
from workstation.at_the_desk import OpenDesk, UseCases


class ShiftOverlay(PaperOverlay):
    """The report as it will be printed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, say("Shift report"))


class FormsOverlay(PaperOverlay):
    """The downtime forms as they will be printed."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, say("Downtime forms"))


def shift_report(
    window: MainWindow, desk: OpenDesk, use: Callable[[], UseCases | None]
) -> OwnPaper:
    """What was taken here today until now."""
    words = PaperWords(
        say("Printing the shift report"), say("The shift report went to the printer")
    )
    paper = OwnPaper(
        window, desk, use, overlay_of(window, ShiftOverlay), lambda use: use.shifts.make(), words
    )
    window.shiftWanted.connect(paper.make)
    return paper


def downtime_forms(
    window: MainWindow, desk: OpenDesk, use: Callable[[], UseCases | None]
) -> OwnPaper:
    """Today's list and blank forms, for when not even this desk runs."""
    words = PaperWords(
        say("Printing the downtime forms"), say("The downtime forms went to the printer")
    )
    paper = OwnPaper(
        window,
        desk,
        use,
        overlay_of(window, FormsOverlay),
        lambda use: use.downtime_papers.make(),
        words,
    )
    window.formsWanted.connect(paper.make)
    return paper
