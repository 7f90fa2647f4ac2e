"""The duplicate warning cannot be waved away."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ui.changes import ChangesBus
from ui.people.beside import BesideChart
from ui.people.duplicate_warning import DuplicateWarning, Likely
from ui.shell.window import MainWindow

CANDIDATES = (
    Likely("p1", "OKAFOR-DIAZ, Maria Elena", "03 Mar 1985 · 41 F · MRN 0048213",
           ("same last and first name", "same birth date", "same phone"), True, "MO"),
    Likely("p3", "OKAFOR DIAZ, Mario", "03 Mar 1985 · 41 M · MRN 0048219",
           ("same birth date", "same address", "sex differs: twin?"), False, "MO"),
)  # fmt: skip


@pytest.fixture
def warning(desk, jobs):
    window = MainWindow(jobs, ChangesBus())
    desk.show(window)
    made = DuplicateWarning(window)
    window.adopt(made)
    made.ask("Okafor, Maria", CANDIDATES)
    return made


def test_warning_picture_and_names(warning, desk):
    desk.shots("duplicate-warning")
    assert desk.names(warning)


def test_escape_and_a_press_beside_do_not_close_it(warning, desk):
    desk.press("Escape")
    QTest.mouseClick(warning, Qt.MouseButton.LeftButton, pos=warning.rect().bottomLeft())
    assert warning.isVisible()
    assert "say why" in warning._field.message


def test_another_person_needs_a_reason(warning, desk, qtbot):
    told = []
    warning.anotherPerson.connect(told.append)
    desk.press("Tab", "Tab")
    assert warning.reason.hasFocus()
    desk.type("x")
    desk.press("Return")
    assert told == []
    assert warning.isVisible()
    desk.type("twin sister, both seen")
    desk.press("Return")
    assert told == ["xtwin sister, both seen"]
    assert not warning.isVisible()


def test_a_slip_of_the_pen_is_corrected_without_a_chart(warning, desk, qtbot):
    with qtbot.waitSignal(warning.correctionWanted):
        desk.press("Alt+C")
    assert not warning.isVisible()


def test_opening_a_candidate_answers_it(warning, desk, qtbot):
    with qtbot.waitSignal(warning.chartChosen) as got:
        desk.press("Return")
    assert got.args == ["p1"]


def test_tab_stays_inside(warning, desk):
    for _ in range(9):
        desk.press("Tab")
        assert warning.isAncestorOf(desk.app.focusWidget())


def test_chart_beside_is_read_only_and_closes_by_escape(desk, jobs):
    window = MainWindow(jobs, ChangesBus())
    desk.show(window)
    beside = BesideChart(window)
    desk.qtbot.addWidget(beside)
    beside.show_person(
        ("p1", "OKAFOR, Marie", "03 May 1985"),
        "MO",
        [
            ("Who", [("Born", "03 May 1985, 41"), ("MRN", "0019440"), ("Sex", "F")]),
            ("Coverage", [("Primary", "Aetna Choice POS II, member W123 456 789")]),
        ],
        [("Spanish, interpreter", "languages", "accent")],
    )
    desk.until(beside.isActiveWindow)
    desk.shot("beside", beside)
    assert desk.names(beside) == ["Papers and pictures", "Close the chart beside"]
    assert "OKAFOR" not in beside.windowTitle()
    desk.press("Escape")
    assert not beside.isVisible()
