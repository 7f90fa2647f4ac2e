"""The page: title, filters with counts, the table, and the side panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPoint, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.arrivals import commands as _declared  # noqa: F401 - declares this page's commands
from ui.arrivals.cells import Cells, cells, time_words
from ui.arrivals.side import ArrivalSide
from ui.arrivals.table import ArrivalsTable
from ui.arrivals.viewmodel import ArrivalsState, ArrivalsViewModel
from ui.changes import ChangesBus
from ui.controls import Button, Menu, Placeholder, Text, Toggle
from ui.controls.buttons import leave_hands
from ui.controls.chips import Chip
from ui.controls.table import Framed
from ui.hands import give
from ui.jobs import Job, Jobs
from ui.shell.side import WithSide
from ui.words import say
from workstation.arrivals.gateways import ArrivalsReader
from workstation.arrivals.model import ArrivalRow
from workstation.kernel.changed import Kind

CONTEXT = "arrivals"
_SHOWN_KINDS = frozenset(Kind) - {Kind.JOB, Kind.DOCUMENT}
_TICK_MS = 30_000
_FILTERS = (
    ("all", "All"),
    ("here", "Here"),
    ("attention", "Needs attention"),
    ("mine", "Mine"),
)


_TYPED = 8
"""Letters of what narrows the list that are shown, the last ones."""


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


class ArrivalsPage(QWidget):
    """Home. Emits what a person wants to do with a row; the composition root answers."""

    checkInWanted = Signal(object)
    """(ArrivalRow): start or resume."""
    arrivedWanted = Signal(object)
    """(ArrivalRow): mark as arrived."""
    finishedWanted = Signal(object)
    """(ArrivalRow): look at a visit that is over at the desk."""
    emergencyWanted = Signal(object)
    """(ArrivalRow): asks for emergency care; the lock starts."""
    chosen = Signal(object)
    """(ArrivalRow or None)"""

    context = CONTEXT

    def __init__(
        self,
        viewmodel: ArrivalsViewModel,
        jobs: Jobs,
        bus: ChangesBus,
        reader: ArrivalsReader | None = None,
    ) -> None:
        super().__init__()
        self.viewmodel, self._jobs, self._reader = viewmodel, jobs, reader
        self.target = self
        self._visible: tuple[ArrivalRow, ...] | None = None
        self._cells: tuple[Cells, ...] = ()
        self._reading: Job | None = None
        self._again = False
        """Something changed while the day was being read."""
        self._build()
        viewmodel.listen(self.render_state)
        bus.changed.connect(self._changed)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self.render_state(viewmodel.state)

    def _build(self) -> None:
        self.table = ArrivalsTable()
        self.side = ArrivalSide()
        self.side.checkInWanted.connect(self.check_in)
        self._empty = Placeholder()
        self._empty.asked.connect(self.refresh)
        # Over the empty table, which keeps the focus: typing and Escape go on working.
        over = QVBoxLayout(self.table.viewport())
        over.setContentsMargins(0, 0, 0, 0)
        over.addWidget(self._empty)
        frame = Framed(self.table)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 14, 12, 12)
        column.setSpacing(12)
        column.addLayout(self._header())
        column.addWidget(frame, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(WithSide(body, self.side))
        self.table.typed.connect(self._typed)
        self.table.rowChosen.connect(self._row_chosen)
        self.table.rowOpened.connect(self._row_opened)

    def _header(self) -> QHBoxLayout:
        self._day = Text("", tone="muted")
        self._day.setContentsMargins(0, 4, 0, 0)
        self._narrowed = Chip("", icon="search", level="accent", pressable=True)
        self._narrowed.clicked.connect(self._clear_typed)
        self._narrowed.hide()
        header = QHBoxLayout()
        header.setSpacing(8)
        header.addWidget(Text(say("Arrivals"), role="page", weight="bold"))
        header.addSpacing(6)
        header.addWidget(self._day)
        header.addWidget(self._narrowed)
        header.addStretch(1)
        self._toggles: dict[str, Toggle] = {}
        for key, words in _FILTERS:
            toggle = Toggle(say(words), 0)
            toggle.setProperty("key", key)
            toggle.clicked.connect(self._filter_clicked)
            self._toggles[key] = toggle
            header.addWidget(toggle)
        self._departments = Button(" ", icon="building-2", icon_after="chevron-down", kind="filter")
        self._departments.clicked.connect(self._offer_departments)
        header.addWidget(self._departments)
        leave_hands(self._narrowed, self._departments, self.side.go, *self._toggles.values())
        return header

    # The page on top

    def entered(self) -> None:
        """Reads afresh and takes the focus to the table."""
        self.refresh()
        self._timer.start()
        give(self.table)

    def left(self) -> None:
        """Nobody looks: no ticking."""
        self._timer.stop()

    def panes(self) -> list[QWidget]:
        """For F6."""
        return [self.table, self.side]

    @Slot()
    def refresh(self) -> None:
        """Reads the day again."""
        if self._reader is None:
            return
        self.viewmodel.loading()
        self._again = False
        state = self.viewmodel.state
        self._reading = self._jobs.read(
            self._reader.of_day,
            state.day,
            state.departments,
            owner=self,
            replaces="arrivals",
            done=self._loaded,
            failed=self._failed,
        )

    @Slot(object)
    def _loaded(self, rows: Sequence[ArrivalRow]) -> None:
        self.viewmodel.loaded(rows)
        self._read_again()

    @Slot(object)
    def _failed(self, error: Exception) -> None:
        self.viewmodel.failed(error)
        self._read_again()

    @Slot(object, object)
    def _changed(self, kinds: frozenset[Kind], by: Any) -> None:
        """Many payers answer at once: what came during a reading leads to one more, not to many."""
        if not (kinds & _SHOWN_KINDS and self.isVisible() and by is not self):
            return
        if self._reading is not None and not self._reading.over:
            self._again = True
        else:
            self.refresh()

    def _read_again(self) -> None:
        if self._again and self.isVisible():
            self.refresh()

    @Slot()
    def _tick(self) -> None:
        if self.viewmodel.day_is_over:
            self.refresh()
        else:
            self.viewmodel.tick()

    # State to widgets

    def render_state(self, state: ArrivalsState) -> None:
        """Everything the page shows, from one state."""
        vm = self.viewmodel
        self._show_day(state)
        counts = state.counts
        for key, toggle in self._toggles.items():
            toggle.setChecked(state.filter == key)
            toggle.show_count(getattr(counts, key))
        self._narrowed.setVisible(bool(state.typed))
        typed = state.typed if len(state.typed) <= _TYPED else f"…{state.typed[-_TYPED:]}"
        self._narrowed.show_state(f"“{typed}”  ×", icon="search", level="accent")
        self._narrowed.setAccessibleName(say("Narrowed to {typed}; clear", typed=state.typed))
        self._departments.set_words(self._department_words(state))
        if state.visible is not self._visible:
            now = vm.now
            self._visible = state.visible
            self._cells = tuple(cells(row, now, vm.zone) for row in state.visible)
        self.table.show_rows(self._cells, state.chosen_id, state.typed)
        at = next((c for c in self._cells if c.row.visit_id == state.chosen_id), None)
        self.side.show_cells(at, of_another=vm.of_another)
        self._show_phase(state)
        self.chosen.emit(state.chosen)

    def _show_day(self, state: ArrivalsState) -> None:
        stale = state.phase == "ready" and state.failure is not None and state.read_at is not None
        if stale and state.read_at is not None:
            when = time_words(state.read_at, self.viewmodel.zone)
            self._day.setText(say("Read at {time}; could not be read again", time=when))
        else:
            self._day.setText(f"{say(_WEEKDAYS[state.day.weekday()])} {state.day:%d %b}")
        self._day.set_tone("warn" if stale else "muted")
        # Room for what narrows the list; a warning stays.
        self._day.setVisible(stale or not state.typed)

    def _show_phase(self, state: ArrivalsState) -> None:
        empty = self._empty
        if state.phase == "failed" and state.failure is not None:
            empty.failed(say(state.failure.say), say(state.failure.do), say("Read again"))
        elif state.phase == "loading":
            empty.loading(say("Reading the day…"))
        elif not state.rows:
            empty.empty(
                say("Nobody is expected in these departments today"),
                say("Find a patient with Ctrl+K, or choose other departments."),
            )
        elif not state.visible:
            empty.empty(say("Nobody matches"), say("Escape shows all again."), icon="search")
        empty.setVisible(state.phase != "ready" or not state.visible)

    def _department_words(self, state: ArrivalsState) -> str:
        known = {d.id: d.name for d in self.viewmodel.departments}
        own = {d.id for d in self.viewmodel.departments if d.own}
        chosen = state.departments
        if not chosen or len(chosen) == len(known):
            return say("All departments")
        if len(chosen) == 1:
            return known.get(chosen[0], say("1 department"))
        if set(chosen) == own:
            return say("My {n} departments", n=len(chosen))
        return say("{n} departments", n=len(chosen))

    # Widgets to intents

    @Slot()
    def _filter_clicked(self) -> None:
        toggle = self.sender()
        if isinstance(toggle, Toggle):
            self.viewmodel.choose_filter(str(toggle.property("key")))

    @Slot(str)
    def _typed(self, text: str) -> None:
        self.viewmodel.type(text)
        give(self.table)

    @Slot()
    def _clear_typed(self) -> None:
        self._typed("")

    @Slot(str)
    def _row_chosen(self, visit_id: str) -> None:
        self.viewmodel.choose(visit_id)

    @Slot(str)
    def _row_opened(self, visit_id: str) -> None:
        self.viewmodel.choose(visit_id)
        self.check_in()

    @Slot()
    def check_in(self) -> None:
        """Starts or resumes the check-in of the row chosen; one that is over is looked at."""
        chosen = self.viewmodel.state.chosen
        if self.viewmodel.is_over:
            self.finishedWanted.emit(chosen)
        elif self.viewmodel.can_check_in:
            self.viewmodel.type("")  # the next name is not typed behind this one
            self.checkInWanted.emit(chosen)

    def mark_arrived(self) -> None:
        """The person chosen is here."""
        if self.viewmodel.can_arrive:
            self.arrivedWanted.emit(self.viewmodel.state.chosen)

    def asks_for_emergency_care(self) -> None:
        """The lock of 42 CFR 489.24 starts for the row chosen, whatever its class."""
        if self.viewmodel.state.chosen is not None:
            self.emergencyWanted.emit(self.viewmodel.state.chosen)

    def next_filter(self) -> None:
        """All, here, attention, mine, and round again."""
        keys = [key for key, _ in _FILTERS]
        at = keys.index(self.viewmodel.state.filter)
        self.viewmodel.choose_filter(keys[(at + 1) % len(keys)])

    @Slot()
    def _offer_departments(self) -> None:
        menu = Menu(self)
        everything = menu.addAction(say("All departments"))
        everything.setData("")
        menu.addSeparator()
        for department in self.viewmodel.departments:
            action = menu.addAction(department.name)
            action.setCheckable(True)
            action.setChecked(department.id in self.viewmodel.state.departments)
            action.setData(department.id)
        menu.triggered.connect(self._department_chosen)
        button = self._departments
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 2)))

    @Slot(object)
    def _department_chosen(self, action: Any) -> None:
        picked = str(action.data())
        chosen = list(self.viewmodel.state.departments)
        if not picked:
            chosen = []
        elif picked in chosen:
            chosen.remove(picked)
        else:
            chosen.append(picked)
        self.viewmodel.choose_departments(chosen)
        self.refresh()
