"""The frame: keys, sheet, palette, places, pushed pages, what it says."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

import ui.arrivals.commands
import ui.visits.commands  # noqa: F401 - the same context
from ui.changes import ChangesBus
from ui.commands import REGISTRY
from ui.controls import Message
from ui.shell.rail import Place, RailButton
from ui.shell.state import Connection, ShellState, connection_words
from ui.shell.window import MainWindow
from workstation.kernel.errors import PorticoError, Refused

OFFLINE = Connection("offline", since="10:32", waiting=14)


class Page(QWidget):
    def __init__(self):
        super().__init__()
        self.told = []

    def entered(self):
        self.told.append("entered")

    def left(self):
        self.told.append("left")


@pytest.fixture
def window(desk, jobs):
    made = MainWindow(jobs, ChangesBus())
    for key, title, icon in (("arrivals", "Arrivals", "users"), ("work", "Work", "inbox")):
        made.add_place(Place(key, title, icon), Page())
    made.show_state(ShellState("Main Lobby", "Desk 3", "R. Diaz"))
    desk.show(made)
    made.go("arrivals")
    return made


def test_frame_is_named(window, desk):
    assert desk.names()[:3] == ["Portico menu", "Find a patient", "Connection: Up to date"]


def test_keys_reach_places_and_pages_are_told(window, desk):
    home = window.page
    desk.press("Alt+2")
    assert window.place == "work"
    assert home.told == ["entered", "left"]
    window.rail.badge("work", 3)
    assert "Work, 3 waiting" in desk.names()


def test_pushed_page_stays_until_popped(window):
    chart = Page()
    window.push(chart)
    window.go("work")
    assert window.page is not chart
    window.push(chart)
    assert window.page is chart
    assert window.pop() is chart
    assert window.pop() is None


def test_commands_of_a_closed_page_are_gone_and_come_again(window, desk, qtbot):
    for _ in range(2):
        chart = Page()
        chart.context, chart.target = "arrivals", chart
        chart.viewmodel = SimpleNamespace(state=SimpleNamespace(chosen=None))
        window.push(chart)
        assert any(a.command.id == "arrivals.check_in" for a in window.host.here())
        gone = window.pop()
        with qtbot.waitSignal(gone.destroyed):
            gone.deleteLater()
        window.host.refresh()
        window.host.enter("arrivals")
        assert not any(a.command.context == "arrivals" for a in window.host.here())


def test_another_page_of_a_place_takes_its_room(window, desk):
    before, page = window.page, Page()
    window.add_place(Place("arrivals", "Arrivals", "users"), page)
    window.go("arrivals")
    assert window.page is page
    assert window.pages.indexOf(before) < 0
    assert desk.names().count("Arrivals") == 1


def test_key_sheet_lists_every_key_that_works_here(window, desk):
    desk.press("F1")
    assert window.key_sheet.isVisible()
    shown = {
        label.text() for label in window.key_sheet.findChildren(QWidget) if hasattr(label, "text")
    }
    for action in window.host.here():
        if action.command.keys:
            assert action.command.title in shown
    desk.shots("keys")
    desk.press("Escape")
    assert not window.key_sheet.isVisible()


def test_palette_finds_and_does(window, desk):
    desk.press("Ctrl+Shift+P")
    desk.type("lock")
    asked = []
    window.lockWanted.connect(lambda: asked.append(1))
    desk.shot("command-palette")
    desk.press("Return")
    assert asked == [1]


def test_overlay_silences_the_commands_beneath(window, desk):
    asked = []
    window.findWanted.connect(lambda: asked.append(1))
    desk.press("F1")
    desk.press("Ctrl+K")
    assert asked == []
    desk.press("Escape", "Ctrl+K")
    assert asked == [1]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (Connection("up_to_date"), "Up to date"),
        (
            Connection("offline", since="10:32", waiting=14),
            "Working offline since 10:32 · 14 waiting",
        ),
        (Connection("catching_up", done=120, total=340), "Catching up 120/340"),
        (Connection("conflicts", conflicts=3), "3 conflicts"),
        (Connection("conflicts", conflicts=1), "1 conflict"),
    ],
)
def test_connection_is_words_and_icon(window, desk, state, words):
    window.show_connection(state)
    assert connection_words(state)[0] == words
    assert window.top.chip.text() == words
    window.top.chip.click()
    assert window.connection_panel.isVisible()
    desk.shot(f"connection-{state.state}")
    desk.press("Escape")


def test_undo_does_what_was_offered(window, desk):
    done = []
    window.offer_undo("Tran, Linh marked as arrived", lambda: done.append("back"))
    desk.press("Ctrl+Z", "Ctrl+Z")
    assert done == ["back"]


def test_expected_failure_becomes_a_message(window, desk):
    window.tell_failure(Refused("stale", "Somebody changed this meanwhile.", "Look again."))
    assert window.strip.messages == (
        Message("stop", "Somebody changed this meanwhile.", "Look again.", "stale"),
    )
    desk.names()


def test_job_of_a_failed_call_is_told_in_the_strip(window, desk, jobs):
    def fail():
        raise Refused("nope", "The printer is out of paper.", "Fill it, then print again.")

    jobs.call(fail, title="Printing")
    assert window.bottom.jobs.text() == "Printing"
    desk.settle()
    assert window.strip.messages[0].words == "The printer is out of paper."
    assert window.bottom.jobs.isHidden()


def test_every_when_can_be_asked_in_every_context(window):
    for context in REGISTRY.contexts():
        window.host.enter(context)
        window.host.refresh()


def test_who_may_not_search_finds_no_search(window, desk):
    asked = []
    window.findWanted.connect(lambda: asked.append(1))
    window.permit(lambda name: name != "search")
    desk.press("Ctrl+K")
    window.top.find_box.click()
    assert asked == []
    assert not window.top.find_box.isVisible()
    window.remove_place("work")
    desk.press("Alt+2")
    assert window.place == "arrivals"
    assert "Work" not in desk.names()
    window.permit(lambda name: True)
    desk.press("Ctrl+K")
    assert asked == [1]


def test_f1_lists_only_what_this_person_may_do_and_what_is_there(window, desk):
    window.host.permit(lambda name: False)
    desk.press("F1")
    shown = {t.text() for t in window.key_sheet.findChildren(QWidget) if hasattr(t, "text")}
    desk.press("Escape")
    assert {"Keys that work here", "Lock this desk"} <= shown
    assert not {"Check in", "Find a patient", "Drawer", "Reports"} & shown


def test_the_mouse_on_the_frame_leaves_the_keys_with_the_page(window, desk):
    window.page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.page.setFocus()
    for part in (window.top.chip, window.top.lock, window.rail.findChild(RailButton)):
        before = desk.app.focusWidget()
        QTest.mouseClick(part, Qt.MouseButton.LeftButton)
        desk.press("Escape")
        assert desk.app.focusWidget() is before


def test_what_was_said_of_one_patient_is_gone_when_the_next_chart_opens(window):
    undone = []
    window.note("Ana GARCIA is checked in")
    window.offer_undo("GARCIA, Ana marked as arrived", lambda: undone.append(1))
    window.tell_failure(Refused("stale", "Somebody changed this meanwhile.", "Look again."))
    window.forget_last()
    window.undo()
    assert window.strip.messages == ()
    assert undone == []
    assert not any("GARCIA" in t.text() for t in window.bottom.findChildren(QLabel))
    assert not window.bottom.undo.isVisible()


def test_escape_puts_a_message_away(window, desk):
    window.tell_failure(Refused("stale", "Somebody changed this meanwhile.", "Look again."))
    window.page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    window.page.setFocus()
    desk.press("Escape")
    assert window.strip.messages == ()


def test_f6_moves_between_panes(window, desk):
    window.rail.setFocus()
    desk.press("F6")
    here = desk.app.focusWidget()
    assert window.rail.isAncestorOf(here) or here is not None


def test_narrow_and_wide_pictures(window, desk):
    window.show_connection(OFFLINE)
    window.resize(1366, 768)
    desk.shot("frame-1366")
    assert window.minimumSizeHint().width() <= 1366


def test_what_waits_for_the_outside_is_counted_and_listed(window, desk):
    window.show_pending("2 eligibility answers pending", ("Blue: asked 9:34.", "Red: asked 9:35."))
    assert window.bottom.jobs.text() == "2 eligibility answers pending"
    window.show_jobs()
    shown = {label.text() for label in window.jobs_panel.findChildren(QLabel)}
    assert {"Blue: asked 9:34.", "Red: asked 9:35."} <= shown
    window.show_pending("")
    assert not window.bottom.jobs.isVisible()


def test_a_full_disk_is_over_when_the_store_takes_a_write_again(window, desk, jobs):
    """The red bar stood on after the page had been kept, and said that it had not."""

    def full():
        raise PorticoError("disk_full", "The disk is full.", "Free some space.")

    jobs.write(full)
    jobs.write(lambda: None)
    desk.settle()
    assert window.strip.isHidden()
    jobs.write(full)
    jobs.read(lambda: None)
    desk.settle()
    assert window.strip.isVisible(), "a look at the store proves nothing"
    jobs.write(lambda: None)
    desk.settle()
    assert window.strip.isHidden()
