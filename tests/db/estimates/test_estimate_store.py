"""An estimate that was given is kept as given, and none is given at a locked visit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

import db.declared  # noqa: F401  (declares every table)
from db.store import SqlStore
from workstation.access.desk import make_desk, service_session
from workstation.estimates.case import EstimateCase, Payer, Service
from workstation.estimates.use_cases import Estimates, latest_estimate
from workstation.facility.model import Facility, facility_id
from workstation.kernel.commands import Command, Insert
from workstation.kernel.errors import Refused
from workstation.kernel.ids import new_id
from workstation.visits.model import PatientClass
from workstation.visits.use_cases import NewVisit, Visits

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
CASE = EstimateCase(
    date(2026, 11, 23), (Payer("commercial"),), (Service("visit", allowed=10000, copay=2500),)
)


def test_it_is_kept_once_and_never_at_a_locked_visit(store_at: Callable[[str], SqlStore]) -> None:
    store = store_at("desk-1")
    desk = make_desk(store, "desk-1", Facility(facility_id("Example"), "Example"))
    session = service_session(store.read())
    person_id = new_id()
    with store.unit_of_work() as work:
        person = Insert("person", person_id, {"last": "SAMPLE", "first": "ANA"})
        work.record(
            Command(new_id(), "register_patient", session.user_id, NOW, desk.facility.id, (person,))
        )
        work.commit()
    estimates = Estimates(store, lambda: NOW, session, desk)
    first, answer = estimates.give(person_id, None, CASE, key="k")
    assert answer.patient_total == 2500
    assert estimates.give(person_id, None, CASE, key="k")[0] == first
    second, _ = estimates.give(person_id, None, CASE)
    kept = latest_estimate(store.read(), person_id, None)
    assert kept is not None
    assert {kept["id"], kept["replaces"]} == {first, second}
    assert kept["answer"]["patient_total"] == 2500

    new = NewVisit(person_id, PatientClass.EMERGENCY, "chest pain", "2026-11-23")
    visit = Visits(store, lambda: NOW, session, desk).open(new)
    with pytest.raises(Refused) as caught:
        estimates.give(person_id, visit.visit_id, CASE)
    assert caught.value.code == "emtala_locked"
