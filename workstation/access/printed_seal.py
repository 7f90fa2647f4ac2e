"""The audit chain's head as it stands on paper: short enough to compare by eye and to type back.

``1284-9F4K-2M7Q-8XTR-0ABC-5PQR-K7``: how many entries, the first 100 bits of the last one's hash
in Crockford's base 32, and two check signs, so that a slip in typing is told from a changed trail.
Nobody can write another trail to 100 given bits.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256

from workstation.access.audit import Anchor
from workstation.access.desk import RECEIPT_ALPHABET
from workstation.kernel.errors import NotUnderstood

_SIGNS = 20
_GROUP = 4
_CHECK = 2
_SHAPE = re.compile(r"^([0-9]+)[- ]+([0-9A-Z -]+)$")
_READ_AS = str.maketrans("ILO", "110")


@dataclass(frozen=True, slots=True)
class PrintedSeal:
    """What was read from paper: how long the chain was, and how its last hash began."""

    entries: int
    signs: str

    def fits(self, head: str | None) -> bool:
        """Whether a hash is the one that was printed; None is an entry that is not there."""
        return head is not None and _signs(head) == self.signs


def printed(anchor: Anchor) -> str:
    """The head as it is printed."""
    signs = _signs(anchor.head)
    groups = [signs[at : at + _GROUP] for at in range(0, _SIGNS, _GROUP)]
    return "-".join((str(anchor.entries), *groups, _check(anchor.entries, signs)))


def read_printed(text: str) -> PrintedSeal:
    """What somebody typed from a report; case and dashes do not matter, I, L and O are read as
    digits. Raises NotUnderstood ``seal_mistyped``."""
    shape = _SHAPE.match(text.strip().upper())
    if shape is None:
        raise _mistyped()
    entries = int(shape[1])
    signs = re.sub(r"[ -]", "", shape[2]).translate(_READ_AS)
    body, check = signs[:-_CHECK], signs[-_CHECK:]
    if len(body) != _SIGNS or check != _check(entries, body):
        raise _mistyped()
    return PrintedSeal(entries, body)


def _signs(head: str) -> str:
    return _base32(int(head, 16) >> (256 - 5 * _SIGNS), _SIGNS)


def _check(entries: int, signs: str) -> str:
    digest = sha256(f"{entries}-{signs}".encode()).digest()
    return _base32(int.from_bytes(digest[:2]) % 32**_CHECK, _CHECK)


def _base32(value: int, length: int) -> str:
    return "".join(RECEIPT_ALPHABET[value >> 5 * at & 31] for at in reversed(range(length)))


def _mistyped() -> NotUnderstood:
    return NotUnderstood(
        "seal_mistyped",
        "This is not a seal as it stands on a shift report: a sign is missing or mistyped.",
        "Type it once more from the report, such as 1284-9F4K-2M7Q-8XTR-0ABC-5PQR-K7.",
    )
