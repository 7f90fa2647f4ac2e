"""One row of the day, and the states it can be in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Status(StrEnum):
    """Where a visit stands at the desk."""

    EXPECTED = "expected"
    LATE = "late"
    HERE = "here"
    IN_PROGRESS = "in_progress"
    READY = "ready"
    DONE = "done"
    CANCELLED = "cancelled"


class CoverageState(StrEnum):
    """What the payer said, or why it said nothing. Not answered is never inactive."""

    NONE = "none"
    ASKING = "asking"
    ACTIVE = "active"
    STALE = "stale"
    ENDED = "ended"
    NO_ANSWER = "no_answer"
    NOT_ASKED = "not_asked"
    SELF_PAY = "self_pay"
    LOCKED = "locked"


class Level(StrEnum):
    """How much a mark matters: a note, may go on with a reason, must be fixed."""

    NOTE = "note"
    YIELD = "yield"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Todo:
    """A small labelled mark of something left to do. ``detail`` explains it in the side panel."""

    code: str
    label: str
    level: Level = Level.NOTE
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ArrivalRow:
    """A visit of the day as the front desk sees it.

    ``expected_cents`` is None where it is not known; the words then say why (``asking``). Times
    are aware UTC, ``born`` a calendar date. A row under the emergency lock carries neither money
    nor coverage marks (42 CFR 489.24): see ``rules.shown``.
    """

    visit_id: str
    person_id: str
    time: datetime
    last: str
    first: str
    middle: str = ""
    preferred: str = ""
    born: date | None = None
    sex: str = ""
    mrn: str = ""
    reason: str = ""
    sensitive: bool = False
    department_id: str = ""
    department: str = ""
    coverage: CoverageState = CoverageState.NOT_ASKED
    coverage_since: date | None = None
    """The day the coverage ended, or the day of the last answer where it is stale."""
    plan: str = ""
    todo: tuple[Todo, ...] = ()
    expected_cents: int | None = None
    expected_why: str = ""
    """Where the amount is not known: asking, working, re_ask, not_known, after_visit, estimate."""
    status: Status = Status.EXPECTED
    arrived_at: datetime | None = None
    owner_id: str = ""
    owner: str = ""
    emergency_locked: bool = False
    language: str = ""
    interpreter: bool = False
    alerts: tuple[str, ...] = ()
    coverage_lines: tuple[str, ...] = ()
    """The side panel's lines under the plan: copay, deductible left, when it was asked."""
    visit_number: str = ""
    account_number: str = ""

    @property
    def name(self) -> str:
        """``OKAFOR-DIAZ, Maria Elena``, as dense lists show it."""
        given = " ".join(part for part in (self.first, self.middle) if part)
        return f"{self.last.upper()}, {given}" if given else self.last.upper()


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers on the filters."""

    all: int
    here: int
    attention: int
    mine: int
