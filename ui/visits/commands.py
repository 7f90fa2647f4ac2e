"""The commands that act on a visit, in the check-in and on Arrivals."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ui.arrivals.page import ArrivalsPage
from ui.commands import command
from ui.interview.check_in_page import CheckInPage
from ui.visits.acts import VisitActs

_CHECK_IN, _ARRIVALS = "check_in", "arrivals"


def _acts(page: QWidget) -> VisitActs | None:
    return page.window().findChild(VisitActs)


def _locked(page: CheckInPage) -> bool:
    return page.model.state.situation.locked


def _open(page: CheckInPage) -> bool:
    return not _locked(page)


def _chosen(page: ArrivalsPage) -> bool:
    return page.viewmodel.state.chosen is not None


@command(
    "check_in.asks_emergency",
    "Asks for emergency care",
    keys=["Ctrl+E"],
    context=_CHECK_IN,
    menu="Visit",
    permission="correct_class",
    when=_open,
)
def asks_emergency(page: CheckInPage) -> None:
    """The emergency lock starts at once; nothing of money is shown any more."""
    acts = _acts(page)
    if acts is not None:
        acts.asks_emergency(page.model.state.draft.visit_id)


@command(
    "check_in.screening",
    "Record the screening exam…",
    keys=["Ctrl+Shift+E"],
    context=_CHECK_IN,
    menu="Visit",
    permission="record_screening",
    when=_locked,
)
def screening(page: CheckInPage) -> None:
    """Who did it, when, how you know, and the outcome; it opens the lock."""
    page.emergency.exam.click()


@command(
    "check_in.wrong_class",
    "Wrong class…",
    keys=["Ctrl+Shift+W"],
    context=_CHECK_IN,
    menu="Visit",
    permission="correct_class",
    when=_locked,
)
def wrong_class(page: CheckInPage) -> None:
    """This is no emergency visit after all; the reason is kept under your name."""
    page.emergency.wrong.click()


@command(
    "check_in.asked_cost",
    "Asked about cost",
    keys=["Ctrl+Shift+A"],
    context=_CHECK_IN,
    menu="Visit",
    when=_locked,
)
def asked_cost(page: CheckInPage) -> None:
    """Shows what to say, and records that it was asked."""
    page.emergency.cost.click()


@command(
    "check_in.left",
    "The patient left…",
    keys=["Ctrl+Shift+L"],
    context=_CHECK_IN,
    menu="Visit",
    permission="open_visit",
)
def left(page: CheckInPage) -> None:
    """Left before being seen, or before the exam: with a reason, for the log."""
    acts = _acts(page)
    if acts is not None:
        acts.ask_left(page.model.state.draft.visit_id, locked=_locked(page))


@command(
    "check_in.move",
    "This is another person's visit…",
    keys=["Ctrl+Shift+M"],
    context=_CHECK_IN,
    menu="Visit",
    permission="move_visit",
)
def move(page: CheckInPage) -> None:
    """Moves the visit with all it has to the person who really came."""
    acts = _acts(page)
    if acts is not None:
        acts.ask_move(page.model.state.draft.visit_id)


@command("check_in.face_sheet", "Face sheet", keys=["Ctrl+P"], context=_CHECK_IN, menu="Visit")
def face_sheet(page: CheckInPage) -> None:
    """Shows the face sheet, to print."""
    acts = _acts(page)
    if acts is not None:
        acts.show_face_sheet(page.model.state.draft.visit_id)


@command(
    "arrivals.left",
    "The patient left…",
    keys=["Ctrl+Shift+L"],
    context=_ARRIVALS,
    menu="Arrivals",
    permission="open_visit",
    when=_chosen,
)
def arrivals_left(page: ArrivalsPage) -> None:
    """Left before being seen, or before the exam: with a reason, for the log."""
    acts, row = _acts(page), page.viewmodel.state.chosen
    if acts is not None and row is not None:
        acts.ask_left(row.visit_id, locked=row.emergency_locked)


@command(
    "arrivals.move",
    "This is another person's visit…",
    keys=["Ctrl+Shift+M"],
    context=_ARRIVALS,
    menu="Arrivals",
    permission="move_visit",
    when=_chosen,
)
def arrivals_move(page: ArrivalsPage) -> None:
    """Moves the visit with all it has to the person who really came."""
    acts, row = _acts(page), page.viewmodel.state.chosen
    if acts is not None and row is not None:
        acts.ask_move(row.visit_id)


@command(
    "arrivals.face_sheet",
    "Face sheet",
    keys=["Ctrl+P"],
    context=_ARRIVALS,
    menu="Arrivals",
    when=_chosen,
)
def arrivals_face_sheet(page: ArrivalsPage) -> None:
    """Shows the face sheet, to print."""
    acts, row = _acts(page), page.viewmodel.state.chosen
    if acts is not None and row is not None:
        acts.show_face_sheet(row.visit_id)
