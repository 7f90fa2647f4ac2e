"""Recording a page's accepted answers through the capabilities that own them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Session
from workstation.facility.model import Desk
from workstation.interview import accepted
from workstation.interview.codec import to_json
from workstation.interview.facts import MSP_FORM_VERSION
from workstation.interview.gateways import Charts, CoverageEdits, VisitEdits
from workstation.interview.known import coverage_answer, number_of_chart, on_file
from workstation.interview.model import ContactPerson, CoverageAnswer, Draft, PageId, Said, Verdict
from workstation.interview.msp_facts import msp_facts
from workstation.interview.situation import Situation
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, iso
from workstation.kernel.commands import Change, Insert
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import StoreGateway
from workstation.papers.model import FormId, Outcome, Right, Signing
from workstation.papers.use_cases import RecordSignature
from workstation.payers.msp import MspDecision, decide
from workstation.people.model import Person
from workstation.people.related import EMERGENCY, NEXT_OF_KIN, in_order_of_call
from workstation.visits.model import PatientClass

_PERSON_PAGES = frozenset(
    {PageId.IDENTITY, PageId.CONTACT, PageId.ABOUT, PageId.WHAT_CHANGED, PageId.PAPERS}
)
_PEOPLE_PAGES = frozenset({PageId.PEOPLE, PageId.WHAT_CHANGED})


class CompleteInterview:
    """Turns accepted answers into commands, page by page, each idempotent by what the store has.

    A crash between two commands costs nothing: the page is recorded again on the next Continue,
    and what the store already holds is not written twice.
    """

    def __init__(
        self,
        store: StoreGateway,
        clock: Clock,
        session: Session,
        desk: Desk,
        charts: Charts,
        visits: VisitEdits,
        coverages: CoverageEdits,
        signatures: RecordSignature,
    ) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._author = Author(session.user_id, desk, clock)
        self._day = desk.facility.day
        self._charts = charts
        self._visits = visits
        self._coverages = coverages
        self._signatures = signatures

    def record(
        self, page: PageId, draft: Draft, situation: Situation, *, decision: str | None = None
    ) -> tuple[Draft, frozenset[Kind]]:
        """Records what a page accepted; the draft comes back with the ids that were given.

        ``decision`` says why a person who is like another gets a chart of their own. Raises what
        the owners raise: PossibleDuplicate, ``stale``, ``emtala_locked``, ``signature_missing``.
        """
        if not draft.person_id:
            draft = self._register(draft, decision)
        changed = {Kind.DRAFT}
        steps: Mapping[PageId, Callable[[Draft, Situation], Draft]] = {
            PageId.REASON: self._reason,
            PageId.COVERAGE: self._coverage,
            PageId.MEDICARE: self._medicare,
            PageId.GUARANTOR: self._guarantor,
            PageId.PAPERS: self._papers,
        }
        if page in _PERSON_PAGES:
            self._person(draft, situation)
            draft = replace(draft, reach=accepted.as_kept(draft.reach))
            changed.add(Kind.PERSON)
        if page in _PEOPLE_PAGES:
            draft = self._people(draft)
            changed.add(Kind.PERSON)
        if page is PageId.WHAT_CHANGED:
            self._guarantor(draft, situation)
            changed.add(Kind.VISIT)
        if page in steps:
            draft = steps[page](draft, situation)
            changed |= {Kind.VISIT, Kind.COVERAGE, Kind.PAPER}
        self._facts(page, draft)
        return draft, frozenset(changed)

    def decide_order(self, draft: Draft, situation: Situation) -> MspDecision:
        """The order of payers that the Medicare answers give, or what is still open."""
        return decide(msp_facts(draft, situation))

    def _register(self, draft: Draft, decision: str | None) -> Draft:
        key = f"{draft.id}:person"
        before = self._store.read().get("answer", key)
        if before is not None:
            person_id = str(before["body"]["person_id"])
        else:
            person = Person.from_json(accepted.person_fields(draft))
            person_id = self._charts.register(person, decision, key=key)
        mrn = number_of_chart(self._store.read().get("person", person_id) or {})
        return replace(draft, person_id=person_id, identity=replace(draft.identity, mrn=mrn))

    def _person(self, draft: Draft, situation: Situation) -> None:
        row = self._store.read().get("person", draft.person_id) or {}
        wanted = accepted.person_fields(draft)
        known = accepted.person_fields(situation.on_file) if situation.on_file else {}
        changes = {
            name: value
            for name, value in wanted.items()
            if value != known.get(name, _stored(row, name)) and value != _stored(row, name)
        }
        if changes:
            now = self._known_now(draft)
            seen = {
                name: known[name] if name in known and known[name] != now[name] else row.get(name)
                for name in changes
            }
            self._charts.revise(draft.person_id, seen, changes)

    def _known_now(self, draft: Draft) -> Mapping[str, Any]:
        """The chart as it stands, in the spelling in which answers are compared."""
        stands = on_file(self._store.read(), draft.person_id, None)
        return accepted.person_fields(stands) if stands else {}

    def _people(self, draft: Draft) -> Draft:
        contacts = self._contacts(draft)
        fields = accepted.employment_fields(draft)
        if any(fields.values()):
            rows = self._store.read().find("employment", person_id=draft.person_id)
            last = rows[-1] if rows else None
            if last is None or any(last.get(name) != value for name, value in fields.items()):
                self._charts.put_employment(draft.person_id, fields, last["id"] if last else None)
        return replace(draft, contacts=contacts)

    def _contacts(self, draft: Draft) -> tuple[ContactPerson, ...]:
        """Contacts in their order of call; one that was taken out is retired, not forgotten."""
        kept = []
        taken = {contact.id for contact in draft.contacts if contact.id}
        for order, contact in enumerate(draft.contacts, start=1):
            if contact.name or contact.phone:
                known = contact.id or self._recorded_contact(draft, contact, taken)
                taken.add(known)
                id = self._put_contact(draft, replace(contact, id=known), order)
                if not contact.dropped:
                    kept.append(replace(contact, id=id))
        return tuple(kept)

    def _recorded_contact(self, draft: Draft, contact: ContactPerson, taken: set[str]) -> str:
        """The id that a contact was given already, where a crash came before the draft knew it."""
        rows = in_order_of_call(self._store.read(), draft.person_id)
        free = [row for row in rows if row["id"] not in taken]
        for row in free:
            if row["name"] == contact.name or contact.phone in (row["phones"] or ()):
                return str(row["id"])
        return ""

    def _put_contact(self, draft: Draft, contact: ContactPerson, order: int) -> str:
        fields = {
            "name": contact.name or None,
            "relation": contact.relation or None,
            "phones": [contact.phone] if contact.phone else [],
            "roles": [EMERGENCY, *([NEXT_OF_KIN] if contact.next_of_kin else [])],
            "order": None if contact.dropped else order,
            "retired": contact.dropped or None,
        }
        row = self._store.read().get("related_person", contact.id) if contact.id else None
        if row is not None and all(row.get(name) == value for name, value in fields.items()):
            return contact.id
        return self._charts.put_related(draft.person_id, fields, contact.id or None)

    def _reason(self, draft: Draft, situation: Situation) -> Draft:
        details = accepted.detail_fields(draft, situation)
        draft = self._placed(draft)
        self._revise_visit(draft, accepted.reason_fields(draft) | details)
        return draft

    def _placed(self, draft: Draft) -> Draft:
        """Department and class first: they decide about the lock. A class takes its reason."""
        row = self._store.read().get("visit", draft.visit_id) if draft.visit_id else None
        if row is None:
            return draft
        reason = draft.reason
        if reason.department and reason.department != row["department_id"]:
            self._visits.place(draft.visit_id, reason.department)
        if reason.class_reason and reason.patient_class != row["class"]:
            self._visits.correct_class(
                draft.visit_id,
                PatientClass(reason.patient_class),
                asks_emergency_care=bool(row.get("asks_emergency_care")),
                reason=reason.class_reason,
            )
        return replace(draft, reason=replace(reason, class_reason=""))

    def _guarantor(self, draft: Draft, situation: Situation) -> Draft:
        if draft.guarantor.relation and not situation.locked:
            self._revise_visit(draft, accepted.guarantor_fields(draft))
        return draft

    def _revise_visit(self, draft: Draft, fields: Mapping[str, Any]) -> None:
        row = self._store.read().get("visit", draft.visit_id) if draft.visit_id else None
        if row is not None:
            changes = {name: value for name, value in fields.items() if row.get(name) != value}
            if changes:
                self._visits.revise(draft.visit_id, changes)

    def _coverage(self, draft: Draft, situation: Situation) -> Draft:
        before = {c.id: c for c in situation.on_file.coverages.items} if situation.on_file else {}
        items = []
        order = 0
        for item in draft.coverages.items:
            if not item.dropped:
                order += 1
            if _can_stand(item, situation):
                item = self._one_coverage(draft, item, order, before)
                row = self._store.read().get("coverage", item.id) if item.id else None
                if row is not None:  # as it stands now, with what the directory added
                    item = replace(coverage_answer(row), dropped=item.dropped)
            if item.payer_name or item.member_id:
                items.append(item)
        if not situation.locked:
            self._revise_visit(draft, accepted.payer_choice_fields(draft))
        return replace(draft, coverages=replace(draft.coverages, items=tuple(items)))

    def _one_coverage(
        self,
        draft: Draft,
        item: CoverageAnswer,
        order: int,
        before: Mapping[str, CoverageAnswer],
    ) -> CoverageAnswer:
        fields = accepted.coverage_fields(item, order)
        row = self._store.read().get("coverage", item.id) if item.id else None
        if row is None:
            if item.dropped:
                return item
            key = f"{draft.id}:coverage:{_digest(fields)}"
            return replace(item, id=self._coverages.add(draft.person_id, fields, key=key))
        if item.dropped:
            yesterday = (self._day(self._clock()) - timedelta(days=1)).isoformat()
            fields = {"to": item.to_date or yesterday}
        stands = accepted.coverage_fields(coverage_answer(row), row.get("order") or order)
        changes = {name: value for name, value in fields.items() if stands[name] != value}
        if changes:
            known = before.get(item.id)
            seen = accepted.coverage_fields(known, row.get("order") or order) if known else stands
            base = {n: row.get(n) if seen[n] == stands[n] else seen[n] for n in changes}
            self._coverages.revise(item.id, base, changes)
        return item

    def _medicare(self, draft: Draft, situation: Situation) -> Draft:
        decision = self.decide_order(draft, situation)
        if decision.order is not None:
            self._revise_visit(draft, {"payer_order": list(decision.order)})
        facts = msp_facts(draft, situation)
        fields = {
            "answered_by": draft.msp.answered_by or None,
            "form_version": MSP_FORM_VERSION,
            "answers": to_json(draft.msp),
            "facts": facts,
        }
        self._fact(draft, "msp_answers", fields, "answer_medicare_questions")
        return draft

    def _papers(self, draft: Draft, situation: Situation) -> Draft:
        if draft.directive.has is not Said.OPEN:
            self._fact(draft, "advance_directive", _said(draft), "answer_advance_directive")
        papers = []
        for paper in draft.papers:
            if paper.outcome and not paper.signature_id:
                signing = Signing(
                    person_id=draft.person_id,
                    visit_id=draft.visit_id or None,
                    form_id=FormId(paper.form_id),
                    version=paper.version,
                    language=paper.language,
                    outcome=Outcome(paper.outcome),
                    signer=draft.signer.name or _patient(draft),
                    right=Right(draft.signer.right) if draft.signer.right else Right.SELF,
                    relation=draft.signer.relation,
                    proof_seen=draft.signer.proof_seen,
                    reason=paper.reason,
                    strokes=paper.strokes or None,
                    image=paper.image or None,
                    interpreter=draft.about.interpreter_id,
                )
                key = f"{draft.id}:{paper.form_id}:{_digest(to_json(paper))}"
                fact, _ = self._signatures.record(signing, key)
                paper = replace(paper, signature_id=fact)
            papers.append(paper)
        return replace(draft, papers=tuple(papers))

    def _facts(self, page: PageId, draft: Draft) -> None:
        """Confirmed cards and skipped questions, each once."""
        if page is PageId.WHAT_CHANGED:
            for card in draft.cards:
                if card.verdict in (Verdict.SAME, Verdict.EDITED):
                    fields = {"card": card.card, "verdict": str(card.verdict)}
                    self._fact(draft, "confirmation", fields, "confirm_card")
        for card_page, cards in _CONFIRMS.items():
            if page is card_page and draft.started_empty:
                for name in cards:
                    self._fact(
                        draft, "confirmation", {"card": name, "verdict": "edited"}, "confirm_card"
                    )
        for skip in draft.skips:
            if skip.page is page:
                fields = {"page": str(page), "field": skip.field, "reason": skip.reason}
                self._fact(draft, "skipped_question", fields, "skip_question")

    def _fact(self, draft: Draft, kind: str, fields: Mapping[str, Any], command: str) -> None:
        key = f"{draft.id}:{kind}:{_digest(fields)}"
        with self._store.unit_of_work() as work:
            if work.answered(key) is not None:
                return
            fact: Change = Insert(
                kind,
                new_id(),
                {
                    "person_id": draft.person_id,
                    "visit_id": draft.visit_id or None,
                    "by": self._session.user_id,
                    "at": iso(self._clock()),
                    **fields,
                },
            )
            answer = {"ok": True}
            work.record(
                self._author.command(command, draft.person_id, (fact,), key=key, answer=answer)
            )
            work.commit()


_CONFIRMS: Mapping[PageId, tuple[str, ...]] = {
    PageId.CONTACT: ("address", "reach"),
    PageId.ABOUT: ("about",),
    PageId.PEOPLE: ("contacts", "employer"),
    PageId.GUARANTOR: ("guarantor",),
    PageId.COVERAGE: ("coverages",),
}
"""At a first visit each page answers cards that the next visit will only confirm."""


def _can_stand(item: CoverageAnswer, situation: Situation) -> bool:
    """In an emergency only the insurer may be known: that waits in the draft until more is."""
    named = bool(item.payer_name or item.member_id)
    return named and bool(item.member_id or item.claim_number or not situation.locked)


def _stored(row: Mapping[str, Any], name: str) -> Any:
    value = row.get(name)
    return [] if value is None and name in {"phones", "phone_uses", "race_ethnicity"} else value


def _said(draft: Draft) -> dict[str, Any]:
    directive = draft.directive
    return {
        "has": str(directive.has),
        "copy_on_file": str(directive.copy_on_file) or None,
        "wants_information": str(directive.wants_information) or None,
    }


def _patient(draft: Draft) -> str:
    return f"{draft.identity.first} {draft.identity.last}".strip()


def _digest(fields: Mapping[str, Any]) -> str:
    written = json.dumps(fields, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(written.encode()).hexdigest()[:24]
