"""The patient's receipt as PDF: what IRS substantiation needs, and never more than four digits.

Provider, patient, date of service, description and amount are what a benefit-card administrator
asks for (26 CFR 1.125-6; Notice 2006-69). At most the last five digits of a card and never its
expiry may be printed (15 USC 1681c(g)): four are.
"""

from __future__ import annotations

from dataclasses import dataclass

from workstation.facility.model import Facility
from workstation.kernel.clock import from_iso
from workstation.kernel.money import dollars
from workstation.kernel.unit_of_work import Store
from workstation.papers.receipt_words import LINES, TENDERS, WORDS
from workstation.papers.sheet import Paper, Sheet
from workstation.payments.model import Payment, Tender, payment_from_row

_CARD_ROWS = (
    ("brand", "brand"),
    ("entry_mode", "entry"),
    ("application_label", "application"),
    ("aid", "aid"),
    ("auth_code", "auth"),
    ("arc", "arc"),
    ("tvr", "tvr"),
    ("tsi", "tsi"),
    ("cvm", "cvm"),
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """All that a receipt shows; ``copy`` 1 is the original, ``balance`` is cents or unknown."""

    facility: Facility
    patient: str
    mrn: str | None
    payment: Payment
    service_dates: tuple[str, ...]
    cashier: str
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
        original["receipt_no"] if original else None,
        copy=copy,
    )


def masked(number: str | None) -> str:
    """All but the last four characters hidden; a number of four or fewer is hidden whole."""
    if not number:
        return ""
    return "•" * 4 + (number[-4:] if len(number) > 4 else "")


def receipt_pdf(receipt: Receipt, *, language: str = "en") -> Paper:
    """The receipt in English or Spanish. From the second copy on it is marked as a duplicate."""
    words = WORDS[language]
    payment = receipt.payment
    sheet = Sheet(payment.receipt_no, _LOCALES[language], f"{words['no']} {payment.receipt_no}")
    _head(sheet, receipt, words)
    _who(sheet, receipt, words)
    sheet.rule()
    for line in payment.lines:
        amount = line.amount if payment.refunds is None else -line.amount
        sheet.row(LINES[language][line.kind], dollars(amount), 11)
    sheet.rule()
    total = "total_refund" if payment.refunds else "total"
    sheet.row(words[total], dollars(payment.amount), 13, bold=True)
    _tender(sheet, receipt, words, language)
    _card(sheet, payment, words)
    sheet.gap()
    if receipt.balance is not None:
        sheet.row(words["balance"], dollars(receipt.balance))
    sheet.text(words["keep"], 9)
    return sheet.finished()


_LOCALES = {"en": "en-US", "es": "es-US"}


def _head(sheet: Sheet, receipt: Receipt, words: dict[str, str]) -> None:
    facility = receipt.facility
    sheet.text(facility.name, 16, bold=True)
    state = " ".join(part for part in (facility.state, facility.zip) if part)
    place = (facility.street, facility.city, state)
    sheet.text(", ".join(part for part in place if part), 9)
    known = ((words["phone"], facility.phone), (words["tin"], facility.tin))
    sheet.text(" · ".join(f"{label} {value}" for label, value in known if value), 9)
    sheet.gap()
    sheet.text(words["refund" if receipt.payment.refunds else "receipt"], 14, bold=True)
    if receipt.copy > 1:
        sheet.mark(words["duplicate"])


def _who(sheet: Sheet, receipt: Receipt, words: dict[str, str]) -> None:
    payment = receipt.payment
    taken = from_iso(payment.taken_at).astimezone()
    sheet.pair(words["no"], payment.receipt_no)
    sheet.pair(words["original"], receipt.refunded_receipt or "")
    sheet.pair(words["paid"], f"{taken:%m/%d/%Y %H:%M}")
    sheet.pair(words["service"], ", ".join(_us_date(day) for day in receipt.service_dates))
    sheet.pair(words["patient"], receipt.patient)
    sheet.pair(words["mrn"], masked(receipt.mrn))
    sheet.pair(words["payer"], payment.payer_name or "")
    sheet.pair(words["by"], receipt.cashier)
    sheet.pair(words["reason"], payment.reason or "")


def _tender(sheet: Sheet, receipt: Receipt, words: dict[str, str], language: str) -> None:
    payment = receipt.payment
    label = TENDERS[language][payment.tender]
    if payment.reference:
        label = f"{label} {words['number']} {payment.reference}"
    if payment.tender is Tender.CASH and payment.tendered is not None:
        if payment.rounding:
            sheet.row(words["rounding"], dollars(-payment.rounding))
        sheet.row(words["tendered"], dollars(payment.tendered))
        sheet.row(words["change"], dollars(payment.change), bold=True)
    else:
        sheet.row(label, dollars(payment.amount))
    if payment.refunds and payment.tender in (Tender.CHECK, Tender.MONEY_ORDER):
        sheet.text(words["mailed"], 9)


def _card(sheet: Sheet, payment: Payment, words: dict[str, str]) -> None:
    card = payment.card
    if not card:
        return
    sheet.gap()
    if card.get("last4"):
        sheet.pair(words["card"], f"•••• {str(card['last4'])[-4:]}", 9)
    for fact, label in _CARD_ROWS:
        value = str(card.get(fact) or "").replace("_", " ")
        sheet.pair(words[label], value, 9)


def _us_date(day: str) -> str:
    year, month, date = day.split("-")
    return f"{month}/{date}/{year}"
