"""*Who looked at whom* at one desk: finds the patient, notes disclosures, writes files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QFileDialog

from ui.jobs import expected
from ui.oversight.disclosure import DisclosureOverlay
from ui.oversight.page import OversightPage
from ui.oversight.rows import Listing
from ui.people.find_palette import FindPalette
from ui.shell.rail import Place
from ui.shell.window import MainWindow
from ui.words import say
from workstation.access.model import Permission
from workstation.at_the_desk import UseCases
from workstation.kernel.errors import PorticoError
from workstation.oversight.export import as_csv
from workstation.people.gateways import Finds, Hit

OVERSIGHT = Place("oversight", "Privacy", "shield-check", 4)
Chooser = Callable[[Callable[[Path], None]], None]


class OversightDesk(QObject):
    """One for the window; its page is there for those who may examine."""

    def __init__(self, window: MainWindow, finds: Finds, today: Callable[[], date]) -> None:
        super().__init__(window)
        self._window, self._jobs = window, window.jobs
        self._use: UseCases | None = None
        self.page: OversightPage | None = None
        self.picker = picker = FindPalette(window, self._jobs, finds, today)
        picker.line.setPlaceholderText(say("Whose chart? Name, birth date or MRN"))
        picker.personChosen.connect(self._found)
        self.disclosure = DisclosureOverlay(window)
        for overlay in (picker, self.disclosure):
            window.adopt(overlay)
        self.disclosure.told.connect(self._disclose)
        self.choose_file: Chooser = self._native_chooser

    def begin(self, use: UseCases) -> None:
        """The page of a session, for those who may examine; others have no such place."""
        if not use.session.may(Permission.EXAMINE_ACCESS):
            self._use = self.page = None
            self._window.remove_place(OVERSIGHT.key)
            return
        self._use = use
        self.page = OversightPage(use.oversight, self._jobs)
        self.page.patientWanted.connect(self.picker.open)
        self.page.disclosureWanted.connect(self.disclosure.ask)
        self.page.exportWanted.connect(self._export)
        self._window.add_place(OVERSIGHT, self.page)

    def end(self) -> None:
        """The session is over."""
        self._use = None
        self.disclosure.close_()

    @Slot(object)
    def _found(self, hit: Hit) -> None:
        if self.page is not None:
            name = ", ".join(part for part in (hit.last, hit.first) if part)
            self.page.show_patient(hit.id, " · ".join(part for part in (name, hit.mrn) if part))

    @Slot(str, str, str, str)
    def _disclose(self, person_id: str, to: str, what: str, purpose: str) -> None:
        if self._use is not None:
            self._jobs.write(
                self._use.oversight.disclose,
                person_id,
                to,
                what,
                purpose,
                owner=self,
                done=self._noted,
                failed=self._not_noted,
            )

    @Slot(object)
    def _noted(self, _: object) -> None:
        self.disclosure.close_()
        self._window.note(say("The disclosure is noted"))
        if self.page is not None:
            self.page.refresh()

    @Slot(object)
    def _not_noted(self, error: Exception) -> None:
        self.disclosure.refused(expected(error))

    @Slot(str, object, str)
    def _export(self, view: str, listing: Listing, person_id: str) -> None:
        use = self._use
        if use is None:
            return

        def write(path: Path) -> None:
            self._jobs.write(
                _written,
                use,
                view,
                listing,
                person_id,
                path,
                owner=self,
                done=self._exported,
                failed=self._window.tell_failure,
            )

        self.choose_file(write)

    def _native_chooser(self, told: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self._window, say("Where to keep the list"), "portico-privacy.csv")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setNameFilters([say("For a spreadsheet") + " (*.csv)"])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, True)
        dialog.fileSelected.connect(lambda name: told(Path(name)))
        dialog.open()

    @Slot(object)
    def _exported(self, _: object) -> None:
        self._window.note(say("The list was written; keep the file safe"))


def _written(use: UseCases, view: str, listing: Listing, person_id: str, path: Path) -> None:
    """Audited first; then the file."""
    use.oversight.exported(view, len(listing.rows), person_id or None)
    titles = [say(title) for title in listing.columns.titles]
    try:
        path.write_bytes(as_csv(titles, (row.exported for row in listing.rows)))
    except OSError:
        raise PorticoError(
            "not_written",
            "The file could not be written there.",
            "Choose another folder, or make room, and export again.",
        ) from None
