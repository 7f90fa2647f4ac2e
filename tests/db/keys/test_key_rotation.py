"""A new key for a real store: killed at every step, refused while others work, and never half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from db.keys.escrow import Escrow, key_name
from db.keys.opening import connection_to, key_for, opens
from db.keys.places import KeyFile, Slot
from db.keys.recovery import PrivateHalf
from db.keys.rotation import Rotation, demand_whole, recover
from workstation.kernel.errors import PorticoError, Refused

STEPS = ("examine", "seal", "keep_next", "change", "promote", "forget_old")
"""What stands before a step is what stands after the one before it."""
RECOVERY = PrivateHalf.make()


class Desk:
    """A store with rows in it, its key file and its escrow."""

    def __init__(self, folder: Path, rows: int = 50) -> None:
        self.store = folder / "store.db"
        self.file = folder / "key"
        self.place = KeyFile(self.file)
        self.rows = rows
        key = key_for(self.store, self.place, create=True)
        Escrow(RECOVERY.public, {}).having(key).write_beside(self.store)
        with closing(connection_to(self.store, key)) as raw:
            raw.execute("PRAGMA journal_mode = WAL")
            raw.execute("CREATE TABLE kept (n INTEGER PRIMARY KEY, word TEXT)")
            raw.execute("BEGIN")
            raw.executemany("INSERT INTO kept VALUES (?, ?)", ((n, "x" * 900) for n in range(rows)))
            raw.execute("COMMIT")

    def start(self, step: str = "") -> subprocess.Popen[bytes]:
        script = Path(__file__).with_name("rotation_that_dies.py")
        return subprocess.Popen([sys.executable, script, self.store, self.file, step])

    def count(self, key: str) -> int:
        with closing(connection_to(self.store, key)) as raw:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            demand_whole(raw)
            return int(raw.execute("SELECT count(*) FROM kept").fetchone()[0])


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def assert_nothing_is_lost(desk: Desk) -> None:
    """It opens by itself, with the recovery key too, and its key can be changed again."""
    key = key_for(desk.store, desk.place)
    assert desk.count(key) == desk.rows
    desk.file.unlink()
    assert recover(desk.store, desk.place, RECOVERY) == key
    Rotation(desk.store, desk.place).run()
    now = key_for(desk.store, desk.place)
    assert now != key
    assert not opens(desk.store, key)
    assert desk.count(now) == desk.rows
    assert desk.place.read(Slot.NEXT) is None
    escrow = Escrow.beside(desk.store)
    assert escrow is not None
    assert list(escrow.sealed) == [key_name(now)]


@pytest.mark.parametrize("step", [*STEPS, ""])
def test_killed_before_a_step_and_after_the_last(desk: Desk, step: str) -> None:
    old = desk.place.read(Slot.CURRENT)
    assert desk.start(step).wait() == -signal.SIGKILL
    changed = step in ("promote", "forget_old", "")
    assert (key_for(desk.store, desk.place) != old) is changed
    assert_nothing_is_lost(desk)


def test_killed_while_pages_are_written(tmp_path: Path) -> None:
    """Once the journal has begun to fill: the most part of the time that a change takes."""
    desk = Desk(tmp_path, rows=20_000)
    old = desk.place.read(Slot.CURRENT)
    journal = desk.store.with_name("store.db-wal")
    child = desk.start()
    while desk.place.read(Slot.NEXT) is None or not journal.exists() or not journal.stat().st_size:
        assert child.poll() is None
        time.sleep(0.001)
    os.kill(child.pid, signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    assert old in (desk.place.read(Slot.CURRENT), key_for(desk.store, desk.place))
    assert_nothing_is_lost(desk)


def test_not_while_another_program_has_the_store_open(desk: Desk) -> None:
    old = desk.place.read(Slot.CURRENT)
    assert old is not None
    with closing(connection_to(desk.store, old)) as other:
        other.execute("PRAGMA busy_timeout = 0")
        other.execute("SELECT count(*) FROM kept").fetchone()
        rotation = Rotation(desk.store, desk.place)
        with pytest.raises(PorticoError, match="store_open_elsewhere"):
            rotation.run()
    assert key_for(desk.store, desk.place) == old
    assert_nothing_is_lost(desk)


def test_a_damaged_store_is_not_written_anew(desk: Desk) -> None:
    content = bytearray(desk.store.read_bytes())
    content[-2000] ^= 1
    desk.store.write_bytes(content)
    before = everything(desk)
    with pytest.raises(PorticoError, match="store_broken"):
        Rotation(desk.store, desk.place).run()
    assert everything(desk) == before


def everything(desk: Desk) -> dict[str, Any]:
    return {file.name: file.read_bytes() for file in desk.store.parent.iterdir()}


def test_a_wrong_recovery_key_destroys_nothing(desk: Desk) -> None:
    desk.file.unlink()
    before = everything(desk)
    with pytest.raises(Refused, match="recovery_key_wrong") as refusal:
        recover(desk.store, desk.place, PrivateHalf.make())
    assert RECOVERY.public.fingerprint in str(refusal.value.say)
    assert everything(desk) == before


def test_the_escrow_of_another_store_is_told(desk: Desk, tmp_path: Path) -> None:
    desk.file.unlink()
    Escrow(RECOVERY.public, {}).having("ab" * 32).write_beside(desk.store)
    with pytest.raises(Refused, match="recovery_of_another_store"):
        recover(desk.store, desk.place, RECOVERY)
    (tmp_path / "recovery.json").write_text("{")
    with pytest.raises(PorticoError, match="escrow_damaged"):
        recover(desk.store, desk.place, RECOVERY)
    (tmp_path / "recovery.json").unlink()
    with pytest.raises(Refused, match="recovery_key_not_set"):
        recover(desk.store, desk.place, RECOVERY)
