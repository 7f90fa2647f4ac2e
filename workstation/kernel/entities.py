"""How each kind of thing may change when two desks disagree; declared beside the model it rules."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Merge(StrEnum):
    """What happens to an edit whose base is no longer what stands."""

    NEVER = "never"
    """Identity, coverage, guarantor: what stands stays, the edit waits for a person."""
    DISJOINT = "disjoint"
    """Contact and convenience: both stand where their groups differ, else the edit waits."""


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields that mean something only together: an address, a member id with its payer."""

    name: str
    fields: tuple[str, ...]
    merge: Merge


@dataclass(frozen=True, slots=True)
class EntityKind:
    """One replicated kind. ``append_only`` kinds are facts: inserted once, never revised.

    ``owner`` names the field that holds the person the thing belongs to, where there is one.
    A field in no group is a group of its own under ``otherwise``.
    """

    name: str
    append_only: bool = False
    groups: tuple[FieldGroup, ...] = ()
    otherwise: Merge = Merge.DISJOINT
    owner: str | None = "person_id"

    def group_of(self, name: str) -> FieldGroup:
        """The group that a field belongs to."""
        for group in self.groups:
            if name in group.fields:
                return group
        return FieldGroup(name, (name,), self.otherwise)
