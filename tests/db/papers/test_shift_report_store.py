"""The shift report over a real store: what was taken today, and a seal that can be typed back."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from paying_store import COPAY, DESK, PERSON, VISIT, a_store, payments
from pypdf import PdfReader

from workstation.access.model import Role, Session
from workstation.access.printed_seal import read_printed
from workstation.kernel.clock import utc_now
from workstation.kernel.errors import NotPermitted
from workstation.papers.printing import _NEUTRAL
from workstation.papers.shift_report import ShiftReports
from workstation.payments.model import LineKind, PaymentLine

SESSION = Session("user-1", "rosa", "Rosa Marin", Role.SUPERVISOR)


def words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture
def store(tmp_path: Path) -> Any:
    made = a_store(tmp_path / "desk.db")
    yield made
    made.close()


def reports(store: Any, role: Role = Role.SUPERVISOR) -> ShiftReports:
    session = Session(SESSION.user_id, SESSION.login, SESSION.name, role)
    return ShiftReports(store, utc_now, session, DESK)


def test_the_seal_on_paper_is_that_of_the_trail_and_shows_a_later_forgery(store: Any) -> None:
    report = reports(store).make()
    text = words(report.paper.pdf)
    assert report.seal in text
    assert "Nothing was taken or given back here today." in text
    seal = read_printed(report.seal.lower())
    entries = store.audit_entries()
    assert seal.entries == len(entries) - 1, "the entry that says so comes after what it seals"
    assert seal.fits(store.audit_hash(seal.entries))
    assert entries[-1]["what"] == "shift_report"
    assert entries[-1]["detail"]["hash"] == store.audit_hash(seal.entries)
    assert store.audit_hash(seal.entries) in text
    assert _NEUTRAL.match(report.title)
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM audit WHERE n >= ?", (seal.entries,))
    checked = store.verify_audit()
    assert (checked.ok, checked.first_bad) == (False, seal.entries), "the desk noted it too"
    assert not seal.fits(store.audit_hash(seal.entries))


def test_what_was_taken_and_given_back_by_tender_and_person(store: Any) -> None:
    lines = [PaymentLine(LineKind(one["kind"]), one["amount"]) for one in COPAY]
    first = payments(store).take(PERSON, VISIT, "cash", lines)
    payments(store).refund(first.payment_id, 500, "patient asked")
    text = words(reports(store).make().paper.pdf)
    assert re.search(r"Cash: 1 payment\s+\$25\.00", text)
    assert re.search(r"Cash: 1 refund\s+-\$5\.00", text)
    assert re.search(r"Together\s+\$20\.00", text)
    assert re.search(r"Cash that came into the drawer\s+\$20\.00", text)
    assert f"{first.receipt_no} to" in text
    assert "Núñez" not in text, "no patient stands on it"


def test_who_takes_no_money_makes_none(store: Any) -> None:
    with pytest.raises(NotPermitted):
        reports(store, Role.IT).make()
