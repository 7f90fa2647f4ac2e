"""How each kind of thing may change when two desks disagree; declared beside the model it rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Rule = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, Any] | None]
"""Called as (what stands, what the edit wants), each with the fields of the group. Answers what
stands afterwards, or None where a person must decide after all. Never by whose clock was ahead."""


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields that mean something only together: an address, a member id with its payer.

    Edits of different groups both stand. Where two desks edited one group apart, what was applied
    first stands and the other waits for a person: identity, coverage, guarantor and contact alike.
    Only what tells of the work at the desks has a ``rule`` that makes one truth of both.
    """

    name: str
    fields: tuple[str, ...]
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class EntityKind:
    """One replicated kind. ``append_only`` kinds are facts: inserted once, never revised.

    ``owner`` names the field that holds the person the thing belongs to, where there is one.
    A field in no group is a group of its own.
    """

    name: str
    append_only: bool = False
    groups: tuple[FieldGroup, ...] = ()
    owner: str | None = "person_id"

    def group_of(self, name: str) -> FieldGroup:
        """The group that a field belongs to."""
        for group in self.groups:
            if name in group.fields:
                return group
        return FieldGroup(name, (name,))
