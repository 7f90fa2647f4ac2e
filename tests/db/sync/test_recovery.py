"""Downtimes noted, reported when their work is settled, and signed at any desk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from two_desks import record, register, revise, rounds, settle

from db.sync.replica import Replica
from db.sync.spells import OwnSpells
from workstation.access.desk import service_session
from workstation.access.model import Role, Session
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Insert
from workstation.kernel.errors import NotPermitted, Refused
from workstation.kernel.ids import new_id
from workstation.people.model import Person
from workstation.sync.recovery import Recovery

LOST = datetime(2026, 11, 23, 10, 32, tzinfo=UTC)


def recovery(desk: Any, *, role: Role | None = None, alike: dict[str, str] | None = None) -> Any:
    """``alike`` names, by last name, the id of a chart that may be the same person's."""
    session = service_session(desk.store.read())
    if role is not None:
        session = Session("u1", "okoye", "M. Okoye", role)

    def charts(person: Person) -> Sequence[Mapping[str, Any]]:
        other = (alike or {}).get(person.last or "")
        return [{"id": other, "score": 0.9}] if other else []

    return Recovery(desk.store, utc_now, session, desk.desk, OwnSpells(desk.store), charts)


def lose_and_find(desk: Any, minutes: int, work: Any = lambda: None) -> None:
    """The line is lost, work goes on, the line is back."""
    replica = Replica(desk.store)
    replica.note_link(True, LOST - timedelta(hours=1), None)
    replica.note_link(False, LOST, None)
    work()
    replica.note_link(False, LOST + timedelta(minutes=1), None)  # a try in between
    replica.note_link(True, LOST + timedelta(minutes=minutes), None)


def pay(desk: Any, person_id: str, cents: int, tender: str = "cash", **more: Any) -> None:
    paid = more | {
        "person_id": person_id,
        "amount": cents,
        "tender": tender,
        "lines": [{"kind": "copay", "amount": cents}],
        "receipt_no": "ABC-1",
        "actor": "u",
        "drawer": "d",
        "workstation": "desk",
        "taken_at": "2026-11-23T10:40:00Z",
        "day": "2026-11-23",
    }
    record(desk, Insert("payment", new_id(), paid))


@pytest.fixture
def after_downtime(desks: tuple[Any, Any, str]) -> tuple[Any, Any, str, str]:
    """A registered Cole and took money alone; both desks had corrected Ames's birth date."""
    a, b, person_id = desks
    revise(b, person_id, dob="1985-03-04")
    attempt = new_id()
    pay(b, person_id, 700, "card", attempt_id=attempt)  # A will not know, and pay it again
    rounds(b)
    made: list[str] = []

    def work() -> None:
        made.append(register(a, last="Cole"))
        pay(a, made[0], 2500)
        pay(a, made[0], 4000, "check")
        pay(a, made[0], -500)
        revise(a, person_id, dob="1985-05-03")
        pay(a, person_id, 700, "card", attempt_id=attempt)

    lose_and_find(a, 86, work)
    return a, b, person_id, made[0]


def test_the_report_waits_until_every_command_has_its_outcome(
    after_downtime: tuple[Any, Any, str, str],
) -> None:
    a, b, _, cole = after_downtime
    assert recovery(a).open_reports() == frozenset()
    rounds(a)
    assert recovery(a).open_reports()
    assert recovery(a).open_reports() == frozenset(), "once"
    rounds(a, b)
    for desk in (a, b):
        [row] = recovery(desk).all()
        report = recovery(desk).report(row["id"])
        assert (report.desk, report.began_at[11:16], report.ended_at[11:16]) == (
            *("desk-A", "10:32", "11:58"),
        )
        assert [each.id for each in report.registered] == [cole]
        assert (report.commands, report.payments, report.cents) == (6, 3, 6000)
        assert report.by_tender == {"cash": 2000, "check": 4000}
        assert (report.open_conflicts, report.settled_conflicts) == (1, 0)
        assert [command for command, _ in report.refused] == ["test"]
        assert not report.settled


def test_what_is_settled_later_shows_and_the_signature_keeps_what_stood(
    after_downtime: tuple[Any, Any, str, str],
) -> None:
    a, b, person_id, _ = after_downtime
    rounds(a)
    recovery(a).open_reports()
    rounds(a, b)
    [row] = recovery(b).all()
    with pytest.raises(NotPermitted):
        recovery(b, role=Role.REGISTRAR).sign(row["id"])
    supervisor = recovery(b, role=Role.SUPERVISOR, alike={"Cole": person_id})
    [pair] = supervisor.report(row["id"]).maybe_twice
    assert (pair.registered.name, pair.other.id) == ("COLE, Ann", person_id)
    [conflict] = b.store.read().find("conflict")
    settle(b, conflict["id"], "theirs")
    supervisor.sign(row["id"], "  seen with R. Diaz ")
    rounds(b, a)
    report = recovery(a).report(row["id"])
    assert (report.signed_by, report.note) == ("M. Okoye", "seen with R. Diaz")
    assert (report.open_conflicts, report.settled_conflicts) == (0, 1)
    [kept] = recovery(a).all()
    assert kept["signed"] == {
        **{"registered": 1, "visits": 0, "payments": 3, "cents": 6000},
        **{"open_conflicts": 0, "refused": 1, "maybe_twice": 1},
    }
    with pytest.raises(Refused, match="signed"):
        supervisor.sign(row["id"])


def test_two_supervisors_sign_at_two_desks_and_the_first_stands(
    after_downtime: tuple[Any, Any, str, str],
) -> None:
    a, b, _, _ = after_downtime
    rounds(a)
    recovery(a).open_reports()
    rounds(a, b)
    [row] = recovery(b).all()
    recovery(a, role=Role.SUPERVISOR).sign(row["id"], "first")
    recovery(b, role=Role.SUPERVISOR).sign(row["id"], "second")
    rounds(a, b, a)
    assert [recovery(desk).report(row["id"]).note for desk in (a, b)] == ["first", "first"]
    assert not [each for each in a.store.read().find("conflict") if each["kind"] == "downtime"]


@pytest.mark.parametrize(
    ("minutes", "works"),
    [pytest.param(4, True, id="the line blinked"), pytest.param(90, False, id="nobody worked")],
)
def test_not_every_spell_is_a_downtime(
    desks: tuple[Any, Any, str], minutes: int, works: bool
) -> None:
    a, _, _ = desks
    lose_and_find(a, minutes, (lambda: register(a, last="Cole")) if works else (lambda: None))
    rounds(a)
    assert recovery(a).open_reports() == frozenset()
    assert OwnSpells(a.store).over() == ()
    assert recovery(a).all() == []


def test_killed_between_the_report_and_forgetting_it_is_made_once(
    after_downtime: tuple[Any, Any, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _, _, _ = after_downtime
    rounds(a)
    with monkeypatch.context() as killed:
        killed.setattr(OwnSpells, "forget", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            recovery(a).open_reports()
    recovery(a).open_reports()
    assert len(recovery(a).all()) == 1
    assert OwnSpells(a.store).over() == ()
