"""The hash chain of one workstation's audit trail (45 CFR 164.312(b)), and what it says of itself.

Each entry's hash covers the stored text of the entry and the hash before it, so a changed, removed,
added or moved entry breaks the chain where it stands. A cut tail, or a chain that was written anew
from some entry on, is whole by itself: only a head that was noted elsewhere shows it, an
:class:`Anchor` that the server acknowledged or that stands on a printed report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

BEFORE_THE_FIRST = "0" * 64
"""What stands for the hash before entry 1."""


class Anchor(NamedTuple):
    """How long the chain was at some moment, and the hash of its last entry."""

    entries: int
    head: str


BEGINNING = Anchor(0, BEFORE_THE_FIRST)
"""From where a chain is walked that nobody trimmed."""


class SharedWord(StrEnum):
    """What came of comparing with the shared database."""

    COMPARED = "compared"
    SILENT = "silent"
    CHANGED = "changed"
    """Its own chain of heads is not the one that this desk saw: it was changed on the server."""


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """Result of walking the chain: ``first_bad`` is the first entry number that does not fit.

    ``entries`` is the number of the last entry that fits, ``start`` that of the first one walked:
    older ones were trimmed. ``anchors`` counts the heads it was compared with.
    """

    ok: bool
    entries: int
    first_bad: int | None
    start: int = 1
    anchors: int = 0
    shared: SharedWord | None = None

    def as_json(self) -> dict[str, object]:
        """The shape of contracts.md."""
        return {
            "ok": self.ok,
            "entries": self.entries,
            "first_bad": self.first_bad,
            "from": self.start,
            "anchors": self.anchors,
            "shared": self.shared,
        }


def link(before: str, body: str) -> str:
    """The hash of an entry: SHA-256 in hex over the hash before it and its stored text."""
    return sha256((before + body).encode()).hexdigest()


def walk(entries: Iterable[tuple[int, str, str]], base: Anchor = BEGINNING) -> AuditCheck:
    """Checks (number, stored text, hash) in order of number: dense after ``base``, each hash as it
    must be.

    A trail has millions of entries, so nothing is called for each of them but the hash itself.
    """
    count, before = base
    start = count + 1
    for n, body, digest in entries:
        before = sha256((before + body).encode()).hexdigest()
        if n != count + 1 or digest != before:
            return AuditCheck(False, count, count + 1, start)
        count = n
    return AuditCheck(True, count, None, start)


def first_unanchored(
    check: AuditCheck, anchors: Iterable[Anchor], hash_at: Callable[[int], str | None]
) -> int | None:
    """The first entry that may not be the one that was anchored, or None where all agree.

    ``hash_at`` answers the stored hash of an entry of the walked chain, or of the one before it.
    Anchors of entries that were trimmed cannot be compared any more. Where a chain was written
    anew, every entry after the last anchor that agrees may be another one.
    """
    good = check.start - 1
    for anchor in sorted(anchors):
        if anchor.entries < check.start - 1:
            continue
        if anchor.entries > check.entries:
            return check.entries + 1
        if hash_at(anchor.entries) != anchor.head:
            return good + 1
        good = anchor.entries
    return None


def first_difference(
    low: int, high: int, mine: Callable[[int], str | None], theirs: Callable[[int], str | None]
) -> int:
    """The first of the entries ``low`` to ``high`` whose hash is another one elsewhere; ``high``'s
    is. Whole chains that agree in one entry agree in all before it, so it is found by halving."""
    while low < high:
        middle = (low + high) // 2
        if mine(middle) == theirs(middle):
            low = middle + 1
        else:
            high = middle
    return low
