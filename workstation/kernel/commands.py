"""What happened, as a frozen versioned value: the only thing that ever changes a store.

A command carries its intent (``type``, ``reason``, ``actor``) and the changes that follow from it.
Each change names one entity; an edit carries the old value of just the fields it touches, so that
any store, on any desk or on the server, can tell whether the actor saw what it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

SCHEMA_VERSION = 1
"""Version of the command form itself; the server accepts this one and the one before."""

Fields = Mapping[str, Any]
"""Field name to JSON value: str, int, bool, None, or a list or dict of those."""


@dataclass(frozen=True, slots=True)
class Insert:
    """A new entity, or an append-only fact. Applying it twice is applying it once."""

    kind: str
    id: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class Revise:
    """An edit of an entity: ``base`` holds what the actor saw of each field in ``set``."""

    kind: str
    id: str
    base: Fields
    set: Fields
    base_rev: int | None = None


Change = Insert | Revise


@dataclass(frozen=True, slots=True)
class Command:
    """One decision of one person (or of the automation user), with all that follows from it."""

    id: str
    type: str
    actor: str
    at: datetime
    facility: str
    changes: tuple[Change, ...]
    reason: str | None = None
    subject: str | None = None
    """The id of the person or thing that the audit trail names; never a name or number."""
    key: str | None = None
    """The caller's idempotency key, if it gave one: the same key answers the same again."""
    answer: Fields = field(default_factory=dict)
    """What a repeated key is answered with."""
    schema: int = SCHEMA_VERSION
