"""A whole desk window over the demo's store, with whoever signs in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.changes import ChangesBus
from ui.desk.steps import steps_of
from ui.desk.window import DeskWindow
from ui.shell.window import MainWindow
from workstation.access.model import Session
from workstation.compose import Workstation
from workstation.demo import hospital


def session_of(workstation: Workstation, login: str) -> Session:
    """Signs in as the demo's person."""
    return workstation.sign_in.sign_in(login, hospital.PASSWORD)


@contextmanager
def desk_window(desk: Any, workstation: Workstation, login: str) -> Iterator[DeskWindow]:
    """The window with a session begun; ended whatever happens."""
    window = MainWindow(desk.jobs, ChangesBus())
    desk.show(window)
    made = DeskWindow(window, workstation, steps_of)
    try:
        made.begin()
        desk.settle()
        take_seat(made, desk, login)
        yield made
    finally:
        made.end()
        assert made.background is not None
        made.background.stop()


def take_seat(made: DeskWindow, desk: Any, login: str) -> None:
    """Another person signs in at this desk."""
    workstation = made.desk
    assert isinstance(workstation, Workstation)
    made.guard.page.signedIn.emit(session_of(workstation, login), False)
    desk.settle()


def shown_words(root: QWidget) -> str:
    """Every visible text under a widget, for looking for words that must not be there."""
    found = []
    for widget in root.findChildren(QWidget):
        if widget.isVisible():
            text = getattr(widget, "text", None)
            found.append(str(text()) if callable(text) else "")
            found.append(widget.accessibleName())
    return "\n".join(found)
