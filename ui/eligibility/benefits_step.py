"""The page *Benefits* of a check-in: five answers, the table, and the estimate beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.controls import Button, Card, Elided, Link, Message, Segments, Strip, Text, row, scrolling
from ui.controls.flow import Flow
from ui.eligibility import commands as commands  # declares F5
from ui.eligibility.benefits import TILES, Benefits, benefits_of
from ui.eligibility.bill import Bill, BillLine, bill_of, rows_by_index
from ui.eligibility.call_noting import CallNoting
from ui.eligibility.contact_list import ContactList
from ui.eligibility.copay_choice import CopayChoiceCard
from ui.eligibility.differences_card import DifferencesCard
from ui.eligibility.estimate_panel import EstimatePanel
from ui.eligibility.estimate_printing import EstimatePrinting
from ui.eligibility.notices import Go, seconds_to_notice
from ui.eligibility.overlays import ReadOverlay, SourceOverlay
from ui.eligibility.seen import CoverageSeen, Seen, gather
from ui.eligibility.table import BenefitsTable
from ui.eligibility.tiles import FigureTile, NoticeBar, TileRow
from ui.interview.step_page import StepContext, StepPage
from ui.jobs import expected
from ui.shell.overlays import overlay_of
from ui.style import SPACE
from ui.wall_clock import local
from ui.words import say
from workstation.estimates.chosen import chosen_note
from workstation.interview.model import Draft, PageId
from workstation.interview.rules import money_may_be_asked
from workstation.kernel.changed import Kind

if TYPE_CHECKING:
    from ui.desk.check_in import CheckInDesk
    from ui.desk.window import DeskWindow

_MINE = frozenset({Kind.ELIGIBILITY, Kind.VISIT, Kind.COVERAGE, Kind.ESTIMATE})


class BenefitsStep(StepPage):
    """Reads what is stored, asks again, keeps the estimate that was shown; Continue never waits."""

    heading = ""

    def __init__(self, desk: DeskWindow, check_in: CheckInDesk) -> None:
        super().__init__()
        self.heading = say("Benefits")
        self._desk, self._use, self._jobs = desk, check_in.use, check_in.jobs
        self._bus = desk.bus
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.timeout.connect(self._show)
        self._draft = Draft()
        self._locked = False
        self._place = 0
        self._chosen: dict[str, int] = {}
        self.seen: Seen | None = None
        self._benefits = Benefits("")
        self._bill = Bill()
        self._giving = ""
        self._may_ask = (True, "")
        self._build()
        self._bus.changed.connect(self._changed)

    def _build(self) -> None:
        self.ask = Button(say("Ask again"), icon="refresh-cw", key="F5")
        self.ask.setToolTip(say("Ask the payer again ({key})", key="F5"))
        self.ask.clicked.connect(self.ask_again)
        self.panel = EstimatePanel()
        self.panel.lineWanted.connect(self._open_line)
        self.panel.readWanted.connect(self._read_aloud)
        self.panel.printWanted.connect(self.print_estimate)
        window = self._desk.window
        self.source = overlay_of(window, SourceOverlay)
        self.reader = overlay_of(window, ReadOverlay)
        self.papers = EstimatePrinting(self._desk, self._use, self._jobs, self)
        self.papers.failed.connect(self._refused)
        self.calls = CallNoting(self._desk, self._use, self._jobs, self)
        self.call = Button(say("Note a &call"), icon="phone")
        self.call.clicked.connect(self.note_call)
        self.contacts = ContactList()
        self._segments_home = QWidget()
        self._segments_box = QVBoxLayout(self._segments_home)
        self._segments_box.setContentsMargins(0, 0, 0, 0)
        self._segments: Segments | None = None
        self._segments_home.hide()
        self.strip = Strip(most=1)
        self.notice = NoticeBar()
        self.notice.goWanted.connect(self._mend)
        self.notice.askWanted.connect(self.ask_again)
        self.differences = DifferencesCard()
        self.differences.goWanted.connect(self._mend)
        self.tiles = [FigureTile(say(question)) for question in TILES]
        for tile in self.tiles:
            tile.opened.connect(self._open_tile)
        self.tile_row = TileRow(self.tiles)
        self.choice = CopayChoiceCard()
        self.choice.chosen.connect(self._choose)
        self.table = BenefitsTable()
        self.table.rowsWanted.connect(self._open_rows)
        self._table_card = Card(padding=SPACE.xs)
        self._table_card.add(self.table)
        self.remark = Elided("", role="small", tone="muted")
        self.whole = Link(say("Open the answer"))
        self.whole.clicked.connect(self._open_all)
        self._foot = QWidget()
        flow = Flow(self._foot, SPACE.s)
        flow.addWidget(self.remark)
        flow.addWidget(self.whole)
        self.nothing = Text(
            say("No coverage is in force for this visit: nobody is asked about benefits."),
            tone="muted",
            wrap=True,
        )
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        inside = QWidget()
        box = QVBoxLayout(inside)
        box.setContentsMargins(3, 3, SPACE.s, 3)  # room for the focus ring beside the edge
        box.setSpacing(SPACE.m)
        for part in (
            self._segments_home,
            self.strip,
            self.notice,
            self.nothing,
            self.tile_row,
            self.differences,
            self.choice,
            self._table_card,
            self._foot,
            self.contacts,
        ):
            box.addWidget(part)
        box.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(inside))

    # The step

    def load(self, draft: Draft, context: StepContext) -> None:
        moved = draft.visit_id != self._draft.visit_id
        entered = not self.isVisible()
        self._draft, self._locked = draft, context.locked
        self._may_ask = money_may_be_asked(draft, context.situation)
        if context.locked:
            self.seen = None
            self._show()
        elif moved or entered or self.seen is None:
            self.read()

    def header_actions(self) -> tuple[QWidget, ...]:
        return (self.ask,)

    def footer_actions(self) -> tuple[QWidget, ...]:
        return (self.call,)

    def side_panel(self) -> QWidget | None:
        return self.panel

    # Reading

    def read(self) -> None:
        """Reads everything anew, off the UI thread."""
        if self._draft.visit_id:
            self._jobs.read(
                gather,
                self._desk.desk.records,
                self._desk.desk.prices,
                self._draft.visit_id,
                self._desk.desk.clock(),
                dict(self._chosen),
                owner=self,
                done=self._read,
                replaces="benefits",
            )

    @Slot(object)
    def _read(self, seen: Seen | None) -> None:
        self.seen = None if self._locked or (seen is not None and seen.locked) else seen
        self._show()
        self._keep_estimate()

    @Slot(object, object)
    def _changed(self, kinds: frozenset[Kind], _: object) -> None:
        if kinds & _MINE and self.isVisible():
            self.read()

    # Showing

    @Slot()
    def _show(self) -> None:
        seen = self.seen
        now = self._desk.desk.clock()
        covers = seen.coverages if seen is not None else ()
        self._place = min(self._place, max(0, len(covers) - 1))
        self._show_segments(seen)
        self._benefits = (
            benefits_of(seen, self._place, now) if seen is not None and covers else Benefits("")
        )
        found = self._benefits
        first_time = bool(covers) and covers[self._place].state == "none"
        self.notice.show_notice(found.notice, first_time=first_time)
        self.nothing.setVisible(seen is not None and not covers)
        self.tile_row.setVisible(bool(found.tiles))
        for tile, told in zip(self.tiles, found.tiles, strict=False):
            tile.show_words(told)
        self.differences.show_lines(found.differences)
        self.choice.show_question(found.question)
        self.table.show_rows(found.table)
        self._table_card.setVisible(bool(found.table))
        self.remark.setText(found.remark)
        self.remark.setVisible(bool(found.remark))
        self._foot.setVisible(bool(found.tiles))
        self._wake(covers, now)
        notice = found.notice
        self.ask.setEnabled(bool(covers) and (notice is None or notice.ask))
        self.call.setEnabled(bool(covers))
        self.contacts.show_contacts(covers[self._place].contacts if covers else (), now)
        self.ask.set_words(say("Ask the payer") if first_time else say("Ask again"))
        self._bill = bill_of(seen) if seen is not None else Bill()
        self.panel.show_bill(self._bill)
        if self.subheading != found.heading:
            self.subheading = found.heading
            self.headingChanged.emit()

    def _wake(self, covers: tuple[CoverageSeen, ...], now: datetime) -> None:
        """Looks again when words change by time alone, as for a payer that is slow."""
        waits = seconds_to_notice(covers[self._place], now) if covers else None
        if waits is None:
            self._slow.stop()
        else:
            self._slow.start(round(waits * 1000) + 200)

    def _show_segments(self, seen: Seen | None) -> None:
        covers = seen.coverages if seen is not None else ()
        names = [
            (str(place), one.coverage.plan_name or one.coverage.payer_name or say("Coverage"), "")
            for place, one in enumerate(covers)
        ]
        if self._segments is not None and self._segments.property("names") == repr(names):
            return
        if self._segments is not None:
            self._segments.hide()
            self._segments.deleteLater()
            self._segments = None
        self._segments_home.setVisible(len(names) > 1)
        if len(names) > 1:
            made = Segments(names, name=say("Coverages in the order in which they pay"))
            made.setProperty("names", repr(names))
            made.choose(str(self._place))
            made.chosen.connect(self._turn)
            self._segments = made
            self._segments_box.addWidget(row(made, None))

    @Slot(str)
    def _turn(self, place: str) -> None:
        self._place = int(place)
        self._show()

    # Asking

    @Slot(object)
    def _mend(self, go: Go) -> None:
        """The question that the payer refused, of the coverage shown where it is one of it."""
        key = go.key
        if go.page is PageId.COVERAGE:
            shown = self.seen.coverages[self._place].coverage.id if self.seen else ""
            items = self._draft.coverages.items
            at = next((n for n, item in enumerate(items) if item.id == shown), 0)
            key = f"coverages.items.{at}.{go.key}"
        self.questionWanted.emit(go.page.value, key)

    @Slot()
    def ask_again(self) -> None:
        """F5: asks the payer of the coverage shown; what cannot be asked is said in words."""
        seen = self.seen
        if seen is None or not seen.coverages or not self.ask.isEnabled():
            return
        coverage = seen.coverages[self._place].coverage
        notice = self._benefits.notice
        today = local(self._desk.desk.clock()).date() if notice and notice.today else None
        self._jobs.write(
            lambda: self._use.eligibility.ask(
                coverage.person_id,
                coverage.id,
                self._draft.visit_id,
                service_date=today,
                service_types=seen.types,
            ),
            owner=self,
            done=self._asked,
            failed=self._refused,
        )

    @Slot(object)
    def _asked(self, result: Any) -> None:
        self.strip.clear("asking")
        _, kinds = result
        self._bus.tell(kinds, self)

    @Slot(object)
    def _refused(self, error: Exception) -> None:
        self.strip.tell(replace(Message.of(expected(error), "asking"), level="yield"))

    @Slot()
    def note_call(self) -> None:
        """A call to the payer of the coverage shown, or a look into its portal."""
        if self.seen is not None and self.seen.coverages:
            coverage = self.seen.coverages[self._place].coverage
            self.calls.ask(coverage, self._draft.visit_id, self.seen.types)

    # The estimate

    @Slot(str, int)
    def _choose(self, service: str, amount: int) -> None:
        self._chosen[service] = amount
        self.read()

    def _keep_estimate(self) -> None:
        """What was shown is kept as told to the patient, once for each change."""
        seen = self.seen
        key = seen.to_give if seen is not None else ""
        if seen is None or not key or key == self._giving or not self.isVisible():
            return
        money = seen.money
        built = money.built if money is not None else None
        if built is None or built.case is None:
            return
        self._giving, case = key, built.case
        first = seen.coverages[0].coverage.id if seen.coverages else None
        self._jobs.write(
            lambda: self._use.estimates.give(
                seen.visit["person_id"],
                seen.visit["id"],
                case,
                coverage_id=first,
                note=chosen_note(seen.chosen),
                key=key,
            ),
            owner=self,
            done=self._kept,
            failed=self._refused,
        )

    @Slot(object)
    def _kept(self, _: object) -> None:
        self._bus.tell({Kind.ESTIMATE}, self)

    @Slot()
    def _read_aloud(self) -> None:
        if self._bill.estimate is not None:
            self.reader.read(self._bill.estimate, self._draft.about.language)

    @Slot()
    def print_estimate(self) -> None:
        """Never before the notices that come before any paper of money."""
        allowed, why = self._may_ask
        if allowed:
            self.papers.show(self._draft.visit_id)
        else:
            self.strip.tell(Message("yield", say(why), say("See the step Papers."), "asking"))

    # Sources

    def _answer(self, place: int) -> Any:
        seen = self.seen
        return seen.coverages[place].answer if seen is not None and seen.coverages else None

    @Slot()
    def _open_tile(self) -> None:
        tile = self.sender()
        if isinstance(tile, FigureTile):
            self._open_rows(f"{tile.question} {tile.words}", tile.rows)

    @Slot(str, object)
    def _open_rows(self, title: str, rows: tuple[int, ...]) -> None:
        found = rows_by_index(self._answer(self._place), rows) if rows else ()
        self.source.show_source(title, (), found)

    @Slot()
    def _open_all(self) -> None:
        found = rows_by_index(self._answer(self._place), ())
        self.source.show_source(say("Everything the payer answered"), (), found)

    @Slot(object)
    def _open_line(self, line: BillLine) -> None:
        found = rows_by_index(self._answer(0), line.rows) if line.rows else ()
        self.source.show_source(f"{line.words}: {line.amount}", line.steps, found)
