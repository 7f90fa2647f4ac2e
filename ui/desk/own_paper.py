"""A paper of the desk itself, not of a patient: made, seen, printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QImage

from ui.controls.paper import PaperOverlay, page_image
from ui.jobs import expected
from ui.shell.window import MainWindow
from workstation.at_the_desk import OpenDesk, UseCases
from workstation.papers.sheet import Paper


class Made(Protocol):
    """What a use case answers: the paper, and the neutral title of its print job."""

    @property
    def paper(self) -> Paper:
        """The PDF."""
        ...

    @property
    def title(self) -> str:
        """Never a name."""
        ...


@dataclass(frozen=True, slots=True)
class PaperWords:
    """What is said of a kind of paper while it is printed and afterwards."""

    printing: str
    printed: str


class OwnPaper(QObject):
    """One for the window; ``use`` answers the use cases of who sits there."""

    def __init__(
        self,
        window: MainWindow,
        desk: OpenDesk,
        use: Callable[[], UseCases | None],
        overlay: PaperOverlay,
        draw: Callable[[UseCases], Made],
        words: PaperWords,
    ) -> None:
        super().__init__(window)
        self._window, self._jobs, self._desk, self._use = window, window.jobs, desk, use
        self._draw, self._words = draw, words
        self.overlay = overlay
        self.overlay.printWanted.connect(self._print)

    @Slot()
    def make(self) -> None:
        """Makes the paper as of now, and shows it."""
        use = self._use()
        if use is None:
            return

        def drawn() -> tuple[Made, QImage]:
            made = self._draw(use)
            return made, page_image(made.paper.pdf)

        self._jobs.write(drawn, owner=self, done=self._show, failed=self._told)

    @Slot(object)
    def _show(self, drawn: tuple[Made, QImage]) -> None:
        made, image = drawn
        if self._use() is not None:
            self.overlay.show_pdf(made.paper.pdf, image, made.title)

    @Slot(object, str)
    def _print(self, pdf: bytes, title: str) -> None:
        self._jobs.call(
            self._desk.printing.hand_over,
            pdf,
            title,
            owner=self,
            title=self._words.printing,
            done=self._printed,
            failed=self._not_printed,
        )

    @Slot(object)
    def _printed(self, _: object) -> None:
        self.overlay.close_()
        self._window.note(self._words.printed)

    @Slot(object)
    def _not_printed(self, error: Exception) -> None:
        self.overlay.refused(expected(error))

    @Slot(object)
    def _told(self, error: Exception) -> None:
        self._window.tell_failure(expected(error))
