"""What can be done with a visit beside its questions; one object for the window's life."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from ui.controls.paper import PaperOverlay, page_image
from ui.jobs import Jobs, expected
from ui.people.find_palette import FindPalette
from ui.shell.window import MainWindow
from ui.visits.left_overlay import LeftOverlay
from ui.visits.move_overlay import MoveOverlay
from ui.words import say
from workstation.at_the_desk import OpenDesk, UseCases
from workstation.interview.moving import Moved, MovePlan
from workstation.kernel.changed import Kind
from workstation.kernel.errors import PorticoError
from workstation.papers.face_sheet import face_sheet_pdf
from workstation.papers.face_sheet_facts import face_sheet_of
from workstation.people.gateways import Hit
from workstation.visits.model import VisitState

_BEGUN = frozenset({VisitState.IN_PROGRESS, VisitState.READY, VisitState.DONE})
"""The right person's chart is gone through at once where the wrong one's was."""


class VisitActs(QObject):
    """Asks, confirms and records; a child of the window, so that commands find it."""

    visitGone = Signal(str)
    """(visit id): left or moved; whoever shows its check-in takes it away."""
    visitWent = Signal(str, str)
    """(person id, visit id): where a moved visit goes on."""

    def __init__(self, window: MainWindow, desk: OpenDesk, picker: FindPalette) -> None:
        import ui.visits.commands  # noqa: F401 - declares the commands

        super().__init__(window)
        self._window, self._desk = window, desk
        self._jobs: Jobs = window.jobs
        self._use: UseCases | None = None
        self._plan: MovePlan | None = None
        self._sheet_of = ""
        self._went: tuple[Moved, str] | None = None
        """The visit just moved, and whom it came from."""
        self.picker = picker
        picker.line.setPlaceholderText(say("Who really came? Name, birth date or MRN"))
        picker.personChosen.connect(self._picked)
        picker.newPatientWanted.connect(self._not_registered)
        self.moving = MoveOverlay(window)
        self.left = LeftOverlay(window)
        self.sheet = PaperOverlay(window, say("Face sheet"))
        for overlay in (picker, self.moving, self.left, self.sheet):
            window.adopt(overlay)
        self.moving.confirmed.connect(self._move)
        self.left.told.connect(self._record_left)
        self.sheet.printWanted.connect(self._print)

    def begin(self, use: UseCases) -> None:
        """Another session acts from now on."""
        self._use = use

    def end(self) -> None:
        """Nobody acts."""
        self._use = self._plan = None

    # Emergency and leaving

    def asks_emergency(self, visit_id: str) -> None:
        """The lock starts at once; a visit that is not recorded yet begins with its class."""
        if self._use is not None and visit_id:
            asks = self._use.visits.asks_for_emergency_care
            self._jobs.write(asks, visit_id, owner=self, done=self._tell, failed=self._told)

    def ask_left(self, visit_id: str, *, locked: bool) -> None:
        """With a reason."""
        if self._use is not None and visit_id:
            self.left.ask(visit_id, locked=locked)

    @Slot(str, str)
    def _record_left(self, visit_id: str, reason: str) -> None:
        use = self._use
        if use is None:
            return

        def leave() -> frozenset[Kind]:
            changed = use.visits.leave(visit_id, reason)
            head = use.journal.for_visit(visit_id)
            if head is not None:
                use.journal.drop(head.id)
            return changed | {Kind.DRAFT}

        self.visitGone.emit(visit_id)
        self._jobs.write(leave, owner=self, done=self._has_left, failed=self._told)

    @Slot(object)
    def _has_left(self, changed: frozenset[Kind]) -> None:
        self._tell(changed)
        self._window.note(say("Recorded that the patient left"))

    # Moving

    def ask_move(self, visit_id: str) -> None:
        """First what would go along, then who really came."""
        if self._use is not None and visit_id:
            plan = self._use.moving.plan
            self._jobs.read(plan, visit_id, owner=self, done=self._planned, failed=self._told)

    @Slot(object)
    def _planned(self, plan: MovePlan) -> None:
        self._plan = plan
        self.picker.open()

    @Slot(object)
    def _picked(self, hit: Hit) -> None:
        if self._plan is not None:
            self.moving.ask(self._plan, hit)

    @Slot(object)
    def _not_registered(self, _: object) -> None:
        self._told(
            PorticoError(
                "register_first",
                "The person who came has no chart yet.",
                "Register them with Ctrl+N, then move this visit.",
            )
        )

    @Slot(str, str, str)
    def _move(self, visit_id: str, person_id: str, reason: str) -> None:
        if self._use is not None:
            # Its journal is written before, so that no late key writes a draft that was dropped.
            self.visitGone.emit(visit_id)
            move = self._use.moving.move
            self._jobs.write(
                move, visit_id, person_id, reason, owner=self, done=self._moved, failed=self._stays
            )

    @Slot(object)
    def _moved(self, moved: Moved) -> None:
        plan, self._plan = self._plan, None
        wrong = str(plan.person["id"]) if plan is not None else ""
        self.moving.close_()
        self._tell(moved.changed)
        self._went = (moved, wrong)
        self._offer_back()
        if plan is not None and plan.visit["state"] in _BEGUN:
            self.visitWent.emit(moved.person_id, moved.visit_id)

    def opened(self, visit_id: str) -> None:
        """A check-in was opened; of the visit that was just moved, the way back is offered."""
        if self._went is not None and self._went[0].visit_id == visit_id:
            self._offer_back()
        self._went = None

    def _offer_back(self) -> None:
        if self._went is not None:
            moved, wrong = self._went
            self._window.offer_undo(
                say("The visit was moved to the right person"), lambda: self._back(moved, wrong)
            )

    def _back(self, moved: Moved, wrong: str) -> None:
        if self._use is not None and wrong:
            self.visitGone.emit(moved.visit_id)
            self._jobs.write(
                self._use.moving.move,
                moved.visit_id,
                wrong,
                "Moved back at once.",
                owner=self,
                done=self._moved_back,
                failed=self._told,
            )

    @Slot(object)
    def _moved_back(self, moved: Moved) -> None:
        self._tell(moved.changed)
        self._window.note(say("The visit was moved back"))

    @Slot(object)
    def _stays(self, error: Exception) -> None:
        self.moving.refused(expected(error))

    # Face sheet

    def show_face_sheet(self, visit_id: str) -> None:
        """On the screen first; Enter prints."""
        if self._use is not None and visit_id:
            self._jobs.read(
                self._sheet, visit_id, owner=self, done=self._show_sheet, failed=self._told
            )

    def _sheet(self, visit_id: str) -> tuple[str, bytes, QImage, str]:
        reader = self._desk.records.read()
        face = face_sheet_of(reader, visit_id, self._desk.desk.facility.name)
        pdf = face_sheet_pdf(face).pdf
        visit = reader.get("visit", visit_id) or {}
        return str(visit.get("person_id", "")), pdf, page_image(pdf), face.visit_number

    @Slot(object)
    def _show_sheet(self, sheet: tuple[str, bytes, QImage, str]) -> None:
        self._sheet_of, pdf, image, title = sheet
        self.sheet.show_pdf(pdf, image, title)

    @Slot(object, str)
    def _print(self, pdf: bytes, title: str) -> None:
        self._jobs.call(
            self._desk.printing.hand_over,
            pdf,
            title,
            owner=self,
            title=say("Printing the face sheet"),
            done=self._printed,
            failed=self._not_printed,
        )

    @Slot(object)
    def _printed(self, _: object) -> None:
        """Whose face sheet left the desk, when and by whom stands in the audit."""
        if self._use is not None:
            self._jobs.write(self._use.charts.printed, self._sheet_of, "face_sheet")
        self.sheet.close_()
        self._window.note(say("The face sheet went to the printer"))

    @Slot(object)
    def _not_printed(self, error: Exception) -> None:
        self.sheet.refused(expected(error))

    @Slot(object)
    def _tell(self, changed: frozenset[Kind]) -> None:
        self._window.bus.tell(changed, self)

    @Slot(object)
    def _told(self, error: Exception) -> None:
        self._window.tell_failure(expected(error))
