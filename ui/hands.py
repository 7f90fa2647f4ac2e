"""A person's hands come first: what arrives from behind moves no focus and replaces no typing.

    give(self.amount)                      # the only way in which the window moves the focus

An answer may move the focus of the person who asked and still waits: nothing was touched since.
Who went on meanwhile, and whoever looks on while a refresh or another desk's change arrives, keeps
the focus, and a line that has it keeps its text until it is left (``ui.controls.Line``).

``Jobs`` runs every answer inside :func:`answering`, ``ChangesBus`` every change inside
:func:`behind`. Used on the UI thread only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

if TYPE_CHECKING:
    from PySide6.QtCore import Qt


class Asked:
    """Something asked for, and how often the desk had been touched by then."""

    def __init__(self, touches: int | None) -> None:
        self._touches = touches

    @property
    def awaited(self) -> bool:
        """Whether a person asked, and has touched nothing since."""
        return self._touches == _now.touches


class _Now:
    """What the UI thread is doing this moment."""

    def __init__(self) -> None:
        self.touches = 0
        self.asked: Asked | None = None
        """The wish whose answer is being shown; None while a person acts."""
        self.kept: QWidget | None = None
        """Who has the focus and keeps it meanwhile."""


_now = _Now()
BEHIND = Asked(None)
"""Nobody asked."""


def touched() -> None:
    """A key or a button was pressed. Told by the watch that sees every touch."""
    _now.touches += 1


def asked() -> Asked:
    """The wish that runs now: the person's own, or the one whose answer leads to this."""
    return _now.asked or Asked(_now.touches)


@contextmanager
def answering(wish: Asked) -> Iterator[None]:
    """Shows what came of a wish."""
    before = _now.asked, _now.kept
    _now.asked = wish
    _now.kept = None if wish.awaited else _focused()
    try:
        yield
    finally:
        _now.asked, _now.kept = before


def behind() -> AbstractContextManager[None]:
    """Shows what nobody at this desk asked for."""
    return answering(BEHIND)


def give(widget: QWidget, reason: Qt.FocusReason | None = None) -> bool:
    """Gives the focus to a widget; False where a person's hands are elsewhere and stay there."""
    kept = _now.kept
    if kept is not None and kept is not widget and _holds_focus(kept):
        return False
    if reason is None:
        widget.setFocus()
    else:
        widget.setFocus(reason)
    return True


def busy() -> bool:
    """Whether a person is at something else, from which what arrives must not take them away."""
    return _now.kept is not None and _holds_focus(_now.kept)


def keeps_text(widget: QWidget) -> bool:
    """Whether a person is in this widget and what arrives now must not replace its text."""
    return _now.kept is widget and _holds_focus(widget)


def _focused() -> QWidget | None:
    """Who has the focus, or will have it when the person comes back to the window."""
    here = QApplication.focusWidget()
    if here is not None:
        return here
    waiting = (window.focusWidget() for window in QApplication.topLevelWidgets())
    return next((widget for widget in waiting if widget is not None), None)


def _holds_focus(widget: QWidget) -> bool:
    return isValid(widget) and widget.isVisible() and widget.window().focusWidget() is widget
