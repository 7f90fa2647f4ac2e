"""The printed estimate, read back by a stranger (pypdf), in both languages."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

from pypdf import PdfReader

from workstation.estimates.case import EstimateCase, Payer, Service
from workstation.estimates.engine import estimate
from workstation.estimates.unsure import why_unsure
from workstation.facility.model import Facility
from workstation.papers.estimate_paper import EstimatedService, EstimatePaper, estimate_pdf

HOSPITAL = Facility(
    "f", "Pine Valley Hospital", "1234567893", "12-3456789", "1 Elm St", "Austin", "TX", "78701",
    "+1 512 555 0100",
)  # fmt: skip
DAY = date(2026, 11, 23)
MRI = Service("IMG-MRI", allowed=118_000, charge=286_000, coins_bp=2000)
PLAN = Payer("commercial", ded_ind_rem=60_000, oop_ind_rem=300_000)


def paper(
    *payers: Payer, services: tuple[Service, ...] = (MRI,), **changes: object
) -> EstimatePaper:
    case = EstimateCase(DAY, payers, services)
    made = EstimatePaper(
        facility=HOSPITAL,
        patient="María Núñez",
        born="03/04/1985",
        mrn="MRN0004711",
        visit_number="VK7000012",
        service_date="11/23/2026",
        services=(EstimatedService("IMG-MRI", "MRI scan", 286_000),),
        estimate=estimate(case),
        payer="Example PPO",
        given_on="11/23/2026",
        given_by="R. Diaz",
        unsure=why_unsure(case, estimate(case)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def read(made: EstimatePaper, language: str = "en") -> str:
    reader = PdfReader(io.BytesIO(estimate_pdf(made, language=language).pdf))
    assert reader.trailer["/Root"]["/Lang"] == f"{language}-US"
    assert reader.metadata is not None
    assert reader.metadata.title == "VK7000012"
    return "\n".join(page.extract_text() for page in reader.pages)


def test_the_estimate_is_a_bill_with_its_arithmetic() -> None:
    text = read(paper(PLAN))
    for expected in (
        "Pine Valley Hospital", "1 Elm St", "1234567893", "12-3456789", "Estimate of your part",
        "María Núñez", "03/04/1985", "MRI scan (IMG-MRI)", "listed at $2,860.00", "Example PPO",
        "Agreed price", "$1,180.00", "Deductible", "$600.00", "Coinsurance", "$116.00",
        "-$464.00", "You would owe", "$716.00", "20% of the $580.00 left is $116.00.",
        "It would be $236.00 if earlier bills", "not a contract", "look for help",
    ):  # fmt: skip
        assert expected in text, expected
    assert "MRN0004711" not in text
    assert "4711" in text


def test_it_says_the_same_in_spanish_and_nothing_in_english() -> None:
    text = read(paper(PLAN, services=(replace(MRI, copay=None),)), "es")
    for expected in (
        "Estimado de su parte", "Fecha de nacimiento", "en lista $2,860.00", "Precio acordado",
        "Deducible", "Coseguro", "Usted pagaría", "20% de los $580.00 que quedan es $116.00.",
        "Serían $236.00 si facturas anteriores", "No es un contrato", "buscar ayuda",
    ):  # fmt: skip
        assert expected in text, expected
    for english in ("You would", "Deductible", "goes to", "left is", "may differ", "no copay was"):
        assert english not in text


def test_a_range_stands_where_no_amount_is_known() -> None:
    text = read(paper(replace(PLAN, oop_ind_rem="unknown")))
    assert "$0.00 to $716.00" in text
    assert "did not say what is left of the yearly limit" in text


def test_without_a_plan_it_is_a_good_faith_estimate() -> None:
    """45 CFR 149.610(c)(1): provider, codes, charges and the disclaimers."""
    cash = Payer("selfpay", discount_bp=4000, prompt_pay_bp=1000)
    text = read(paper(cash, services=(replace(MRI, allowed=None),), payer=""))
    for expected in (
        "Good-faith estimate", "Self-pay price", "$1,544.40", "1234567893", "IMG-MRI",
        "400 dollars or more", "1-800-985-3059", "does not oblige you", "further services",
    ):  # fmt: skip
        assert expected in text, expected
    assert "Your plan decides" not in text


def test_days_that_nobody_can_price_are_at_least() -> None:
    made = paper(PLAN)
    open_end = replace(made.estimate, patient_total=None, low=50_000, high=None)
    assert "At least $500.00" in read(replace(made, estimate=open_end))
