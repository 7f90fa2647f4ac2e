"""A page that the store refuses, at a desk with a real store: the right page is blamed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from desk_window import desk_window

from ui.interview.viewmodel import Answered, Continued
from workstation.compose import Workstation
from workstation.demo.live import LiveDemo
from workstation.interview.flow import StepState
from workstation.interview.model import PageId
from workstation.kernel.errors import Refused


@pytest.fixture(scope="module")
def demo() -> Iterator[Workstation]:
    with LiveDemo() as live:
        yield live.workstation


class Slow:
    """Records as the store does, but is slow about the first page, and then refuses it."""

    def __init__(self, made: Any) -> None:
        self.go_on = threading.Event()
        self.pages: list[PageId] = []
        self._record = made.use.check_ins.record
        made.use.check_ins.record = self

    def __call__(self, page: PageId, *rest: Any) -> Any:
        self.pages.append(page)
        if page is PageId.IDENTITY:
            assert self.go_on.wait(10)
            raise Refused("stale", "Somebody changed this.", "Look again.", field="identity.last")
        return self._record(page, *rest)


def test_the_page_that_was_refused_is_blamed_and_the_typing_goes_on(
    desk: Any, demo: Workstation
) -> None:
    visit = next(
        v
        for v in demo.store.read().find("visit", state="expected")
        if v["class"] == "O" and v["lock"] == "none"
    )
    with desk_window(desk, demo, "rdiaz") as made:
        made._open(made.use.check_ins.open_visit, visit["person_id"], visit["id"])
        desk.settle()
        model, page = made.check_in.model, made.check_in.page
        slow = Slow(made)
        model.dispatch(Answered({"identity.identified_by": "photo_id"}))
        desk.press("Return")
        assert model.state.page is PageId.REASON
        model.dispatch(Answered({"accident.is_accident": "no", "reason.reason": "Fell"}))
        model.dispatch(Continued("asked_later"))
        there = model.state.page
        assert there is not PageId.REASON
        made.window.top.setFocus()
        desk.press("Shift")
        slow.go_on.set()
        desk.settle()
        assert slow.pages == [PageId.IDENTITY, PageId.REASON]
        assert model.state.page is there
        assert model.state.refused.page is PageId.IDENTITY
        rail = {line.page: line.state for line in model.state.rail}
        assert rail[PageId.IDENTITY] is StepState.MUST_FIX
        page._answered("record")
        desk.settle()
        assert model.state.page is PageId.IDENTITY
