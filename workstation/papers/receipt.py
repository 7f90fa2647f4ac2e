"""The patient's receipt as PDF: what IRS substantiation needs, and never more than four digits.

Provider, patient, date of service, description and amount are what a benefit-card administrator
asks for (26 CFR 1.125-6; Notice 2006-69). At most the last five digits of a card and never its
expiry may be printed (15 USC 1681c(g)): four are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workstation.facility.model import Facility
from workstation.kernel.clock import from_iso
from workstation.kernel.money import dollars
from workstation.kernel.phrases import translated
from workstation.kernel.unit_of_work import Store
from workstation.papers.sheet import Paper, Sheet
from workstation.payments.model import (
    LINE_WORDS,
    TENDER_WORDS,
    Payment,
    Tender,
    payment_from_row,
)

_CARD_ROWS = {
    "brand": "Brand",
    "funding": "Funding",
    "entry_mode": "Entry",
    "application_label": "Application",
    "aid": "AID",
    "account_type": "Account",
    "auth_code": "Approval code",
    "arc": "Response",
    "cryptogram": "Cryptogram",
    "tvr": "TVR",
    "tsi": "TSI",
    "cvm": "Verification",
}
"""What of the card's facts a receipt shows (EMV and card scheme rules); codes stay as they are."""
_SAID = {
    "contactless_emv": "contactless",
    "contactless_magstripe_mode": "contactless",
    "contact_emv": "chip",
    "magnetic_stripe_track2": "swiped",
    "magnetic_stripe_fallback": "swiped",
    "credit": "credit",
    "debit": "debit",
    "prepaid": "prepaid",
    "signature": "signature",
    "offline_pin": "PIN",
    "online_pin": "PIN",
    "offline_pin_and_signature": "PIN and signature",
    "failure": "none",
    "approval": "none",
}
"""The processor's words for how a card was read, paid and verified, in ours."""
_BRANDS = {
    "amex": "American Express",
    "diners": "Diners Club",
    "discover": "Discover",
    "jcb": "JCB",
    "mastercard": "Mastercard",
    "unionpay": "UnionPay",
    "visa": "Visa",
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that a receipt shows; ``copy`` 1 is the original, ``balance`` is cents or unknown."""

    facility: Facility
    patient: str
    mrn: str | None
    payment: Payment
    service_dates: tuple[str, ...]
    cashier: str
    care: str = ""
    """What the care was, which the administrator of an HSA or FSA asks for; not of a sensitive
    visit."""
    refunded_receipt: str | None = None
    balance: int | None = None
    copy: int = 1


def receipt_of(
    store: Store, payment_id: str, facility: Facility, cashier: str, *, copy: int = 1
) -> Receipt:
    """Gathers a receipt from the store. Raises LookupError for a payment that is not there."""
    row = store.get("payment", payment_id)
    if row is None:
        raise LookupError("no such payment")
    payment = payment_from_row(row)
    person = store.get("person", payment.person_id) or {}
    names = [person.get(part) for part in ("first", "middle", "last", "suffix")]
    visits = sorted({line.visit_id for line in payment.lines if line.visit_id})
    found = [store.get("visit", visit_id) for visit_id in visits]
    original = store.get("payment", payment.refunds) if payment.refunds else None
    return Receipt(
        facility,
        " ".join(name for name in names if name),
        person.get("mrn"),
        payment,
        tuple(sorted({visit["service_date"] for visit in found if visit})),
        cashier,
        ", ".join(dict.fromkeys(words for visit in found if (words := _care(visit)))),
        original["receipt_no"] if original else None,
        copy=copy,
    )


def _care(visit: Mapping[str, Any] | None) -> str:
    return str(visit["service"] or "") if visit and not visit["sensitive"] else ""


def masked(number: str | None) -> str:
    """All but the last four characters hidden; a number of four or fewer is hidden whole."""
    if not number:
        return ""
    return "•" * 4 + (number[-4:] if len(number) > 4 else "")


def receipt_pdf(receipt: Receipt, *, language: str = "en") -> Paper:
    """The receipt in English or Spanish. From the second copy on it is marked as a duplicate."""
    return _Page(receipt, language).drawn()


class _Page:
    """One receipt as it is written down the page."""

    def __init__(self, receipt: Receipt, language: str) -> None:
        self._receipt, self._payment = receipt, receipt.payment
        self._language = language
        number = receipt.payment.receipt_no
        self._sheet = Sheet(number, f"{language}-US", f"{self._say('Receipt no.')} {number}")

    def _say(self, words: str, **values: object) -> str:
        return translated(words, self._language, **values)

    def drawn(self) -> Paper:
        sheet, say = self._sheet, self._say
        self._head()
        self._who()
        sheet.rule()
        sign = 1 if self._payment.refunds is None else -1
        for line in self._payment.lines:
            sheet.row(say(LINE_WORDS[line.kind]), dollars(sign * line.amount), 11)
        sheet.rule()
        total = "Total refunded" if self._payment.refunds else "Total paid"
        sheet.row(say(total), dollars(self._payment.amount), 13, bold=True)
        self._tender()
        self._card()
        sheet.gap()
        if self._receipt.balance is not None:
            sheet.row(say("Balance"), dollars(self._receipt.balance))
        sheet.text(say("Please keep this receipt for your records and for your HSA or FSA."), 9)
        return sheet.finished()

    def _head(self) -> None:
        facility, sheet, say = self._receipt.facility, self._sheet, self._say
        sheet.text(facility.name, 16, bold=True)
        state = " ".join(part for part in (facility.state, facility.zip) if part)
        place = (facility.street, facility.city, state)
        sheet.text(", ".join(part for part in place if part), 9)
        known = ((say("Phone"), facility.phone), (say("Tax ID"), facility.tin))
        sheet.text(" · ".join(f"{label} {value}" for label, value in known if value), 9)
        sheet.gap()
        sheet.text(say("Refund" if self._payment.refunds else "Receipt"), 14, bold=True)
        if self._receipt.copy > 1:
            sheet.mark(say("DUPLICATE"))

    def _who(self) -> None:
        receipt, payment, say = self._receipt, self._payment, self._say
        taken = receipt.facility.local(from_iso(payment.taken_at))
        back = payment.refunds is not None
        dated = say("Date of refund") if back else say("Date of payment")
        days = ", ".join(_us_date(day) for day in receipt.service_dates)
        for label, value in (
            (say("Receipt no."), payment.receipt_no),
            (say("Refund of receipt"), receipt.refunded_receipt),
            (dated, f"{taken:%m/%d/%Y %H:%M}"),
            (say("Date of service"), days),
            (say("Care"), receipt.care),
            (say("Patient"), receipt.patient),
            (say("Medical record no."), masked(receipt.mrn)),
            (say("Paid by"), payment.payer_name),
            (say("Given back by") if back else say("Taken by"), receipt.cashier),
            (say("Reason"), say(payment.reason or "")),
        ):
            self._sheet.pair(label, value or "")

    def _tender(self) -> None:
        payment, sheet, say = self._payment, self._sheet, self._say
        if payment.tender is Tender.CASH and payment.tendered is not None:
            if payment.rounding:
                sheet.row(say("Cash rounding"), dollars(-payment.rounding))
            sheet.row(say("Cash received"), dollars(payment.tendered))
            sheet.row(say("Change given"), dollars(payment.change), bold=True)
        else:
            label = say(TENDER_WORDS[payment.tender])
            if payment.reference:
                label = say("{tender} no. {number}", tender=label, number=payment.reference)
            sheet.row(label, dollars(payment.amount))
        if payment.refunds and payment.tender in (Tender.CHECK, Tender.MONEY_ORDER):
            sheet.text(say("The refund is mailed as a check."), 9)

    def _card(self) -> None:
        card = self._payment.card
        if not card:
            return
        self._sheet.gap()
        if card.get("last4"):
            self._sheet.pair(self._say("Card"), f"•••• {str(card['last4'])[-4:]}", 9)
        for fact, label in _CARD_ROWS.items():
            value = str(card.get(fact) or "")
            said = self._say(_SAID[value]) if value in _SAID else value.replace("_", " ")
            words = _BRANDS.get(value, said)
            self._sheet.pair(self._say(label), words, 9)


def _us_date(day: str) -> str:
    year, month, date = day.split("-")
    return f"{month}/{date}/{year}"
