"""Entries of the audit trail on their way to the shared database, and its own chain over heads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Protocol

from workstation.access.audit import Anchor, AuditCheck, link, walk
from workstation.kernel.errors import Refused

BATCH = 500
"""Entries that are sent in one transaction."""

TRIMMED = "audit_trimmed"
"""What an entry says that tells of older ones that went from this desk."""


def by_names(entry: Mapping[str, Any]) -> dict[str, str | None]:
    """Who an entry is of: desk, login, name and role as they were; None for what was not known,
    as in entries of before they said it."""
    return dict(zip_longest(("desk", "login", "name", "role"), entry.get("by") or ()))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as it is stored: number, text, hash."""

    n: int
    body: str
    hash: str

    def columns(self) -> dict[str, Any]:
        """What questions are asked by, read from the text."""
        said = json.loads(self.body)
        return {
            "at": said["at"],
            "login": by_names(said)["login"],
            "what": said["what"],
            "subject": said["subject"],
        }


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of a facility's chain: the head of one desk, as it was when it was sealed."""

    n: int
    ws_id: str
    entries: int
    head: str
    at: str
    hash: str

    @property
    def body(self) -> str:
        """What the hash covers beside the hash before it."""
        return sealed_text(self.ws_id, self.entries, self.head, self.at)


def sealed_text(ws_id: str, entries: int, head: str, at: str) -> str:
    """The text of a seal, whose hash is made like that of an entry."""
    return f"{ws_id} {entries} {head} {at}"


def sealed(before: Anchor, ws_id: str, entries: int, head: str, at: str) -> Seal:
    """The next link after ``before``."""
    digest = link(before.head, sealed_text(ws_id, entries, head, at))
    return Seal(before.entries + 1, ws_id, entries, head, at, digest)


def walk_seals(seals: Iterable[Seal]) -> AuditCheck:
    """Checks a facility's chain of heads."""
    return walk((seal.n, seal.body, seal.hash) for seal in seals)


class TrailTransport(Protocol):
    """The shared database's copy of this desk's trail, by whatever way it is reached.

    Raises OutsideSilent where the server does not answer, and Refused where it does not accept the
    desk; safe to use from several threads.
    """

    def last(self) -> Anchor:
        """The last entry of this desk that the shared database has."""

    def send(self, entries: Sequence[Entry]) -> None:
        """Makes entries durable there, and their head an anchor. Sending again does nothing."""

    def hash_at(self, n: int) -> str | None:
        """The hash of one of this desk's entries there; None where it is not (any more)."""

    def anchors(self) -> list[Anchor]:
        """The newest heads of this desk's chain that the shared database acknowledged."""

    def seal(self, n: int | None = None) -> Anchor | None:
        """A link of the facility's chain by number, the last one by default."""

    def close(self) -> None:
        """Closes every connection; the next call connects afresh."""


def differs() -> Refused:
    """For a trail that is not the one which the shared database has of this desk."""
    return Refused(
        "audit_differs",
        "The audit trail of this workstation is not the one that the shared database remembers. "
        "Nothing was overwritten.",
        "Secure this machine and call IT: portico audit verify says where it differs.",
    )
