"""Plain words for conflicts, work items and pages: nobody reads a column name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from ui.wall_clock import local
from ui.words import say
from workstation.interview.flow import CHECK_IN
from workstation.interview.model import PageId
from workstation.kernel.clock import from_iso
from workstation.kernel.phrases import said_again
from workstation.sync.waiting import WaitingKind, WaitingRow

FIELDS = {
    "last": "Last name",
    "first": "First name",
    "middle": "Middle name",
    "suffix": "Suffix",
    "preferred_name": "Name to use",
    "previous_last": "Earlier last name",
    "dob": "Birth date",
    "sex": "Sex",
    "ssn": "SSN",
    "mrn": "MRN",
    "provisional_mrn": "Provisional MRN",
    "street": "Street",
    "city": "City",
    "state": "State",
    "zip": "ZIP code",
    "phones": "Phones",
    "phone_uses": "Phones are for",
    "email": "E-mail",
    "language": "Language",
    "interpreter": "Interpreter",
    "confidential_address": "Confidential address",
    "payer_id": "Payer ID",
    "payer_name": "Payer",
    "payer_kind": "Kind of payer",
    "plan_name": "Plan",
    "plan_type": "Type of plan",
    "member_id": "Member ID",
    "group_number": "Group number",
    "relation": "Patient is to the subscriber",
    "subscriber": "Subscriber",
    "order": "Order of paying",
    "from": "Begins",
    "to": "Ends",
    "claim_number": "Claim number",
    "injury_date": "Date of injury",
    "do_not_bill": "Not to be billed",
    "retired": "Entered by mistake",
    "person_id": "Person",
    "class": "Patient class",
    "lock": "Emergency lock",
    "asks_emergency_care": "Asks for emergency care",
    "department_id": "Department",
    "guarantor_kind": "Guarantor is",
    "guarantor_person_id": "Guarantor",
    "guarantor": "Guarantor",
    "payer_order": "Order of payers",
    "employer_paid": "Paid by the employer",
    "accident": "Accident",
    "reason": "Reason of the visit",
}
_THINGS = {
    "person": "Two desks disagree about the person",
    "coverage": "Two desks disagree about the coverage",
    "visit": "Two desks disagree about the visit",
}
_COMMANDS = {
    "register_patient": "A registration",
    "revise_demographics": "A correction of the person",
    "add_coverage": "A coverage",
    "revise_coverage": "A correction of the coverage",
    "open_visit": "A visit",
    "record_payment": "A payment",
    "refund_payment": "A refund",
    "merge_people": "A merge of two charts",
    "record_signature": "A signature",
    "settle_work_item": "A settled item",
    "resolve_conflict": "A settled conflict",
}
_ITEMS = {
    "eligibility_rejected": "The payer refused the question",
    "payment_never_answered": "A card payment never answered",
    "payment_unknown": "A card payment is not known to have happened",
    "payment_answer_differs": "The processor's answer differs from what was asked",
    "payment_refund_if_found": "A card payment may have to be given back",
    "payment_card_number_dropped": "A card number was removed from a terminal's answer",
    "payer_follow_up": "A payer promised something",
    "receipt_not_emailed": "A receipt could not be e-mailed",
}


def field_words(name: str) -> str:
    """A field as a person calls it."""
    return say(FIELDS.get(name, name.replace("_", " ").capitalize()))


def value_words(name: str, value: Any) -> str:
    """A value as it is read: dates in words, lists joined, nothing as "empty"."""
    if value is None or value in ("", [], {}):
        return say("empty")
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, Mapping):
        return ", ".join(value_words(name, part) for part in value.values() if part)
    if isinstance(value, list):
        return ", ".join(value_words(name, part) for part in value)
    text = str(value)
    if name == "ssn":
        return f"•••-••-{text[-4:]}"
    return day_words(text) or text


def day_words(text: str) -> str:
    """``03 Mar 1985`` for an ISO date; empty for what is none."""
    try:
        return f"{date.fromisoformat(text):%d %b %Y}" if len(text) == 10 else ""
    except ValueError:
        return ""


def about_words(row: WaitingRow) -> str:
    """What it is about, in one line."""
    if row.kind is WaitingKind.CONFLICT:
        return say(_THINGS.get(row.about, "Two desks disagree"))
    if row.kind is WaitingKind.DOWNTIME:
        return say("Downtime of {desk}: look and sign", desk=row.source)
    if row.kind is WaitingKind.DRAFT:
        return say(
            "Check-in in progress, at {page}", page=say(CHECK_IN.pages[PageId(row.about)].title)
        )
    known = _ITEMS.get(row.about)
    return say(known) if known else row.about.replace("_", " ").capitalize()


def detail_words(row: WaitingRow) -> str:
    """What is at stake: the fields in conflict, or what the payer said."""
    if row.kind is WaitingKind.CONFLICT:
        names = ", ".join(field_words(name) for name in row.detail.get("fields", ()))
        return say("{fields} · waits from {desk}", fields=names, desk=row.source)
    if row.kind is WaitingKind.DOWNTIME:
        counts = {name: len(row.detail[name]) for name in ("people", "visits", "payments")}
        return say("{people} registered · {visits} visits · {payments} payments", **counts)
    return say(said_again(row.detail.get("said") or row.detail.get("say")))


def why_words(row: WaitingRow) -> str:
    """When the change that waits was made, and the reason that was given for it."""
    made, reason = row.detail.get("waits_at"), row.detail.get("waits_reason")
    if not made:
        return ""
    when = f"{local(from_iso(made)):%d %b %Y, %H:%M}"
    if not reason:
        return say("What waits was written {when}.", when=when)
    return say("What waits was written {when}: {reason}", when=when, reason=reason)


def kind_words(row: WaitingRow) -> tuple[str, str, str]:
    """The first column: word, icon, tone."""
    return {
        WaitingKind.CONFLICT: (say("Conflict"), "git-merge", "stop"),
        WaitingKind.DOWNTIME: (say("Downtime"), "cloud-off", "warn"),
        WaitingKind.ITEM: (say("To settle"), "triangle-alert", "warn"),
        WaitingKind.DRAFT: (say("My check-in"), "pencil", "accent"),
    }[row.kind]


def person_words(row: WaitingRow) -> str:
    """``OKAFOR, Maria``; a person not on this desk yet is said so."""
    if row.kind is WaitingKind.DOWNTIME:
        return spell_words(row.detail["began_at"], row.detail["ended_at"])
    name = ", ".join(part for part in (row.last.upper(), row.first) if part)
    return name or say("New patient")


def facts_words(row: WaitingRow) -> str:
    """Two identifiers: birth date and MRN."""
    mrn = f"MRN {row.mrn}" if row.mrn else ""
    return " · ".join(part for part in (day_words(row.dob), mrn) if part)


def spell_words(began_at: str, ended_at: str) -> str:
    """``23 Nov 2026, 10:32 to 11:58``; both days where there are two."""
    began, ended = local(from_iso(began_at)), local(from_iso(ended_at))
    last = f"{ended:%H:%M}" if began.date() == ended.date() else f"{ended:%d %b %Y}, {ended:%H:%M}"
    return say("{began} to {ended}", began=f"{began:%d %b %Y}, {began:%H:%M}", ended=last)


def command_words(command: str) -> str:
    """What a command was to do."""
    return say(_COMMANDS.get(command, "A change"))


def since_words(row: WaitingRow, now: datetime) -> str:
    """``10:32, 4 min ago``, or the day where it is longer ago."""
    if row.since is None:
        return ""
    minutes = max(0, int((now - row.since).total_seconds() // 60))
    since = local(row.since)
    if minutes < 60:
        return say("{time}, {n} min ago", time=f"{since:%H:%M}", n=minutes)
    if since.date() == local(now).date():
        return f"{since:%H:%M}"
    return f"{since:%d %b}"
