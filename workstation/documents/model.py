"""What is known of a document without its bytes."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.kernel.entities import EntityKind

DOCUMENT = EntityKind("document", append_only=True)
"""The replicated fact that a document exists; its bytes go in a lane of their own."""


@dataclass(frozen=True, slots=True)
class Document:
    """``digest`` is the SHA-256 of the bytes; ``kind`` such as ``card_front``, ``licence``,
    ``signature``, ``raw_271``, ``receipt``; ``media_type`` such as ``image/png``."""

    digest: str
    kind: str
    media_type: str
    person_id: str | None = None
    visit_id: str | None = None
    about_id: str | None = None
    """The coverage, signature or payment that it proves."""
