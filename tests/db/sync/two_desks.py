"""What tests of two desks do: edit at one, keep in step, look at both and at the server."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from db.sync.rounds import one_round
from workstation.access.desk import service_session
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Change, Command, Insert, Revise
from workstation.kernel.ids import new_id
from workstation.sync.model import conflict_as_json
from workstation.sync.use_cases import Conflicts

both_ways = pytest.mark.parametrize("way", ["direct", "gateway"], indirect=True)
"""For tests in which it matters how a desk reaches the shared database."""

PERSON = {"last": "Ames", "first": "Ann", "dob": "1985-03-03", "street": "1 Elm St"}


def record(desk: Any, *changes: Change) -> str:
    command_id = new_id()
    with desk.store.unit_of_work() as work:
        work.record(
            Command(command_id, "test", "u", utc_now(), desk.desk.facility.id, tuple(changes))
        )
        work.commit()
    return command_id


def register(desk: Any, **fields: Any) -> str:
    person_id = new_id()
    record(desk, Insert("person", person_id, PERSON | fields))
    return person_id


def revise(desk: Any, person_id: str, **wanted: Any) -> None:
    row = desk.store.read().get("person", person_id)
    seen = {name: row[name] for name in wanted}
    record(desk, Revise("person", person_id, seen, wanted, row["rev"]))


def person(desk: Any, person_id: str) -> dict[str, Any]:
    row: dict[str, Any] = desk.store.read().get("person", person_id)
    return row


def rounds(*desks: Any) -> None:
    for desk in desks:
        assert one_round(desk.store, desk.dsn)


def conflicts(desk: Any) -> list[dict[str, Any]]:
    return [conflict_as_json(row) for row in desk.store.read().find("conflict")]


def on_server(admin_dsn: str, query: str) -> list[Any]:
    with psycopg.connect(admin_dsn) as connection:
        return connection.execute(query.encode()).fetchall()


def settle(desk: Any, conflict_id: str, take: str, reason: str | None = None) -> int:
    return _conflicts_at(desk).resolve(conflict_id, take, reason=reason)


def reopen(desk: Any, conflict_id: str) -> None:
    _conflicts_at(desk).reopen(conflict_id)


def _conflicts_at(desk: Any) -> Conflicts:
    session = service_session(desk.store.read())
    return Conflicts(desk.store, utc_now, session, desk.desk)
