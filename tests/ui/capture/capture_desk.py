"""A window with an open check-in, scans of drawn cards, and what was filed: for these tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from ui.capture.desk import CaptureDesk
from ui.capture.reader import Reader
from ui.capture.scan_model import Stage
from ui.capture.steps import ScanCoverageStep
from ui.changes import ChangesBus
from ui.controls import Field
from ui.interview.check_in_page import CheckInPage
from ui.interview.viewmodel import CheckInViewModel
from ui.jobs import Jobs
from ui.shell.window import MainWindow
from workstation.capture.images import png_bytes
from workstation.capture.photograph import photograph
from workstation.capture.specimens import SpecimenCard, draw_card
from workstation.capture.worker import CaptureWorker
from workstation.interview.codec import walk_to_json
from workstation.interview.flow import Walk
from workstation.interview.model import (
    CoverageAnswer,
    Coverages,
    Draft,
    Identity,
    PageId,
    Said,
)
from workstation.interview.situation import Situation

TODAY = date(2026, 11, 23)
READ_MS = 120_000
"""A busy machine is slow, not wrong."""


class DeskLike(Protocol):
    def show(self, widget: QWidget, width: int = ..., height: int = ...) -> QWidget: ...
    def press(self, *keys: str) -> None: ...
    def until(self, true: Callable[[], bool], ms: int = ...) -> None: ...
    def settle(self) -> None: ...
    def shot(self, name: str, widget: QWidget | None = ...) -> object: ...
    def shots(self, name: str, widget: QWidget | None = ...) -> None: ...
    def names(self, root: QWidget | None = ...) -> list[str]: ...


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


class Pictures:
    """Stands in for the pictures beside the drafts; it outlives a window, as the store does."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, int], tuple[bytes, ...]] = {}

    def keep_pictures(self, draft_id: str, scan: int, sides: Sequence[bytes]) -> None:
        assert all(side.startswith(b"\xff\xd8") for side in sides)
        self.rows[draft_id, scan] = tuple(sides)

    def pictures(self, draft_id: str) -> Mapping[int, tuple[bytes, ...]]:
        return {scan: sides for (draft, scan), sides in self.rows.items() if draft == draft_id}


class Records:
    """Stands in for the store: only coverages and the payers' answers are asked of it."""

    def __init__(self) -> None:
        self.rows: dict[str, list[dict[str, Any]]] = {"coverage": [], "eligibility_check": []}

    def read(self) -> Records:
        return self

    def find(self, kind: str, **where: Any) -> list[dict[str, Any]]:
        return self.rows[kind]


class OpenCheckIn(QObject):
    """What capture needs of ``ui.desk.check_in.CheckInDesk``."""

    def __init__(
        self, walk: Walk, situation: Situation, capture: CaptureDesk, journal: Pictures
    ) -> None:
        super().__init__()
        self.model = CheckInViewModel(walk, situation)
        self.documents = Kept()
        self.use = SimpleNamespace(documents=self.documents, journal=journal)
        pages = capture.steps(self)  # type: ignore[arg-type]
        self.written = "{}"
        """The journal as it was saved last."""
        self.page = CheckInPage(self.model, self._save, lambda *_: None, pages=pages)
        list(self.page.opening())

    def _save(self, walk: Walk) -> None:
        self.written = json.dumps(walk_to_json(walk))

    @property
    def draft(self) -> Draft:
        return self.model.state.draft


class Window:
    """The window, its capture, and the check-in that is open."""

    def __init__(self, jobs: Jobs, worker: CaptureWorker) -> None:
        self.jobs = jobs
        self.records = Records()
        self.pictures = Pictures()
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
        return self.resume(Walk(draft, page), situation)

    def resume(self, walk: Walk, situation: Situation) -> OpenCheckIn:
        opened = OpenCheckIn(walk, situation, self.capture, self.pictures)
        self.check_in = opened
        self.capture.attach(opened)  # type: ignore[arg-type]
        self.main.push(opened.page)
        return opened

    def close(self) -> None:
        self.capture.wedge.stop()
        self.overlay.close_()


def linnea(*items: CoverageAnswer) -> Draft:
    return Draft(
        id="d1",
        owner="u1",
        person_id="p1",
        visit_id="v1",
        identity=Identity(last="Fixture", first="Linnea", dob="1985-03-03", sex="F"),
        coverages=Coverages(Said.YES if items else Said.OPEN, items),
    )


def coverage_step(check: OpenCheckIn) -> ScanCoverageStep:
    step = check.page.step(PageId.COVERAGE)
    assert isinstance(step, ScanCoverageStep)
    return step


def box(step: ScanCoverageStep, key: str) -> Field:
    question = step.question_at(key)
    assert question is not None
    return question.box


def read(desk: DeskLike, window: Window) -> None:
    desk.until(lambda: window.overlay.state.stage in (Stage.READ, Stage.FAILED), READ_MS)
