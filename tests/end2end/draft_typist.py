"""A registrar who types into a real journal on a real encrypted store, until killed.

Run as a script it forks a typist for each line of standard input, ``{"path", "key", "log"}``, and
answers its process id: forking spares each life the imports. The typist writes down, in ``log``,
when each letter was typed; that file survives the kill because every write goes to the kernel.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import db.declared  # noqa: F401  (declares every table)
from db.store import SqlStore
from workstation.access.model import Role, Session
from workstation.interview.flow import Walk, answer, begin
from workstation.interview.journal import SAVE_AFTER_MS, DraftJournal
from workstation.interview.model import Draft, PageId
from workstation.kernel.clock import utc_now

KEYS = ("identity.last", "identity.first", "reason.reason", "address.street", "reach.email")
LETTER_SECONDS = 0.004
LETTERS = "abcdefghijklmnopqrstuvwxyz"
DRAFT_ID = "draft-under-test"


def typed_so_far(walk: Walk) -> str:
    """Everything typed, in the order in which the typist fills the fields."""
    draft = walk.draft
    fields = (draft.identity.last, draft.identity.first, draft.reason.reason)
    return "".join((*fields, draft.address.street, draft.reach.email))


def type_until_killed(path: Path, key: str, log: Path) -> None:
    """Types letter after letter; saves as the window does, 150 ms after the first unsaved one."""
    store = SqlStore(path, key)
    journal = DraftJournal(store, utc_now, Session("u1", "rdiaz", "R. Diaz", Role.REGISTRAR))
    walk = replace(begin(Draft(id=DRAFT_ID, owner="u1")), page=PageId.IDENTITY)
    journal.save(walk)
    record = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    unsaved_since: float | None = None
    for number in range(100_000):
        place = min(number // 40, len(KEYS) - 1)
        text = "".join(LETTERS[n % 26] for n in range(place * 40, number + 1))
        walk = answer(walk, KEYS[place], text)
        now = time.monotonic()
        os.write(record, f"{now:.6f}\n".encode())
        unsaved_since = unsaved_since or now
        if now - unsaved_since >= SAVE_AFTER_MS / 1000:
            journal.save(walk)
            unsaved_since = None
        time.sleep(LETTER_SECONDS)


def serve() -> None:
    """One typist for each line asked for."""
    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if child == 0:
            type_until_killed(Path(job["path"]), job["key"], Path(job["log"]))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
