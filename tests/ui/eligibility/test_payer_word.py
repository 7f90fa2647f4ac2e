"""The payer's last word under the questions of a coverage: read, hidden, and a way to all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, Protocol

import pytest
from benefits_visit import NOW, Shelf, check
from PySide6.QtWidgets import QWidget

from ui.changes import ChangesBus
from ui.eligibility.payer_word import PayerWord
from ui.interview.coverage_step import CoverageStep
from ui.interview.step_page import StepContext
from ui.interview.viewmodel import Answered, Changed, CheckInViewModel
from ui.jobs import Jobs
from workstation.estimates.prices import demo_prices
from workstation.interview.flow import Walk
from workstation.interview.model import CoverageAnswer, Coverages, Draft, PageId, Said
from workstation.interview.situation import Situation
from workstation.kernel.changed import Kind

DRAFT = Draft(
    person_id="p",
    visit_id="v",
    coverages=Coverages(
        Said.YES,
        (CoverageAnswer(id="c", payer_name="Blue Example", member_id="XQZ1", relation="self"),),
    ),
)


class DeskLike(Protocol):
    def show(self, widget: QWidget, width: int = ..., height: int = ...) -> QWidget: ...
    def shots(self, name: str, widget: QWidget | None = ...) -> None: ...


class Bench:
    def __init__(self, desk: DeskLike, jobs: Jobs, *checks: dict[str, Any]) -> None:
        self.shelf, self.bus, self.jobs = Shelf(*checks), ChangesBus(), jobs
        self.model = CheckInViewModel(Walk(DRAFT, PageId.COVERAGE), Situation(date(2026, 11, 23)))
        office = SimpleNamespace(records=self.shelf, prices=demo_prices(), clock=lambda: NOW)
        around: Any = SimpleNamespace(bus=self.bus, desk=office)
        self.step = CoverageStep()
        check_in: Any = SimpleNamespace(model=self.model, jobs=jobs)
        self.word = PayerWord(around, check_in, self.step)
        desk.show(self.step, 760, 640)
        self.step.load(DRAFT, StepContext(PageId.COVERAGE, Situation(date(2026, 11, 23))))
        assert jobs.drain()

    @property
    def said(self) -> str:
        return self.word.line.accessibleName() if self.word.line.isVisible() else ""


Make = Callable[..., Bench]


@pytest.fixture
def make(desk: DeskLike, jobs: Jobs) -> Make:
    return lambda *checks: Bench(desk, jobs, *checks)


def test_it_says_what_the_payer_said_and_leads_to_all_of_it(make: Make, desk: DeskLike) -> None:
    bench = make(check())
    assert bench.said == "Active today. Copay today $25.00: office visit."
    went: list[str] = []
    bench.step.goWanted.connect(went.append)
    bench.word.line.all.click()
    assert went == ["benefits"]
    desk.shots("payer-word")


def test_it_follows_what_comes_in(make: Make) -> None:
    bench = make(check("asked", asked_at="2026-11-23T15:33:55Z"))
    assert bench.said == "Asking since 15:33."
    bench.shelf.rows["eligibility_check"].append(check(answered_at="2026-11-23T15:33:58Z"))
    bench.shelf.rows["eligibility_check"][0]["asked_at"] = "2026-11-23T15:30:00Z"
    bench.bus.tell({Kind.ELIGIBILITY})
    assert bench.jobs.drain()
    assert bench.said.startswith("Active today.")


def test_it_says_nothing_of_a_member_id_that_is_being_changed(make: Make) -> None:
    bench = make(check())
    bench.model.dispatch(Answered({"coverages.items.0.member_id": "XQZ2"}))
    assert bench.said == ""


def test_while_locked_it_says_nothing(make: Make) -> None:
    bench = make(check())
    bench.model.dispatch(Changed(replace(bench.model.state.situation, locked=True)))
    bench.model.dispatch(Answered({"reason.patient_class": "E"}))
    bench.word._show()
    assert bench.said == ""
