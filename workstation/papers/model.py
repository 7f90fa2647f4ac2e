"""Forms as data, who signs by what right, and the signature as an append-only fact."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workstation.kernel.entities import EntityKind

SIGNATURE = EntityKind("signature", append_only=True)
"""One paper at one visit: signed, refused, unable or handed out; never edited, only followed."""

EMAIL_CONSENT = EntityKind("email_consent", append_only=True)
"""Whether a patient, told that e-mail is not private, wants receipts at an address (45 CFR
164.522(b), 164.312(e)); the newest of an address holds."""


class FormId(StrEnum):
    """The papers of a first check-in. Consent to treatment is apart from everything of money."""

    CONSENT_TO_TREAT = "consent_to_treat"
    PRIVACY_NOTICE_ACK = "privacy_notice_ack"
    RELEASE_OF_INFORMATION = "release_of_information"
    ASSIGNMENT_OF_BENEFITS = "assignment_of_benefits"
    SURPRISE_BILLING_NOTICE = "surprise_billing_notice"
    FINANCIAL_ASSISTANCE_SUMMARY = "financial_assistance_summary"
    FINANCIAL_AGREEMENT = "financial_agreement"


class Right(StrEnum):
    """By what right somebody signs."""

    SELF = "self"
    PARENT = "parent"
    GUARDIAN = "guardian"
    POWER_OF_ATTORNEY = "power_of_attorney"
    CONSENTING_MINOR = "consenting_minor"
    """A minor who may consent alone to this kind of care under the state's law."""
    EMANCIPATED_MINOR = "emancipated_minor"


class Outcome(StrEnum):
    """What became of a paper."""

    SIGNED = "signed"
    GIVEN = "given"
    """Handed out or read to the person; it asks for no signature."""
    REFUSED = "refused"
    UNABLE = "unable"
    LATER = "later"
    """Put off, with the reason: only where care must not wait for it."""


@dataclass(frozen=True, slots=True)
class Form:
    """One version of a form. ``valid_days`` None: until a new version; 0: anew at every visit."""

    id: FormId
    version: str
    effective_from: date
    effective_until: date | None
    order: int
    purpose: str
    of_money: bool
    valid_days: int | None
    asks_signature: bool
    title: Mapping[str, str]
    why: Mapping[str, str]
    body: Mapping[str, tuple[str, ...]]

    def language(self, wished: str) -> str:
        """The language it will be shown in: the wished one where we have its text, else English."""
        return wished if wished in self.body else "en"

    def text(self, language: str, facility: str) -> tuple[str, ...]:
        """The paragraphs as the person reads them."""
        return tuple(part.format(facility=facility) for part in self.body[self.language(language)])

    def text_hash(self, language: str, facility: str) -> str:
        """SHA-256 of exactly what was read: title and paragraphs."""
        shown = "\n".join((self.title[self.language(language)], *self.text(language, facility)))
        return hashlib.sha256(shown.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class PastSignature:
    """An earlier signature of this person, as far as it decides what is due."""

    form_id: FormId
    version: str
    outcome: Outcome
    on: date
    visit_id: str | None = None


@dataclass(frozen=True, slots=True)
class Signing:
    """What the desk reports of one paper; hashes name documents in the document store."""

    person_id: str
    visit_id: str | None
    form_id: FormId
    version: str
    language: str
    outcome: Outcome
    signer: str = ""
    right: Right = Right.SELF
    relation: str = ""
    proof_seen: str = ""
    reason: str = ""
    strokes: str | None = None
    image: str | None = None
    witness: str = ""
    interpreter: str = ""


REASONS: dict[Outcome, tuple[tuple[str, str], ...]] = {
    Outcome.REFUSED: (
        ("disagrees", "Does not agree with it"),
        ("wants_to_read", "Wants to read it first"),
        ("asked_for_someone", "Wants to talk to somebody first"),
        ("no_reason", "Gave no reason"),
    ),
    Outcome.UNABLE: (
        ("too_ill", "Too ill to sign"),
        ("not_oriented", "Not able to understand it now"),
        ("cannot_write", "Cannot write; agreed in words before a witness"),
        ("no_interpreter", "No interpreter yet"),
    ),
    Outcome.LATER: (
        ("emergency", "Emergency: care first"),
        ("representative_coming", "The person who may sign is on the way"),
        ("by_phone", "The person who may sign is to be called"),
    ),
}
"""Reasons that may be given for each outcome that is not a signature."""
