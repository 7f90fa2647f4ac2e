"""Long work of the UI thread goes in pieces: one in each turn, in order, for the wish behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QAbstractEventDispatcher, QObject, QTimer

from ui import hands, turns
from ui.jobs import Jobs


@pytest.fixture
def owner(qapp: Any) -> Iterator[QObject]:
    made = QObject()
    yield made
    turns.finish()


def pieces(told: list[str], name: str, count: int) -> Iterator[None]:
    for number in range(count):
        told.append(f"{name}{number}")
        yield


def idle() -> bool:
    return not turns.waiting()


def test_no_two_pieces_run_in_one_turn(qtbot: Any, owner: QObject) -> None:
    """Also while other timers are due in every turn, which run zero timers along with them."""
    rounds, seen = [0], []

    def came_round() -> None:
        rounds[0] += 1

    dispatcher = QAbstractEventDispatcher.instance()
    dispatcher.aboutToBlock.connect(came_round)
    other = QTimer(interval=0)
    other.start()
    began = rounds[0]

    def work() -> Iterator[None]:
        for _ in range(6):
            seen.append(rounds[0])
            yield

    turns.take(owner, work())
    assert seen == []
    qtbot.waitUntil(idle)
    other.stop()
    dispatcher.aboutToBlock.disconnect(came_round)
    assert seen[0] > began
    assert len(set(seen)) == 6


def test_what_a_piece_asks_for_comes_before_what_came_later(qtbot: Any, owner: QObject) -> None:
    told: list[str] = []

    def first() -> None:
        told.append("first")
        turns.take(owner, pieces(told, "a", 2))
        turns.take(owner, pieces(told, "b", 1))

    turns.then(owner, first)
    turns.then(owner, lambda: told.append("last"))
    qtbot.waitUntil(idle)
    assert told == ["first", "a0", "a1", "b0", "last"]


def test_pieces_die_with_their_owner(qtbot: Any, owner: QObject) -> None:
    told: list[str] = []
    mortal = QObject()

    def ends() -> Iterator[None]:
        told.append("begun")
        yield
        told.append("never")

    turns.take(mortal, ends())
    turns.then(owner, lambda: told.append("stays"))
    turns._line().run_one()
    shiboken6.delete(mortal)
    qtbot.waitUntil(idle)
    assert told == ["begun", "stays"]


def test_a_piece_that_fails_does_not_hold_up_the_line(qtbot: Any, owner: QObject) -> None:
    told: list[str] = []

    def broken() -> Iterator[None]:
        yield
        raise LookupError("in a later piece")

    turns.take(owner, broken())
    turns.take(owner, pieces(told, "next", 2))
    with qtbot.captureExceptions() as caught:
        qtbot.waitUntil(idle)
    assert [one[0] for one in caught] == [LookupError]
    assert told == ["next0", "next1"]


def test_every_piece_runs_for_the_wish_that_asked_for_it(qtbot: Any, owner: QObject) -> None:
    wishes: list[hands.Asked] = []

    def work() -> Iterator[None]:
        for _ in range(2):
            wishes.append(hands.asked())
            yield

    with hands.behind():
        turns.take(owner, work())
    qtbot.waitUntil(idle)
    assert wishes == [hands.BEHIND, hands.BEHIND]
    wishes.clear()
    wish = hands.asked()
    turns.take(owner, work())
    assert wish.awaited
    hands.touched()
    qtbot.waitUntil(idle)
    assert [one.awaited for one in wishes] == [False, False]


def test_finish_does_all_at_once_also_from_inside_a_piece(owner: QObject) -> None:
    told: list[str] = []

    def ends_everything() -> None:
        turns.then(owner, lambda: told.append("asked"))
        turns.finish()
        told.append("ended")

    turns.then(owner, ends_everything)
    turns.take(owner, pieces(told, "w", 2))
    turns.finish()
    assert told == ["asked", "w0", "w1", "ended"]
    assert not turns.waiting()


def test_answers_that_come_together_are_shown_in_turns_of_their_own(qtbot: Any, jobs: Jobs) -> None:
    rounds, shown = [0], []

    def came_round() -> None:
        rounds[0] += 1

    class Home(QObject):
        def show_answer(self, _: object) -> None:
            shown.append(rounds[0])

    home = Home()
    dispatcher = QAbstractEventDispatcher.instance()
    dispatcher.aboutToBlock.connect(came_round)
    made = [jobs.read(_nothing, owner=home, done=home.show_answer) for _ in range(5)]
    for future in list(jobs._futures.values()):
        future.result()  # all five wait in the event queue by now
    qtbot.waitUntil(lambda: jobs.idle)
    dispatcher.aboutToBlock.disconnect(came_round)
    assert len(made) == len(set(shown)) == 5


def _nothing() -> None:
    """An answer without content."""
