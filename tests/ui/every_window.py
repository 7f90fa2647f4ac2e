"""Opens every window of the desk, one after another, over a living demo, for whoever looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from desk_window import desk_window, session_of
from PySide6.QtWidgets import QWidget

from ui.desk.window import DeskWindow
from ui.interview.viewmodel import Answered
from ui.people.duplicate_warning import Likely
from workstation.compose import Workstation
from workstation.demo.live import LiveDemo, Simulator
from workstation.interview.model import PageId
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Command, Insert
from workstation.kernel.ids import new_id

Look = Callable[[str, QWidget], None]
"""Told the name of a window and the widget that holds it, once it is there."""

PAGES = tuple(PageId)
"""Every page of a check-in is opened."""


@contextmanager
def living_demo(patch: Any) -> Iterator[Workstation]:
    """A real store, simulated payers, and a card terminal that taps by itself."""
    patch.setenv("PORTICO_TERMINAL_KEY", "rk_demo")
    patch.setenv("PORTICO_CORE_PASSWORD", "demo")
    simulator = Simulator("--payer-port", "0", "--terminal-port", "0", "--auto-tap-ms", "200")
    try:
        with LiveDemo(simulator=simulator) as demo:
            yield demo.workstation
            for driver in demo.workstation._outside.drivers.values():
                driver._client.close()
    finally:
        simulator.close()


def a_visit(workstation: Workstation, last: str) -> dict[str, Any]:
    """The visit of today of somebody of the demo."""
    reader = workstation.records.read()
    person = next(p for p in reader.find("person") if p["last"].casefold() == last)
    found = reader.find("visit", person_id=person["id"])
    return next(v for v in found if v["state"] != "done")


def add_conflict(workstation: Workstation, person_id: str) -> None:
    """Another desk gave the person another birth date."""
    person = workstation.store.read().get("person", person_id)
    assert person is not None
    fields = {
        "person_id": person_id,
        "kind": "person",
        "entity_id": person_id,
        "fields": ["dob"],
        "base": {"dob": "1985-03-03"},
        "stands": {"dob": person["dob"]},
        "waits": {"dob": "1985-05-03"},
        "waits_from": "Desk B",
        "waits_ws": "ws-b",
        "command_id": new_id(),
        "state": "open",
    }
    with workstation.store.unit_of_work() as work:
        change = Insert("conflict", new_id(), fields)
        facility = workstation.desk.facility.id
        work.record(Command(new_id(), "seed", "u", utc_now(), facility, (change,)))
        work.commit()


def walk(
    desk: Any, workstation: Workstation, look: Look, *, size: tuple[int, int] = (1366, 768)
) -> None:
    """Goes through all windows as a supervisor who checks in a returning patient."""
    visit = a_visit(workstation, "okafor-diaz")
    add_conflict(workstation, visit["person_id"])
    with desk_window(desk, workstation, "slee") as made:
        made.window.resize(*size)
        desk.settle()
        look("arrivals", made.window)
        _over_arrivals(desk, made, look)
        made.window.go("oversight")
        desk.settle()
        look("oversight", made.window)
        made._open(made.use.check_ins.open_visit, visit["person_id"], visit["id"])
        desk.settle()
        _check_in(desk, made, look)
        _payment(desk, made, look)
        _paid_visit(desk, made, look, visit["id"])
        made.guard.lock()
        desk.settle()
        look("lock", made.window)
        made.guard._signed_in(session_of(workstation, "slee"), True)
        made.guard.sign_out()
        desk.settle()
        look("sign-in", made.window)


def _over_arrivals(desk: Any, made: DeskWindow, look: Look) -> None:
    made.find.open_with("ok")
    desk.settle()
    look("find", made.find)
    made.find.close_()
    likely = Likely(
        "1",
        "OKAFOR, Maria",
        "03 Mar 1985 · F · MRN 104",
        ("same last name", "same DOB"),
        initials="MO",
    )
    made.warning.ask("Maria Okafor", [likely])
    look("duplicate", made.warning)
    made.warning.close_()
    desk.press("Alt+2")
    desk.settle()
    assert made.work.page is not None
    look("work", made.window)
    desk.press("Return")
    assert made.work.conflict.isVisible()
    look("conflict", made.work.conflict)
    made.work.conflict.close_()
    desk.press("Alt+5")
    desk.settle()
    look("set-up", made.window)
    desk.press("Alt+1")
    desk.settle()


def _check_in(desk: Any, made: DeskWindow, look: Look) -> None:
    assert made.check_in is not None
    made.check_in.model.dispatch(Answered({"identity.identified_by": "photo_id"}))
    for id in PAGES:
        show_page(made, id)
        if id in (PageId.BENEFITS, PageId.PAY):
            _await_payer(desk, made)
        desk.settle()
        look(f"page-{id.value}", made.window)
        if id is PageId.BENEFITS:
            step: Any = made.check_in.page.step(id)
            step.note_call()
            step.calls.form._coverage._take("active")
            look("call", step.calls.form)
            step.calls.form.close_()
            step.papers.show(made.check_in.draft.visit_id)
            desk.until(step.papers.paper.isVisible)
            look("estimate", step.papers.paper)
            step.papers.paper.close_()
        if id is PageId.COVERAGE:
            made.capture.scan("card")
            assert made.capture.overlay.isVisible()
            look("scan", made.capture.overlay)
            made.capture.overlay.close_()


def show_page(made: DeskWindow, id: PageId) -> None:
    """The page itself, whatever the pages before it still lack."""
    assert made.check_in is not None
    model = made.check_in.model
    model.state = replace(model.state, walk=replace(model.state.walk, page=id))
    for listener in model._listeners:
        listener(model.state)


def _await_payer(desk: Any, made: DeskWindow) -> None:
    workstation = made.desk
    person = made.check_in.draft.person_id if made.check_in else ""

    def all_in() -> bool:
        found = workstation.records.read().find("eligibility_check", person_id=person)
        return any(row["state"] == "answered" for row in found)

    desk.until(all_in, 15_000)


def _paid_visit(desk: Any, made: DeskWindow, look: Look, visit_id: str) -> None:
    """As a Done row of Arrivals opens it, and its payment to be given back."""
    assert made.use is not None
    made._show_finished(made.use, visit_id)
    assert made.finished is not None
    shown, refund = made.finished.overlay, made.finished.refunding.overlay
    desk.until(shown.isVisible)
    look("finished-visit", shown)
    assert shown.record is not None
    shown.paid.links["refund", shown.record.payments[0].payment.id].click()
    desk.until(refund.isVisible)
    look("refund", refund)
    refund.close_()
    shown.close_()


def _payment(desk: Any, made: DeskWindow, look: Look) -> None:
    assert made.check_in is not None
    step: Any = made.check_in.page.step(PageId.PAY)
    desk.until(lambda: step._due is not None)
    step.open_payment()
    desk.settle()
    assert step._dialog.isVisible()
    look("payment", step._dialog)
    desk.press("Return")
    desk.until(lambda: step.hand_out.overlay.isVisible(), 20_000)
    desk.settle()
    look("receipt", step.hand_out.overlay)
    step.hand_out.overlay.ask_address()
    desk.until(step.hand_out.overlay.mail.isVisible)
    look("receipt-mail", step.hand_out.overlay)
    desk.press("Escape")
    desk.press("Escape")
    desk.settle()
