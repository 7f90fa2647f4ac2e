"""A desk that keeps scans beside a draft until it is killed: see test_scan_kill.

Reads one JSON line with path and key, then keeps scan after scan and prints the number of each
once it is durable.
"""

from __future__ import annotations

import json
import sys

import db.declared  # noqa: F401  (declares every table)
from db.store import SqlStore
from workstation.access.model import Role, Session
from workstation.capture.card_model import CardReading
from workstation.capture.kept import kept_reading
from workstation.interview.flow import Walk
from workstation.interview.journal import DraftJournal
from workstation.interview.model import Draft, PageId
from workstation.interview.scans import Left, Scan
from workstation.kernel.clock import utc_now

SESSION = Session("u1", "rdiaz", "R. Diaz", Role.REGISTRAR)
DRAFT_ID = "d1"


def picture(number: int, side: int) -> bytes:
    """A picture that only this scan has, as large as a card's."""
    return f"{number}:{side}:".encode() * 20_000


def scans_up_to(number: int) -> tuple[Scan, ...]:
    """What was scanned by then: each a suggestion that nobody took."""
    return tuple(
        Scan(
            "card",
            n - 1,
            json.dumps(kept_reading(CardReading(member_id=f"XQ{n}", review=("member_id",)))),
            number=n,
            left=(Left(f"coverages.items.{n - 1}.member_id"),),
        )
        for n in range(1, number + 1)
    )


def main() -> None:
    """Never ends by itself."""
    job = json.loads(sys.stdin.readline())
    journal = DraftJournal(SqlStore(job["path"], job["key"]), utc_now, SESSION)
    number = 0
    while True:
        number += 1
        journal.keep_pictures(DRAFT_ID, number, [picture(number, 0), picture(number, 1)])
        draft = Draft(id=DRAFT_ID, owner=SESSION.user_id)
        journal.save(Walk(draft, PageId.COVERAGE, scans=scans_up_to(number)))
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
