"""Two desks with real encrypted stores, and a real PostgreSQL between them."""

from __future__ import annotations

import threading
from copy import copy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from two_desks import (
    both_ways,
    conflicts,
    on_server,
    person,
    record,
    register,
    reopen,
    revise,
    rounds,
    settle,
)

from db.gateway.service import ApplierService
from db.shared.admin import enrol_desk
from db.store import SqlStore
from db.sync.replica import Replica
from db.sync.rounds import one_round
from db.sync.runner import SyncRunner
from db.sync.synchroniser import Synchroniser
from db.sync.ways import transport_to
from workstation.access.desk import read_desk
from workstation.kernel.changed import Kind
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Insert, Revise
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.payers.use_cases import standing
from workstation.sync.kernel import Pace
from workstation.visits.rules import locked_visit_of


@both_ways
def test_the_worked_example(desks: tuple[Any, Any, str], admin_dsn: str) -> None:
    a, b, person_id = desks
    revise(a, person_id, dob="1985-03-04")
    revise(b, person_id, dob="1985-05-03")
    rounds(a, b, a)
    for desk in (a, b):
        assert person(desk, person_id)["dob"] == "1985-03-04"
        [conflict] = conflicts(desk)
        expected = {
            "person_id": person_id,
            "fields": ["dob"],
            "base": {"dob": "1985-03-03"},
            "stands": {"dob": "1985-03-04"},
            "waits": {"dob": "1985-05-03"},
            "waits_from": "desk-B",
            "state": "open",
        }
        assert expected.items() <= conflict.items()
    assert on_server(admin_dsn, "SELECT dob FROM person") == [("1985-03-04",)]


def test_street_here_and_email_there_both_stand(desks: tuple[Any, Any, str]) -> None:
    a, b, person_id = desks
    revise(a, person_id, street="2 Oak St")
    revise(b, person_id, email="ann@example.com")
    rounds(a, b, a)
    for desk in (a, b):
        row = person(desk, person_id)
        assert (row["street"], row["email"], row["rev"]) == ("2 Oak St", "ann@example.com", 3)
        assert conflicts(desk) == []


COVER = {"payer_id": "60054", "member_id": "W-123", "plan_name": "PPO", "order": 1}


def cover(desk: Any, person_id: str, **fields: Any) -> str:
    """A coverage entered at one desk, with nothing known of the other."""
    coverage_id = new_id()
    record(desk, Insert("coverage", coverage_id, {"person_id": person_id, **COVER, **fields}))
    return coverage_id


def standing_covers(desk: Any, person_id: str) -> list[str]:
    return [one.id for one in standing(desk.store.read(), person_id)]


def test_one_coverage_entered_at_two_desks_stands_once(
    desks: tuple[Any, Any, str], admin_dsn: str
) -> None:
    a, b, person_id = desks
    first = cover(a, person_id)
    second = cover(b, person_id, member_id="w123", payer_name="Aetna")
    rounds(a, b, a)
    for desk in (a, b):
        assert standing_covers(desk, person_id) == [first]
        away = desk.store.read().get("coverage", second)
        assert away is not None, "what points to it still finds it"
        assert away["retired"]
        assert conflicts(desk) == []
    assert on_server(admin_dsn, "SELECT count(*) FROM coverage WHERE retired IS NOT TRUE") == [(1,)]


def test_what_the_second_desk_read_otherwise_waits_for_a_person(
    desks: tuple[Any, Any, str],
) -> None:
    a, b, person_id = desks
    first = cover(a, person_id, group_number="0071234")
    cover(b, person_id, group_number="0011234")
    rounds(a, b, a)
    [conflict] = conflicts(a)
    assert (conflict["fields"], conflict["stands"], conflict["waits"]) == (
        ["group_number"],
        {"group_number": "0071234"},
        {"group_number": "0011234"},
    )
    settle(a, conflict["conflict_id"], "mine")
    rounds(a, b)
    for desk in (a, b):
        assert standing_covers(desk, person_id) == [first]
        row = desk.store.read().get("coverage", first)
        assert row is not None
        assert row["group_number"] == "0011234"


@pytest.mark.parametrize(
    "other",
    [
        {"plan_name": "Dental"},
        {"member_id": "W-124"},
        {"payer_id": "60055"},
        {"from": "2027-01-01"},
    ],
)
def test_another_plan_time_or_member_is_another_coverage(
    desks: tuple[Any, Any, str], other: dict[str, str]
) -> None:
    a, b, person_id = desks
    cover(a, person_id, to="2026-12-31")
    cover(b, person_id, **other)
    rounds(a, b, a)
    assert [len(standing_covers(desk, person_id)) for desk in (a, b)] == [2, 2]


def visit_of(desk: Any, person_id: str) -> str:
    visit_id = new_id()
    fields = {
        "person_id": person_id,
        "visit_number": "V1",
        "account_number": "A1",
        "class": "O",
        "lock": "none",
        "asks_emergency_care": False,
        "state": "arrived",
        "service_date": "2026-11-23",
    }
    record(desk, Insert("visit", visit_id, fields))
    return visit_id


LOCKED = {"lock": "locked", "asks_emergency_care": True}
PLACED = {"department_id": "cardiology"}


@pytest.mark.parametrize("first", [LOCKED, PLACED])
def test_the_emergency_lock_of_one_desk_waits_for_nobody(
    desks: tuple[Any, Any, str], first: dict[str, Any]
) -> None:
    a, b, person_id = desks
    visit_id = visit_of(a, person_id)
    rounds(a, b)
    second = PLACED if first is LOCKED else LOCKED
    for desk, wanted in ((a, first), (b, second)):
        row = desk.store.read().get("visit", visit_id)
        base = {name: row[name] for name in wanted}
        record(desk, Revise("visit", visit_id, base, wanted, row["rev"]))
    rounds(a, b, a)
    for desk in (a, b):
        row = desk.store.read().get("visit", visit_id)
        assert row["lock"] == "locked", "a desk that did not know of it must not open it"
        assert locked_visit_of(desk.store.read(), person_id) is not None
        assert conflicts(desk) == []


@pytest.mark.parametrize(("take", "dob"), [("mine", "1985-05-03"), ("theirs", "1985-03-04")])
def test_a_conflict_is_settled_for_every_desk(
    desks: tuple[Any, Any, str], take: str, dob: str
) -> None:
    a, b, person_id = desks
    revise(a, person_id, dob="1985-03-04")
    revise(b, person_id, dob="1985-05-03")
    rounds(a, b, a)
    revision = settle(a, conflicts(a)[0]["conflict_id"], take)
    rounds(a, b)
    for desk in (a, b):
        row = person(desk, person_id)
        assert (row["dob"], row["rev"]) == (dob, revision)
        assert [each["state"] for each in conflicts(desk)] == ["resolved"]
    with pytest.raises(Refused, match="conflict_settled"):
        settle(b, conflicts(b)[0]["conflict_id"], "mine")


def test_two_desks_settle_one_conflict_and_the_first_stands(desks: tuple[Any, Any, str]) -> None:
    a, b, person_id = desks
    revise(a, person_id, dob="1985-03-04")
    revise(b, person_id, dob="1985-05-03")
    rounds(a, b, a)
    conflict_id = conflicts(a)[0]["conflict_id"]
    settle(a, conflict_id, "theirs")
    settle(b, conflict_id, "mine")
    rounds(a, b, a)
    assert [Replica(desk.store).status().refused for desk in (a, b)] == [0, 1]
    for desk in (a, b):
        assert person(desk, person_id)["dob"] == "1985-03-04"
        assert [each["take"] for each in conflicts(desk)] == ["theirs"]


@both_ways
def test_a_lost_acknowledgement_does_nothing_twice(
    desks: tuple[Any, Any, str], admin_dsn: str
) -> None:
    a, b, _ = desks
    register(a, last="Byrd")
    once = Synchroniser(a.store, a.dsn)
    batch, anchor = once.replica.outgoing()
    once.wake()  # greets, sends, marks as sent
    link = once._connected()
    link.push(batch, anchor)
    link.push(batch, anchor)
    once.close()
    rounds(a, b)
    assert on_server(admin_dsn, "SELECT count(*) FROM person") == [(2,)]
    counted = "SELECT count(*), max(n), count(DISTINCT n) FROM feed"
    assert on_server(admin_dsn, counted) == [(2, 2, 2)]


@both_ways
def test_many_commands_go_in_order_over_many_batches(
    desks: tuple[Any, Any, str], admin_dsn: str
) -> None:
    a, b, person_id = desks
    for number in range(230):
        revise(a, person_id, street=f"{number} Elm St")
    rounds(a, b)
    assert person(b, person_id)["street"] == "229 Elm St"
    assert person(b, person_id)["rev"] == 231
    assert on_server(admin_dsn, "SELECT n FROM facility_feed") == [(231,)]
    assert conflicts(b) == []


def test_a_field_of_a_newer_version_is_not_lost(desks: tuple[Any, Any, str]) -> None:
    a, b, _ = desks
    person_id = register(a, favourite_colour="green")
    rounds(a, b)
    assert person(b, person_id)["favourite_colour"] == "green"


def test_after_a_restore_the_desk_offers_again_what_the_backup_lacks(
    desks: tuple[Any, Any, str], admin_dsn: str, pg_server: Any, applier: ApplierService
) -> None:
    from db.shared.admin import prepare_shared

    a, b, person_id = desks
    applier.stop()
    with psycopg.connect(pg_server.dsn(), autocommit=True) as connection:
        name = str(on_server(admin_dsn, "SELECT current_database()")[0][0])
        connection.execute(f"DROP DATABASE IF EXISTS {name}_copy".encode())
        connection.execute(f"CREATE DATABASE {name}_copy TEMPLATE {name}".encode())
    after = ApplierService(admin_dsn, poll_seconds=0.02)
    after.start()
    revise(a, person_id, email="ann@example.com")
    lost = register(a, last="Byrd")
    rounds(a, b)
    after.stop()
    with psycopg.connect(pg_server.dsn(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        connection.execute(f"ALTER DATABASE {name}_copy RENAME TO {name}".encode())
    prepare_shared(admin_dsn, restored=True)
    again = ApplierService(admin_dsn, poll_seconds=0.02)
    again.start()
    try:
        rounds(a, b)
    finally:
        again.stop()
    for desk in (a, b):
        assert person(desk, lost)["last"] == "Byrd"
        assert person(desk, person_id)["email"] == "ann@example.com"
    assert on_server(admin_dsn, "SELECT count(*) FROM person") == [(2,)]


@both_ways
def test_a_new_desk_reads_everything_there_is(
    desks: tuple[Any, Any, str], make_enrolled: Any
) -> None:
    a, _, person_id = desks
    revise(a, person_id, email="ann@example.com")
    rounds(a)
    c = make_enrolled("desk-C")
    rounds(c)
    assert person(c, person_id)["email"] == "ann@example.com"


@both_ways
def test_below_the_floor_a_fill_takes_the_place_of_the_feed(
    desks: tuple[Any, Any, str], admin_dsn: str, make_enrolled: Any
) -> None:
    a, _, person_id = desks
    revise(a, person_id, email="ann@example.com")
    rounds(a)
    with psycopg.connect(admin_dsn) as connection:
        connection.execute("DELETE FROM feed WHERE n <= 2")
        connection.execute("UPDATE facility_feed SET floor = 2")
    c = make_enrolled("desk-C")
    mine = register(c, last="Cole")
    rounds(c, a)
    assert person(c, person_id)["email"] == "ann@example.com"
    assert person(a, mine)["last"] == "Cole"


@both_ways
def test_a_copied_store_is_noticed_and_nothing_overwritten(
    desks: tuple[Any, Any, str], admin_dsn: str
) -> None:
    a, _, person_id = desks
    with psycopg.connect(admin_dsn) as connection:  # the other copy of the store was faster
        connection.execute(
            "INSERT INTO inbox (facility, ws_id, ws_seq, cmd_id, body, outcome) "
            "SELECT facility, ws_id, ws_seq + 1, 'x', '{}', 'refused' FROM inbox LIMIT 1"
        )
    revise(a, person_id, email="ann@example.com")
    assert not one_round(a.store, a.dsn)
    status = Synchroniser(a.store, a.dsn).replica.status()
    assert status.trouble is not None
    assert "copied" in status.trouble
    assert status.waiting == 1


def _cloned(desk: Any, folder: Path) -> Any:
    """A second store from the disk image of a desk: the same workstation id, the same login."""
    image = folder / "image.db"
    with desk.store.write_engine.connect() as connection:
        connection.connection.cursor().execute("VACUUM INTO ?", (str(image),))
    clone = copy(desk)
    clone.store = SqlStore(image, desk.store._key)
    return clone


@both_ways
@pytest.mark.parametrize("pulls_first", [False, True])
def test_a_cloned_disk_image_is_noticed_and_loses_nothing(
    desks: tuple[Any, Any, str], tmp_path: Path, pulls_first: bool
) -> None:
    a, _, person_id = desks
    clone = _cloned(a, tmp_path)
    try:
        revise(a, person_id, email="ann@example.com")
        rounds(a)
        if not pulls_first:
            revise(clone, person_id, street="9 Elm St")
        assert not one_round(clone.store, clone.dsn)
        if pulls_first:  # it is noticed before anything is entered, and what is then, is kept
            revise(clone, person_id, street="9 Elm St")
            assert not one_round(clone.store, clone.dsn)
        status = Replica(clone.store).status()
        assert "copied" in str(status.trouble)
        assert status.waiting == 1
        assert person(clone, person_id)["street"] == "9 Elm St"
        rounds(a)
        assert person(a, person_id)["street"] == "1 Elm St"
    finally:
        clone.store.close()


def test_another_store_under_this_name_does_not_settle_what_waits_here(
    desks: tuple[Any, Any, str], tmp_path: Path
) -> None:
    """The clone was faster: its command stands in the feed under the number of ours."""
    a, _, person_id = desks
    clone = _cloned(a, tmp_path)
    try:
        revise(clone, person_id, street="9 Elm St")
        rounds(clone)
    finally:
        clone.store.close()
    revise(a, person_id, email="ann@example.com")
    replica = Replica(a.store)
    before = replica.state().cursor
    link = transport_to(a.dsn, replica.identity())
    try:
        with pytest.raises(Refused, match="store_copied"):
            replica.keep(*link.pull(before))
    finally:
        link.close()
    assert replica.counts() == (1, 1)
    assert replica.state().cursor == before
    assert person(a, person_id)["email"] == "ann@example.com"


def test_a_round_does_not_give_up_while_the_backlog_shrinks(
    make_enrolled: Any, admin_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("db.gateway.applier.PER_STATION", 1)
    desk = make_enrolled("desk-A")
    for _ in range(6):
        register(desk)
    pause = threading.Event()

    def slowly() -> datetime:
        pause.wait(0.4)
        return utc_now()

    service = ApplierService(admin_dsn, poll_seconds=0.02, clock=slowly)
    service.start()
    try:
        assert one_round(desk.store, desk.dsn, patience=timedelta(seconds=1.5))
    finally:
        service.stop()


class Listener:
    """Waits for what a runner tells."""

    def __init__(self) -> None:
        self._kinds: set[Kind] = set()
        self._changed = threading.Condition()

    def __call__(self, kinds: frozenset[Kind]) -> None:
        with self._changed:
            self._kinds |= kinds
            self._changed.notify_all()

    def hears(self, kind: Kind, seconds: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: kind in self._kinds, seconds)


@both_ways
def test_the_other_desk_sees_it_by_a_hint_long_before_the_poll(
    desks: tuple[Any, Any, str],
) -> None:
    a, b, _ = desks
    slow = Pace(poll=timedelta(minutes=10))
    heard = Listener()
    here = SyncRunner(a.store, a.dsn, pace=slow)
    there = SyncRunner(b.store, b.dsn, pace=slow, on_change=heard)
    there.start()
    here.start()
    try:
        assert heard.hears(Kind.SYNC, 5)
        person_id = register(a, last="Byrd")
        here.nudge()
        assert heard.hears(Kind.PERSON, 5)
        assert person(b, person_id)["last"] == "Byrd"
    finally:
        here.stop()
        there.stop()


@both_ways
def test_the_server_dies_and_returns_while_the_desk_goes_on(
    pg_server: Any, desks: tuple[Any, Any, str], admin_dsn: str
) -> None:
    if not hasattr(pg_server, "stop"):
        pytest.fail("this test needs a PostgreSQL of its own: unset PORTICO_TEST_DSN")
    a, b, person_id = desks
    quick = Pace(first_retry=timedelta(milliseconds=100), longest_retry=timedelta(seconds=1))
    heard = Listener()
    runner = SyncRunner(a.store, a.dsn, pace=quick, on_change=heard)
    runner.start()
    try:
        assert heard.hears(Kind.SYNC, 5)
        pg_server.stop(crash=True)
        try:
            for number in range(20):
                register(a, last=f"Offline{number}")
                runner.nudge()
            assert person(a, person_id)["last"] == "Ames"
            assert runner.status().waiting == 20
        finally:
            pg_server.start()
        assert _eventually(lambda: runner.status().waiting == 0)
        assert runner.status().connected
    finally:
        runner.stop()
    rounds(b)
    assert len(b.store.read().find("person")) == 21
    assert on_server(admin_dsn, "SELECT count(*) FROM person") == [(21,)]


def _eventually(holds: Any, seconds: float = 20.0) -> bool:
    pause = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if holds():
            return True
        pause.wait(0.05)
    return False


def test_all_desks_keep_the_time_that_the_facility_was_enrolled_with(
    desks: tuple[Any, Any, str], admin_dsn: str
) -> None:
    a, b, _ = desks
    enrol_desk(admin_dsn, "desk-B", "Mercy General", time_zone="America/Boise")
    enrol_desk(admin_dsn, "desk-C", "Mercy General")  # names none: the facility keeps its own
    b.dsn = enrol_desk(admin_dsn, "desk-B", "Mercy General").dsn
    rounds(a, b)
    for desk in (a, b):
        assert read_desk(desk.store.read()).facility.time_zone == "America/Boise"
    with pytest.raises(NotUnderstood, match="time_zone_unknown"):
        enrol_desk(admin_dsn, "desk-B", "Mercy General", time_zone="Boise")


def test_an_entry_that_two_desks_reversed_apart_is_reversed_once_and_nothing_stops(
    desks: tuple[Any, Any, str],
) -> None:
    a, b, person_id = desks
    made = {"person_id": person_id, "kind": "payment", "day": "2026-11-23", "workstation": "desk"}
    made |= {"posted_at": "2026-11-23T10:00:00.000000Z", "command_id": new_id()}
    first = new_id()
    record(a, Insert("ledger_entry", first, made))
    rounds(a, b)
    undone = {desk: new_id() for desk in (b, a)}
    for desk, id in undone.items():
        record(desk, Insert("ledger_entry", id, made | {"kind": "reversal", "reverses": first}))
    rounds(b, a, b)
    for desk in (a, b):
        stands = {each["id"] for each in desk.store.read().find("ledger_entry", reverses=first)}
        assert stands == {undone[b]}
    assert Replica(a.store).status().refused == 1


@pytest.mark.parametrize("take", ["mine", "theirs"])
def test_a_settled_conflict_is_taken_back_at_another_desk(
    desks: tuple[Any, Any, str], take: str
) -> None:
    a, b, person_id = desks
    revise(a, person_id, dob="1985-03-04")
    revise(b, person_id, dob="1985-05-03")
    rounds(a, b, a)
    [conflict] = conflicts(a)
    settle(a, conflict["conflict_id"], take, reason="licence seen")
    rounds(a, b)
    assert person(b, person_id)["dob"] == ("1985-05-03" if take == "mine" else "1985-03-04")
    assert [each["reason"] for each in conflicts(b)] == ["licence seen"]
    reopen(b, conflict["conflict_id"])
    rounds(b, a)
    for desk in (a, b):
        assert person(desk, person_id)["dob"] == "1985-03-04"
        [again] = conflicts(desk)
        assert (again["state"], again["take"], again["reason"]) == ("open", None, None)
    with pytest.raises(Refused, match="conflict_open"):
        reopen(a, conflict["conflict_id"])
    settle(a, conflict["conflict_id"], "mine")
    rounds(a, b)
    assert person(b, person_id)["dob"] == "1985-05-03"


def test_what_was_changed_since_is_not_taken_back(desks: tuple[Any, Any, str]) -> None:
    a, b, person_id = desks
    revise(a, person_id, dob="1985-03-04")
    revise(b, person_id, dob="1985-05-03")
    rounds(a, b, a)
    [conflict] = conflicts(a)
    settle(a, conflict["conflict_id"], "mine")
    revise(a, person_id, dob="1985-07-07")
    with pytest.raises(Refused, match="conflict_moved_on"):
        reopen(a, conflict["conflict_id"])
    assert person(a, person_id)["dob"] == "1985-07-07"


def test_a_fault_of_the_program_does_not_end_synchronisation(
    desks: tuple[Any, Any, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, person_id = desks
    monkeypatch.setattr(SyncRunner, "AFTER_A_FAULT", 0.1)
    faults = iter([RuntimeError("a mistake"), RuntimeError("again")])
    outgoing = Replica.outgoing

    def faulty(self: Replica) -> Any:
        for fault in faults:
            raise fault
        return outgoing(self)

    monkeypatch.setattr(Replica, "outgoing", faulty)
    told: list[str] = []
    runner = SyncRunner(
        a.store,
        a.dsn,
        pace=Pace(soon=timedelta(milliseconds=50), first_retry=timedelta(milliseconds=50)),
        on_status=lambda status: told.append(status.trouble or ""),
    )
    revise(a, person_id, email="ann@example.com")
    runner.start()
    pause = threading.Event()
    for _ in range(200):
        if runner.status().connected and not runner.status().waiting:
            break
        pause.wait(0.1)
    runner.stop()
    assert any("fault of its own" in words for words in told)
    rounds(b)
    assert person(b, person_id)["email"] == "ann@example.com"


def test_an_edit_that_joins_while_another_desk_settles_is_not_lost(
    desks: tuple[Any, Any, str],
) -> None:
    a, b, person_id = desks
    revise(a, person_id, dob="1985-03-04")
    rounds(a)
    revise(b, person_id, dob="1985-05-03")
    replica = Replica(b.store)
    batch, anchor = replica.outgoing()
    link = transport_to(b.dsn, replica.identity())
    link.push(batch, anchor)
    link.close()
    replica.mark_sent(batch)
    _until_conflict(a)
    revise(b, person_id, dob="1985-07-03")  # B goes on, and does not know that it waits
    [conflict] = conflicts(a)
    settle(a, conflict["conflict_id"], "mine")
    rounds(b, a, b)
    for desk in (a, b):
        assert "1985-07-03" in {
            person(desk, person_id)["dob"],
            *(each["waits"].get("dob") for each in conflicts(desk) if each["state"] == "open"),
        }


def _until_conflict(desk: Any) -> None:
    pause = threading.Event()
    for _ in range(100):
        rounds(desk)
        if conflicts(desk):
            return
        pause.wait(0.05)
    raise AssertionError("no conflict came")
