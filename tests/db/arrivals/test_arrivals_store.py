"""The day as Arrivals reads it from a real store: what the newest answer of each payer says."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import db.declared  # noqa: F401  (declares every table)
from db import rows
from db.arrivals import SqlArrivals
from db.store import SqlStore
from workstation.arrivals.model import ArrivalRow, CoverageState
from workstation.payers.directory import PayerDirectory

DAY = date(2026, 11, 23)
ANSWER = {
    "summary": {
        "30": {"in": {"deductible": {"individual": {"remaining": 64_000}}}},
        "98": {"in": {"copay": 2_500}},
    },
    "dates": [{"from": "2026-01-01", "to": "2026-09-30"}, {"from": "2026-10-01", "to": None}],
    "rows": ["a line of the payer"] * 50,
}


@pytest.fixture
def store(store_at: Callable[[str], SqlStore]) -> SqlStore:
    made = store_at("desk")
    put(made, "person", "p1", last="Okafor", first="Maria", dob="1985-03-03", sex="F")
    put(
        made,
        "visit",
        "v1",
        person_id="p1",
        visit_number="V1",
        account_number="A1",
        **{"class": "O"},
        lock="none",
        state="expected",
        service_date=DAY.isoformat(),
        scheduled_at="2026-11-23T15:30:00Z",
    )
    put(made, "coverage", "c1", person_id="p1", payer_id="99001", plan_name="Gold", order=1)
    return made


def put(store: SqlStore, kind: str, id: str, **fields: Any) -> None:
    with store.writing() as connection:
        rows.insert_absent(connection, "f1", kind, id, fields)


def check(store: SqlStore, id: str, **fields: Any) -> None:
    told = {"person_id": "p1", "coverage_id": "c1", "asked_at": "2026-11-23T14:00:00Z"}
    put(store, "eligibility_check", id, **told, **fields)


def the_row(store: SqlStore) -> ArrivalRow:
    (row,) = SqlArrivals(store, PayerDirectory(())).of_day(DAY, ())
    return row


def test_copay_and_deductible_come_from_the_newest_answer(store: SqlStore) -> None:
    older = json.loads(json.dumps(ANSWER))
    older["summary"]["98"]["in"]["copay"] = 9_900
    answered = {"state": "answered", "status": "active", "answered_at": "2026-11-23T14:01:00Z"}
    check(store, "e1", **answered, answer=older)
    check(store, "e2", **answered, answer=ANSWER)
    row = the_row(store)
    assert row.coverage is CoverageState.ACTIVE
    assert [str(line) for line in row.coverage_lines] == [
        "Office copay $25.00",
        "Deductible left $640.00",
    ]


def test_a_question_without_an_answer_says_nothing_of_money(store: SqlStore) -> None:
    check(store, "e1", state="asked")
    row = the_row(store)
    assert row.coverage is CoverageState.ASKING
    assert row.coverage_lines == ()


def test_an_inactive_answer_says_when_it_ended(store: SqlStore) -> None:
    answered = {"state": "answered", "status": "inactive", "answered_at": "2026-11-23T14:01:00Z"}
    check(store, "e1", **answered, answer=ANSWER)
    row = the_row(store)
    assert (row.coverage, row.coverage_since) == (CoverageState.ENDED, date(2026, 9, 30))


def test_an_answer_that_states_no_amount_states_none(store: SqlStore) -> None:
    answered = {"state": "answered", "status": "active", "answered_at": "2026-11-23T14:01:00Z"}
    check(store, "e1", **answered, answer={"summary": {"30": {"in": {"deductible": None}}}})
    assert the_row(store).coverage_lines == ()


def test_an_injury_s_payer_asks_for_its_claim_and_never_for_a_card(store: SqlStore) -> None:
    put(store, "coverage", "c2", person_id="p1", payer_kind="workers_comp", order=2)
    marks = [mark.code for mark in the_row(store).todo]
    assert "claim" in marks
    assert "card" not in marks


@pytest.mark.parametrize("merged", [False, True])
def test_an_emergency_elsewhere_locks_every_row_of_the_person(
    store: SqlStore, merged: bool
) -> None:
    """The clinic's row told what is owed while its person waited in the emergency department."""
    person = "p2" if merged else "p1"
    if merged:
        put(store, "person", "p2", last="Okafor", first="Mary", dob="1985-03-03", sex="F")
        pointer = {"survivor": "p1", "retired": "p2", "withdrawn": False, "at": "2026-11-01"}
        put(store, "person_merge", "m1", **pointer)
    emergency = {"class": "E", "lock": "locked", "state": "done", "service_date": "2026-11-22"}
    numbers = {"visit_number": "V2", "account_number": "A2"}
    put(store, "visit", "v2", person_id=person, **numbers, **emergency)
    assert the_row(store).emergency_locked
    if merged:
        put(store, "person_merge", "m2", **{**pointer, "withdrawn": True})
        assert not the_row(store).emergency_locked


def test_what_was_filed_under_the_wrong_name_is_nothing_of_this_person_s(store: SqlStore) -> None:
    put(store, "coverage", "c2", person_id="p1", payer_id="99002", plan_name="Hers", retired=True)
    moved = {"class": "O", "lock": "none", "state": "cancelled", "service_date": "2026-11-23"}
    numbers = {"visit_number": "V2", "account_number": "A2"}
    put(store, "visit", "v2", person_id="p1", moved_to="v9", **numbers, **moved)
    for what in ("licence", "card_front"):
        kept = {"kind": what, "digest": what, "media_type": "image/png", "person_id": "p1"}
        kept |= {"visit_id": "v2", "at": "2026-11-23T14:00:00Z"}
        with store.writing() as connection:
            rows.insert_absent(connection, "f1", "document", what, kept)
    row = the_row(store)
    assert row.plan == "Gold"
    assert {"id", "card"} <= {mark.code for mark in row.todo}
