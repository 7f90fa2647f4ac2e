"""The draft: everything a check-in may answer, as frozen typed sections with text as it was typed.

A text answer is ``""`` while it is open. Dates are ISO text once understood and stay as typed
until then, so that leaving a half-typed field loses nothing. Nothing here is a fact yet: facts are
made of a draft by ``workstation.interview.use_cases``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

DRAFT_VERSION = 1
"""Version of the written draft; ``codec`` reads this one and ignores keys it does not know."""


class Said(StrEnum):
    """An answer to a yes-or-no question. ``OPEN`` was not asked, ``UNKNOWN`` was asked."""

    OPEN = ""
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class PageId(StrEnum):
    """The pages of the check-in, in the order in which they are asked."""

    IDENTITY = "identity"
    REASON = "reason"
    WHAT_CHANGED = "what_changed"
    CONTACT = "contact"
    ABOUT = "about"
    PEOPLE = "people"
    COVERAGE = "coverage"
    MEDICARE = "medicare"
    GUARANTOR = "guarantor"
    PAPERS = "papers"
    BENEFITS = "benefits"
    PAY = "pay"


class Verdict(StrEnum):
    """What was said of a card on the page *What changed?*."""

    OPEN = ""
    KEPT = "kept"
    """Enter went past it: confirmed lately, and nobody was asked today."""
    SAME = "same"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who it is. ``identified_by`` says how: stated name and birth date, or an ID that was seen."""

    last: str = ""
    first: str = ""
    middle: str = ""
    suffix: str = ""
    name_to_use: str = ""
    dob: str = ""
    sex: str = ""
    ssn: str = ""
    mrn: str = ""
    """The hospital's number, until there is one the provisional one; never typed here."""
    identified_by: str = ""
    name_unknown: bool = False
    """Emergency only: the person cannot say who they are; an alias stands until they can."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where the person lives; ``no_fixed`` is a person without a fixed address."""

    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    no_fixed: bool = False
    confidential: Said = Said.OPEN
    """Confidential communications, 45 CFR 164.522(b): never shown in lists."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How the person is reached."""

    mobile: str = ""
    home: str = ""
    work: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """USCDI demographics; ``race_ethnicity`` is the combined select-all question (SPD 15, 2024)."""

    race_ethnicity: tuple[str, ...] = ()
    tribal_affiliation: str = ""
    language: str = ""
    interpreter: Said = Said.OPEN
    interpreter_id: str = ""
    previous_names: str = ""
    marital: str = ""
    occupation: str = ""


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """A person to call in an emergency, in the order of the list."""

    id: str = ""
    name: str = ""
    relation: str = ""
    phone: str = ""
    next_of_kin: bool = False
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Employer:
    """Employment of the patient; ``status`` decides whether an employer is asked for."""

    status: str = ""
    name: str = ""
    phone: str = ""
    city: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Guarantor:
    """Who answers for this visit's account: per account, never per person."""

    relation: str = ""
    last: str = ""
    first: str = ""
    dob: str = ""
    phone: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the person is here, in their words, and the class of the visit (E I O P R B)."""

    reason: str = ""
    patient_class: str = "O"
    department: str = ""
    clinician: str = ""
    referred_by: str = ""
    """Who referred, by name, where ``referring`` is nobody of the list."""
    arrived_by: str = ""
    service_date: str = ""
    service: str = ""
    """Code of the price list."""
    ordering: str = ""
    """A clinician's id, or ``other`` with a name and an NPI of its own; ``referring`` likewise."""
    ordering_name: str = ""
    ordering_npi: str = ""
    referring: str = ""
    referring_npi: str = ""
    admit_type: str = ""
    point_of_origin: str = ""
    diagnoses: str = ""
    """ICD-10-CM codes of the order or referral, with commas between."""
    class_reason: str = ""
    """Why the class of an open visit is put right: audited with it."""


@dataclass(frozen=True, slots=True)
class Accident:
    """The accident question, asked afresh at every visit: it decides who pays first."""

    is_accident: Said = Said.OPEN
    kind: str = ""
    date: str = ""
    state: str = ""
    employer: str = ""
    insurer: str = ""
    claim_number: str = ""
    no_fault: Said = Said.OPEN
    liable_party: Said = Said.OPEN


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who holds the coverage, where it is not the patient."""

    last: str = ""
    first: str = ""
    dob: str = ""
    sex: str = ""
    employer: str = ""


@dataclass(frozen=True, slots=True)
class CoverageAnswer:
    """One coverage as answered. ``dropped`` says that the patient no longer has it."""

    id: str = ""
    payer_id: str = ""
    payer_name: str = ""
    payer_kind: str = ""
    plan_name: str = ""
    plan_type: str = ""
    member_id: str = ""
    group_number: str = ""
    relation: str = ""
    subscriber: Subscriber = field(default_factory=Subscriber)
    from_date: str = ""
    to_date: str = ""
    claim_number: str = ""
    injury_date: str = ""
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class Coverages:
    """Coverages in the order in which they pay, and what was asked about them."""

    insured: Said = Said.OPEN
    items: tuple[CoverageAnswer, ...] = ()
    medicare_asked: Said = Said.OPEN
    """Asked of whoever is sixty-five or disabled and has no Medicare on file."""
    do_not_bill: Said = Said.OPEN
    """Paid in full by the patient, 45 CFR 164.522(a)(1)(vi): no 270 is sent."""


@dataclass(frozen=True, slots=True)
class GroupPlan:
    """A group health plan that Medicare must be ordered with."""

    through: str = ""
    employment: str = ""
    employees: str = ""
    multi_employer: Said = Said.OPEN
    multi_employer_largest: str = ""
    small_employer_exception: Said = Said.OPEN


@dataclass(frozen=True, slots=True)
class Msp:
    """The Medicare Secondary Payer questions (CMS Pub. 100-05 ch. 3 §20.2.1, own wording)."""

    answered_by: str = ""
    black_lung: Said = Said.OPEN
    black_lung_visit: Said = Said.OPEN
    research: Said = Said.OPEN
    va: Said = Said.OPEN
    by_age: bool = False
    by_disability: bool = False
    by_esrd: bool = False
    esrd_first: Said = Said.OPEN
    """Whether kidney failure came before the other reason: asked where there are two."""
    entitled_from: str = ""
    patient_work: str = ""
    patient_retired: str = ""
    spouse_work: str = ""
    spouse_retired: str = ""
    family_work: Said = Said.OPEN
    """Another family member's work: asked only where entitlement is by disability."""
    has_group_plan: Said = Said.OPEN
    plan: GroupPlan = field(default_factory=GroupPlan)
    has_second_plan: Said = Said.OPEN
    second_plan: GroupPlan = field(default_factory=GroupPlan)
    dialysis_start: str = ""
    self_training: Said = Said.OPEN
    transplant: str = ""


@dataclass(frozen=True, slots=True)
class Directive:
    """The advance directive, 42 CFR 489.102: asked, never required."""

    has: Said = Said.OPEN
    copy_on_file: Said = Said.OPEN
    wants_information: Said = Said.OPEN


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs today's papers and by what right; ``proof_seen`` names the paper that was shown."""

    right: str = ""
    name: str = ""
    relation: str = ""
    proof_seen: str = ""


@dataclass(frozen=True, slots=True)
class PaperAnswer:
    """What became of one paper: signed, refused, unable or given later; refusals carry a reason."""

    form_id: str
    version: str = ""
    language: str = ""
    outcome: str = ""
    reason: str = ""
    strokes: str = ""
    """Hash of the strokes in the document store."""
    image: str = ""
    """Hash of the drawn signature in the document store."""
    signature_id: str = ""
    """The fact, once recorded."""


@dataclass(frozen=True, slots=True)
class MoneyAnswer:
    """What came of benefits, estimate and payment; the figures live with their own capabilities."""

    estimate_shown: bool = False
    settled: str = ""
    """``paid``, ``nothing_today``, or empty."""
    reason: str = ""
    payment_id: str = ""


@dataclass(frozen=True, slots=True)
class CardVerdict:
    """One card of *What changed?* and what was said of it."""

    card: str
    verdict: Verdict = Verdict.OPEN


@dataclass(frozen=True, slots=True)
class Skip:
    """A question left open, and why: never silent."""

    page: PageId
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A check-in half done: immutable, so that Back and undo are free."""

    id: str = ""
    owner: str = ""
    person_id: str = ""
    visit_id: str = ""
    started_at: str = ""
    identity: Identity = field(default_factory=Identity)
    address: Address = field(default_factory=Address)
    reach: Reach = field(default_factory=Reach)
    about: About = field(default_factory=About)
    contacts: tuple[ContactPerson, ...] = ()
    employer: Employer = field(default_factory=Employer)
    guarantor: Guarantor = field(default_factory=Guarantor)
    reason: Reason = field(default_factory=Reason)
    accident: Accident = field(default_factory=Accident)
    coverages: Coverages = field(default_factory=Coverages)
    msp: Msp = field(default_factory=Msp)
    directive: Directive = field(default_factory=Directive)
    signer: Signer = field(default_factory=Signer)
    papers: tuple[PaperAnswer, ...] = ()
    money: MoneyAnswer = field(default_factory=MoneyAnswer)
    cards: tuple[CardVerdict, ...] = ()
    skips: tuple[Skip, ...] = ()
    started_empty: bool = True
    """No one was on file: every page is asked step by step."""

    def verdict(self, card: str) -> Verdict:
        """What was said of a card of *What changed?*."""
        return next((c.verdict for c in self.cards if c.card == card), Verdict.OPEN)

    def skipped(self, key: str) -> str | None:
        """Why this question was left open, if it was."""
        return next((s.reason for s in self.skips if s.field == key), None)

    def paper(self, form_id: str) -> PaperAnswer:
        """The answer for a paper; an empty one where nothing was said yet."""
        return next((p for p in self.papers if p.form_id == form_id), PaperAnswer(form_id))
