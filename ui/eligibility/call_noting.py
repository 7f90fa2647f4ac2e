"""From the form *Note a call* to the use case, and what it answers back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from ui.eligibility.contact_overlay import ContactOverlay
from ui.jobs import Jobs, expected
from ui.shell.overlays import overlay_of
from ui.wall_clock import local
from ui.words import say
from workstation.at_the_desk import UseCases
from workstation.eligibility.contacts import Contact
from workstation.payers.model import Coverage

if TYPE_CHECKING:
    from ui.desk.window import DeskWindow


class CallNoting(QObject):
    """One per check-in; the form belongs to the window."""

    def __init__(self, desk: DeskWindow, use: UseCases, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._use, self._jobs = desk, use, jobs
        self._about: tuple[str, str, tuple[str, ...]] | None = None
        self.form = overlay_of(desk.window, ContactOverlay)
        self.form.wanted.connect(self._note)
        self.form.closed.connect(self._closed)

    def ask(self, coverage: Coverage, visit_id: str, types: tuple[str, ...]) -> None:
        """Opens the form about the payer of a coverage."""
        self._about = (coverage.id, visit_id, types)
        payer = coverage.payer_name or coverage.plan_name or say("Coverage")
        self.form.ask(payer, local(self._desk.desk.clock()).date())

    @Slot(object)
    def _note(self, contact: Contact) -> None:
        if self._about is None:
            return  # another check-in's form
        coverage_id, visit_id, types = self._about
        self._jobs.write(
            self._use.contacts.note,
            coverage_id,
            visit_id,
            contact,
            types,
            owner=self,
            done=self._noted,
            failed=self._not_noted,
        )

    @Slot(object)
    def _noted(self, result: Any) -> None:
        self.form.close_()
        self._desk.bus.tell(result[1])

    @Slot(object)
    def _not_noted(self, error: Exception) -> None:
        self.form.refused(expected(error))

    @Slot()
    def _closed(self) -> None:
        self._about = None
