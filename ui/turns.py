"""Long work of the UI thread in pieces, one in each turn of the event loop.

    turns.take(self, self._opening(opened))     # a generator: each ``yield`` is the end of a piece
    turns.then(self, self._refresh)             # one piece, in a turn to come

Between two pieces the window takes keys, paints, and hears what arrives. There is one line for the
UI thread, and it keeps the order: what a piece asks for comes right behind it, before what came
later. Each piece runs for the wish (``ui.hands``) during which it was asked for, so it moves the
focus only of a person who asked and has touched nothing since. A piece dies with its ``owner``.

Nothing half made may be seen or typed into: a generator shows what it made with its last pieces,
and looks again at what may have changed meanwhile. ``QTimer.singleShot(0, …)`` is no other way to
do this: Qt runs it in the same turn where other events or timers are due.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QAbstractEventDispatcher, QCoreApplication, QObject, QTimer, Slot
from shiboken6 import isValid

from ui import hands

_FULL_SECONDS = 0.005
"""A turn that took so much CPU time already is left to end."""
_PATIENCE = 4
"""How many such turns are let by before a piece goes all the same."""


@dataclass(frozen=True, slots=True)
class _Piece:
    owner: QObject
    wish: hands.Asked
    go: Callable[[], bool]
    """Does one piece of the work; True where there is more."""


class _Line(QObject):
    """What waits for its turn, the next one first."""

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        self.pieces: list[_Piece] = []
        self._place: int | None = None
        """Where what the running piece asks for is put; None while no piece runs."""
        self._fresh = False
        self._began = 0.0
        self._let_by = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._due)

    def put(self, piece: _Piece) -> None:
        """At the end of the line; or right behind the piece that asks for it."""
        if self._place is None:
            self.pieces.append(piece)
        else:
            self.pieces.insert(self._place, piece)
            self._place += 1
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None and not self._timer.isActive():
            self._fresh = False
            dispatcher.awake.connect(self._came_round)
            self._timer.start(0)

    def run_one(self) -> None:
        """The piece whose turn it is."""
        piece = self.pieces.pop(0)
        if not isValid(piece.owner):
            return
        before, self._place = self._place, 0
        try:
            with hands.answering(piece.wish):
                more = piece.go()
        finally:
            self._place = None if before is None else 0
        if more:
            self.pieces.insert(0, piece)

    @Slot()
    def _came_round(self) -> None:
        self._fresh, self._began = True, time.thread_time()

    @Slot()
    def _due(self) -> None:
        if not self._fresh:
            return
        full = time.thread_time() - self._began > _FULL_SECONDS
        if full and self._let_by < _PATIENCE:
            self._fresh = False
            self._let_by += 1
            return
        self._fresh, self._let_by = False, 0
        try:
            if self.pieces:
                self.run_one()
        finally:
            if not self.pieces:
                self._rest()

    def _rest(self) -> None:
        self._timer.stop()
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is not None:
            dispatcher.awake.disconnect(self._came_round)


_lines: list[_Line] = []


def _line() -> _Line:
    if not _lines or not isValid(_lines[0]):
        _lines[:] = [_Line(QCoreApplication.instance())]
    return _lines[0]


def take(owner: QObject, work: Iterator[None]) -> None:
    """Does ``work`` from a turn to come on, one ``yield`` in each; none of it in this turn."""
    _line().put(_Piece(owner, hands.asked(), lambda: _step(work)))


def then(owner: QObject, work: Callable[[], object]) -> None:
    """Does ``work`` in a turn to come."""
    _line().put(_Piece(owner, hands.asked(), lambda: _once(work)))


def waiting() -> bool:
    """Whether a piece waits for its turn."""
    return bool(_line().pieces)


def finish() -> None:
    """Does at once all that waits and what comes of it: for the end of the program, and tests."""
    line = _line()
    while line.pieces:
        line.run_one()


def _step(work: Iterator[None]) -> bool:
    for _ in work:
        return True
    return False


def _once(work: Callable[[], object]) -> bool:
    work()
    return False
