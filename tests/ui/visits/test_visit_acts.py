"""Acts on a visit by keys, over the demo's real store: emergency, leaving, moving, face sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from desk_window import desk_window, shown_words

from ui.people.viewmodel import name_parts
from workstation.compose import Workstation
from workstation.demo.live import LiveDemo
from workstation.kernel.errors import PorticoError
from workstation.papers.face_sheet_facts import face_sheet_of
from workstation.people.gateways import Hit
from workstation.visits.model import ScreeningOutcome
from workstation.visits.use_cases import Visits

_MONEY = re.compile(r"\$\d|copay|deductible|estimate|balance|\bpay\b|owed", re.IGNORECASE)


@pytest.fixture(scope="module")
def demo() -> Iterator[Workstation]:
    with LiveDemo() as live:
        yield live.workstation


@pytest.fixture
def visit(demo: Workstation) -> dict[str, Any]:
    """An expected outpatient visit that no test has touched."""
    found = demo.store.read().find("visit", state="expected")
    return next(v for v in found if v["class"] == "O" and v["lock"] == "none")


def begin(desk: Any, made: Any, visit: dict[str, Any]) -> None:
    made._open(made.use.check_ins.open_visit, visit["person_id"], visit["id"])
    desk.settle()
    assert made.check_in is not None


def row_of(demo: Workstation, visit: dict[str, Any]) -> dict[str, Any]:
    row = demo.store.read().get("visit", visit["id"])
    assert row is not None
    return row


def hit_of(demo: Workstation, person_id: str) -> Hit:
    row = demo.store.read().get("person", person_id)
    assert row is not None
    return Hit(
        row["id"], row["last"], row["first"], None, None, row["dob"], row["sex"], row["mrn"],
        row["city"], None, "",
    )  # fmt: skip


def test_while_locked_there_is_no_money_and_the_exam_brings_it_back(
    desk: Any, demo: Workstation, visit: dict[str, Any]
) -> None:
    with desk_window(desk, demo, "rdiaz") as made:
        begin(desk, made, visit)
        host = made.window.host
        assert host.action("pay.open").isEnabled()
        assert not host.action("check_in.screening").isEnabled()
        desk.press("Ctrl+E")
        desk.settle()
        assert row_of(demo, visit)["lock"] == "locked"
        assert not host.action("pay.open").isEnabled()
        assert not _MONEY.search(shown_words(made.check_in.page))
        desk.press("Ctrl+Shift+A")
        desk.settle()
        events = demo.store.read().find("visit_event", visit_id=visit["id"])
        assert "asked_about_cost" in [event["what"] for event in events]
        desk.press("Ctrl+Shift+E")
        assert made.check_in.page.emergency.by.isVisible()
        desk.shots("emergency-acts")
        made.use.visits.record_screening_exam(
            visit["id"],
            ScreeningOutcome.NO_EMERGENCY,
            by="Dr. Lin",
            at=visit["arrived_at"] or "2026-01-01T10:00:00Z",
            source="told by the nurse",
        )
        made.check_in.look_around()
        desk.settle()
        assert host.action("pay.open").isEnabled()


def test_left_before_the_exam_needs_a_reason_and_closes_the_check_in(
    desk: Any, demo: Workstation, visit: dict[str, Any]
) -> None:
    with desk_window(desk, demo, "rdiaz") as made:
        begin(desk, made, visit)
        desk.press("Ctrl+E")
        desk.settle()
        desk.press("Ctrl+Shift+L")
        assert made.acts.left.isVisible()
        desk.press("Return")
        assert made.acts.left.isVisible()
        desk.type("did not want to wait")
        desk.shots("left-before-exam")
        desk.press("Return")
        desk.settle()
        assert row_of(demo, visit)["state"] == "left"
        assert made.check_in is None
        assert demo.store.read().find("draft", visit_id=visit["id"]) == []


def test_a_visit_moves_to_who_really_came_and_back(
    desk: Any, demo: Workstation, visit: dict[str, Any]
) -> None:
    people = demo.store.read().find("person")
    right = next(p["id"] for p in reversed(people) if p["id"] != visit["person_id"])
    with desk_window(desk, demo, "rdiaz") as made:
        begin(desk, made, visit)
        desk.press("Ctrl+Shift+M")
        desk.settle()
        assert made.acts.picker.isVisible()
        made.acts.picker.close_()
        made.acts.picker.personChosen.emit(hit_of(demo, right))
        overlay = made.acts.moving
        assert overlay.isVisible()
        assert desk.names(overlay)
        desk.press("Return")
        assert row_of(demo, visit)["moved_to"] is None
        desk.type("same name")
        desk.shots("move-visit")
        desk.press("Return")
        desk.settle()
        old = row_of(demo, visit)
        assert old["moved_to"]
        assert not overlay.isVisible()
        assert made.check_in is not None
        assert made.check_in.draft.person_id == right
        desk.press("Ctrl+Z")
        desk.settle()
        there = demo.store.read().get("visit", old["moved_to"])
        assert there is not None
        back = demo.store.read().get("visit", there["moved_to"])
        assert back is not None
        assert back["person_id"] == visit["person_id"]
        assert made.check_in is None


def test_a_face_sheet_without_printer_is_said_in_words(
    desk: Any, demo: Workstation, visit: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoPrinter:
        def queues(self) -> list[object]:
            return []

        def hand_over(self, pdf: bytes, title: str, queue: str | None = None) -> str:
            assert title == visit["visit_number"]
            raise PorticoError(
                "no_printer", "There is no printer on this workstation. Nothing is lost.", "Later."
            )

    monkeypatch.setattr(demo, "printing", NoPrinter())
    with desk_window(desk, demo, "rdiaz") as made:
        begin(desk, made, visit)
        desk.press("Ctrl+P")
        desk.settle()
        sheet = made.acts.sheet
        assert sheet.isVisible()
        desk.shot("face-sheet")
        desk.press("Return")
        desk.settle()
        words = shown_words(sheet)
        assert "no printer on this workstation" in words
        assert "receipt" not in words
        desk.shots("face-sheet-no-printer")
        desk.press("Escape")
        assert not sheet.isVisible()


def test_a_printed_face_sheet_is_written_down(
    desk: Any, demo: Workstation, visit: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Printer:
        def queues(self) -> list[object]:
            return []

        def hand_over(self, pdf: bytes, title: str, queue: str | None = None) -> str:
            return "1"

    monkeypatch.setattr(demo, "printing", Printer())
    with desk_window(desk, demo, "rdiaz") as made:
        begin(desk, made, visit)
        desk.press("Ctrl+P")
        desk.settle()
        desk.press("Return")
        desk.settle()
        assert not made.acts.sheet.isVisible()
        who = made.use.session.user_id
    printed = [each for each in demo.store.audit_entries() if each["what"] == "printed"][-1]
    assert (printed["subject"], printed["actor"]) == (visit["person_id"], who)
    assert printed["detail"] == {"paper": "face_sheet"}


def test_a_locked_face_sheet_holds_no_money(demo: Workstation, visit: dict[str, Any]) -> None:
    store = demo.store.read()
    name = demo.desk.facility.name
    use = demo.automation()
    use.coverages.add(visit["person_id"], {"payer_name": "Aetna", "member_id": "W1"})
    assert face_sheet_of(store, visit["id"], name).coverages
    assert isinstance(use.visits, Visits)
    use.visits.asks_for_emergency_care(visit["id"])
    locked = face_sheet_of(store, visit["id"], name)
    assert (locked.emergency_locked, locked.coverages, locked.guarantor) == (True, (), "")


def test_a_son_is_told_from_his_father_where_a_visit_moves(
    desk: Any, demo: Workstation, visit: dict[str, Any]
) -> None:
    """The demo's Darnell Williams is a Jr, and the real search says so."""
    with desk_window(desk, demo, "rdiaz") as made:
        begin(desk, made, visit)
        desk.press("Ctrl+Shift+M")
        desk.settle()
        (junior,) = [hit for hit in made.search("williams darnell").hits if hit.mrn == "0031177"]
        assert "".join(text for text, _ in name_parts(junior)) == "WILLIAMS, Darnell Jr"
        made.acts.picker.personChosen.emit(junior)
        assert "WILLIAMS, Darnell Jr" in shown_words(made.acts.moving)
