"""What is on file, read into the shape of a draft; and the situation around a check-in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, tzinfo
from typing import Any

from workstation.estimates.prices import PriceList
from workstation.interview.codec import from_json
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
    Reach,
    Reason,
    Said,
    Subscriber,
)
from workstation.interview.rules import lock_of_class
from workstation.interview.situation import Situation, Verified, freshness_on
from workstation.interview.typed import read_phone
from workstation.interview.visit_choices import visit_choices, visit_on_record
from workstation.kernel.clock import from_iso
from workstation.kernel.unit_of_work import Store
from workstation.papers.model import FormId, Outcome, PastSignature
from workstation.people.phones import phones_by_use
from workstation.people.related import in_order_of_call
from workstation.visits.model import is_locked
from workstation.visits.rules import locked_visit_of

Row = dict[str, Any]
NO_FIXED_ADDRESS = "No fixed address"


def on_file(store: Store, person_id: str, visit_id: str | None) -> Draft | None:
    """What the store knows of a person, as the draft of a check-in; None for an unknown person.

    Answers of today (accident, Medicare, who signs, how the person was identified) stay open.
    """
    person = store.get("person", person_id)
    if person is None:
        return None
    visit = store.get("visit", visit_id) if visit_id else None
    employments = store.find("employment", person_id=person_id)
    return Draft(
        person_id=person_id,
        visit_id=visit_id or "",
        identity=_identity(person),
        address=_address(person),
        reach=_reach(person),
        about=_about(person, employments[-1] if employments else {}),
        contacts=_contacts(store, person_id),
        employer=_employer(employments[-1]) if employments else Employer(),
        guarantor=_last_guarantor(store, person_id),
        reason=_reason(visit or {}),
        coverages=_coverages(store, person_id, _text(visit or {}, "service_date")),
        directive=_directive(store, person_id),
        started_empty=False,
    )


def begin_from(known: Draft | None, draft_id: str, owner: str, started_at: str) -> Draft:
    """A new draft: what is on file filled in, or an empty one for a new person."""
    return replace(known or Draft(), id=draft_id, owner=owner, started_at=started_at)


def situation_of(
    store: Store,
    draft: Draft,
    today: date,
    *,
    zone: tzinfo = UTC,
    facility_name: str = "",
    new_person: bool = False,
    prices: PriceList | None = None,
) -> Situation:
    """Everything around a draft that the rules look at. ``new_person`` for a chart just made;
    ``zone`` is the facility's, as ``today`` is."""
    person_id = draft.person_id
    known = None if new_person or not person_id else on_file(store, person_id, draft.visit_id)
    medicare = _said_by(store, "msp_answers", person_id) if person_id else []
    visit = store.get("visit", draft.visit_id) if draft.visit_id else None
    accident = _last_accident(store, person_id, draft.visit_id) if person_id else None
    elsewhere = _locked_elsewhere(store, draft)
    situation = Situation(
        today=today,
        on_file=known,
        verified=_verified(store, person_id, zone) if person_id else (),
        locked=bool(elsewhere) or (visit is not None and is_locked(visit)),
        locked_elsewhere=elsewhere,
        last_medicare=Draft(msp=from_json(Msp, medicare[-1]["answers"])) if medicare else None,
        last_medicare_on=_day(medicare[-1]["at"], zone) if medicare else None,
        last_accident=accident[0] if accident else None,
        last_accident_on=accident[1] if accident else None,
        signatures=_signatures(store, person_id, zone) if person_id else (),
        facility_name=facility_name,
        places=visit_choices(store, prices, visit),
        visit=visit_on_record(visit) if visit else None,
        freshness=freshness_on(today),
    )
    return lock_of_class(draft, situation)


def _locked_elsewhere(store: Store, draft: Draft) -> str:
    """The person is locked, not only the visit: what is asked at the clinic's desk delays the
    emergency department's exam as much (42 CFR 489.24(d)(4))."""
    other = locked_visit_of(store, draft.person_id, but=draft.visit_id) if draft.person_id else None
    return str(other["id"]) if other is not None else ""


def said(value: object) -> Said:
    """A stored truth value as an answer."""
    if value is None:
        return Said.OPEN
    return Said.YES if value else Said.NO


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _identity(person: Row) -> Identity:
    names = ("last", "first", "middle", "suffix", "dob", "sex", "ssn")
    texts: Row = {name: _text(person, name) for name in names}
    name_to_use = _text(person, "preferred_name")
    return Identity(**texts, name_to_use=name_to_use, mrn=number_of_chart(person))


def number_of_chart(person: Row) -> str:
    """The hospital's medical record number; a new chart has a provisional one until then."""
    return _text(person, "mrn") or _text(person, "provisional_mrn")


def _address(person: Row) -> Address:
    if person.get("street") == NO_FIXED_ADDRESS:
        return Address(no_fixed=True, confidential=said(person.get("confidential_address")))
    texts: Row = {name: _text(person, name) for name in ("street", "city", "state", "zip")}
    return Address(**texts, confidential=said(person.get("confidential_address")))


def _reach(person: Row) -> Reach:
    phones = {use: read_phone(text) or text for use, text in phones_by_use(person).items()}
    return Reach(**phones, email=_text(person, "email"))


def _about(person: Row, employment: Row) -> About:
    return About(
        race_ethnicity=tuple(person.get("race_ethnicity") or ()),
        tribal_affiliation=_text(person, "tribal_affiliation"),
        language=_text(person, "language"),
        interpreter=said(person.get("interpreter")),
        previous_names=_text(person, "previous_last"),
        marital=_text(person, "marital_status"),
        occupation=_text(employment, "occupation"),
    )


def _contacts(store: Store, person_id: str) -> tuple[ContactPerson, ...]:
    return tuple(_contact(row) for row in in_order_of_call(store, person_id))


def _contact(row: Row) -> ContactPerson:
    phones = row.get("phones") or [""]
    return ContactPerson(
        id=row["id"],
        name=_text(row, "name"),
        relation=_text(row, "relation"),
        phone=phones[0],
        next_of_kin="next_of_kin" in (row.get("roles") or ()),
    )


def _employer(row: Row) -> Employer:
    names = {"status": "status", "name": "employer", "phone": "phone", "city": "city"}
    texts = {ours: _text(row, theirs) for ours, theirs in names.items()}
    return Employer(**texts, state=_text(row, "state"))


def _last_guarantor(store: Store, person_id: str) -> Guarantor:
    for visit in reversed(store.find("visit", person_id=person_id)):
        kind = visit.get("guarantor_kind")
        if (
            kind and kind != "employer" and not visit.get("moved_to")
        ):  # an injury at work was an account of its own
            return replace(from_json(Guarantor, visit.get("guarantor") or {}), relation=kind)
    return Guarantor()


def _reason(visit: Row) -> Reason:
    return Reason(
        reason=_text(visit, "reason"),
        patient_class=_text(visit, "class") or "O",
        department=_text(visit, "department_id"),
        clinician=_text(visit, "attending_id"),
        service_date=_text(visit, "service_date"),
        service=_text(visit, "service_code"),
        ordering=_text(visit, "ordering_id") or ("other" if visit.get("ordering") else ""),
        ordering_name=_text(visit.get("ordering") or {}, "name"),
        ordering_npi=_text(visit.get("ordering") or {}, "npi"),
        referring=_text(visit, "referring_id") or ("other" if visit.get("referring") else ""),
        referred_by=_text(visit.get("referring") or {}, "name"),
        referring_npi=_text(visit.get("referring") or {}, "npi"),
        admit_type=_text(visit, "admit_type"),
        point_of_origin=_text(visit, "point_of_origin"),
        diagnoses=_text(visit, "diagnoses"),
    )


def _coverages(store: Store, person_id: str, day: str) -> Coverages:
    """Coverages that were not entered by mistake and had not ended on the day of the visit."""
    rows = [
        row
        for row in store.find("coverage", person_id=person_id)
        if not row.get("retired") and not (row.get("to") and day and row["to"] < day)
    ]
    rows.sort(key=lambda row: (row.get("order") or 99, row["id"]))
    insured = Said.YES if rows else Said.OPEN
    return Coverages(insured=insured, items=tuple(coverage_answer(row) for row in rows))


def coverage_answer(row: Row) -> CoverageAnswer:
    """A stored coverage as an answer."""
    names = (
        "id",
        "payer_id",
        "payer_name",
        "payer_kind",
        "plan_name",
        "plan_type",
        "member_id",
        "group_number",
        "relation",
        "claim_number",
        "injury_date",
    )
    texts = {name: _text(row, name) for name in names}
    holder = row.get("subscriber") or {}
    return CoverageAnswer(
        **texts,  # type: ignore[arg-type]
        from_date=_text(row, "from"),
        to_date=_text(row, "to"),
        subscriber=Subscriber(
            **{name: _text(holder, name) for name in ("last", "first", "dob", "sex", "employer")}
        ),
    )


def _directive(store: Store, person_id: str) -> Directive:
    rows = _said_by(store, "advance_directive", person_id)
    return from_json(Directive, _answers(rows[-1])) if rows else Directive()


def _answers(row: Row) -> Row:
    return {name: value for name, value in row.items() if value is not None}


def _said_by(store: Store, kind: str, person_id: str) -> list[Row]:
    """Facts of a person, those of a visit left out that turned out to be somebody else's."""
    visits = store.find("visit", person_id=person_id)
    moved = {visit["id"] for visit in visits if visit.get("moved_to")}
    return [row for row in store.find(kind, person_id=person_id) if row["visit_id"] not in moved]


def _verified(store: Store, person_id: str, zone: tzinfo) -> tuple[Verified, ...]:
    rows = _said_by(store, "confirmation", person_id)
    return tuple(Verified(row["card"], _day(row["at"], zone), row["by"]) for row in rows)


def _signatures(store: Store, person_id: str, zone: tzinfo) -> tuple[PastSignature, ...]:
    rows = _said_by(store, "signature", person_id)
    return tuple(
        PastSignature(
            FormId(row["form_id"]),
            row["form_version"],
            Outcome(row["outcome"]),
            _day(row["at"], zone),
            row["visit_id"],
        )
        for row in rows
        if row["form_id"] in set(FormId)
    )


def _day(moment: str, zone: tzinfo) -> date:
    return from_iso(moment).astimezone(zone).date()


def _last_accident(store: Store, person_id: str, visit_id: str) -> tuple[Accident, date] | None:
    """The accident answer of the latest other visit that has one, and that visit's day."""
    for visit in reversed(store.find("visit", person_id=person_id)):
        if visit["id"] != visit_id and visit.get("accident") and not visit.get("moved_to"):
            answer = from_json(Accident, visit["accident"])
            return answer, date.fromisoformat(visit["service_date"])
    return None
