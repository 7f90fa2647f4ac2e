"""A visit checked in under the wrong person moves with all it has, and can be moved back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import db.declared  # noqa: F401 - declares every table
from db.store import SqlStore
from workstation.access.desk import make_desk
from workstation.access.model import Role, Session
from workstation.documents.use_cases import Documents
from workstation.facility.model import Facility, facility_id
from workstation.interview.flow import begin
from workstation.interview.journal import DraftJournal
from workstation.interview.known import begin_from, situation_of
from workstation.interview.moving import MoveVisit
from workstation.kernel.clock import iso, utc_now
from workstation.kernel.commands import Command, Insert
from workstation.kernel.errors import NotPermitted, NotUnderstood, Refused
from workstation.kernel.ids import new_id
from workstation.papers.consents import form_on
from workstation.papers.model import FormId, Outcome, Signing
from workstation.papers.use_cases import RecordSignature
from workstation.payers.use_cases import Coverages
from workstation.payments.history import collected_for_visit, payments_of_person
from workstation.payments.ledger import Account, balances
from workstation.payments.posting import entry_of
from workstation.payments.use_cases import Payments
from workstation.visits.model import PatientClass, ScreeningOutcome
from workstation.visits.use_cases import NewVisit, Visits

ROSA = Session("user-1", "rosa", "Rosa Marin", Role.REGISTRAR)
TODAY = "2026-11-23"


class Place:
    """A desk with two people, Wrong and Right, and a visit that was checked in under Wrong."""

    def __init__(self, store: SqlStore, patient_class: PatientClass) -> None:
        self.store = store
        self.desk = make_desk(store, "desk-A", Facility(facility_id("Mercy"), "Mercy"))
        args = (store, utc_now, ROSA, self.desk)
        self.visits, self.payments = Visits(*args), Payments(*args)
        self.coverages, self.documents = Coverages(*args), Documents(*args)
        self.moving = MoveVisit(*args)
        self.journal = DraftJournal(store, utc_now, ROSA)
        self.wrong, self.right = self.person("Ruiz", "Ana"), self.person("Ruiz", "Anna")
        self.old_plan = self.coverages.add(self.wrong, {"payer_name": "Aetna", "member_id": "W1"})
        new = NewVisit(self.wrong, patient_class, "knee", TODAY)
        self.visit = self.visits.open(new).visit_id
        self.visits.begin(self.visit)

    def person(self, last: str, first: str) -> str:
        person_id = new_id()
        fields = {"last": last, "first": first, "dob": "1985-03-03", "sex": "F"}
        with self.store.unit_of_work() as work:
            change = Insert("person", person_id, fields)
            work.record(Command(new_id(), "seed", "u", utc_now(), self.desk.facility.id, (change,)))
            work.commit()
        return person_id

    def check_in(self) -> str:
        """Coverage, card, consent, draft and $25.00 in cash; the id of the payment."""
        cover = self.coverages.add(self.wrong, {"payer_name": "Cigna", "member_id": "U77"})
        self.documents.keep(
            b"card", "card_front", "image/png",
            person_id=self.wrong, visit_id=self.visit, about_id=cover,
        )  # fmt: skip
        form = form_on(FormId.CONSENT_TO_TREAT, utc_now().date())
        signing = Signing(
            self.wrong, self.visit, form.id, form.version, "en", Outcome.REFUSED,
            reason="no_reason",
        )  # fmt: skip
        RecordSignature(self.store, utc_now, ROSA, self.desk).record(signing, "s")
        self.journal.save(begin(begin_from(None, new_id(), ROSA.user_id, iso(utc_now()))))
        with self.store.unit_of_work() as work:
            (draft,) = work.find("draft")
            work.put_local("draft", draft["id"], {**draft, "visit_id": self.visit})
            work.commit()
        return self.pay(2500)

    def pay(self, cents: int, tender: str = "cash") -> str:
        lines = [{"kind": "copay", "amount": cents}]
        return self.payments.take(self.wrong, self.visit, tender, lines).payment_id

    def rows(self, kind: str, **equal: Any) -> list[dict[str, Any]]:
        return self.store.read().find(kind, **equal)

    def standing(self, person: str) -> list[str]:
        """Member ids of the coverages that stand."""
        return [
            row["member_id"]
            for row in self.rows("coverage", person_id=person)
            if not row["retired"]
        ]

    def balances(self) -> dict[tuple[Account, str | None, str | None], int]:
        store = self.store.read()
        found = [entry_of(store, row["id"]) for row in self.rows("ledger_entry")]
        assert sum(line.cents for entry in found for line in entry.lines) == 0
        return balances(found)


@pytest.fixture
def place(store_at: Callable[[str], SqlStore]) -> Place:
    return Place(store_at("desk"), PatientClass.OUTPATIENT)


def test_everything_of_the_visit_goes_with_it(place: Place) -> None:
    place.check_in()
    drawer = place.desk.drawer
    plan = place.moving.plan(place.visit)
    assert ([c["member_id"] for c in plan.coverages], plan.papers, plan.documents, plan.paid) == (
        ["U77"], 1, 1, 2500,
    )  # fmt: skip
    moved = place.moving.move(place.visit, place.right, "name sounded alike")
    new = place.store.read().get("visit", moved.visit_id)
    old = place.store.read().get("visit", place.visit)
    assert new is not None
    assert old is not None
    assert (old["moved_to"], old["state"], old["person_id"]) == (
        moved.visit_id, "cancelled", place.wrong,
    )  # fmt: skip
    assert (new["person_id"], new["state"], new["visit_number"]) == (
        place.right, "arrived", old["visit_number"],
    )  # fmt: skip
    assert place.standing(place.wrong) == ["W1"]
    assert place.standing(place.right) == ["U77"]
    (cover,) = place.rows("coverage", person_id=place.right)
    (document,) = place.rows("document", person_id=place.right)
    assert (document["visit_id"], document["about_id"]) == (moved.visit_id, cover["id"])
    (paper,) = place.rows("signature", person_id=place.right)
    assert paper["visit_id"] == moved.visit_id
    assert place.rows("draft") == []
    assert place.balances() == {
        (Account.CASH, drawer, None): 2500,
        (Account.AR, place.right, moved.visit_id): -2500,
    }
    assert collected_for_visit(place.store.read(), place.visit) == 0
    assert collected_for_visit(place.store.read(), moved.visit_id) == 2500


def test_payment_facts_stay_and_only_the_right_person_gets_money_back(place: Place) -> None:
    paid = place.check_in()
    before = place.store.read().get("payment", paid)
    moved = place.moving.move(place.visit, place.right, "wrong chart")
    assert place.store.read().get("payment", paid) == before
    (gone,) = payments_of_person(place.store.read(), place.wrong)
    (stands,) = payments_of_person(place.store.read(), place.right)
    assert (gone.refundable, stands.refundable) == (0, 2500)
    with pytest.raises(Refused, match="refund_exceeds_payment"):
        place.payments.refund(paid, 100, "asked")
    place.payments.refund(moved.payments[paid], 2500, "asked")
    assert place.balances() == {}


def test_moving_back_undoes_it(place: Place) -> None:
    place.check_in()
    place.pay(1000, "check")
    before = place.balances()
    there = place.moving.move(place.visit, place.right, "wrong chart")
    back = place.moving.move(there.visit_id, place.wrong, "it was right at first")
    after = {
        (account, party, place.visit if visit == back.visit_id else visit): cents
        for (account, party, visit), cents in place.balances().items()
    }
    assert after == before
    assert place.standing(place.right) == []
    assert sorted(place.standing(place.wrong)) == ["U77", "W1"]
    (standing,) = [v for v in place.rows("visit") if not v["moved_to"]]
    assert (standing["id"], standing["person_id"]) == (back.visit_id, place.wrong)


def test_what_was_refunded_before_stays_refunded(place: Place) -> None:
    paid = place.check_in()
    check = place.pay(4000, "check")
    place.payments.refund(paid, 1000, "asked")
    place.payments.refund(check, 1500, "asked")  # a refund check that is still to be written
    drawer = place.desk.drawer
    moved = place.moving.move(place.visit, place.right, "wrong chart")
    found = place.balances()
    assert found == {
        (Account.CASH, drawer, None): 1500,
        (Account.CHECK_CLEARING, drawer, None): 4000,
        (Account.REFUNDS_PAYABLE, place.wrong, None): -1500,
        (Account.AR, place.right, moved.visit_id): -4000,
    }
    assert sum(found.values()) == 0


def test_a_line_for_another_visit_becomes_credit(place: Place) -> None:
    other = place.visits.open(NewVisit(place.wrong, PatientClass.OUTPATIENT, "x", TODAY)).visit_id
    lines = [
        {"kind": "copay", "amount": 2000},
        {"kind": "balance", "amount": 500, "visit_id": other},
    ]
    place.payments.take(place.wrong, place.visit, "cash", lines)
    moved = place.moving.move(place.visit, place.right, "wrong chart")
    assert place.balances() == {
        (Account.CASH, place.desk.drawer, None): 2500,
        (Account.AR, place.right, moved.visit_id): -2000,
        (Account.UNAPPLIED, place.right, None): -500,
    }


def test_the_chart_of_the_wrong_person_forgets_what_was_signed_there(place: Place) -> None:
    place.check_in()
    moved = place.moving.move(place.visit, place.right, "wrong chart")
    store = place.store.read()
    facts = {}
    for person, visit in ((place.wrong, place.visit), (place.right, moved.visit_id)):
        draft = begin_from(None, new_id(), ROSA.user_id, iso(utc_now()))
        draft = type(draft)(id=draft.id, person_id=person, visit_id=visit)
        facts[person] = situation_of(store, draft, utc_now().date()).signatures
    assert [len(facts[p]) for p in (place.wrong, place.right)] == [0, 1]


def test_an_emergency_stays_locked_and_its_exam_goes_with_it(
    store_at: Callable[[str], SqlStore],
) -> None:
    place = Place(store_at("emergency"), PatientClass.EMERGENCY)
    assert place.moving.plan(place.visit).paid is None
    there = place.moving.move(place.visit, place.right, "unknown patient named")
    assert place.visits.locked(there.visit_id)
    assert not place.visits.locked(place.visit)
    place.visits.record_screening_exam(
        there.visit_id,
        ScreeningOutcome.NO_EMERGENCY,
        by="Dr. Lin",
        at=iso(utc_now()),
        source="told by the nurse",
    )
    back = place.moving.move(there.visit_id, place.wrong, "not her after all")
    (exam,) = place.rows("screening_exam", visit_id=back.visit_id)
    assert (exam["person_id"], exam["by"]) == (place.wrong, "Dr. Lin")
    assert not place.visits.locked(back.visit_id)


def test_it_is_one_audited_command_and_the_same_key_moves_once(place: Place) -> None:
    place.check_in()
    first = place.moving.move(place.visit, place.right, "wrong chart", key="k")
    again = place.moving.move(place.visit, place.right, "wrong chart", key="k")
    assert (first.visit_id, first.payments) == (again.visit_id, again.payments)
    assert len(place.rows("visit")) == 2
    happened = {event["what"] for event in place.rows("visit_event")}
    assert {"moved_out", "moved_in"} <= happened


def test_a_coverage_that_was_there_before_stays(place: Place) -> None:
    fields = {"person_id": place.wrong, "payer_name": "Old", "member_id": "Z9", "order": 3}
    old = "ffffffff-0000-5000-8000-000000000000"  # of a conversion: it tells no time
    with place.store.unit_of_work() as work:
        change = Insert("coverage", old, fields)
        work.record(Command(new_id(), "seed", "u", utc_now(), place.desk.facility.id, (change,)))
        work.commit()
    assert place.moving.plan(place.visit).coverages == ()
    place.moving.move(place.visit, place.right, "wrong chart", coverage_ids=[old])
    assert place.standing(place.right) == ["Z9"]


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_reason_is_asked(place: Place, reason: str) -> None:
    with pytest.raises(NotUnderstood, match="reason_missing"):
        place.moving.move(place.visit, place.right, reason)


def test_what_cannot_be_moved_is_refused_in_words(place: Place) -> None:
    with pytest.raises(Refused, match="same_person"):
        place.moving.move(place.visit, place.wrong, "r")
    with pytest.raises(Refused, match="not_found"):
        place.moving.move(place.visit, "nobody", "r")
    place.moving.move(place.visit, place.right, "r")
    with pytest.raises(Refused, match="visit_moved"):
        place.moving.move(place.visit, place.right, "r")
    counsellor = Session("u2", "c", "C", Role.COUNSELLOR)
    with pytest.raises(NotPermitted):
        MoveVisit(place.store, utc_now, counsellor, place.desk).move(place.visit, place.right, "r")
