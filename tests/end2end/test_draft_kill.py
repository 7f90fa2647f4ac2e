"""A check-in survives kill -9 at any moment with at most the last 300 ms of typing lost.

``PORTICO_DRAFT_KILLS`` sets how many; the normal run does two hundred, eight typists at a time.
"""

from __future__ import annotations

import os
import random
import secrets
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from draft_typist import DRAFT_ID, typed_so_far
from fork_server import ForkServer

import db.declared  # noqa: F401  (declares every table)
from db.schema import bring_up_to_date
from db.store import SqlStore
from workstation.access.model import Role, Session
from workstation.interview.journal import DraftJournal
from workstation.kernel.clock import utc_now
from workstation.kernel.errors import PorticoError

KILLS = int(os.environ.get("PORTICO_DRAFT_KILLS", "200"))
AT_ONCE = 8
LOST_MS = 300
LONGEST_LIFE = 0.9
_PAUSE = threading.Event()


@pytest.fixture
def forks() -> Iterator[ForkServer]:
    server = ForkServer("draft_typist.py")
    yield server
    server.close()


@dataclass
class Life:
    """One typist: where its store is, when it dies, and when it died."""

    path: Path
    key: str
    log: Path
    dies_after: float
    pid: int = 0
    started: float = 0.0
    killed: float = 0.0

    @property
    def began(self) -> bool:
        """The first letter was typed."""
        return self.log.exists() and self.log.stat().st_size > 0


def new_store(folder: Path, number: int) -> tuple[Path, str]:
    path, key = folder / f"desk-{number}.db", secrets.token_hex(32)
    store = SqlStore(path, key)
    bring_up_to_date(store.write_engine)
    store.close()
    return path, key


def live_and_die(lives: list[Life], forks: ForkServer) -> None:
    """Starts the typists and kills each at its moment, counted from its first letter."""
    for life in lives:
        job = {"path": str(life.path), "key": life.key, "log": str(life.log)}
        life.pid = forks.ask(job)
    waiting = list(lives)
    limit = time.monotonic() + 60
    while waiting and time.monotonic() < limit:
        _PAUSE.wait(0.001)
        for life in tuple(waiting):
            if not life.started and life.began:
                life.started = time.monotonic()
            if life.started and time.monotonic() - life.started >= life.dies_after:
                os.kill(life.pid, signal.SIGKILL)
                life.killed = time.monotonic()
                waiting.remove(life)
    assert not waiting, "a typist never began"


def lost_ms(life: Life) -> float:
    """How old the oldest letter is that the journal does not have, when the typist was killed."""
    store = SqlStore(life.path, life.key)
    journal = DraftJournal(store, utc_now, Session("u1", "rdiaz", "R. Diaz", Role.REGISTRAR))
    try:
        saved = typed_so_far(journal.resume(DRAFT_ID))
    except PorticoError as nothing:
        raise AssertionError(f"the draft is gone: {nothing.code}") from None
    finally:
        store.close()
    times = [float(line) for line in life.log.read_text().split("\n")[:-1]]
    letters = len(saved)
    assert saved == whole_text(letters), "what was saved is not what was typed"
    assert letters <= len(times) + 1
    unsaved = [moment for moment in times[letters:] if moment < life.killed]
    return (life.killed - unsaved[0]) * 1000 if unsaved else 0.0


def whole_text(letters: int) -> str:
    return "".join(chr(ord("a") + n % 26) for n in range(letters))


@pytest.mark.slow
def test_two_hundred_kills_lose_at_most_the_last_300_ms(tmp_path: Path, forks: ForkServer) -> None:
    seed = int(os.environ.get("PORTICO_SEED", secrets.randbelow(2**31)))
    chance = random.Random(seed)
    stores = [new_store(tmp_path, number) for number in range(AT_ONCE)]
    losses: list[float] = []
    while len(losses) < KILLS:
        count = min(AT_ONCE, KILLS - len(losses))
        lives = [
            Life(*stores[n], tmp_path / f"log-{len(losses)}-{n}", chance.uniform(0, LONGEST_LIFE))
            for n in range(count)
        ]
        live_and_die(lives, forks)
        losses += [lost_ms(life) for life in lives]
    late = [loss for loss in losses if loss > LOST_MS]
    print(f"seed {seed}, {len(losses)} kills, most lost {max(losses):.0f} ms, {len(late)} late")
    assert not late, f"seed {seed}: {late}"
