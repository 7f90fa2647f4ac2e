"""Audit trails in the shared database: they get there, tampering shows, old months go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from two_desks import both_ways

from db.engine import shared_engine
from db.gateway.sealing import seal_heads
from db.gateway.service import ApplierService
from db.shared.roles import APPLIER
from db.shared.trails import expire, hold, release, verify_trails
from db.store import SqlStore
from db.sync.lane_runner import LaneRunner
from db.sync.rounds import send_trail
from db.sync.trail_lane import KEPT_AT_LEAST, KEPT_FOR, TrailLane
from workstation.access.audit import Anchor, AuditCheck, SharedWord, link
from workstation.access.model import Role, Session
from workstation.access.printed_seal import printed, read_printed
from workstation.access.use_cases import ChartAudit
from workstation.kernel.clock import utc_now
from workstation.kernel.errors import NotUnderstood, OutsideSilent, Refused

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def look_at(desk: Any, charts: int, who: str = "nobody") -> None:
    with desk.store.unit_of_work() as work:
        for n in range(charts):
            work.audit(who, "chart_opened", f"person-{n}", {"purpose": "registration"})
        work.commit()


def ask(dsn: str, query: str, *values: Any) -> list[Any]:
    with psycopg.connect(dsn) as connection:
        cursor = connection.execute(query.encode(), values)
        return cursor.fetchall() if cursor.description else [cursor.rowcount]


def seal(admin_dsn: str, now: datetime = NOW) -> int:
    engine = shared_engine(admin_dsn)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"SET ROLE {APPLIER}")
        connection.commit()
        count = seal_heads(connection, now)
    engine.dispose()
    return count


def run(desk: Any, statement: str, *values: Any) -> None:
    with desk.store.writing() as connection:
        connection.exec_driver_sql(statement, values)


@pytest.fixture
def lane() -> Iterator[Callable[[Any], TrailLane]]:
    made: list[TrailLane] = []

    def of(desk: Any) -> TrailLane:
        made.append(TrailLane(desk.store, desk.dsn))
        return made[-1]

    yield of
    for each in made:
        each.close()


@pytest.fixture
def desk(make_enrolled: Any) -> Any:
    made = make_enrolled("desk-A")
    claim(made)
    return made


def claim(desk: Any) -> None:
    from db.sync.rounds import look

    assert look(desk.store, desk.dsn).connected


@both_ways
def test_every_entry_reaches_the_shared_database_as_it_was_written(
    desk: Any, admin_dsn: str
) -> None:
    look_at(desk, 1_203)
    assert send_trail(desk.store, desk.dsn) == 1_204
    assert send_trail(desk.store, desk.dsn) == 0
    with desk.store.reading() as mine:
        here = mine.exec_driver_sql("SELECT n, body, hash FROM audit ORDER BY n").all()
    there = ask(admin_dsn, "SELECT n, body, hash FROM audit_entry ORDER BY n")
    assert [tuple(row) for row in here] == there
    said = json.loads(here[0].body)
    assert ask(admin_dsn, "SELECT at, login, what, subject FROM audit_entry WHERE n = 1") == [
        (said["at"], "portico-service", "workstation_made", desk.desk.workstation_id)
    ]
    heads = ask(admin_dsn, "SELECT entries, head FROM audit_anchor ORDER BY entries")
    assert heads[-1] == (1_204, here[-1].hash)


def test_an_entry_says_by_itself_whose_it_is(desk: Any) -> None:
    from workstation.access.use_cases import Accounts

    admin = Session("it", "it", "IT", Role.IT)
    user = Accounts(desk.store, admin).create("rdiaz", "Rosa Díaz", Role.REGISTRAR, "x" * 12)
    ChartAudit(desk.store, Session(user, "rdiaz", "Rosa Díaz", Role.REGISTRAR)).opened("p")
    last = desk.store.audit_entries()[-1]
    assert last["by"] == {
        "desk": "desk-A",
        "login": "rdiaz",
        "name": "Rosa Díaz",
        "role": "registrar",
    }


def test_without_an_answer_everything_waits(desk: Any) -> None:
    with pytest.raises(OutsideSilent):
        send_trail(desk.store, "host=127.0.0.1 port=1 user=nobody")
    lane = TrailLane(desk.store, "host=127.0.0.1 port=1 user=nobody")
    checked = lane.verify()
    lane.close()
    assert (checked.ok, checked.shared) == (True, SharedWord.SILENT)


def test_behind_a_window_it_goes_by_itself(desk: Any, admin_dsn: str, lane: Any) -> None:
    import threading

    mine = lane(desk)
    runner = LaneRunner("trail", mine, mine.tidy)
    runner.start()
    try:
        pause = threading.Event()
        for _ in range(400):
            if ask(admin_dsn, "SELECT count(*) FROM audit_entry")[0][0]:
                break
            pause.wait(0.05)
        assert ask(admin_dsn, "SELECT n FROM audit_entry") == [(1,)]
    finally:
        runner.stop()


def test_after_a_restore_from_backup_what_is_lost_there_goes_again(
    desk: Any, admin_dsn: str
) -> None:
    look_at(desk, 5)
    send_trail(desk.store, desk.dsn)
    ask(admin_dsn, "DELETE FROM audit_entry WHERE n > 2")
    assert send_trail(desk.store, desk.dsn) == 4


def forge(desk: Any, first: int) -> None:
    """What somebody does who knows how the chain is made: another text, all hashes anew."""
    with desk.store.writing() as connection:
        rows = connection.exec_driver_sql("SELECT n, body, hash FROM audit ORDER BY n").all()
        before = next((r.hash for r in rows if r.n == first - 1), "0" * 64)
        for n, body, _ in rows:
            if n >= first:
                body = body.replace("person-", "another-")
                before = link(before, body)
                connection.exec_driver_sql(
                    "UPDATE audit SET body = ?, hash = ? WHERE n = ?", (body, before, n)
                )


TAMPERED: dict[str, tuple[Callable[[Any], None], int]] = {
    "changed": (lambda d: run(d, "UPDATE audit SET body = body || ' ' WHERE n = 4"), 4),
    "removed": (lambda d: run(d, "DELETE FROM audit WHERE n = 4"), 4),
    "reordered": (lambda d: swap(d, 4, 5), 4),
    "cut": (lambda d: run(d, "DELETE FROM audit WHERE n > 7"), 8),
    "emptied": (lambda d: run(d, "DELETE FROM audit"), 1),
    "beginning": (lambda d: run(d, "DELETE FROM audit WHERE n < 4"), 1),
    "rewritten": (lambda d: forge(d, 4), 4),
    "replaced": (lambda d: forge(d, 2), 2),
}


def swap(desk: Any, a: int, b: int) -> None:
    for n, to in ((a, -1), (b, a), (-1, b)):
        run(desk, "UPDATE audit SET n = ? WHERE n = ?", to, n)


@both_ways
def test_tampering_of_every_kind_is_found_to_the_entry(desk: Any, lane: Any) -> None:
    look_at(desk, 9)
    send_trail(desk.store, desk.dsn)
    mine = lane(desk)
    assert mine.verify() == AuditCheck(True, 10, None, 1, 1, SharedWord.COMPARED)
    with desk.store.reading() as connection:
        whole = connection.exec_driver_sql("SELECT n, body, hash FROM audit").all()
    for how, (tamper, first_bad) in TAMPERED.items():
        tamper(desk)
        checked = mine.verify()
        assert (how, checked.ok, checked.first_bad) == (how, False, first_bad)
        assert not desk.store.verify_audit().ok, "and this desk alone knows by what it noted"
        if how in ("cut", "emptied", "rewritten", "replaced"):
            with pytest.raises(Refused, match="audit_differs"):
                send_trail(desk.store, desk.dsn)
        run(desk, "DELETE FROM audit")
        for row in whole:
            run(desk, "INSERT INTO audit (n, body, hash) VALUES (?, ?, ?)", *row)
        assert mine.verify().ok


def test_who_cuts_the_tail_and_what_was_noted_is_found_by_the_server(desk: Any, lane: Any) -> None:
    look_at(desk, 9)
    send_trail(desk.store, desk.dsn)
    run(desk, "DELETE FROM audit WHERE n > 7")
    run(desk, "DELETE FROM audit_witness")
    assert desk.store.verify_audit().ok, "alone it cannot know"
    checked = lane(desk).verify()
    assert (checked.ok, checked.entries, checked.first_bad) == (False, 7, 8)


def test_a_printed_seal_shows_what_was_written_anew(desk: Any) -> None:
    look_at(desk, 5)
    with desk.store.reading() as mine:
        from db import audit

        paper = printed(Anchor(*audit.head(mine)))
    seal = read_printed(paper)
    assert seal.fits(desk.store.audit_hash(seal.entries))
    look_at(desk, 3)
    assert seal.fits(desk.store.audit_hash(seal.entries)), "what comes later changes nothing"
    forge(desk, 3)
    assert desk.store.verify_audit().ok
    assert not seal.fits(desk.store.audit_hash(seal.entries))


def test_old_entries_go_once_the_server_has_them_and_the_rest_verifies(
    make_enrolled: Any, admin_dsn: str
) -> None:
    desk = make_enrolled("desk-A")
    claim(desk)
    look_at(desk, KEPT_AT_LEAST + 300)
    late = SqlStore(desk.store.path, desk.store._key, clock=lambda: utc_now() + KEPT_FOR * 2)
    lane = TrailLane(late, desk.dsn)
    assert lane.tidy() == 0, "nobody else has them"
    lane.send()
    assert lane.tidy() == 301
    assert lane.tidy() == 1, "the entry that says so is one more"
    with late.reading() as mine:
        assert mine.exec_driver_sql("SELECT min(n) FROM audit").scalar() == 303
    checked = lane.verify()
    assert (checked.ok, checked.start, checked.entries) == (True, 303, KEPT_AT_LEAST + 303)
    told = late.audit_entries()[-1]
    assert (told["what"], told["by"]["login"]) == ("audit_trimmed", "portico-service")
    lane.send()
    assert verify_trails(admin_dsn)["ok"]
    assert ask(admin_dsn, "SELECT min(n), max(n) FROM audit_entry") == [(1, KEPT_AT_LEAST + 303)]
    # Who cuts off more, and writes down that the chain begins there, has no entry that says so.
    with late.writing() as connection:
        digest = connection.exec_driver_sql("SELECT hash FROM audit WHERE n = 310").scalar()
        connection.exec_driver_sql("DELETE FROM audit WHERE n <= 310")
        connection.exec_driver_sql(
            "UPDATE audit_witness SET entries = 310, head = ? WHERE id = 'base'", (digest,)
        )
    assert not late.verify_audit().ok
    assert not lane.verify().ok
    lane.close()
    late.close()


def test_what_went_here_and_is_not_there_is_found(make_enrolled: Any, admin_dsn: str) -> None:
    desk = make_enrolled("desk-A")
    claim(desk)
    look_at(desk, KEPT_AT_LEAST + 10)
    late = SqlStore(desk.store.path, desk.store._key, clock=lambda: utc_now() + KEPT_FOR * 2)
    lane = TrailLane(late, desk.dsn)
    lane.send()
    assert lane.tidy() == 11
    ask(admin_dsn, "DELETE FROM audit_entry WHERE n > 5")
    checked = lane.verify()
    assert (checked.ok, checked.first_bad) == (False, 6)
    with pytest.raises(Refused, match="audit_differs"):
        lane.send()
    lane.close()
    late.close()


# The server's own chain of heads


def test_heads_are_chained_per_facility(make_enrolled: Any, admin_dsn: str) -> None:
    a, b = make_enrolled("desk-A"), make_enrolled("desk-B")
    z = make_enrolled("desk-Z", "Saint Luke")
    for each in (a, b, z):
        claim(each)
        send_trail(each.store, each.dsn)
    assert seal(admin_dsn) == 3
    assert seal(admin_dsn) == 0, "nothing grew"
    look_at(a, 4)
    send_trail(a.store, a.dsn)
    assert seal(admin_dsn) == 1
    found = verify_trails(admin_dsn)
    assert found["ok"]
    assert [(f["facility"], f["seals"], f["entries"]) for f in found["facilities"]] == [
        ("Mercy General", 3, 6),
        ("Saint Luke", 1, 1),
    ]


def test_the_applier_seals_by_itself(desk: Any, admin_dsn: str) -> None:
    import threading

    send_trail(desk.store, desk.dsn)
    service = ApplierService(admin_dsn, poll_seconds=0.02, retry_seconds=0.1, seal_seconds=0.05)
    service.start()
    try:
        pause = threading.Event()
        for _ in range(400):
            if ask(admin_dsn, "SELECT count(*) FROM audit_chain")[0][0]:
                break
            pause.wait(0.05)
    finally:
        service.stop()
    assert ask(admin_dsn, "SELECT n, entries FROM audit_chain") == [(1, 1)]


ON_THE_SERVER = {
    "an anchor": "UPDATE audit_anchor SET head = repeat('a', 64) WHERE entries = 6",
    "an anchor gone": "DELETE FROM audit_anchor WHERE entries = 6",
    "a link": "UPDATE audit_chain SET entries = 5 WHERE n = 1",
    "a link gone": "DELETE FROM audit_chain WHERE n = 1",
    "an entry": "UPDATE audit_entry SET body = replace(body, 'person-2', 'person-9') WHERE n = 4",
    "an entry gone": "DELETE FROM audit_entry WHERE n = 4",
    "the beginning": "DELETE FROM audit_entry WHERE n < 4",
    "the tail": "DELETE FROM audit_entry WHERE n > 5",
}


def test_what_the_administrator_changes_is_found(desk: Any, admin_dsn: str) -> None:
    for _ in range(2):
        look_at(desk, 5)
        send_trail(desk.store, desk.dsn)
        seal(admin_dsn)
    tables = ("audit_anchor", "audit_chain", "audit_entry")
    for table in tables:
        ask(admin_dsn, f"CREATE TABLE kept_{table} AS TABLE {table}")
    for what, statement in ON_THE_SERVER.items():
        assert verify_trails(admin_dsn)["ok"]
        assert ask(admin_dsn, statement) != [0], what
        assert verify_trails(admin_dsn)["ok"] == (what == "the tail"), what
        if what == "the tail":  # for the server it has not come yet; the desk sends it again
            assert send_trail(desk.store, desk.dsn) == 6
        for table in tables:
            ask(admin_dsn, f"TRUNCATE {table}")
            ask(admin_dsn, f"INSERT INTO {table} TABLE kept_{table}")


def test_who_rewrites_everything_on_the_server_is_found_by_a_desk(
    desk: Any, admin_dsn: str, lane: Any
) -> None:
    """Entries, anchors and the chain of heads, all made anew and true to each other."""
    send_trail(desk.store, desk.dsn)
    seal(admin_dsn)
    look_at(desk, 3)
    send_trail(desk.store, desk.dsn)  # the desk sees link 1, and notes it
    assert lane(desk).verify().ok
    ask(admin_dsn, "DELETE FROM audit_chain")
    seal(admin_dsn, NOW + timedelta(hours=1))
    assert verify_trails(admin_dsn)["ok"]
    checked = lane(desk).verify()
    assert (checked.ok, checked.shared) == (False, SharedWord.CHANGED)


# Retention


def test_months_expire_and_the_rest_verifies(desk: Any, admin_dsn: str) -> None:
    look_at(desk, 5)
    send_trail(desk.store, desk.dsn)
    ask(admin_dsn, "UPDATE audit_entry SET month = '2016-10' WHERE n <= 2")
    ask(admin_dsn, "UPDATE audit_entry SET month = '2016-11' WHERE n = 3")
    ask(admin_dsn, "UPDATE audit_entry SET month = '2016-12' WHERE n = 4")
    hold(admin_dsn, "mercy GENERAL", "matter 12", NOW)
    assert expire(admin_dsn, NOW) == {"before": "2016-12", "removed": 0, "held": ["Mercy General"]}
    assert release(admin_dsn, "Mercy General", NOW)["lifted"] == 1
    assert expire(admin_dsn, NOW) == {"before": "2016-12", "removed": 3, "held": []}
    assert ask(admin_dsn, "SELECT min(n), max(n) FROM audit_entry") == [(4, 6)]
    found = verify_trails(admin_dsn)
    assert (found["ok"], found["facilities"][0]["entries"]) == (True, 3)
    assert expire(admin_dsn, NOW)["removed"] == 0


def test_six_years_are_kept_at_least(admin_dsn: str) -> None:
    with pytest.raises(NotUnderstood, match="kept_too_short"):
        expire(admin_dsn, NOW, years=5)


def test_an_unknown_facility_cannot_be_held(admin_dsn: str) -> None:
    with pytest.raises(Refused, match="facility_unknown"):
        hold(admin_dsn, "Nowhere", "x", NOW)
