"""Other people of the day: Medicare's questions, cash with change, a check, nothing today."""

from __future__ import annotations

from ui.interview.papers_step import PapersStep
from ui.payments.pay_step import PayStep
from ui.tour.robot import NotSeen
from ui.tour.stage import Stage
from workstation.interview.model import PageId, Said

_MOST = 60


def walk_to(stage: Stage, page: PageId) -> None:
    """A check-in in which everything is as it was, by the keys that say so."""
    for _ in range(_MOST):
        if stage.at(page):
            return
        _answer(stage)
        stage.robot.press("Return")
        if stage.is_open() and stage.check_in.model.state.choice is not None:
            stage.robot.press("1")
    raise NotSeen(f"{page} (stands at {stage.page})")


def _answer(stage: Stage) -> None:
    """What Enter alone does not answer."""
    draft, robot = stage.check_in.draft, stage.robot
    if stage.page is PageId.IDENTITY and not draft.identity.identified_by:
        stage.fill(("identity.identified_by", "S"))
    elif stage.page is PageId.REASON and draft.accident.is_accident is Said.OPEN:
        stage.fill(("accident.is_accident", "N"))
    elif stage.page is PageId.PAPERS and isinstance(stage.step, PapersStep):
        if draft.about.language != "en" and draft.about.interpreter is Said.OPEN:
            stage.fill(("about.interpreter", "N"))
        pane = stage.step.pane
        if pane.isVisible() and pane.pad.isVisible() and not pane.pad.has_signature:
            robot.sign_on(pane.pad)


def medicare_questions(stage: Stage) -> None:
    """Asked afresh at every visit, one key an answer; the order of payers is told."""
    stage.begin_check_in("abern")
    walk_to(stage, PageId.MEDICARE)
    with stage.scene("medicare-questions"):
        stage.robot.press("N", "N", "N")
    stage.back_to_arrivals()


def pay_cash(stage: Stage) -> None:
    """Cash is counted first; the change is the largest figure."""
    robot = stage.robot
    stage.begin_check_in("chen")
    _open_payment(stage)
    with stage.scene("pay-cash"):
        robot.press(stage.payment.tender.keys["cash"].toString())
        stage.payment.tender.tendered.setFocus()
        robot.type("100")
    _take(stage)


def pay_check(stage: Stage) -> None:
    """A check with its number."""
    robot = stage.robot
    stage.begin_check_in("petrov")
    _open_payment(stage)
    with stage.scene("pay-check"):
        robot.press(stage.payment.tender.keys["check"].toString())
        stage.payment.tender.reference.setFocus()
        robot.type("1041")
    _take(stage)


def nothing_today(stage: Stage) -> None:
    """A reason by one key, and no word that presses anyone."""
    robot = stage.robot
    stage.begin_check_in("ramirez")
    walk_to(stage, PageId.PAY)
    robot.quiet()
    step = stage.step
    if not isinstance(step, PayStep):
        raise NotSeen("the pay step")
    with stage.scene("nothing-today"):
        if not stage.payment.isVisible():
            step.nothing.click()
        robot.wait(stage.payment.isVisible, "the reasons")
    robot.press("2")
    _end(stage)


def _open_payment(stage: Stage) -> None:
    walk_to(stage, PageId.PAY)
    stage.robot.quiet()
    stage.robot.press("Return")
    stage.robot.wait(stage.payment.isVisible, "the payment dialog")


def _take(stage: Stage) -> None:
    robot = stage.robot
    robot.press("Return")
    robot.wait(stage.receipt.isVisible, "the receipt")
    robot.press("Return")
    robot.wait(lambda: not stage.receipt.isVisible(), "the printed receipt")
    _end(stage)


def _end(stage: Stage) -> None:
    stage.press_until(lambda: stage.window.page is stage.arrivals, "the end of the check-in")
