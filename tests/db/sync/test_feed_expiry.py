"""Old entries of the feed expire, and nothing else does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from two_desks import on_server, person, register, revise, rounds

from db.shared import expiry
from db.shared.expiry import expire_feed
from db.sync.postgres_transport import PostgresTransport
from db.sync.replica import Replica
from db.sync.rounds import look
from workstation.kernel.clock import utc_now
from workstation.kernel.errors import NotUnderstood
from workstation.sync.transport import Outgoing


def test_a_desk_that_was_away_for_longer_takes_a_fresh_copy_and_loses_nothing(
    desks: tuple[Any, Any, str], admin_dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expiry, "_AT_ONCE", 2)
    a, b, person_id = desks
    revise(b, person_id, email="ann@example.com")  # not sent: it is away
    for street in ("2 Elm St", "3 Elm St", "4 Elm St", "5 Elm St"):
        revise(a, person_id, street=street)
        rounds(a)
    others = [register(a, last=name) for name in ("Byrd", "Cole")]
    rounds(a)
    age(admin_dsn, entries=5)
    assert expire_feed(admin_dsn, utc_now()) == 5
    assert on_server(admin_dsn, "SELECT n FROM feed ORDER BY n") == [(6,), (7,)]
    bodies = "SELECT count(*), count(*) FILTER (WHERE body = '') FROM inbox"
    assert on_server(admin_dsn, bodies) == [(7, 5)]
    assert expire_feed(admin_dsn, utc_now()) == 0
    rounds(b, a)
    for desk in (a, b):
        row = person(desk, person_id)
        assert (row["street"], row["email"]) == ("5 Elm St", "ann@example.com")
        assert all(person(desk, each) for each in others)


def test_all_of_it_may_expire_and_a_desk_in_step_notices_nothing(
    desks: tuple[Any, Any, str], admin_dsn: str
) -> None:
    a, b, _ = desks
    before = look(a.store, a.dsn).cursor
    assert expire_feed(admin_dsn, utc_now() + timedelta(days=61)) == 1
    assert on_server(admin_dsn, "SELECT n, floor FROM facility_feed") == [(1, 1)]
    again = register(a, last="Byrd")
    rounds(a, b)
    assert person(b, again)["last"] == "Byrd"
    assert look(a.store, a.dsn).cursor == before + 1


def test_where_it_was_stopped_half_way_it_goes_on(
    desks: tuple[Any, Any, str], admin_dsn: str
) -> None:
    with psycopg.connect(admin_dsn) as admin:
        admin.execute("UPDATE facility_feed SET floor = n")
    assert expire_feed(admin_dsn, utc_now()) == 1
    assert on_server(admin_dsn, "SELECT count(*) FROM feed") == [(0,)]


def test_what_has_expired_and_is_sent_again_is_known(
    desks: tuple[Any, Any, str], admin_dsn: str
) -> None:
    a, b, _ = desks
    [(seq, command_id, body)] = on_server(admin_dsn, "SELECT ws_seq, cmd_id, body FROM inbox")
    expire_feed(admin_dsn, utc_now() + timedelta(days=61))
    link = PostgresTransport(a.dsn, Replica(a.store).identity())
    link.push([Outgoing(seq, command_id, body)], (1, "0" * 64))
    [known] = link.standing(0).commands
    link.close()
    assert (known.seq, known.outcome) == (seq, "applied")
    register(b, last="Byrd")
    rounds(b, a)
    assert on_server(admin_dsn, "SELECT count(*) FROM person") == [(2,)]


def test_fewer_days_than_a_holiday_are_refused(admin_dsn: str) -> None:
    with pytest.raises(NotUnderstood, match="days_too_few"):
        expire_feed(admin_dsn, utc_now(), 29)


def age(admin_dsn: str, entries: int) -> None:
    with psycopg.connect(admin_dsn) as admin:
        admin.execute("UPDATE feed SET at = at - interval '61 days' WHERE n <= %s", (entries,))
