"""Who comes first, what is said of money, what an emergency hides. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from workstation.arrivals.model import (
    ArrivalRow,
    Counts,
    CoverageState,
    Level,
    Status,
    Todo,
)
from workstation.kernel.money import dollars

LATE_AFTER = timedelta(minutes=15)
LONG_WAIT_MINUTES = 10
"""From here on a waiting person is shown as waiting long."""

FINISHED = (Status.DONE, Status.CANCELLED)
_AT_DESK = (Status.HERE, Status.IN_PROGRESS)
_WHY_WORDS = {
    "asking": "asking",
    "working": "working…",
    "re_ask": "re-ask",
    "after_visit": "after visit",
    "estimate": "estimate",
}
_BY_COVERAGE = {CoverageState.ASKING: "asking", CoverageState.STALE: "re-ask"}


def age(born: date, on: date) -> int:
    """Completed years on a day."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def waiting_minutes(row: ArrivalRow, now: datetime) -> int:
    """Whole minutes since the person came; 0 where they did not, or are done."""
    if row.arrived_at is None or row.status in FINISHED:
        return 0
    return max(0, int((now - row.arrived_at).total_seconds() // 60))


def status_now(row: ArrivalRow, now: datetime) -> Status:
    """Expected turns to late a quarter of an hour after its time; nothing else turns by itself."""
    if row.status is Status.EXPECTED and now - row.time > LATE_AFTER:
        return Status.LATE
    return row.status


def expected_words(row: ArrivalRow) -> str:
    """What stands under *Today*: the estimate, or words. Unknown is never ``$0.00``.

    Nothing is expected any more of who is done.
    """
    if row.emergency_locked or row.status in FINISHED:
        return ""
    if row.expected_why in _WHY_WORDS:
        return _WHY_WORDS[row.expected_why]
    if row.coverage in _BY_COVERAGE:
        return _BY_COVERAGE[row.coverage]
    if row.expected_cents is None:
        return "not known"
    return dollars(row.expected_cents)


def coverage_words(row: ArrivalRow, today: date) -> str:
    """The payer's state in a word or two, before the plan."""
    since = row.coverage_since
    if row.coverage is CoverageState.STALE:
        return f"{(today - since).days} days old" if since else "Old answer"
    if row.coverage is CoverageState.ENDED:
        return f"Ended {since:%d %b}" if since else "Ended"
    return {
        CoverageState.ASKING: "Asking…",
        CoverageState.ACTIVE: "Active",
        CoverageState.NO_ANSWER: "No answer",
        CoverageState.NOT_ASKED: "Not asked",
        CoverageState.SELF_PAY: "Self-pay",
        CoverageState.NONE: "None on file",
    }.get(row.coverage, "")


def shown(row: ArrivalRow) -> ArrivalRow:
    """The row as a screen may have it: sensitive reasons and, under the lock, money are gone.

    Under the emergency lock (42 CFR 489.24) nothing of money, benefits or authorization exists
    on any screen, and nobody waits for a card or a photo ID: the coverage, the amount and the
    marks of what is left to do are taken out here, so that no painter can forget.
    """
    if row.sensitive:
        row = replace(row, reason="")
    if not row.emergency_locked:
        return row
    return replace(
        row,
        coverage=CoverageState.LOCKED,
        coverage_since=None,
        plan="",
        coverage_lines=(),
        expected_cents=None,
        expected_why="",
        todo=(),
    )


def worst(marks: Iterable[Todo]) -> Level | None:
    """The most serious level among marks."""
    order = (Level.NOTE, Level.YIELD, Level.STOP)
    return max((mark.level for mark in marks), key=order.index, default=None)


def needs_attention(row: ArrivalRow) -> bool:
    """A stop or a yield stands at it, and it is not finished."""
    return row.status not in FINISHED and worst(row.todo) in (Level.STOP, Level.YIELD)


def _effort(row: ArrivalRow) -> int:
    weight = {Level.NOTE: 1, Level.YIELD: 2, Level.STOP: 4}
    return sum(weight[mark.level] for mark in row.todo)


def in_order(rows: Iterable[ArrivalRow], now: datetime) -> tuple[ArrivalRow, ...]:
    """Emergencies, then who is here (longest wait first, then least to do), then by time.

    Waits are compared by five minutes, so that among people who came together the one who needs
    least is first to finish. Done and cancelled stand last.
    """

    def key(row: ArrivalRow) -> tuple[int, float, int, str]:
        if row.status in FINISHED:
            return 3, row.time.timestamp(), 0, row.visit_id
        if row.emergency_locked:
            return 0, -waiting_minutes(row, now), 0, row.visit_id
        if row.status in _AT_DESK:
            return 1, -(waiting_minutes(row, now) // 5), _effort(row), row.visit_id
        return 2, row.time.timestamp(), _effort(row), row.visit_id

    return tuple(sorted(rows, key=key))


FILTERS = ("all", "here", "attention", "mine")


def passes(row: ArrivalRow, chosen: str, user_id: str) -> bool:
    """Whether a row stands under a filter (all, here, attention, mine)."""
    if chosen == "here":
        return row.status in _AT_DESK
    if chosen == "attention":
        return needs_attention(row)
    if chosen == "mine":
        return bool(user_id) and row.owner_id == user_id and row.status not in FINISHED
    return True


def counts(rows: Sequence[ArrivalRow], user_id: str) -> Counts:
    """The numbers on the filters."""
    return Counts(*(sum(passes(row, name, user_id) for row in rows) for name in FILTERS))


def matches(row: ArrivalRow, typed: str) -> bool:
    """Every word typed stands in the name, MRN, plan, reason or department."""
    haystack = " ".join(
        (row.name, row.preferred, row.mrn, row.plan, row.reason, row.department)
    ).casefold()
    return all(word in haystack for word in typed.casefold().split())
