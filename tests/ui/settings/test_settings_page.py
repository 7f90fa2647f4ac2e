"""Set-up over the demo's real desk: a choice is kept, acts at once, or says when it will."""

import json

import pytest
from desk_window import desk_window, take_seat

from ui import style
from ui.settings.devices import devices
from workstation.demo.live import LiveDemo
from workstation.facility.settings import load
from workstation.kernel.errors import PorticoError
from workstation.papers.printing import PrintQueue


@pytest.fixture
def demo():
    with LiveDemo() as live:
        yield live.workstation


def kept(workstation):
    return json.loads((workstation.settings.home / "settings.json").read_text("utf-8"))


def test_choices_are_kept_and_hold(desk, demo):
    with desk_window(desk, demo, "rdiaz") as made:
        desk.press("Alt+5")
        page = made.settings.page
        assert made.window.page is page
        assert page.theme.part("system").hasFocus()
        desk.press("Right", "Right")
        desk.settle()
        assert style.current().scheme is style.Scheme.DARK
        desk.shot("set-up-dark")
        page.theme.part("light").click()
        page.size_of_text.part("125").click()
        desk.settle()
        assert kept(demo) == {"theme": "light", "text_percent": 125}
        assert "next start" in page._size.message
        desk.names(page)
        desk.shot("set-up")


def test_arrivals_opens_on_the_departments_of_this_desk(desk, demo):
    with desk_window(desk, demo, "rdiaz") as made:
        before = len(made.arrivals.viewmodel.state.rows)
        imaging = next(d for d in made._departments() if d.name == "Imaging")
        desk.press("Alt+5")
        for id, box in made.settings.page.boxes.items():
            if id != imaging.id:
                box.click()
        desk.press("Alt+1")
        desk.settle()
        state = made.arrivals.viewmodel.state
        assert {row.department for row in state.rows} == {"Imaging"}
        assert len(state.rows) < before
        take_seat(made, desk, "mokoye")
        assert made.arrivals.viewmodel.state.departments == (imaging.id,)
        assert kept(demo) == {"departments": [imaging.id]}


class Tray:
    """A print system with two printers, one of them the system's own."""

    def __init__(self):
        self.chosen = None

    def use(self, queue):
        self.chosen = queue

    def queues(self):
        return [PrintQueue("Back_hall", True, True), PrintQueue("Desk_3", False, True)]


def test_papers_go_to_the_printer_chosen_for_this_desk(desk, demo, monkeypatch):
    tray = Tray()
    monkeypatch.setattr(demo, "printing", tray)
    with desk_window(desk, demo, "rdiaz") as made:
        desk.press("Alt+5")
        desk.settle()
        choice = made.settings.page.printer
        offered = [choice.itemText(n) for n in range(choice.count())]
        assert offered == ["The system's own printer", "Back_hall", "Desk_3"]
        choice.setFocus()
        desk.press("Down", "Down")
        desk.settle()
        assert tray.chosen == "Desk_3"
        assert kept(demo) == {"printer": "Desk_3"}
        desk.shot("set-up-printer")
        desk.press("Up", "Up")
        desk.settle()
        assert tray.chosen is None
        assert kept(demo) == {"printer": None}
        assert load({"PORTICO_HOME": str(demo.settings.home)}).printer is None


def test_it_sees_devices_and_no_departments(desk, demo):
    with desk_window(desk, demo, "itdesk") as made:
        assert made.window.place == "settings"
        assert not hasattr(made.settings.page, "boxes")
        assert len(made.settings.page._lines) == 5


class Printers:
    """A print system that answers as told."""

    def __init__(self, answer):
        self._answer = answer

    def queues(self):
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


@pytest.mark.parametrize(
    ("answer", "words", "tone"),
    [
        ([], "None on this workstation; ask IT to add one", "warn"),
        ([PrintQueue("Desk 3", True, True)], "Desk 3", "text"),
        (
            [PrintQueue("Desk 3", True, True), PrintQueue("Back", False, True)],
            "Desk 3 and 1 more",
            "text",
        ),
        (
            [PrintQueue("Desk 3", True, False)],
            "Desk 3 takes no jobs now; check paper and power",
            "warn",
        ),
        (
            [PrintQueue("Desk 3", False, False, there=False), PrintQueue("Back", True, True)],
            "Desk 3 is not on this workstation any more",
            "warn",
        ),
        (
            PorticoError("print_system_missing", "There is no print system.", ""),
            "There is no print system.",
            "warn",
        ),
    ],
)
def test_the_printer_is_told_in_words(tmp_path, answer, words, tone):
    settings = load({"PORTICO_HOME": str(tmp_path), "PORTICO_CORE_URL": "https://core.example/x"})
    printer, terminal, payers, *_ = devices(settings, Printers(answer))
    assert (printer.words, printer.tone) == (words, tone)
    assert terminal.words == "Not set up; IT sets it up"
    assert payers.words == "Set up: core.example"
