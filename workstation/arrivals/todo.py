"""What each visit of the day still needs, and what the payer said of it: pure rules over facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from workstation.arrivals.model import CoverageState, Level, Todo
from workstation.payers.model import PayerKind
from workstation.payers.requirements import PAYS_ONLY_ACCIDENT

FRESH_FOR = timedelta(days=30)
"""An answer older than this is asked again before it is believed."""

IDENTITY_FOR = timedelta(days=365)
"""A photo identification seen within this time need not be scanned again."""

_MEDICARE = frozenset({PayerKind.MEDICARE, PayerKind.MEDICARE_ADVANTAGE})


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """The first coverage of a visit. ``check_state`` is that of the newest question, if any."""

    payer_kind: PayerKind
    plan: str
    member_id: str | None
    claim_number: str | None
    ended: date | None
    check_state: str | None = None
    check_status: str | None = None
    checked_on: date | None = None


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What is on file around one visit of the day."""

    today: date
    born: date | None
    coverages: tuple[CoverageFacts, ...]
    do_not_bill: bool
    employer_paid: bool
    identity_seen: date | None
    card_seen: date | None
    medicare_answered: bool
    papers_due: int


def coverage_state(facts: VisitFacts) -> CoverageState:
    """The state of the first coverage; a question without an answer is never an ended coverage."""
    if not facts.coverages or facts.do_not_bill:
        return CoverageState.SELF_PAY
    first = facts.coverages[0]
    if first.ended is not None and first.ended < facts.today:
        return CoverageState.ENDED
    if first.check_state is None:
        return CoverageState.NOT_ASKED
    if first.check_state == "asked":
        return CoverageState.ASKING
    if first.check_state != "answered" or first.check_status == "not_answered":
        return CoverageState.NO_ANSWER
    if first.check_status == "inactive":
        return CoverageState.ENDED
    if first.checked_on is not None and facts.today - first.checked_on > FRESH_FOR:
        return CoverageState.STALE
    return CoverageState.ACTIVE


def coverage_since(facts: VisitFacts) -> date | None:
    """The day that belongs to the state: the end of a coverage, or the day of an old answer."""
    if not facts.coverages:
        return None
    first = facts.coverages[0]
    return first.ended if coverage_state(facts) is CoverageState.ENDED else first.checked_on


def todo(facts: VisitFacts) -> tuple[Todo, ...]:
    """The marks of a row, the most serious first."""
    marks = [*_coverage_marks(facts), *_identity_marks(facts)]
    if facts.papers_due:
        papers = "paper" if facts.papers_due == 1 else "papers"
        marks.append(
            Todo(
                "forms", f"Forms {facts.papers_due}", detail=f"{facts.papers_due} {papers} to sign"
            )
        )
    order = (Level.STOP, Level.YIELD, Level.NOTE)
    return tuple(sorted(marks, key=lambda mark: order.index(mark.level)))


def _coverage_marks(facts: VisitFacts) -> list[Todo]:
    state = coverage_state(facts)
    marks: list[Todo] = []
    if state is CoverageState.SELF_PAY and not facts.employer_paid:
        marks.append(Todo("estimate", "Estimate", detail="Good-faith estimate and screening"))
    if state is CoverageState.ENDED:
        marks.append(Todo("coverage", "Coverage", Level.STOP, "The coverage on file has ended"))
    if state is CoverageState.STALE:
        marks.append(Todo("re_ask", "Re-ask payer", Level.YIELD, "The payer's answer is old"))
    if state is CoverageState.NO_ANSWER:
        marks.append(Todo("re_ask", "Re-ask payer", Level.YIELD, "The payer has not answered"))
    kinds = {coverage.payer_kind for coverage in facts.coverages}
    if kinds & _MEDICARE and not facts.medicare_answered:
        marks.append(Todo("medicare", "Medicare Qs", detail="Asked at every visit with Medicare"))
    if kinds & PAYS_ONLY_ACCIDENT and not any(c.claim_number for c in facts.coverages):
        marks.append(Todo("claim", "Claim number", Level.YIELD, "The claim needs its number"))
    if facts.coverages and facts.card_seen is None and not kinds & PAYS_ONLY_ACCIDENT:
        marks.append(Todo("card", "Card", detail="Scan the insurance card"))
    return marks


def _identity_marks(facts: VisitFacts) -> list[Todo]:
    if facts.identity_seen is not None and facts.today - facts.identity_seen <= IDENTITY_FOR:
        return []
    if facts.born is not None and _years(facts.born, facts.today) < 18:
        return [Todo("guardian_id", "Guardian ID", detail="Who comes with the child, and by right")]
    return [Todo("id", "ID", detail="See and scan a photo ID")]


def _years(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
