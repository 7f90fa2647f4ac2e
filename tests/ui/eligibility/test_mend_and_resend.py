"""A refused question in the whole window: one press to the field, typed over, asked, answered."""

from __future__ import annotations

from typing import Any

import pytest
from desk_window import desk_window
from every_window import a_visit, living_demo, show_page

from ui.eligibility.benefits_step import BenefitsStep
from ui.interview.viewmodel import Answered
from workstation.compose import Workstation
from workstation.interview.model import PageId, Said
from workstation.kernel.commands import Command, Revise
from workstation.kernel.ids import new_id

ANSWER_MS = 20_000


def give_member_id(workstation: Workstation, coverage: dict[str, Any], member: str) -> None:
    """As if a desk had recorded it: the simulator refuses ids that begin with AAA."""
    old, new = {"member_id": coverage["member_id"]}, {"member_id": member}
    change = Revise("coverage", coverage["id"], old, new)
    with workstation.store.unit_of_work() as work:
        facility = workstation.desk.facility.id
        work.record(Command(new_id(), "seed", "u", workstation.clock(), facility, (change,)))
        work.commit()


def test_a_refused_member_id_is_mended_and_asked_again_by_itself(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with living_demo(monkeypatch) as workstation:
        visit = a_visit(workstation, "okafor-diaz")
        read = workstation.records.read
        (coverage,) = read().find("coverage", person_id=visit["person_id"])
        give_member_id(workstation, coverage, "AAA72")

        def last() -> str:
            rows = read().find("eligibility_check", person_id=visit["person_id"])
            return str(rows[-1]["state"]) if rows else ""

        with desk_window(desk, workstation, "slee") as made:
            assert made.use is not None
            made._open(made.use.check_ins.open_visit, visit["person_id"], visit["id"])
            desk.settle()
            desk.until(lambda: last() == "rejected", ANSWER_MS)
            assert made.check_in is not None
            model = made.check_in.model
            before = {"identity.identified_by": "stated", "accident.is_accident": Said.NO}
            model.dispatch(Answered(before))  # what the pages before it ask
            show_page(made, PageId.BENEFITS)
            step = made.check_in.page.step(PageId.BENEFITS)
            assert isinstance(step, BenefitsStep)
            desk.until(step.notice.go.isVisible)
            step.notice.go.click()
            desk.settle()
            assert model.state.page is PageId.COVERAGE
            desk.press("F2")
            desk.type("LSB123456789")
            desk.press("Return")
            desk.until(lambda: last() == "answered", ANSWER_MS)
            assert model.state.page is not PageId.COVERAGE
            (item,) = read().find("work_item", kind="eligibility_rejected")
            assert item["state"] == "settled"
