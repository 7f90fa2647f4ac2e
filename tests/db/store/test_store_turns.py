"""Who writes next: whoever came first, so that a person's draft never waits behind busy threads."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from db.store import SqlStore
from db.turns import Turns
from workstation.kernel.errors import PorticoError

StoreAt = Callable[[str], SqlStore]
_BUSY_WRITERS = 5
_SAVES = 30


@pytest.fixture
def store(store_at: StoreAt) -> SqlStore:
    return store_at("desk")


def save(store: SqlStore, id: str) -> None:
    draft: dict[str, Any] = {"owner": "u1", "visit_id": None, "person_id": None}
    with store.unit_of_work() as work:
        work.put_local("draft", id, {**draft, "saved_at": "2026", "body": {"last": "x" * 400}})
        work.commit()


def test_a_draft_waits_for_those_before_it_and_for_nobody_else(store: SqlStore) -> None:
    """Counted in turns, not in time: while the draft waits, no other writer comes twice more."""
    done: Counter[str] = Counter()
    over = threading.Event()

    def keep_writing(name: str) -> None:
        while not over.is_set():
            save(store, name)
            done[name] += 1

    writers = [
        threading.Thread(target=keep_writing, args=(f"w{n}",), daemon=True)
        for n in range(_BUSY_WRITERS)
    ]
    for writer in writers:
        writer.start()
    most = 0
    try:
        for _ in range(_SAVES):
            before = done.copy()
            save(store, "mine")
            most = max(most, *(done[name] - before[name] for name in done))
    finally:
        over.set()
        for writer in writers:
            writer.join()
    assert most <= 2  # the one under way when the draft came, and the one queued before it


def test_a_failed_transaction_passes_the_turn_on(store: SqlStore) -> None:
    with pytest.raises(ZeroDivisionError), store.unit_of_work():
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), store.writing():
        raise ZeroDivisionError
    save(store, "after")
    assert store.read().get("draft", "after") is not None


def test_a_second_transaction_inside_the_first_is_a_bug_told_at_once(store: SqlStore) -> None:
    with store.unit_of_work(), pytest.raises(RuntimeError), store.unit_of_work():
        pass
    save(store, "after")


def test_who_waits_too_long_is_told_and_forgotten() -> None:
    turns = Turns(patience=0.01)
    refused: list[PorticoError] = []

    def come() -> None:
        try:
            turns.take()
        except PorticoError as error:
            refused.append(error)

    turns.take()
    other = threading.Thread(target=come)
    other.start()
    other.join()
    assert [error.code for error in refused] == ["store_busy"]
    turns.give()
    turns.take()  # nobody is in the queue any more
    turns.give()
