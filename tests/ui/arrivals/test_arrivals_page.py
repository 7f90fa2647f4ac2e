"""Arrivals with real widgets: keys, states, pictures."""

from dataclasses import replace
from datetime import timedelta

import pytest
from arrivals_day import NOW, ZONE, FixedReader, many, note, the_day
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QLabel, QWidget

from ui.arrivals.cells import cells
from ui.arrivals.page import ArrivalsPage
from ui.arrivals.table import COLUMNS, _todo
from ui.arrivals.viewmodel import ArrivalsViewModel, Department
from ui.changes import ChangesBus
from ui.controls import IconText
from ui.shell.rail import Place
from ui.shell.state import Connection, ShellState
from ui.shell.window import MainWindow
from ui.style import font
from ui.words import speak
from workstation.arrivals.model import Status
from workstation.kernel.changed import Kind

PLACES = (
    Place("arrivals", "Arrivals", "users"),
    Place("work", "Work", "inbox"),
    Place("drawer", "Drawer", "banknote"),
    Place("reports", "Reports", "chart-no-axes-column"),
    Place("setup", "Set-up", "settings"),
)


@pytest.fixture
def home(desk, jobs):
    """A window on Arrivals; ``home(rows)`` shows them."""

    def show(rows=None, *, error=None, size=(1366, 768)):
        reader = FixedReader(the_day() if rows is None else rows, error)
        vm = ArrivalsViewModel(
            lambda: NOW,
            ZONE,
            user_id="u1",
            departments=[Department(f"d{n}", f"Clinic {n}", own=n < 4) for n in range(6)],
        )
        bus = ChangesBus()
        window = MainWindow(jobs, bus)
        page = ArrivalsPage(vm, jobs, bus, reader)
        for place in PLACES:
            window.add_place(place, page if place.key == "arrivals" else QWidget())
        window.show_state(ShellState("Main Lobby", "Desk 3", "R. Diaz", Connection("up_to_date")))
        desk.show(window, *size)
        window.go("arrivals")
        desk.settle()
        window.page_, window.reader, window.bus_ = page, reader, bus
        return window

    return show


def test_arrivals_picture(home, desk):
    window = home()
    window.note("Receipt 7F-000412-K printed")
    window.offer_undo("Tran, Linh marked as arrived")
    desk.press("Down", "Down")
    desk.shots("arrivals")
    desk.names()


def test_longest_wait_stands_first_and_keys_work(home, desk, qtbot):
    window = home()
    page = window.page_
    names = [c.row.last for c in page.table.rows_model.rows]
    assert names[:5] == ["Wren", "Abernathy", "Okafor-Diaz", "Tran", "Williams"]
    desk.press("Down")
    with qtbot.waitSignal(page.checkInWanted) as got:
        desk.press("Return")
    assert got.args[0].last == "Abernathy"
    for _ in range(5):
        desk.press("Down")
    with qtbot.waitSignal(page.arrivedWanted) as got:
        desk.press("Space")
    assert got.args[0].last == "Garcia Lopez"


def test_tab_order_is_reading_order(home, desk):
    home().offer_undo("Tran, Linh marked as arrived")
    assert desk.names() == [
        "Portico menu",
        "Find a patient",
        "Connection: Up to date",
        "Signed in: R. Diaz",
        "Lock this desk",
        "Arrivals",
        "Work",
        "Drawer",
        "Reports",
        "Set-up",
        "All, 14",
        "Here, 5",
        "Needs attention, 6",
        "Mine, 0",
        "My 4 departments",
        "Arrivals of the day",
        "Check in",
        "Undo: Tran, Linh marked as arrived Ctrl+Z",
    ]


def test_typing_narrows_and_space_belongs_to_the_name(home, desk, qtbot):
    window = home()
    page = window.page_
    desk.type("garcia l")
    assert [c.row.last for c in page.table.rows_model.rows] == ["Garcia Lopez"]
    assert page.viewmodel.state.typed == "garcia l"
    desk.shot("arrivals-typed")
    desk.press("Escape")
    assert len(page.table.rows_model.rows) == 14


def test_emergency_shows_nothing_of_money(home, desk):
    window = home()
    page = window.page_
    row = page.table.rows_model.rows[0]
    assert row.row.last == "Wren"
    assert (row.today, row.coverage, row.plan) == ("", "registration only for now", "")
    assert row.todo == ()
    assert "$" not in row.spoken
    desk.shot("arrivals-emergency")


def test_sensitive_visit_shows_no_reason(home):
    rows = home().page_.table.rows_model.rows
    secret = next(c for c in rows if c.row.last == "Secret")
    assert secret.visit == ""


def test_unknown_amounts_are_words(home):
    rows = home().page_.table.rows_model.rows
    today = {c.row.last: c.today for c in rows}
    assert today["Tran"] == "re-ask"
    assert today["Garcia Lopez"] == "asking"
    assert today["Smith"] == "not known"
    assert today["Johnson"] == "estimate"


@pytest.mark.parametrize("state", ["empty", "failed", "one", "crowd"])
def test_arrivals_states_are_pictured(home, desk, state):
    if state == "failed":
        window = home(error=OSError("gone"))
    else:
        window = home({"empty": (), "one": the_day()[:1], "crowd": many(500)}[state])
    shown = len(window.page_.table.rows_model.rows)
    assert shown == {"empty": 0, "failed": 0, "one": 1, "crowd": 500}[state]
    desk.shot(f"arrivals-{state}")
    desk.names()


def test_choice_survives_a_refresh(home, desk):
    window = home()
    desk.press("Down", "Down", "Down")
    chosen = window.page_.viewmodel.state.chosen_id
    window.bus_.changed.emit(frozenset({Kind.VISIT}), None)
    desk.settle()
    assert window.reader.asked == 2
    assert window.page_.viewmodel.state.chosen_id == chosen
    assert window.page_.table.hasFocus()


def test_own_echo_is_skipped(home, desk):
    window = home()
    window.bus_.tell({Kind.VISIT}, by=window.page_)
    desk.settle()
    assert window.reader.asked == 1


@pytest.mark.parametrize("size", [(1093, 614), (960, 560), (1366, 768), (1920, 1080), (3840, 2160)])
def test_every_column_is_in_sight_at_every_size(home, desk, size):
    table = home(size=size).page_.table
    assert sum(table.columnWidth(n) for n in range(8)) <= table.viewport().width() + 1
    desk.press("Down", "Down")
    desk.shot(f"arrivals-{size[0]}")


def test_spanish_picture(home, desk):
    speak("es")
    try:
        window = home()
        desk.press("Down", "Down")
        desk.shot("arrivals-es")
        desk.names()
        assert "Español, intérprete reservado" in shown(window.page_.side)
    finally:
        speak("en")


def test_when_nobody_matches_the_keys_still_work(home, desk):
    window = home()
    desk.type("zzz")
    assert window.page_.table.hasFocus()
    desk.shot("arrivals-nobody")
    desk.press("Backspace", "Backspace", "Backspace")
    assert len(window.page_.table.rows_model.rows) == 14


def test_rows_stay_when_a_later_reading_does_not_come_through(home, desk):
    window = home()
    window.reader.error = OSError("gone")
    desk.press("F5")
    desk.settle()
    assert len(window.page_.table.rows_model.rows) == 14
    assert window.page_._day.text() == "Read at 9:34; could not be read again"


def test_after_midnight_the_list_is_of_the_new_day(home, desk):
    window = home()
    page, model = window.page_, window.page_.viewmodel
    asked = window.reader.asked
    tomorrow = NOW + timedelta(days=1)
    model._clock = lambda: tomorrow
    page._timer.timeout.emit()
    desk.settle()
    assert window.reader.asked == asked + 1
    assert window.reader.day == model.state.day == tomorrow.astimezone(ZONE).date()


def test_every_day_of_the_week_has_its_name_in_spanish(home):
    speak("es")
    try:
        page = home().page_
        named = set()
        for ahead in range(7):
            day = NOW.date() + timedelta(days=ahead)
            page._show_day(replace(page.viewmodel.state, day=day))
            named.add(page._day.text().split()[0])
    finally:
        speak("en")
    assert named == {"lun", "mar", "mié", "jue", "vie", "sáb", "dom"}


def test_who_is_done_gives_way_to_who_is_next(home, desk):
    window = home()
    page = window.page_
    desk.press("Down")
    done = page.viewmodel.state.chosen
    window.reader.rows = tuple(
        replace(row, status=Status.DONE) if row.visit_id == done.visit_id else row
        for row in window.reader.rows
    )
    desk.press("F5")
    desk.settle()
    assert page.viewmodel.state.chosen == page.viewmodel.state.visible[0]
    assert page.table.currentIndex().row() == 0
    desk.press("End")
    assert page.viewmodel.state.chosen.visit_id == done.visit_id
    assert page.viewmodel.state.chosen.status is Status.DONE
    assert "Expected today" not in shown(page.side)
    desk.press("Home")
    assert page.table.currentIndex().row() == 0


def test_a_check_in_of_somebody_else_says_whose(home, desk):
    row = replace(the_day()[0], status=Status.IN_PROGRESS, owner_id="u2", owner="M. Okoye")
    window = home((row,))
    table = window.page_.table
    words = table.rows_model.rows[0].status
    assert words == "In progress M.O."
    column = COLUMNS.index("status")
    room = table.columnWidth(column) - 16
    assert QFontMetricsF(font("body", "medium")).horizontalAdvance(words) <= room
    assert window.page_.side.go.text() == "Take over"
    told = [line.text() for line in window.page_.side.findChildren(IconText)]
    assert "M. Okoye checks in" in told
    desk.shot("arrivals-of-another")


def shown(root):
    return " ".join(label.text() for label in root.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("wide", [80, 100, 148])
def test_how_much_more_is_to_do_is_read_in_a_narrow_column_too(desk, wide):
    """At 125 % the first mark was shortened, and the +3 behind it painted out of the column."""
    marks = tuple(note(label, label) for label in ("Medicare Qs", "Card", "ID", "Forms 3"))
    row = replace(the_day()[0], todo=marks, emergency_locked=False)
    image = QImage(wide + 60, 34, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    _todo(painter, QRectF(0, 0, wide, 34), cells(row, NOW, ZONE))
    painter.end()

    def inked(left, right):
        blank = QColor(Qt.GlobalColor.white)
        return any(
            image.pixelColor(x, y) != blank
            for x in range(left, right)
            for y in range(image.height())
        )

    assert not inked(wide, image.width())
    assert inked(wide - 24, wide)


def test_what_narrows_the_list_cuts_no_filter_at_125_percent(home, desk):
    """1366 at 125 % is 1093: the counts of the filters were cut by what was typed."""
    window = home(size=(1093, 614))
    desk.type("okafor-diaz maria")
    page = window.page_
    for toggle in (*page._toggles.values(), page._departments):
        assert toggle.width() >= toggle.sizeHint().width()
    desk.shot("arrivals-narrowed-125")
