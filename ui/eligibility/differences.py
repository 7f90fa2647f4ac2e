"""What the payer has otherwise than the record or than at its last answer. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass

from ui.eligibility.notices import Go, go_to
from ui.eligibility.seen import CoverageSeen
from ui.eligibility.words import day_words, not_stated, rate_words
from ui.wall_clock import local
from ui.words import say
from workstation.eligibility.changes import Change
from workstation.eligibility.comparing import Difference
from workstation.interview.model import PageId
from workstation.interview.typed import shown_date
from workstation.kernel.clock import from_iso
from workstation.kernel.money import dollars

MOST = 4
"""More than these are a case for the whole answer."""

_STATUS = {"active": "active", "inactive": "not active", "partial": "active in part"}
_OF_ANOTHER = frozenset({"payer_id", "order"})
"""Differences about a payer that is not among the coverages."""
_AUTHORIZATION = {"yes": "needed", "no": "not needed"}


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One line: what differs, what to do, and the question that mends it."""

    level: str
    words: str
    do: str = ""
    go: Go | None = None


def difference_lines(one: CoverageSeen) -> tuple[DifferenceLine, ...]:
    """What differs, the record first: that is what a claim would be refused for."""
    lines = [DifferenceLine("warn", say(one.differs))] if one.differs else []
    lines += [_of_record(difference) for difference in one.differences]
    if one.changes and one.before is not None:
        day = day_words(local(from_iso(one.before["answered_at"])).date())
        told = ", ".join(change_words(change) for change in one.changes)
        words = say("Changed since the answer of {day}: {changes}.", day=day, changes=told)
        lines.append(DifferenceLine("info", words))
    return tuple(lines[:MOST])


def change_words(change: Change) -> str:
    """``Copay $25.00, now $40.00``."""
    before, now = _value(change.kind, change.before), _value(change.kind, change.now)
    return say("{what} {before}, now {now}", what=say(change.what), before=before, now=now)


def _value(kind: str, value: int | str | None) -> str:
    if value is None:
        return not_stated()
    if kind == "cents":
        return dollars(int(value))
    if kind == "rate":
        return rate_words(int(value))
    tables = {"status": _STATUS, "authorization": _AUTHORIZATION}
    known = tables.get(kind, {}).get(str(value))
    return say(known) if known else str(value)


def _of_record(found: Difference) -> DifferenceLine:
    if found.field in _OF_ANOTHER:  # the fix names it; another coverage is entered, none corrected
        go = Go(PageId.COVERAGE, "payer_name", say("Open the coverages"))
        return DifferenceLine("warn", say(found.say), say(found.fix), go)
    values = [
        say("Record: {value}.", value=shown_date(found.stored)) if found.stored else "",
        say("Payer: {value}.", value=shown_date(found.payer)) if found.payer else "",
    ]
    do = " ".join(part for part in (*values, say(found.fix)) if part)
    return DifferenceLine("warn", say(found.say), do, go_to(found.field))
