"""What Arrivals shows and does, without Qt: an immutable state and intents that change it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from workstation.arrivals import rules
from workstation.arrivals.model import ArrivalRow, Counts, Status
from workstation.arrivals.rules import FINISHED
from workstation.kernel.clock import Clock
from workstation.kernel.errors import PorticoError

NO_COUNTS = Counts(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Department:
    """A department that this desk may show."""

    id: str
    name: str
    own: bool = True


@dataclass(frozen=True, slots=True)
class ArrivalsState:
    """Everything on the page."""

    day: date
    rows: tuple[ArrivalRow, ...] = ()
    """All rows of the day, shaped for a screen, in order."""
    visible: tuple[ArrivalRow, ...] = ()
    """Those under the filter and what was typed."""
    counts: Counts = NO_COUNTS
    filter: str = "all"
    typed: str = ""
    chosen_id: str = ""
    phase: str = "loading"
    """loading, ready, failed"""
    failure: PorticoError | None = None
    """With phase ready: the rows are old, a later reading did not come through."""
    read_at: datetime | None = None
    departments: tuple[str, ...] = ()

    @property
    def chosen(self) -> ArrivalRow | None:
        """The row the side panel speaks of."""
        return next((row for row in self.visible if row.visit_id == self.chosen_id), None)


Listener = Callable[[ArrivalsState], None]


class ArrivalsViewModel:
    """Holds the state; the page renders it and hands intents back."""

    def __init__(
        self,
        clock: Clock,
        zone: tzinfo | None = None,
        *,
        user_id: str = "",
        departments: Sequence[Department] = (),
    ) -> None:
        self._clock, self.zone, self._user_id = clock, zone, user_id
        self.departments = tuple(departments)
        self._listeners: list[Listener] = []
        own = tuple(d.id for d in self.departments if d.own)
        self.state = ArrivalsState(day=self.local(clock()).date(), departments=own)

    def listen(self, listener: Listener) -> None:
        """Calls ``listener`` with each new state."""
        self._listeners.append(listener)

    def local(self, moment: datetime) -> datetime:
        """A moment on the facility's wall clock."""
        return moment.astimezone(self.zone)

    @property
    def now(self) -> datetime:
        """The moment of the clock."""
        return self._clock()

    @property
    def day_is_over(self) -> bool:
        """Midnight has passed since the list was read."""
        return self.local(self.now).date() != self.state.day

    def _become(self, state: ArrivalsState) -> None:
        self.state = state
        for listener in self._listeners:
            listener(state)

    def _shaped(self, state: ArrivalsState) -> ArrivalsState:
        visible = tuple(
            row
            for row in state.rows
            if rules.passes(row, state.filter, self._user_id) and rules.matches(row, state.typed)
        )
        chosen = state.chosen_id
        if chosen not in {row.visit_id for row in visible}:
            chosen = visible[0].visit_id if visible else ""
        counts = rules.counts(state.rows, self._user_id)
        return replace(state, visible=visible, counts=counts, chosen_id=chosen)

    # Intents

    def loading(self) -> None:
        """The rows are being fetched; what is shown stays, unless it is another day's."""
        if self.day_is_over:
            day = self.local(self.now).date()
            self._become(replace(self.state, day=day, rows=(), visible=(), chosen_id=""))
        if not self.state.rows:
            self._become(replace(self.state, phase="loading", failure=None))

    def loaded(self, rows: Sequence[ArrivalRow]) -> None:
        """Fresh rows of the day. Who was chosen and is done since gives way to who is next."""
        before = self.state.chosen
        state = replace(self.state, phase="ready", failure=None, read_at=self._clock())
        state = self._arranged(state, rows)
        now = next((row for row in state.rows if row.visit_id == state.chosen_id), None)
        if before and now and before.status not in FINISHED and now.status in FINISHED:
            state = replace(state, chosen_id="")
        self._become(self._shaped(state))

    def _arranged(self, state: ArrivalsState, rows: Sequence[ArrivalRow]) -> ArrivalsState:
        now = self._clock()
        fresh = [replace(row, status=rules.status_now(row, now)) for row in map(rules.shown, rows)]
        return replace(state, rows=rules.in_order(fresh, now))

    def failed(self, error: Exception) -> None:
        """The rows could not be read."""
        known = error if isinstance(error, PorticoError) else None
        failure = known or PorticoError(
            "arrivals_unread",
            "The list could not be read. Nothing was lost.",
            "Press F5 to read it again.",
        )
        phase = "ready" if self.state.rows else "failed"
        self._become(replace(self.state, phase=phase, failure=failure))

    def tick(self) -> None:
        """Half a minute has passed: waits grow, expected turns to late."""
        if self.state.phase == "ready":
            self._become(self._shaped(self._arranged(self.state, self.state.rows)))

    def choose_filter(self, name: str) -> None:
        """All, here, attention or mine."""
        self._become(self._shaped(replace(self.state, filter=name)))

    def type(self, text: str) -> None:
        """What was typed so far, to narrow the list."""
        if text != self.state.typed:
            self._become(self._shaped(replace(self.state, typed=text)))

    def choose(self, visit_id: str) -> None:
        """The row under the cursor."""
        if visit_id != self.state.chosen_id:
            self._become(replace(self.state, chosen_id=visit_id))

    def choose_departments(self, ids: Sequence[str]) -> None:
        """Other departments; the page then reads again. None means all."""
        self._become(replace(self.state, departments=tuple(ids), rows=(), phase="loading"))

    def choose_user(self, user_id: str) -> None:
        """Another registrar sits here."""
        self._user_id = user_id
        self._become(self._shaped(self.state))

    def forget(self) -> None:
        """Takes every row off the page, as when another person takes the desk."""
        self._become(ArrivalsState(day=self.local(self.now).date()))

    # What can be done with the row chosen

    @property
    def can_arrive(self) -> bool:
        """Whether the person chosen can be marked as arrived."""
        row = self.state.chosen
        return row is not None and row.status in (Status.EXPECTED, Status.LATE)

    @property
    def can_check_in(self) -> bool:
        """Whether a check-in of the row chosen can be started or resumed."""
        row = self.state.chosen
        return row is not None and row.status not in FINISHED

    @property
    def is_over(self) -> bool:
        """Whether the visit of the row chosen is over at the desk."""
        row = self.state.chosen
        return row is not None and row.status in FINISHED

    @property
    def of_another(self) -> bool:
        """Whether somebody else has the row chosen in progress."""
        row = self.state.chosen
        in_progress = row is not None and row.status is Status.IN_PROGRESS
        return in_progress and row is not None and row.owner_id not in ("", self._user_id)
