"""One whole check-in of a returning patient, counted: keys pressed, and the program's own time."""

from __future__ import annotations

import time

from ui.interview.papers_step import PapersStep
from ui.payments.pay_state import Phase
from ui.tour.hospital import SharedHospital
from ui.tour.report import Report
from ui.tour.robot import NotSeen
from ui.tour.stage import Stage
from workstation.interview.model import PageId

_LETTERS = "oka"


def whole(stage: Stage, hospital: SharedHospital, report: Report) -> None:
    """From the list to the receipt."""
    robot = stage.robot
    robot.quiet()
    began, away, keys = time.perf_counter(), robot.away, robot.keys
    stage.begin_check_in(_LETTERS)
    _licence(stage, hospital)
    stage.go_on_to(PageId.REASON)
    robot.press("N")
    with stage.scene("what-changed"):
        stage.go_on_to(PageId.WHAT_CHANGED)
    _card(stage, hospital)
    _consent(stage)
    _benefits(stage)
    _pay(stage, hospital)
    report.figures |= {
        "returning": "the returning patient of the demo's cast",
        "machine_ms": round((time.perf_counter() - began - (robot.away - away)) * 1000),
        "keys": robot.keys - keys,
    }
    paper = hospital.printer.tray[-1]
    (report.out / "receipt.pdf").write_bytes(paper)
    report.figures["receipt"] = "receipt.pdf"


def _licence(stage: Stage, hospital: SharedHospital) -> None:
    """F9, a picture by paste, Enter."""
    overlay, robot = stage.desk.capture.overlay, stage.robot
    with stage.scene("licence"):
        robot.press("F9")
        robot.paste_file(hospital.licence)
        robot.wait(lambda: overlay.state.usable, "the licence as read", patience=30.0)
    robot.press("Return")


def _card(stage: Stage, hospital: SharedHospital) -> None:
    """F8, a picture by paste, Enter; then the coverage with what the card says beside it."""
    overlay, robot = stage.desk.capture.overlay, stage.robot
    with stage.scene("card"):
        robot.press("F8")
        robot.paste_file(hospital.card)
        robot.wait(lambda: overlay.state.usable, "the card as read", patience=30.0)
    robot.press("Return")
    with stage.scene("coverage"):
        robot.press("Return")
        robot.wait(lambda: stage.at(PageId.COVERAGE), "the coverage questions")
        robot.quiet()
    with stage.scene("doubt"), robot.not_the_program():
        # By pointer: the doubtful field is looked at, nothing is typed.
        stage.step.focus_on("coverages.items.0.group_number")  # type: ignore[attr-defined]
        robot.turn()


def _consent(stage: Stage) -> None:
    """One signature; Enter goes through the papers."""
    robot = stage.robot
    stage.go_on_to(PageId.PAPERS)
    step = stage.step
    if not isinstance(step, PapersStep) or not step.pane.isVisible():
        raise NotSeen("a paper to sign")
    with robot.not_the_program():
        robot.sign_on(step.pane.pad)
    with stage.scene("consent"):
        robot.turn()


def _benefits(stage: Stage) -> None:
    """The payer's answer at a glance, and the bill beside it."""
    robot = stage.robot
    stage.go_on_to(PageId.BENEFITS)
    with stage.scene("benefits"):
        robot.wait(lambda: _answered(stage), "the payer's answer")
    with stage.scene("estimate"):
        robot.turn()
    stage.go_on_to(PageId.PAY)


def _answered(stage: Stage) -> bool:
    seen = getattr(stage.step, "seen", None)
    return seen is not None and bool(seen.coverages) and seen.coverages[0].answer is not None


def _pay(stage: Stage, hospital: SharedHospital) -> None:
    """By card: Enter opens, Enter takes, the patient taps, Enter prints."""
    robot = stage.robot
    robot.press("Return")
    robot.wait(lambda: stage.payment.isVisible(), "the payment dialog")
    robot.press("Return")
    with stage.scene("pay-card"):
        robot.wait(lambda: _waits_for_card(stage), "the terminal waiting for the card")
    robot.wait(lambda: stage.receipt.isVisible(), "the receipt", patience=30.0)
    robot.away += hospital.tap_ms / 1000
    with stage.scene("receipt"):
        robot.quiet()
    robot.press("Return")
    robot.wait(lambda: not stage.receipt.isVisible(), "the printed receipt")
    stage.press_until(lambda: stage.window.page is stage.arrivals, "the end of the check-in")


def _waits_for_card(stage: Stage) -> bool:
    model = stage.payment.model
    return model is not None and model.state.phase is Phase.CARD and model.state.card is not None
