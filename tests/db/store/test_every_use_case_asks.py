"""Every use case of a session against every permission: what is not granted is refused.

Each is called with stand-ins by somebody to whom one permission is missing. What it refuses then
is what it demands; the table says what it should demand, and a new use case needs a row.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import pytest

from workstation.access.model import GRANTS, Permission, Role, Session
from workstation.at_the_desk import UseCases
from workstation.compose import Workstation, facility_named, make_workstation
from workstation.facility.settings import Settings
from workstation.kernel.errors import NotPermitted

OPEN = {
    "journal": "a person's own half-done check-ins, or a supervisor's look at them",
    "interview": "records through the use cases of this table, which ask",
    "check_ins": "opens and records through the use cases of this table, which ask",
}
"""Places that ask nothing themselves, and why they may."""

NOBODY = {
    "visits.locked",
    "coverages.findings",
    "eligibility.pending",
    "eligibility.work_once",
    "receipt_mail.work_once",
    "documents.keep_in",
    "documents.content",
    "payments.may_refund",
    "work_items.may_settle",
    "work_items.settle",
}
"""Answers that hold no patient's data, background work whose question was permitted when it was
asked, parts of other use cases, and one that asks by the kind of item (tested with it)."""

DEMANDS: dict[Permission, set[str]] = {
    Permission.SEARCH: {"charts.searched", "find.search"},
    Permission.OPEN_CHART: {
        "charts.opened",
        "charts.printed",
        "conflicts.open",
        "documents.of_person",
        "documents.open",
        "filed_papers.of_person",
        "filed_papers.open",
        "waiting.rows",
    },
    Permission.REGISTER: {"people.register"},
    Permission.REVISE: {
        "coverages.add",
        "coverages.add_coverage",
        "coverages.end",
        "coverages.reorder",
        "coverages.revise",
        "people.put_employment",
        "people.put_related",
        "people.revise",
        "visits.asked_about_cost",
        "visits.place",
        "visits.revise",
    },
    Permission.OPEN_VISIT: {
        "visits.arrive",
        "visits.begin",
        "visits.finish",
        "visits.leave",
        "visits.open",
        "visits.put_back",
        "visits.undo_arrival",
    },
    Permission.MOVE_VISIT: {"moving.move", "moving.plan"},
    Permission.RECORD_SCREENING: {"visits.record_screening_exam"},
    Permission.CORRECT_CLASS: {"visits.asks_for_emergency_care", "visits.correct_class"},
    Permission.ASK_PAYER: {"contacts.note", "eligibility.ask", "eligibility.question_of"},
    Permission.ESTIMATE: {"estimate_papers.pdf", "estimate_papers.was_printed", "estimates.give"},
    Permission.TAKE_PAYMENT: {
        "payments.nothing_today",
        "payments.receipt_handed_out",
        "payments.refund",
        "payments.take",
        "receipt_mail.address_of",
        "receipt_mail.refuse",
        "receipt_mail.send",
        "shifts.make",
    },
    Permission.CAPTURE: {"documents.keep"},
    Permission.MERGE: {"people.merge"},
    Permission.RESOLVE_CONFLICT: {
        "conflicts.reopen",
        "conflicts.resolve",
        "recovery.all",
        "recovery.open_reports",
        "recovery.report",
        "recovery.sign",
    },
    Permission.MANAGE_USERS: {"accounts.create"},
    Permission.SEE_ARRIVALS: {"arrivals.of_day", "downtime_papers.make"},
    Permission.EXAMINE_ACCESS: {
        "oversight.disclose",
        "oversight.disclosures",
        "oversight.exported",
        "oversight.findings",
        "oversight.of_person",
        "oversight.of_staff",
        "oversight.staff",
    },
}


class Anything:
    """Stands in for any argument."""

    def __getattr__(self, name: str) -> Anything:
        return Anything()

    def __call__(self, *args: Any, **more: Any) -> Anything:
        return Anything()

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __str__(self) -> str:
        return "x"


@pytest.fixture(scope="module")
def workstation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workstation]:
    folder = tmp_path_factory.mktemp("asks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTICO_KEY_FILE", str(folder / "key"))
        made = make_workstation(Settings(folder / "home", "desk-A"), facility_named("M", "UTC"))
    yield made
    made.close()


def use_cases(workstation: Workstation) -> Iterator[tuple[str, Callable[..., Any]]]:
    use = workstation.use_cases(Session("u", "login", "Name", Role.KIOSK))
    for field in fields(UseCases):
        place = getattr(use, field.name)
        if field.name == "session" or place is None or field.name in OPEN:
            continue
        for name, method in inspect.getmembers(place, inspect.ismethod):
            if not name.startswith("_"):
                yield f"{field.name}.{name}", method


def refused(method: Callable[..., Any]) -> bool:
    """Whether somebody with these grants is turned away."""
    given: list[Any] = []
    named: dict[str, Any] = {}
    for wanted in inspect.signature(method).parameters.values():
        if wanted.default is wanted.empty:
            value = "x" if "str" in str(wanted.annotation) else Anything()
            if wanted.kind is wanted.KEYWORD_ONLY:
                named[wanted.name] = value
            else:
                given.append(value)
    try:
        method(*given, **named)
    except NotPermitted:
        return True
    except Exception:  # noqa: BLE001 - let in, and then the stand-ins were no real arguments
        return False
    return False


def test_whoever_has_no_permission_is_refused_everywhere(
    workstation: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(GRANTS, Role.KIOSK, frozenset())
    let_in = {name for name, method in use_cases(workstation) if not refused(method)}
    assert let_in - NOBODY == set()
    assert NOBODY - let_in - {"receipt_mail.work_once"} == set()


@pytest.mark.parametrize("missing", list(Permission))
def test_one_permission_opens_what_it_names_and_nothing_else(
    workstation: Workstation, monkeypatch: pytest.MonkeyPatch, missing: Permission
) -> None:
    monkeypatch.setitem(GRANTS, Role.KIOSK, frozenset(Permission) - {missing})
    found = {name for name, method in use_cases(workstation) if refused(method)}
    assert found == DEMANDS.get(missing, set())
