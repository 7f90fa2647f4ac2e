"""The estimate on paper, in the patient's language; without coverage a good-faith estimate.

What a good-faith estimate holds follows 45 CFR 149.610(c)(1): patient with birth date, service and
day, diagnosis codes where the order names them, itemised expected charges with their codes, the
provider with NPI, TIN and place, and the disclaimers on further services, on the right to dispute,
and that it is no contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workstation.estimates.answer import Estimate
from workstation.facility.model import Facility
from workstation.kernel.money import dollars
from workstation.kernel.phrases import phrase, translated
from workstation.papers.receipt import masked
from workstation.papers.sheet import Paper, Sheet

_PARTS = {
    "deductible": "Deductible",
    "copay": "Copay",
    "coinsurance": "Coinsurance",
    "noncovered": "Not covered by the plan",
    "balance_bill": "Beyond the plan's price",
}
_ALWAYS = "This is only an estimate; your bill may differ. It is not a contract."
_OTHERS = "Clinicians who take part, such as for radiology or anesthesia, may bill apart."
_HELP = "If paying is hard, we can look for help with you. You may ask at any time."
_INSURED = (
    "Your plan decides what it pays. Bills of other visits that reach it first may change this."
)
_GOOD_FAITH = (
    "There may be further services that we recommend as part of your care; they are scheduled "
    "and estimated apart.",
    "You may ask for care elsewhere: this estimate does not oblige you to have it here.",
    "If you are billed 400 dollars or more above this estimate, you may dispute the bill within "
    "120 days of it: cms.gov/nosurprises, 1-800-985-3059.",
)


@dataclass(frozen=True, slots=True)
class EstimatedService:
    """One line of the price list as the paper names it; ``charge`` is listed, in cents."""

    code: str
    label: str
    charge: int


@dataclass(frozen=True, slots=True)
class EstimatePaper:
    """All that the paper shows. ``payer`` is empty where the patient pays without a plan."""

    facility: Facility
    patient: str
    born: str
    mrn: str | None
    visit_number: str
    service_date: str
    services: tuple[EstimatedService, ...]
    estimate: Estimate
    payer: str = ""
    diagnoses: str = ""
    """ICD-10-CM codes as the order names them; empty where it names none."""
    given_on: str = ""
    given_by: str = ""
    unsure: str = ""
    """Why it is a range, or what could still make it less."""


def estimate_pdf(paper: EstimatePaper, *, language: str = "en") -> Paper:
    """The estimate in English or Spanish."""
    return _Page(paper, language).drawn()


class _Page:
    """One estimate as it is written down the page."""

    def __init__(self, paper: EstimatePaper, language: str) -> None:
        self._paper, self._language = paper, language
        number = paper.visit_number
        self._sheet = Sheet(number, f"{language}-US", f"{self._say('Estimate')} {number}")

    def _say(self, words: str, **values: object) -> str:
        return translated(words, self._language, **values)

    def drawn(self) -> Paper:
        sheet, say = self._sheet, self._say
        self._head()
        sheet.rule()
        for service in self._paper.services:
            listed = say("listed at {charge}", charge=dollars(service.charge))
            sheet.row(f"{service.label} ({service.code})", listed, 11)
        self._figures()
        sheet.rule()
        sheet.row(say("You would owe"), self._total(), 13, bold=True)
        if self._paper.unsure:
            sheet.text(say(self._paper.unsure), 9)
        sheet.gap()
        sheet.text(say("How it was worked out"), 10, bold=True)
        for step in self._steps():
            sheet.text(say(step), 9)
        sheet.rule()
        for words in self._disclaimers():
            sheet.text(say(words), 9)
            sheet.gap(3)
        return sheet.finished()

    def _head(self) -> None:
        paper, sheet, say = self._paper, self._sheet, self._say
        facility = paper.facility
        sheet.text(facility.name, 16, bold=True)
        state = " ".join(part for part in (facility.state, facility.zip) if part)
        place = (facility.street, facility.city, state)
        sheet.text(", ".join(part for part in place if part), 9)
        known = (
            (say("Phone"), facility.phone),
            ("NPI", facility.npi),
            (say("Tax ID"), facility.tin),
        )
        sheet.text(" · ".join(f"{label} {value}" for label, value in known if value), 9)
        sheet.gap()
        title = say("Estimate of your part") if paper.payer else say("Good-faith estimate")
        sheet.text(title, 14, bold=True)
        for label, value in (
            (say("Patient"), paper.patient),
            (say("Date of birth"), paper.born),
            (say("Medical record no."), masked(paper.mrn)),
            (say("Date of service"), paper.service_date),
            (say("Diagnosis codes"), paper.diagnoses),
            (say("Plan"), paper.payer),
            (say("Estimated on"), paper.given_on),
            (say("By"), paper.given_by),
        ):
            sheet.pair(label, value)

    def _figures(self) -> None:
        found, sheet, say = self._paper.estimate, self._sheet, self._say
        prices = [line.price for line in found.lines]
        if all(price is not None for price in prices):
            total = sum(price or 0 for price in prices)
            words = say("Agreed price") if self._paper.payer else say("Self-pay price")
            sheet.row(words, dollars(total))
        if not self._paper.payer:
            return
        pays = [line.plan_pays for line in found.lines]
        if all(value is not None for value in pays):
            sheet.row(say("The plan pays"), dollars(-sum(value or 0 for value in pays)))
        for part, words in _PARTS.items():
            amount: int | None = getattr(found, part)
            if amount:
                sheet.row(say(words), dollars(amount))
        if found.secondary_pays:
            sheet.row(say("Your other coverage pays"), dollars(-found.secondary_pays))

    def _total(self) -> str:
        found = self._paper.estimate
        if found.patient_total is not None:
            return dollars(found.patient_total)
        if found.high is None:
            return self._say("At least {low}", low=dollars(found.low))
        return self._say("{low} to {high}", low=dollars(found.low), high=dollars(found.high))

    def _steps(self) -> Iterator[str]:
        found = self._paper.estimate
        for line in found.lines:
            yield from line.steps
        yield from (one["arithmetic"] for one in found.later)
        yield from found.assumptions

    def _disclaimers(self) -> Iterator[str]:
        yield _ALWAYS
        yield from (_INSURED,) if self._paper.payer else _GOOD_FAITH
        yield _OTHERS
        phone = self._paper.facility.phone
        yield _HELP
        if phone:
            yield phrase("Questions: {phone}.", phone=phone)
