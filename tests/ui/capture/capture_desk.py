"""A window with an open check-in, scans of drawn cards, and what was filed: for these tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QObject

from ui.capture.desk import CaptureDesk
from ui.capture.reader import Reader
from ui.changes import ChangesBus
from ui.interview.check_in_page import CheckInPage
from ui.interview.viewmodel import CheckInViewModel
from ui.jobs import Jobs
from ui.shell.window import MainWindow
from workstation.capture.images import png_bytes
from workstation.capture.photograph import photograph
from workstation.capture.specimens import SpecimenCard, draw_card
from workstation.capture.worker import CaptureWorker
from workstation.interview.flow import Walk
from workstation.interview.model import Draft, PageId
from workstation.interview.situation import Situation


def drawn(layout: str, seed: int, severity: str = "scan") -> tuple[SpecimenCard, bytes, bytes]:
    """A drawn card with both sides as pictures."""
    card = draw_card(layout, seed)
    front = png_bytes(photograph(card.front, severity, seed))
    return card, front, png_bytes(photograph(card.back, severity, seed + 1))


class Kept:
    """Stands in for the encrypted store of documents."""

    def __init__(self) -> None:
        self.all: list[tuple[str, str, Mapping[str, Any]]] = []

    def keep(self, content: bytes, kind: str, media_type: str, **about: Any) -> None:
        assert content.startswith(b"\xff\xd8")
        self.all.append((kind, media_type, about))


class Records:
    """Stands in for the store: only the payers' answers are asked of it."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def read(self) -> Records:
        return self

    def find(self, kind: str, **where: Any) -> list[dict[str, Any]]:
        assert kind == "eligibility_check"
        return self.rows


class OpenCheckIn(QObject):
    """What capture needs of ``ui.desk.check_in.CheckInDesk``."""

    def __init__(self, draft: Draft, situation: Situation, capture: CaptureDesk, page: PageId):
        super().__init__()
        self.model = CheckInViewModel(Walk(draft, page), situation)
        self.documents = Kept()
        self.use = SimpleNamespace(documents=self.documents)
        pages = capture.steps(self)  # type: ignore[arg-type]
        self.page = CheckInPage(self.model, lambda walk: None, lambda *_: None, pages=pages)

    @property
    def draft(self) -> Draft:
        return self.model.state.draft


class Window:
    """The window, its capture, and the check-in that is open."""

    def __init__(self, jobs: Jobs, worker: CaptureWorker) -> None:
        self.jobs = jobs
        self.records = Records()
        self.main = MainWindow(jobs, ChangesBus())
        self.reader = Reader(jobs, lambda: worker)
        self.chosen: list[Path] = []
        self.capture = CaptureDesk(
            self.main,
            self.records,  # type: ignore[arg-type]
            reader=self.reader,
            chooser=lambda told: told(self.chosen[0]),
        )
        self.found: list[str] = []
        self.capture.findWanted.connect(self.found.append)
        self.check_in: OpenCheckIn | None = None

    @property
    def overlay(self) -> Any:
        return self.capture.overlay

    def open(self, draft: Draft, situation: Situation, page: PageId) -> OpenCheckIn:
        opened = OpenCheckIn(draft, situation, self.capture, page)
        self.check_in = opened
        self.capture.attach(opened)  # type: ignore[arg-type]
        self.main.push(opened.page)
        return opened

    def close(self) -> None:
        self.capture.wedge.stop()
        self.overlay.close_()
