"""The window's one overlay of each kind."""

from __future__ import annotations

from typing import Any, TypeVar

from ui.controls.overlay import Overlay
from ui.shell.window import MainWindow

Made = TypeVar("Made", bound=Overlay)


def overlay_of(window: MainWindow, made: type[Made], *given: Any) -> Made:
    """The window's one overlay of a class: check-ins come and go, it stays.

    The first who asks makes it; ``given`` goes to its constructor behind the window.
    """
    known = window.findChild(made)
    if isinstance(known, made):
        return known
    fresh = made(window, *given)
    window.adopt(fresh)
    return fresh
