"""The hash chain of one workstation's audit trail (45 CFR 164.312(b)), and what it says of itself.

Each entry's hash covers the stored text of the entry and the hash before it, so a changed, removed,
added or moved entry breaks the chain where it stands. A cut tail leaves a whole chain: only a head
that was anchored outside the workstation shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

BEFORE_THE_FIRST = "0" * 64
"""What stands for the hash before entry 1."""


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """Result of walking the chain: ``first_bad`` is the first entry number that does not fit."""

    ok: bool
    entries: int
    first_bad: int | None

    def as_json(self) -> dict[str, object]:
        """The shape of contracts.md."""
        return {"ok": self.ok, "entries": self.entries, "first_bad": self.first_bad}


def link(before: str, body: str) -> str:
    """The hash of an entry: SHA-256 in hex over the hash before it and its stored text."""
    return sha256((before + body).encode()).hexdigest()


def walk(entries: Iterable[tuple[int, str, str]]) -> AuditCheck:
    """Checks (number, stored text, hash) in order of number: dense from 1, each hash as it must be.

    A trail has millions of entries, so nothing is called for each of them but the hash itself.
    """
    before, count = BEFORE_THE_FIRST, 0
    for n, body, digest in entries:
        before = sha256((before + body).encode()).hexdigest()
        if n != count + 1 or digest != before:
            return AuditCheck(False, count, count + 1)
        count = n
    return AuditCheck(True, count, None)
