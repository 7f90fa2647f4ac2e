"""A visit that moves to the right person moves on every desk and on the server, with all it has."""

from __future__ import annotations

from typing import Any

import pytest
from two_desks import both_ways, conflicts, on_server, register, rounds

import db.declared  # noqa: F401
from workstation.access.model import Role, Session
from workstation.documents.use_cases import Documents
from workstation.interview.moving import MoveVisit
from workstation.kernel.clock import utc_now
from workstation.papers.consents import form_on
from workstation.papers.model import FormId, Outcome, Signing
from workstation.papers.use_cases import RecordSignature
from workstation.payers.use_cases import Coverages
from workstation.payments.use_cases import Payments
from workstation.visits.model import PatientClass
from workstation.visits.use_cases import NewVisit, Visits

ROSA = Session("user-1", "rosa", "Rosa Marin", Role.REGISTRAR)
STANDING = (
    ("coverage", "NOT coalesce(retired, {no})"),
    ("visit", "moved_to IS NULL"),
    ("document", "visit_id NOT IN (SELECT id FROM visit WHERE moved_to IS NOT NULL)"),
    ("signature", "visit_id NOT IN (SELECT id FROM visit WHERE moved_to IS NOT NULL)"),
)
"""What counts as a person's, in the SQL of either engine."""


@pytest.fixture
def moved(desks: tuple[Any, Any, str]) -> tuple[Any, Any, str, str]:
    """Two desks after one moved a visit with its card, consent, coverage and $25.00 in cash."""
    a, b, wrong = desks
    right = register(a, last="Ames", first="Anne", dob="1985-03-04")
    args = (a.store, utc_now, ROSA, a.desk)
    visits = Visits(*args)
    visit_id = visits.open(NewVisit(wrong, PatientClass.OUTPATIENT, "knee", "2026-11-23")).visit_id
    visits.begin(visit_id)
    cover = Coverages(*args).add(wrong, {"payer_name": "Cigna", "member_id": "U77"})
    Documents(*args).keep(
        b"card", "card_front", "image/png", person_id=wrong, visit_id=visit_id, about_id=cover
    )
    form = form_on(FormId.CONSENT_TO_TREAT, utc_now().date())
    signing = Signing(
        wrong, visit_id, form.id, form.version, "en", Outcome.REFUSED, reason="no_reason"
    )
    RecordSignature(*args).record(signing, "s")
    Payments(*args).take(wrong, visit_id, "cash", [{"kind": "copay", "amount": 2500}])
    rounds(a, b)
    MoveVisit(*args).move(visit_id, right, "name sounded alike")
    rounds(a, b)
    return a, b, wrong, right


def of_each(rows: list[Any], *people: str) -> tuple[int, ...]:
    found = {str(person): int(count) for person, count in rows}
    return tuple(found.get(person, 0) for person in people)


@pytest.mark.parametrize(("kind", "stands"), STANDING)
def test_the_right_person_has_it_in_every_store(
    moved: tuple[Any, Any, str, str], admin_dsn: str, kind: str, stands: str
) -> None:
    a, b, wrong, right = moved
    query = f"SELECT person_id, count(*) FROM {kind} WHERE {stands} GROUP BY 1"  # noqa: S608
    server = on_server(admin_dsn, query.format(no="false"))
    assert of_each(server, wrong, right) == (0, 1)
    for desk in (a, b):
        with desk.store.reading() as connection:
            rows = connection.exec_driver_sql(query.format(no="0")).all()
        assert of_each([tuple(row) for row in rows], wrong, right) == (0, 1)


def test_the_money_is_the_right_person_s_in_every_ledger(
    moved: tuple[Any, Any, str, str], admin_dsn: str
) -> None:
    a, b, wrong, right = moved
    query = "SELECT party, sum(cents) FROM ledger_line WHERE account = 'ar' GROUP BY 1"
    assert of_each(on_server(admin_dsn, query), wrong, right) == (0, -2500)
    for desk in (a, b):
        with desk.store.reading() as connection:
            rows = connection.exec_driver_sql(query).all()
        assert of_each([tuple(row) for row in rows], wrong, right) == (0, -2500)


@both_ways
def test_nothing_of_it_is_a_conflict_and_both_trails_tell_it(
    moved: tuple[Any, Any, str, str],
) -> None:
    a, b, wrong, right = moved
    assert [conflicts(desk) for desk in (a, b)] == [[], []]
    told = {(entry["what"], entry["subject"]) for entry in a.store.audit_entries()}
    assert {("move_visit", wrong), ("visit_moved_in", right)} <= told
    assert a.store.verify_audit().ok
