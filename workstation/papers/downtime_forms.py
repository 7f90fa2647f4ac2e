"""Paper for a desk that has no computer: the day's list, registration, consent, payments.

Printed beforehand or while the desk still runs; what is written on them is entered afterwards.
Labels are in English and Spanish together, because nobody can know who will fill in a blank form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workstation.facility.model import Facility
from workstation.kernel.phrases import translated
from workstation.papers.consents import form_on
from workstation.papers.model import FormId
from workstation.papers.sheet import Paper, Sheet

LABELS = (
    *("Downtime: today's list", "Downtime: registration", "Downtime: payments taken"),
    *("Written on (date, time)", "Written by", "Entered in Portico (date, time, by)"),
    *("Last name", "First name", "Middle name", "Birth date", "Sex", "SSN", "MRN", "Visit"),
    *("Street", "City", "State", "ZIP code", "Phone", "E-mail", "Language", "Interpreter"),
    *("Reason of the visit", "Accident", "Date of injury", "Guarantor", "Payer", "Plan"),
    *("Member ID", "Group number", "Subscriber"),
    *("In an emergency call", "Relation", "Signature", "Printed name", "Date and time", "Witness"),
    *("Patient", "Time", "Arrived at", "For what", "Cash, check or card", "Amount", "Receipt no."),
    *("Taken by", "Department"),
)
"""Everything that stands over a line, said in both languages."""

_HOW = (
    "Write the date and time on every paper: they are entered with it later.",
    "Emergency: take name and contact only; ask for no money before the screening exam.",
    "Take no card numbers on paper. Keep these papers locked away until they are entered.",
)
_SPANISH = "es"
_PAYMENTS_ON_A_PAGE = 18


@dataclass(frozen=True, slots=True)
class ExpectedPatient:
    """One patient of the day as the list and a prefilled registration show them; words only."""

    time: str
    name: tuple[str, str, str]
    """Last, first and middle name."""
    born: str
    sex: str
    mrn: str
    visit: str
    department: str
    reason: str = ""
    """Empty for a sensitive visit: paper lies about."""
    arrived: str = ""


def downtime_forms(
    facility: Facility, at: datetime, expected: Sequence[ExpectedPatient], *, prefilled: bool
) -> Paper:
    """The set of a day, as known ``at``: list, blank registration, consents, payment log.

    ``prefilled`` adds a registration for each patient of the list. Raises Refused
    ``form_not_in_force`` where the day has no consent form.
    """
    here = facility.local(at)
    sheet = Sheet(
        "Downtime forms", "en-US", f"{facility.name}   as of {here:%d %b %Y %H:%M}   CONFIDENTIAL"
    )
    _list(sheet, facility, here, expected)
    sheet.page()
    _registration(sheet, facility, None)
    for patient in expected if prefilled else ():
        sheet.page()
        _registration(sheet, facility, patient)
    for language in ("en", "es"):
        sheet.page()
        _consent(sheet, facility, here, language)
    sheet.page()
    _payments(sheet, facility)
    return sheet.finished()


def _both(label: str) -> str:
    spanish = translated(label, _SPANISH)
    return label if spanish == label else f"{label} / {spanish}"


def _blanks(sheet: Sheet, *labels: str, **known: str) -> None:
    """``known`` by the label's first word in small letters."""
    sheet.blanks(*((_both(label), known.get(label.split()[0].lower(), "")) for label in labels))


def _head(sheet: Sheet, facility: Facility, title: str) -> None:
    sheet.text(facility.name, 11)
    sheet.text(_both(title), 15, bold=True)
    sheet.gap()


def _list(
    sheet: Sheet, facility: Facility, here: datetime, expected: Sequence[ExpectedPatient]
) -> None:
    _head(sheet, facility, "Downtime: today's list")
    sheet.text(f"{here:%d %b %Y, %H:%M}", 11, bold=True)
    for words in _HOW:
        sheet.text(words, 9)
    sheet.gap()
    heads = (("Time", 5), ("Patient", 15), ("Birth date", 9), ("MRN", 7), ("Visit", 10))
    rows = [
        (one.time, _full(one), one.born, one.mrn, one.visit, one.department, one.arrived)
        for one in expected
    ]
    sheet.table(
        [(_both(label), share) for label, share in (*heads, ("Department", 11), ("Arrived at", 7))],
        rows or [("",) * 7] * 12,
    )


def _full(patient: ExpectedPatient) -> str:
    last, first, middle = patient.name
    given = " ".join(part for part in (first, middle) if part)
    return ", ".join(part for part in (last.upper(), given) if part)


def _registration(sheet: Sheet, facility: Facility, patient: ExpectedPatient | None) -> None:
    _head(sheet, facility, "Downtime: registration")
    last, first, middle = patient.name if patient else ("", "", "")
    _blanks(sheet, "Written on (date, time)", "Written by")
    _blanks(sheet, "Last name", "First name", "Middle name", last=last, first=first, middle=middle)
    known = {"birth": patient.born, "sex": patient.sex, "mrn": patient.mrn} if patient else {}
    _blanks(sheet, "Birth date", "Sex", "SSN", "MRN", **known)
    _blanks(sheet, "Street", "City")
    _blanks(sheet, "State", "ZIP code", "Phone")
    _blanks(sheet, "E-mail", "Language", "Interpreter")
    _blanks(sheet, "In an emergency call", "Relation", "Phone")
    sheet.gap()
    visit = {"visit": patient.visit, "department": patient.department} if patient else {}
    _blanks(sheet, "Visit", "Department", "Arrived at", **visit)
    _blanks(sheet, "Reason of the visit", reason=patient.reason if patient else "")
    _blanks(sheet, "Accident", "Date of injury", "Guarantor")
    for number in ("1", "2"):
        sheet.gap()
        sheet.text(number, 9, bold=True)
        _blanks(sheet, "Payer", "Plan")
        _blanks(sheet, "Member ID", "Group number")
        _blanks(sheet, "Subscriber", "Birth date", "Relation")
    sheet.gap()
    _blanks(sheet, "Entered in Portico (date, time, by)")


def _consent(sheet: Sheet, facility: Facility, here: datetime, language: str) -> None:
    form = form_on(FormId.CONSENT_TO_TREAT, here.date())
    sheet.text(facility.name, 11)
    sheet.text(form.title[language], 15, bold=True)
    sheet.gap()
    _blanks(sheet, "Patient", "Birth date", "MRN")
    sheet.gap()
    for part in form.body[language]:
        sheet.text(part.format(facility=facility.name), 10.5)
        sheet.gap(5)
    sheet.gap(16)
    _blanks(sheet, "Signature", "Date and time")
    _blanks(sheet, "Printed name", "Relation")
    _blanks(sheet, "Witness", "Interpreter")
    sheet.gap()
    sheet.text(f"{form.id.value} {form.version}", 8)
    _blanks(sheet, "Entered in Portico (date, time, by)")


def _payments(sheet: Sheet, facility: Facility) -> None:
    _head(sheet, facility, "Downtime: payments taken")
    sheet.text(_HOW[1], 9)
    sheet.text(_HOW[2], 9)
    sheet.gap()
    heads = (("Time", 5), ("Patient", 15), ("Birth date", 9), ("For what", 10))
    tender = (("Cash, check or card", 10), ("Amount", 8), ("Receipt no.", 8), ("Taken by", 8))
    labels = [(_both(label), share) for label, share in (*heads, *tender)]
    sheet.table(labels, [("",) * len(labels)] * _PAYMENTS_ON_A_PAGE)
    sheet.gap()
    _blanks(sheet, "Entered in Portico (date, time, by)", "Witness")
