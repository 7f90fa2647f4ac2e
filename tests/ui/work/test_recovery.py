"""The recovery report in the window: opened from Work, read, signed by keys; over a real store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from desk_window import desk_window

from workstation.compose import Workstation
from workstation.demo.live import LiveDemo
from workstation.kernel.clock import utc_now
from workstation.kernel.commands import Command, Insert
from workstation.kernel.ids import new_id


@pytest.fixture
def demo() -> Iterator[Workstation]:
    with LiveDemo() as live:
        yield live.workstation


def a_downtime(workstation: Workstation, registered: int) -> str:
    people = [row["id"] for row in workstation.store.read().find("person")[:registered]]
    paid = [{"id": new_id(), "tender": tender, "cents": 2500} for tender in ("cash", "check")]
    id = new_id()
    done = {
        "commands": 9,
        "people": people,
        "visits": people,
        "payments": paid,
        "conflicts": [],
        "refused": [{"command": "record_payment", "person_id": people[0]}],
    }
    fields = {
        "desk": "Desk B",
        "began_at": "2026-11-23T15:32:00.000000Z",
        "ended_at": "2026-11-23T16:58:00.000000Z",
        "work": done,
        "state": "open",
    }
    with workstation.store.unit_of_work() as work:
        facility = workstation.desk.facility.id
        change = Insert("downtime", id, fields)
        work.record(Command(new_id(), "report_downtime", "u", utc_now(), facility, (change,)))
        work.commit()
    return id


def test_a_supervisor_reads_and_signs_by_keys(desk: Any, demo: Workstation) -> None:
    downtime = a_downtime(demo, 3)
    with desk_window(desk, demo, "slee") as made:
        desk.press("Alt+2")
        desk.settle()
        page = made.work.page
        assert page is not None
        assert [row.id for row in page.rows][:1] == [downtime]
        desk.press("Return")
        desk.until(made.work.recovery.isVisible)
        assert made.work.recovery.note.hasFocus()
        desk.shots("recovery", made.window)
        desk.type("seen with R. Diaz")
        desk.press("Return")
        desk.until(lambda: not made.work.recovery.isVisible())
        row = demo.store.read().get("downtime", downtime)
        assert row is not None
        assert (row["state"], row["note"]) == ("signed", "seen with R. Diaz")
        desk.until(lambda: downtime not in [each.id for each in page.rows])


def test_signed_meanwhile_is_said_and_the_note_stays(desk: Any, demo: Workstation) -> None:
    downtime = a_downtime(demo, 1)
    with desk_window(desk, demo, "slee") as made:
        desk.press("Alt+2")
        desk.settle()
        desk.press("Return")
        desk.until(made.work.recovery.isVisible)
        demo.automation().recovery.sign(downtime, "first")
        desk.type("mine")
        desk.press("Return")
        desk.settle()
        assert made.work.recovery.isVisible()
        assert made.work.recovery.note.text() == "mine"
        desk.press("Escape")


def test_a_registrar_sees_no_reports(desk: Any, demo: Workstation) -> None:
    downtime = a_downtime(demo, 1)
    with desk_window(desk, demo, "rdiaz") as made:
        desk.press("Alt+2")
        desk.settle()
        page = made.work.page
        assert page is not None
        assert downtime not in [row.id for row in page.rows]
    demo.automation().recovery.sign(downtime)
