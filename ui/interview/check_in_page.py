"""The check-in: who it is, where we are, one step at a time, what is known, what to press."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui import turns
from ui.controls import Banner, Button, Elided, Message, StepRail, Strip, Text
from ui.forms.section import Offered, nothing_offered
from ui.hands import give
from ui.interview.changed_step import ChangedStep
from ui.interview.coverage_step import CoverageStep
from ui.interview.emergency_bar import EmergencyBar
from ui.interview.evidence_panel import EvidencePanel
from ui.interview.form_step import FormStep
from ui.interview.medicare_step import MedicareStep
from ui.interview.papers_step import Keep, PapersStep
from ui.interview.person_words import person_facts, person_flags, person_name
from ui.interview.rail import next_to_ask, rail_steps
from ui.interview.step_page import StepContext, StepFactory, StepPage, show_actions
from ui.interview.viewmodel import (
    Answered,
    CheckInState,
    CheckInViewModel,
    Continued,
    GaveUpChoice,
    PutBack,
    SaidSame,
    WentBack,
    WentTo,
)
from ui.interview.why_open import WhyOpen
from ui.shell.side import WithSide
from ui.style import SPACE
from ui.words import say
from workstation.interview.fields import Field, Page
from workstation.interview.flow import CHECK_IN, StepState, Walk
from workstation.interview.journal import SAVE_AFTER_MS
from workstation.interview.model import PageId
from workstation.interview.paths import get

_RECORD = "record"
"""The message of what the store did not take."""

_SAVE_AGAIN_MS = 5_000
_HELD = 320
"""The width of what stands beside the step: a bill is read there, a card's line compared."""

Save = Callable[[Walk], None]
"""Writes the draft's journal; called at most 150 ms behind typing, and before leaving."""


class CheckInPage(QWidget):
    """Renders :class:`CheckInViewModel`; every act is an intent."""

    context = "check_in"

    leaveWanted = Signal()
    """Esc: everything is saved; the caller takes the page away."""
    finished = Signal()
    """Every step is done and recorded."""

    def __init__(
        self,
        model: CheckInViewModel,
        save: Save,
        keep: Keep,
        *,
        pages: Mapping[PageId, StepFactory] | None = None,
        offered: Offered = nothing_offered,
    ) -> None:
        super().__init__()
        import ui.interview.commands  # noqa: F401 - declares the commands of this page

        self.model = model
        self.target = self
        self._save = save
        self._keep = keep
        self._factories = dict(pages or {})
        self._offered = offered
        self._steps: dict[PageId, StepPage] = {}
        self._asked = -1
        self._notes: dict[PageId, str] = {}
        self._page: PageId | None = None
        self._field_key = ""
        self._told_finished = False
        self._was_on_top = False
        self._told: object = None
        self._evidence_due = False
        self._saved: Walk | None = model.state.walk
        self._save_failed = False
        self._again = QTimer(self, singleShot=True, interval=_SAVE_AGAIN_MS)
        self._again.timeout.connect(self.save_now)
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self.save_now)
        self._build()

    # Building

    def opening(self) -> Iterator[None]:
        """Shows for the first time what stands; in pieces (``ui.turns``), and unseen until then."""
        now = self.model.state
        self.step(now.page)
        yield
        self.step(now.page).load(now.draft, StepContext(now.page, now.situation))
        yield
        self.model.listen(self.show_state)
        self.show_state(self.model.state)

    def _build(self) -> None:
        self.banner = Banner()
        self.rail = StepRail()
        self.rail.wanted.connect(self._go)
        self._title = Text("", role="page", weight="bold")
        self._beside = Elided("", role="small", tone="muted")
        self._header = QHBoxLayout()
        self._header.setSpacing(SPACE.s)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addSpacing(SPACE.s)
        head.addWidget(self._beside)
        head.addStretch(1)
        head.addLayout(self._header)
        self.emergency = EmergencyBar()
        self.stack = QStackedWidget()
        self.strip = Strip(most=1)
        self.strip.answered.connect(self._answered)
        self._why = WhyOpen()
        self._why.chosen.connect(self._reason)
        centre = QWidget()
        box = QVBoxLayout(centre)
        box.setContentsMargins(SPACE.l + 4, SPACE.l, SPACE.l + 4, SPACE.l)
        box.setSpacing(SPACE.m)
        box.addWidget(self.emergency)
        box.addLayout(head)
        box.addWidget(self.stack, 1)
        box.addWidget(self.strip)
        box.addWidget(self._why)
        box.addWidget(self._bottom_bar())
        self.evidence = EvidencePanel()
        middle = QWidget()
        across = QHBoxLayout(middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        self._right = QStackedWidget()
        self._right.addWidget(self.evidence)
        self._body = WithSide(centre, self._right)
        self._body.hold(_HELD)
        across.addWidget(self._body, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.banner)
        outer.addWidget(middle, 1)

    def _bottom_bar(self) -> QWidget:
        self.leave_button = Button(say("Save and leave"), key="Esc")
        self.back_button = Button(say("Back"), icon="arrow-left")
        self.back_button.setToolTip(say("Back ({key})", key="Alt+Left"))
        self.continue_button = Button(
            say("Continue"), kind="primary", icon_after="corner-down-left"
        )
        self.leave_button.clicked.connect(self.leave)
        self.back_button.clicked.connect(self.go_back)
        self.continue_button.clicked.connect(self.go_on)
        self._footer = QHBoxLayout()
        self._footer.setSpacing(SPACE.s)
        bar = QWidget()
        box = QHBoxLayout(bar)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(SPACE.s)
        box.addWidget(self.leave_button)
        box.addLayout(self._footer)
        box.addStretch(1)
        box.addWidget(self.back_button)
        box.addWidget(self.continue_button)
        return bar

    # Showing

    def show_state(self, state: CheckInState) -> None:
        """Maps the state to the widgets; moves the focus only when that was asked for."""
        over = self._told_finished  # a draft that was dropped must not come back
        if state.walk != self._saved and not self._timer.isActive() and not over:
            self._timer.start()
        self._show_banner(state)
        self._show_lock(state)
        self._show_rail(state)
        self._show_step(state)
        self._show_choice(state)
        self._show_error(state)
        if state.finished and not state.recording and not self._told_finished:
            self.save_now()
            self._told_finished = True
            self.finished.emit()

    def _show_lock(self, state: CheckInState) -> None:
        """When the lock opens, whoever was in its bar goes on at the step."""
        locked = state.situation.locked
        here = QApplication.focusWidget()
        inside = here is not None and self.emergency.isAncestorOf(here)
        self.emergency.show_visit(state.draft, state.situation.places)
        self.emergency.setVisible(locked)
        if inside and not locked:
            self.to_step()

    def to_step(self) -> None:
        """Focus to what is open on the step, or has to be looked at; else to Continue."""
        if not self.step(self.model.state.page).focus_on(None):
            give(self.continue_button)

    def _show_error(self, state: CheckInState) -> None:
        if state.error is None:
            self.strip.clear(_RECORD)
            return
        message = Message.of(state.error, _RECORD)
        if state.refused is not None:
            title = say(CHECK_IN.pages[state.refused.page].rail)
            message = replace(message, action=say("Go to: {step}", step=title))
        self.strip.tell(message)

    @Slot(str)
    def _answered(self, key: str) -> None:
        refused = self.model.state.refused
        if key == _RECORD and refused is not None:
            self._go(refused.page)

    def _show_banner(self, state: CheckInState) -> None:
        told = (
            *person_name(state.draft),
            state.draft.identity.name_to_use,
            person_facts(state.draft, state.situation.today, state.situation.visit),
            person_flags(state.draft, locked=state.situation.locked),
        )
        if told != self._told:  # the chips are made anew, so only when they say something new
            self._told = told
            name, initials, preferred, facts, flags = told
            self.banner.show_person(
                name, initials=initials, preferred=preferred, facts=facts, flags=flags
            )

    def _show_rail(self, state: CheckInState) -> None:
        steps = rail_steps(state, self._notes)
        self.rail.show_steps(steps, str(state.page))

    def note(self, page: PageId, words: str) -> None:
        """A few letters in the rail that its rules do not know, such as what is to pay."""
        if self._notes.get(page, "") != words:
            self._notes[page] = words
            self._show_rail(self.model.state)

    def _show_step(self, state: CheckInState) -> None:
        step = self.step(state.page)
        step.load(state.draft, StepContext(state.page, state.situation))
        if state.page is not self._page:
            self._page = state.page
            self._field_key = ""
            self._enter_step(step, CHECK_IN.pages[state.page], state)
            turns.take(self, self._make_ready(state))
        self._fit_continue(state)
        if state.asked != self._asked:
            self._asked = state.asked
            step.show_problems(state.problems)
            if not step.focus_on(state.focus):
                give(self.continue_button)
        self._show_evidence()

    def _enter_step(self, step: StepPage, page: Page, state: CheckInState) -> None:
        self._title.setText(step.heading or say(page.title))
        self._show_beside()
        beside = step.side_panel()
        if beside is not None and self._right.indexOf(beside) < 0:
            self._right.addWidget(beside)
        self._right.setCurrentWidget(beside or self.evidence)
        show_actions(self._header, step.header_actions())
        show_actions(self._footer, step.footer_actions())
        self.stack.setCurrentWidget(step)
        self.back_button.setEnabled(bool(state.walk.behind))

    @Slot()
    def _show_beside(self) -> None:
        words = self.step(self.model.state.page).subheading
        self._beside.setText(words)
        self._beside.setVisible(bool(words))

    def _fit_continue(self, state: CheckInState) -> None:
        left = [line for line in state.rail if line.state is StepState.NOT_YET]
        self.continue_button.set_words(say("Continue") if left else say("Finish"))

    def _show_choice(self, state: CheckInState) -> None:
        open_ones = state.choice.fields if state.choice is not None else ()
        labels = {field.key: say(field.label) for field in self._fields(state)}
        self._why.ask(tuple(labels.get(key, key) for key in open_ones))

    def step(self, page: PageId) -> StepPage:
        """The widget of a page, made when it is first needed."""
        known = self._steps.get(page)
        if known is None:
            known = self._steps[page] = self._made(page)
            known.edited.connect(self._edited)
            known.entered.connect(self._entered)
            known.evidenceChanged.connect(self._show_evidence)
            known.headingChanged.connect(self._show_beside)
            known.continueWanted.connect(self.go_on)
            known.goWanted.connect(self._go)
            known.questionWanted.connect(self._go_to_question)
            known.pastEnd.connect(self._to_continue)
            self.stack.addWidget(known)
        return known

    def _make_ready(self, state: CheckInState) -> Iterator[None]:
        """While a person is at this step the next one is made: Enter then only has to show it."""
        page = next_to_ask(state)
        if page is not None and page not in self._steps:
            step = self.step(page)
            yield
            now = self.model.state
            if now.page is not page:
                step.prepare(now.draft, StepContext(page, now.situation))

    def _made(self, page: PageId) -> StepPage:
        if page in self._factories:
            return self._factories[page]()
        if page is PageId.WHAT_CHANGED:
            changed = ChangedStep()
            changed.same.connect(self._same)
            changed.putBack.connect(self._put_back)
            return changed
        if page is PageId.COVERAGE:
            return CoverageStep()
        if page is PageId.MEDICARE:
            return MedicareStep()
        if page is PageId.PAPERS:
            return PapersStep(self._keep)
        sections = CHECK_IN.pages[page].sections
        return FormStep(lambda draft, context: sections(draft, context.situation), self._offered)

    # What a person does

    @Slot()
    def go_on(self) -> None:
        """Enter: to the first thing open on the page, or on to the next page."""
        step = self.step(self.model.state.page)
        step.collect()
        if step.take_enter():
            return
        problems = step.problems()
        if problems:
            step.show_problems(problems)
            step.focus_on(problems[0].field)
            return
        self.model.dispatch(Continued())

    @Slot()
    def go_back(self) -> None:
        """Back, with the draft as it was; what was typed here is kept."""
        self.step(self.model.state.page).collect()
        self.model.dispatch(WentBack())

    @Slot()
    def leave(self) -> None:
        """Esc: closes what is open on the page, or saves and leaves."""
        if self.model.state.choice is not None:
            self.model.dispatch(GaveUpChoice())
            return
        step = self.step(self.model.state.page)
        if step.take_escape():
            return
        step.collect()
        self.save_now()
        if not self._save_failed:
            self.leaveWanted.emit()

    def accept_suggestion(self) -> None:
        """Ctrl+Enter: the value that the evidence suggests goes into the field."""
        evidence = self.step(self.model.state.page).evidence(self._field_key)
        if evidence is not None and evidence.suggestion:
            self.model.dispatch(Answered({self._field_key: evidence.suggestion}))

    def next_alternative(self) -> None:
        """Ctrl+Space: the next of the values that the evidence also holds."""
        evidence = self.step(self.model.state.page).evidence(self._field_key)
        offered = evidence.alternatives if evidence is not None else ()
        if offered:
            now = get(self.model.state.draft, self._field_key)
            at = (offered.index(now) + 1) % len(offered) if now in offered else 0
            self.model.dispatch(Answered({self._field_key: offered[at]}))

    def edit_field(self) -> None:
        """F2: into the field under the cursor, with all of it selected; or what is folded opens."""
        here = QApplication.focusWidget()
        step = self.step(self.model.state.page)
        if isinstance(here, QLineEdit):
            here.selectAll()
        elif isinstance(step, FormStep):
            step.unfold()

    @Slot()
    def save_now(self) -> None:
        """Writes the journal if anything is not in it yet."""
        self._timer.stop()
        walk = self.model.state.walk
        if walk != self._saved and not self._told_finished:
            self._saved = walk
            self._save(walk)

    @Slot()
    def was_saved(self) -> None:
        """The store has what was typed."""
        self._save_failed = False

    @Slot()
    def not_saved(self) -> None:
        """The store took no draft (a full disk): the page stays, and tries again by itself."""
        self._saved, self._save_failed = None, True
        self._again.start()

    def entered(self) -> None:
        """The page is on top. Focus begins at the step; later it stays where a person put it."""
        home = self if self._was_on_top else self.stack
        self._was_on_top = True
        inside = home.isAncestorOf(QApplication.focusWidget() or self)
        if not inside:
            self.to_step()

    def left(self) -> None:
        """The page is no longer on top; nothing waits for the timer."""
        self.save_now()

    def panes(self) -> list[QWidget]:
        """For F6."""
        return [self.rail, self.stack]

    @Slot(object)
    def _edited(self, answers: Mapping[str, object]) -> None:
        self.model.dispatch(Answered(answers))

    @Slot(str)
    def _go(self, page: str) -> None:
        self.step(self.model.state.page).collect()
        self.model.dispatch(WentTo(PageId(page)))

    @Slot(str, str)
    def _go_to_question(self, page: str, key: str) -> None:
        self.step(self.model.state.page).collect()
        self.model.dispatch(WentTo(PageId(page), key))

    @Slot()
    def _to_continue(self) -> None:
        give(self.continue_button, Qt.FocusReason.TabFocusReason)

    @Slot(str)
    def _same(self, card: str) -> None:
        self.model.dispatch(SaidSame(card))

    @Slot(str)
    def _put_back(self, card: str) -> None:
        self.model.dispatch(PutBack(card))

    @Slot(str)
    def _reason(self, code: str) -> None:
        self.model.dispatch(Continued(code))

    # Evidence

    @Slot(str)
    def _entered(self, key: str) -> None:
        self._field_key = key
        self._show_evidence()

    @Slot()
    def _show_evidence(self) -> None:
        """Once in the next turn, however often it is asked for: first what was typed is shown."""
        if not self._evidence_due:
            self._evidence_due = True
            turns.then(self, self._tell_evidence)

    def _tell_evidence(self) -> None:
        self._evidence_due = False
        state = self.model.state
        field = next((f for f in self._fields(state) if f.key == self._field_key), None)
        found = self.step(state.page).evidence(self._field_key)
        self.evidence.show_question(CHECK_IN.pages[state.page], field, found, state.situation)

    def _fields(self, state: CheckInState) -> tuple[Field, ...]:
        sections = CHECK_IN.pages[state.page].sections(state.draft, state.situation)
        return tuple(f for s in sections for f in s.shown(state.draft, state.situation))
