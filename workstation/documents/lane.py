"""The lane of a document's bytes: parts that are sent and fetched one by one, judged by the hash.

Pure rules; ``db/sync`` moves the parts. The hash is the name, so a document is never changed, and
what arrives under it is either the document or damage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Protocol

from workstation.kernel.errors import Refused

PART_BYTES = 256 * 1024
"""One part: small enough for a slow line, and the most that a break of the line sends again."""

LARGEST = 32 * 1024 * 1024
"""Bytes of the largest document; a photo of a card is a hundredth of it."""


class Elsewhere(Protocol):
    """Where documents are that this desk does not hold."""

    def fetch(self, digest: str) -> bytes:
        """The bytes, which are on this desk from then on.

        Raises Refused ``document_not_there`` or ``document_damaged``, OutsideSilent where the
        shared database does not answer; what arrived until then is kept for the next try.
        """
        ...


def digest_of(content: bytes) -> str:
    """The SHA-256 that names a document, as 64 hex digits."""
    return hashlib.sha256(content).hexdigest()


def count_of_parts(size: int) -> int:
    """Into how many parts a document of ``size`` bytes goes."""
    return -(-size // PART_BYTES)


def parts_to_send(content: bytes, there: frozenset[int]) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each part that is not there yet."""
    for number in range(count_of_parts(len(content))):
        if number not in there:
            yield number, content[number * PART_BYTES : (number + 1) * PART_BYTES]


def assembled(digest: str, parts: Sequence[bytes]) -> bytes:
    """The document of all its parts. Raises Refused ``document_damaged``."""
    content = b"".join(parts)
    if digest_of(content) != digest:
        raise Refused(
            "document_damaged",
            "This document arrived damaged and is not shown.",
            "Call IT; the desk that made it still has it.",
        )
    return content


def not_there() -> Refused:
    """For a document whose bytes are on another desk still."""
    return Refused(
        "document_not_there",
        "This document is still on the workstation where it was made.",
        "Open it again in a moment, or at that workstation.",
    )
