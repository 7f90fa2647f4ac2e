"""From a person and a coverage to a 270, and from the reply to the answer about that person."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from workstation.eligibility.connector import EligibilityConnector
from workstation.eligibility.model import Answer, BenefitFile
from workstation.eligibility.reading import read_benefits
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.kernel.phrases import phrase
from workstation.payers.directory import payer_directory
from workstation.payers.model import PayerKind
from workstation.payers.requirements import NEVER_ASKED, PAYS_ONLY_ACCIDENT
from workstation.x12.inquiry import Envelope, Inquiry, Insured, Party, build_270

_CALLED = {
    PayerKind.WORKERS_COMP: "workers' compensation",
    PayerKind.AUTO: "auto insurance",
    PayerKind.VA: "Veterans Affairs care",
    PayerKind.EMPLOYER_PAID: "an employer's own account",
    PayerKind.SELF_PAY: "self-pay",
}
_BY_CLAIM = "Call the adjuster with the claim number, and leave the health plan out of it."


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the hospital's name and NPI, and how the clearinghouse knows us."""

    name: str
    npi: str
    sender: str = "PORTICO"
    receiver: str = "CLEARINGHOUSE"


def may_ask(visit: Mapping[str, Any] | None, coverage: Mapping[str, Any]) -> None:
    """Raises Refused where this coverage's payer must not be asked about this visit.

    A patient who pays in full may forbid telling the plan (45 CFR 164.522(a)(1)(vi)); what an
    employer pays for, and workers' compensation, never goes to a health plan.
    """
    forbid_unbilled(visit, coverage)
    visit = visit or {}
    if visit.get("employer_paid"):
        raise Refused(
            "employer_paid",
            "The employer pays for this visit, so no health plan is told of it.",
            "Go on without asking.",
        )
    kind = payer_directory().kind_of(
        coverage.get("payer_kind"), coverage.get("payer_id"), coverage.get("payer_name")
    )
    if kind in NEVER_ASKED:
        raise Refused(
            "payer_not_asked",
            phrase(
                "This coverage is {kind}; it is not asked about benefits.",
                kind=phrase(_CALLED[kind]),
            ),
            _BY_CLAIM if kind in PAYS_ONLY_ACCIDENT else "Go on without asking.",
        )
    accident = visit.get("accident")
    if isinstance(accident, Mapping) and accident.get("kind") == "work":
        raise Refused(
            "work_injury",
            "The injury happened at work, so no health plan is told of it.",
            "Enter the workers' compensation claim.",
        )
    if coverage.get("eligibility_supported") is False:
        raise Refused(
            "not_supported",
            "This payer does not answer electronically.",
            "Call the payer and write down who said what.",
        )


def forbid_unbilled(visit: Mapping[str, Any] | None, coverage: Mapping[str, Any]) -> None:
    """Raises Refused ``do_not_bill`` where the plan must not hear of the visit in any way."""
    if (visit or {}).get("do_not_bill") or coverage.get("do_not_bill"):
        raise Refused(
            "do_not_bill",
            "The patient asked not to involve this insurer, so it is not asked.",
            "Go on with the self-pay estimate.",
        )


def inquiry_for(
    person: Mapping[str, Any],
    coverage: Mapping[str, Any],
    service_date: date,
    service_types: Sequence[str],
    asker: Asker,
    *,
    in_full: bool = False,
    referring_npi: str = "",
) -> Inquiry:
    """The question: the subscriber alone, or the subscriber with the patient as dependent.

    Member id, names and birth date are all that a payer goes by; whatever else is sent is one
    thing more to be refused for. ``in_full`` adds sex, middle name, suffix, group number and who
    referred (``referring_npi``), for payers that said they need more. Raises NotUnderstood
    (``field`` names it) where something that every payer needs is missing.
    """
    patient = _insured(person, in_full)
    relation = coverage.get("relation") or "self"
    holder = coverage.get("subscriber")
    payer = Party(
        str(coverage.get("payer_name") or coverage.get("payer_id") or ""),
        str(coverage.get("payer_id") or ""),
        "PI",
    )
    provider = Party(asker.name, asker.npi, "XX")
    member_id = str(coverage.get("member_id") or "")
    group = str(coverage.get("group_number") or "") if in_full else ""
    asked = service_date, None, tuple(service_types), referring_npi if in_full else ""
    question = Inquiry(payer, provider, patient, *asked)
    if relation == "self" or not isinstance(holder, Mapping):
        subscriber = replace(patient, member_id=member_id, group_number=group)
        return replace(question, subscriber=subscriber)
    subscriber = replace(_insured(holder, in_full), member_id=member_id, group_number=group)
    return replace(question, subscriber=subscriber, dependent=patient)


def _insured(person: Mapping[str, Any], in_full: bool) -> Insured:
    dob = person.get("dob")
    try:
        born = date.fromisoformat(str(dob)) if dob else None
    except ValueError:
        raise NotUnderstood(
            "inquiry_incomplete", "The date of birth is not a date.", "Correct it.", field="dob"
        ) from None
    least = Insured(str(person.get("last") or ""), str(person.get("first") or ""), born)
    if not in_full:
        return least
    return replace(
        least,
        middle=str(person.get("middle") or ""),
        suffix=str(person.get("suffix") or ""),
        sex=person.get("sex"),
    )


def question_digest(inquiry: Inquiry) -> str:
    """What makes two questions the same: payer, people, day and service types; a SHA-256."""
    text = repr((inquiry.payer.id, inquiry.subscriber, inquiry.dependent))
    text += repr((inquiry.service_date, sorted(inquiry.service_types), inquiry.provider.id))
    text += inquiry.referring_npi
    return hashlib.sha256(text.encode()).hexdigest()


def envelope_for(asker: Asker, at: datetime) -> Envelope:
    """A fresh envelope; its trace comes back in TRN02 and says nothing about anyone."""
    control = secrets.randbelow(999_999_999) + 1
    return Envelope(asker.sender, asker.receiver, control, uuid.uuid4().hex[:20].upper(), at)


def send(
    connector: EligibilityConnector, inquiry: Inquiry, asker: Asker, at: datetime
) -> tuple[str, BenefitFile]:
    """Asks now, on this thread: the raw 271 and what it says. Raises OutsideSilent."""
    envelope = envelope_for(asker, at)
    raw = connector.ask(build_270(inquiry, envelope), str(uuid.uuid4()), envelope.trace)
    return raw, read_benefits(raw, inquiry.service_date, inquiry.service_types)


def answer_about(file: BenefitFile, inquiry: Inquiry) -> Answer | None:
    """The answer about the patient asked for: the dependent's, else the subscriber's.

    The trace already bound the reply to the question; among several people of one reply the one
    with the same birth date is taken, never by name alone.
    """
    wanted = inquiry.dependent or inquiry.subscriber
    depends = inquiry.dependent is not None
    fitting = [
        answer
        for answer in file.answers
        if answer.patient.dob in (None, wanted.dob) and (answer.is_dependent == depends)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if len(file.answers) == 1:
        return file.answers[0]
    firsts = [a for a in fitting if (a.patient.first or "").casefold() == wanted.first.casefold()]
    return firsts[0] if len(firsts) == 1 else None


def ask_once(
    connector: EligibilityConnector,
    asker: Asker,
    payer: str,
    person: Insured,
    on: date,
    service_types: Sequence[str],
    npi: str | None = None,
) -> BenefitFile:
    """One question from the command line, without a store. Raises OutsideSilent, NotUnderstood."""
    provider = Party(asker.name, npi or asker.npi, "XX")
    inquiry = Inquiry(Party(payer, payer, "PI"), provider, person, on, None, tuple(service_types))
    return send(connector, inquiry, asker, datetime.now(UTC))[1]
