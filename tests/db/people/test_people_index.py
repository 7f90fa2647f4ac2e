"""The search index on a real encrypted store: upkeep, search as one types, duplicate check."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.people_index import (
    BulkIndex,
    Sql,
    make_index_tables,
    note_merge,
    note_visit,
    push_tokens,
    reindex_person,
)
from db.people_search import PersonIndex
from workstation.people.model import Person

TODAY = date(2026, 11, 23)
TABLES = ("person_name", "person_token", "match_key", "token_delete")

PEOPLE: list[dict[str, Any]] = [
    {"id": "ana", "last": "Sample", "first": "Ana", "dob": "1985-03-03", "sex": "F",
     "phones": ["5125550100"], "street": "100 Example St", "zip": "78701", "mrn": "000123"},
    {"id": "juan", "last": "De la Cruz", "first": "Juan Carlos", "dob": "1950-01-02", "sex": "M"},
    {"id": "maria", "last": "García-López", "first": "María", "dob": "1990-07-03", "sex": "F",
     "ssn": "321-54-9876", "city": "Austin"},
    {"id": "robert", "last": "O'Brien", "first": "Robert", "middle": "James", "dob": "1970-12-30"},
    {"id": "one", "last": "Suharto"},
    {"id": "and", "last": "And", "first": "Near"},
    {"id": "baby", "last": "Keller", "first": "Baby Boy", "dob": "2026-11-20"},
    {"id": "john", "last": "St. John", "first": "Mary Ann", "preferred_name": "Molly",
     "previous_last": "Whitfield"},
]  # fmt: skip


@pytest.fixture
def sql(tmp_path: Path) -> Iterator[Sql]:
    connection = sqlcipher.connect(str(tmp_path / "index.db"), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{secrets.token_hex(32)}'\"")
    connection.execute("PRAGMA synchronous = OFF")
    make_index_tables(connection)
    yield connection
    connection.close()


@pytest.fixture
def index(sql: Sql) -> PersonIndex:
    for row in PEOPLE:
        reindex_person(sql, row)
    return PersonIndex(sql, lambda: TODAY)


def found(index: PersonIndex, query: str) -> list[str]:
    return [hit.id for hit in index.search(query).hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("sample ana", "ana"), ("ana sample", "ana"), ("SAMPLE, ANA", "ana"), ("sa an", "ana"),
        ("an sa", "ana"), ("sampel ana", "ana"), ("smaple aan", "ana"), ("3/3/85", "ana"),
        ("03031985", "ana"), ("mar 3 1985 sample", "ana"), ("sample 1985", "ana"),
        ("512-555-0100", "ana"), ("555-0100", "ana"), ("0100 sam", "ana"), ("123", "ana"),
        ("0100 zample", "ana"), ("000123", "ana"), ("de la cruz", "juan"), ("delacruz j", "juan"),
        ("cruz juan", "juan"),
        ("juan de la cruz", "juan"), ("carlos cruz", "juan"), ("garcia lopez maria", "maria"),
        ("lopez", "maria"), ("garcia-lópez", "maria"), ("gracia 7/3/1990", "maria"),
        ("9876", "maria"), ("xxx-xx-9876", "maria"), ("321549876", "maria"), ("o'brien", "robert"),
        ("obrien bob", "robert"), ("o brien r", "robert"), ("james obrien", "robert"),
        ("suharto", "one"), ("suhatro", "one"), ('"AND" near*', "and"), ("baby boy keller", "baby"),
        ("saint john mary", "john"), ("st john molly", "john"), ("whitfield mary", "john"),
        ("maryann stjohn", "john"),
    ],
)  # fmt: skip
def test_found_first(index: PersonIndex, query: str, first: str) -> None:
    assert found(index, query)[:1] == [first]


@pytest.mark.parametrize("query", ["", "   ", "😀", "zzzz qqqq", "'; DROP TABLE person_index; --"])
def test_nobody_found(index: PersonIndex, query: str) -> None:
    assert found(index, query) == []
    assert index.search(query).total_people == len(PEOPLE)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None
)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_no_query_can_hurt(index: PersonIndex, query: str) -> None:
    assert len(index.search(query).hits) <= len(PEOPLE)


def test_wrong_date_shows_the_name_and_says_so(index: PersonIndex) -> None:
    (hit,) = index.search("sample 3/4/85").hits
    assert (hit.id, hit.why) == ("ana", "name; the number or date differs")


def rows(sql: Sql, table: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in sql.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608


def test_bulk_and_single_upkeep_agree(sql: Sql, index: PersonIndex, tmp_path: Path) -> None:
    other = sqlcipher.connect(":memory:", isolation_level=None)
    make_index_tables(other)
    bulk = BulkIndex(other)
    for row in PEOPLE:
        bulk.add(Person.from_json(row))
    assert bulk.finish() == len(PEOPLE)
    for table in (*TABLES, "name_word"):
        assert rows(sql, table) == rows(other, table)
    other.close()


def test_a_change_leaves_nothing_of_the_old(sql: Sql, index: PersonIndex) -> None:
    before = {table: rows(sql, table) for table in ("person_name", "person_token", "match_key")}
    reindex_person(sql, {**PEOPLE[0], "last": "Keller", "dob": "1985-05-03", "phones": []})
    assert found(index, "sample ana") == []
    assert found(index, "5125550100") == []
    assert found(index, "keller ana") == ["ana"]
    reindex_person(sql, PEOPLE[0])
    assert {table: rows(sql, table) for table in before} == before
    assert found(index, "sample ana") == ["ana"]


def test_any_history_gives_the_index_of_its_end(sql: Sql, index: PersonIndex) -> None:
    before = {table: rows(sql, table) for table in ("person_name", "person_token", "match_key")}
    r = random.Random(3)
    for _ in range(60):
        reindex_person(sql, {**r.choice(PEOPLE), "id": r.choice(PEOPLE)["id"]})
    for row in PEOPLE:
        reindex_person(sql, row)
    assert {table: rows(sql, table) for table in before} == before


def test_member_ids_are_pushed_replaced_and_kept(sql: Sql, index: PersonIndex) -> None:
    push_tokens(sql, "ana", "cov1", "member id", ["W12-345678"])
    push_tokens(sql, "ana", "cov2", "member id", ["QX55555"])
    (hit,) = index.search("w1234").hits
    assert (hit.id, hit.why) == ("ana", "member id")
    reindex_person(sql, {**PEOPLE[0], "city": "Dallas"})
    assert found(index, "W12345678") == ["ana"]
    push_tokens(sql, "ana", "cov1", "member id", ["Z98-765432"])
    assert found(index, "w12345678") == []
    assert found(index, "z98765432") == ["ana"]
    assert found(index, "qx55555") == ["ana"]
    push_tokens(sql, "nobody", "cov3", "member id", ["ABCDEF"])
    assert found(index, "abcdef") == []


def test_provisional_number_finds_the_person(sql: Sql, index: PersonIndex) -> None:
    reindex_person(sql, {**PEOPLE[4], "provisional_mrn": "PA01000007"})
    assert found(index, "pa01000007") == ["one"]


def test_recent_visitors_come_first(sql: Sql, index: PersonIndex) -> None:
    for number, day in (("a", "2025-01-05"), ("b", "2026-10-01"), ("c", None)):
        reindex_person(sql, {"id": number, "last": "Namesake", "first": "Paul"})
        if day:
            note_visit(sql, number, day)
    note_visit(sql, "b", "2020-01-01")
    hits = index.search("namesake paul").hits
    assert [(h.id, h.last_visit) for h in hits] == [
        ("b", "2026-10-01"), ("a", "2025-01-05"), ("c", None),
    ]  # fmt: skip


def test_retired_chart_is_found_as_its_survivor(sql: Sql, index: PersonIndex) -> None:
    reindex_person(sql, {"id": "old", "last": "Samplemaiden", "first": "Ana"})
    note_merge(sql, "old", "ana")
    assert found(index, "samplemaiden") == ["ana"]
    note_merge(sql, "old", None)
    assert found(index, "samplemaiden") == ["old"]


def test_protected_address(sql: Sql, index: PersonIndex) -> None:
    assert index.search("lopez").hits[0].town == "Austin"
    reindex_person(sql, {**PEOPLE[2], "confidential_address": True})
    assert index.search("lopez").hits[0].town is None


def test_every_one_slip_is_found(sql: Sql, index: PersonIndex) -> None:
    word = "whitfield"
    for i in range(len(word)):
        for slip in (
            word[:i] + word[i + 1 :],
            word[:i] + "x" + word[i + 1 :],
            word[:i] + "x" + word[i:],
        ):
            assert found(index, f"{slip} mary")[:1] == ["john"], slip


def asked(**fields: Any) -> Person:
    return Person.from_json(fields)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, "same"),
        ({"dob": None, "first": "Anna"}, "possible"),
        ({"last": "Smaple"}, "same"),
        ({"last": "Ana", "first": "Sample"}, "same"),
        ({"phones": ["7375550111"], "last": "Keller"}, "possible"),
        ({"street": None, "phones": []}, "same"),
        ({"first": "Luis", "sex": "M"}, "new"),
    ],
)
def test_duplicate_check(index: PersonIndex, change: dict[str, Any], outcome: str) -> None:
    answer = index.candidates(asked(**{**PEOPLE[0], "id": "q", "mrn": None, **change}))
    assert answer.outcome == outcome
    assert [c.id for c in answer.candidates] == ([] if outcome == "new" else ["ana"])


@pytest.mark.parametrize(("stored", "typed"), [(None, "1991-05-05"), ("1991-05-05", None)])
def test_a_missing_birth_date_still_finds_an_unusual_name(
    sql: Sql, index: PersonIndex, stored: str | None, typed: str | None
) -> None:
    reindex_person(sql, {"id": "rare", "last": "Ostrowiczak", "first": "Zenobia", "dob": stored})
    answer = index.candidates(asked(last="OSTROWICZAK", first="Zenobia", dob=typed, zip="78701"))
    assert answer.outcome == "possible"
    assert [c.id for c in answer.candidates] == ["rare"]


def test_an_empty_registration_has_no_candidates(index: PersonIndex) -> None:
    for empty in (asked(), asked(last="", first="😀"), asked(last="Doe", first="John")):
        assert index.candidates(empty).outcome == "new"


def test_a_retired_chart_is_a_candidate_as_its_survivor(sql: Sql, index: PersonIndex) -> None:
    reindex_person(sql, {**PEOPLE[0], "id": "old", "last": "Samplemaiden"})
    note_merge(sql, "old", "ana")
    answer = index.candidates(asked(**{**PEOPLE[0], "last": "Samplemaiden"}))
    assert [c.id for c in answer.candidates] == ["ana"]
