"""A chart opened beside the one in hand, to read only: audited first, then shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from ui.people.beside import Who
from ui.words import say
from workstation.at_the_desk import UseCases
from workstation.interview.fields import Option
from workstation.interview.known import number_of_chart
from workstation.interview.options import LANGUAGES, SEX
from workstation.kernel.unit_of_work import StoreGateway

Fact = tuple[str, str]
Beside = tuple[Who, str, tuple[tuple[str, tuple[Fact, ...]], ...], tuple[tuple[str, str, str], ...]]
"""Who it is, initials, sections of (title, facts), flags as (words, icon, level)."""


def read_beside(use: UseCases, records: StoreGateway, person_id: str) -> Beside:
    """What the chart says at a glance. The opening is in the audit before anything is read."""
    use.charts.opened(person_id, "beside")
    reader = records.read()
    row = reader.get("person", person_id) or {}
    last, first = row.get("last") or "", row.get("first") or ""
    flags: list[tuple[str, str, str]] = []
    if row.get("confidential_address"):
        flags.append((say("Confidential address"), "shield-alert", "warn"))
    if row.get("deceased"):
        flags.append((say("Deceased"), "info", "warn"))
    covers = [row for row in reader.find("coverage", person_id=person_id) if not row["retired"]]
    sections = (
        (say("Person"), _person(row)),
        (say("Contact"), _contact(row)),
        (say("Coverage"), tuple(("", _coverage(row)) for row in covers)),
        (say("Visits"), _visits(reader.find("visit", person_id=person_id))),
    )
    shown = tuple((title, lines) for title, lines in sections if lines)
    suffix = f" {row['suffix']}" if row.get("suffix") else ""
    name, initials = f"{last.upper()}, {first}{suffix}", f"{first[:1]}{last[:1]}".upper()
    mrn = number_of_chart(row)
    facts = " · ".join(filter(None, (_born(row), f"MRN {mrn}" if mrn else "")))
    who = (person_id, name, facts)
    return who, initials, shown, tuple(flags)


def _person(row: dict[str, Any]) -> tuple[Fact, ...]:
    facts = (
        (say("Born"), _born(row)),
        (say("Sex"), _said(SEX, row.get("sex"))),
        (say("MRN"), number_of_chart(row)),
        (say("Language"), _said(LANGUAGES, row.get("language"))),
    )
    return tuple(fact for fact in facts if fact[1])


def _born(row: dict[str, Any]) -> str:
    return f"{date.fromisoformat(row['dob']):%d %b %Y}" if row.get("dob") else ""


def _said(options: tuple[Option, ...], code: str | None) -> str:
    return next((say(option.label) for option in options if option.code == code), code or "")


def _contact(row: dict[str, Any]) -> tuple[Fact, ...]:
    phones = ((say("Phone"), phone) for phone in row.get("phones") or ())
    if row.get("confidential_address"):
        return ((say("Address"), say("protected")),)
    place = " ".join(part for part in (row.get("city"), row.get("state"), row.get("zip")) if part)
    address = ", ".join(part for part in (row.get("street"), place) if part)
    return (*phones, *(((say("Address"), address),) if address else ()))


def _coverage(row: dict[str, Any]) -> str:
    name = row.get("plan_name") or row.get("payer_name") or row.get("payer_id") or ""
    return f"{name} {row.get('member_id') or ''}".strip()


def _visit(row: dict[str, Any]) -> str:
    state = {"expected": "Expected", "done": "Done", "left": "Left", "cancelled": "Cancelled"}
    stands = say(state.get(row["state"], "Here"))
    return " · ".join(part for part in (row.get("reason"), row["visit_number"], stands) if part)


def _visits(rows: list[dict[str, Any]]) -> tuple[Fact, ...]:
    newest = sorted(rows, key=lambda row: row["service_date"], reverse=True)[:5]
    return tuple(
        (f"{date.fromisoformat(row['service_date']):%d %b %Y}", _visit(row))
        for row in newest
        if not row.get("sensitive") and not row.get("moved_to")
    )
