"""One workstation as a process of its own: its store, its sync thread, a registrar at work.

``bench_desks.py`` forks fifty of these. Each tells what it measured through a file of JSON lines in
its own folder; words on a pipe tell it what to do.
"""

from __future__ import annotations

import json
import random
import threading
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from db.schema import bring_up_to_date
from db.store import SqlStore
from db.sync.runner import SyncRunner
from workstation.access.desk import make_desk
from workstation.facility.model import Facility, facility_id
from workstation.kernel.changed import Kind
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Change, Command, Insert, Revise
from workstation.kernel.ids import new_id
from workstation.sync.model import FeedHead, FeedRow
from workstation.sync.status import SyncStatus


@dataclass
class Measured:
    """Milliseconds, each a list: of commits on this desk; from durable at another desk to shown
    here; from durable here to applied and told back."""

    commits: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)
    commands: int = 0

    def told(self) -> str:
        """All of it as JSON; from now on it is measured anew."""
        words = json.dumps(vars(self))
        self.__init__()  # type: ignore[misc]
        return words


@dataclass
class WorkingDesk:
    """A desk whose registrar makes a command every ``pause`` seconds on average."""

    folder: Path
    name: str
    facility: str
    dsn: str
    seed: int

    def run(self, orders: Connection) -> None:
        """Follows orders until ``end``: work PAUSE, rest, tell, idle?"""
        store = SqlStore(self.folder / f"{self.name}.db", f"{self.seed:064x}")
        bring_up_to_date(store.write_engine)
        make_desk(store, self.name, Facility(facility_id(self.facility), self.facility))
        registrar = _Registrar(store, facility_id(self.facility), self.seed)
        runner = SyncRunner(store, self.dsn)
        _note_arrivals(runner, registrar.measured)
        registrar.nudge = runner.nudge
        runner.start()
        orders.send("ready")
        while (order := orders.recv())[0] != "end":
            match order:
                case ("work", pause):
                    registrar.work(pause)
                case ("rest",):
                    registrar.rest()
                case ("status",):
                    status: SyncStatus = runner.status()
                    orders.send((status.connected, status.waiting, status.cursor, status.top))
                case ("tell",):
                    orders.send(registrar.measured.told())
        registrar.rest()
        runner.stop()
        store.close()


class _Registrar:
    """Registers, corrects, takes cash: the mix of a morning."""

    def __init__(self, store: SqlStore, facility: str, seed: int) -> None:
        self.measured = Measured()
        self.nudge: Any = lambda: None
        self._store = store
        self._facility = facility
        self._chance = random.Random(seed)
        self._people: list[str] = []
        self._resting = threading.Event()
        self._thread: threading.Thread | None = None

    def work(self, pause: float) -> None:
        self.rest()
        self._resting.clear()
        self._thread = threading.Thread(target=self._work, args=(pause,), daemon=True)
        self._thread.start()

    def rest(self) -> None:
        self._resting.set()
        if self._thread is not None:
            self._thread.join()

    def _work(self, pause: float) -> None:
        while not self._resting.wait(self._chance.expovariate(1 / pause)):
            began = time.perf_counter()
            with self._store.unit_of_work() as work:
                change = self._change(work)
                work.record(Command(new_id(), "bench", "u", utc_now(), self._facility, (change,)))
                work.commit()
            self.measured.commits.append((time.perf_counter() - began) * 1000)
            self.measured.commands += 1
            self.nudge()

    def _change(self, work: Any) -> Change:
        luck = self._chance.random()
        if luck < 0.34 or not self._people:
            person_id = new_id()
            self._people.append(person_id)
            name = f"Quenby{self._chance.randrange(10**6)}"
            address = {"street": "1 Elm St", "city": "Austin", "state": "TX", "zip": "78701"}
            fields = {"last": name, "first": "Ilse", "dob": "1984-02-29", "sex": "F"}
            return Insert("person", person_id, fields | address)
        person_id = self._chance.choice(self._people)
        if luck < 0.67:
            row = work.get("person", person_id)
            wanted = {"street": f"{self._chance.randrange(10**4)} Oak St"}
            return Revise("person", person_id, {"street": row["street"]}, wanted, row["rev"])
        paid = {
            "person_id": person_id,
            "amount": 2500,
            "tender": "cash",
            "lines": [{"kind": "copay", "amount": 2500}],
            "receipt_no": "ABC-1",
            "actor": "u",
            "drawer": "d",
            "workstation": "desk",
            "taken_at": "2026-11-23T10:00:00Z",
            "day": "2026-11-23",
        }
        return Insert("payment", new_id(), paid)


def _note_arrivals(runner: SyncRunner, measured: Measured) -> None:
    """Notes, when feed rows are durable and shown, how old their commands are by their ids."""
    replica = runner._synchroniser.replica
    me = replica.identity().ws_id
    keep = replica.keep

    def noted(head: FeedHead, entries: Iterable[FeedRow]) -> tuple[int, frozenset[Kind]]:
        told = list(entries)
        done = keep(head, told)
        now = time.time() * 1000
        for entry in told:
            made = (uuid.UUID(entry.command_id).int >> 80) & 0xFFFFFFFFFFFF
            (measured.settled if entry.ws_id == me else measured.lags).append(now - made)
        return done

    replica.keep = noted  # type: ignore[method-assign]
