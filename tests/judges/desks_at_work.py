"""Several desks of one facility at work in a process of their own, with real stores and threads.

Orders come on standard input, a line each: first what the desks are, as JSON; then ``rest`` (write
nothing more), then ``report`` (wait until all agree, answer what is on them as JSON, and end).
"""

from __future__ import annotations

import hashlib
import json
import random
import secrets
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import select

from db.local import outbox
from db.schema import bring_up_to_date
from db.store import SqlStore
from db.sync.runner import SyncRunner
from workstation.access.desk import make_desk, service_session
from workstation.facility.model import Facility, facility_id
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Change, Command, Insert, Revise
from workstation.kernel.ids import new_id
from workstation.payments.use_cases import Payments

COMPARED = ("person", "visit", "payment", "ledger_entry", "ledger_line")
CONVERGE_S = 180.0


class BusyDesk:
    """One desk: registers people, takes cash, and mends e-mail addresses that others mend too."""

    def __init__(self, folder: Path, name: str, facility: str, dsn: str, seed: int) -> None:
        self.name = name
        self.store = SqlStore(folder / f"{name}.db", secrets.token_hex(32))
        bring_up_to_date(self.store.write_engine)
        self.desk = make_desk(self.store, name, Facility(facility_id(facility), facility))
        self.cash = Payments(self.store, utc_now, service_session(self.store.read()), self.desk)
        self.taken: dict[str, int] = {}
        """Cents by payment, as the person at the desk remembers them."""
        self.mine: list[tuple[str, str]] = []
        self.lost = 0
        """How often the shared database went away."""
        self._connected = False
        self._chance = random.Random(seed)
        self._runner = SyncRunner(self.store, dsn, on_status=self._note)
        self._runner.start()

    def work(self) -> None:
        """One thing that a registrar does."""
        kind = self._chance.random()
        if kind < 0.35 or not self.mine:
            self._register()
        elif kind < 0.75:
            person_id, visit_id = self._chance.choice(self.mine)
            amount = self._chance.randrange(100, 20000)
            taken = self.cash.take(
                person_id, visit_id, "cash", [{"kind": "copay", "amount": amount}]
            )
            self.taken[taken.payment_id] = amount
        else:
            self._mend_anybody()
        self._runner.nudge()

    def quiet(self) -> bool:
        """Whether it is connected, has heard of all its commands and read the feed to its end."""
        now = self._runner.status()
        return now.connected and now.waiting == 0 and now.cursor == now.top

    def digest(self) -> str:
        """Of all that this desk shows of people, visits and money."""
        shown = {kind: sorted(self.store.read().find(kind), key=_by_id) for kind in COMPARED}
        return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()

    def report(self) -> dict[str, Any]:
        """What the server's side is compared with."""
        with self.store.reading() as connection:
            found = connection.execute(select(outbox.c.command_id, outbox.c.state)).all()
        payments = self.store.read().find("payment")
        return {
            "name": self.name,
            "ws_id": self.desk.workstation_id,
            "commands": [each.command_id for each in found],
            "states": Counter(each.state for each in found),
            "taken": self.taken,
            "shown_cents": sum(each["amount"] for each in payments),
            "cursor": self._runner.status().cursor,
            "trouble": str(self._runner.status().trouble or ""),
            "lost": self.lost,
            "audit": self.store.verify_audit().ok,
            "digest": self.digest(),
        }

    def stop(self) -> None:
        """Ends its thread and closes its store."""
        self._runner.stop()
        self.store.close()

    def _register(self) -> None:
        person_id, visit_id = new_id(), new_id()
        name = {"last": f"Byrd{len(self.mine)}", "first": self.name, "dob": "1985-03-03"}
        visit = {
            "person_id": person_id,
            "visit_number": f"V{secrets.token_hex(4)}",
            "account_number": f"A{secrets.token_hex(4)}",
            "class": "O",
            "lock": "none",
            "state": "arrived",
            "service_date": "2026-11-23",
        }
        self._record(Insert("person", person_id, name), Insert("visit", visit_id, visit))
        self.mine.append((person_id, visit_id))

    def _mend_anybody(self) -> None:
        chosen = self._chance.choice(self.store.read().find("person"))["id"]
        wanted = {"email": f"{self._chance.randrange(10**7):07}@example.org"}
        with self.store.unit_of_work() as work:
            row = work.get("person", chosen)
            assert row is not None
            seen = {"email": row["email"]}
            work.record(self._command(Revise("person", chosen, seen, wanted, row["rev"])))
            work.commit()

    def _record(self, *changes: Change) -> None:
        with self.store.unit_of_work() as work:
            work.record(self._command(*changes))
            work.commit()

    def _command(self, *changes: Change) -> Command:
        return Command(new_id(), "test", "u", utc_now(), self.desk.facility.id, tuple(changes))

    def _note(self, status: Any) -> None:
        if self._connected and not status.connected:
            self.lost += 1
        self._connected = status.connected


def _by_id(row: Any) -> str:
    return str(row["id"])


def main() -> None:
    """Follows the orders on standard input."""
    orders = json.loads(sys.stdin.readline())
    folder, facility = Path(orders["folder"]), orders["facility"]
    desks = [
        BusyDesk(folder, name, facility, dsn, orders["seed"] + place)
        for place, (name, dsn) in enumerate(sorted(orders["desks"].items()))
    ]
    print("ready", flush=True)
    rest = threading.Event()
    fell = threading.Event()
    worker = threading.Thread(target=_work, args=(desks, orders["every_s"], rest, fell))
    worker.start()
    for order in sys.stdin:
        if order.strip() == "rest":
            rest.set()
            worker.join()
            print("fell" if fell.is_set() else "resting", flush=True)
        else:
            break
    began = time.monotonic()
    pause = threading.Event()
    while not (all(desk.quiet() for desk in desks) and len({d.digest() for d in desks}) == 1):
        if time.monotonic() - began > CONVERGE_S:
            break  # the report shows who was left behind
        pause.wait(0.5)
    took = time.monotonic() - began
    print(json.dumps({"converged_s": took, "desks": [desk.report() for desk in desks]}), flush=True)
    for desk in desks:
        desk.stop()


def _work(
    desks: list[BusyDesk], every_s: float, rest: threading.Event, fell: threading.Event
) -> None:
    """Each desk does something every so many seconds, one after the other."""
    fell.set()
    while True:
        for desk in desks:
            if rest.wait(every_s / len(desks)):
                fell.clear()
                return
            desk.work()


if __name__ == "__main__":
    main()
