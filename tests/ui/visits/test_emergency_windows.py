"""No window speaks of money to a person who waits for the screening exam (42 CFR 489.24(d)(4)).

One table of windows over the demo's real store, in English and Spanish; and every window that lies
open over a check-in when the lock begins, also where another desk began it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from desk_window import desk_window, shown_words
from every_window import show_page
from PySide6.QtCore import Qt

from ui.controls.overlay import Overlay
from ui.desk.beside import read_beside
from ui.words import language, say, speak
from workstation.compose import Workstation
from workstation.demo.live import LiveDemo
from workstation.interview.flow import CHECK_IN
from workstation.interview.model import PageId
from workstation.kernel.changed import Kind
from workstation.papers.consents import form_on
from workstation.papers.model import FormId
from workstation.visits.model import PatientClass
from workstation.visits.use_cases import NewVisit

MONEY = re.compile(
    r"\$ ?\d|copay|deductible|estimate|coinsurance|balance|\bpay(ment|er)?\b|owe|receipt|"
    r"benefit|\bcard\b|copago|deducible|estimado|coseguro|saldo|"
    r"\bpag(ar|o|ue|ador)|debe|recibo|beneficio|tarjeta",
    re.IGNORECASE,
)
"""Money, benefits, and the request for a card. Who insures somebody may be asked."""


@pytest.fixture(scope="module")
def demo() -> Iterator[Workstation]:
    with LiveDemo() as live:
        yield live.workstation


@pytest.fixture
def visit(demo: Workstation) -> dict[str, Any]:
    """An expected outpatient visit that no test has touched, of somebody who is insured."""
    store = demo.store.read()
    found = store.find("visit", state="expected")
    return next(
        v
        for v in found
        if v["class"] == "O" and v["lock"] == "none"
        and store.find("coverage", person_id=v["person_id"])
    )  # fmt: skip


@pytest.fixture(params=["en", "es"])
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    before = language()
    speak(request.param)
    yield request.param
    speak(before)


def lock(demo: Workstation, visit: dict[str, Any]) -> None:
    demo.automation().visits.asks_for_emergency_care(visit["id"])


def begin(desk: Any, made: Any, visit: dict[str, Any]) -> None:
    made._open(made.use.check_ins.open_visit, visit["person_id"], visit["id"])
    desk.settle()
    assert made.check_in is not None


def says(words: str) -> list[str]:
    """Lines that speak of it. Who insures the patient may be told, a card that is held out taken;
    and the consent to care says of itself that it is none to any payment."""
    offered = {say("Scan card"), say("Scan an insurance card"), say("Payer")}
    return [
        line
        for line in words.splitlines()
        if MONEY.search(line) and line not in offered and line not in _consents()
    ]


def _consents() -> set[str]:
    form = form_on(FormId.CONSENT_TO_TREAT, date(2026, 11, 23))
    return {part for spoken in ("en", "es") for part in form.text(spoken, "")}


def arrivals(desk: Any, made: Any, visit: dict[str, Any]) -> str:
    """The row of the list, read as a screen reader reads it, and the side panel."""
    made.window.go("arrivals")
    made.bus.tell({Kind.VISIT}, made.background)
    desk.settle()
    model = made.arrivals.table.rows_model
    place = next(n for n, row in enumerate(model.rows) if row.row.visit_id == visit["id"])
    made.arrivals.table.setCurrentIndex(model.index(place, 0))
    desk.settle()
    cells = [model.index(place, column) for column in range(model.columnCount())]
    role = Qt.ItemDataRole.DisplayRole
    return "\n".join([*(str(model.data(cell, role)) for cell in cells), model.rows[place].spoken,
                      shown_words(made.arrivals.side)])  # fmt: skip


def pages(desk: Any, made: Any, visit: dict[str, Any]) -> str:
    """Every page of the check-in that the lock lets stand, and the rail beside it."""
    begin(desk, made, visit)
    state = made.check_in.model.state
    assert state.situation.locked
    shown = []
    for id in CHECK_IN.applicable(state.draft, state.situation):
        show_page(made, id)
        desk.settle()
        shown.append(shown_words(made.check_in.page))
    return "\n".join(shown)


def commands(desk: Any, made: Any, visit: dict[str, Any]) -> str:
    """All that the palette of commands and the sheet of keys offer over the check-in."""
    begin(desk, made, visit)
    here = [one for one in made.window.host.here() if one.isEnabled()]
    return "\n".join(say(one.command.title) for one in here)


def beside(desk: Any, made: Any, visit: dict[str, Any]) -> str:
    who, _, sections, flags = read_beside(made.use, made.desk.records, visit["person_id"])
    facts = [f"{title} {value}" for _, lines in sections for title, value in lines]
    return "\n".join([*who, *facts, *(flag[0] for flag in flags)])


def work(desk: Any, made: Any, visit: dict[str, Any]) -> str:
    """Work rows of this person; the payer refused a question about them."""
    rows = made.use.waiting.rows()
    mine = [row for row in rows if row.person_id == visit["person_id"]]
    return "\n".join(f"{row.kind} {row.about} {dict(row.detail)}" for row in mine)


def face_sheet(desk: Any, made: Any, visit: dict[str, Any]) -> str:
    made.acts.show_face_sheet(visit["id"])
    desk.until(made.acts.sheet.isVisible)
    words = shown_words(made.acts.sheet)
    made.acts.sheet.close_()
    return words


WINDOWS: tuple[Callable[[Any, Any, dict[str, Any]], str], ...] = (
    arrivals,
    pages,
    commands,
    beside,
    work,
    face_sheet,
)


@pytest.mark.parametrize("login", ["rdiaz", "slee"])
def test_no_window_speaks_of_money_while_locked(
    desk: Any, demo: Workstation, visit: dict[str, Any], spoken: str, login: str
) -> None:
    lock(demo, visit)
    with desk_window(desk, demo, login) as made:
        told = {look.__name__: says(look(desk, made, visit)) for look in WINDOWS}
        assert not any(told.values()), told
        assert not made.window.host.action("pay.open").isEnabled()


def test_the_same_windows_speak_of_it_where_nobody_is_locked(
    desk: Any, demo: Workstation, visit: dict[str, Any]
) -> None:
    """Otherwise the test before would prove nothing."""
    with desk_window(desk, demo, "slee") as made:
        for look in (arrivals, commands):
            assert says(look(desk, made, visit))


def test_another_visit_of_the_person_is_locked_too(
    desk: Any, demo: Workstation, visit: dict[str, Any]
) -> None:
    """The exam is recorded at the visit that waits for it, from wherever it is told."""
    use = demo.automation()
    new = NewVisit(visit["person_id"], PatientClass.EMERGENCY, "chest", visit["service_date"])
    other = use.visits.open(new).visit_id
    with desk_window(desk, demo, "rdiaz") as made:
        begin(desk, made, visit)
        assert made.check_in.page.emergency.isVisible()
        assert not says(arrivals(desk, made, visit))
        made.check_in._exam_told("no_emergency", "Dr. Lin", visit_time(made), "chart")
        desk.settle()
        assert (use.visits.locked(other), use.visits.locked(visit["id"])) == (False, False)
        desk.until(lambda: not made.check_in.page.emergency.isVisible())


def visit_time(made: Any) -> str:
    return made.desk.clock().isoformat()


@pytest.mark.parametrize("where", ["this desk", "another desk"])
def test_what_lies_open_over_a_check_in_goes_when_the_lock_begins(
    desk: Any, demo: Workstation, visit: dict[str, Any], where: str
) -> None:
    with desk_window(desk, demo, "rdiaz") as made:
        begin(desk, made, visit)
        for id in (PageId.BENEFITS, PageId.PAY):
            show_page(made, id)
            desk.settle()
        of_money = [one for one in made.window.findChildren(Overlay) if one.of_money]
        assert {type(one).__name__ for one in of_money} == {
            "SourceOverlay", "ReadOverlay", "ContactOverlay", "EstimateOverlay", "ReceiptOverlay",
            "RecoveryOverlay",
        }  # fmt: skip
        for overlay in of_money:
            overlay.open()
        made.capture.scan("card")
        if where == "this desk":
            made.acts.asks_emergency(visit["id"])
        else:
            lock(demo, visit)
            made.bus.tell({Kind.VISIT}, made.background)
        desk.settle()
        desk.until(made.check_in.page.emergency.isVisible)
        assert not [one for one in of_money if one.isVisible()]
        assert made.capture.overlay.isVisible(), "a card held out may still be taken"
        assert made.capture.overlay.state.locked
        assert not says(shown_words(made.check_in.page))
