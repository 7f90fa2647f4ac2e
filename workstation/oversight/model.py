"""What is examined: looks at charts and searches, the charts they were of, and what stands out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from workstation.access.trail import by_names
from workstation.kernel.clock import from_iso

OPENED = frozenset({"chart_opened", "document_opened"})
SEARCHED = "searched"
LOOKED = OPENED | {SEARCHED, "printed", "print_estimate"}
"""What is examined: whoever changes a chart has opened it."""
SIGNED_IN = "signed_in"
DISCLOSED = "disclosed"
REVIEWED = "access_reviewed"


@dataclass(frozen=True, slots=True)
class Look:
    """One entry of a trail. ``fields`` are names of fields, never values; ``person_id`` is None for
    a search or a sign-in."""

    ws_id: str
    n: int
    desk: str
    at: datetime
    login: str
    name: str
    role: str
    what: str
    person_id: str | None
    purpose: str = ""
    fields: tuple[str, ...] = ()
    detail: Mapping[str, Any] | None = None

    @property
    def who(self) -> str:
        """The person of staff as they are called."""
        return self.name or self.login


def look_of(ws_id: str, n: int, body: Mapping[str, Any]) -> Look:
    """A look, read from the text of an entry."""
    by, detail = by_names(body), body.get("detail") or {}
    fields = {name for change in detail.get("changes", ()) for name in change.get("fields", ())}
    return Look(
        ws_id,
        n,
        by["desk"] or "",
        from_iso(body["at"]),
        by["login"] or body["actor"],
        by["name"] or "",
        by["role"] or "",
        body["what"],
        body["subject"],
        str(detail.get("purpose") or detail.get("reason") or ""),
        tuple(sorted(fields)),
        detail,
    )


@dataclass(frozen=True, slots=True)
class Chart:
    """What the rules ask of a chart. ``homes`` are its address and phones, formed alike."""

    id: str
    first: str
    last: str
    lasts: frozenset[str]
    name: str = ""
    mrn: str = ""
    homes: frozenset[str] = frozenset()
    protected: bool = False
    employee: bool = False


class Rule(StrEnum):
    """Why something stands out. None of them says that anything was wrong."""

    OWN = "own"
    HOUSEHOLD = "household"
    SAME_NAME = "same_name"
    PROTECTED = "protected"
    EMPLOYEE = "employee"
    AFTER_HOURS = "after_hours"
    VOLUME = "volume"
    SEARCH_ONLY = "search_only"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: who, whose chart (None for volume and searches), and every entry."""

    rule: Rule
    login: str
    who: str
    person_id: str | None
    looks: tuple[Look, ...]
    """Oldest first."""

    @property
    def last(self) -> Look:
        """The newest entry of it."""
        return self.looks[-1]


class Source(StrEnum):
    """Whose entries an answer holds."""

    ALL_DESKS = "all_desks"
    NOT_ALLOWED = "not_allowed"
    """This desk's only: it was not enrolled to read those of others."""
    OFFLINE = "offline"
    """This desk's only: the shared database does not answer."""
    ALONE = "alone"
    """This desk's only: there is no other."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Entries, newest first; ``more`` where there are older ones than fitted."""

    rows: tuple[Look, ...]
    charts: Mapping[str, Chart]
    source: Source
    more: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """What stands out of so many entries."""

    findings: tuple[Finding, ...]
    charts: Mapping[str, Chart]
    source: Source
    examined: int
    more: bool = False
