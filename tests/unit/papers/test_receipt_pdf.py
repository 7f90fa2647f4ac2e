"""Receipts and face sheets, read back by a stranger (pypdf)."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from workstation.facility.model import Facility
from workstation.papers.face_sheet import CoverageLine, FaceSheet, face_sheet_pdf
from workstation.papers.receipt import Receipt, masked, receipt_pdf
from workstation.papers.sheet import Paper
from workstation.papers.typeface import printable
from workstation.payments.model import LineKind, Payment, PaymentLine, Tender

HOSPITAL = Facility(
    "f", "Pine Valley Hospital", "1234567893", "12-3456789", "1 Elm St", "Austin", "TX", "78701",
    "+1 512 555 0100",
)  # fmt: skip


def a_receipt(**changes: object) -> Receipt:
    payment = Payment(
        id="p1",
        person_id="person",
        visit_id="v1",
        lines=(
            PaymentLine(LineKind.COPAY, 2500, "v1"),
            PaymentLine(LineKind.DEDUCTIBLE, 1000, "v1"),
        ),
        tender=Tender.CASH,
        amount=3500,
        receipt_no="K7-000042-3",
        actor="u",
        drawer="d",
        workstation="desk-A",
        taken_at="2026-11-23T17:00:00.000000Z",
        day="2026-11-23",
        tendered=4000,
    )
    receipt = Receipt(
        HOSPITAL,
        "María Núñez Ōta",
        "MRN0004711",
        payment,
        ("2026-11-23",),
        "Rosa Marin",
        "Office visit",
    )
    return replace(receipt, **changes)  # type: ignore[arg-type]


def read(paper: Paper) -> str:
    reader = PdfReader(io.BytesIO(paper.pdf))
    return "\n".join(page.extract_text() for page in reader.pages)


def with_payment(**changes: object) -> Receipt:
    receipt = a_receipt()
    return replace(receipt, payment=replace(receipt.payment, **changes))  # type: ignore[arg-type]


def test_a_receipt_shows_what_a_benefit_administrator_asks_for() -> None:
    text = read(receipt_pdf(a_receipt()))
    for expected in (
        "Pine Valley Hospital", "1 Elm St", "12-3456789", "+1 512 555 0100", "K7-000042-3",
        "María Núñez Ōta", "Office visit", "Copay for this visit", "$25.00", "Deductible",
        "$10.00", "$35.00",
        "11/23/2026", "Rosa Marin", "Cash received", "$40.00", "Change given", "$5.00",
    ):  # fmt: skip
        assert expected in text, expected
    assert "MRN0004711" not in text
    assert "4711" in text
    assert "DUPLICATE" not in text


def test_a_reprint_says_duplicate() -> None:
    assert "DUPLICATE" in read(receipt_pdf(a_receipt(copy=2)))
    assert "DUPLICADO" in read(receipt_pdf(a_receipt(copy=3), language="es"))


def test_a_card_receipt_shows_four_digits_and_no_expiry() -> None:
    card = {
        "brand": "visa", "last4": "4242", "entry_mode": "contactless_emv", "auth_code": "123456",
        "aid": "A0000000031010", "exp_month": "12", "exp_year": "2034",
    }  # fmt: skip
    text = read(receipt_pdf(with_payment(tender=Tender.CARD, tendered=None, card=card)))
    for expected in ("•••• 4242", "Visa", "contactless", "123456", "A0000000031010"):
        assert expected in text
    assert "2034" not in text


def test_a_refund_names_its_receipt_and_its_reason() -> None:
    receipt = with_payment(
        refunds="p0", amount=-3500, tender=Tender.CHECK, tendered=None, reason="Paid twice"
    )
    text = read(receipt_pdf(replace(receipt, refunded_receipt="K7-000041-5")))
    for expected in ("Refund", "K7-000041-5", "-$35.00", "-$25.00", "Paid twice", "mailed"):
        assert expected in text


def test_markup_and_control_characters_in_a_name_are_only_text() -> None:
    name = "<para>O'Neil</para> & \x1bp\x00 =HYPERLINK ^XA"
    text = read(receipt_pdf(a_receipt(patient=name)))
    assert "<para>O'Neil</para> & p =HYPERLINK ^XA" in text


def test_characters_without_a_glyph_are_reported_and_never_vanish() -> None:
    paper = receipt_pdf(a_receipt(patient="陈 Wei"))
    assert paper.missing == "陈"
    assert "? Wei" in read(paper)
    assert receipt_pdf(a_receipt()).missing == ""
    assert printable("Ñandú\u200b") == ("Ñandú", "")


def test_a_long_receipt_goes_on_to_a_second_page() -> None:
    lines = tuple(PaymentLine(LineKind.OTHER, 100 + n, "v1") for n in range(60))
    paper = receipt_pdf(with_payment(lines=lines, amount=sum(x.amount for x in lines)))
    reader = PdfReader(io.BytesIO(paper.pdf))
    assert len(reader.pages) == 2
    for page in reader.pages:
        assert "K7-000042-3" in page.extract_text()
    assert "$1.59" in read(paper)


def test_the_same_receipt_is_the_same_file_with_embedded_type() -> None:
    first, second = receipt_pdf(a_receipt()), receipt_pdf(a_receipt())
    assert first.pdf == second.pdf
    reader = PdfReader(io.BytesIO(first.pdf))
    assert reader.trailer["/Root"]["/Lang"] == "en-US"
    assert reader.metadata is not None
    assert reader.metadata.title == "K7-000042-3"
    assert b"/FontFile2" in first.pdf


@pytest.mark.parametrize(("mrn", "shown"), [(None, ""), ("123", "••••"), ("MRN123456", "••••3456")])
def test_a_record_number_is_masked(mrn: str | None, shown: str) -> None:
    assert masked(mrn) == shown


FACE = FaceSheet(
    facility="Pine Valley Hospital",
    patient="NÚÑEZ, María",
    born="04 Mar 1985",
    mrn="MRN0004711",
    sex="F",
    visit_number="VK7000012",
    account_number="AK7000012",
    patient_class="Outpatient",
    service_date="23 Nov 2026",
    department="Orthopedics",
    reason="Knee pain",
    service="Office visit, established",
    admit_type="Elective",
    origin="Court or law enforcement",
    emergency_locked=False,
    clinicians=(("Attending", "Dr. Amy Chen"),),
    guarantor="María Núñez",
    coverages=(CoverageLine("Aetna", "PPO", "W123456789", "0001", "self"),),
)


def test_a_face_sheet_has_two_identifiers_visit_guarantor_and_coverage() -> None:
    text = read(face_sheet_pdf(FACE))
    for expected in (
        "NÚÑEZ, María", "04 Mar 1985", "MRN0004711", "VK7000012", "AK7000012",
        "Orthopedics", "Outpatient", "Dr. Amy Chen",
        "Office visit, established", "Elective", "Court or law enforcement",
        "Guarantor", "Aetna", "W123456789",
    ):  # fmt: skip
        assert expected in text


def test_a_locked_face_sheet_has_nothing_of_money() -> None:
    text = read(face_sheet_pdf(replace(FACE, emergency_locked=True)))
    assert "NÚÑEZ, María" in text
    for money in ("Guarantor", "Aetna", "W123456789", "Coverage", "$"):
        assert money not in text
