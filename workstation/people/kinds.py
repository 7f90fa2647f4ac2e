"""Replicated kinds of people, and what two desks may and may not settle without a person."""

from __future__ import annotations

from workstation.kernel.entities import EntityKind, FieldGroup

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
        ),
        FieldGroup("address", ("street", "city", "state", "zip")),
        FieldGroup("phones", ("phones", "phone_uses")),
        FieldGroup("language", ("language", "interpreter")),
        FieldGroup(
            "protection",
            ("vip", "confidential_address", "confidential_communication", "privacy_flag"),
        ),
    ),
)
"""A person's chart head: the contract's Person plus registration fields."""

RELATED_PERSON = EntityKind("related_person")
"""Emergency contact, next of kin, parent, guardian: name, relation, phones, may_discuss."""

EMPLOYMENT = EntityKind("employment")
"""Employer and employment status of a person."""

PERSON_MERGE = EntityKind("person_merge", append_only=True, owner="survivor")
"""A pointer retired to survivor, or its withdrawal; resolved when read (design section 3)."""
