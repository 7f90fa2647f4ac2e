"""What stands around the pay step: the amount in the rail, and the panel at its side."""

from __future__ import annotations

from typing import Any

from desk_window import desk_window, shown_words
from every_window import show_page
from test_payment_step import answered, today_of

from ui.controls.steps import _StepLine
from ui.payments.due_reader import rail_words
from workstation.compose import Workstation
from workstation.interview.model import PageId
from workstation.payments.due import visit_due


def rail_note(made: Any, page: PageId) -> str:
    lines = made.check_in.page.rail.findChildren(_StepLine)
    shown = (line.step for line in lines if line.isVisible())
    return next((step.note for step in shown if step.key == page.value), "")


def test_the_amount_stands_in_the_rail_before_the_step_and_the_panel_says_what_it_is(
    desk: Any, workstation: Workstation
) -> None:
    visit = today_of(workstation, "okafor-diaz")
    with desk_window(desk, workstation, "rdiaz") as made:
        answered(workstation, desk, visit)
        made._open(made.use.check_ins.open_visit, visit["person_id"], visit["id"])
        desk.settle()
        desk.until(lambda: rail_note(made, PageId.PAY) == "$20.00")
        assert made.check_in.model.state.page is not PageId.PAY
        show_page(made, PageId.PAY)
        desk.settle()
        side = made.check_in.page.step(PageId.PAY).side
        assert side.isVisible()
        words = shown_words(side)
        for expected in ("Today's part", "Copay", "$20.00", "Notice about surprise bills"):
            assert expected in words
        assert "If paying is hard" in words
        desk.names(side)
        step = made.check_in.page.step(PageId.PAY)
        assert side.paper is None, "no paper of money before the notices"
        side.show_due(step._due, ())
        side.paper.click()
        paper = step.estimates.paper
        desk.until(paper.isVisible)
        paper.close_()
        desk.shots("pay-beside")
        made.use.visits.asks_for_emergency_care(visit["id"])
        made.check_in.look_around()
        desk.until(lambda: made.check_in.model.state.situation.locked)
        desk.settle()
        assert rail_note(made, PageId.PAY) != "$20.00"
        assert "$" not in shown_words(made.check_in.page)


def test_the_panel_leads_to_what_comes_before_money(desk: Any, workstation: Workstation) -> None:
    visit = today_of(workstation, "mahoney")
    with desk_window(desk, workstation, "rdiaz") as made:
        made._open(made.use.check_ins.open_visit, visit["person_id"], visit["id"])
        desk.settle()
        show_page(made, PageId.PAY)
        desk.settle()
        step = made.check_in.page.step(PageId.PAY)
        asked: list[str] = []
        step.goWanted.connect(asked.append)
        step.side._go_links[0].click()
        assert asked == ["papers"]


def test_no_price_of_a_self_payer_is_said_before_insurance_was_asked(
    desk: Any, workstation: Workstation
) -> None:
    visit = today_of(workstation, "johnson")
    with desk_window(desk, workstation, "rdiaz") as made:
        made._open(made.use.check_ins.open_visit, visit["person_id"], visit["id"])
        desk.settle()
        desk.until(lambda: made.check_in.page.isVisible())
        desk.settle()
        assert rail_note(made, PageId.PAY) == ""
        reader = workstation.records.read()
        due = visit_due(reader, reader.get("visit", visit["id"]), workstation.prices)
    assert rail_words(due, insurance_asked=False) == ""
    assert rail_words(due, insurance_asked=True) == "$132.30"
