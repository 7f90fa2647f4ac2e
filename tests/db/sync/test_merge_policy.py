"""What two desks may disagree about without a person: the work itself, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from two_desks import conflicts, on_server, record, rounds

import db.declared  # noqa: F401
from db.tables import KINDS, TABLES
from workstation.access.model import Role, Session
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Insert
from workstation.kernel.ids import new_id
from workstation.visits.model import PatientClass, VisitState
from workstation.visits.use_cases import NewVisit, Visits
from workstation.work_items.use_cases import WorkItems

BY_RULE = {
    "downtime": {"state", "signed_by", "signer", "signed_at", "note", "signed"},
    "visit": {
        *("state", "arrived_at", "owner", "finished_at", "moved_to"),
        *("class", "lock", "asks_emergency_care", "department_id"),
    },
    "work_item": {"state", "owner", "settled_at", "note"},
}


def test_only_the_work_at_the_desks_is_settled_by_a_rule() -> None:
    found: dict[str, set[str]] = {}
    for name, kind in KINDS.items():
        ruled = {c.name for c in TABLES[name].columns if kind.group_of(c.name).rule is not None}
        if ruled:
            found[name] = ruled
    assert found == BY_RULE


def test_every_field_of_a_group_is_a_column() -> None:
    for name, kind in KINDS.items():
        for group in kind.groups:
            assert set(group.fields) <= {c.name for c in TABLES[name].columns}, (name, group.name)


def session_of(who: str) -> Session:
    return Session(who, who, who.title(), Role.REGISTRAR)


def visits(desk: Any, who: str) -> Visits:
    return Visits(desk.store, utc_now, session_of(who), desk.desk)


def visit_of(desk: Any, visit_id: str) -> dict[str, Any]:
    row: dict[str, Any] = desk.store.read().get("visit", visit_id)
    return row


@pytest.fixture
def expected(desks: tuple[Any, Any, str]) -> tuple[Any, Any, str]:
    """Two desks that both expect one visit."""
    a, b, person_id = desks
    new = NewVisit(
        person_id, PatientClass.OUTPATIENT, "MRI", "2026-11-23", state=VisitState.EXPECTED
    )
    visit_id = visits(a, "anna").open(new).visit_id
    rounds(a, b)
    return a, b, visit_id


def settled(a: Any, b: Any, visit_id: str, admin_dsn: str) -> dict[str, Any]:
    """The visit as both desks and the server have it in the end; nobody was asked anything."""
    rounds(a, b, a)
    assert visit_of(a, visit_id) == visit_of(b, visit_id)
    for desk in (a, b):
        assert conflicts(desk) == []
        assert desk.store.read().find("work_item") == []
    row = visit_of(a, visit_id)
    found = on_server(admin_dsn, "SELECT state, owner, arrived_at, finished_at, rev FROM visit")
    assert found == [
        tuple(row[name] for name in ("state", "owner", "arrived_at", "finished_at", "rev"))
    ]
    return row


@pytest.mark.parametrize(
    ("before", "anna", "bert", "state"),
    [
        pytest.param((), ("begin",), ("begin",), "in_progress", id="both-open-it"),
        pytest.param((), ("begin", "finish"), ("begin",), "done", id="begun-after-it-was-finished"),
        pytest.param(
            ("arrive",), ("undo_arrival",), ("begin",), "in_progress", id="begun-after-an-undo"
        ),
    ],
)
def test_who_told_last_has_the_visit_and_what_was_done_stays_done(
    expected: tuple[Any, Any, str],
    admin_dsn: str,
    before: tuple[str, ...],
    anna: tuple[str, ...],
    bert: tuple[str, ...],
    state: str,
) -> None:
    a, b, visit_id = expected
    for act in before:
        getattr(visits(a, "anna"), act)(visit_id)
        rounds(a, b)
    for desk, who, acts in ((a, "anna", anna), (b, "bert", bert)):
        for act in acts:
            getattr(visits(desk, who), act)(visit_id)
    row = settled(a, b, visit_id, admin_dsn)
    assert (row["state"], row["owner"]) == (state, "bert")
    assert (row["arrived_at"] is not None) == ("arrive" in before)
    assert (row["finished_at"] is not None) == (state == "done")
    outcomes = on_server(admin_dsn, "SELECT outcome FROM inbox WHERE outcome <> 'applied'")
    assert outcomes == [("merged",)]


def test_a_patient_whom_two_desks_mark_as_arrived_arrived_at_the_first(
    expected: tuple[Any, Any, str], admin_dsn: str
) -> None:
    a, b, visit_id = expected
    visits(a, "anna").arrive(visit_id)
    visits(b, "bert").arrive(visit_id)
    first = visit_of(a, visit_id)["arrived_at"]
    assert first < visit_of(b, visit_id)["arrived_at"]
    rounds(b)
    assert settled(a, b, visit_id, admin_dsn)["arrived_at"] == first


def test_who_left_here_and_is_being_checked_in_there_is_here(
    expected: tuple[Any, Any, str], admin_dsn: str
) -> None:
    a, b, visit_id = expected
    visits(b, "bert").begin(visit_id)
    visits(a, "anna").leave(visit_id, "went home")
    assert settled(a, b, visit_id, admin_dsn)["state"] == "in_progress"
    events = {row["what"] for row in b.store.read().find("visit_event", visit_id=visit_id)}
    assert {"left", "in_progress"} <= events


def test_an_item_that_two_desks_settle_keeps_what_both_did(
    desks: tuple[Any, Any, str],
) -> None:
    a, b, person_id = desks
    item_id = new_id()
    opened = {"kind": "eligibility_rejected", "about_id": "x", "person_id": person_id}
    record(a, Insert("work_item", item_id, {**opened, "opened_at": "2026", "state": "open"}))
    rounds(a, b)
    for desk, who, note in ((a, "anna", "Called the payer."), (b, "bert", "Member id mended.")):
        WorkItems(desk.store, utc_now, session_of(who), desk.desk).settle(item_id, note)
    rounds(a, b, a)
    for desk in (a, b):
        row = desk.store.read().get("work_item", item_id)
        assert (row["state"], row["owner"]) == ("settled", "anna")
        assert row["note"] == "Called the payer. · Member id mended."
        assert conflicts(desk) == []
