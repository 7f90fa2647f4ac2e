"""Calls to payers in a real encrypted store: kept as facts, heard benefits beside a 271's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

import db.declared  # noqa: F401  (declares every table)
from db.store import SqlStore
from workstation.access.desk import make_desk, service_session
from workstation.eligibility.contacts import Contact, PayerContacts, Way, contacts_of
from workstation.eligibility.heard import Heard
from workstation.estimates.prices import demo_prices
from workstation.estimates.visit_money import visit_money
from workstation.facility.model import Facility, facility_id
from workstation.kernel.commands import Command, Insert, Revise
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.payers.use_cases import Coverages

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
CALL = Contact(
    Way.PHONE,
    "Active since January, office visits cost $25.",
    with_whom="Ana R.",
    reference="778-2210",
    promise="They send the authorization by fax.",
    follow_up_on=date(2026, 11, 30),
    heard=Heard(True, copay=2500, limit_left=180000, authorization="yes"),
)


class Desk:
    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.desk = make_desk(store, "desk-1", Facility(facility_id("Example"), "Example"))
        self.session = service_session(store.read())
        self.person_id, self.visit_id = new_id(), new_id()
        visit = {
            "person_id": self.person_id,
            "visit_number": "V1",
            "account_number": "A1",
            "class": "O",
            "state": "in_progress",
            "lock": "none",
            "service_date": "2026-11-23",
            "service_code": "OV-PCP",
        }
        person = {"last": "SAMPLE", "first": "ANA", "dob": "1985-03-03"}
        self.record(Insert("person", self.person_id, person), Insert("visit", self.visit_id, visit))
        coverages = Coverages(store, lambda: NOW, self.session, self.desk)
        values = {"payer_id": "99001", "member_id": "X1", "relation": "self", "from": "2026-01-01"}
        self.coverage_id = coverages.add_coverage(self.person_id, values, key=None)
        self.contacts = PayerContacts(store, lambda: NOW, self.session, self.desk)

    def record(self, *changes: Any) -> None:
        with self.store.unit_of_work() as work:
            facility = self.desk.facility.id
            work.record(Command(new_id(), "seed", self.session.user_id, NOW, facility, changes))
            work.commit()

    def revise_visit(self, **values: Any) -> None:
        base = dict.fromkeys(values)
        base |= {k: v for k, v in {"class": "O", "lock": "none"}.items() if k in values}
        self.record(Revise("visit", self.visit_id, base, values))

    def note(self, contact: Contact = CALL, key: str | None = None) -> str:
        types = ("98", "30")
        return self.contacts.note(self.coverage_id, self.visit_id, contact, types, key=key)[0]

    def find(self, kind: str) -> list[dict[str, Any]]:
        return self.store.read().find(kind, person_id=self.person_id)


@pytest.fixture
def desk(store_at: Callable[[str], SqlStore]) -> Desk:
    return Desk(store_at("desk-1"))


def test_a_call_is_kept_with_who_when_and_reference(desk: Desk) -> None:
    contact_id = desk.note(key="k")
    assert desk.note(key="k") == contact_id
    (kept,) = contacts_of(desk.store.read(), desk.coverage_id, desk.person_id)
    assert (kept["how"], kept["with_whom"], kept["reference"]) == ("phone", "Ana R.", "778-2210")
    assert kept["told"] == CALL.told
    assert kept["by"] == desk.session.user_id
    assert kept["at"].startswith("2026-11-23T15:00")


def test_what_was_heard_stands_beside_a_271_and_the_estimate_uses_it(desk: Desk) -> None:
    desk.note()
    (row,) = desk.find("eligibility_check")
    assert (row["state"], row["status"], row["connector"]) == ("answered", "active", "phone")
    side = row["answer"]["summary"]["98"]["in"]
    assert (side["copay"], side["authorization"]) == (2500, "yes")
    assert row["answer"]["rows"][1]["messages"] == [CALL.told]
    visit = desk.store.read().get("visit", desk.visit_id)
    assert visit is not None
    money = visit_money(desk.store.read(), visit, demo_prices())
    assert money.known
    assert money.estimate is not None
    assert money.estimate.patient_total == 2500


def test_a_call_about_one_thing_keeps_what_the_payers_system_had_said(desk: Desk) -> None:
    """The tile says: not stated, ask the payer. Who asks loses neither copay nor deductible."""
    first = Heard(True, copay=2500, deductible_left=60000, limit_left=180000)
    desk.note(Contact(Way.PORTAL, "By the portal.", heard=first))
    desk.note(Contact(Way.PHONE, "None needed.", "Ana", heard=Heard(True, authorization="no")))
    row = desk.find("eligibility_check")[-1]
    side = row["answer"]["summary"]["98"]["in"]
    assert (side["copay"], side["authorization"]) == (2500, "no")
    assert side["deductible"]["individual"]["remaining"] == 60000
    indexes = [one["index"] for one in row["answer"]["rows"]]
    assert len(indexes) == len(set(indexes)) == 6
    words = {one["index"]: one["messages"] for one in row["answer"]["rows"]}
    assert words[side["sources"]["authorization"][0]] == ["None needed."]
    assert words[side["sources"]["copay"][0]] == ["By the portal."]


def test_a_call_that_says_not_active_is_the_whole_answer(desk: Desk) -> None:
    desk.note()
    desk.note(Contact(Way.PHONE, "Ended in October.", "Ana", heard=Heard(False)))
    row = desk.find("eligibility_check")[-1]
    assert row["status"] == "inactive"
    assert row["answer"]["summary"]["30"]["in"]["copay"] is None


def test_a_promise_with_a_day_becomes_work(desk: Desk) -> None:
    contact_id = desk.note()
    (item,) = desk.find("work_item")
    assert (item["kind"], item["due"]) == ("payer_follow_up", "2026-11-30")
    assert item["about_id"] == contact_id
    assert item["detail"]["say"] == CALL.promise


def test_a_note_without_benefits_is_no_answer(desk: Desk) -> None:
    desk.note(Contact(Way.PORTAL, "The portal is down."))
    assert desk.find("eligibility_check") == []
    assert desk.find("work_item") == []
    assert len(desk.find("payer_contact")) == 1


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        (Contact(Way.PHONE, "Active."), "with_whom"),
        (Contact(Way.PHONE, "  ", with_whom="Ana"), "told"),
        (Contact(Way.PORTAL, "Active.", follow_up_on=date(2026, 11, 22)), "follow_up_on"),
    ],
)
def test_what_is_missing_is_named(desk: Desk, contact: Contact, field: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        desk.note(contact)
    assert caught.value.field == field
    assert desk.find("payer_contact") == []


def test_a_plan_that_must_not_hear_of_the_visit_is_not_called(desk: Desk) -> None:
    """45 CFR 164.522(a)(1)(vi): paid in full and not to be told to the plan."""
    desk.revise_visit(do_not_bill=True)
    with pytest.raises(Refused) as caught:
        desk.note()
    assert caught.value.code == "do_not_bill"


def test_nothing_of_money_is_noted_before_the_screening_exam(desk: Desk) -> None:
    desk.revise_visit(**{"class": "E", "lock": "locked"})
    with pytest.raises(Refused) as caught:
        desk.note()
    assert caught.value.code == "emtala_locked"
    assert desk.find("payer_contact") == []
