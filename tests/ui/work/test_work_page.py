"""What waits for a person, settled by keys, over the demo's real store."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from desk_window import desk_window, take_seat
from PySide6.QtWidgets import QLabel

from ui.desk.connection import connection_of
from ui.shell.state import connection_lines, connection_words
from workstation.compose import Workstation
from workstation.demo.live import LiveDemo
from workstation.kernel.clock import iso, utc_now
from workstation.kernel.commands import Command, Insert
from workstation.kernel.ids import new_id
from workstation.sync.status import SyncStatus
from workstation.work_items.model import opened


@pytest.fixture
def demo() -> Iterator[Workstation]:
    with LiveDemo() as live:
        yield live.workstation


def record(workstation: Workstation, *changes: Insert) -> None:
    with workstation.store.unit_of_work() as work:
        facility = workstation.desk.facility.id
        work.record(Command(new_id(), "seed", "u", utc_now(), facility, changes))
        work.commit()


def a_visit(workstation: Workstation, at: int = 0) -> dict[str, Any]:
    found = workstation.store.read().find("visit", state="expected")
    return [v for v in found if v["class"] == "O" and v["lock"] == "none"][at]


def a_conflict(workstation: Workstation, person_id: str, *, dob: str = "1985-05-03") -> str:
    person = workstation.store.read().get("person", person_id)
    assert person is not None
    id = new_id()
    fields = {
        "person_id": person_id,
        "kind": "person",
        "entity_id": person_id,
        "fields": ["dob", "last"],
        "base": {"dob": "1985-03-03", "last": "Okafor"},
        "stands": {"dob": person["dob"], "last": person["last"]},
        "waits": {"dob": dob, "last": person["last"]},
        "waits_from": "Desk B",
        "waits_ws": "ws-b",
        "command_id": new_id(),
        "state": "open",
    }
    record(workstation, Insert("conflict", id, fields))
    return id


@pytest.fixture
def conflict(demo: Workstation) -> Iterator[str]:
    made = a_conflict(demo, a_visit(demo)["person_id"])
    yield made
    row = demo.store.read().get("conflict", made)
    if row is not None and row["state"] == "open":
        demo.automation().conflicts.resolve(made, "theirs", reason="over")


def test_a_supervisor_settles_a_conflict_by_keys(
    desk: Any, demo: Workstation, conflict: str
) -> None:
    with desk_window(desk, demo, "slee") as made:
        desk.press("Alt+2")
        desk.settle()
        assert made.window.place == "work"
        page = made.work.page
        assert page is not None
        assert page.table.hasFocus()
        assert page.rows[0].id == conflict
        desk.shots("work-list")
        assert desk.names()
        desk.press("Return")
        overlay = made.work.conflict
        assert overlay.isVisible()
        desk.shots("work-conflict")
        assert desk.names(overlay)
        overlay.go.click()
        assert "Choose first" in overlay._field.message
        desk.press("2")
        desk.press("Return")
        assert "how you know" in overlay._field.message
        desk.type("licence seen")
        desk.press("Return")
        desk.until(lambda: not overlay.isVisible())
        desk.settle()
        row = demo.store.read().get("conflict", conflict)
        assert row is not None
        assert (row["state"], row["take"]) == ("resolved", "mine")
        person = demo.store.read().get("person", row["person_id"])
        assert person is not None
        assert person["dob"] == "1985-05-03"
        assert conflict not in [row.id for row in page.rows]


def test_digits_that_differ_stand_out_and_hidden_ones_are_told(
    desk: Any, demo: Workstation
) -> None:
    visit = a_visit(demo, 2)
    person_id = visit["person_id"]
    made = new_id()
    sides = {
        "base": {"dob": "1985-03-03", "ssn": "900123456"},
        "stands": {"dob": "1985-03-04", "ssn": "900123456"},
        "waits": {"dob": "1985-03-05", "ssn": "901123456"},
    }
    other = {"waits_from": "Desk B", "waits_ws": "ws-b", "command_id": new_id(), "state": "open"}
    about = {"person_id": person_id, "kind": "person", "entity_id": person_id}
    record(demo, Insert("conflict", made, {**about, "fields": ["dob", "ssn"], **sides, **other}))
    try:
        with desk_window(desk, demo, "slee") as shown:
            shown.window.go("work")
            desk.settle()
            desk.press("Return")
            overlay = shown.work.conflict
            assert overlay.isVisible()
            desk.shots("work-conflict-differing")
            texts = [cell.text() for cell in overlay._table.findChildren(QLabel)]
            assert "0<b><u>5</u></b> Mar 1985" in texts
            assert texts.count("•••-••-3456 (differs in digits not shown)") == 2
    finally:
        demo.automation().conflicts.resolve(made, "theirs", reason="over")


def test_a_registrar_looks_and_is_told_whom_to_ask(
    desk: Any, demo: Workstation, conflict: str
) -> None:
    with desk_window(desk, demo, "rdiaz") as made:
        made.window.conflictsWanted.emit()
        desk.settle()
        assert made.window.place == "work"
        desk.press("Return")
        overlay = made.work.conflict
        assert overlay.isVisible()
        assert not overlay.go.isVisible()
        assert overlay._denied.isVisible()
        desk.press("2", "Return")
        desk.settle()
        desk.shot("work-conflict-registrar")
        row = demo.store.read().get("conflict", conflict)
        assert row is not None
        assert row["state"] == "open"


def test_an_item_is_settled_with_what_was_done(desk: Any, demo: Workstation) -> None:
    visit = a_visit(demo, 1)
    item = opened(
        "eligibility_rejected",
        about_id="check",
        at=iso(utc_now()),
        person_id=visit["person_id"],
        visit_id=visit["id"],
        detail={"say": "The payer knows no such member ID."},
    )
    record(demo, item)
    with desk_window(desk, demo, "rdiaz") as made:
        made.window.go("work")
        desk.settle()
        assert made.work.page is not None
        assert [row.id for row in made.work.page.rows] == [item.id]
        desk.press("Ctrl+Return")
        assert made.work.settling.isVisible()
        desk.press("Return")
        assert made.work.settling.isVisible()
        desk.type("member ID corrected")
        desk.shot("work-settle")
        desk.press("Return")
        desk.until(lambda: not made.work.settling.isVisible())
        desk.settle()
        assert made.work.page.rows == ()
        row = demo.store.read().get("work_item", item.id)
        assert row is not None
        assert (row["state"], row["note"]) == ("settled", "member ID corrected")
        desk.shot("work-empty")


def test_items_of_a_locked_person_wait_unseen(demo: Workstation) -> None:
    visit = a_visit(demo, 2)
    use = demo.automation()
    item = opened(
        "payment_unknown", about_id="a", at=iso(utc_now()), person_id=visit["person_id"],
        visit_id=visit["id"],
    )  # fmt: skip
    record(demo, item)
    assert item.id in [row.id for row in use.waiting.rows()]
    use.visits.asks_for_emergency_care(visit["id"])
    assert item.id not in [row.id for row in use.waiting.rows()]
    use.visits.leave(visit["id"], "went home")
    use.work_items.settle(item.id, "looked up")


def test_two_people_take_the_desk_in_turn(desk: Any, demo: Workstation) -> None:
    visit = a_visit(demo, 3)
    with desk_window(desk, demo, "rdiaz") as made:
        assert made.use is not None
        made._open(made.use.check_ins.open_visit, visit["person_id"], visit["id"])
        desk.settle()
        first = made.check_in
        assert first is not None
        made.jobs.write(made.use.journal.save, first.model.state.walk)
        desk.settle()
        take_seat(made, desk, "mokoye")
        assert made.check_in is None
        assert set(made.window._places) == {"arrivals", "work", "settings"}
        assert made.window.pages.count() == 3
        made.window.go("work")
        desk.settle()
        assert made.work.page is not None
        assert made.work.page.rows == ()
        take_seat(made, desk, "rdiaz")
        made.window.go("work")
        desk.settle()
        (mine,) = made.work.page.rows
        assert mine.visit_id == visit["id"]
        desk.press("Return")
        desk.settle()
        assert made.check_in is not None
        assert made.check_in.draft.visit_id == visit["id"]


def test_a_check_in_that_will_not_be_finished_is_given_up_and_put_back(
    desk: Any, demo: Workstation
) -> None:
    with desk_window(desk, demo, "rdiaz") as made:
        desk.press("Ctrl+K")
        desk.type("zzyzx ada")
        desk.settle()
        desk.press("Ctrl+N")
        desk.settle()
        assert made.check_in is not None
        desk.type("X")
        made.check_in.page.save_now()
        desk.settle()
        draft_id = made.check_in.draft.id
        assert made.use is not None
        journal = made.use.journal
        journal.keep_pictures(draft_id, 1, [b"front"])
        desk.press("Alt+2")
        desk.settle()
        page = made.work.page
        assert page is not None
        at = next(n for n, row in enumerate(page.rows) if row.id == draft_id)
        page.table.setFocus()
        desk.press("Ctrl+Home", *["Down"] * at)
        assert page.give_up_button.isVisible()
        desk.press("Delete")
        desk.settle()
        assert demo.store.read().get("draft", draft_id) is None
        assert journal.pictures(draft_id) == {}
        assert made.check_in is None
        assert all(row.id != draft_id for row in page.rows)
        desk.press("Ctrl+Z")
        desk.settle()
        assert demo.store.read().get("draft", draft_id) is not None
        assert journal.pictures(draft_id) == {1: (b"front",)}
        desk.press("Delete")
        desk.settle()


def test_commands_follow_the_role(desk: Any, demo: Workstation) -> None:
    with desk_window(desk, demo, "fcruz") as made:
        host = made.window.host
        assert not host.action("arrivals.check_in").isEnabled()
        assert not host.action("arrivals.emergency").isEnabled()
        take_seat(made, desk, "rdiaz")
        assert host.action("arrivals.check_in").isEnabled()


@pytest.mark.parametrize(
    ("connected", "word", "icon"),
    [(False, "Not accepted", "octagon-alert"), (True, "call IT", "phone")],
)
def test_the_chip_says_trouble(connected: bool, word: str, icon: str) -> None:
    status = SyncStatus(connected=connected, trouble="The audit trail is shorter.", waiting=3)
    state = connection_of(status)
    words, mark, level = connection_words(state)
    assert word in words
    assert mark == icon
    assert level != "ok"
    assert "The audit trail is shorter." in connection_lines(state)
