"""A store in memory with the promises of ``workstation.kernel.unit_of_work``, for pure tests."""

from __future__ import annotations

import copy
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from workstation.access.model import Role, Session
from workstation.facility.model import Desk, Facility
from workstation.kernel.commands import Command, Insert

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
PERSON, VISIT = "person-1", "visit-1"
DESK = Desk("ws-1", "desk-A", Facility("fac-1", "Pine Valley"), "K7", "drawer-1")


class SteppingClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


class MemoryStore:
    """Rows by kind and id; a unit of work works on a copy and puts it back on commit."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, dict[str, Any]]] = {}
        self.commands: list[Command] = []
        self.numbers: dict[str, int] = {}
        self.audits: list[tuple[str, str]] = []
        self.lock = threading.RLock()

    def unit_of_work(self) -> MemoryWork:
        return MemoryWork(self)

    def read(self) -> MemoryReader:
        return MemoryReader(self.rows)

    def put(self, kind: str, id: str, **fields: Any) -> None:
        self.rows.setdefault(kind, {})[id] = {"id": id, "rev": 1, **fields}


class MemoryReader:
    def __init__(self, rows: dict[str, dict[str, dict[str, Any]]]) -> None:
        self.rows = rows

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        return copy.deepcopy(self.rows.get(kind, {}).get(id))

    def find(self, kind: str, **equal: Any) -> list[dict[str, Any]]:
        found = [
            row
            for row in self.rows.get(kind, {}).values()
            if all(row.get(name) == value for name, value in equal.items())
        ]
        return copy.deepcopy(sorted(found, key=lambda row: str(row["id"])))


class MemoryWork(MemoryReader):
    def __init__(self, store: MemoryStore) -> None:
        self.store = store

    def __enter__(self) -> MemoryWork:
        self.store.lock.acquire()
        self.rows = copy.deepcopy(self.store.rows)
        self.numbers = dict(self.store.numbers)
        self.commands: list[Command] = []
        self.audits: list[tuple[str, str]] = []
        return self

    def __exit__(self, *_: object) -> None:
        self.store.lock.release()

    def record(self, command: Command) -> None:
        for change in command.changes:
            assert isinstance(change, Insert)
            table = self.rows.setdefault(change.kind, {})
            table.setdefault(change.id, {"id": change.id, "rev": 1, **change.fields})
        self.commands.append(command)
        if command.key is not None:
            self.put_local("answer", command.key, {"body": dict(command.answer)})

    def answered(self, key: str) -> Mapping[str, Any] | None:
        row = self.get("answer", key)
        return None if row is None else row["body"]

    def next_number(self, series: str) -> int:
        self.numbers[series] = self.numbers.get(series, 0) + 1
        return self.numbers[series]

    def audit(self, actor: str, what: str, subject: str | None, detail: Any = None) -> None:
        self.audits.append((actor, what))

    def put_local(self, kind: str, id: str, fields: Mapping[str, Any]) -> None:
        self.rows.setdefault(kind, {})[id] = {"id": id, **fields}

    def swap_local(
        self, kind: str, id: str, expect: Mapping[str, Any], set: Mapping[str, Any]
    ) -> bool:
        row = self.rows.get(kind, {}).get(id)
        if row is None or any(row.get(name) != value for name, value in expect.items()):
            return False
        row.update(set)
        return True

    def drop_local(self, kind: str, id: str) -> None:
        self.rows.get(kind, {}).pop(id, None)

    def commit(self) -> None:
        self.store.rows, self.store.numbers = self.rows, self.numbers
        self.store.commands += self.commands
        self.store.audits += self.audits


def a_session(role: Role = Role.REGISTRAR) -> Session:
    return Session("user-1", "rosa", "Rosa Marin", role)


def a_store(*, locked: bool = False) -> MemoryStore:
    store = MemoryStore()
    store.put("person", PERSON)
    store.put("person", "person-2")
    lock = "locked" if locked else "none"
    store.put("visit", VISIT, person_id=PERSON, lock=lock, state="arrived")
    store.put("visit", "visit-2", person_id="person-2", lock="none", state="arrived")
    return store


def ledger_balance(store: Any, account: str) -> int:
    found = store.read().find("ledger_line", account=account)
    return sum(line["cents"] for line in found)


def books_balance(store: Any) -> bool:
    """Every entry, and so the whole ledger, sums to zero."""
    reader = store.read()
    sums: dict[str, int] = {}
    for line in reader.find("ledger_line"):
        sums[line["entry_id"]] = sums.get(line["entry_id"], 0) + line["cents"]
    entries = {row["id"] for row in reader.find("ledger_entry")}
    return set(sums) == entries and not any(sums.values())
