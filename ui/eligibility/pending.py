"""The answers that payers still owe this desk, counted in the bottom line and listed behind it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from ui.eligibility.words import clock_words
from ui.shell.window import MainWindow
from ui.words import say
from workstation.eligibility.pending import PendingAnswer
from workstation.eligibility.use_cases import AskPayer
from workstation.kernel.changed import Kind


class PendingAnswers(QObject):
    """Follows the questions under way. ``begin(use)`` for each session, ``end()`` after it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._asking: AskPayer | None = None
        window.bus.changed.connect(self._changed)

    def begin(self, asking: AskPayer) -> None:
        """Somebody sits here: also what was asked before them is still to come."""
        self._asking = asking
        self._read()

    def end(self) -> None:
        """Nobody sits here: nothing is told."""
        self._asking = None
        self._window.show_pending("")

    @Slot(object, object)
    def _changed(self, kinds: frozenset[Kind], _: object) -> None:
        if Kind.JOB in kinds:
            self._read()

    def _read(self) -> None:
        if self._asking is not None:
            self._window.jobs.read(
                self._asking.pending, owner=self, done=self._show, replaces="pending"
            )

    @Slot(object)
    def _show(self, pending: tuple[PendingAnswer, ...]) -> None:
        if self._asking is not None:
            self._window.show_pending(
                pending_words(len(pending)), tuple(pending_line(one) for one in pending)
            )


def pending_words(count: int) -> str:
    """``2 eligibility answers pending``; nothing for none."""
    if count == 1:
        return say("1 eligibility answer pending")
    return say("{n} eligibility answers pending", n=count) if count else ""


def pending_line(one: PendingAnswer) -> str:
    """One question: the payer, since when, and what happens by itself."""
    payer = one.payer or say("A payer")
    asked = clock_words(one.asked_at)
    if one.again_at:
        return say(
            "{payer}, asked {time}: no answer yet. It is asked once more at {again}.",
            payer=payer,
            time=asked,
            again=clock_words(one.again_at),
        )
    return say("{payer}, asked {time}: the answer comes in by itself.", payer=payer, time=asked)
