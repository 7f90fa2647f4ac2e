"""What a scan read, with its pictures, survives kill -9; and it is a suggestion as before."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from scan_keeper import DRAFT_ID, SESSION, picture, scans_up_to

import db.declared  # noqa: F401  (declares every table)
from db.schema import bring_up_to_date
from db.store import SqlStore
from workstation.interview.journal import DraftJournal
from workstation.kernel.clock import utc_now


@pytest.mark.parametrize("told", [1, 2, 3])
def test_a_scan_that_was_kept_is_there_after_kill_9(tmp_path: Path, told: int) -> None:
    path, key = tmp_path / "desk.db", secrets.token_hex(32)
    store = SqlStore(path, key)
    bring_up_to_date(store.write_engine)
    store.close()
    script = Path(__file__).with_name("scan_keeper.py")
    keeper = subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert keeper.stdin is not None
    assert keeper.stdout is not None
    with keeper.stdin, keeper.stdout:
        keeper.stdin.write(json.dumps({"path": str(path), "key": key}) + "\n")
        keeper.stdin.flush()
        for _ in range(told):
            last = int(keeper.stdout.readline())
        keeper.kill()
        keeper.wait(20)
    again = SqlStore(path, key)
    journal = DraftJournal(again, utc_now, SESSION)
    walk = journal.resume(DRAFT_ID)
    assert len(walk.scans) >= last
    assert walk.scans == scans_up_to(len(walk.scans))
    assert walk.draft.coverages.items == (), "nothing was filled in by itself"
    sides = journal.pictures(DRAFT_ID)
    for scan in walk.scans:
        assert sides[scan.number] == (picture(scan.number, 0), picture(scan.number, 1))
    again.close()
