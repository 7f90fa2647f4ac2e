"""Examining trails over real stores: this desk's alone, and all desks' where that is allowed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from db.oversight import SqlTrails
from db.people_index import PROJECTORS
from db.shared.admin import enrol_desk
from db.sync.rounds import look as greet
from db.sync.rounds import send_trail
from workstation.access.desk import make_desk
from workstation.access.model import Role, Session
from workstation.access.use_cases import Accounts, ChartAudit
from workstation.facility.model import Facility, facility_id
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Command, Insert
from workstation.kernel.errors import NotPermitted, NotUnderstood
from workstation.kernel.ids import new_id
from workstation.oversight.gateways import Asked
from workstation.oversight.model import DISCLOSED, REVIEWED, Rule, Source
from workstation.oversight.use_cases import Oversight

IT = Session("it", "it", "IT", Role.IT)


class Seat:
    """One desk with its people, patients and the privacy officer."""

    def __init__(self, store: Any, desk: Any, dsn: str | None) -> None:
        self.store, self.desk, self.dsn = store, desk, dsn
        store._projectors.update(PROJECTORS)
        self.people: dict[str, Session] = {}

    def account(self, login: str, name: str, role: Role = Role.REGISTRAR) -> Session:
        user = Accounts(self.store, IT).create(login, name, role, "a long password")
        self.people[login] = Session(user, login, name, role)
        with self.store.unit_of_work() as work:
            work.audit(user, "signed_in", user)
            work.commit()
        return self.people[login]

    def patient(self, last: str, first: str, **more: Any) -> str:
        person_id = new_id()
        person = {"last": last, "first": first, "mrn": f"M-{last}"} | more
        changes = [Insert("person", person_id, person)]
        if "employer" in more:
            person.pop("employer")
            work = {"person_id": person_id, "employer": more["employer"]}
            changes.append(Insert("employment", new_id(), work))
        with self.store.unit_of_work() as unit:
            facility = self.desk.facility.id
            unit.record(
                Command(new_id(), "register_patient", "u", utc_now(), facility, tuple(changes))
            )
            unit.commit()
        return person_id

    def opens(self, login: str, *people: str, purpose: str = "registration") -> None:
        for person in people:
            ChartAudit(self.store, self.people[login]).opened(person, purpose)

    def oversight(self, role: Role = Role.PRIVACY) -> Oversight:
        session = Session("officer", "officer", "Olga Privat", role)
        trails = SqlTrails(self.store, lambda: self.dsn)
        return Oversight(self.store, utc_now, session, self.desk, trails)


@pytest.fixture
def seat(store_at: Any) -> Seat:
    store = store_at("alone")
    facility = Facility(facility_id("Mercy General"), "Mercy General", time_zone="UTC")
    made = Seat(store, make_desk(store, "Desk 1", facility), None)
    made.account("rdiaz", "Rosa Díaz")
    return made


def test_by_patient_it_says_who_when_where_why_and_which_fields(seat: Seat) -> None:
    ann, ben = seat.patient("Ames", "Ann"), seat.patient("Boyd", "Ben")
    seat.opens("rdiaz", ann, ben, ann, purpose="beside")
    shown = seat.oversight().of_person(ann, 7)
    looks = [one for one in shown.rows if one.what == "chart_opened"]
    assert [(one.who, one.login, one.desk, one.role, one.purpose) for one in looks] == [
        ("Rosa Díaz", "rdiaz", "Desk 1", "registrar", "beside")
    ] * 2
    assert shown.charts[ann].name == "Ames, Ann"
    assert shown.source is Source.ALONE
    assert shown.rows[0].what == REVIEWED, "the looking itself stands in the trail"
    assert shown.rows[0].who == "officer" or shown.rows[0].login == "officer"


def test_by_person_of_staff(seat: Seat) -> None:
    seat.account("slee", "Sam Lee")
    ann = seat.patient("Ames", "Ann")
    seat.opens("rdiaz", ann)
    seat.opens("slee", ann, ann)
    oversight = seat.oversight()
    whats = [one.what for one in oversight.of_staff("slee", 7).rows]
    assert whats == ["chart_opened", "chart_opened", "signed_in"]
    assert ("slee", "Sam Lee") in oversight.staff(7)


def test_what_stands_out_is_told_from_the_stores_own_people(seat: Seat) -> None:
    home = {"street": "1 Elm St.", "zip": "78701-1234"}
    own = seat.patient("Diaz", "Rosa", **home)
    child = seat.patient("Smith", "Leo", street="1 ELM ST", zip="78701")
    same = seat.patient("Díaz-Ruiz", "Ben")
    star = seat.patient("Star", "Ada", vip=True)
    nurse = seat.patient("Nye", "Nan", employer="MERCY general")
    plain = seat.patient("Ames", "Ann", employer="Elsewhere")
    seat.opens("rdiaz", child, same, star, nurse, plain)
    review = seat.oversight().findings(7)
    by_day = {(one.rule, one.person_id) for one in review.findings}
    by_day -= {(rule, person) for rule, person in by_day if rule is Rule.AFTER_HOURS}
    assert by_day == {
        (Rule.HOUSEHOLD, child),
        (Rule.SAME_NAME, same),
        (Rule.PROTECTED, star),
        (Rule.EMPLOYEE, nurse),
    }
    seat.opens("rdiaz", own)
    assert Rule.OWN in {one.rule for one in seat.oversight().findings(7).findings}


def test_older_entries_are_left_out(seat: Seat) -> None:
    ann = seat.patient("Ames", "Ann")
    seat.opens("rdiaz", ann)
    trails = SqlTrails(seat.store, lambda: None)
    assert len(trails.looks(Asked(utc_now() - timedelta(days=1), person_id=ann))[0]) == 1
    assert trails.looks(Asked(utc_now() + timedelta(seconds=1), person_id=ann))[0] == []
    assert len(trails.looks(Asked(utc_now() - timedelta(days=1), at_most=2))[0]) == 2


def test_disclosures_are_noted_and_accounted_for(seat: Seat) -> None:
    ann = seat.patient("Ames", "Ann")
    oversight = seat.oversight()
    oversight.disclose(ann, "County Court, 1 Main St", "registration record", "court order 12")
    with pytest.raises(NotUnderstood, match="disclosure_incomplete") as told:
        oversight.disclose(ann, "X", " ", "y")
    assert told.value.field == "what"
    shown = oversight.disclosures(ann)
    assert [(one.what, dict(one.detail or {})) for one in shown.rows] == [
        (
            DISCLOSED,
            {
                "to": "County Court, 1 Main St",
                "what": "registration record",
                "purpose": "court order 12",
            },
        )
    ]
    assert seat.store.verify_audit().ok


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.IT, Role.COUNSELLOR, Role.KIOSK])
def test_who_may_not_examine_sees_nothing_and_leaves_no_trace(seat: Seat, role: Role) -> None:
    before = len(seat.store.audit_entries())
    with pytest.raises(NotPermitted):
        seat.oversight(role).findings(7)
    assert len(seat.store.audit_entries()) == before


# With a shared database


@pytest.fixture
def seats(make_enrolled: Any) -> tuple[Seat, Seat]:
    made = []
    for name, login, person in (("desk-A", "rdiaz", "Rosa Díaz"), ("desk-B", "slee", "Sam Lee")):
        enrolled = make_enrolled(name)
        assert greet(enrolled.store, enrolled.dsn).connected
        seat = Seat(enrolled.store, enrolled.desk, enrolled.dsn)
        seat.account(login, person)
        made.append(seat)
    return made[0], made[1]


def test_an_auditors_desk_sees_all_desks_and_what_it_just_wrote(
    seats: tuple[Seat, Seat], admin_dsn: str
) -> None:
    a, b = seats
    ann = a.patient("Ames", "Ann")
    b.opens("slee", ann)
    for seat in seats:
        send_trail(seat.store, seat.dsn or "")
    assert a.oversight().of_person(ann, 7).source is Source.NOT_ALLOWED
    a.dsn = enrol_desk(admin_dsn, "desk-A", "Mercy General", auditor=True).dsn
    a.opens("rdiaz", ann)  # has not gone yet
    shown = a.oversight().of_person(ann, 7)
    assert shown.source is Source.ALL_DESKS
    opened = [(one.who, one.desk) for one in shown.rows if one.what == "chart_opened"]
    assert opened == [("Rosa Díaz", "desk-A"), ("Sam Lee", "desk-B")]
    assert {login for login, _ in a.oversight().staff(7)} >= {"rdiaz", "slee"}
    assert b.oversight().of_person(ann, 7).source is Source.NOT_ALLOWED
    a.dsn = enrol_desk(admin_dsn, "desk-A", "Mercy General", auditor=False).dsn
    assert a.oversight().of_person(ann, 7).source is Source.NOT_ALLOWED


def test_offline_it_shows_this_desk_and_says_so(seats: tuple[Seat, Seat]) -> None:
    a, _ = seats
    ann = a.patient("Ames", "Ann")
    a.opens("rdiaz", ann)
    a.dsn = "host=127.0.0.1 port=1 user=nobody"
    shown = a.oversight().of_person(ann, 7)
    assert shown.source is Source.OFFLINE
    assert [one.who for one in shown.rows if one.what == "chart_opened"] == ["Rosa Díaz"]


def test_questions_use_their_indexes(admin_dsn: str) -> None:
    with psycopg.connect(admin_dsn) as connection:
        connection.execute("SET enable_seqscan = off")
        for column, index in (("subject", "subject"), ("login", "login"), ("what", "what")):
            plan = connection.execute(
                "EXPLAIN SELECT body FROM audit_entry WHERE facility = 'f' AND at >= '2026'"  # noqa: S608
                f" AND {column} = 'f' ORDER BY at DESC LIMIT 10".encode()
            ).fetchall()
            assert f"ix_audit_entry_{index}" in str(plan)
