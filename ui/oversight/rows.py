"""Rows ready to paint, made off the UI thread; each kind of list has columns of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ui.oversight import words
from ui.words import say
from workstation.oversight.model import Chart, Finding, Look, Looks, Review, Source


@dataclass(frozen=True, slots=True)
class Columns:
    """Titles, and the parts of the width: the table is as wide as the page."""

    titles: tuple[str, ...]
    parts: tuple[int, ...]


FINDINGS = Columns(
    ("Why", "Who", "Patient", "Times", "Last", "Desk"), (230, 180, 270, 70, 150, 130)
)
LOOKS = Columns(
    ("When", "Who", "What", "Patient", "Purpose and fields", "Desk"), (150, 170, 200, 220, 300, 120)
)
DISCLOSURES = Columns(
    ("When", "To whom", "What", "Purpose", "Noted by", "Desk"), (150, 250, 230, 230, 150, 120)
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its words by column, and as a file has them."""

    key: str
    texts: tuple[str, ...]
    exported: tuple[str, ...]
    icon: str = ""
    tone: str = "text"
    finding: Finding | None = None

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        return ", ".join(text for text in self.texts if text)


@dataclass(frozen=True, slots=True)
class Listing:
    """What the page shows of one question."""

    columns: Columns
    rows: tuple[Row, ...]
    source: Source
    count: str
    charts: Mapping[str, Chart]


def of_review(review: Review) -> Listing:
    """What stands out."""
    rows = tuple(_finding(one, review.charts) for one in review.findings)
    examined = say("{n} of {m} entries stand out", n=len(rows), m=f"{review.examined:,}")
    if review.more:
        examined = say("{n} stand out of the newest {m} entries", n=len(rows), m=review.examined)
    return Listing(FINDINGS, rows, review.source, examined, review.charts)


def of_looks(looks: Looks) -> Listing:
    """Entries, newest first."""
    count = say("1 entry") if len(looks.rows) == 1 else say("{n} entries", n=f"{len(looks.rows):,}")
    if looks.more:
        count = say("the newest {n} entries", n=f"{len(looks.rows):,}")
    return Listing(LOOKS, _looks(looks.rows, looks.charts), looks.source, count, looks.charts)


def of_finding(finding: Finding, listing: Listing) -> Listing:
    """The entries behind one finding, newest first."""
    rows = _looks(reversed(finding.looks), listing.charts)
    count = say("1 entry") if len(rows) == 1 else say("{n} entries", n=len(rows))
    return Listing(LOOKS, rows, listing.source, count, listing.charts)


def of_disclosures(looks: Looks) -> Listing:
    """The accounting of disclosures of one patient."""
    rows = tuple(_disclosure(look) for look in looks.rows)
    count = say("1 disclosure") if len(rows) == 1 else say("{n} disclosures", n=len(rows))
    return Listing(DISCLOSURES, rows, looks.source, count, looks.charts)


def _finding(finding: Finding, charts: Mapping[str, Chart]) -> Row:
    _, icon, tone = words.RULES[finding.rule]
    chart = charts.get(finding.person_id or "")
    last = finding.last
    rest = (str(len(finding.looks)), words.when_words(last.at), last.desk)
    before = (words.rule_words(finding), finding.who)
    return Row(
        f"{finding.rule}:{finding.login}:{finding.person_id}:{finding.looks[0].n}",
        (*before, words.chart_words(chart, finding.person_id), *rest),
        (*before, words.mrn_words(chart, finding.person_id), *rest),
        icon,
        tone,
        finding,
    )


def _looks(looks: Iterable[Look], charts: Mapping[str, Chart]) -> tuple[Row, ...]:
    return tuple(_look(one, charts.get(one.person_id or "")) for one in looks)


_OF_THE_DESK = frozenset(
    {"signed_in", "locked", "locked_idle", "account_created", "workstation_made", "time_zone_set"}
)
"""Entries whose subject is no chart."""


def _look(look: Look, chart: Chart | None) -> Row:
    before = (words.when_words(look.at), look.who, words.what_words(look))
    after = (words.why_words(look), look.desk)
    person = None if look.what in _OF_THE_DESK else look.person_id
    return Row(
        f"{look.ws_id}:{look.n}",
        (*before, words.chart_words(chart, person), *after),
        (*before, words.mrn_words(chart, person), *after),
    )


def _disclosure(look: Look) -> Row:
    detail = look.detail or {}
    said: Sequence[str] = [str(detail.get(name, "")) for name in ("to", "what", "purpose")]
    texts = (words.when_words(look.at), *said, look.who, look.desk)
    return Row(f"{look.ws_id}:{look.n}", texts, texts)
