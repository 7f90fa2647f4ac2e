"""What two desks, a lock, a power cut and an emergency do to a morning."""

from __future__ import annotations

from ui.tour import script_day
from ui.tour.hospital import SharedHospital
from ui.tour.robot import NotSeen
from ui.tour.script_money import nothing_today
from ui.tour.stage import Stage
from workstation.arrivals.model import Status
from workstation.interview.model import PageId

_SECONDS = 20.0
"""Until something that was done at one desk is at the other."""


def locked(stage: Stage, password: str) -> None:
    """Everything is covered at once, and comes back as it was."""
    robot = stage.robot
    stage.begin_check_in("garcia")
    with stage.scene("locked"):
        robot.press("Ctrl+L")
        robot.wait(lambda: stage.window.covered, "the cover")
    robot.type(password)
    robot.press("Return")
    robot.wait(lambda: not stage.window.covered and stage.is_open(), "the open work")
    stage.back_to_arrivals()


def emergency(stage: Stage) -> None:
    """Registration only, until a clinician's screening exam is recorded."""
    robot = stage.robot
    with stage.scene("emergency"):
        stage.begin_check_in("dubois")
        robot.wait(lambda: stage.check_in.page.emergency.isVisible(), "the one line")
    bar = stage.check_in.page.emergency
    with stage.scene("emergency-exam"):
        robot.press("Alt+X")
        bar.outcome.part("no_emergency").click()
        bar.by.setFocus()
        robot.type("Dr. Haddad")
        if bar.by.text() != "Dr. Haddad":
            raise NotSeen("every letter of the clinician's name")
        bar.source.setFocus()
        robot.type("told at the desk")
    with stage.scene("emergency-open"):
        bar.save.click()
        robot.wait(lambda: not stage.check_in.model.state.situation.locked, "the open lock")
    stage.back_to_arrivals()


def second_desk(first: Stage, second: Stage, login: str, password: str) -> None:
    """What was done at the first desk is there within seconds."""
    robot = second.robot
    second.window.show()
    robot.to_front()
    second.start.begin()
    robot.wait(lambda: second.start.desk_window is not None, "the second store", patience=60.0)
    script_day.enter(second, login, password)
    robot.wait(lambda: _in_step(second), "the second desk in step", patience=_SECONDS)
    with second.scene("second-desk"):
        robot.type("okaf")
        robot.wait(lambda: _is_done(second), "the check-in of the first desk", patience=_SECONDS)
        robot.wait(lambda: _has_payment(second), "its payment", patience=_SECONDS)
    robot.press("Escape", "Ctrl+K")
    robot.type("tesselmann")
    hits = second.desk.find.viewmodel
    robot.wait(lambda: bool(hits.state.hits), "the new patient", patience=_SECONDS)
    with second.scene("second-desk-new-patient"):
        robot.turn()
    robot.press("Escape")
    second.back_to_arrivals()


def _is_done(stage: Stage) -> bool:
    chosen = stage.arrivals.viewmodel.state.chosen
    return chosen is not None and chosen.status is Status.DONE


def _has_payment(stage: Stage) -> bool:
    """The second store's own row, by the read model that every page uses."""
    chosen = stage.arrivals.viewmodel.state.chosen
    reader = stage.desk.desk.records.read()
    return chosen is not None and bool(reader.find("payment", visit_id=chosen.visit_id))


def offline(stage: Stage, hospital: SharedHospital) -> None:
    """The shared database is gone; a check-in goes just as well."""
    stage.robot.to_front()
    stage.robot.while_waiting(hospital.cut)
    with stage.scene("offline"):
        stage.robot.wait(
            lambda: stage.window.connection.state == "offline", "the chip", patience=_SECONDS
        )
    nothing_today(stage)


def conflict(first: Stage, second: Stage, hospital: SharedHospital) -> None:
    """Two desks that are cut off change the same birth date; a supervisor settles it."""
    _correct_birth_date(first, "3/18/1971")
    second.robot.to_front()
    _correct_birth_date(second, "3/19/1971")
    second.robot.while_waiting(hospital.mend)
    robot = second.robot
    robot.wait(
        lambda: second.window.connection.state == "conflicts", "the conflict", patience=_SECONDS
    )
    with second.scene("conflict"):
        second.window.go("work")
        robot.quiet()
        _choose_conflict(second)
        robot.press("Return")
        robot.wait(second.desk.work.conflict.isVisible, "both sides")
    with second.scene("conflict-settled"):
        robot.press("1")
        robot.type("licence seen")
        robot.press("Return")
        robot.wait(lambda: not second.desk.work.conflict.isVisible(), "the end of it")
    first.robot.to_front()
    first.robot.wait(lambda: _sent(first), "the first desk in step", patience=_SECONDS)


def privacy(stage: Stage) -> None:
    """A supervisor asks who looked at whom, at all desks; and how the day's money stands."""
    robot = stage.robot
    robot.to_front()
    page = stage.desk.oversight.page
    if page is None:
        raise NotSeen("the privacy page")
    with stage.scene("privacy"):
        robot.press("Alt+4")
        robot.wait(lambda: page.listing is not None, "what stands out", patience=_SECONDS)
    with stage.scene("privacy-patient"):
        page.view.setFocus()
        robot.press("Right", "F2")
        robot.type("okafor maria")
        robot.wait(lambda: bool(stage.desk.oversight.picker.viewmodel.state.hits), "the patient")
        robot.press("Return")
        robot.wait(
            lambda: bool(page.listing and page.listing.rows), "who looked", patience=_SECONDS
        )
    with stage.scene("shift-report"):
        stage.window.host.trigger("shift_report")
        robot.wait(stage.desk.shift.overlay.isVisible, "the shift report")
    stage.back_to_arrivals()


def _choose_conflict(stage: Stage) -> None:
    """Down the list, to the first conflict in a birth date."""
    page = stage.desk.work.page
    if page is None:
        raise NotSeen("the list of what waits")
    places = [n for n, row in enumerate(page.rows) if "dob" in row.detail.get("fields", ())]
    if not places:
        raise NotSeen("a conflict in a birth date")
    stage.robot.press("Ctrl+Home", *["Down"] * places[0])


def _in_step(stage: Stage) -> bool:
    return stage.window.connection.state == "up_to_date"


def _sent(stage: Stage) -> bool:
    """Nothing waits, whatever is still to be settled by a person."""
    return stage.window.connection.state in ("up_to_date", "conflicts") and (
        stage.window.connection.waiting == 0
    )


def _correct_birth_date(stage: Stage, text: str) -> None:
    stage.begin_check_in("brien")
    stage.correct("identity.dob", text)
    stage.fill(("identity.identified_by", "S"))
    stage.go_on_to(PageId.REASON)
    stage.robot.quiet()
    stage.back_to_arrivals()
