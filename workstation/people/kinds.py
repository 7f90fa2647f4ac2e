"""Replicated kinds of people, and what two desks may and may not settle without a person."""

from __future__ import annotations

from workstation.kernel.entities import EntityKind, FieldGroup, Merge

PERSON = EntityKind(
    "person",
    owner="id",
    groups=(
        FieldGroup(
            "identity",
            (
                "last",
                "first",
                "middle",
                "suffix",
                "dob",
                "sex",
                "ssn",
                "mbi",
                "mrn",
                "aliases",
                "previous_last",
                "mother_mrn",
                "birth_order",
                "multiple_birth",
                "deceased",
            ),
            Merge.NEVER,
        ),
        FieldGroup("address", ("street", "city", "state", "zip"), Merge.DISJOINT),
        FieldGroup("phones", ("phones",), Merge.DISJOINT),
        FieldGroup("email", ("email",), Merge.DISJOINT),
        FieldGroup("language", ("language", "interpreter"), Merge.DISJOINT),
        FieldGroup(
            "protection",
            ("vip", "confidential_address", "confidential_communication", "privacy_flag"),
            Merge.NEVER,
        ),
    ),
)
"""A person's chart head: the contract's Person plus registration fields."""

RELATED_PERSON = EntityKind("related_person", otherwise=Merge.DISJOINT)
"""Emergency contact, next of kin, parent, guardian: name, relation, phones, may_discuss."""

EMPLOYMENT = EntityKind("employment", otherwise=Merge.DISJOINT)
"""Employer and employment status of a person."""

PERSON_MERGE = EntityKind("person_merge", append_only=True, owner="survivor")
"""A pointer retired to survivor, or its withdrawal; resolved when read (design section 3)."""
