"""Is this person known here already? Explainable: an outcome, a score, and reasons in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from workstation.people.compare import Agree, Dob
from workstation.people.evidence import Evidence, weigh
from workstation.people.guards import RANK, Outcome, decide
from workstation.people.model import Person
from workstation.people.normalise import Comparable, comparable

MOST = 50
"""Candidates in one answer."""

_TOO_CLOSE = 8.0
"""Two charts that both fit and whose scores lie within this are for a person to tell apart."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two records are to each other. ``score`` is in bits: 10 more is 1000:1."""

    outcome: Outcome
    score: float
    reasons: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The answer of ``portico pairs``."""
        return {"outcome": str(self.outcome), "score": self.score, "reasons": list(self.reasons)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A chart that is the same person's, or possibly."""

    id: str
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        """One of ``candidates`` in contracts.md; the outcome is an added key."""
        return {"id": self.id, **self.verdict.as_json()}


@dataclass(frozen=True, slots=True)
class MatchAnswer:
    """The outcome for a registration and its candidates, best first."""

    outcome: Outcome
    candidates: tuple[Candidate, ...] = ()


def compare_people(a: Person, b: Person) -> Verdict:
    """Judges two records, whichever comes first."""
    return _judge(comparable(a), comparable(b))


def match_person(person: Person, others: Iterable[Person]) -> MatchAnswer:
    """Judges a registration against those that share a blocking key with it (keys.py)."""
    asked = comparable(person)
    if asked.nobody:
        return MatchAnswer(Outcome.NEW)
    found = []
    for other in others:
        verdict = _judge(asked, comparable(other))
        if verdict.outcome is not Outcome.NEW:
            found.append(Candidate(other.id or "", verdict))
    found.sort(key=lambda c: (-RANK[c.verdict.outcome], -c.verdict.score, c.id))
    charts = {c.id: c for c in reversed(found)}  # of a chart and those merged into it, the best
    found = _told_apart([c for c in found if charts[c.id] is c])[:MOST]
    return MatchAnswer(found[0].verdict.outcome if found else Outcome.NEW, tuple(found))


def _told_apart(found: list[Candidate]) -> list[Candidate]:
    """Where more than one chart fits about as well, none is opened without a look at both."""
    same = [c for c in found if c.verdict.outcome is Outcome.SAME]
    if len(same) < 2 or same[0].verdict.score - same[1].verdict.score >= _TOO_CLOSE:
        return found
    return [
        replace(
            c,
            verdict=Verdict(
                Outcome.POSSIBLE, c.verdict.score, (*c.verdict.reasons, "more than one chart fits")
            ),
        )
        if c.verdict.outcome is Outcome.SAME
        else c
        for c in found
    ]


def _judge(a: Comparable, b: Comparable) -> Verdict:
    found = weigh(a, b)
    outcome, warnings = decide(a, b, found)
    return Verdict(outcome, found.score, (*_reasons(found), *warnings))


_FIRST_WORDS = {
    Agree.EXACT: "same first name",
    Agree.NICKNAME: "first name is a short form of the other",
    Agree.PART: "part of the first name agrees",
    Agree.SWAPPED: "goes by the middle name",
    Agree.INITIAL: "same first initial",
    Agree.TRANSPOSED: "two letters of the first name changed over",
    Agree.TYPO: "first name nearly the same",
    Agree.PHONETIC: "first name sounds alike",
    Agree.DIFFERENT: "first name differs",
}
_LAST_WORDS = {
    Agree.EXACT: "same last name",
    Agree.PART: "one of two last names agrees",
    Agree.TRANSPOSED: "two letters of the last name changed over",
    Agree.TYPO: "last name nearly the same",
    Agree.PHONETIC: "last name sounds alike",
    Agree.DIFFERENT: "last name differs",
}
_DOB_WORDS = {
    Dob.EXACT: "same DOB",
    Dob.DAY_MONTH: "day and month of DOB changed over",
    Dob.ONE_DIGIT: "DOB one digit off",
    Dob.TWO_PARTS: "two parts of DOB agree",
    Dob.DIFFERENT: "DOB differs",
}
_SSN_WORDS = {
    Agree.EXACT: "same SSN",
    Agree.TRANSPOSED: "two digits of SSN changed over",
    Agree.TYPO: "SSN one digit off",
}


def _reasons(found: Evidence) -> Iterator[str]:
    names = found.names
    if names.crossed:
        yield "first and last name changed over"
    else:
        yield from filter(None, (_LAST_WORDS.get(names.last), _FIRST_WORDS.get(names.first)))
    if names.former:
        yield "by a former or other name"
    yield from filter(None, (_DOB_WORDS.get(found.dob), _SSN_WORDS.get(found.ssn)))
    agreed = (
        (found.ssn4, "same last four of SSN"),
        (found.mbi, "same Medicare number"),
        (found.middle, "same middle name"),
        (found.mother, "same mother"),
        (found.phone, "same phone"),
        (found.email, "same e-mail"),
    )
    yield from (words for level, words in agreed if level is Agree.EXACT)
    if found.mrn:
        yield "same MRN"
    if found.address in (Agree.EXACT, Agree.TYPO):
        yield "same address"
    elif found.address is Agree.PART:
        yield "same ZIP"
