"""One desk as the script sees it: its window, the robot in front of it, and where it stands."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

from PySide6.QtWidgets import QWidget

from ui.arrivals.page import ArrivalsPage
from ui.desk.check_in import CheckInDesk
from ui.desk.start import Start
from ui.desk.window import DeskWindow
from ui.payments.dialog import PaymentDialog
from ui.payments.receipt import ReceiptOverlay
from ui.shell.window import MainWindow
from ui.tour.report import Report
from ui.tour.robot import NotSeen, Robot
from ui.watchdog import Watchdog
from workstation.interview.model import PageId


class Stage:
    """Helps the script to say what a person does at this desk and what they wait for."""

    def __init__(self, start: Start, report: Report, watchdog: Watchdog) -> None:
        self.start, self.report = start, report
        self.window: MainWindow = start.window
        self.watchdog = watchdog
        self.robot = Robot(self.window, watchdog)

    @property
    def desk(self) -> DeskWindow:
        """The desk, once the store is open."""
        if self.start.desk_window is None:
            raise NotSeen("the open store")
        return self.start.desk_window

    @property
    def check_in(self) -> CheckInDesk:
        """The check-in in hand."""
        if self.desk.check_in is None:
            raise NotSeen("an open check-in")
        return self.desk.check_in

    @property
    def page(self) -> PageId:
        """Where the check-in stands."""
        return self.check_in.model.state.page

    @property
    def step(self) -> QWidget:
        """The widget of the step in sight."""
        return self.check_in.page.step(self.page)

    @property
    def arrivals(self) -> ArrivalsPage:
        """The day's list."""
        return self.desk.arrivals

    @property
    def payment(self) -> PaymentDialog:
        """The payment dialog, which exists since the pay step was first shown."""
        return cast(PaymentDialog, self.window.findChild(PaymentDialog))

    @property
    def receipt(self) -> ReceiptOverlay:
        """The receipt overlay."""
        return cast(ReceiptOverlay, self.window.findChild(ReceiptOverlay))

    @contextmanager
    def scene(self, name: str) -> Iterator[None]:
        """What happens inside leads to a picture; its time is the program's, pictures apart."""
        self.watchdog.name(name)
        began, away = time.perf_counter(), self.robot.away
        yield
        self.robot.turn()
        ms = (time.perf_counter() - began - (self.robot.away - away)) * 1000
        file = self.report.next_file(name)
        self.robot.shot(file)
        self.report.add(name, ms, file)
        self.watchdog.name("after " + name)

    # Ways that every story takes

    def begin_check_in(self, letters: str) -> None:
        """From Arrivals: narrows to a person and starts."""
        robot = self.robot
        self.window.go("arrivals")
        robot.turn()
        if self.arrivals.viewmodel.state.typed:
            robot.press("Escape")
        robot.type(letters)
        robot.wait(
            lambda: (
                len(self.arrivals.viewmodel.state.visible) == 1
                and self.arrivals.viewmodel.state.chosen is not None
            ),
            "the one row of the person",
        )
        robot.press("Return")
        robot.wait(self.is_open, "the check-in")

    def is_open(self) -> bool:
        """Whether a check-in is on top."""
        check_in = self.desk.check_in
        return check_in is not None and self.window.page is check_in.page

    def at(self, page: PageId) -> bool:
        """Whether the check-in stands on a page."""
        return self.is_open() and self.page is page

    def go_on_to(self, page: PageId, *, most: int = 12) -> None:
        """Enter until a page is there; fails where Enter no longer leads on."""
        for _ in range(most):
            if self.at(page):
                return
            model, before = self.check_in.model, self.check_in.model.state
            self.robot.press("Return")
            self.robot.watch(lambda m=model, b=before: m.state is not b)  # type: ignore[misc]
        if not self.at(page):
            asked = [problem.field for problem in self.check_in.model.state.problems]
            raise NotSeen(f"{page} (stands at {self.page}, asked {asked})")

    def fill(self, *answers: tuple[str, str]) -> None:
        """Types answers into questions of the step in sight, wherever they stand."""
        for key, text in answers:
            if not self.check_in.page.step(self.page).focus_on(key):
                raise NotSeen(f"the question {key}")
            self.robot.turn()
            self.robot.type(text)

    def correct(self, key: str, text: str) -> None:
        """Types over what a question says."""
        if not self.check_in.page.step(self.page).focus_on(key):
            raise NotSeen(f"the question {key}")
        self.robot.press("F2")
        self.robot.type(text)

    def press_until(self, seen: Callable[[], bool], what: str, *, most: int = 6) -> None:
        """Enter until something is there."""
        for _ in range(most):
            if self.robot.watch(seen):
                return
            self.robot.press("Return")
        self.robot.wait(seen, what)

    def back_to_arrivals(self) -> None:
        """Leaves whatever is open, by Escape, the way out of everything."""
        for _ in range(8):
            if self.window.page is self.arrivals and not self._covered():
                break
            self.robot.press("Escape")
        self.window.go("arrivals")
        self.arrivals.viewmodel.type("")
        self.robot.turn()

    def _covered(self) -> bool:
        return any(o.isVisible() for o in self.window._overlays)
