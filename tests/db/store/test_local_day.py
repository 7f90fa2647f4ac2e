"""At nine in the evening in Chicago it is tomorrow in Greenwich: the desk lives in Chicago."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from workstation.access.desk import read_desk, set_time_zone
from workstation.access.model import Role
from workstation.at_the_desk import UseCases
from workstation.compose import Workstation, facility_named, make_workstation, open_workstation
from workstation.facility.settings import Settings
from workstation.interview.model import PageId, Reason
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.people.model import Person

EVENING = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def workstation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workstation]:
    monkeypatch.setenv("PORTICO_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    facility = facility_named("Mercy", "America/Chicago")
    made = make_workstation(Settings(tmp_path / "home", "desk-A"), facility, lambda: EVENING)
    yield made
    made.close()


def newborn(day: str) -> Person:
    return Person.from_json({"last": "Quenby", "first": "Ilse", "dob": day})


def test_a_child_of_today_is_born_and_one_of_tomorrow_is_not(workstation: Workstation) -> None:
    people = workstation.automation().people
    assert people.register(newborn("2026-11-23"), "only here")
    with pytest.raises(NotUnderstood, match="dob_in_future"):
        people.register(newborn("2026-11-24"), "only here")


def walked_in(use: UseCases, person_id: str) -> str:
    """The visit of somebody who came without an appointment, as its first page makes it."""
    opened = use.check_ins.open_person(person_id)
    draft = replace(opened.walk.draft, reason=Reason(reason="MRI", patient_class="O"))
    after, _, _ = use.check_ins.record(PageId.REASON, draft, opened.situation)
    return after.visit_id


def test_a_walk_in_its_money_and_its_list_are_of_today(workstation: Workstation) -> None:
    use = workstation.automation()
    person_id = use.people.register(newborn("1984-02-29"))
    visit_id = walked_in(use, person_id)
    [row] = workstation.arrivals.of_day(date(2026, 11, 23), [])
    assert row.visit_id == visit_id
    assert workstation.arrivals.of_day(date(2026, 11, 24), []) == ()
    found = workstation.store.read().get("visit", visit_id)
    assert found is not None
    assert found["service_date"] == "2026-11-23"
    lines: list[dict[str, Any]] = [{"kind": "copay", "amount": 2500}]
    taken = use.payments.take(person_id, visit_id, "cash", lines)
    payment = workstation.store.read().get("payment", taken.payment_id)
    assert payment is not None
    assert (payment["day"], payment["taken_at"][:10]) == ("2026-11-23", "2026-11-24")


def test_the_day_is_opened_again_before_midnight(workstation: Workstation) -> None:
    use = workstation.automation()
    person_id = use.people.register(newborn("1984-02-29"))
    first = walked_in(use, person_id)
    assert use.check_ins.open_person(person_id).walk.draft.visit_id == first


def test_a_held_name_is_told_the_facilitys_hour(workstation: Workstation) -> None:
    use = workstation.automation()
    use.accounts.create("ilse", "Ilse", Role.REGISTRAR, "a sentence is easy")
    for _ in range(5):
        with pytest.raises(Refused, match="sign_in_wrong"):
            workstation.sign_in.sign_in("ilse", "not this one")
    with pytest.raises(Refused, match="sign_in_held") as refused:
        workstation.sign_in.sign_in("ilse", "a sentence is easy")
    assert "21:01" in refused.value.do


def test_another_zone_counts_from_the_next_start(workstation: Workstation) -> None:
    with pytest.raises(NotUnderstood, match="time_zone_unknown"):
        set_time_zone(workstation.store, "Chicago")
    set_time_zone(workstation.store, "America/Denver")
    assert read_desk(workstation.store.read()).facility.time_zone == "America/Denver"
    last = workstation.store.audit_entries()[-1]
    assert (last["what"], last["detail"]) == ("time_zone_set", {"zone": "America/Denver"})


def test_a_store_from_before_there_were_zones_keeps_the_machines(workstation: Workstation) -> None:
    with workstation.store.writing() as connection:
        hospital = "json_remove(hospital, '$.time_zone')"
        connection.execute(text(f"UPDATE desk SET hospital = {hospital}"))  # noqa: S608
    assert read_desk(workstation.store.read()).facility.time_zone == "Asia/Tokyo"


def test_a_machine_without_the_zone_says_so_at_the_start(workstation: Workstation) -> None:
    with workstation.store.writing() as connection:
        hospital = "json_set(hospital, '$.time_zone', 'Mars/Olympus')"
        connection.execute(text(f"UPDATE desk SET hospital = {hospital}"))  # noqa: S608
    with pytest.raises(NotUnderstood) as refused:
        open_workstation(workstation.settings)
    assert "tzdata" in refused.value.do
