"""The benefits step with its real widgets over stored rows: read, chosen, opened, kept once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, Protocol

import pytest
from benefits_visit import NOW, TORN, Shelf, answer, check
from PySide6.QtWidgets import QLabel, QWidget

from ui.changes import ChangesBus
from ui.controls import Overlay
from ui.eligibility.answer_line import AnswerLine
from ui.eligibility.benefits_step import BenefitsStep
from ui.eligibility.estimate_panel import BillRow
from ui.eligibility.seen import gather
from ui.interview.step_page import StepContext
from ui.jobs import Jobs
from ui.words import speak
from workstation.eligibility.contacts import Contact, Way
from workstation.eligibility.heard import Heard
from workstation.eligibility.sides import Side, Stated
from workstation.estimates.prices import demo_prices
from workstation.interview.model import CoverageAnswer, Coverages, Draft, PageId
from workstation.interview.situation import Situation
from workstation.kernel.changed import Kind
from workstation.kernel.errors import NotUnderstood, PorticoError, Refused
from workstation.kernel.phrases import kept, paragraph, phrase
from workstation.papers.sheet import Sheet


class DeskLike(Protocol):
    def show(self, widget: QWidget, width: int = ..., height: int = ...) -> QWidget: ...
    def until(self, true: Callable[[], bool], ms: int = ...) -> None: ...
    def shots(self, name: str, widget: QWidget | None = ...) -> None: ...


CALLED = {
    "id": "call",
    "person_id": "p",
    "coverage_id": "c",
    "at": "2026-11-23T15:10:00Z",
    "how": "phone",
    "with_whom": "Ana",
    "reference": "77",
    "told": "Active.",
    "promise": "A letter",
    "follow_up_on": "2026-11-30",
    "check_id": "check-answered",
}


class Window(QWidget):
    """Stands in for the frame: overlays live on it."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[str] = []

    def adopt(self, overlay: Overlay) -> Overlay:
        return overlay

    def note(self, words: str) -> None:
        self.notes.append(words)


class Printer:
    """Takes papers, or is not there."""

    def __init__(self) -> None:
        self.there = True
        self.titles: list[str] = []

    def hand_over(self, pdf: bytes, title: str) -> str:
        if not self.there:
            raise PorticoError("no_printer", "There is no printer.", "Ask IT.")
        self.titles.append(title)
        return "job-1"


class Use:
    """Takes estimates and questions as the use cases do."""

    def __init__(self) -> None:
        self.given: list[dict[str, Any]] = []
        self.asked: list[tuple[str, ...]] = []
        self.days: list[date | None] = []
        self.noted: list[tuple[str, Contact]] = []
        self.printed: list[str] = []
        self.estimates = self.eligibility = self.contacts = self.estimate_papers = self

    def pdf(self, visit_id: str) -> tuple[bytes, str]:
        sheet = Sheet("V1", "en-US", "V1")
        sheet.text(visit_id)
        return sheet.finished().pdf, "V1"

    def was_printed(self, visit_id: str) -> None:
        self.printed.append(visit_id)

    def give(self, *_: object, **how: Any) -> None:
        self.given.append(how)

    def note(self, coverage_id: str, _: object, contact: Contact, *__: object) -> object:
        if contact.told == "refuse":
            raise NotUnderstood("contact_incomplete", "It is not right.", "Mend it.", field="told")
        self.noted.append((coverage_id, contact))
        return "contact", frozenset({Kind.ELIGIBILITY})

    def ask(
        self, *_: object, service_types: tuple[str, ...], service_date: date | None = None
    ) -> object:
        self.asked.append(service_types)
        self.days.append(service_date)
        raise Refused("asked_just_now", "The payer was asked just now.", "Wait for its answer.")


class Bench:
    """One benefits step in a window, over a shelf of rows."""

    def __init__(self, desk: DeskLike, jobs: Jobs, shelf: Shelf, *, locked: bool = False) -> None:
        self._desk = desk
        self.use, self.bus, self.jobs, self.shelf = Use(), ChangesBus(), jobs, shelf
        self.window, self.now = Window(), NOW
        self.printer = Printer()
        office = SimpleNamespace(
            records=shelf, prices=demo_prices(), clock=lambda: self.now, printing=self.printer
        )
        around = SimpleNamespace(window=self.window, bus=self.bus, desk=office)
        self.step = BenefitsStep(around, SimpleNamespace(use=self.use, jobs=jobs))  # type: ignore[arg-type]
        self.step.setParent(self.window)
        self.step.panel.setParent(self.window)
        self.step.setGeometry(0, 0, 740, 700)
        self.step.panel.setGeometry(750, 0, 320, 700)
        desk.show(self.window, 1080, 720)
        situation = replace(Situation(date(2026, 11, 23)), locked=locked)
        self.step.load(Draft(person_id="p", visit_id="v"), StepContext(PageId.BENEFITS, situation))
        assert jobs.drain()

    def shots(self, name: str) -> None:
        self._desk.shots(name)

    def settle(self) -> None:
        assert self.jobs.drain()


Make = Callable[..., Bench]


@pytest.fixture
def make(desk: DeskLike, jobs: Jobs) -> Make:
    def made(*checks: dict[str, Any], locked: bool = False) -> Bench:
        return Bench(desk, jobs, Shelf(*checks), locked=locked)

    return made


def test_the_answer_is_read_and_the_estimate_kept_once(make: Make) -> None:
    bench = make(check())
    assert [tile.words for tile in bench.step.tiles][:3] == ["Yes", "$25.00", "$640.00"]
    assert "answered in 4 s" in bench.step.subheading
    assert not bench.step.notice.isVisible()
    bench.bus.tell({Kind.ELIGIBILITY})
    bench.settle()
    assert len(bench.use.given) == 1
    assert bench.use.given[0]["key"].startswith("benefits:")


def test_a_figure_opens_the_payers_own_row(make: Make) -> None:
    bench = make(check())
    bench.step.tiles[1].opened.emit()
    assert bench.step.source.isVisible()
    bench.step.source.close_()
    lines = bench.step.panel.findChildren(BillRow)
    lines[-1].click()
    assert bench.step.source.isVisible()


def test_a_chosen_copay_settles_the_estimate_and_its_note_says_so(make: Make) -> None:
    side = Side(Stated("active", rows={2, 3}, conflicts=(TORN,)))
    bench = make(check(answer=answer(side)))
    assert bench.step.choice.isVisible()
    assert bench.use.given == []
    bench.step.choice.buttons[1].click()
    bench.settle()
    assert not bench.step.choice.isVisible()
    assert bench.step.tiles[1].words == "$50.00"
    assert [given["note"] for given in bench.use.given] == ["copay chosen:\nOV-PCP=5000"]


def test_a_silent_payer_is_told_in_words_and_can_be_asked_again(make: Make) -> None:
    bench = make(check("not_answered"))
    assert bench.step.notice.isVisible()
    bench.step.ask_again()
    bench.settle()
    assert bench.use.asked == [bench.step.seen.types]  # type: ignore[union-attr]
    assert bench.step.strip.messages[0].words == "The payer was asked just now."
    assert bench.use.given == []


def test_a_rejection_leads_to_the_question_at_fault(make: Make) -> None:
    refused = [{"code": "72", "field": "member_id"}]
    bench = make(check("rejected", say="Check it.", rejections=refused))
    draft = Draft(
        person_id="p",
        visit_id="v",
        coverages=Coverages(items=(CoverageAnswer(id="other"), CoverageAnswer(id="c"))),
    )
    bench.step.load(draft, StepContext(PageId.BENEFITS, Situation(date(2026, 11, 23))))
    went: list[tuple[str, str]] = []
    bench.step.questionWanted.connect(lambda page, key: went.append((page, key)))
    bench.step.notice.go.click()
    assert went == [("coverage", "coverages.items.1.member_id")]


def test_what_differs_stands_where_it_can_be_mended(make: Make) -> None:
    before = check(
        asked_at="2026-10-12T15:30:00Z",
        answered_at="2026-10-12T15:30:04Z",
        answer=answer(plan_name="Bronze PPO"),
    )
    told = answer(subscriber={"member_id": "XQZ2"}, patient={}, other_payers=[], managed_care=None)
    bench = make(before, check(answer=told))
    assert bench.step.differences.isVisible()
    first, second = bench.step._benefits.differences
    assert first.words == "Member id: the payer has another value than the record."
    assert first.do.startswith("Record: XQZ1. Payer: XQZ2. Take over what the payer has")
    assert second.words == (
        "Changed since the answer of 12 Oct 2026: Plan Bronze PPO, now Gold 123 PPO."
    )
    went: list[tuple[str, str]] = []
    bench.step.questionWanted.connect(lambda page, key: went.append((page, key)))
    bench.step.differences.buttons[0].click()
    assert went == [("coverage", "coverages.items.0.member_id")]
    bench.shots("benefits-differences")


def test_a_refused_day_is_asked_for_today(make: Make) -> None:
    refused = [{"code": "62", "field": "service_date"}]
    bench = make(
        check("rejected", say="It is far away.", rejections=refused, service_date="2026-12-20")
    )
    assert bench.step.notice.ask.text() == "Ask for today"
    bench.step.notice.ask.click()
    bench.settle()
    assert bench.use.days == [date(2026, 11, 23)]


def test_a_slow_payer_is_told_by_time_alone_and_nothing_is_in_the_way(make: Make) -> None:
    bench = make(check("asked", asked_at="2026-11-23T15:33:41Z"))
    assert bench.step.notice._words.text().startswith("Asking since")
    assert bench.step._slow.isActive()
    bench.now += timedelta(seconds=2)
    bench.step._slow.timeout.emit()
    assert bench.step.notice._words.text().startswith("This payer is slow")
    assert not bench.step.notice.ask.isVisible()
    assert not bench.step.strip.messages


def test_a_call_is_noted_with_what_was_told(make: Make) -> None:
    bench = make(check())
    bench.step.call.click()
    form = bench.step.calls.form
    assert form.isVisible()
    assert form.fields["with_whom"].editor.hasFocus()
    typed = {"with_whom": "Ana", "reference": "77", "coinsurance": "12.5%", "follow_up": "12/1/26"}
    for name, words in typed.items():
        form.fields[name].editor.setText(words)  # type: ignore[attr-defined]
    form.told.setPlainText("Active.")
    form._coverage._take("active")
    assert form.fields["copay"].editor.isVisible()
    form.keep.click()
    bench.settle()
    assert not form.isVisible()
    ((coverage, contact),) = bench.use.noted
    assert coverage == "c"
    heard = Heard(True, coinsurance_bp=1250)
    assert contact == Contact(Way.PHONE, "Active.", "Ana", "77", "", date(2026, 12, 1), heard)


def test_what_is_wrong_in_a_note_is_said_under_its_field_and_nothing_is_lost(make: Make) -> None:
    bench = make(check())
    bench.step.note_call()
    form = bench.step.calls.form
    form.told.setPlainText("refuse")
    form.fields["follow_up"].editor.setText("soon")  # type: ignore[attr-defined]
    form.keep.click()
    assert form.fields["follow_up"].level == "stop"
    form.fields["follow_up"].editor.setText("")  # type: ignore[attr-defined]
    form.keep.click()
    bench.settle()
    assert form.isVisible()
    assert form.fields["told"].message == "It is not right. Mend it."
    assert form.told.toPlainText() == "refuse"
    assert bench.use.noted == []


def test_noted_calls_stand_with_their_coverage(make: Make) -> None:
    bench = make(check(connector="phone"))
    bench.shelf.rows["payer_contact"] = [CALLED]
    bench.step.read()
    bench.settle()
    assert bench.step.contacts.isVisible()
    said = [label.text() for label in bench.step.contacts.findChildren(QLabel)]
    assert "“Active.”" in said
    assert "Promised by 30 Nov 2026: A letter" in said
    assert "told by phone" in bench.step.subheading
    assert "Ana, reference 77" in bench.step.subheading


def test_why_a_payer_did_not_answer_is_said_in_spanish_as_it_was_kept(make: Make) -> None:
    """The English text stays in the record; what was kept beside it can be said again."""
    why = paragraph(
        phrase("The payer did not answer within {n} seconds.", n=20), "Ask again in some minutes."
    )
    speak("es")
    try:
        bench = make(check("not_answered", say=str(why), said=kept(why)))
        notice = bench.step.notice.accessibleName()
    finally:
        speak("en")
    assert "El seguro no respondió en 20 segundos. Pregunte de nuevo en unos minutos." in notice


def test_the_estimate_is_seen_then_printed_and_kept(make: Make) -> None:
    bench = make(check())
    bench.step._may_ask = (True, "")
    bench.step.panel.print.click()
    bench.settle()
    paper = bench.step.papers.paper
    assert paper.isVisible()
    bench.printer.there = False
    paper.print_button.click()
    bench.settle()
    assert paper.strip.messages[0].words == "There is no printer."
    bench.printer.there = True
    paper.print_button.click()
    bench.settle()
    assert not paper.isVisible()
    assert bench.printer.titles == ["V1"]
    assert bench.use.printed == ["v"]
    assert bench.window.notes == ["The estimate went to the printer"]


def test_no_paper_of_money_before_the_notices(make: Make) -> None:
    """45 CFR 149.430: the notice on surprise bills no later than the first asking."""
    bench = make(check())
    assert bench.step._may_ask[0] is False
    bench.step.panel.print.click()
    bench.settle()
    assert not bench.step.papers.paper.isVisible()
    assert "notices" in bench.step.strip.messages[0].words


def test_while_locked_nothing_of_money_is_shown(make: Make) -> None:
    bench = make(check(), locked=True)
    assert bench.step.seen is None
    assert not bench.step.tile_row.isVisible()
    assert bench.step.panel.findChildren(BillRow) == []
    assert not bench.step.panel.read.isVisible()
    assert not bench.step.panel.print.isVisible()
    assert bench.use.given == []


def test_the_short_line_of_the_coverage_page(desk: DeskLike) -> None:
    line = AnswerLine()
    desk.show(line, 700, 80)
    seen = gather(Shelf(check()), demo_prices(), "v", NOW)  # type: ignore[arg-type]
    line.show_seen(seen, 0, NOW)
    assert line.accessibleName() == "Active today. Copay today $25.00: office visit."
    assert line.all.isVisible()
    assert seen is not None
    line.show_seen(replace(seen, locked=True), 0, NOW)
    assert not line.isVisible()
