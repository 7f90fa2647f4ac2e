"""Tables of people, and those of this desk's search index, which is derived and never leaves it.

The index tables are plain B-trees; they point at a person by a small number ``n``.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text

from db.tables import Json, entity_table, local_metadata
from workstation.people.kinds import EMPLOYMENT, PERSON, PERSON_MERGE, RELATED_PERSON

person = entity_table(
    PERSON,
    Column("last", Text),
    Column("first", Text),
    Column("middle", Text),
    Column("suffix", Text),
    Column("dob", Text),
    Column("sex", String(1)),
    Column("ssn", Text),
    Column("mbi", Text),
    Column("mrn", Text),
    Column("provisional_mrn", Text),
    Column("phones", Json),
    Column("phone_uses", Json),
    Column("email", Text),
    Column("street", Text),
    Column("city", Text),
    Column("state", Text),
    Column("zip", Text),
    Column("aliases", Json),
    Column("mother_mrn", Text),
    Column("birth_order", Integer),
    Column("multiple_birth", Boolean),
    Column("preferred_name", Text),
    Column("previous_last", Text),
    Column("language", Text),
    Column("interpreter", Boolean),
    Column("race_ethnicity", Json),
    Column("tribal_affiliation", Text),
    Column("marital_status", Text),
    Column("deceased", Boolean),
    Column("vip", Boolean),
    Column("confidential_address", Boolean),
    Column("confidential_communication", Text),
    Column("privacy_flag", Boolean),
    Column("photo_document", Text),
    Column("advance_directive", Text),
    Column("verified_at", Text),
)

related_person = entity_table(
    RELATED_PERSON,
    Column("person_id", String(36), nullable=False),
    Column("name", Text),
    Column("relation", Text),
    Column("roles", Json),
    Column("phones", Json),
    Column("may_discuss", Boolean),
    Column("retired", Boolean),
)
Index("ix_related_person_person", related_person.c.person_id, related_person.c.facility)

employment = entity_table(
    EMPLOYMENT,
    Column("person_id", String(36), nullable=False),
    Column("status", Text),
    Column("employer", Text),
    Column("phone", Text),
    Column("from_date", Text),
    Column("to_date", Text),
)
Index("ix_employment_person", employment.c.person_id, employment.c.facility)

person_merge = entity_table(
    PERSON_MERGE,
    Column("survivor", String(36), nullable=False),
    Column("retired", String(36), nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("at", Text, nullable=False),
)
Index("ix_person_merge_retired", person_merge.c.retired, person_merge.c.facility)
Index("ix_person_merge_survivor", person_merge.c.survivor, person_merge.c.facility)

person_index = Table(
    "person_index",
    local_metadata,
    Column("n", Integer, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("survivor", String(64)),
    Column("last_visit", String(10)),
    Column("pushed", Text),
    Column("body", Text, nullable=False),
    sqlite_strict=True,
)


def _pairs_table(name: str, key: str, type_: Any, value: Column[Any]) -> Table:
    return Table(
        name,
        local_metadata,
        Column(key, type_, primary_key=True),
        value,
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


person_name = _pairs_table("person_name", "pair", Text, Column("n", Integer, primary_key=True))
person_token = _pairs_table("person_token", "token", Text, Column("n", Integer, primary_key=True))
token_delete = _pairs_table("token_delete", "part", Text, Column("word", Text, primary_key=True))
match_key = _pairs_table("match_key", "key", BigInteger, Column("n", Integer, primary_key=True))
name_word = _pairs_table("name_word", "word", Text, Column("people", Integer, nullable=False))

INDEX_TABLES = (person_index, person_name, person_token, token_delete, match_key, name_word)
