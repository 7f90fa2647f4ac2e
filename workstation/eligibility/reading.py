"""A 271 file into answers: one for each person whose benefits are given, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workstation.eligibility.elements import date_ranges, day
from workstation.eligibility.members import read_member, read_payer
from workstation.eligibility.model import (
    Answer,
    BenefitFile,
    DateRange,
    Member,
    Party,
    Rejection,
    Row,
)
from workstation.eligibility.parties import find_parties
from workstation.eligibility.rejections import read_rejection
from workstation.eligibility.rows import read_rows
from workstation.eligibility.status import decide_status
from workstation.eligibility.summary import Summarizer
from workstation.kernel.errors import NotUnderstood
from workstation.kernel.phrases import phrase
from workstation.x12.model import Delimiters, Finding, Loop, Segment, Transaction
from workstation.x12.reading import read_x12

_SET_WORDS = {
    "270": "a 270 eligibility question",
    "276": "a 276 claim status question",
    "277": "a 277 claim status reply",
    "278": "a 278 authorization",
    "835": "an 835 payment",
    "837": "an 837 claim",
    "997": "a 997 acknowledgement",
    "999": "a 999 acknowledgement",
}


def read_benefits(
    data: bytes | str, service_date: date | None = None, asked: Iterable[str] = ()
) -> BenefitFile:
    """Reads a 271 file. ``service_date`` is the day asked about; without it, the file's own service
    date or the day of the answer counts. ``asked`` are the service types of the question.

    Raises NotUnderstood where the file is no X12, or holds no 271.
    """
    file = read_x12(data)
    answers: list[Answer] = []
    rejections: list[Rejection] = []
    findings = list(file.findings)
    traces: list[str] = []
    kinds: list[str] = []
    asked = tuple(asked)
    for interchange in file.interchanges:
        findings += interchange.findings
        for group in interchange.groups:
            for transaction in group.transactions:
                kinds.append(transaction.kind)
                if transaction.kind != "271":
                    continue
                reader = _TransactionReader(transaction, interchange.delimiters)
                reader.outer = [*file.findings, *interchange.findings]
                reader.read(service_date, asked)
                answers += reader.answers
                rejections += reader.rejections
                findings += transaction.findings
                traces += reader.traces
    if "271" not in kinds:
        raise _no_271(kinds)
    return BenefitFile(tuple(answers), tuple(rejections), tuple(findings), tuple(traces))


def _no_271(kinds: list[str]) -> NotUnderstood:
    if not kinds:
        say = "The file has an X12 envelope but no transaction (ST) in it."
    else:
        what = phrase(_SET_WORDS.get(kinds[0], "another transaction set"))
        say = phrase("The file holds {what}, not a 271 eligibility reply.", what=what)
    return NotUnderstood("not_271", say, "Choose the payer's 271 reply.")


class _TransactionReader:
    """Walks the levels of one 271."""

    def __init__(self, transaction: Transaction, marks: Delimiters) -> None:
        self._transaction = transaction
        self._marks = marks
        self.answers: list[Answer] = []
        self.rejections: list[Rejection] = []
        self.traces: list[str] = []
        self.outer: list[Finding] = []
        self._day: date | None = None
        self._asked_day: date | None = None
        self._asked: tuple[str, ...] = ()
        self._payer = Party(None, None, None, None)

    def read(self, service_date: date | None, asked: tuple[str, ...]) -> None:
        """Fills ``answers``, ``rejections`` and ``traces``."""
        self._asked = asked
        self._asked_day = service_date
        for segment in self._transaction.segments[:3]:
            if segment.tag == "BHT":
                self._day = day(segment.get(4))
                self._add_trace(segment.get(3))
        self._level(self._transaction.root.loops)

    def _level(self, loops: list[Loop]) -> None:
        for loop in loops:
            if loop.name in ("2000A", "2000B"):
                self._source_or_receiver(loop)
                self._level(loop.loops)
            elif loop.name == "2000C":
                self._subscriber(loop)
            elif loop.name == "2000D":
                self._lost_dependent(loop)

    def _source_or_receiver(self, loop: Loop) -> None:
        letter = loop.name[-1]
        outer = "2000A" if letter == "A" else "2100B"
        self.rejections += _rejections(loop.segments, outer)
        for inner in loop.loops:
            if inner.name.startswith("2100"):
                self.rejections += _rejections(inner.segments, inner.name)
                if letter == "A":
                    self._payer = read_payer(inner)

    def _subscriber(self, loop: Loop) -> None:
        person = _Person(loop, "C", self._marks)
        self._traces(person)
        dependents = [inner for inner in loop.loops if inner.name == "2000D"]
        if person.rows or not dependents:
            self.answers.append(self._answer(person, person.member, person.rows, person.dates))
        for inner in dependents:
            self._dependent(inner, person)

    def _dependent(self, loop: Loop, subscriber: _Person) -> None:
        person = _Person(loop, "D", self._marks)
        self._traces(person)
        rows = person.rows
        if rows or not person.rejections:
            rows = rows + _inherited(rows, subscriber.rows)
        dates = person.dates or subscriber.dates
        if not subscriber.rows:
            person.rejections = subscriber.rejections + person.rejections
            person.findings = subscriber.findings + person.findings
        self.answers.append(self._answer(person, subscriber.member, rows, dates))

    def _lost_dependent(self, loop: Loop) -> None:
        """A dependent without a subscriber above: read all the same."""
        person = _Person(loop, "D", self._marks)
        self._traces(person)
        self.answers.append(self._answer(person, Member(), person.rows, person.dates))

    def _answer(
        self, person: _Person, subscriber: Member, rows: list[Row], dates: tuple[DateRange, ...]
    ) -> Answer:
        findings = [*self.outer, *self._transaction.findings, *person.findings]
        on = self._asked_day or _service_day(dates) or self._day
        summary = Summarizer(on, person.benefit_loop, findings).summarize(rows)
        status, detail = decide_status(rows, dates, on, person.rejections, self._asked)
        parties = find_parties(rows, on)
        flags = parties.flags
        if any("442" in value.codes for value in dates):
            flags = (*flags, "deceased")
            findings.append(Finding("deceased", "The payer gives a date of death."))
        if person.member.corrected:
            flags = (*flags, "corrected")
            findings.append(Finding("corrected", "The payer corrected the name or id asked with."))
        return Answer(
            status=status,
            status_detail=detail,
            plan_name=_plan_name(rows),
            payer=self._payer,
            subscriber=subscriber,
            patient=person.member,
            dates=dates,
            rows=tuple(rows),
            summary=summary,
            other_payers=parties.other_payers,
            primary_care=parties.primary_care,
            carve_outs=parties.carve_outs,
            managed_care=parties.managed_care,
            rejections=tuple(person.rejections),
            findings=tuple(findings),
            service_date=on,
            traces=tuple(self.traces),
            flags=flags,
            is_dependent=person.benefit_loop == "2110D",
        )

    def _traces(self, person: _Person) -> None:
        for trace in person.traces:
            self._add_trace(trace)

    def _add_trace(self, trace: str) -> None:
        if trace and trace not in self.traces:
            self.traces.append(trace)


class _Person:
    """One subscriber or dependent level, read."""

    def __init__(self, loop: Loop, letter: str, marks: Delimiters) -> None:
        self.findings: list[Finding] = []
        name = f"2100{letter}"
        self.benefit_loop = f"2110{letter}"
        self.rejections = _rejections(loop.segments, name)
        self.traces = [s.get(2) for s in loop.segments if s.tag == "TRN"]
        said: list[Segment] = [*loop.segments[1:]]
        benefits: list[Loop] = []
        for inner in loop.loops:
            if inner.name == name:
                said += inner.segments
                self.rejections += _rejections(inner.segments, name)
                benefits += inner.loops
            elif inner.name == self.benefit_loop:
                benefits.append(inner)
        self.rows = read_rows(benefits, marks, self.findings)
        for benefit in benefits:
            if len(benefit.segments) > 1 or benefit.loops:
                self.rejections += _rejections(benefit.segments, self.benefit_loop)
                for inner in benefit.loops:
                    self.rejections += _rejections(inner.segments, self.benefit_loop)
        self.member = read_member(said)
        self.dates = date_ranges([s for s in said if s.tag == "DTP"], self.findings)
        self.traces += [s.get(2) for s in said if s.tag == "TRN" and s.get(2) not in self.traces]


def _rejections(segments: list[Segment], loop: str) -> list[Rejection]:
    return [read_rejection(segment, loop) for segment in segments if segment.tag == "AAA"]


def _service_day(dates: Iterable[DateRange]) -> date | None:
    return next((value.begin for value in dates if value.qualifier == "service"), None)


def _inherited(own: list[Row], above: list[Row]) -> list[Row]:
    """Rows of the subscriber that speak of something the dependent's rows do not."""
    said = {_subject(row) for row in own}
    return [row for row in above if _subject(row) not in said]


def _subject(row: Row) -> tuple[str | None, ...]:
    if row.kind in ("active", "inactive"):
        return ("status", row.service_type, row.insurance_type)
    component = row.period if row.code in ("C", "G") else None
    if component not in ("remaining", "year_to_date"):
        component = None
    level = row.level if row.level not in (None, "IND") else None
    return (row.code, row.service_type, level, row.network, component)


def _plan_name(rows: list[Row]) -> str | None:
    """EB05: of the active plan row first, then of any status row, then of any row."""
    best: tuple[int, str] | None = None
    for row in rows:
        if not row.plan or row.code in ("R", "U", "MC"):
            continue
        rank = 0 if row.kind == "active" else 2 if row.kind == "inactive" else 4
        rank += 0 if row.service_type in ("30", None) else 1
        if best is None or rank < best[0]:
            best = (rank, row.plan)
    return best[1] if best is not None else None
