"""Who looked at whom: every state of the page, keyboard alone."""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_window import desk_window, shown_words, take_seat

from ui.oversight.page import DISCLOSURES, FINDINGS, PERSON, STAFF, OversightPage
from ui.words import speak
from workstation.access.model import Role
from workstation.access.use_cases import hash_password, put_account
from workstation.demo import hospital
from workstation.demo.live import LiveDemo
from workstation.kernel.errors import PorticoError
from workstation.oversight.model import Chart, Finding, Look, Looks, Review, Rule, Source

NOW = datetime(2026, 12, 1, 15, 4, tzinfo=UTC)


def look(n: int, what: str = "chart_opened", **more: Any) -> Look:
    given: dict[str, Any] = {
        "ws_id": "ws",
        "n": n,
        "desk": f"Lobby {n % 3 + 1}",
        "at": NOW - timedelta(minutes=7 * n),
        "login": "rdiaz",
        "name": "Rosa Díaz",
        "role": "registrar",
        "what": what,
        "person_id": f"p{n % 4}",
        "purpose": "registration",
    }
    return Look(**given | more)


CHARTS = {
    f"p{n}": Chart(f"p{n}", "", last, frozenset(), name=name, mrn=f"004821{n}")
    for n, (last, name) in enumerate(
        (
            ("Diaz", "Diaz, Leo"),
            ("Okafor-Diaz", "Okafor-Diaz, Maria Elena Guadalupe Fernanda"),
            ("Star", "Star, Ada"),
            ("Nye", "Nye, Nan"),
        )
    )
}


class Answers:
    """Stands in for the use case; answers what it is told to."""

    def __init__(self, findings: int = 0, looks: int = 0, source: Source = Source.ALL_DESKS):
        rules = tuple(Rule)
        made = [
            Finding(rules[n % 8], "rdiaz", "Rosa Díaz", f"p{n % 4}" if n % 8 < 6 else None,
                    tuple(look(n * 3 + m) for m in (2, 1, 0)))
            for n in range(findings)
        ]  # fmt: skip
        self.review = Review(tuple(made), CHARTS, source, 12_345)
        self.seen = Looks(tuple(look(n) for n in range(looks)), CHARTS, source, looks == 5_000)
        self.told = Looks(
            tuple(
                look(n, "disclosed", detail={"to": "County Court, 1 Main St",
                     "what": "registration record", "purpose": "court order"})
                for n in range(min(looks, 3))
            ),
            CHARTS, source,
        )  # fmt: skip
        self.error: Exception | None = None
        self.hold = threading.Event()
        self.hold.set()
        self.asked: list[tuple[Any, ...]] = []

    def _answer(self, *asked: Any) -> None:
        self.asked.append(asked)
        self.hold.wait(10)
        if self.error is not None:
            raise self.error

    def findings(self, days: int) -> Review:
        self._answer("findings", days)
        return self.review

    def of_person(self, person_id: str, days: int) -> Looks:
        self._answer("person", person_id, days)
        return self.seen

    def of_staff(self, login: str, days: int) -> Looks:
        self._answer("staff", login, days)
        return self.seen

    def staff(self, days: int) -> tuple[tuple[str, str], ...]:
        return (("rdiaz", "Rosa Díaz"), ("slee", "Sam Lee"))

    def disclosures(self, person_id: str) -> Looks:
        self._answer("disclosures", person_id)
        return self.told


@pytest.fixture
def show(desk: Any) -> Iterator[Callable[..., OversightPage]]:
    def make(answers: Answers, wide: int = 1290, high: int = 690) -> OversightPage:
        page = OversightPage(answers, desk.jobs)  # type: ignore[arg-type]
        desk.show(page, wide, high)
        page.entered()
        return page

    yield make
    speak("en")


def test_what_stands_out_opens_to_its_entries_and_back_on_its_row(desk: Any, show: Any) -> None:
    page = show(Answers(findings=8))
    desk.settle()
    assert page.table.rows_model.rowCount() == 8
    desk.shots("privacy-findings")
    desk.press("Down", "Down")
    page.open_chosen()
    assert page.table.rows_model.columns.titles[0] == "When"
    assert page.table.rows_model.rowCount() == 3
    first = page.table.rows_model.rows[0].texts
    assert first[1:4] == ("Rosa Díaz", "Opened the chart", "Star, Ada · 0048212")
    desk.shots("privacy-entries")
    page.back()
    assert page.table.currentIndex().row() == 2
    assert page.table.rows_model.rowCount() == 8
    desk.names()


def test_nothing_stands_out(desk: Any, show: Any) -> None:
    page = show(Answers())
    desk.settle()
    assert page._empty.isVisible()
    assert "Nothing stands out" in shown_words(page)
    desk.shots("privacy-nothing")


def test_while_it_reads_and_when_it_cannot(desk: Any, show: Any) -> None:
    answers = Answers(findings=3)
    answers.hold.clear()
    page = show(answers)
    desk.until(lambda: "Reading the trail" in shown_words(page))
    desk.shot("privacy-loading")
    answers.error = PorticoError("store_busy", "The store is busy.", "Try again.")
    answers.hold.set()
    desk.settle()
    assert "The store is busy." in shown_words(page)
    desk.shot("privacy-failed")
    answers.error = None
    page._empty_pressed()
    desk.settle()
    assert page.table.rows_model.rowCount() == 3
    answers.error = PorticoError("store_busy", "The store is busy.", "Try again.")
    page.refresh()
    desk.settle()
    assert page.table.rows_model.rowCount() == 3, "what was in sight stays"
    assert "The store is busy." in shown_words(page)


@pytest.mark.parametrize("source", [Source.OFFLINE, Source.NOT_ALLOWED, Source.ALONE])
def test_whose_entries_they_are_is_always_said(desk: Any, show: Any, source: Source) -> None:
    page = show(Answers(findings=2, source=source))
    desk.settle()
    assert "This desk" in page.source.text()
    desk.shot(f"privacy-{source}")


def test_by_patient_asks_for_one_and_shows_five_hundred(desk: Any, show: Any) -> None:
    answers = Answers(looks=500)
    page = show(answers)
    wanted: list[int] = []
    page.patientWanted.connect(lambda: wanted.append(1))
    page.view.choose(PERSON)
    page._view_chosen(PERSON)
    desk.settle()
    assert "Whose chart?" in shown_words(page)
    desk.shot("privacy-whose")
    page._empty_pressed()
    assert wanted == [1]
    page.show_patient("p1", "Okafor-Diaz, Maria · 0048211")
    desk.settle()
    assert answers.asked[-1] == ("person", "p1", 7)
    assert page.table.rows_model.rowCount() == 500
    desk.shots("privacy-patient-500")
    page.days.choose("30")
    page._asked_anew("30")
    desk.settle()
    assert answers.asked[-1] == ("person", "p1", 30)


def test_by_person_of_staff(desk: Any, show: Any) -> None:
    answers = Answers(looks=5_000)
    page = show(answers)
    page.view.choose(STAFF)
    page._view_chosen(STAFF)
    desk.settle()
    page.staff.choose("slee")
    page._asked_anew("slee")
    desk.settle()
    assert answers.asked[-1] == ("staff", "slee", 7)
    assert "the newest 5,000 entries" in shown_words(page)
    desk.shot("privacy-staff")


def test_disclosures_of_a_patient(desk: Any, show: Any) -> None:
    page = show(Answers(looks=3))
    noted: list[tuple[str, str]] = []
    page.disclosureWanted.connect(lambda *given: noted.append(given))
    page.view.choose(DISCLOSURES)
    page._view_chosen(DISCLOSURES)
    page.note_disclosure()
    assert noted == []
    page.show_patient("p1", "Okafor-Diaz, Maria · 0048211")
    desk.settle()
    assert page.table.rows_model.rows[0].texts[1] == "County Court, 1 Main St"
    desk.shots("privacy-disclosures")
    page.note_disclosure()
    assert noted == [("p1", "Okafor-Diaz, Maria · 0048211")]


def test_in_spanish(desk: Any, show: Any) -> None:
    speak("es")
    page = show(Answers(findings=8))
    desk.settle()
    desk.shot("privacy-findings-es")
    page.open_chosen()
    desk.shot("privacy-entries-es")


@contextmanager
def supervisor(desk: Any) -> Iterator[Any]:
    with LiveDemo() as demo, desk_window(desk, demo.workstation, "slee") as made:
        yield made


def test_at_the_desk_with_keys_alone(desk: Any, tmp_path: Any) -> None:
    with supervisor(desk) as made:
        person = next(
            p for p in made.desk.records.read().find("person") if p["last"].casefold() == "dubois"
        )
        made.use.charts.opened(person["id"], "beside")
        desk.press("Alt+4")
        desk.settle()
        page = made.oversight.page
        assert made.window.place == "oversight"
        assert page.listing.source is Source.ALONE
        page.view.setFocus()
        desk.press("Right")
        desk.settle()
        assert page.view.value == PERSON
        desk.press("F2")
        desk.type(person["mrn"])
        desk.settle()
        desk.press("Return")
        desk.settle()
        whats = [row.texts[2] for row in page.table.rows_model.rows]
        assert whats[0] == "Looked at this trail"
        assert "Opened the chart" in whats
        desk.shots("privacy-at-the-desk")
        file = tmp_path / "list.csv"
        made.oversight.choose_file = lambda told: told(file)
        desk.press("Ctrl+S")
        desk.settle()
        lines = file.read_bytes().decode("utf-8-sig").splitlines()
        assert lines[0] == "When,Who,What,Patient,Purpose and fields,Desk"
        assert len(lines) == len(whats) + 1
        assert "dubois" not in file.read_text("utf-8").casefold(), "patients by number"
        page.view.choose(DISCLOSURES)
        page._view_chosen(DISCLOSURES)
        desk.settle()
        desk.press("Ctrl+E")
        assert made.oversight.disclosure.isVisible()
        desk.type("County Court")
        desk.press("Tab")
        desk.type("record of 2026")
        desk.shot("privacy-disclosure")
        desk.press("Return")
        desk.settle()
        assert made.oversight.disclosure.isVisible(), "why is missing; what was typed stays"
        desk.press("Tab") if desk.target is not made.oversight.disclosure.lines["purpose"] else None
        made.oversight.disclosure.lines["purpose"].setFocus()
        desk.type("court order")
        desk.press("Return")
        desk.settle()
        assert not made.oversight.disclosure.isVisible()
        assert page.table.rows_model.rows[0].texts[1:4] == (
            "County Court",
            "record of 2026",
            "court order",
        )
        told = [e["what"] for e in made.desk.store.audit_entries()]
        assert {"access_reviewed", "access_exported", "disclosed"} <= set(told)
        take_seat(made, desk, "rdiaz")
        desk.press("Alt+4")
        assert made.window.place == "arrivals", "a registrar finds no such place"


def test_a_file_that_cannot_be_written_is_told(desk: Any, tmp_path: Any) -> None:
    with supervisor(desk) as made:
        desk.press("Alt+4")
        desk.settle()
        page = made.oversight.page
        page.view.choose(STAFF)
        page._view_chosen(STAFF)
        desk.settle()
        page.staff.choose("slee")
        page._asked_anew("slee")
        desk.settle()
        made.oversight.choose_file = lambda told: told(tmp_path / "no" / "such" / "list.csv")
        page.export()
        desk.settle()
        assert "could not be written" in shown_words(made.window)
        assert page.view.value != FINDINGS


def test_whatever_is_written_in_a_trail_has_words() -> None:
    """Every kind of entry that the program names, found in its sources."""
    from ui.oversight.words import _WHAT

    product = Path(__file__).parents[3] / "workstation"
    written = set()
    for file in product.rglob("*.py"):
        if "demo" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "attr", "")
            place = {"command": 0, "audit": 1, "_write": 0}.get(called)
            if place is None or len(node.args) <= place:
                continue
            what = node.args[place]
            if isinstance(what, ast.Constant) and isinstance(what.value, str):
                written.add(what.value)
    assert len(written) > 25
    assert written - set(_WHAT) == set()


def test_the_privacy_officer_comes_in_here_and_opens_no_chart(desk: Any) -> None:
    with supervisor(desk) as made:
        with made.desk.store.unit_of_work() as work:
            password = hash_password(hospital.PASSWORD)
            put_account(work, "oprivat", "Olga Privat", Role.PRIVACY, password)
            work.commit()
        speak("es")
        take_seat(made, desk, "oprivat")
        assert made.window.place == "oversight"
        desk.press("Alt+1", "Alt+2")
        assert made.window.place == "oversight"
        assert made.oversight.page.listing is not None
        desk.shot("privacy-officer-es")
        speak("en")
