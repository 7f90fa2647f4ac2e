"""Sign-in, lock, take-over and veil with real keys."""

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from ui.access.guard import DeskGuard
from ui.access.idle import IdleWatch
from ui.changes import ChangesBus
from ui.controls import Line, Text, column
from ui.shell.rail import Place
from ui.shell.state import ShellState
from ui.shell.window import MainWindow
from workstation.access.model import Role, Session
from workstation.kernel.errors import Refused

DIAZ = Session("u1", "rdiaz", "R. Diaz", Role.REGISTRAR)
LEE = Session("u2", "klee", "K. Lee", Role.REGISTRAR)


class Accounts:
    """Two people and their passwords."""

    def __init__(self):
        self.locked = []

    def sign_in(self, login, password):
        people = {("rdiaz", "one long password"): DIAZ, ("klee", "another password"): LEE}
        found = people.get((login, password))
        if found is None:
            raise Refused(
                "sign_in_wrong",
                "This name and password do not go together.",
                "Type both again. After five tries the desk waits.",
            )
        return found

    def lock(self, session, *, idle):
        self.locked.append((session.user_id, idle))


@pytest.fixture
def guarded(desk, jobs):
    window = MainWindow(jobs, ChangesBus())
    page = QWidget()
    window.secret = Line("typed and not saved")
    window.secret.setAccessibleName("Notes")
    column(Text("OKAFOR-DIAZ, Maria Elena", role="page"), window.secret, None, into=page)
    window.add_place(Place("arrivals", "Arrivals", "users"), page)
    window.show_state(ShellState("Main Lobby", "Desk 3", "R. Diaz"))
    window.accounts = Accounts()
    window.guard = DeskGuard(window, jobs, window.accounts, facility="St. Brendan Hospital")
    window.guard.sessionBegan.connect(window.guard.welcome)
    window.go("arrivals")
    desk.show(window)
    window.guard.begin()
    return window


def sign_in(desk, window, login, password):
    if login:
        desk.type(login)
        desk.press("Return")
    desk.type(password)
    desk.press("Return")
    desk.settle()


def test_sign_in_picture_names_and_refusal(guarded, desk, qtbot):
    desk.shots("sign-in")
    assert desk.names() == ["Name", "Password", "Sign in"]
    sign_in(desk, guarded, "rdiaz", "wrong")
    assert guarded.covered
    assert "do not go together" in guarded.guard.page.password.accessibleDescription()
    assert guarded.guard.page.password.text() == ""
    labels = guarded.guard.page.findChildren(QLabel)
    said = next(label for label in labels if "go together" in label.text())
    two_lines = said.heightForWidth(said.width())
    assert two_lines > 18
    qtbot.waitUntil(lambda: said.height() >= two_lines)  # neither is cut off
    desk.shot("sign-in-refused")


def test_lock_hides_everything_and_the_same_person_finds_it_as_it_was(guarded, desk):
    sign_in(desk, guarded, "rdiaz", "one long password")
    assert guarded.guard.session == DIAZ
    guarded.secret.setFocus()
    desk.type(" more")
    desk.press("Ctrl+L")
    assert guarded.covered
    assert not guarded.secret.isVisible()
    desk.shots("locked")
    assert "Notes" not in desk.names()
    sign_in(desk, guarded, "", "one long password")
    assert not guarded.covered
    assert guarded.secret.text().endswith("more")
    assert guarded.secret.hasFocus()
    desk.settle()
    assert guarded.accounts.locked == [("u1", False)]


def test_keys_do_nothing_under_the_lock(guarded, desk):
    sign_in(desk, guarded, "rdiaz", "one long password")
    desk.press("Ctrl+L")
    asked = []
    guarded.findWanted.connect(lambda: asked.append(1))
    desk.press("Ctrl+K", "F12", "F1")
    assert asked == []
    assert not guarded.guard.veil.isVisible()


def test_lock_answers_over_an_open_overlay_which_comes_back(guarded, desk):
    sign_in(desk, guarded, "rdiaz", "one long password")
    desk.press("F1")
    beside = QWidget()
    desk.qtbot.addWidget(beside)
    beside.show()
    guarded.activateWindow()
    desk.until(guarded.isActiveWindow)
    desk.press("Ctrl+L")
    assert guarded.covered
    assert not guarded.key_sheet.isVisible()
    assert not beside.isVisible()
    sign_in(desk, guarded, "", "one long password")
    assert guarded.key_sheet.isVisible()
    assert beside.isVisible()


def test_another_person_finds_nothing_open(guarded, desk):
    sign_in(desk, guarded, "rdiaz", "one long password")
    chart = QWidget()
    guarded.push(chart)
    ended = []
    guarded.guard.sessionEnding.connect(lambda session, pages: ended.append((session, pages)))
    desk.press("Ctrl+L")
    guarded.guard.page.other.click()
    sign_in(desk, guarded, "klee", "another password")
    assert guarded.guard.session == LEE
    assert ended == [(DIAZ, (chart,))]
    assert guarded.pages.indexOf(chart) < 0
    assert not guarded.covered


def test_idleness_locks_once(guarded, desk, qapp):
    sign_in(desk, guarded, "rdiaz", "one long password")
    now = [0.0]
    watch = IdleWatch(qapp, 60.0, lambda: now[0])
    told = []
    watch.idle.connect(lambda: told.append(1))
    now[0] = 59.0
    watch.look()
    assert told == []
    now[0] = 61.0
    watch.look()
    watch.look()
    assert told == [1]
    desk.press("Down")
    now[0] = 200.0
    watch.look()
    assert told == [1, 1]
    watch.deleteLater()


def test_veil_comes_and_goes_by_one_key(guarded, desk):
    sign_in(desk, guarded, "rdiaz", "one long password")
    guarded.secret.setFocus()
    desk.press("F12")
    assert guarded.guard.veil.isVisible()
    desk.shot("veiled")
    desk.press("F12")
    assert not guarded.guard.veil.isVisible()
    assert guarded.secret.hasFocus()
