"""Set-up at one desk: keeps what was chosen, and acts on it at once where that can be."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from ui.arrivals.viewmodel import Department
from ui.settings.devices import look
from ui.settings.page import SettingsPage
from ui.shell.rail import Place
from ui.shell.window import MainWindow
from ui.style import Scheme
from ui.words import speak
from workstation.at_the_desk import OpenDesk
from workstation.facility.settings import changed, save

SETTINGS = Place("settings", "Set-up", "settings", 5)


class SettingsDesk(QObject):
    """Binds Set-up to the window; ``now`` is what holds."""

    departmentsChosen = Signal()
    """Arrivals opens on others from now on."""

    def __init__(self, window: MainWindow, desk: OpenDesk) -> None:
        super().__init__(window)
        self._window, self._desk = window, desk
        self.now = desk.settings
        self.page: SettingsPage | None = None

    def begin(self, departments: Sequence[Department]) -> None:
        """The page of a session; without departments where this person sees no arrivals."""
        looks = partial(look, self.now, self._desk.printing)
        self.page = SettingsPage(self.now, departments, self._window.jobs, looks)
        self.page.chosen.connect(self._chosen)
        self._window.add_place(SETTINGS, self.page)

    @Slot(str, object)
    def _chosen(self, name: str, value: object) -> None:
        self._window.jobs.write(
            save, self.now, {name: value}, owner=self, failed=self._window.tell_failure
        )
        self.now = changed(self.now, name, value)
        if name == "theme":
            self._window.dress(Scheme(self.now.theme))
        elif name == "language":
            speak(self.now.language)
        elif name == "printer":
            self._desk.printing.use(self.now.printer)
        elif name == "departments":
            self.departmentsChosen.emit()
        if self.page is not None:
            self.page.kept(name)
