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
class Twins:
    """How a thing is known again that two desks entered apart, each under an id of its own.

    What was applied first stands. The other is kept with ``put_away`` over its fields, so that
    what points to it still finds it; where it says more or something else than what stands in the
    fields of ``told``, that waits for a person as a conflict of what stands.
    """

    same: Callable[[Mapping[str, Any], Mapping[str, Any]], bool]
    """Called as (one that stands, the newcomer): whether they are the same thing."""
    told: tuple[str, ...]
    put_away: Mapping[str, Any]


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
    twins: Twins | None = None

    def group_of(self, name: str) -> FieldGroup:
        """The group that a field belongs to."""
        for group in self.groups:
            if name in group.fields:
                return group
        return FieldGroup(name, (name,))
