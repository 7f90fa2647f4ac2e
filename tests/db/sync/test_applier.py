"""The applier on its own: order, holes, newer commands, unreadable ones, one leader."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection

from db.engine import shared_engine
from db.gateway.applier import apply_batch
from db.gateway.lease import Lease, LeaseLost
from db.gateway.rota import Rota
from db.gateway.service import ApplierService
from db.shared.admin import enrol_desk
from db.shared.roles import APPLIER
from db.sync.replica import Replica
from db.sync.synchroniser import Synchroniser
from workstation.facility.model import facility_id
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Change, Command, Insert, Revise
from workstation.kernel.ids import new_id
from workstation.kernel.wire import command_to_json

PLACE = facility_id("Mercy General")


@pytest.fixture
def inbox(admin_dsn: str) -> Any:
    """Puts bodies into the inbox as desk ``ws`` would."""
    enrol_desk(admin_dsn, "desk-A", "Mercy General")

    def put(seq: int, body: str | Command, ws: str = "ws") -> None:
        cmd_id = body.id if isinstance(body, Command) else f"{ws}-{seq}"
        text = command_to_json(body) if isinstance(body, Command) else body
        with psycopg.connect(admin_dsn) as connection:
            connection.execute(
                "INSERT INTO inbox (facility, ws_id, ws_seq, cmd_id, body) VALUES (%s,%s,%s,%s,%s)",
                (PLACE, ws, seq, cmd_id, text),
            )

    return put


@pytest.fixture
def applier(admin_dsn: str) -> Iterator[Connection]:
    """A connection in the applier's role."""
    engine = shared_engine(admin_dsn)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SET ROLE {APPLIER}")
        connection.commit()
        yield connection
    engine.dispose()


def command(*changes: Change, schema: int = 1, facility: str = PLACE) -> Command:
    return Command(new_id(), "test", "u", utc_now(), facility, tuple(changes), schema=schema)


def person(**fields: Any) -> Insert:
    return Insert("person", new_id(), {"last": "Ames", **fields})


def outcomes(admin_dsn: str) -> list[tuple[str, int, str, str | None]]:
    with psycopg.connect(admin_dsn) as connection:
        return connection.execute(
            "SELECT ws_id, ws_seq, outcome, body->>'code' FROM feed ORDER BY n"
        ).fetchall()


def test_a_hole_in_the_numbers_is_waited_for(
    inbox: Any, applier: Connection, admin_dsn: str
) -> None:
    inbox(1, command(person()))
    inbox(3, command(person()))
    assert apply_batch(applier, utc_now()) == {PLACE: 1}
    assert apply_batch(applier, utc_now()) == {}
    inbox(2, command(person()))
    assert apply_batch(applier, utc_now()) == {PLACE: 2}
    assert [seq for _, seq, _, _ in outcomes(admin_dsn)] == [1, 2, 3]


@pytest.mark.parametrize("newer", [{"schema": 99}, {"kind": "teleport"}])
def test_a_newer_desk_is_held_up_not_refused_and_holds_up_nobody_else(
    inbox: Any, applier: Connection, admin_dsn: str, newer: dict[str, Any]
) -> None:
    change = Insert(newer.get("kind", "person"), new_id(), {"last": "Ames"})
    inbox(1, command(change, schema=newer.get("schema", 1)))
    inbox(2, command(person()))
    inbox(1, command(person()), ws="other")
    assert apply_batch(applier, utc_now()) == {PLACE: 1}
    assert outcomes(admin_dsn) == [("other", 1, "applied", None)]


def test_what_cannot_be_read_or_stored_is_refused_and_the_rest_goes_on(
    inbox: Any, applier: Connection, admin_dsn: str
) -> None:
    inbox(1, "not json")
    inbox(2, json.dumps({"schema": 1}))
    inbox(3, command(person(last="nul\0byte")))
    inbox(4, command(person(), facility="another"))
    inbox(5, command(Revise("person", "nobody", {"last": "a"}, {"last": "b"})))
    inbox(6, command(person(last={"a": 1})))
    inbox(7, command(person(birth_order="first")))
    inbox(8, command(person(vip=2)))
    shapeless = json.loads(command_to_json(command(person())))
    shapeless["id"] = "ws-9"
    shapeless["changes"][0]["fields"] = "none"
    inbox(9, json.dumps(shapeless))
    inbox(10, "[" * 100_000)
    inbox(11, command(person()))
    assert apply_batch(applier, utc_now()) == {PLACE: 11}
    assert [(outcome, code) for _, _, outcome, code in outcomes(admin_dsn)] == [
        ("refused", "unreadable"),
        ("refused", "unreadable"),
        ("refused", "not_storable"),
        ("refused", "wrong_envelope"),
        ("refused", "absent"),
        ("refused", "not_storable"),
        ("refused", "not_storable"),
        ("refused", "not_storable"),
        ("refused", "unreadable"),
        ("refused", "unreadable"),
        ("applied", None),
    ]


def test_a_batch_that_dies_leaves_no_trace(
    inbox: Any, applier: Connection, admin_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox(1, command(person()))
    with monkeypatch.context() as broken:
        broken.setattr("db.gateway.applier._publish", _power_cut)
        with pytest.raises(RuntimeError):
            apply_batch(applier, utc_now())
    with psycopg.connect(admin_dsn) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchall() == [(0,)]
    assert apply_batch(applier, utc_now()) == {PLACE: 1}
    assert [seq for _, seq, _, _ in outcomes(admin_dsn)] == [1]


def _power_cut(*_: object) -> None:
    raise RuntimeError("power cut")


def test_one_applier_leads_and_another_takes_over(admin_dsn: str) -> None:
    said: dict[str, threading.Event] = {"first": threading.Event(), "second": threading.Event()}
    stood_by = threading.Event()

    def tell(who: str, words: str) -> None:
        if words.startswith("Applying"):
            said[who].set()
        if "standing by" in words:
            stood_by.set()

    first, second = (
        ApplierService(
            admin_dsn,
            poll_seconds=0.02,
            retry_seconds=0.05,
            tell=lambda words, who=who: tell(who, words),  # type: ignore[misc]
        )
        for who in said
    )
    first.start()
    try:
        assert said["first"].wait(5)
        second.start()
        assert stood_by.wait(5)
        assert not said["second"].is_set()
    finally:
        first.stop()
    try:
        assert said["second"].wait(5)
    finally:
        second.stop()


def test_an_applier_that_lost_its_lease_writes_nothing(
    inbox: Any, applier: Connection, admin_dsn: str
) -> None:
    inbox(1, command(person()))
    slow, quick = Lease(timedelta(milliseconds=50)), Lease()
    assert slow.take(applier)
    assert slow.take(applier), "it is renewed by its holder"
    assert not quick.take(applier)
    threading.Event().wait(0.1)
    assert quick.take(applier), "its time is over: it was thought dead"
    with pytest.raises(LeaseLost):
        apply_batch(applier, utc_now(), lease=slow)
    assert outcomes(admin_dsn) == []
    quick.give_back(applier)
    assert slow.take(applier)
    assert apply_batch(applier, utc_now(), lease=slow) == {PLACE: 1}


def test_two_processes_keep_one_store_in_step(make_enrolled: Any, applier: Connection) -> None:
    """The window and ``sync run`` on one store: the slower one skips what is there already."""
    desk = make_enrolled("desk-A")
    one, two = (Synchroniser(desk.store, desk.dsn) for _ in range(2))
    for last in ("Ames", "Byrd", "Cole"):
        with desk.store.unit_of_work() as work:
            work.record(command(person(last=last)))
            work.commit()
        one.wake()
        two.wake()
        apply_batch(applier, utc_now())
    head, entries = one._connected().pull(0)
    replica = Replica(desk.store)
    assert replica.keep(head, entries[:2])[0] == 2
    assert replica.keep(head, entries)[0] == 3
    assert replica.keep(head, entries) == (3, frozenset())
    assert replica.counts() == (0, 0)
    assert len(desk.store.read().find("person")) == 3
    one.close()
    two.close()


def test_many_at_once_become_the_same_as_one_by_one(
    admin_dsn: str, applier: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edits of rows of the same batch, twins, conflicts, and one that the database refuses."""
    together, alone = (enrol_desk(admin_dsn, "desk", name).facility for name in ("One", "Two"))
    ann, bea = person(dob="1985-03-03"), person()
    paid = {"person_id": ann.id, "attempt_id": new_id(), **_PAID}
    desk_a: list[tuple[Change, ...]] = [
        (ann,),
        (Revise("person", ann.id, {"dob": "1985-03-03"}, {"dob": "1985-03-04"}, 1), bea),
        (_coverage(ann.id, "W1"),),
        (Insert("payment", new_id(), paid),),
    ]
    desk_b: list[tuple[Change, ...]] = [
        (Revise("person", ann.id, {"dob": "1985-03-03"}, {"dob": "1985-05-03"}, 1),),
        (_coverage(ann.id, "W1"),),
        (Insert("payment", new_id(), paid),),  # the same attempt a second time
        (Revise("person", bea.id, {"last": "Ames"}, {"last": "Byrd"}, 1),),
    ]
    for place in (together, alone):
        for ws, commands in (("a", desk_a), ("b", desk_b)):
            _arrive(admin_dsn, place, ws, commands)
    _hold_back(admin_dsn, together)
    with monkeypatch.context() as slowly:
        slowly.setattr("db.gateway.applier.PER_STATION", 1)
        slowly.setattr("db.gateway.applier.STATIONS", 1)
        for _ in range(8):
            assert apply_batch(applier, utc_now()) == {alone: 1}
    _let_go(admin_dsn, together)
    assert apply_batch(applier, utc_now()) == {together: 8}
    became = [_feed_of(admin_dsn, place) for place in (together, alone)]
    assert became[0] == became[1]
    assert [outcome for _, outcome, _ in became[0]] == [
        *("applied", "applied", "applied", "applied"),
        *("conflict", "merged", "refused", "applied"),
    ]


def test_every_station_has_its_turn(admin_dsn: str, applier: Connection) -> None:
    place = enrol_desk(admin_dsn, "desk", "One").facility
    stations = [f"ws-{number}" for number in range(5)]
    rota = Rota()
    assert rota.take(applier, 2) == []
    for ws in stations:
        _arrive(admin_dsn, place, ws, [(person(),)])
    taken = [rota.take(applier, 2) for _ in range(5)]
    assert [ws for some in taken for _, ws in some] == stations * 2
    assert sorted(Rota().take(applier, 9)) == [(place, ws) for ws in stations]
    applier.rollback()


def _hold_back(admin_dsn: str, place: str) -> None:
    with psycopg.connect(admin_dsn) as connection:
        connection.execute("UPDATE inbox SET outcome = 'held' WHERE facility = %s", [place])


def _let_go(admin_dsn: str, place: str) -> None:
    with psycopg.connect(admin_dsn) as connection:
        connection.execute("UPDATE inbox SET outcome = NULL WHERE facility = %s", [place])


_PAID = {
    "amount": 2500,
    "tender": "cash",
    "lines": [{"kind": "copay", "amount": 2500}],
    "receipt_no": "ABC-1",
    "actor": "u",
    "drawer": "d",
    "workstation": "desk",
    "taken_at": "2026-11-23T10:00:00Z",
    "day": "2026-11-23",
}


def _coverage(person_id: str, member_id: str) -> Insert:
    fields = {"person_id": person_id, "payer_id": "60054", "member_id": member_id, "order": 1}
    return Insert("coverage", new_id(), fields)


def _arrive(admin_dsn: str, place: str, ws: str, commands: list[tuple[Change, ...]]) -> None:
    with psycopg.connect(admin_dsn) as connection:
        for seq, changes in enumerate(commands, 1):
            id = f"{ws}{seq}"
            body = command_to_json(Command(id, "test", "u", utc_now(), place, changes))
            connection.execute(
                "INSERT INTO inbox (facility, ws_id, ws_seq, cmd_id, body) VALUES (%s,%s,%s,%s,%s)",
                (place, ws, seq, id, body),
            )


def _feed_of(admin_dsn: str, place: str) -> list[tuple[str, str, Any]]:
    with psycopg.connect(admin_dsn) as connection:
        found = connection.execute(
            "SELECT cmd_id, outcome, body FROM feed WHERE facility = %s ORDER BY n", [place]
        ).fetchall()
    return [(id, outcome, _without_nulls(body)) for id, outcome, body in found]


def _without_nulls(body: Any) -> Any:
    """An absent field and one that is None are the same to every reader of the feed; the moment
    of a command that waits is its own."""
    return [
        {**each, "row": {n: v for n, v in each["row"].items() if v is not None and n != "waits_at"}}
        for each in body["rows"]
    ]
