"""The beginning of a day: signing in, the list, finding people, and who is new."""

from __future__ import annotations

from ui import style
from ui.style import Scheme
from ui.tour.robot import NotSeen
from ui.tour.script_money import walk_to
from ui.tour.stage import Stage
from workstation.interview.model import PageId


def sign_in(stage: Stage, login: str, password: str) -> None:
    """A person sits down."""
    robot = stage.robot
    with stage.scene("sign-in"):
        robot.wait(lambda: stage.start.desk_window is not None, "the store", patience=60.0)
        robot.wait(stage.desk.guard.page.login.hasFocus, "the sign-in")
    enter(stage, login, password)


def enter(stage: Stage, login: str, password: str) -> None:
    """Name and password, then the list."""
    robot = stage.robot
    robot.type(login)
    robot.press("Tab")
    robot.type(password)
    robot.press("Return")
    robot.wait(lambda: stage.desk.use is not None and not stage.window.covered, "the first look")


def arrivals(stage: Stage) -> None:
    """The list of the day, light and dark."""
    robot = stage.robot
    with stage.scene("arrivals"):
        robot.wait(lambda: len(stage.arrivals.viewmodel.state.visible) > 0, "rows of the day")
        robot.press("Down")
    scheme = style.current().scheme
    with stage.scene("arrivals-dark"):
        stage.window.dress(Scheme.DARK)
    stage.window.dress(scheme)
    robot.turn()


def find(stage: Stage) -> None:
    """Letters with a slip of the finger still find; nothing was opened yet."""
    robot = stage.robot
    with stage.scene("find"):
        robot.press("Ctrl+K")
        robot.type("okafr mar")
        robot.wait(lambda: len(stage.desk.find.viewmodel.state.hits) > 0, "hits")
    robot.press("Escape")


def new_patient(stage: Stage) -> None:
    """Nobody is made before a search; what was typed comes along."""
    robot = stage.robot
    robot.press("Ctrl+K")
    robot.type("tesselmann ida")
    state = stage.desk.find.viewmodel
    robot.wait(lambda: state.state.answered == state.state.typed, "the answer of the search")
    with stage.scene("new-patient"):
        robot.press("Ctrl+N")
        robot.wait(lambda: stage.at(PageId.IDENTITY), "an empty chart")
        stage.fill(("identity.dob", "7/4/1991"), ("identity.sex", "F"))
    stage.fill(("identity.identified_by", "S"))
    stage.go_on_to(PageId.REASON)
    robot.quiet()
    stage.back_to_arrivals()


def first_coverage(stage: Stage) -> None:
    """Somebody who was here never: what they are insured by is typed from the card."""
    robot = stage.robot
    stage.begin_check_in("johnson, k")
    walk_to(stage, PageId.COVERAGE)
    with stage.scene("first-coverage"):
        stage.fill(("coverages.insured", "Y"))
        at = "coverages.items.0."
        stage.fill((f"{at}payer_name", "Lone Star Blue PPO"), (f"{at}member_id", "LSB777123456"))
    robot.press("Return")
    robot.quiet()
    if stage.at(PageId.COVERAGE):
        asked = [problem.field for problem in stage.check_in.model.state.problems]
        raise NotSeen(f"the page after the coverage (asked {asked})")
    stage.back_to_arrivals()


def duplicate_warning(stage: Stage) -> None:
    """Somebody who has a chart already comes as if new."""
    robot = stage.robot
    robot.press("Ctrl+K")
    robot.type("petrov nikolaj")
    state = stage.desk.find.viewmodel
    robot.wait(lambda: state.state.answered == state.state.typed, "the answer of the search")
    robot.press("Ctrl+N")
    robot.wait(lambda: stage.at(PageId.IDENTITY), "an empty chart")
    with stage.scene("duplicate-warning"):
        stage.fill(("identity.dob", "2/14/1979"), ("identity.sex", "M"))
        stage.fill(("identity.identified_by", "S"))
        stage.press_until(stage.desk.warning.isVisible, "the warning")
    robot.press("Return")
    stage.back_to_arrivals()
