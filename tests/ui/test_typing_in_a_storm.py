"""Letter by letter into every line of every window, while everything else at the hospital changes.

Between two letters: every kind of thing changed at another desk, sync says another state, the
situation around the check-in is read anew and is another, payers answer. Every letter must be
there, and the focus where it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from typing import Any

import pytest
from desk_window import desk_window
from every_window import a_visit, living_demo, show_page, walk
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from ui import hands
from ui.desk.window import DeskWindow
from ui.interview.viewmodel import Answered, Changed
from ui.payments import pay_step
from ui.payments.dialog import PaymentDialog
from workstation.interview.model import Identity, Reach, Said
from workstation.kernel.changed import Kind
from workstation.sync.status import SyncStatus

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # lists that open

Typed = QLineEdit | QPlainTextEdit
FIRST_TIME = ("page-contact", "page-about", "page-people")
LETTERS = "271"
"""They go into names as into amounts and dates."""


def lines(root: QWidget) -> list[Typed]:
    """What can be typed into under a widget."""
    found: list[Typed] = [*root.findChildren(QLineEdit), *root.findChildren(QPlainTextEdit)]
    return [
        each for each in found if each.isVisible() and each.isEnabled() and not each.isReadOnly()
    ]


def text_of(line: Typed) -> str:
    return line.text() if isinstance(line, QLineEdit) else line.toPlainText()


class Storm:
    """Everything that can arrive while somebody types."""

    def __init__(self, desk: Any, made: DeskWindow) -> None:
        self._desk, self.made = desk, made
        self._turns = cycle((True, False))

    def blow(self) -> None:
        made, odd = self.made, next(self._turns)
        made._show_status(SyncStatus(connected=odd, waiting=3))
        made.bus.tell(frozenset(Kind), by=made.background)
        if made.check_in is not None:
            self._around(made, odd)
        self._desk.settle()

    def _around(self, made: DeskWindow, odd: bool) -> None:
        """Another desk corrected the chart, and the payer answered, or took it back."""
        assert made.check_in is not None
        model = made.check_in.model
        situation = model.state.situation
        beside = made.capture._beside[made.check_in]
        with hands.behind():
            if situation.on_file is not None:
                filed = replace(situation.on_file, reach=Reach(home=f"+1512555019{int(odd)}"))
                model.dispatch(Changed(replace(situation, on_file=filed, benefits_ready=odd)))
            items = model.state.draft.coverages.items
            answer = {"patient": {"member_id": f"ABC{int(odd)}"}, "plan_name": "Other"}
            beside.show_answers({item.id: answer for item in items})


class Hand:
    """Types into what it is shown, and leaves everything as it was."""

    def __init__(self, desk: Any) -> None:
        self._desk = desk
        self.storm: Storm | None = None
        self.lost: list[str] = []
        self.typed = 0
        self.blown = 0

    def begin(self, made: DeskWindow) -> None:
        """A desk at which everything changes all the time."""
        self.storm = Storm(self._desk, made)

    def __call__(self, name: str, root: QWidget) -> None:
        before = QApplication.focusWidget()
        for line in lines(root):
            if line.isVisible() and line.isEnabled():
                with self._put_back(root, line):
                    self._type(f"{name}: {line.accessibleName()}", line)
        if before is not None:
            before.setFocus()

    def _type(self, name: str, line: Typed) -> None:
        assert self.storm is not None
        line.setFocus()
        line.selectAll()
        QTest.keyClicks(line, "\b")
        self.typed += 1
        for n, letter in enumerate(LETTERS, 1):
            here = QApplication.focusWidget()
            if here is not line:
                self.lost.append(f"{name}: the focus is at {here and here.accessibleName()}")
                return
            self._desk.type(letter)
            self.storm.blow()
            self.blown += 1
            if text_of(line) != LETTERS[:n]:
                self.lost.append(f"{name}: {text_of(line)!r} for {LETTERS[:n]!r}")
                return

    @contextmanager
    def _put_back(self, root: QWidget, line: Typed) -> Iterator[None]:
        assert self.storm is not None
        before = text_of(line)
        check_in = self.storm.made.check_in
        behind: Any = root.model if isinstance(root, PaymentDialog) else check_in and check_in.model
        state = behind.state if behind is not None else None
        yield
        line.selectAll()
        QTest.keyClicks(line, before or "\b")
        self._close_list(line)
        if behind is not None:
            behind.state = state
            for listener in behind._listeners:
                listener(state)
        self._desk.settle()

    def _close_list(self, line: Typed) -> None:
        """The list of names that typing opened; it is a window of its own."""
        completer = line.completer() if isinstance(line, QLineEdit) else None
        popup = completer.popup() if completer is not None else None
        if popup is not None:
            popup.close()
        line.window().activateWindow()
        self._desk.until(line.window().isActiveWindow)
        self._desk.qtbot.wait(5)  # what the closed list still had to tell its window


@pytest.fixture
def hand(desk: Any, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """A hand at whichever desk is opened next."""
    monkeypatch.setattr(pay_step, "may_take_money", lambda draft, situation: (True, ""))
    made, begin = Hand(desk), DeskWindow.begin

    def begins(window: DeskWindow) -> None:
        made.begin(window)
        begin(window)

    monkeypatch.setattr(DeskWindow, "begin", begins)
    return made


def test_no_letter_is_lost_in_any_window(
    desk: Any, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A returning patient: every window, but for the pages that only a new patient is asked."""

    def look(name: str, root: QWidget) -> None:
        if name not in FIRST_TIME:
            hand(name, root)

    with living_demo(monkeypatch) as workstation:
        walk(desk, workstation, look)
    assert hand.lost == []
    assert hand.typed >= 20
    assert hand.blown == hand.typed * len(LETTERS)


def test_no_letter_is_lost_with_a_new_patient(
    desk: Any, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        living_demo(monkeypatch) as workstation,
        desk_window(desk, workstation, "rdiaz") as made,
    ):
        assert made.use is not None
        made._open(made.use.check_ins.open_new, Identity("Tesselmann", "Ada", dob="1990-04-05"))
        desk.settle()
        assert made.check_in is not None
        made.check_in.model.dispatch(
            Answered({"employer.status": "employed", "accident.is_accident": Said.YES})
        )
        for page in (*made.check_in.page.model.state.rail,):
            show_page(made, page.page)
            desk.settle()
            hand(f"page-{page.page.value}", made.window)
    assert hand.lost == []
    assert hand.typed >= 30


def test_no_letter_is_lost_in_an_emergency(
    desk: Any, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said of the screening exam, and why the class was wrong."""
    with (
        living_demo(monkeypatch) as workstation,
        desk_window(desk, workstation, "rdiaz") as made,
    ):
        visit = a_visit(workstation, "okafor-diaz")
        assert made.use is not None
        made.use.visits.asks_for_emergency_care(visit["id"])
        made._open(made.use.check_ins.open_visit, visit["person_id"], visit["id"])
        desk.settle()
        assert made.check_in is not None
        for key in ("Alt+X", "Alt+W"):
            desk.press(key)
            hand(key, made.check_in.page.emergency)
    assert hand.lost == []
    assert hand.typed == 5
