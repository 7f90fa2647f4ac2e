"""Who may do what in the shared database, asked of a real PostgreSQL with the desks' own logins."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from db.engine import shared_engine
from db.gateway.applier import apply_batch
from db.shared.admin import enrol_desk, prepare_shared
from db.shared.roles import APPLIER
from db.sync.rounds import look
from db.sync.synchroniser import Synchroniser
from db.tables import KINDS, TABLES, shared_metadata
from workstation.access.desk import RECEIPT_ALPHABET
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Command, Insert
from workstation.kernel.ids import new_id
from workstation.sync.status import LinkState


def register(desk: Any, last: str) -> None:
    with desk.store.unit_of_work() as work:
        work.record(
            Command(
                new_id(),
                "test",
                "u",
                utc_now(),
                desk.desk.facility.id,
                (Insert("person", new_id(), {"last": last}),),
            )
        )
        work.commit()


def push(desk: Any) -> None:
    synchroniser = Synchroniser(desk.store, desk.dsn)
    synchroniser.wake()
    synchroniser.close()


def apply(admin_dsn: str) -> None:
    engine = shared_engine(admin_dsn)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SET ROLE {APPLIER}")
        connection.commit()
        apply_batch(connection, utc_now())
    engine.dispose()


@pytest.fixture
def two_facilities(make_enrolled: Any, admin_dsn: str) -> tuple[Any, Any]:
    here = make_enrolled("desk-A", "Mercy General")
    there = make_enrolled("desk-Z", "Saint Luke")
    register(here, "Ames")
    register(there, "Zorn")
    push(here)
    push(there)
    apply(admin_dsn)
    return here, there


def ask(dsn: str, query: str, *values: Any) -> list[Any]:
    with psycopg.connect(dsn) as connection:
        cursor = connection.execute(query.encode(), values)
        return cursor.fetchall() if cursor.description else [cursor.rowcount]


def test_a_desk_sees_its_own_facility_only(two_facilities: tuple[Any, Any]) -> None:
    here, there = two_facilities
    assert ask(here.dsn, "SELECT last FROM person") == [("Ames",)]
    assert ask(there.dsn, "SELECT last FROM person") == [("Zorn",)]
    place = here.desk.facility.id
    for table in ("person", "feed", "facility_feed", "enrolment"):
        assert ask(here.dsn, f"SELECT DISTINCT facility FROM {table}") == [(place,)]  # noqa: S608


def test_a_desk_reads_only_the_heads_of_its_own_inbox(two_facilities: tuple[Any, Any]) -> None:
    here, _ = two_facilities
    mine = here.desk.workstation_id
    assert ask(here.dsn, "SELECT ws_id, ws_seq, outcome FROM inbox") == [(mine, 1, "applied")]
    with pytest.raises(InsufficientPrivilege):
        ask(here.dsn, "SELECT body FROM inbox")


FORBIDDEN = (
    "INSERT INTO person (facility, id, rev) SELECT facility, 'x', 1 FROM facility_feed",
    "UPDATE person SET last = 'X'",
    "DELETE FROM person",
    "DELETE FROM inbox",
    "UPDATE inbox SET outcome = NULL",
    "UPDATE facility_feed SET n = 0",
    "DELETE FROM feed",
    "UPDATE audit_anchor SET head = ''",
    "UPDATE enrolment SET facility = 'x'",
    "CREATE TABLE mine (x int)",
    "SET ROLE portico_applier",
    "SET ROLE portico_owner",
)


def test_a_desk_may_do_nothing_else(two_facilities: tuple[Any, Any]) -> None:
    here, _ = two_facilities
    for forbidden in FORBIDDEN:
        with pytest.raises(InsufficientPrivilege):
            ask(here.dsn, forbidden)


def test_a_desk_cannot_send_in_anothers_name(two_facilities: tuple[Any, Any]) -> None:
    here, there = two_facilities
    send = "INSERT INTO inbox (facility, ws_id, ws_seq, cmd_id, body) VALUES (%s, %s, 9, 'c', '')"
    for facility, station in (
        (there.desk.facility.id, here.desk.workstation_id),
        (here.desk.facility.id, there.desk.workstation_id),
    ):
        with pytest.raises(InsufficientPrivilege):
            ask(here.dsn, send, facility, station)


def test_a_claimed_login_cannot_be_taken_over(two_facilities: tuple[Any, Any]) -> None:
    here, _ = two_facilities
    assert ask(here.dsn, "UPDATE enrolment SET ws_id = 'other' WHERE login = current_user") == [0]


def test_the_applier_may_only_add_to_facts(admin_dsn: str) -> None:
    facts = [name for name, kind in KINDS.items() if kind.append_only]
    assert {"payment", "ledger_entry"} <= set(facts)
    with psycopg.connect(admin_dsn, autocommit=True) as connection:
        connection.execute(f"SET ROLE {APPLIER}".encode())
        for name in (*facts, "feed"):
            for attempt in ("DELETE FROM {}", "UPDATE {} SET facility = facility"):
                with pytest.raises(InsufficientPrivilege):
                    connection.execute(attempt.format(name).encode())


def test_every_table_is_under_row_level_security(admin_dsn: str) -> None:
    secured = ask(
        admin_dsn,
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity",
    )
    assert {name for (name,) in secured} == {*TABLES, *shared_metadata.tables}


def test_a_login_of_another_facility_is_not_accepted(
    two_facilities: tuple[Any, Any],
) -> None:
    here, there = two_facilities
    status = look(here.store, there.dsn)
    assert not status.connected
    assert status.trouble is not None
    assert "another facility" in status.trouble


def test_a_login_serves_one_store_only(two_facilities: tuple[Any, Any], make_enrolled: Any) -> None:
    here, _ = two_facilities
    other = make_enrolled("desk-B")
    status = look(other.store, here.dsn)
    assert status.trouble is not None
    assert "another workstation" in status.trouble


def test_preparing_again_changes_nothing(two_facilities: tuple[Any, Any], admin_dsn: str) -> None:
    here, _ = two_facilities
    before = ask(admin_dsn, "SELECT facility, epoch, n FROM facility_feed ORDER BY facility")
    answer = prepare_shared(admin_dsn)
    assert answer["facilities"] == ["Mercy General", "Saint Luke"]
    after = ask(admin_dsn, "SELECT facility, epoch, n FROM facility_feed ORDER BY facility")
    assert after == before
    assert look(here.store, here.dsn).connected


def test_enrolling_again_gives_a_new_password_and_ends_the_old(
    make_enrolled: Any, admin_dsn: str
) -> None:
    desk = make_enrolled("desk-A")
    push(desk)
    renewed = enrol_desk(admin_dsn, "desk-A", "  mercy   GENERAL ")
    old = look(desk.store, desk.dsn)
    assert not old.connected
    assert old.trouble is not None
    assert look(desk.store, renewed.dsn).connected


def test_receipt_codes_of_a_facility_differ(
    make_enrolled: Callable[..., Any], admin_dsn: str
) -> None:
    a, b = make_enrolled("desk-A"), make_enrolled("desk-B")
    with b.store.writing() as connection:  # by chance both made the same code
        connection.exec_driver_sql("UPDATE desk SET receipt_code = ?", (a.desk.receipt_code,))
    push(a)
    push(b)
    codes = {
        desk.desk.name: desk.store.read().get("desk", "this")["receipt_code"] for desk in (a, b)
    }
    assert codes["desk-A"] == a.desk.receipt_code
    assert codes["desk-B"] != codes["desk-A"]
    assert set(codes["desk-B"]) <= set(RECEIPT_ALPHABET)
    there = ask(admin_dsn, "SELECT name, receipt_code FROM enrolment")
    assert dict(there) == codes


def test_a_command_in_a_foreign_envelope_is_refused(
    two_facilities: tuple[Any, Any], admin_dsn: str
) -> None:
    """A desk's own login cannot smuggle a change of another facility inside a command's body."""
    here, there = two_facilities
    victim = there.store.read().find("person")[0]
    with here.store.unit_of_work() as work:
        work.record(
            Command(
                new_id(),
                "test",
                "u",
                utc_now(),
                there.desk.facility.id,
                (Insert("person", victim["id"], {"last": "Stolen"}),),
            )
        )
        work.commit()
    push(here)
    apply(admin_dsn)
    refused = ask(admin_dsn, "SELECT body->>'code' FROM feed WHERE outcome = 'refused'")
    assert refused == [("wrong_envelope",)]
    assert ask(there.dsn, "SELECT last FROM person") == [("Zorn",)]


def test_a_cut_audit_trail_is_noticed_by_its_anchor(two_facilities: tuple[Any, Any]) -> None:
    here, _ = two_facilities
    assert look(here.store, here.dsn).trouble is None
    with here.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM audit WHERE n = (SELECT max(n) FROM audit)")
    assert here.store.verify_audit().ok, "the chain alone cannot see it"
    status = look(here.store, here.dsn)
    assert status.trouble is not None
    assert "audit" in status.trouble


def test_a_wrong_clock_is_told(make_enrolled: Any) -> None:
    desk = make_enrolled("desk-A")
    fast = Synchroniser(desk.store, desk.dsn, clock=lambda: utc_now() + timedelta(minutes=7))
    fast.wake()
    fast.close()
    status = fast.replica.status()
    assert status.connected
    assert status.state is LinkState.CALL_IT
    assert "7 minutes" in str(status.trouble)
    assert look(desk.store, desk.dsn).trouble is None
