"""Rows of the day as words, icons and tones, computed once per refresh, not per repaint."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from ui.words import say
from workstation.arrivals import rules
from workstation.arrivals.model import ArrivalRow, CoverageState, Level, Status

COVERAGE_LOOK = {
    CoverageState.ACTIVE: ("circle-check", "ok"),
    CoverageState.ASKING: ("clock", "muted"),
    CoverageState.STALE: ("triangle-alert", "warn"),
    CoverageState.ENDED: ("circle-x", "stop"),
    CoverageState.NO_ANSWER: ("circle-question-mark", "warn"),
    CoverageState.NOT_ASKED: ("circle-question-mark", "muted"),
    CoverageState.NONE: ("circle-question-mark", "warn"),
    CoverageState.SELF_PAY: ("", "muted"),
    CoverageState.LOCKED: ("", "muted"),
}
LEVEL_TONE = {Level.NOTE: "accent", Level.YIELD: "warn", Level.STOP: "stop"}
_WAITING = (Status.HERE, Status.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class Cells:
    """One row, ready to be painted."""

    row: ArrivalRow
    time: str
    name: str
    born: str
    visit: str
    coverage: str
    coverage_icon: str
    coverage_tone: str
    plan: str
    todo: tuple[tuple[str, str], ...]
    today: str
    today_known: bool
    status: str
    status_tone: str

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        todo = ", ".join(label for label, _ in self.todo) or say("Nothing")
        parts = (self.time, self.name, self.born, self.visit, self.coverage, self.plan)
        words = [part for part in parts if part]
        if not self.row.emergency_locked:
            words.append(say("To do: {todo}", todo=todo))
            words += [say("today {amount}", amount=self.today)] if self.today else []
        return ", ".join([*words, self.status])


def mark_words(words: str) -> str:
    """A mark of what is left to do in the language in force; its number stays as it is."""
    found = re.search(r"\d+", words)
    if found is None:
        return say(words)
    return say(words.replace(found[0], "{n}", 1), n=found[0])


def day_words(day: date) -> str:
    """``03 Mar 1985``: a birth date as the desk reads it."""
    return f"{day:%d %b %Y}"


def time_words(moment: datetime, zone: tzinfo | None) -> str:
    """``9:20`` on the facility's clock."""
    local = moment.astimezone(zone)
    return f"{local.hour}:{local.minute:02d}"


def initials(name: str) -> str:
    """``R.D.`` for R. Diaz."""
    return "".join(f"{part[0]}." for part in name.replace(".", " ").split()[:2])


def status_words(row: ArrivalRow, now: datetime) -> tuple[str, str]:
    """The last column: words and tone."""
    waited = rules.waiting_minutes(row, now)
    if row.status is Status.HERE:
        long = waited >= rules.LONG_WAIT_MINUTES
        return say("Here {n} min", n=waited), "warn" if long else "accent"
    if row.status is Status.IN_PROGRESS:
        return say("In progress {who}", who=initials(row.owner)).strip(), "accent"
    words, tone = {
        Status.EXPECTED: (say("Expected"), "text"),
        Status.LATE: (say("Late"), "warn"),
        Status.READY: (say("Ready"), "ok"),
        Status.DONE: (say("Done"), "muted"),
        Status.CANCELLED: (say("Cancelled"), "muted"),
    }[row.status]
    return words, tone


def _coverage(row: ArrivalRow, today: date) -> str:
    if row.emergency_locked:
        return say("registration only for now")
    words = rules.coverage_words(row, today)
    if row.coverage is CoverageState.STALE and row.coverage_since is not None:
        return say("{n} days old", n=(today - row.coverage_since).days)
    if row.coverage is CoverageState.ENDED and row.coverage_since is not None:
        return say("Ended {day}", day=f"{row.coverage_since:%d %b}")
    return say(words)


def cells(row: ArrivalRow, now: datetime, zone: tzinfo | None) -> Cells:
    """A row as it is painted."""
    today = now.astimezone(zone).date()
    icon, tone = COVERAGE_LOOK[row.coverage]
    born = ""
    if row.born is not None:
        born = f"{day_words(row.born)} · {rules.age(row.born, today)}"
    status, status_tone = status_words(row, now)
    expected = rules.expected_words(row)
    visit = row.reason
    if row.emergency_locked:
        visit = say("Emergency")
    return Cells(
        row=row,
        time=time_words(row.time, zone),
        name=row.name,
        born=born,
        visit=visit,
        coverage=_coverage(row, today),
        coverage_icon=icon,
        coverage_tone=tone,
        plan=row.plan,
        todo=tuple((mark_words(mark.label), LEVEL_TONE[mark.level]) for mark in row.todo),
        today=say(expected) if not expected.startswith("$") else expected,
        today_known=expected.startswith("$"),
        status=status,
        status_tone=status_tone,
    )
