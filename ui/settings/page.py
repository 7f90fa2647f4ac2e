"""The page: a choice holds as soon as it is made, and says so where it waits for the next start."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.arrivals.viewmodel import Department
from ui.controls import (
    Button,
    Card,
    Check,
    Choice,
    Field,
    IconText,
    Segments,
    Text,
    column,
    grid,
    row,
    scrolling,
)
from ui.hands import give
from ui.jobs import Jobs
from ui.settings import commands as _declared  # noqa: F401 - declares this page's command
from ui.settings.devices import Seen
from ui.style import SPACE
from ui.words import say
from workstation.facility.settings import TEXT_PERCENTS, Settings

CONTEXT = "settings"
_WIDE = 1200
"""Pixels from which a wider screen leaves room at the right."""


class SettingsPage(QWidget):
    """Emits what was chosen; the desk keeps it and acts on it."""

    chosen = Signal(str, object)
    """(name of the setting, value)"""

    context = CONTEXT

    def __init__(
        self,
        settings: Settings,
        departments: Sequence[Department],
        jobs: Jobs,
        look: Callable[[], Seen],
    ) -> None:
        super().__init__()
        self._jobs, self._look = jobs, look
        self._printer_now = settings.printer or ""
        self._lines: list[QWidget] = []
        left = [self._appearance(settings)]
        if departments:
            left.append(self._departments(departments))
        halves = QHBoxLayout()
        halves.setSpacing(SPACE.l)
        halves.addWidget(column(*left, None), 1)
        halves.addWidget(column(self._devices(), None), 1)
        title = Text(say("Set-up"), role="page", weight="bold")
        page = column(title, halves, None, margins=(12, 14, 12, 12))
        page.setMaximumWidth(_WIDE)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(page))

    def _appearance(self, settings: Settings) -> Card:
        themes = (
            ("system", say("As the system"), "monitor"),
            ("light", say("Light"), "sun"),
            ("dark", say("Dark"), "moon"),
            ("high_contrast", say("High contrast"), "eye"),
        )
        sizes = tuple((str(n), f"{n} %", "") for n in TEXT_PERCENTS)
        tongues = (("en", "English", ""), ("es", "Español", ""))
        self.theme = self._choice("theme", themes, settings.theme)
        self.size_of_text = self._choice("text_percent", sizes, str(settings.text_percent))
        self.language = self._choice("language", tongues, settings.language)
        self._size = Field(say("Size of everything"), self.size_of_text)
        self._tongue = Field(say("Language"), self.language)
        card = Card(say("How this desk looks"))
        card.add(Field(say("Colours"), self.theme))
        card.add(row(self._size, self._tongue))
        return card

    def _choice(self, name: str, choices: Sequence[tuple[str, str, str]], now: str) -> Segments:
        segments = Segments(choices)
        segments.choose(now)
        segments.setProperty("setting", name)
        segments.chosen.connect(self._picked)
        return segments

    def _departments(self, departments: Sequence[Department]) -> Card:
        card = Card(say("Arrivals opens on"))
        self.boxes = {one.id: Check(one.name) for one in departments}
        for one in departments:
            self.boxes[one.id].setChecked(one.own)
            self.boxes[one.id].clicked.connect(self._ticked)
        card.add(grid(2, *self.boxes.values(), down=0))
        note = say("None ticked means all. A visit that nobody has placed yet is always shown.")
        card.add(Text(note, role="small", tone="muted", wrap=True))
        return card

    def _devices(self) -> Card:
        card = Card(say("Devices of this desk"))
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        again = Button(say("Look again"), icon="refresh-cw", key="F5")
        again.clicked.connect(self.look)
        self.printer = Choice()
        self.printer.picked.connect(self._printer_picked)
        self._offer_printers(())
        card.add(self._list)
        card.add(Field(say("Papers of this desk go to"), self.printer))
        card.add(row(again, None))
        return card

    def entered(self) -> None:
        """Looks at the devices, and takes the focus to the first choice."""
        self.look()
        give(self.theme)

    @Slot()
    def look(self) -> None:
        """Asks what is connected; what was seen stays until the answer comes."""
        self._jobs.read(
            self._look, owner=self, replaces="devices", done=self._seen, failed=self._unseen
        )

    def _offer_printers(self, names: Sequence[str]) -> None:
        """Those that were found, and the one that was chosen wherever it is now."""
        now = self._printer_now
        known = (*names, *((now,) if now and now not in names else ()))
        default = ("", say("The system's own printer"))
        self.printer.offer([default, *((name, name) for name in known)])
        self.printer.choose(now)

    @Slot(str)
    def _printer_picked(self, name: str) -> None:
        self._printer_now = name
        self.chosen.emit("printer", name or None)
        self.look()

    @Slot(object)
    def _seen(self, seen: Seen) -> None:
        self._offer_printers(seen.printers)
        lines = []
        for one in seen.devices:
            name = IconText(one.icon, one.name)
            name.setFixedWidth(150)
            lines.append(row(name, Text(one.words, tone=one.tone), None))
        self._show(lines)

    @Slot(object)
    def _unseen(self, error: Exception) -> None:
        self._show([Text(say("The devices could not be looked at. Press F5 to try again."))])

    def _show(self, lines: list[QWidget]) -> None:
        for old in self._lines:
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = lines
        for line in lines:
            self._list.addWidget(line)

    @Slot(str)
    def _picked(self, value: str) -> None:
        segments = self.sender()
        assert isinstance(segments, Segments)  # noqa: S101
        name = str(segments.property("setting"))
        self.chosen.emit(name, int(value) if name == "text_percent" else value)

    @Slot()
    def _ticked(self) -> None:
        ticked = [id for id, box in self.boxes.items() if box.isChecked()]
        self.chosen.emit("departments", [] if len(ticked) == len(self.boxes) else ticked)

    def kept(self, name: str) -> None:
        """What waits for the next start says so where it was chosen."""
        field = {"text_percent": self._size, "language": self._tongue}.get(name)
        if field is not None:
            field.tell("info", say("Holds everywhere from the next start on."))
