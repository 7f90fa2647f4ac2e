"""The pay step in the window: three Enters for a copay, words where there is no amount."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, Protocol, cast

import pytest
from PySide6.QtWidgets import QWidget

from ui.changes import ChangesBus
from ui.controls import column
from ui.interview.step_page import StepContext
from ui.jobs import Jobs
from ui.payments import pay_step
from ui.payments.due_reader import DueReader
from ui.payments.pay_step import PayStep
from ui.shell.window import MainWindow
from workstation.compose import Workstation
from workstation.interview.model import Draft, Identity, PageId
from workstation.interview.paths import put
from workstation.interview.situation import Situation


class DeskLike(Protocol):
    jobs: Jobs

    def show(self, widget: QWidget, width: int = ..., height: int = ...) -> QWidget: ...
    def press(self, *keys: str) -> None: ...
    def until(self, true: Any, ms: int = ...) -> None: ...
    def settle(self) -> None: ...
    def shots(self, name: str, widget: QWidget | None = ...) -> None: ...


def today_of(workstation: Workstation, last: str) -> dict[str, Any]:
    """The open visit of a person of the cast."""
    reader = workstation.records.read()
    person = next(row for row in reader.find("person") if row["last"].casefold() == last)
    return next(
        row for row in reader.find("visit", person_id=person["id"]) if row["state"] != "done"
    )


class Step:
    """A pay step in a real window, with a draft that takes its answers."""

    def __init__(self, desk: DeskLike, workstation: Workstation, visit: dict[str, Any]) -> None:
        self.bus = ChangesBus()
        self.window = MainWindow(desk.jobs, self.bus)
        desk.show(self.window)
        use = workstation.automation()
        around = SimpleNamespace(window=self.window, jobs=desk.jobs, bus=self.bus, desk=workstation)
        self.page = PayStep(
            cast(Any, around), cast(Any, SimpleNamespace(use=use)), DueReader(cast(Any, around))
        )
        self.draft = Draft(
            person_id=visit["person_id"],
            visit_id=visit["id"],
            identity=Identity(last="Okafor-Diaz", first="Maria", dob="1985-03-03", mrn="0048213"),
        )
        self.went_on = 0
        self.page.edited.connect(self._edited)
        self.page.continueWanted.connect(self._go_on)
        self.window.push(column(self.page))

    def load(self, *, locked: bool = False) -> None:
        situation = Situation(date(2026, 11, 23), locked=locked)
        self.page.load(self.draft, StepContext(PageId.PAY, situation))

    def _edited(self, answers: dict[str, object]) -> None:
        for key, value in answers.items():
            self.draft = put(self.draft, key, value)
        self.load()

    def _go_on(self) -> None:
        self.went_on += 1


@pytest.fixture(autouse=True)
def _papers_are_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pay_step, "may_take_money", lambda draft, situation: (True, ""))


def answered(workstation: Workstation, desk: DeskLike, visit: dict[str, Any]) -> None:
    use = workstation.automation()
    for row in workstation.records.read().find("coverage", person_id=visit["person_id"]):
        use.eligibility.ask(visit["person_id"], row["id"], visit["id"], None, ("30", "98"))

    def all_in() -> bool:
        found = workstation.records.read().find("eligibility_check", person_id=visit["person_id"])
        return any(row["state"] == "answered" for row in found)

    desk.until(all_in, 15_000)


def test_a_known_copay_is_three_enters(desk: DeskLike, workstation: Workstation) -> None:
    visit = today_of(workstation, "okafor-diaz")
    answered(workstation, desk, visit)
    step = Step(desk, workstation, visit)
    step.load()
    desk.settle()
    assert step.page.figure.text() == "$20.00"
    desk.shots("pay-step")
    desk.press("Return")
    assert step.page._dialog.isVisible()
    desk.press("Return")
    desk.until(lambda: step.page.hand_out.overlay.isVisible(), 15_000)
    desk.settle()
    desk.press("Escape")
    assert (step.draft.money.settled, step.went_on) == ("paid", 1)
    assert step.draft.money.payment_id
    desk.settle()
    desk.shots("pay-step-paid")
    assert not step.page.take_enter()


def test_an_unknown_amount_is_words_and_enter_asks_for_none(
    desk: DeskLike, workstation: Workstation
) -> None:
    step = Step(desk, workstation, today_of(workstation, "gallagher"))
    step.load()
    desk.settle()
    assert step.page.figure.text() == "Not known yet"
    desk.shots("pay-step-unknown")
    desk.press("Return", "1")
    desk.settle()
    assert step.draft.money.settled == "nothing_today"
    assert step.draft.money.reason == "will_be_billed"
    assert step.went_on == 1


def test_without_coverage_nothing_is_said_of_a_payer(
    desk: DeskLike, workstation: Workstation
) -> None:
    step = Step(desk, workstation, today_of(workstation, "johnson"))
    step.load()
    desk.settle()
    assert step.page.figure.text() == "$132.30"
    assert "payer" not in step.page._words.text()
    desk.press("Return")
    desk.settle()
    dialog = step.page._dialog
    assert dialog.isVisible()
    said = [one.check.accessibleDescription() for one in dialog.owed._rows.values()]
    assert said[0] == "today · the price without coverage"
    dialog._end()


def test_while_locked_there_is_nothing_of_money(desk: DeskLike, workstation: Workstation) -> None:
    step = Step(desk, workstation, today_of(workstation, "gallagher"))
    step.load()
    desk.settle()
    step.load(locked=True)
    assert not step.page.take.isVisible()
    assert not step.page.figure.isVisible()
    assert not step.page.take_enter()
    step.page.open_payment()
    assert not step.page._dialog.isVisible()
