"""Accepted answers in a real encrypted store: written once, read back as the next visit's cards."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

import db.declared  # noqa: F401  (declares every table)
from db.store import SqlStore
from workstation.access.desk import make_desk
from workstation.access.model import Role, Session
from workstation.capture.card_model import (
    CardReading,
    Doubt,
    Evidence,
    PayerCandidate,
    Phone,
    SideView,
)
from workstation.capture.kept import card_of, kept_reading
from workstation.documents.use_cases import Documents
from workstation.facility.model import Facility, facility_id
from workstation.interview.cards import CardState, accept_fresh, say_same
from workstation.interview.flow import Walk, answer, begin, caught_up
from workstation.interview.journal import DraftJournal
from workstation.interview.known import on_file, situation_of
from workstation.interview.lists import moved_earlier, one_more, taken_out
from workstation.interview.model import (
    About,
    Accident,
    Address,
    ContactPerson,
    CoverageAnswer,
    Coverages,
    Directive,
    Draft,
    Employer,
    Guarantor,
    Identity,
    Msp,
    PageId,
    PaperAnswer,
    Reach,
    Reason,
    Said,
    Signer,
    Verdict,
)
from workstation.interview.pages_changed import views
from workstation.interview.paths import put
from workstation.interview.scans import Left, Scan
from workstation.interview.use_cases import CompleteInterview
from workstation.kernel.errors import NotPermitted, PorticoError, Refused
from workstation.papers.consents import form_on
from workstation.papers.copies import SignedCopies
from workstation.papers.face_sheet_facts import face_sheet_of
from workstation.papers.model import FormId
from workstation.papers.use_cases import RecordSignature
from workstation.payers.use_cases import Coverages as CoverageUseCases
from workstation.people.model import Person
from workstation.people.phones import phones_by_use
from workstation.people.use_cases import People
from workstation.visits.model import PatientClass
from workstation.visits.use_cases import NewVisit, Visits

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PAGES = [page for page in PageId if page not in {PageId.BENEFITS, PageId.PAY}]


class Nobody:
    """No chart is like another."""

    def likely_matches(self, person: Person) -> Sequence[Mapping[str, Any]]:
        return ()


class Office:
    """One desk with the real use cases over a real store."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.desk = make_desk(store, "desk-A", Facility(facility_id("Mercy"), "Mercy"))
        self.session = Session("u1", "rdiaz", "R. Diaz", Role.REGISTRAR)
        self.people = People(store, self.clock, self.session, self.desk, Nobody())
        self.visits = Visits(store, self.clock, self.session, self.desk)
        self.coverages = CoverageUseCases(store, self.clock, self.session, self.desk)
        signatures = RecordSignature(store, self.clock, self.session, self.desk)
        self.interview = CompleteInterview(
            store,
            self.clock,
            self.session,
            self.desk,
            self.people,
            self.visits,
            self.coverages,
            signatures,
        )

    @staticmethod
    def clock() -> datetime:
        return NOW

    def visit_of(
        self, person_id: str, patient_class: PatientClass = PatientClass.OUTPATIENT
    ) -> str:
        new = NewVisit(
            person_id=person_id,
            patient_class=patient_class,
            reason="Knee",
            service_date="2026-11-23",
        )
        return self.visits.open(new).visit_id

    def record_all(self, draft: Draft, *, new_person: bool) -> Draft:
        """Every page in turn, as the window does."""
        for page in PAGES:
            situation = situation_of(self.store.read(), draft, TODAY, new_person=new_person)
            draft, _ = self.interview.record(page, draft, situation)
            if not draft.visit_id:
                draft = replace(draft, visit_id=self.visit_of(draft.person_id))
        return draft

    def count(self) -> dict[str, int]:
        kinds = (
            "person",
            "related_person",
            "employment",
            "coverage",
            "signature",
            "confirmation",
            "msp_answers",
            "advance_directive",
            "skipped_question",
        )
        return {kind: len(self.store.read().find(kind)) for kind in kinds}


@pytest.fixture
def office(store_at: Callable[[str], SqlStore]) -> Office:
    return Office(store_at("interview"))


def answered_draft() -> Draft:
    draft = Draft(
        id="d1",
        owner="u1",
        identity=Identity(last="Okafor", first="Maria", dob="1955-03-03", sex="F"),
        address=Address(street="1 Elm St", city="Austin", state="TX", zip="78701"),
        reach=Reach(mobile="(512) 234-5678", email="maria@example.com"),
        about=About(race_ethnicity=("hispanic",), language="es", interpreter=Said.YES),
        contacts=(ContactPerson(name="Ana Diaz", relation="sibling", phone="+15122345679"),),
        employer=Employer(status="retired"),
        guarantor=Guarantor(relation="self"),
        reason=Reason(reason="Knee pain"),
        accident=Accident(is_accident=Said.NO),
        directive=Directive(has=Said.NO, wants_information=Said.YES),
        signer=Signer(right="self"),
        coverages=Coverages(
            insured=Said.YES,
            items=(
                CoverageAnswer(
                    payer_name="Medicare",
                    payer_kind="medicare",
                    member_id="1EG4TE5MK73",
                    relation="self",
                ),
            ),
        ),
    )
    msp = Msp(
        answered_by="patient",
        black_lung=Said.NO,
        research=Said.NO,
        va=Said.NO,
        by_age=True,
        patient_work="retired",
        spouse_work="none",
    )
    paper = PaperAnswer(
        "consent_to_treat",
        form_on(FormId.CONSENT_TO_TREAT, TODAY).version,
        "es",
        "signed",
        strokes="s",
        image="i",
    )
    return replace(draft, msp=msp, papers=(paper,))


def test_a_first_visit_leaves_one_of_each_and_twice_leaves_no_more(office: Office) -> None:
    draft = office.record_all(answered_draft(), new_person=True)
    once = office.count()
    assert once == {
        "person": 1,
        "related_person": 1,
        "employment": 1,
        "coverage": 1,
        "signature": 1,
        "confirmation": 7,
        "msp_answers": 1,
        "advance_directive": 1,
        "skipped_question": 0,
    }
    outbox = office.store.read().find("visit_event")
    again = office.record_all(draft, new_person=True)
    assert again == draft
    assert office.count() == once
    assert office.store.read().find("visit_event") == outbox


def test_what_enter_keeps_unasked_stays_as_old_as_it_was(office: Office) -> None:
    draft = office.record_all(answered_draft(), new_person=True)
    visit_id = office.visit_of(draft.person_id)
    known = on_file(office.store.read(), draft.person_id, visit_id)
    assert known is not None
    around = situation_of(office.store.read(), known, TODAY)
    kept = accept_fresh(replace(known, id="d2", owner="u1"), around)
    assert kept.verdict("address") is Verdict.KEPT
    office.interview.record(PageId.WHAT_CHANGED, kept, around)
    assert office.count()["confirmation"] == 7
    office.interview.record(PageId.WHAT_CHANGED, say_same(kept, "address"), around)
    assert office.count()["confirmation"] == 8


def test_the_next_visit_finds_every_card_known_and_fresh(office: Office) -> None:
    draft = office.record_all(answered_draft(), new_person=True)
    visit_id = office.visit_of(draft.person_id)
    known = on_file(office.store.read(), draft.person_id, visit_id)
    assert known is not None
    assert known.identity.last == "Okafor"
    assert known.coverages.items[0].member_id == "1EG4TE5MK73"
    assert known.accident.is_accident is Said.OPEN
    assert known.msp == Msp()
    situation = situation_of(office.store.read(), known, TODAY)
    assert {card.state for card in views(known, situation)} == {CardState.FRESH}
    assert situation.last_medicare is not None
    assert situation.last_medicare.msp.patient_work == "retired"


def test_an_edit_revises_only_what_changed(office: Office) -> None:
    draft = office.record_all(answered_draft(), new_person=True)
    known = on_file(office.store.read(), draft.person_id, draft.visit_id)
    assert known is not None
    situation = situation_of(office.store.read(), known, TODAY)
    moved = replace(known, id="d2", address=replace(known.address, street="2 Oak St"))
    office.interview.record(PageId.WHAT_CHANGED, moved, situation)
    row = office.store.read().get("person", draft.person_id)
    assert row is not None
    assert (row["street"], row["phones"], row["rev"]) == ("2 Oak St", ["+15122345678"], 2)


def test_a_lone_home_phone_stays_a_home_phone(office: Office) -> None:
    draft = replace(answered_draft(), reach=Reach(home="512 234 5670"))
    draft = office.record_all(draft, new_person=True)
    row = office.store.read().get("person", draft.person_id)
    known = on_file(office.store.read(), draft.person_id, draft.visit_id)
    assert row is not None
    assert known is not None
    assert (row["phones"], row["phone_uses"]) == (["+15122345670"], ["home"])
    assert known.reach == Reach(home="+15122345670")
    face = face_sheet_of(office.store.read(), draft.visit_id, "St. Anne Hospital")
    assert face.phones == ("(512) 234-5670 home",)


def test_phones_of_a_chart_from_before_their_uses_come_in_the_order_of_asking() -> None:
    assert phones_by_use({"phones": ["1", "2"], "phone_uses": None}) == {"mobile": "1", "home": "2"}
    told = {"phones": ["1", "2", "3", "4"], "phone_uses": ["home", "home"]}
    assert phones_by_use(told) == {"home": "1", "mobile": "2", "work": "3"}


def test_taking_the_first_phone_out_leaves_the_others_where_they_were(office: Office) -> None:
    draft = answered_draft()
    draft = replace(draft, reach=Reach(mobile="512 234 5678", home="512 234 5670"))
    draft = office.record_all(draft, new_person=True)
    known = on_file(office.store.read(), draft.person_id, draft.visit_id)
    assert known is not None
    assert (known.reach.mobile, known.reach.home) == ("+15122345678", "+15122345670")
    walk = begin(replace(known, id="d2"), known=known)
    walk = answer(walk, "reach.mobile", "")
    for _ in range(2):
        situation = replace(
            situation_of(office.store.read(), walk.draft, TODAY), on_file=walk.known
        )
        after, _ = office.interview.record(PageId.WHAT_CHANGED, walk.draft, situation)
        walk = replace(walk, draft=after)
        walk = caught_up(walk, situation_of(office.store.read(), after, TODAY))
    assert walk.draft.reach == Reach(home="+15122345670")
    row = office.store.read().get("person", draft.person_id)
    assert row is not None
    assert (row["phones"], row["rev"]) == (["+15122345670"], 2)


def test_what_another_changed_meanwhile_is_not_overwritten(office: Office) -> None:
    draft = office.record_all(answered_draft(), new_person=True)
    known = on_file(office.store.read(), draft.person_id, draft.visit_id)
    assert known is not None
    situation = situation_of(office.store.read(), known, TODAY)
    office.people.revise(draft.person_id, {"street": "1 Elm St"}, {"street": "3 Ash St"})
    mine = replace(known, id="d2", address=replace(known.address, street="2 Oak St"))
    with pytest.raises(Refused) as refusal:
        office.interview.record(PageId.WHAT_CHANGED, mine, situation)
    assert refusal.value.code == "stale"
    untouched = replace(known, id="d3")
    office.interview.record(PageId.WHAT_CHANGED, untouched, situation)
    row = office.store.read().get("person", draft.person_id)
    assert row is not None
    assert row["street"] == "3 Ash St"


def test_a_coverage_is_added_reordered_and_ended(office: Office) -> None:
    draft = office.record_all(answered_draft(), new_person=True)
    situation = situation_of(office.store.read(), draft, TODAY)
    plan = CoverageAnswer(
        payer_name="Lone Star Health",
        payer_kind="commercial",
        member_id="LS1",
        relation="spouse",
    )
    holder = replace(plan.subscriber, last="Okafor", first="Ben", dob="1954-01-01")
    plan = replace(plan, subscriber=holder)
    items = (plan, *draft.coverages.items)
    both = replace(draft, coverages=replace(draft.coverages, items=items))
    both, _ = office.interview.record(PageId.COVERAGE, both, situation)
    rows = {row["payer_name"]: row for row in office.store.read().find("coverage")}
    assert {name: row["order"] for name, row in rows.items()} == {
        "Lone Star Health": 1,
        "Medicare": 2,
    }
    assert rows["Lone Star Health"]["subscriber"]["first"] == "Ben"
    ended = (replace(both.coverages.items[0], dropped=True), both.coverages.items[1])
    gone = replace(both, coverages=replace(both.coverages, items=ended))
    situation = situation_of(office.store.read(), gone, TODAY)
    office.interview.record(PageId.COVERAGE, gone, situation)
    rows = {row["payer_name"]: row for row in office.store.read().find("coverage")}
    assert rows["Lone Star Health"]["to"] == "2026-11-22"
    assert rows["Medicare"]["order"] == 1
    again = on_file(office.store.read(), draft.person_id, draft.visit_id)
    assert again is not None
    assert [item.payer_name for item in again.coverages.items] == ["Medicare"]


def contacts_of(office: Office, draft: Draft) -> list[tuple[str, str, bool]]:
    """Name, phone and next of kin, in the order in which they are called, read anew."""
    known = on_file(office.store.read(), draft.person_id, None)
    assert known is not None
    return [(one.name, one.phone, one.next_of_kin) for one in known.contacts]


def test_contacts_keep_their_order_of_call_and_their_rows(office: Office) -> None:
    """Edited in place, exchanged, one more, one taken out: never written twice."""
    ana = ContactPerson(name="Ana Diaz", relation="sibling", phone="+15122345679")
    leo = ContactPerson(name="Leo Okafor", relation="child", phone="+15122345680", next_of_kin=True)
    draft = office.record_all(replace(answered_draft(), contacts=(ana, leo)), new_person=True)
    ids = [contact.id for contact in draft.contacts]
    assert contacts_of(office, draft) == [
        ("Ana Diaz", "+15122345679", False),
        ("Leo Okafor", "+15122345680", True),
    ]
    draft = replace(draft, contacts=moved_earlier(draft, "contacts", 1))
    draft = put(draft, "contacts.1.phone", "+15122345681")
    draft = office.record_all(draft, new_person=False)
    assert [contact.id for contact in draft.contacts] == [ids[1], ids[0]]
    assert contacts_of(office, draft) == [
        ("Leo Okafor", "+15122345680", True),
        ("Ana Diaz", "+15122345681", False),
    ]
    draft = replace(draft, contacts=one_more(draft, "contacts"))
    draft = put(put(draft, "contacts.2.name", "Uma Diaz"), "contacts.2.phone", "+15122345682")
    draft = replace(draft, contacts=taken_out(draft, "contacts", 0))
    draft = office.record_all(draft, new_person=False)
    assert [name for name, _, _ in contacts_of(office, draft)] == ["Ana Diaz", "Uma Diaz"]
    rows = office.store.read().find("related_person", person_id=draft.person_id)
    assert len(rows) == 3
    assert [row["name"] for row in rows if row["retired"]] == ["Leo Okafor"]
    sheet = face_sheet_of(office.store.read(), office.visit_of(draft.person_id), "Mercy")
    assert [words.split(" · ")[0] for label, words in sheet.contacts if label == "Contact"] == [
        "Ana Diaz",
        "Uma Diaz",
    ]


def test_a_number_that_the_desk_gave_is_called_provisional_on_paper(office: Office) -> None:
    draft = office.record_all(answered_draft(), new_person=True)
    store, visit_id = office.store.read(), office.visit_of(draft.person_id)
    row = store.get("person", draft.person_id)
    assert row is not None
    assert row["mrn"] is None
    face = face_sheet_of(store, visit_id, "Mercy")
    assert face.mrn == f"{row['provisional_mrn']} (provisional)"


def test_a_face_sheet_says_words_and_the_suffix(office: Office) -> None:
    draft = answered_draft()
    draft = replace(draft, identity=replace(draft.identity, suffix="Jr"))
    draft = office.record_all(draft, new_person=True)
    visit_id = office.visit_of(draft.person_id)
    sheet = face_sheet_of(office.store.read(), visit_id, "Mercy")
    assert (sheet.patient, sheet.born) == ("OKAFOR, Maria Jr", "03 Mar 1955")
    assert (sheet.language, sheet.service_date) == ("Spanish", "23 Nov 2026")
    assert sheet.account_number == sheet.visit_number.replace("V", "A", 1)


def test_a_contact_recorded_before_a_crash_is_not_recorded_again(office: Office) -> None:
    """The draft that comes back does not know the id that its contact was given."""
    before = answered_draft()
    after = office.record_all(before, new_person=True)
    lost = replace(before, person_id=after.person_id, visit_id=after.visit_id)
    lost = put(lost, "contacts.0.phone", "+15125550000")
    again = office.record_all(lost, new_person=False)
    assert [contact.id for contact in again.contacts] == [after.contacts[0].id]
    assert contacts_of(office, again) == [("Ana Diaz", "+15125550000", False)]


def test_the_order_of_payers_and_the_wish_not_to_bill_stand_on_the_visit(office: Office) -> None:
    draft = answered_draft()
    draft = replace(draft, coverages=replace(draft.coverages, do_not_bill=Said.YES))
    draft = office.record_all(draft, new_person=True)
    visit = office.store.read().get("visit", draft.visit_id)
    assert visit is not None
    assert visit["payer_order"] == ["medicare"]
    assert visit["do_not_bill"] is True
    assert visit["guarantor_kind"] == "self"
    assert visit["accident"] == {"is_accident": "no"}


def test_no_paper_of_money_is_recorded_while_locked(office: Office) -> None:
    draft = office.record_all(answered_draft(), new_person=True)
    locked = office.visit_of(draft.person_id, PatientClass.EMERGENCY)
    paper = PaperAnswer(
        "financial_agreement",
        form_on(FormId.FINANCIAL_AGREEMENT, TODAY).version,
        "en",
        "signed",
        strokes="s",
    )
    there = replace(draft, id="d9", visit_id=locked, papers=(paper,))
    situation = situation_of(office.store.read(), there, TODAY)
    assert situation.locked
    with pytest.raises(Refused) as refusal:
        office.interview.record(PageId.PAPERS, there, situation)
    assert refusal.value.code == "emtala_locked"


def test_a_draft_waits_for_its_owner_alone(office: Office) -> None:
    journal = DraftJournal(office.store, office.clock, office.session)
    walk = answer(begin(Draft(id="d1", owner="u1", visit_id="v1")), "identity.last", "Nguyễn")
    journal.save(walk)
    journal.save(replace(walk, page=PageId.REASON))
    (head,) = journal.in_progress(mine=True)
    assert (head.id, head.page) == ("d1", PageId.REASON)
    assert journal.resume("d1") == replace(walk, page=PageId.REASON)
    other = Session("u2", "kim", "Kim", Role.REGISTRAR)
    theirs = DraftJournal(office.store, office.clock, other)
    assert theirs.in_progress(mine=True) == ()
    assert len(theirs.in_progress(mine=False)) == 1
    with pytest.raises(NotPermitted):
        theirs.resume("d1")
    supervisor = Session("u3", "lee", "Lee", Role.SUPERVISOR)
    assert isinstance(DraftJournal(office.store, office.clock, supervisor).resume("d1"), Walk)
    journal.drop("d1")
    with pytest.raises(Refused):
        journal.resume("d1")


def test_what_was_scanned_waits_with_its_draft_and_goes_with_it(office: Office) -> None:
    journal = DraftJournal(office.store, office.clock, office.session)
    scan = Scan(
        "card",
        0,
        json.dumps(kept_reading(CARD)),
        number=2,
        left=(Left("coverages.items.0.member_id"),),
        passed=("coverages.items.0.member_id",),
    )
    walk = Walk(Draft(id="d1", owner=office.session.user_id), PageId.COVERAGE, scans=(scan,))
    journal.save(walk)
    journal.keep_pictures("d1", 2, [b"front", b"back"])
    journal.keep_pictures("d2", 1, [b"other"])
    found = journal.resume("d1")
    assert found == walk
    sides = journal.pictures("d1")
    assert sides == {2: (b"front", b"back")}
    assert card_of(json.loads(found.scans[0].reading), sides[2]) == CARD
    journal.drop("d1")
    assert journal.pictures("d1") == {}
    assert journal.pictures("d2") == {1: (b"other",)}


CARD = CardReading(
    payer_name="Blue",
    payer_candidates=(PayerCandidate("Blue", 0.9, "99001", "commercial"),),
    member_id="XQ0",
    effective_date=date(2026, 1, 1),
    dependents=("Leo",),
    copays={"pcp": 2500},
    phones=(Phone("claims", "+15125550100"),),
    confidence={"member_id": 0.7},
    review=("member_id",),
    evidence={"member_id": Evidence(0, (0.1, 0.2, 0.3, 0.4), (Doubt(2, "0", "O"),))},
    sides=(
        SideView(((0.0, 0.0), (1.0, 0.0)), True, 0, b"front", ({"say": "Dark.", "do": "Light."},)),
        SideView(((0.0, 0.0), (1.0, 0.0)), True, 90, b"back"),
    ),
)


def test_the_copy_of_a_signed_paper_is_the_text_that_was_read(office: Office) -> None:
    draft = office.record_all(answered_draft(), new_person=True)
    (row,) = office.store.read().find("signature", person_id=draft.person_id)
    documents = Documents(office.store, office.clock, office.session, office.desk)
    drawn = io.BytesIO()
    Image.new("LA", (40, 20)).save(drawn, "PNG")
    with office.store.unit_of_work() as work:
        work.put_local("document_content", row["image_hash"], {"content": drawn.getvalue()})
        work.commit()
    copies = SignedCopies(office.store, office.session, documents, office.desk.facility)
    reader = PdfReader(io.BytesIO(copies.pdf(row["id"])))
    text = " ".join("\n".join(page.extract_text() for page in reader.pages).split())
    form = form_on(FormId.CONSENT_TO_TREAT, TODAY)
    for part in form.text("es", "Mercy"):
        assert part in text
    assert "Maria Okafor" in text
    renamed = replace(office.desk.facility, name="Another")
    with pytest.raises(PorticoError) as refusal:
        SignedCopies(office.store, office.session, documents, renamed).pdf(row["id"])
    assert refusal.value.code == "form_text_differs"
