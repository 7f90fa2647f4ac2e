"""Whom the desk asks by itself, and when it does not ask again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from workstation.eligibility.use_cases import Asked
from workstation.estimates.prices import demo_prices
from workstation.interview.payer_questions import ask_where_needed, serves, types_of_visit
from workstation.kernel.changed import Kind
from workstation.kernel.errors import Refused

TODAY = date(2026, 11, 23)
VISIT: dict[str, Any] = {
    "id": "v",
    "person_id": "p",
    "service_date": "2026-11-23",
    "service_code": "OV-PCP",
    "attending_id": "dr",
    "department_id": "d",
    "class": "O",
    "lock": None,
    "asks_emergency_care": None,
    "state": "in_progress",
}


def checked(state: str = "answered", day: str = "2026-11-20", **more: Any) -> dict[str, Any]:
    return {
        "id": "k",
        "person_id": "p",
        "coverage_id": "c",
        "state": state,
        "service_date": day,
        "asked_at": f"{day}T16:00:00Z",
        "answered_at": None,
        "question": "same",
        "service_types": ["30"],
        **more,
    }


class Rows:
    def __init__(self, *checks: dict[str, Any], kind: str = "commercial", **visit: Any) -> None:
        self.rows = {
            "visit": [{**VISIT, **visit}],
            "coverage": [
                {"id": "c", "person_id": "p", "payer_id": "99001", "payer_kind": kind, "order": 1}
            ],
            "eligibility_check": list(checks),
            "clinician": [{"id": "dr", "kind": "specialist"}],
            "department": [{"id": "d", "kind": "imaging"}],
        }

    def get(self, kind: str, id: str) -> dict[str, Any] | None:
        return next((row for row in self.rows.get(kind, []) if row["id"] == id), None)

    def find(self, kind: str, /, **equal: Any) -> list[dict[str, Any]]:
        rows = self.rows.get(kind, [])
        return [r for r in rows if all(r.get(key) == value for key, value in equal.items())]


class Desk:
    """Counts the questions; ``refuses`` stands for a rule that forbids asking."""

    def __init__(self, *, now: str = "same", refuses: bool = False) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.compared: list[tuple[str, tuple[str, ...]]] = []
        self._now, self._refuses = now, refuses

    def ask(
        self,
        person_id: str,
        coverage_id: str,
        visit_id: str | None = None,
        service_date: date | None = None,
        service_types: Sequence[str] = ("30",),
    ) -> tuple[Asked, frozenset[Kind]]:
        if self._refuses:
            raise Refused("do_not_bill", "Not asked.")
        self.asked.append((coverage_id, tuple(service_types)))
        return Asked("job", "check"), frozenset({Kind.ELIGIBILITY})

    def question_of(
        self,
        person_id: str,
        coverage_id: str,
        visit_id: str | None,
        service_date: date,
        service_types: Sequence[str],
    ) -> str:
        self.compared.append((service_date.isoformat(), tuple(service_types)))
        return self._now


def test_what_was_refused_is_asked_again_when_the_visits_day_or_service_was_mended() -> None:
    desk = Desk(now="other")
    refused = checked("rejected", day="2026-11-23", service_types=["98"])
    ask_where_needed(desk, Rows(refused), VISIT, ("BY", "30"), TODAY, UTC)
    assert desk.compared == [("2026-11-23", ("BY", "30"))]
    assert desk.asked == [("c", ("BY", "30"))]


def test_a_payer_never_asked_is_asked_about_the_visits_services() -> None:
    desk, rows = Desk(), Rows()
    changed = ask_where_needed(desk, rows, VISIT, ("98", "30"), TODAY, UTC)
    assert changed == {Kind.ELIGIBILITY}
    assert desk.asked == [("c", ("98", "30"))]


def test_an_answer_of_this_month_about_the_same_is_enough() -> None:
    desk = Desk()
    assert ask_where_needed(desk, Rows(checked()), VISIT, ("30",), TODAY, UTC) == frozenset()
    assert desk.asked == []


def test_another_member_id_is_another_question() -> None:
    desk = Desk(now="other")
    ask_where_needed(desk, Rows(checked()), VISIT, ("30",), TODAY, UTC)
    assert len(desk.asked) == 1


def test_a_locked_emergency_asks_nobody() -> None:
    desk = Desk()
    locked = Rows(lock="locked", **{"class": "E"})
    assert ask_where_needed(desk, locked, VISIT, ("30",), TODAY, UTC) == frozenset()
    assert desk.asked == []


def test_workers_compensation_is_never_asked() -> None:
    desk = Desk()
    ask_where_needed(desk, Rows(kind="workers_comp"), VISIT, ("30",), TODAY, UTC)
    assert desk.asked == []


def test_a_rule_that_forbids_is_no_failure_here() -> None:
    assert ask_where_needed(Desk(refuses=True), Rows(), VISIT, ("30",), TODAY, UTC) == frozenset()


@pytest.mark.parametrize(
    ("check", "enough"),
    [
        (checked(), True),
        (checked(day="2026-10-30"), False),
        (checked("asked", "2026-11-23"), True),
        (checked("rejected", "2026-11-23"), True),
        (checked("not_answered", "2026-11-20"), False),
        (checked(service_date=None), False),
    ],
)
def test_what_still_serves(check: dict[str, Any], enough: bool) -> None:
    assert serves(check, TODAY, UTC) is enough


def test_what_was_asked_late_in_the_evening_was_asked_today() -> None:
    """At nine in the evening in Chicago it is tomorrow in Greenwich."""
    asked = {**checked("rejected"), "asked_at": "2026-11-24T03:00:00Z"}
    assert serves(asked, TODAY, ZoneInfo("America/Chicago"))
    assert not serves(asked, TODAY, UTC)


def test_types_begin_with_the_priced_service_and_end_with_the_plan() -> None:
    types = types_of_visit(Rows(), VISIT, demo_prices())
    assert types[0] == "98"
    assert types[-1] == "30"
    assert len(types) == len(set(types)) <= 8
    # The clinician's kind decides, not the department's.
    assert "73" not in types
    assert "73" in types_of_visit(Rows(), {**VISIT, "attending_id": None}, None)
