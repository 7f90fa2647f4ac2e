"""The estimate of a visit as a paper: in the patient's language, never where money may not be."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from priced_desk import NOW, Desk
from pypdf import PdfReader

from db.store import SqlStore
from workstation.estimates.prices import demo_prices
from workstation.kernel.commands import Revise
from workstation.kernel.errors import Refused
from workstation.papers.estimate_papers import EstimatePapers


@pytest.fixture
def desk(store_at: Callable[[str], SqlStore]) -> Desk:
    return Desk(store_at("desk-1"))


@pytest.fixture
def papers(desk: Desk) -> EstimatePapers:
    return EstimatePapers(desk.store, lambda: NOW, desk.session, desk.desk, demo_prices())


def read(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def speak_spanish(desk: Desk) -> None:
    change = Revise("person", desk.person_id, {"language": None}, {"language": "es"})
    desk.change(change)


def test_the_paper_says_what_the_screen_says(desk: Desk, papers: EstimatePapers) -> None:
    desk.answered(desk.cover("99001", "commercial", payer_name="Blue Example"))
    visit_id = desk.visit()
    pdf, title = papers.pdf(visit_id)
    text = read(pdf)
    for expected in ("ANA SAMPLE", "MRI scan (IMG-MRI)", "$716.00", "Blue Example", "11/23/2026"):
        assert expected in text, expected
    visit = desk.store.read().get("visit", visit_id)
    assert visit is not None
    assert title == visit["visit_number"]


def test_it_is_in_the_patients_language(desk: Desk, papers: EstimatePapers) -> None:
    desk.answered(desk.cover("99001", "commercial"))
    speak_spanish(desk)
    text = read(papers.pdf(desk.visit())[0])
    assert "Estimado de su parte" in text
    assert "Resonancia" in text
    assert "You would owe" not in text


def test_a_good_faith_estimate_names_the_diagnoses_of_the_order(
    desk: Desk, papers: EstimatePapers
) -> None:
    """45 CFR 149.610(c)(1)(iv); where the order names none, the paper says nothing of them."""
    visit_id = desk.visit()
    assert "Diagnosis" not in read(papers.pdf(visit_id)[0])
    desk.change(Revise("visit", visit_id, {"diagnoses": None}, {"diagnoses": "g4389, R51.9"}))
    text = read(papers.pdf(visit_id)[0])
    assert "Good-faith estimate" in text
    assert "Diagnosis codes" in text
    assert "G43.89, R51.9" in text


def test_printing_is_in_the_audit_trail(desk: Desk, papers: EstimatePapers) -> None:
    desk.answered(desk.cover("99001", "commercial"))
    visit_id = desk.visit()
    papers.was_printed(visit_id)
    last = desk.store.audit_entries()[-1]
    assert (last["what"], last["subject"]) == ("print_estimate", desk.person_id)


@pytest.mark.parametrize(
    ("patient_class", "more", "code"),
    [
        ("E", {}, "emtala_locked"),
        ("O", {"employer_paid": True}, "nothing_asked"),
    ],
)
def test_no_paper_where_no_money_may_be_spoken_of(
    desk: Desk, papers: EstimatePapers, patient_class: str, more: dict[str, object], code: str
) -> None:
    desk.answered(desk.cover("99001", "commercial"))
    visit_id = desk.visit(patient_class, **more)
    with pytest.raises(Refused) as caught:
        papers.pdf(visit_id)
    assert caught.value.code == code


def test_nothing_is_printed_before_the_payer_answered(desk: Desk, papers: EstimatePapers) -> None:
    desk.cover("99001", "commercial")
    with pytest.raises(Refused) as caught:
        papers.pdf(desk.visit())
    assert caught.value.code == "estimate_not_known"
    assert "has not answered" in caught.value.say
