"""The find palette with real keys: hits per keystroke, late answers dropped."""

import threading
from datetime import date

import pytest

from ui.changes import ChangesBus
from ui.people.find_palette import FindPalette
from ui.people.viewmodel import FindViewModel, name_parts
from ui.shell.window import MainWindow
from workstation.people.gateways import Hit, SearchAnswer, Span

TODAY = date(2026, 11, 23)


def hit(number, last, first, dob, mrn, town, seen, why, spans=(), sex="F"):
    return Hit(f"p{number}", last, first, None, None, dob, sex, mrn, town, seen, why, spans)


FOUND = (
    hit(1, "Okafor-Diaz", "Maria Elena", "1985-03-03", "0048213", None, "2026-08-04",
        "name, birth date", (Span("last", 0, 6), Span("first", 0, 5))),
    hit(2, "Okafor", "Marie", "1985-05-03", "0019440", "Round Rock 78664", "2022-02-01",
        "name sounds alike, birth month differs", (Span("last", 0, 6),)),
    hit(3, "Okafor Diaz", "Mario", "1985-03-03", "0048219", "Austin 78701", None,
        "same birth date and phone: twin?", (Span("last", 0, 6),), "M"),
    hit(4, "Okofor", "Mary", "1985-03-30", "0033018", "Dallas 75201", "2019-05-05",
        "one letter, birth day differs"),
)  # fmt: skip


class Search:
    """Answers at once, or for one text only when let go."""

    def __init__(self):
        self.asked = []
        self.held = {}

    def search(self, query, limit=20):
        self.asked.append(query)
        if query in self.held:
            self.held[query].wait(5)
        hits = FOUND if query.startswith("ok") else ()
        return SearchAnswer(hits, 1_012_440, 2.6)

    def candidates(self, person):
        raise AssertionError("not asked here")


@pytest.fixture
def palette(desk, jobs):
    window = MainWindow(jobs, ChangesBus())
    desk.show(window)
    made = FindPalette(window, jobs, Search(), lambda: TODAY)
    window.adopt(made)
    window.findWanted.connect(made.open)
    desk.press("Ctrl+K")
    assert made.line.hasFocus()
    return made


def test_palette_picture_and_names(palette, desk):
    desk.type("okafor maria 3/3/85")
    desk.settle()
    desk.shots("find")
    assert desk.names(palette)[0] == "Find a patient"
    assert palette.new_row.isEnabled()
    assert "Okafor, Maria, born 03 Mar 1985" in palette.new_row.accessibleDescription()


def test_every_keystroke_asks(palette, desk):
    desk.type("oka")
    desk.settle()
    assert palette._search.asked[-1] == "oka"
    assert len(palette.viewmodel.state.hits) == 4


def test_late_answer_to_an_older_text_is_dropped(palette, desk):
    gate = threading.Event()
    palette._search.held["ok"] = gate
    desk.type("ok")
    desk.type("zz")
    gate.set()
    desk.settle()
    assert palette.viewmodel.state.answered == "okzz"


def test_new_patient_sleeps_until_searched(palette, desk, qtbot):
    told = []
    palette.newPatientWanted.connect(told.append)
    desk.press("Ctrl+N")
    assert told == []
    assert not palette.new_row.isEnabled()
    desk.type("Zyx, Ann 4 Jul 1990")
    desk.settle()
    desk.press("Return")
    assert [(c.last, c.first, c.born) for c in told] == [("Zyx", "Ann", "1990-07-04")]


def test_enter_opens_and_control_enter_opens_beside(palette, desk, qtbot):
    desk.type("okafor")
    desk.settle()
    desk.press("Down")
    with qtbot.waitSignal(palette.besideWanted) as beside:
        desk.press("Ctrl+Return")
    assert beside.args[0].id == "p2"
    assert not palette.isVisible()
    palette.open()
    desk.type("okafor")
    desk.settle()
    with qtbot.waitSignal(palette.personChosen) as opened:
        desk.press("Return")
    assert opened.args[0].id == "p1"


def test_enter_before_the_answer_opens_nobody(palette, desk):
    told = []
    palette.personChosen.connect(told.append)
    desk.type("okafor")
    desk.settle()
    gate = threading.Event()
    palette._search.held["okafor m"] = gate
    desk.type(" m")
    desk.press("Return")
    assert told == []
    gate.set()
    desk.settle()


def test_escape_closes_and_a_choice_is_audited_once(palette, desk):
    settled = []
    palette.settled.connect(lambda text, hits: settled.append((text, hits)))
    desk.type("okafor")
    desk.settle()
    desk.press("Return")
    assert settled == [("okafor", 4)]
    palette.open()
    desk.press("Escape")
    assert not palette.isVisible()


def test_matched_letters_are_bold():
    bold = [text for text, matched in name_parts(FOUND[0]) if matched]
    assert bold == ["OKAFOR", "Maria"]
    assert "".join(t for t, _ in name_parts(FOUND[0])) == "OKAFOR-DIAZ, Maria Elena"


@pytest.mark.parametrize(
    ("typed", "last", "first", "born"),
    [
        ("okafor maria 3/3/85", "Okafor", "Maria", "1985-03-03"),
        ("O'Brien, Siobhán", "O'Brien", "Siobhán", None),
        ("03031985", "", "", "1985-03-03"),
        ("de la Cruz, Ana 3 Mar 1985", "De la Cruz", "Ana", "1985-03-03"),
    ],
)
def test_what_was_typed_is_carried(typed, last, first, born):
    vm = FindViewModel(lambda: TODAY)
    vm.type(typed)
    carried = vm.carried()
    assert (carried.last.lower(), carried.first, carried.born) == (last.lower(), first, born)
