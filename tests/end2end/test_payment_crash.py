"""Card payments under real SIGKILL: the bank's book and ours agree, whatever was lost.

``PORTICO_CRASH_SEEDS`` sets how many seeds; the normal run does twenty.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from card_desk import CardDesk
from fork_server import ForkServer
from paying_store import new_store

from simulator.terminal.bank import Bank
from simulator.terminal.faults import KINDS, OPERATIONS
from simulator.terminal.server import TerminalServer, serve
from workstation.kernel.ids import new_id
from workstation.payments.attempt_model import FINAL, State
from workstation.payments.receipt_number import read_receipt_number

SEEDS = int(os.environ.get("PORTICO_CRASH_SEEDS", "20"))
BATCH = 20
LAST_POINT = 26


@pytest.fixture
def forks() -> Iterator[ForkServer]:
    server = ForkServer("card_desk.py")
    yield server
    server.close()


@pytest.fixture
def simulator() -> Iterator[TerminalServer]:
    server = serve()
    yield server
    server.stop()


def one_life(
    chance: random.Random, simulator: TerminalServer, forks: ForkServer, path: Path
) -> str:
    """A card payment with a crash, faults, perhaps a second crash, and then a quiet recovery."""
    new_store(path)
    note = path.with_suffix(".note")
    job: dict[str, Any] = {
        "path": str(path),
        "url": simulator.url,
        "note": str(note),
        "payment_id": new_id(),
        "take": True,
        "ahead": 0,
    }
    simulator.bank = Bank()
    simulator.faults.clear()
    reader = simulator.bank.reader("tmr_desk")
    reader.auto_tap_ms = chance.choice([0, 0, 3, 15, None])
    reader.approve_ms = chance.choice([0, 0, 10])
    for _ in range(chance.choice([0, 1, 1, 2])):
        kinds = [kind for kind in KINDS if kind != "slow"]
        simulator.faults.add({"on": chance.choice(OPERATIONS), "kind": chance.choice(kinds)})
    said = []
    for life in range(chance.choice([1, 2, 3])):
        job |= {"boot": f"boot-{life}", "kill_at": chance.randint(1, LAST_POINT)}
        job |= {"cancel": chance.random() < 0.2, "ahead": chance.choice([0, 0, 86_400, -86_400])}
        note.unlink(missing_ok=True)
        if forks.ask(job)["killed"]:
            said.append(note.read_text())
    simulator.faults.clear()
    if chance.random() < 0.3:  # a late tap, while the desk is down
        with simulator.bank.lock:
            simulator.bank.tap(reader)
    job |= {"boot": "boot-last", "kill_at": 0, "cancel": False, "ahead": 90_000}
    reader.auto_tap_ms = 0
    for _ in range(2):
        answer = forks.ask(job)
        assert answer["status"] == 0, answer
    return ",".join(said)


def check_books(path: Path, simulator: TerminalServer) -> None:
    desk = CardDesk(path, simulator.url)
    try:
        book = simulator.bank.book()["intents"]
        charged = {entry["attempt"]: entry["captured"] for entry in book if entry["captured"]}
        payments = desk.rows("payment")
        assert {row["attempt_id"]: row["amount"] for row in payments} == charged
        assert len(payments) == len(charged) == 1, "one payment was decided, one was made"
        states = {row["id"]: row["state"] for row in desk.rows("payment_attempt")}
        assert set(states.values()) <= {str(state) for state in FINAL}, states
        assert [i for i, state in states.items() if state == State.APPROVED] == list(charged)
        assert sum(desk.balances().values()) == 0
        assert desk.balances()["card_clearing"] == sum(charged.values())
        assert len(desk.rows("ledger_entry")) == len(payments)
        numbers = sorted(read_receipt_number(row["receipt_no"])[1] for row in payments)
        assert numbers == list(range(1, len(numbers) + 1)), "gapless"
        assert desk.store.verify_audit().ok
    finally:
        desk.close()


@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
def test_no_payment_is_lost_or_doubled_by_a_crash(
    simulator: TerminalServer, forks: ForkServer, tmp_path: Path, first: int
) -> None:
    kills: Counter[str] = Counter()
    last = min(first + BATCH, SEEDS)
    for seed in range(first, last):
        path = tmp_path / f"{seed}.db"
        points = one_life(random.Random(seed), simulator, forks, path)
        kills.update(point for point in points.split(",") if point)
        try:
            check_books(path, simulator)
        except AssertionError as wrong:
            raise AssertionError(
                f"seed {seed}, killed at {points or 'nowhere'}: {wrong}"
            ) from wrong
    print(f"seeds {first}-{last - 1}, kills delivered {sum(kills.values())}: {dict(kills)}")
    assert sum(kills.values()) >= (last - first) // 2, "too few kills were really delivered"


@pytest.mark.parametrize("silence_means_no", [False, True])
def test_the_books_tell_a_desk_that_takes_silence_for_no(
    simulator: TerminalServer, forks: ForkServer, tmp_path: Path, silence_means_no: bool
) -> None:
    path = tmp_path / "desk.db"
    new_store(path)
    simulator.bank.reader("tmr_desk").auto_tap_ms = 0
    simulator.faults.add({"on": "process", "kind": "drop_after"})
    job = {"path": str(path), "url": simulator.url, "payment_id": new_id(), "take": True}
    job |= {"ahead": 0, "kill_at": 0, "cancel": False, "silence_means_no": silence_means_no}
    for life in range(2):
        assert forks.ask(job | {"boot": f"boot-{life}"})["status"] == 0
    if silence_means_no:
        with pytest.raises(AssertionError):
            check_books(path, simulator)
    else:
        check_books(path, simulator)
