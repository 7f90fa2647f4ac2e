"""The three-way merge: what stands, what merges, what waits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.kernel.commands import Change, Command, Insert, Revise
from workstation.kernel.entities import EntityKind, FieldGroup
from workstation.sync.applying import apply_command, reapplied
from workstation.sync.feed_wire import verdict_from_json, verdict_to_json
from workstation.sync.merge import (
    Applied,
    Conflict,
    Forbidden,
    Merged,
    NoOp,
    apply_change,
    widened,
)
from workstation.sync.model import CONFLICT, Author, Outcome, Row, conflict_as_json
from workstation.visits.model import VISIT

PERSON = EntityKind(
    "person",
    owner="id",
    groups=(
        FieldGroup("identity", ("last", "dob")),
        FieldGroup("address", ("street", "zip")),
    ),
)
FACT = EntityKind("payment", append_only=True)
KINDS = {"person": PERSON, "payment": FACT, "conflict": CONFLICT}
A, B = Author("ws-a", "desk-A"), Author("ws-b", "desk-B")


def _row(**fields: Any) -> Row:
    return {"id": "p", "rev": 1, "last": "Ames", "dob": "1985-03-03", "street": "1", "zip": "9"} | {
        "email": None,
        **fields,
    }


def _revise(base_rev: int | None = 1, /, **pairs: tuple[Any, Any]) -> Revise:
    return Revise(
        "person",
        "p",
        {name: old for name, (old, _) in pairs.items()},
        {name: new for name, (_, new) in pairs.items()},
        base_rev,
    )


class Shelf:
    """Rows in memory, as a store."""

    def __init__(self, *rows: tuple[str, Row]) -> None:
        self.rows = {(kind, row["id"]): row for kind, row in rows}

    def get(self, kind: str, id: str) -> Row | None:
        return self.rows.get((kind, id))

    def find(self, kind: str, **equal: Any) -> list[Row]:
        return [
            row
            for (its, _), row in self.rows.items()
            if its == kind and all(row.get(name) == value for name, value in equal.items())
        ]

    def run(self, author: Author, *changes: Change, id: str = "c") -> Outcome:
        verdict = apply_command(KINDS, self, _command(*changes, id=id), author)
        for entity in verdict.rows:
            self.rows[entity.kind, entity.id] = entity.as_row()
        return verdict.outcome

    def conflicts(self) -> list[dict[str, Any]]:
        return [conflict_as_json(row) for row in self.find("conflict")]


def _command(*changes: Change, id: str = "c") -> Command:
    moment = datetime(2026, 11, 23, tzinfo=UTC)
    return Command(id, "t", "u", moment, "f", tuple(changes))


def test_an_edit_of_what_its_author_saw_stands() -> None:
    result = apply_change(PERSON, _row(), _revise(dob=("1985-03-03", "1985-03-04")))
    assert result == Applied(_row(dob="1985-03-04", rev=2))


def test_other_groups_merge() -> None:
    result = apply_change(PERSON, _row(rev=2, street="2"), _revise(email=(None, "a@b.example")))
    assert result == Merged(_row(rev=3, street="2", email="a@b.example"))


def test_the_same_value_is_nothing_to_do() -> None:
    change = _revise(dob=("1985-03-03", "1985-03-04"))
    assert apply_change(PERSON, _row(dob="1985-03-04"), change) == NoOp()


def test_a_group_is_compared_as_a_whole() -> None:
    seen = _row()
    change = widened(PERSON, seen, _revise(zip=("9", "8")))
    result = apply_change(PERSON, _row(street="2", rev=2), change)
    assert isinstance(result, Conflict)
    assert result.fields == ("street", "zip")
    assert result.stands == {"street": "2", "zip": "9"}
    assert result.waits == {"zip": "8"}


def test_groups_that_fit_stand_while_the_others_wait() -> None:
    change = _revise(dob=("1985-03-03", "1985-05-03"), email=(None, "a@b.example"))
    result = apply_change(PERSON, _row(dob="1985-03-04", rev=2), change)
    assert isinstance(result, Conflict)
    assert result.row == _row(dob="1985-03-04", email="a@b.example", rev=3)
    assert result.fields == ("dob",)


@pytest.mark.parametrize(
    ("kind", "current", "change", "expected"),
    [
        (PERSON, None, _revise(dob=("a", "b")), Forbidden("absent")),
        (
            FACT,
            {"id": "x", "rev": 1},
            Revise("payment", "x", {}, {"n": 2}),
            Forbidden("append_only"),
        ),
        (FACT, {"id": "x", "rev": 1, "n": 1}, Insert("payment", "x", {"n": 1}), NoOp()),
        (
            FACT,
            {"id": "x", "rev": 1, "n": 1},
            Insert("payment", "x", {"n": 2}),
            Forbidden("fact_differs"),
        ),
        (FACT, None, Insert("payment", "x", {"n": 2}), Applied({"id": "x", "rev": 1, "n": 2})),
    ],
)
def test_facts_are_written_once(
    kind: EntityKind, current: Row | None, change: Change, expected: object
) -> None:
    assert apply_change(kind, current, change) == expected


def _visit(**fields: Any) -> Row:
    started = {"state": "expected", "arrived_at": None, "owner": None, "finished_at": None}
    return {"id": "v", "rev": 1, "moved_to": None, "reason": "MRI", **started, **fields}


def _done_with(seen: Row, **wanted: Any) -> Revise:
    base = {name: seen[name] for name in wanted}
    return widened(VISIT, seen, Revise("visit", "v", base, wanted, seen["rev"]))


@pytest.mark.parametrize(
    ("stands", "wanted", "expected"),
    [
        ({"state": "in_progress", "owner": "a"}, {"state": "in_progress", "owner": "b"}, "b"),
        ({"state": "done", "owner": "a"}, {"state": "arrived", "arrived_at": "2"}, "a"),
        ({"state": "cancelled"}, {"state": "arrived", "arrived_at": "2"}, None),
        ({"state": "left", "owner": "a"}, {"state": "in_progress", "owner": "b"}, "b"),
        ({"state": "arrived", "arrived_at": "1"}, {"state": "left"}, None),
    ],
)
def test_the_further_step_of_a_visit_stands(
    stands: dict[str, Any], wanted: dict[str, Any], expected: str | None
) -> None:
    result = apply_change(VISIT, _visit(**stands, rev=2), _done_with(_visit(), **wanted))
    row = _visit(**stands) if isinstance(result, NoOp) else result.row  # type: ignore[union-attr]
    assert isinstance(result, Merged | NoOp)
    order = ["cancelled", "expected", "left", "arrived", "in_progress", "done"]
    assert row["state"] == max(stands["state"], wanted["state"], key=order.index)
    assert row["owner"] == expected


@pytest.mark.parametrize("stands", [{"state": "cancelled", "moved_to": "w"}, {"state": "triaged"}])
def test_what_the_rule_does_not_know_waits_for_a_person(stands: dict[str, Any]) -> None:
    change = _done_with(_visit(), state="in_progress", owner="b")
    result = apply_change(VISIT, _visit(**stands, rev=2), change)
    assert isinstance(result, Conflict)
    assert result.row["state"] == stands["state"]
    assert result.waits == {"state": "in_progress", "owner": "b"}


def test_a_rule_settles_its_own_group_only() -> None:
    seen = _visit()
    change = _done_with(seen, state="in_progress", reason="CT")
    result = apply_change(VISIT, _visit(state="arrived", reason="X-ray", rev=2), change)
    assert isinstance(result, Conflict)
    assert (result.row["state"], result.row["reason"]) == ("in_progress", "X-ray")
    assert result.fields == ("reason",)


def test_the_worked_example_of_the_contract() -> None:
    server = Shelf(("person", _row()))
    assert server.run(A, _revise(dob=("1985-03-03", "1985-03-04")), id="a") is Outcome.APPLIED
    assert server.run(B, _revise(dob=("1985-03-03", "1985-05-03")), id="b") is Outcome.CONFLICT
    person = server.get("person", "p")
    assert person is not None
    assert person["dob"] == "1985-03-04"
    [conflict] = server.conflicts()
    expected = {
        "person_id": "p",
        "fields": ["dob"],
        "base": {"dob": "1985-03-03"},
        "stands": {"dob": "1985-03-04"},
        "waits": {"dob": "1985-05-03"},
        "waits_from": "desk-B",
        "state": "open",
    }
    assert expected.items() <= conflict.items()


def test_a_later_edit_built_upon_a_waiting_one_joins_it() -> None:
    server = Shelf(("person", _row(dob="1985-03-04", rev=2)))
    server.run(B, _revise(dob=("1985-03-03", "1985-05-03")), id="b1")
    server.run(B, _revise(dob=("1985-05-03", "1985-05-30")), id="b2")
    [conflict] = server.conflicts()
    assert conflict["waits"] == {"dob": "1985-05-30"}
    assert conflict["base"] == {"dob": "1985-03-03"}
    assert conflict["stands"] == {"dob": "1985-03-04"}


def test_another_desk_does_not_join() -> None:
    server = Shelf(("person", _row(dob="1985-03-04", rev=2)))
    server.run(B, _revise(dob=("1985-03-03", "1985-05-03")), id="b1")
    server.run(A, _revise(dob=("1985-05-03", "1985-05-30")), id="a1")
    assert len(server.conflicts()) == 2


def test_a_conflict_is_settled_once() -> None:
    server = Shelf(("person", _row(dob="1985-03-04", rev=2)))
    server.run(B, _revise(dob=("1985-03-03", "1985-05-03")), id="b1")
    [conflict] = server.conflicts()

    def settle(take: str, *more: Change) -> tuple[Change, ...]:
        change = Revise(
            "conflict",
            conflict["conflict_id"],
            {"state": "open"},
            {"state": "resolved", "take": take},
        )
        return (change, *more)

    mine = settle("mine", _revise(2, dob=("1985-03-04", "1985-05-03")))
    assert server.run(A, *settle("theirs"), id="s1") is Outcome.APPLIED
    assert server.run(B, *mine, id="s2") is Outcome.REFUSED
    person = server.get("person", "p")
    assert person is not None
    assert person["dob"] == "1985-03-04"
    assert server.conflicts()[0]["take"] == "theirs"


def test_a_refused_change_takes_the_whole_command_with_it() -> None:
    server = Shelf(("person", _row()))
    verdict = apply_command(
        KINDS,
        server,
        _command(_revise(email=(None, "x")), Revise("person", "nobody", {}, {"dob": "x"})),
        A,
    )
    assert verdict.outcome is Outcome.REFUSED
    assert verdict.rows == ()
    assert verdict.code == "absent"


def test_a_verdict_survives_the_wire() -> None:
    server = Shelf(("person", _row(dob="1985-03-04", rev=2)))
    command = _command(_revise(dob=("1985-03-03", "1985-05-03")))
    verdict = apply_command(KINDS, server, command, B)
    assert verdict_from_json(verdict.outcome.value, verdict_to_json(verdict)) == verdict


def test_a_desk_shows_its_waiting_edits_over_what_the_server_has() -> None:
    shown = reapplied(
        PERSON,
        _row(dob="1985-03-04", rev=2),
        [_revise(dob=("1985-03-03", "1985-05-03")), _revise(street=("1", "2"))],
    )
    assert shown == _row(dob="1985-03-04", street="2", rev=3)


VALUES = st.sampled_from(["u", "v", "w"])
EDITS = st.dictionaries(
    st.sampled_from(["last", "dob", "street", "zip", "email"]), VALUES, min_size=1
)


@given(EDITS, EDITS)
def test_of_two_edits_of_one_row_nothing_is_lost_without_a_word(
    first: dict[str, str], second: dict[str, str]
) -> None:
    start = _row()
    row = dict(start)
    one = apply_change(PERSON, row, _widened_edit(start, first))
    assert isinstance(one, Applied)
    two = apply_change(PERSON, one.row, _widened_edit(start, second))
    after = one.row if isinstance(two, NoOp) else two.row  # type: ignore[union-attr]
    waits = two.waits if isinstance(two, Conflict) else {}
    for name, value in second.items():
        assert after[name] == value or waits[name] == value
    for name, value in first.items():
        assert after[name] == value, "what was applied first stands"


def _widened_edit(seen: Row, wanted: dict[str, str]) -> Revise:
    change = Revise("person", "p", {name: seen.get(name) for name in wanted}, wanted, seen["rev"])
    return widened(PERSON, seen, change)
