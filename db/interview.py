"""Tables of what the interview leaves behind: confirmations, Medicare answers, skips."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Text

from db.tables import Json, entity_table
from workstation.interview.facts import (
    ADVANCE_DIRECTIVE,
    CONFIRMATION,
    MSP_ANSWERS,
    SKIPPED_QUESTION,
)


def _who_and_when() -> tuple[Column[str], ...]:
    return (
        Column("person_id", String(36), nullable=False),
        Column("visit_id", String(36)),
        Column("by", String(36), nullable=False),
        Column("at", String(32), nullable=False),
    )


confirmation = entity_table(
    CONFIRMATION,
    *_who_and_when(),
    Column("card", String(24), nullable=False),
    Column("verdict", String(8), nullable=False),
)
Index("ix_confirmation_person", confirmation.c.person_id, confirmation.c.facility)

msp_answers = entity_table(
    MSP_ANSWERS,
    *_who_and_when(),
    Column("answered_by", String(24)),
    Column("form_version", String(16), nullable=False),
    Column("answers", Json, nullable=False),
    Column("facts", Json, nullable=False),
)
Index("ix_msp_answers_person", msp_answers.c.person_id, msp_answers.c.facility)

advance_directive = entity_table(
    ADVANCE_DIRECTIVE,
    *_who_and_when(),
    Column("has", String(8), nullable=False),
    Column("copy_on_file", String(8)),
    Column("wants_information", String(8)),
)
Index("ix_advance_directive_person", advance_directive.c.person_id, advance_directive.c.facility)

skipped_question = entity_table(
    SKIPPED_QUESTION,
    *_who_and_when(),
    Column("page", String(24), nullable=False),
    Column("field", Text, nullable=False),
    Column("reason", String(40), nullable=False),
)
Index("ix_skipped_question_person", skipped_question.c.person_id, skipped_question.c.facility)
