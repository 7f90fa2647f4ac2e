"""What a patient is given while it is not known whether their card was charged."""

from __future__ import annotations

import json
from dataclasses import dataclass

from workstation.facility.model import Facility
from workstation.kernel.clock import from_iso
from workstation.kernel.errors import Refused
from workstation.kernel.money import dollars
from workstation.kernel.phrases import language_of, phrase, translated
from workstation.kernel.unit_of_work import Store
from workstation.papers.receipt import masked
from workstation.papers.sheet import Paper, Sheet
from workstation.payments.model import ATTEMPT_TABLE
from workstation.visits.rules import forbid_money_while_locked

_TOLD = (
    "We could not learn from the card terminal whether your card was charged this amount.",
    "We are asking the card processor. You need to do nothing.",
    "If your card was charged and you paid in another way today, the card is given it back.",
)


@dataclass(frozen=True, slots=True)
class Slip:
    """``title`` is neutral: the print job's name."""

    person_id: str
    title: str
    paper: Paper


def verifying_slip(store: Store, attempt_id: str, facility: Facility) -> Slip:
    """The slip about a card payment in doubt, in the patient's language.

    Raises Refused ``not_found``, and ``emtala_locked`` while nothing of money may be on any paper.
    """
    attempt = store.get(ATTEMPT_TABLE, attempt_id)
    sale = json.loads(attempt["sale"]) if attempt else {}
    visit = store.get("visit", sale.get("visit_id") or "")
    person = store.get("person", sale.get("person_id") or "")
    if attempt is None or visit is None or person is None:
        raise Refused("not_found", "This payment is not on this desk.", "Look it up again.")
    forbid_money_while_locked(store, person["id"], visit["id"])
    language = language_of(person["language"])

    def say(words: str) -> str:
        return translated(words, language)

    number = str(visit["visit_number"])
    at = facility.local(from_iso(attempt["created_at"]))
    names = (person["first"], person["middle"], person["last"], person["suffix"])
    sheet = Sheet(number, f"{language}-US", say(phrase("Visit {number}", number=number)))
    sheet.text(facility.name, 16, bold=True)
    if facility.phone:
        sheet.text(f"{say('Phone')} {facility.phone}", 9)
    sheet.gap()
    sheet.text(say("Card payment being verified"), 14, bold=True)
    sheet.pair(say("Patient"), " ".join(name for name in names if name))
    sheet.pair(say("Medical record no."), masked(person["mrn"]))
    sheet.pair(say("Visit"), number)
    sheet.pair(say("Tried at"), f"{at:%m/%d/%Y %H:%M}")
    sheet.rule()
    sheet.row(say("Amount asked of the card"), dollars(attempt["asked_cents"]), 13, bold=True)
    sheet.rule()
    for words in _TOLD:
        sheet.text(say(words), 11)
        sheet.gap(3)
    if facility.phone:
        sheet.text(say(phrase("Questions: {phone}.", phone=facility.phone)), 11)
    return Slip(person["id"], number, sheet.finished())
