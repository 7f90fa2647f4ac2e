"""The hot path keeps within what distributed engines document: Citus and CockroachDB.

Every statement that desks and applier really send is judged. One PostgreSQL serves a health system
today (docs/shared-database.md); this keeps the way to more open, without claiming it was gone.

Citus: "SQL Support and Workarounds" (docs.citusdata.com, develop/reference_workarounds).
CockroachDB: "PostgreSQL Compatibility" (cockroachlabs.com/docs, postgresql-compatibility), and
psycopg's page of its differences (psycopg.org/psycopg3/docs/api/crdb.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.schema import ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint
from two_desks import conflicts, register, revise, rounds, settle

from db.tables import TABLES, shared_metadata

NOT_DISTRIBUTED = frozenset({"enrolment", "applier_lease", "facility_feed"})
"""Small tables of one row a desk, a cell or a facility: local or reference tables in Citus."""

DENIED = {
    r"\bpg_(try_)?advisory": "CockroachDB keeps no advisory locks",
    r"\b(LISTEN|NOTIFY|pg_notify)\b": "CockroachDB has no LISTEN and NOTIFY",
    r"\bWITH RECURSIVE\b": "Citus: recursive CTEs in single-shard queries only",
    r"\bFOR (NO KEY )?(UPDATE|SHARE)\b": "Citus: row locks in single-shard queries only",
    r"\b(TABLESAMPLE|GROUPING SETS|ROLLUP|CUBE)\b": "Citus: in single-shard queries only",
    r"\bMERGE INTO\b": "Citus: co-located tables only",
    r"\b(nextval|currval|setval)\(": "one sequence for all facilities: all wait for it",
    r"\b(txid_|pg_current_xact|pg_snapshot|xmin|ctid)": "no distributed engine has these",
    r"(<->|<%|%>|\bsimilarity\(|\blevenshtein\(|\bdmetaphone\()": "operators of extensions",
    r"\bCURRENT OF\b": "CockroachDB has no such cursors",
}

BESIDE_THE_HOT_PATH = (
    ("pg_notify", "a hint only: the poll is the truth, and a gateway pushes its own"),
    ("LISTEN", "likewise"),
)

ACROSS_FACILITIES = (
    ("ORDER BY inbox.facility, inbox.ws_id", "the rota asks for the next station of them all"),
)


@pytest.fixture
def said(desks: tuple[Any, Any, str]) -> Iterator[list[str]]:
    """What is sent to PostgreSQL from now on; the schema and the enrolling are over."""
    heard: list[str] = []

    def hear(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if connection.dialect.name == "postgresql":
            heard.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", hear)
    yield heard
    event.remove(Engine, "before_cursor_execute", hear)


def test_every_statement_of_a_day_is_portable(
    desks: tuple[Any, Any, str], said: list[str], make_enrolled: Any
) -> None:
    a, b, person_id = desks
    revise(a, person_id, dob="1985-03-04")
    revise(b, person_id, dob="1985-05-03")
    revise(b, person_id, email="ann@example.com")
    register(b, last="Byrd")
    rounds(a, b, a)
    [conflict] = conflicts(a)
    settle(a, conflict["conflict_id"], "mine")
    rounds(a, b)
    rounds(make_enrolled("desk-C"))  # a fill
    assert {verb for verb in ("SELECT", "INSERT", "UPDATE") if any(verb in each for each in said)}
    assert any("inbox" in each for each in said)
    assert any("UPDATE facility_feed" in each for each in said)
    wrong = {fault for each in set(said) for fault in _faults(each)}
    assert not wrong, "\n".join(sorted(wrong))


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("SELECT pg_try_advisory_lock(7)", "advisory"),
        ("WITH RECURSIVE t AS (SELECT 1) SELECT * FROM t", "recursive"),
        ("SELECT * FROM person WHERE id = 'x'", "facility"),
        ("UPDATE inbox SET outcome = 'applied' WHERE ws_seq = 3", "facility"),
        ("INSERT INTO feed (n, body) VALUES (1, '{}')", "facility"),
        ("SELECT nextval('s')", "sequence"),
    ],
)
def test_what_is_not_portable_is_told(statement: str, why: str) -> None:
    assert any(why in fault for fault in _faults(statement))


def test_the_tables_can_be_distributed_by_facility() -> None:
    """Citus wants the distribution column in every key; no row may point into another facility."""
    for name, table in {**TABLES, **shared_metadata.tables}.items():
        assert not [c for c in table.constraints if isinstance(c, ForeignKeyConstraint)], name
        assert not any(c.identity or c.default is not None for c in table.columns), name
        if name in NOT_DISTRIBUTED:
            continue
        keys = [
            *(c for c in table.constraints if isinstance(c, PrimaryKeyConstraint)),
            *(c for c in table.constraints if isinstance(c, UniqueConstraint)),
            *(i for i in table.indexes if i.unique),
        ]
        assert all("facility" in key.columns for key in keys), name


def _faults(statement: str) -> Iterator[str]:
    if any(known in statement for known, _ in BESIDE_THE_HOT_PATH):
        return
    for pattern, why in DENIED.items():
        if re.search(pattern, statement, re.IGNORECASE):
            yield f"{why}: {statement}"
    if any(known in statement for known, _ in ACROSS_FACILITIES):
        return
    named = _tables_of(statement) - NOT_DISTRIBUTED
    if named and not _names_facility(statement):
        yield f"no facility is named, so every shard is asked: {statement}"


def _tables_of(statement: str) -> frozenset[str]:
    """Tables after FROM, JOIN, INTO and UPDATE."""
    known = TABLES.keys() | shared_metadata.tables.keys()
    found = re.findall(r"\b(?:FROM|JOIN|INTO|UPDATE) \"?([a-z_]+)\"?", statement)
    return frozenset(found) & known


def _names_facility(statement: str) -> bool:
    if statement.startswith("INSERT"):
        return "facility" in statement.split("VALUES")[0]
    return bool(re.search(r"facility\"? (=|IN)|\.facility, [a-z_.]+\) IN", statement))
