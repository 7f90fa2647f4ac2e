"""A new person very like one on file, at a whole desk: corrected, kept, found again by name."""

from datetime import date

from desk_window import desk_window

from ui.interview.viewmodel import Answered
from ui.people.viewmodel import Carried, place_words
from workstation.demo.live import LiveDemo
from workstation.interview.model import PageId
from workstation.people.gateways import Hit


def test_a_slip_is_corrected_and_the_question_comes_again(desk):
    with LiveDemo() as demo, desk_window(desk, demo.workstation, "rdiaz") as made:
        people = demo.workstation.store.read().find("person")
        made._new_patient(Carried("Okafor Diaz", "Maria", "1985-03-03"))
        desk.settle()
        model = made.check_in.model
        model.dispatch(Answered({"identity.sex": "F", "identity.identified_by": "stated"}))
        for _ in range(2):
            desk.press("Return")
            desk.until(made.warning.isVisible)
            desk.press("Alt+C")
            desk.settle()
            assert model.state.walk.page is PageId.IDENTITY
        assert demo.workstation.store.read().find("person") == people
        desk.press("Escape", "Alt+2")
        desk.settle()
        row = made.work.page.rows[0]
        assert (row.last, row.first, row.dob) == ("Okafor Diaz", "Maria", "1985-03-03")


def test_a_visit_of_today_is_no_last_visit():
    hit = Hit("p", "Tran", "Linh", None, None, None, None, None, "Austin", "2026-11-28", "name")
    assert place_words(hit, date(2026, 11, 28)) == "Austin · visit today"
    assert place_words(hit, date(2026, 11, 29)) == "Austin · last here 28 Nov 2026"
