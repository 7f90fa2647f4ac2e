"""A walk-in's department, clinician and service on a real store: estimate, lock, correction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

import db.declared  # noqa: F401  (declares every table)
from db.arrivals import SqlArrivals
from db.store import SqlStore
from workstation.access.desk import make_desk
from workstation.access.model import Role, Session
from workstation.access.use_cases import ChartAudit
from workstation.demo import hospital
from workstation.estimates.prices import demo_prices
from workstation.estimates.visit_money import visit_money
from workstation.facility.model import Facility, facility_id
from workstation.interview.flow import answer
from workstation.interview.journal import DraftJournal
from workstation.interview.model import Accident, Draft, Identity, PageId, Said
from workstation.interview.opening import CheckIns
from workstation.interview.paths import put
from workstation.interview.situation import Situation
from workstation.interview.use_cases import CompleteInterview
from workstation.kernel.commands import Command, Insert
from workstation.kernel.errors import Refused
from workstation.kernel.ids import new_id
from workstation.papers.use_cases import RecordSignature
from workstation.payers.directory import payer_directory
from workstation.payers.use_cases import Coverages
from workstation.people.model import Person
from workstation.people.use_cases import People
from workstation.visits.model import PatientClass, ScreeningOutcome
from workstation.visits.use_cases import NewVisit, Visits

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
CARDIOLOGY = hospital.DEPARTMENTS["Cardiology"].id
EMERGENCY = hospital.DEPARTMENTS["Emergency Department"].id
HOLM = hospital.CLINICIANS["Dr. Ingrid Holm"].id


class Nobody:
    """No chart is like another."""

    def likely_matches(self, person: Person) -> Sequence[Mapping[str, Any]]:
        return ()


class Office:
    """One desk of the demo's hospital."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        desk = make_desk(store, "desk-A", Facility(facility_id("Mercy"), "Mercy"))
        session = Session("u1", "rdiaz", "R. Diaz", Role.REGISTRAR)
        self.desk, self.session = desk, session
        self._furnish()
        self.people = People(store, self.clock, session, desk, Nobody())
        self.visits = Visits(store, self.clock, session, desk)
        signing = RecordSignature(store, self.clock, session, desk)
        coverages = Coverages(store, self.clock, session, desk)
        interview = CompleteInterview(
            store, self.clock, session, desk, self.people, self.visits, coverages, signing
        )
        self.check_ins = CheckIns(
            store,
            self.clock,
            session,
            desk,
            charts=ChartAudit(store, session),
            visits=self.visits,
            journal=DraftJournal(store, self.clock, session),
            interview=interview,
            prices=demo_prices(),
        )

    @staticmethod
    def clock() -> datetime:
        return NOW

    def _furnish(self) -> None:
        rows = [
            Insert(
                "department",
                one.id,
                {
                    "name": one.name,
                    "kind": one.kind.value,
                    "provider_based": one.provider_based,
                    "location": one.location,
                },
            )
            for one in hospital.DEPARTMENTS.values()
        ] + [
            Insert(
                "clinician",
                one.id,
                {
                    "name": one.name,
                    "npi": one.npi,
                    "kind": one.kind,
                    "department_id": one.department_id,
                },
            )
            for one in hospital.CLINICIANS.values()
        ]
        with self.store.unit_of_work() as work:
            facility = self.desk.facility.id
            work.record(Command(new_id(), "furnish", "u1", NOW, facility, tuple(rows)))
            work.commit()

    def visit(self, visit_id: str) -> dict[str, Any]:
        row = self.store.read().get("visit", visit_id)
        assert row is not None
        return row

    def walk_in(self, **answers: str) -> tuple[Draft, Situation]:
        """A person found by search, with the reason page answered and recorded."""
        person = Person.from_json(
            {"last": "Okafor", "first": "Maria", "dob": "1985-03-03", "sex": "F"}
        )
        person_id = self.people.register(person, None)
        opened = self.check_ins.open_person(person_id)
        return self.record(opened.walk.draft, **answers)

    def record(self, draft: Draft, **answers: str) -> tuple[Draft, Situation]:
        draft = replace(draft, accident=Accident(is_accident=Said.NO))
        for name, value in {"reason": "Chest feels tight", **answers}.items():
            draft = put(draft, f"reason.{name}", value)
        around = self.check_ins.situation(draft)
        draft, situation, _ = self.check_ins.record(PageId.REASON, draft, around)
        return draft, situation


@pytest.fixture
def office(store_at: Callable[[str], SqlStore]) -> Office:
    return Office(store_at("visit-details"))


HEART = {"department": CARDIOLOGY, "clinician": HOLM, "service": "OV-SPEC"}


def test_a_walk_in_whom_nobody_has_placed_stands_on_every_desks_list(office: Office) -> None:
    person_id = office.people.register(
        Person.from_json({"last": "Okafor", "first": "Maria", "dob": "1985-03-03", "sex": "F"}),
        None,
    )
    around = office.check_ins.open_person(person_id)
    draft, _, _ = office.check_ins.record(PageId.IDENTITY, around.walk.draft, around.situation)
    visit = draft.visit_id
    list_ = SqlArrivals(office.store, payer_directory())
    today = NOW.astimezone().date()
    assert [row.visit_id for row in list_.of_day(today, [EMERGENCY])] == [visit]
    office.visits.place(visit, CARDIOLOGY)
    assert list_.of_day(today, [EMERGENCY]) == ()
    assert [row.department for row in list_.of_day(today, [CARDIOLOGY])] == ["Cardiology"]


def test_looking_somebody_up_opens_no_visit(office: Office) -> None:
    person_id = office.people.register(
        Person.from_json({"last": "Okafor", "first": "Maria", "dob": "1985-03-03", "sex": "F"}),
        None,
    )
    opened = office.check_ins.open_person(person_id)
    assert (opened.walk.draft.person_id, opened.walk.draft.visit_id) == (person_id, "")
    assert not opened.begun
    assert office.store.read().find("visit") == []
    [audited] = [each for each in office.store.audit_entries() if each["what"] == "chart_opened"]
    assert audited["subject"] == person_id


def test_a_check_in_that_was_only_looked_at_waits_as_before(office: Office) -> None:
    draft, _ = office.walk_in(**HEART)
    visit_id = draft.visit_id
    for arrived, waits in ((False, "expected"), (True, "arrived")):
        office.visits.undo_arrival(visit_id)
        if arrived:
            office.visits.arrive(visit_id)
        opened = office.check_ins.open_visit(draft.person_id, visit_id)
        assert opened.begun
        assert office.visit(visit_id)["state"] == "in_progress"
        assert office.check_ins.left_untouched(visit_id)
        assert (office.visit(visit_id)["state"], office.visit(visit_id)["owner"]) == (waits, None)
    assert not office.check_ins.left_untouched(visit_id)  # nothing of mine is in progress
    office.visits.begin(visit_id)
    assert not office.check_ins.open_visit(draft.person_id, visit_id).begun


def test_a_walk_in_gets_place_clinician_service_and_so_an_estimate(office: Office) -> None:
    draft, situation = office.walk_in(
        **HEART, referring="other", referred_by="Dr. Far", referring_npi="123 456 7893"
    )
    visit = office.visit(draft.visit_id)
    assert (visit["department_id"], visit["attending_id"]) == (CARDIOLOGY, HOLM)
    assert (visit["service_code"], visit["service"]) == ("OV-SPEC", "Office visit, specialist")
    assert visit["referring"] == {"name": "Dr. Far", "npi": "1234567893"}
    assert (visit["admit_type"], visit["point_of_origin"]) == ("3", "1")
    assert visit["lock"] == "none"
    assert not situation.locked
    money = visit_money(office.store.read(), visit, demo_prices())
    assert money.estimate is not None
    assert money.estimate.patient_total
    again, _ = office.record(draft)
    assert again == draft
    assert office.visit(draft.visit_id)["rev"] == visit["rev"]


def test_a_new_person_keeps_how_the_walk_in_was_opened(office: Office) -> None:
    opened = office.check_ins.open_new(
        Identity(last="Lee", first="Ann", dob="1990-01-01", sex="F", identified_by="stated")
    )
    draft, situation, _ = office.check_ins.record(
        PageId.IDENTITY, opened.walk.draft, opened.situation
    )
    assert situation.visit is not None
    assert situation.visit.number == office.visit(draft.visit_id)["visit_number"]
    assert (draft.reason.admit_type, draft.reason.point_of_origin) == ("3", "1")
    draft, _ = office.record(draft, **HEART, ordering=HOLM)
    visit = office.visit(draft.visit_id)
    assert (visit["ordering_id"], visit["admit_type"]) == (HOLM, "3")


def test_the_store_gives_the_details_back_and_they_can_be_cleared(office: Office) -> None:
    draft, situation = office.walk_in(**HEART, ordering="other", ordering_name="Dr. Far")
    assert situation.on_file is not None
    known = situation.on_file.reason
    assert (known.department, known.clinician, known.service) == (CARDIOLOGY, HOLM, "OV-SPEC")
    assert (known.ordering, known.ordering_name) == ("other", "Dr. Far")
    office.record(draft, ordering="", ordering_name="")
    assert office.visit(draft.visit_id)["ordering"] is None


def test_the_emergency_department_locks_and_leaving_it_does_not_unlock(office: Office) -> None:
    draft, situation = office.walk_in(department=EMERGENCY, service="ED-VISIT")
    assert situation.locked
    assert office.visit(draft.visit_id)["lock"] == "locked"
    draft, situation = office.record(draft, department=CARDIOLOGY)
    visit = office.visit(draft.visit_id)
    assert (visit["department_id"], visit["lock"]) == (CARDIOLOGY, "locked")
    assert situation.locked
    office.visits.correct_class(
        draft.visit_id, PatientClass.OUTPATIENT, asks_emergency_care=False, reason="Wrong door"
    )
    assert not office.check_ins.situation(draft).locked


def test_a_class_put_right_says_whose_word_it_was_and_leaves_the_emergency_department(
    office: Office,
) -> None:
    draft, _ = office.walk_in(department=EMERGENCY, patient_class="E", class_reason="Chest pain")
    office.visits.correct_class(
        draft.visit_id,
        PatientClass.INPATIENT,
        asks_emergency_care=False,
        reason="Booked for surgery",
        corrected_by="Dr. Haddad",
        department_id=CARDIOLOGY,
    )
    visit = office.visit(draft.visit_id)
    assert (visit["class"], visit["department_id"], visit["lock"]) == ("I", CARDIOLOGY, "none")
    event = office.store.read().find("visit_event", visit_id=draft.visit_id, what="correct_class")
    detail = event[-1]["detail"]
    assert detail["corrected_by"] == "Dr. Haddad"
    assert detail["reason"] == "Booked for surgery"
    assert detail["before"]["lock"] == "locked"
    assert detail["after"]["class"] == "I"


def test_after_the_exam_no_department_locks_again(office: Office) -> None:
    draft, _ = office.walk_in(department=EMERGENCY)
    office.visits.record_screening_exam(
        draft.visit_id,
        ScreeningOutcome.NO_EMERGENCY,
        by="Dr. Haddad",
        at="2026-11-23T14:50:00Z",
        source="told",
    )
    office.visits.place(draft.visit_id, CARDIOLOGY)
    office.visits.place(draft.visit_id, EMERGENCY)
    assert office.visit(draft.visit_id)["lock"] == "opened"
    assert not office.check_ins.situation(draft).locked


def test_a_class_is_corrected_with_its_reason_and_locks(office: Office) -> None:
    draft, situation = office.walk_in(**HEART, patient_class="E", class_reason="Chest pain")
    visit = office.visit(draft.visit_id)
    assert (visit["class"], visit["lock"]) == ("E", "locked")
    assert situation.locked
    assert draft.reason.class_reason == ""
    without, _ = office.record(draft, patient_class="O")
    assert office.visit(without.visit_id)["class"] == "E"


def test_department_and_lock_are_never_revised_by_the_way(office: Office) -> None:
    draft, _ = office.walk_in(**HEART)
    with pytest.raises(ValueError, match="department_id"):
        office.visits.revise(draft.visit_id, {"department_id": EMERGENCY})
    with pytest.raises(Refused) as refusal:
        office.visits.place(draft.visit_id, "nowhere")
    assert refusal.value.code == "not_found"


def test_an_appointment_is_known_and_stays_as_it_was_made(office: Office) -> None:
    person = Person.from_json({"last": "Diaz", "first": "Ana", "dob": "1985-03-03", "sex": "F"})
    person_id = office.people.register(person, None)
    new = NewVisit(
        person_id=person_id,
        patient_class=PatientClass.OUTPATIENT,
        reason="Heart check",
        service_date="2026-11-23",
        department_id=CARDIOLOGY,
        attending_id=HOLM,
        service="Heart check with Dr. Holm",
        service_code="OV-SPEC",
        admit_type="3",
        point_of_origin="1",
        scheduled_at="2026-11-23T15:30:00Z",
    )
    visit_id = office.visits.open(new).visit_id
    opened = office.check_ins.open_visit(person_id, visit_id)
    assert opened.situation.visit is not None
    assert opened.situation.visit.scheduled
    before = office.visit(visit_id)
    walk = answer(opened.walk, "accident.is_accident", Said.NO)
    office.check_ins.record(PageId.REASON, walk.draft, opened.situation)
    visit = office.visit(visit_id)
    assert visit["accident"] == {"is_accident": "no"}
    assert {n: v for n, v in visit.items() if n not in ("accident", "rev")} == {
        n: v for n, v in before.items() if n not in ("accident", "rev")
    }


def test_a_service_that_the_price_list_dropped_stays_on_offer(office: Office) -> None:
    person = Person.from_json({"last": "Diaz", "first": "Ana", "dob": "1985-03-03", "sex": "F"})
    person_id = office.people.register(person, None)
    new = NewVisit(
        person_id=person_id,
        patient_class=PatientClass.OUTPATIENT,
        reason="Heart check",
        service_date="2026-11-23",
        service="Old name",
        service_code="OLD-1",
    )
    visit_id = office.visits.open(new).visit_id
    opened = office.check_ins.open_visit(person_id, visit_id)
    last = opened.situation.places.services[-1]
    assert (last.code, last.label) == ("OLD-1", "Old name")
