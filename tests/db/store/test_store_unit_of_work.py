"""One transaction for rows, outbox and audit: all of them, once, in order, or none of them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from db.schema import bring_up_to_date
from db.store import SqlStore
from workstation.kernel.commands import Command, Insert, Revise
from workstation.kernel.errors import PorticoError, Refused
from workstation.kernel.ids import new_id

AT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
StoreAt = Callable[[str], SqlStore]


@pytest.fixture
def store(store_at: StoreAt) -> SqlStore:
    return store_at("desk")


def command(*changes: Insert | Revise, key: str | None = None, **answer: Any) -> Command:
    return Command(new_id(), "test", "u1", AT, "f1", changes, key=key, answer=answer)


def item(id: str, **fields: Any) -> Insert:
    whole = {"kind": "card", "about_id": "x", "opened_at": "2026", "state": "open", **fields}
    return Insert("work_item", id, whole)


def record(store: SqlStore, *commands: Command) -> None:
    with store.unit_of_work() as work:
        for each in commands:
            work.record(each)
        work.commit()


def counts(store: SqlStore) -> dict[str, int]:
    with store.reading() as connection:
        return {
            table: int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608
            for table in ("work_item", "outbox", "audit", "answer", "number")
        }


def test_what_was_not_committed_never_was(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        work.record(command(item("a"), key="k"))
        assert work.get("work_item", "a") is not None
        assert work.next_number("receipt") == 1
    assert set(counts(store).values()) == {0}


def test_what_an_older_version_kept_aside_is_there_after_the_upgrade(store: SqlStore) -> None:
    """A newer desk's field came by before this store had a column for it."""
    record(store, command(item("a")))
    with store.writing() as connection:
        connection.execute(text("""UPDATE work_item SET extra = '{"note": "call her"}'"""))
    assert store.read().get("work_item", "a") == store.read().find("work_item")[0]
    assert store.read().find("work_item")[0]["note"] == "call her"
    record(store, command(Revise("work_item", "a", {"state": "open"}, {"state": "settled"})))
    with store.reading() as connection:
        kept = connection.execute(text("SELECT note, extra FROM work_item")).one()
    assert tuple(kept) == ("call her", None)


def test_a_fault_halfway_takes_everything_back(store: SqlStore) -> None:
    good = command(item("a"))
    bad = command(item("b"), Revise("work_item", "none", {}, {"kind": "x"}))
    with pytest.raises(Refused, match="not_found"):
        record(store, good, bad)
    assert set(counts(store).values()) == {0}


def test_rows_outbox_and_audit_come_together(store: SqlStore) -> None:
    record(store, command(item("a"), item("b"), key="k", ok=True))
    assert counts(store) == {"work_item": 2, "outbox": 1, "audit": 1, "answer": 1, "number": 1}
    assert store.verify_audit().ok
    with store.unit_of_work() as work:
        assert work.answered("k") == {"ok": True}
        assert work.answered("other") is None


def test_the_same_fact_again_is_nothing_new(store: SqlStore) -> None:
    record(store, command(item("a", state="open")))
    record(store, command(item("a", state="closed")))
    row = store.read().get("work_item", "a")
    assert row is not None
    assert (row["state"], row["rev"]) == ("open", 1)


def test_a_field_of_a_newer_version_is_kept(store: SqlStore) -> None:
    record(store, command(item("a", colour={"of": ["the", "future"]})))
    row = store.read().get("work_item", "a")
    assert row is not None
    assert row["colour"] == {"of": ["the", "future"]}


def test_a_base_that_is_no_longer_true_is_refused(store: SqlStore) -> None:
    record(store, command(item("a")))
    record(store, command(Revise("work_item", "a", {"state": "open"}, {"state": "done"})))
    late = command(Revise("work_item", "a", {"state": "open"}, {"state": "dropped"}))
    with pytest.raises(Refused, match="stale") as refusal:
        record(store, late)
    assert refusal.value.field == "state"
    row = store.read().get("work_item", "a")
    assert row is not None
    assert (row["state"], row["rev"]) == ("done", 2)
    assert counts(store)["outbox"] == 2


def test_facts_are_never_revised(store: SqlStore) -> None:
    record(store, command(Insert("visit_event", "e", _EVENT)))
    with pytest.raises(ValueError, match="append-only"):
        record(store, command(Revise("visit_event", "e", {}, {"what": "other"})))


_EVENT = {"visit_id": "v", "person_id": "p", "what": "arrived", "at": "2026", "actor": "u1"}


def test_numbers_have_no_gap_after_a_rollback(store: SqlStore) -> None:
    with store.unit_of_work() as work:
        assert [work.next_number("receipt") for _ in range(3)] == [1, 2, 3]
    with store.unit_of_work() as work:
        assert work.next_number("receipt") == 1
        assert work.next_number("other") == 1
        work.commit()
    with store.unit_of_work() as work:
        assert work.next_number("receipt") == 2


def test_local_rows_are_set_swapped_and_dropped(store: SqlStore) -> None:
    fields = {"owner": "u", "saved_at": "2026", "body": {"typed": "O'Brien \U0001f600"}}
    with store.unit_of_work() as work:
        work.put_local("draft", "d", fields)
        work.put_local("draft", "d", {"saved_at": "2027"})
        assert work.swap_local("draft", "d", {"saved_at": "2027"}, {"visit_id": "v"})
        assert not work.swap_local("draft", "d", {"saved_at": "2026"}, {"visit_id": "w"})
        work.commit()
    row = store.read().get("draft", "d")
    assert row == {"id": "d", "person_id": None, "visit_id": "v", **fields, "saved_at": "2027"}
    assert [found["id"] for found in store.read().find("draft", person_id=None)] == ["d"]
    with store.unit_of_work() as work:
        work.drop_local("draft", "d")
        work.commit()
    assert store.read().get("draft", "d") is None


@pytest.mark.parametrize("kind", ["person", "coverage", "visit", "payment", "ledger_line"])
def test_lookups_by_id_use_the_key(store: SqlStore, kind: str) -> None:
    with store.reading() as connection:
        plan = connection.execute(
            text(f"EXPLAIN QUERY PLAN SELECT * FROM {kind} WHERE id = 'x'")  # noqa: S608
        ).all()
    assert [row for row in plan if "SEARCH" in row.detail and "(id=?)" in row.detail]


def test_children_of_a_person_are_found_by_an_index(store: SqlStore) -> None:
    with store.reading() as connection:
        for kind in ("coverage", "visit", "payment", "signature", "eligibility_check"):
            plan = connection.execute(
                text(f"EXPLAIN QUERY PLAN SELECT * FROM {kind} WHERE person_id = 'x'")  # noqa: S608
            ).all()
            assert any("SEARCH" in row.detail for row in plan), kind


def tampered(store: SqlStore, sql: str) -> tuple[bool, int | None]:
    with store.writing() as connection:
        connection.execute(text(sql))
    checked = store.verify_audit()
    return checked.ok, checked.first_bad


@pytest.mark.parametrize(
    ("sql", "first_bad"),
    [
        ("UPDATE audit SET body = replace(body, 'u1', 'u2') WHERE n = 3", 3),
        ("UPDATE audit SET hash = hash || '0' WHERE n = 2", 2),
        ("DELETE FROM audit WHERE n = 4", 4),
        ("DELETE FROM audit WHERE n = 1", 1),
        ("UPDATE audit SET n = n + 1 WHERE n = 5", 5),
    ],
)
def test_a_touched_audit_trail_shows_where(store: SqlStore, sql: str, first_bad: int) -> None:
    for n in range(5):
        record(store, command(item(f"a{n}")))
    assert store.verify_audit() == type(store.verify_audit())(True, 5, None)
    assert tampered(store, sql) == (False, first_bad)


def test_two_swapped_audit_bodies_show(store: SqlStore) -> None:
    for n in range(3):
        record(store, command(item(f"a{n}")))
    one, two = (entry["n"] for entry in store.audit_entries()[:2])
    with store.reading() as connection:
        found = connection.execute(text("SELECT n, body FROM audit")).all()
        bodies = {row.n: row.body for row in found}
    with store.writing() as connection:
        for n, body in ((one, bodies[two]), (two, bodies[one])):
            connection.execute(text("UPDATE audit SET body = :b WHERE n = :n"), {"b": body, "n": n})
    assert not store.verify_audit().ok


def test_the_audit_names_fields_and_never_values(store: SqlStore) -> None:
    record(store, command(item("a", note="CANARY")))
    [entry] = store.audit_entries()
    assert "CANARY" not in json.dumps(entry)
    assert "note" in entry["detail"]["changes"][0]["fields"]


def test_nothing_on_the_disk_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    store = SqlStore(path, secrets.token_hex(32))
    bring_up_to_date(store.write_engine)
    record(store, command(item("a", note="CANARY-OKAFOR")))
    files = [file for file in tmp_path.iterdir() if file.is_file()]
    assert any(file.name.endswith("-wal") and file.stat().st_size for file in files)
    for file in files:
        held = file.read_bytes()
        for words in (b"CANARY-OKAFOR", b"SQLite format", b"work_item", b"CREATE TABLE"):
            assert words not in held, (file.name, words)
    store.close()


def test_a_fault_of_the_database_shows_no_values(store: SqlStore) -> None:
    with pytest.raises(IntegrityError) as fault:
        record(store, command(Insert("work_item", "a", {"note": "CANARY"})))
    assert "CANARY" not in str(fault.value)


def words_of(act: Callable[[], object]) -> PorticoError:
    with pytest.raises(PorticoError) as error:
        act()
    assert error.value.say.endswith(".")
    assert error.value.do.endswith(".")
    return error.value


def test_a_wrong_key_says_so(store: SqlStore) -> None:
    record(store, command(item("a")))
    other = SqlStore(store.path, secrets.token_hex(32))
    for act in (
        lambda: bring_up_to_date(other.write_engine),
        lambda: other.read().get("work_item", "a"),
        lambda: record(other, command(item("b"))),
    ):
        assert words_of(act).code == "store_key_wrong"
    other.close()
    assert store.read().get("work_item", "a") is not None


def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_bytes(secrets.token_bytes(8192))
    store = SqlStore(path, secrets.token_hex(32))
    assert words_of(lambda: bring_up_to_date(store.write_engine)).code == "store_key_wrong"
    store.close()


def test_a_newer_store_is_left_alone(store: SqlStore) -> None:
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert words_of(lambda: bring_up_to_date(store.write_engine)).code == "store_newer"
    with store.reading() as connection:
        kept = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    assert kept == "9999"


def test_a_full_disk_says_so_and_keeps_what_was(store: SqlStore) -> None:
    record(store, command(item("a")))
    with store.writing() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    error = words_of(lambda: record(store, command(item("b", note="x" * 200_000))))
    assert (error.code, error.retryable) == ("disk_full", True)
    assert store.read().get("work_item", "b") is None
    with store.writing() as connection:
        connection.execute(text("PRAGMA max_page_count = 1000000"))
    record(store, command(item("b", note="x" * 200_000)))
    assert store.read().get("work_item", "a") is not None
    assert store.verify_audit().ok


def test_a_store_without_write_access_says_so(store: SqlStore) -> None:
    with store.writing() as connection:
        connection.execute(text("PRAGMA query_only = ON"))
    error = words_of(lambda: record(store, command(item("b"))))
    assert (error.code, error.retryable) == ("store_read_only", True)


def test_a_reader_cannot_write(store: SqlStore) -> None:
    with pytest.raises(PorticoError, match="store_read_only"), store.reading() as connection:
        connection.execute(text("DELETE FROM audit"))
