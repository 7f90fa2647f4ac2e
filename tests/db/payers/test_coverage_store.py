"""Coverages in a real encrypted store: once per key, never overwritten, never stale."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

import db.declared  # noqa: F401  (declares every table)
from db.store import SqlStore
from workstation.access.desk import make_desk, service_session
from workstation.facility.model import Facility, facility_id
from workstation.kernel.commands import Command, Insert
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.payers.use_cases import Coverages, standing

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def coverage(**changes: Any) -> dict[str, Any]:
    return {
        "payer_id": "99999",
        "member_id": "X1",
        "relation": "self",
        "from": "2026-01-01",
        **changes,
    }


class Desk:
    def __init__(self, store: SqlStore) -> None:
        self.store = store
        desk = make_desk(store, "desk-1", Facility(facility_id("Example"), "Example"))
        session = service_session(store.read())
        self.coverages = Coverages(store, lambda: NOW, session, desk)
        self.person_id = new_id()
        with store.unit_of_work() as work:
            person = Insert("person", self.person_id, {"last": "SAMPLE", "first": "ANA"})
            work.record(
                Command(
                    new_id(), "register_patient", session.user_id, NOW, desk.facility.id, (person,)
                )
            )
            work.commit()

    def add(self, key: str | None = None, **changes: Any) -> str:
        return self.coverages.add_coverage(self.person_id, coverage(**changes), key=key)

    def members(self) -> list[str | None]:
        return [one.member_id for one in standing(self.store.read(), self.person_id)]


@pytest.fixture
def desk(store_at: Callable[[str], SqlStore]) -> Desk:
    return Desk(store_at("desk-1"))


def test_a_new_policy_stands_behind_the_old_one(desk: Desk) -> None:
    desk.add(member_id="OLD")
    desk.add(member_id="NEW")
    assert desk.members() == ["OLD", "NEW"]


def test_the_same_key_adds_once(desk: Desk) -> None:
    assert desk.add(key="k") == desk.add(key="k")
    assert desk.members() == ["X1"]


def test_a_stale_revision_is_refused_and_changes_nothing(desk: Desk) -> None:
    found = desk.add()
    desk.coverages.revise(found, {"member_id": "X1"}, {"member_id": "X2"})
    with pytest.raises(Refused) as caught:
        desk.coverages.revise(found, {"member_id": "X1"}, {"member_id": "X3"})
    assert caught.value.code == "stale"
    assert desk.members() == ["X2"]


def test_an_ended_coverage_stays_on_file(desk: Desk) -> None:
    found = desk.add()
    desk.coverages.end(found, "2026-10-31")
    (kept,) = standing(desk.store.read(), desk.person_id)
    assert not kept.in_force("2026-11-23")
    with pytest.raises(Refused):
        desk.coverages.end(found, "2025-01-01")


def test_the_order_is_changed_in_one_command_with_a_reason(desk: Desk) -> None:
    first, second = desk.add(member_id="A"), desk.add(member_id="B")
    with pytest.raises(NotUnderstood):
        desk.coverages.reorder(desk.person_id, [second, first], " ")
    desk.coverages.reorder(desk.person_id, [second, first], "birthday rule")
    assert desk.members() == ["B", "A"]


def test_nobody_and_nothing_are_refused(desk: Desk) -> None:
    with pytest.raises(Refused) as caught:
        desk.coverages.add_coverage(new_id(), coverage())
    assert caught.value.code == "not_found"
    with pytest.raises(Refused):
        desk.coverages.revise(new_id(), {}, {"order": 2})
    with pytest.raises(NotUnderstood):
        desk.coverages.revise(desk.add(), {}, {"colour": "blue"})
