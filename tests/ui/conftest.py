"""The desk of a test: real widgets, a real pool, keys pressed as a person would, pictures kept."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui import style, turns
from ui.app import prepare
from ui.jobs import Jobs

SHOTS = Path(__file__).parent.parent.parent / "build" / "shots"


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture(scope="session")
def qapp(qapp_args: list[str], qapp_cls: type[QApplication]) -> QApplication:
    return prepare(["portico-tests"], style.Scheme.LIGHT)


@pytest.fixture
def jobs(qtbot: QtBot) -> Iterator[Jobs]:
    """The three executors; after the test nothing is under way and the threads are gone."""
    made = Jobs()
    yield made
    assert made.drain(10.0)
    assert made.close(5.0)


class Desk:
    """A registrar at the keyboard.

    ``desk.show(widget, 1366, 768)``, ``desk.press("Ctrl+K", "Down", "Return")``,
    ``desk.type("okafor")``, ``desk.settle()``, ``desk.names()``, ``desk.shot("arrivals")``.
    """

    def __init__(self, qtbot: QtBot, app: QApplication, jobs: Jobs) -> None:
        self.qtbot = qtbot
        self.app = app
        self.jobs = jobs
        self.window: QWidget | None = None

    def show(self, widget: QWidget, width: int = 1366, height: int = 768) -> QWidget:
        """Shows a top-level widget at a size and waits until it is there and active."""
        self.qtbot.addWidget(widget)
        self.window = widget
        widget.resize(width, height)
        widget.show()
        widget.activateWindow()
        self.qtbot.waitUntil(widget.isActiveWindow)
        return widget

    def press(self, *keys: str) -> None:
        """Presses keys by name on whatever has the focus: ``Ctrl+K``, ``Return``, ``Alt+Left``."""
        for key in keys:
            combined = QKeySequence(key)[0]
            QTest.keyClick(self.target, combined.key(), combined.keyboardModifiers())

    def type(self, text: str) -> None:
        """Types text on whatever has the focus."""
        QTest.keyClicks(self.target, text)

    @property
    def target(self) -> QWidget:
        """Who gets the keys: the focus, or the window."""
        found = QApplication.focusWidget() or self.window
        assert found is not None
        return found

    def until(self, true: Callable[[], bool], ms: int = 5000) -> None:
        """Waits until something is so."""
        self.qtbot.waitUntil(true, timeout=ms)

    def settle(self) -> None:
        """Waits until no job is under way and its results were shown."""
        self.qtbot.waitUntil(lambda: self.jobs.idle, timeout=10_000)

    def theme(self, scheme: style.Scheme) -> None:
        """Another theme, for everything that is open."""
        style.apply(self.app, scheme)

    def shot(self, name: str, widget: QWidget | None = None) -> Path:
        """Keeps a picture in build/shots for people to look at; nothing asserts on it."""
        target = widget or self.window
        assert target is not None
        self.qtbot.wait(5)
        SHOTS.mkdir(parents=True, exist_ok=True)
        path = SHOTS / f"{name}.png"
        picture = target.grab()
        while turns.waiting():  # a table that is new to this picture comes a few cells a turn
            self.qtbot.waitUntil(lambda: not turns.waiting())
            picture = target.grab()
        assert picture.save(str(path))
        return path

    def shots(self, name: str, widget: QWidget | None = None) -> None:
        """The picture in light and in dark."""
        self.shot(name, widget)
        self.theme(style.Scheme.DARK)
        self.shot(f"{name}-dark", widget)
        self.theme(style.Scheme.LIGHT)

    def names(self, root: QWidget | None = None) -> list[str]:
        """What a screen reader calls each visible tab stop under ``root``, in focus order.

        Fails where one has no name, or where two in one window share theirs.
        """
        top = root or self.window
        assert top is not None
        found = [stop_name(widget) for widget in tab_stops(top)]
        assert all(found), f"a control without a name: {found}"
        twice = {name for name in found if found.count(name) > 1}
        assert not twice, f"names used twice: {twice}"
        return found


def tab_stops(top: QWidget) -> list[QWidget]:
    """Visible, enabled widgets under ``top`` that Tab reaches, in order."""
    stops = []
    start = widget = top
    while True:
        tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        inside = top.isAncestorOf(widget) and widget is not top
        stop = tab == Qt.FocusPolicy.TabFocus and inside and widget.focusProxy() is None
        if stop and widget.isVisible() and widget.isEnabled():
            stops.append(widget)
        following = widget.nextInFocusChain()
        if following is None or following is start:
            return stops
        widget = following


def stop_name(widget: QWidget) -> str:
    """The accessible name, as assistive technology asks for it."""
    face: QAccessibleInterface | None = QAccessible.queryAccessibleInterface(widget)
    assert face is not None
    return face.text(QAccessible.Text.Name)


def inside_window(widget: QWidget) -> bool:
    """Whether the widget lies within its window."""
    window = widget.window()
    corner = widget.mapTo(window, QPoint(0, 0))
    return window.rect().contains(corner)


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, jobs: Jobs) -> Iterator[Desk]:
    """A desk in the light theme; afterwards no window of the test is left."""
    style.apply(qapp, style.Scheme.LIGHT)
    yield Desk(qtbot, qapp, jobs)
    for widget in QApplication.topLevelWidgets():
        widget.close()
    gc.collect()
