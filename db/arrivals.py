"""The day's read model: a few queries for the whole list, never one per row."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, tzinfo
from typing import Any

from sqlalchemy import Connection, Select, bindparam, case, func, or_, select
from sqlalchemy.engine import RowMapping

from db.facility import department
from db.local import expected_today, user
from db.store import SqlStore
from db.tables import TABLES
from workstation.arrivals.model import ArrivalRow, CoverageState, Status
from workstation.arrivals.todo import (
    CoverageFacts,
    VisitFacts,
    coverage_since,
    coverage_state,
    todo,
)
from workstation.interview.options import LANGUAGES
from workstation.kernel.clock import from_iso
from workstation.kernel.money import dollars
from workstation.kernel.phrases import phrase
from workstation.papers.model import FormId, Outcome, PastSignature
from workstation.papers.rules import VisitForPapers, due_papers
from workstation.payers.directory import PayerDirectory
from workstation.visits.model import is_locked

Row = RowMapping
_LANGUAGES = {option.code: option.label for option in LANGUAGES if option.code != "en"}
_STATUS = {
    "expected": Status.EXPECTED,
    "arrived": Status.HERE,
    "in_progress": Status.IN_PROGRESS,
    "ready": Status.READY,
    "done": Status.DONE,
    "left": Status.CANCELLED,
    "cancelled": Status.CANCELLED,
}


class SqlArrivals:
    """``workstation.arrivals.gateways.ArrivalsReader`` over the store."""

    def __init__(self, store: SqlStore, payers: PayerDirectory, zone: tzinfo = UTC) -> None:
        self._store = store
        self._payers = payers
        self._zone = zone

    def of_day(self, day: date, departments: Sequence[str]) -> tuple[ArrivalRow, ...]:
        """All visits of the day in these departments, and those that nobody has placed yet."""
        with self._store.reading() as connection:
            visits = _visits(connection, day, departments)
            people = [visit["person_id"] for visit in visits]
            around = _Around(connection, self._zone, people, [visit["id"] for visit in visits])
            return tuple(self._row(visit, around, day) for visit in visits)

    def _row(self, visit: Row, around: _Around, day: date) -> ArrivalRow:
        person = around.people[visit["person_id"]]
        covers = [self._cover(row, around) for row in around.coverages[visit["person_id"]]]
        facts = _facts(visit, person, tuple(covers), around, day)
        state = coverage_state(facts)
        estimate = around.estimates.get(visit["id"])
        cents, why = _expected(state, estimate, around.expected.get(visit["id"]), facts)
        place = around.departments.get(visit["department_id"] or "")
        return ArrivalRow(
            visit_id=visit["id"],
            person_id=visit["person_id"],
            time=from_iso(visit["scheduled_at"] or visit["arrived_at"]),
            last=person["last"] or "",
            first=" ".join(p for p in (person["first"], person["suffix"]) if p),
            middle=person["middle"] or "",
            preferred=person["preferred_name"] or "",
            born=_day(person["dob"]),
            sex=person["sex"] or "",
            mrn=person["mrn"] or person["provisional_mrn"] or "",
            reason=visit["reason"] or "",
            sensitive=bool(visit["sensitive"]),
            department_id=visit["department_id"] or "",
            department=place["name"] if place else "",
            coverage=state,
            coverage_since=coverage_since(facts),
            plan=" + ".join(cover.plan for cover in covers),
            todo=todo(facts),
            expected_cents=cents,
            expected_why=why,
            status=_STATUS[visit["state"]],
            arrived_at=from_iso(visit["arrived_at"]) if visit["arrived_at"] else None,
            owner_id=visit["owner"] or "",
            owner=around.users.get(visit["owner"] or "", ""),
            emergency_locked=visit["person_id"] in around.locked,
            language=_LANGUAGES.get(person["language"] or "", ""),
            interpreter=bool(person["interpreter"]),
            alerts=_alerts(person),
            coverage_lines=_coverage_lines(around.checks.get(_first_id(around, visit))),
            visit_number=visit["visit_number"],
            account_number=visit["account_number"],
        )

    def _cover(self, row: Row, around: _Around) -> CoverageFacts:
        payer = self._payers.find(row["payer_id"], row["payer_name"])
        check = around.checks.get(row["id"])
        asked = check and (check["answered_at"] or check["asked_at"])
        return CoverageFacts(
            payer_kind=self._payers.kind_of(row["payer_kind"], row["payer_id"], row["payer_name"]),
            plan=row["plan_name"] or (payer.name if payer else row["payer_id"] or ""),
            member_id=row["member_id"],
            claim_number=row["claim_number"],
            ended=_day(row["to"]) or _ended(check),
            check_state=check["state"] if check else None,
            check_status=check["status"] if check else None,
            checked_on=around.day(asked) if asked else None,
        )


class _Around:
    """Everything that the rows of one day lean on, read at once."""

    def __init__(
        self, connection: Connection, zone: tzinfo, people: list[str], visits: list[str]
    ) -> None:
        self._zone = zone
        self.people = {row["id"]: row for row in _in(connection, "person", "id", people)}
        self.coverages: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(
            _in(connection, "coverage", "person_id", people), key=lambda r: r["order"] or 9
        ):
            if not row["retired"]:  # entered by mistake: shown to nobody
                self.coverages[row["person_id"]].append(row)
        self.checks = _newest_checks(connection, people)
        self.estimates = {
            row["visit_id"]: row
            for row in _in(connection, "estimate", "visit_id", visits, "visit_id", "patient_total")
        }
        self.expected = {
            row["id"]: row for row in connection.execute(select(expected_today)).mappings()
        }
        # A merge moves no visit, so the charts of a person are gone through as one.
        charts = _charts(connection, people)
        theirs = _in(connection, "visit", "person_id", charts, *_STANDS)
        self.locked = {
            person for row in theirs if is_locked(dict(row)) for person in charts[row["person_id"]]
        }
        """Who waits for a screening exam in any visit (42 CFR 489.24(d)(4))."""
        moved = {row["id"] for row in theirs if row["moved_to"]}
        signed = _in(connection, "signature", "person_id", people, *_SIGNED)
        kept = _in(connection, "document", "person_id", people, *_KEPT)
        self.signatures = _grouped(row for row in signed if row["visit_id"] not in moved)
        self.documents = _grouped(row for row in kept if row["visit_id"] not in moved)
        self.medicare = {
            row["visit_id"]
            for row in _in(connection, "msp_answers", "visit_id", visits, "visit_id")
        }
        self.departments = {
            row["id"]: row for row in connection.execute(select(department)).mappings()
        }
        self.users = {
            row.id: row.name for row in connection.execute(select(user.c.id, user.c.name))
        }

    def day(self, moment: str) -> date:
        """The facility's day of an ISO moment."""
        return from_iso(moment).astimezone(self._zone).date()


def _visits(connection: Connection, day: date, departments: Sequence[str]) -> list[Row]:
    visit = TABLES["visit"]
    query = select(visit).where(visit.c.service_date == day.isoformat(), visit.c.moved_to.is_(None))
    if departments:
        placed = visit.c.department_id
        query = query.where(or_(placed.in_(departments), placed.is_(None)))
    rows = connection.execute(query.order_by(visit.c.scheduled_at, visit.c.id)).mappings()
    return [row for row in rows if row["scheduled_at"] or row["arrived_at"]]


def _in(
    connection: Connection, kind: str, column: str, values: Iterable[str], *wanted: str
) -> list[Row]:
    """Rows of these values, oldest first; only the columns wanted, where some are named."""
    table = TABLES[kind]
    columns = [table.c[name] for name in wanted] or list(table.c)
    query = select(*columns).where(table.c[column].in_(_given())).order_by(table.c.id)
    return list(connection.execute(query, {"given": json.dumps(list(values))}).mappings())


def _charts(connection: Connection, people: list[str]) -> dict[str, set[str]]:
    """Every chart that is one of these people's, and whose of them it is."""
    charts = {person: {person} for person in people}
    frontier = people
    while frontier:
        found = [
            row
            for column in ("survivor", "retired")
            for row in _in(connection, "person_merge", column, frontier)
        ]
        pointers = {row["retired"]: row for row in sorted(found, key=lambda row: str(row["id"]))}
        before = {chart: len(whose) for chart, whose in charts.items()}
        for row in pointers.values():
            if not row["withdrawn"]:
                one = charts.setdefault(row["retired"], set())
                other = charts.setdefault(row["survivor"], set())
                one |= other
                other |= one
        frontier = [chart for chart, whose in charts.items() if len(whose) > before.get(chart, 0)]
    return charts


def _given() -> Select[tuple[Any]]:
    """The values given as one JSON text: one statement for any number of them, compiled once."""
    return select(func.json_each(bindparam("given")).table_valued("value").c.value)


_SIGNED = ("person_id", "form_id", "form_version", "at", "outcome", "visit_id")
_KEPT = ("person_id", "kind", "at", "visit_id")
_STANDS = ("id", "person_id", "lock", "state", "moved_to")


def _newest_checks(connection: Connection, people: list[str]) -> dict[str, Row]:
    """The newest question to the payer of each coverage, with the little of its answer that the
    list shows. The answers themselves are large: to read them whole took 50 of 60 ms."""
    check = TABLES["eligibility_check"]
    theirs = check.c.person_id.in_(_given())
    newest = select(func.max(check.c.id)).where(theirs).group_by(check.c.coverage_id)
    ends = func.json_extract(check.c.answer, "$.dates")
    columns = [check.c[name] for name in ("coverage_id", "state", "status")]
    columns += [check.c.asked_at, check.c.answered_at]
    query = select(
        *columns,
        func.json_extract(check.c.answer, _COPAY).label("copay"),
        func.json_extract(check.c.answer, _LEFT).label("left"),
        case((check.c.status == "inactive", ends)).label("dates"),
    ).where(check.c.id.in_(newest))
    found = connection.execute(query, {"given": json.dumps(people)}).mappings()
    return {row["coverage_id"]: row for row in found}


_COPAY = '$.summary."98".in.copay'
_LEFT = '$.summary."30".in.deductible.individual.remaining'


def _grouped(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["person_id"]].append(row)
    return groups


def _facts(
    visit: Row, person: Row, covers: tuple[CoverageFacts, ...], around: _Around, day: date
) -> VisitFacts:
    documents = around.documents.get(visit["person_id"], [])
    due = due_papers(
        VisitForPapers(
            day=day,
            patient_class=visit["class"],
            locked=is_locked(dict(visit)),
            insured=bool(covers),
            payer_kinds=frozenset(cover.payer_kind for cover in covers),
            do_not_bill=bool(visit["do_not_bill"]),
            visit_id=visit["id"],
        ),
        [_past(row, around) for row in around.signatures.get(visit["person_id"], [])],
    )
    return VisitFacts(
        today=day,
        born=_day(person["dob"]),
        coverages=covers,
        do_not_bill=bool(visit["do_not_bill"]),
        employer_paid=bool(visit["employer_paid"]),
        identity_seen=_seen(documents, "licence", around),
        card_seen=_seen(documents, "card_front", around),
        medicare_answered=visit["id"] in around.medicare,
        papers_due=len(due),
    )


def _past(row: Row, around: _Around) -> PastSignature:
    return PastSignature(
        form_id=FormId(row["form_id"]),
        version=row["form_version"],
        on=around.day(row["at"]),
        outcome=Outcome(row["outcome"]),
        visit_id=row["visit_id"],
    )


def _seen(documents: Iterable[Row], kind: str, around: _Around) -> date | None:
    days = [around.day(row["at"]) for row in documents if row["kind"] == kind]
    return max(days, default=None)


def _expected(
    state: CoverageState, told: Row | None, expected: Row | None, facts: VisitFacts
) -> tuple[int | None, str]:
    """What the patient was told, else what this desk expects, else words for why not."""
    if told is not None and told["patient_total"] is not None:
        return told["patient_total"], ""
    if expected is not None and state is CoverageState.ACTIVE:
        return expected["cents"], expected["why"]
    if facts.employer_paid:
        return None, "after_visit"
    if state is CoverageState.ASKING:
        return None, "asking"
    if state in (CoverageState.STALE, CoverageState.NO_ANSWER):
        return None, "re_ask"
    if state is CoverageState.SELF_PAY:
        return None, "estimate"
    if state is CoverageState.ACTIVE:
        return None, "working"  # nothing is noted yet; behind the window it is being worked out
    return None, "not_known"


def _alerts(person: Row) -> tuple[str, ...]:
    alerts = []
    if person["confidential_address"]:
        alerts.append("Confidential address: do not show or say it")
    if person["privacy_flag"]:
        alerts.append("Asked for privacy: give no information to callers")
    return tuple(alerts)


def _coverage_lines(check: Row | None) -> tuple[str, ...]:
    """Copay and deductible of the newest answer, from its plan-level summary."""
    if check is None:
        return ()
    lines = []
    if check["copay"] is not None:
        lines.append(phrase("Office copay {amount}", amount=dollars(check["copay"])))
    if check["left"] is not None:
        lines.append(phrase("Deductible left {amount}", amount=dollars(check["left"])))
    return tuple(lines)


def _ended(check: Row | None) -> date | None:
    """The end of coverage that an inactive answer states, if it states one."""
    if check is None or check["dates"] is None:
        return None
    days = [_day(span["to"]) for span in json.loads(check["dates"]) if span.get("to")]
    return max((day for day in days if day), default=None)


def _first_id(around: _Around, visit: Row) -> str:
    covers = around.coverages[visit["person_id"]]
    return str(covers[0]["id"]) if covers else ""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None
