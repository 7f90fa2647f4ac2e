"""The first schema: workstation and shared database."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON_VALUE = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    """The replicated tables on both engines, and each engine's own."""
    _replicated()
    if op.get_bind().dialect.name == "sqlite":
        _workstation()
    else:
        _shared()


def _replicated() -> None:
    """What is the same on a workstation and in PostgreSQL."""
    op.create_table(
        "advance_directive",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("has", sa.String(length=8), nullable=False),
        sa.Column("copy_on_file", sa.String(length=8), nullable=True),
        sa.Column("wants_information", sa.String(length=8), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_advance_directive")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_advance_directive_person", "advance_directive", ["person_id", "facility"], unique=False
    )
    op.create_table(
        "clinician",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("npi", sa.String(length=10), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("department_id", sa.String(length=36), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_clinician")),
        sqlite_strict=True,
    )
    op.create_table(
        "confirmation",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("card", sa.String(length=24), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_confirmation")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_confirmation_person", "confirmation", ["person_id", "facility"], unique=False
    )
    op.create_table(
        "conflict",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("entity_id", sa.String(length=64), nullable=True),
        sa.Column("fields", JSON_VALUE, nullable=True),
        sa.Column("base", JSON_VALUE, nullable=True),
        sa.Column("stands", JSON_VALUE, nullable=True),
        sa.Column("waits", JSON_VALUE, nullable=True),
        sa.Column("waits_from", sa.Text(), nullable=True),
        sa.Column("waits_ws", sa.String(length=36), nullable=True),
        sa.Column("command_id", sa.String(length=36), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=True),
        sa.Column("take", sa.String(length=8), nullable=True),
        sa.Column("resolved_by", sa.String(length=36), nullable=True),
        sa.Column("resolved_at", sa.String(length=32), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_conflict")),
        sqlite_strict=True,
    )
    op.create_index("ix_conflict_entity", "conflict", ["entity_id", "state"], unique=False)
    op.create_index("ix_conflict_state", "conflict", ["state"], unique=False)
    op.create_table(
        "coverage",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("payer_id", sa.Text(), nullable=True),
        sa.Column("payer_name", sa.Text(), nullable=True),
        sa.Column("payer_kind", sa.String(length=24), nullable=True),
        sa.Column("plan_name", sa.Text(), nullable=True),
        sa.Column("plan_type", sa.String(length=24), nullable=True),
        sa.Column("member_id", sa.Text(), nullable=True),
        sa.Column("group_number", sa.Text(), nullable=True),
        sa.Column("relation", sa.String(length=8), nullable=True),
        sa.Column("subscriber", JSON_VALUE, nullable=True),
        sa.Column("order", sa.Integer(), nullable=True),
        sa.Column("from", sa.String(length=10), nullable=True),
        sa.Column("to", sa.String(length=10), nullable=True),
        sa.Column("claim_number", sa.Text(), nullable=True),
        sa.Column("injury_date", sa.String(length=10), nullable=True),
        sa.Column("rx_bin", sa.Text(), nullable=True),
        sa.Column("rx_pcn", sa.Text(), nullable=True),
        sa.Column("rx_group", sa.Text(), nullable=True),
        sa.Column("pcp_name", sa.Text(), nullable=True),
        sa.Column("adjuster", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("verified_at", sa.String(length=32), nullable=True),
        sa.Column("verified", JSON_VALUE, nullable=True),
        sa.Column("do_not_bill", sa.Boolean(), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=True),
        sa.Column("card_front", sa.String(length=36), nullable=True),
        sa.Column("card_back", sa.String(length=36), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_coverage")),
        sqlite_strict=True,
    )
    op.create_index("ix_coverage_person", "coverage", ["person_id", "facility"], unique=False)
    op.create_table(
        "department",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=True),
        sa.Column("provider_based", sa.Boolean(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_department")),
        sqlite_strict=True,
    )
    op.create_table(
        "document",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("about_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_document")),
        sqlite_strict=True,
    )
    op.create_index("ix_document_person", "document", ["person_id", "facility"], unique=False)
    op.create_table(
        "eligibility_check",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("coverage_id", sa.String(length=36), nullable=True),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("asked_at", sa.String(length=32), nullable=False),
        sa.Column("answered_at", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=True),
        sa.Column("service_date", sa.String(length=10), nullable=True),
        sa.Column("service_types", JSON_VALUE, nullable=True),
        sa.Column("answer", JSON_VALUE, nullable=True),
        sa.Column("rejections", JSON_VALUE, nullable=True),
        sa.Column("raw_document", sa.String(length=64), nullable=True),
        sa.Column("connector", sa.String(length=32), nullable=True),
        sa.Column("question", sa.String(length=64), nullable=True),
        sa.Column("say", sa.Text(), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_eligibility_check")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_eligibility_check_person", "eligibility_check", ["person_id", "facility"], unique=False
    )
    op.create_table(
        "employment",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("status", sa.Text(), nullable=True),
        sa.Column("employer", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("from_date", sa.Text(), nullable=True),
        sa.Column("to_date", sa.Text(), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_employment")),
        sqlite_strict=True,
    )
    op.create_index("ix_employment_person", "employment", ["person_id", "facility"], unique=False)
    op.create_table(
        "estimate",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("coverage_id", sa.String(length=36), nullable=True),
        sa.Column("service_date", sa.String(length=10), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("patient_total", sa.BigInteger(), nullable=True),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.Column("input", JSON_VALUE, nullable=False),
        sa.Column("answer", JSON_VALUE, nullable=False),
        sa.Column("replaces", sa.String(length=36), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_estimate")),
        sqlite_strict=True,
    )
    op.create_index("ix_estimate_person", "estimate", ["person_id", "facility"], unique=False)
    op.create_index("ix_estimate_visit", "estimate", ["visit_id", "facility"], unique=False)
    op.create_table(
        "ledger_entry",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("payment_id", sa.String(length=36), nullable=True),
        sa.Column("attempt_id", sa.String(length=36), nullable=True),
        sa.Column("receipt_no", sa.String(length=24), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("posted_at", sa.String(length=32), nullable=False),
        sa.Column("command_id", sa.String(length=36), nullable=False),
        sa.Column("reverses", sa.String(length=36), nullable=True),
        sa.Column("workstation", sa.String(length=64), nullable=False),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_ledger_entry")),
        sqlite_strict=True,
    )
    op.create_index("ix_ledger_entry_day", "ledger_entry", ["day", "facility"], unique=False)
    op.create_index(
        "ix_ledger_entry_payment", "ledger_entry", ["payment_id", "facility"], unique=False
    )
    op.create_index(
        "uq_ledger_entry_reverses", "ledger_entry", ["reverses", "facility"], unique=True
    )
    op.create_table(
        "ledger_line",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=36), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=False),
        sa.Column("party", sa.String(length=64), nullable=True),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.CheckConstraint("cents <> 0", name=op.f("ck_ledger_line_not_zero")),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_ledger_line")),
        sqlite_strict=True,
    )
    op.create_index("ix_ledger_line_visit", "ledger_line", ["visit_id", "facility"], unique=False)
    op.create_index(
        "uq_ledger_line_entry", "ledger_line", ["entry_id", "n", "facility"], unique=True
    )
    op.create_table(
        "msp_answers",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("answered_by", sa.String(length=24), nullable=True),
        sa.Column("form_version", sa.String(length=16), nullable=False),
        sa.Column("answers", JSON_VALUE, nullable=False),
        sa.Column("facts", JSON_VALUE, nullable=False),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_msp_answers")),
        sqlite_strict=True,
    )
    op.create_index("ix_msp_answers_person", "msp_answers", ["person_id", "facility"], unique=False)
    op.create_table(
        "nothing_collected",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_nothing_collected")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_nothing_collected_visit", "nothing_collected", ["visit_id", "facility"], unique=False
    )
    op.create_table(
        "payment",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("lines", JSON_VALUE, nullable=False),
        sa.Column("tender", sa.String(length=16), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("receipt_no", sa.String(length=24), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("drawer", sa.String(length=64), nullable=False),
        sa.Column("workstation", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("refunds", sa.String(length=36), nullable=True),
        sa.Column("split_id", sa.String(length=36), nullable=True),
        sa.Column("attempt_id", sa.String(length=36), nullable=True),
        sa.Column("tendered", sa.Integer(), nullable=True),
        sa.Column("rounding", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=True),
        sa.Column("card", JSON_VALUE, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("payer_name", sa.Text(), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_payment")),
        sqlite_strict=True,
    )
    op.create_index("ix_payment_person", "payment", ["person_id", "facility"], unique=False)
    op.create_index("ix_payment_receipt_no", "payment", ["receipt_no", "facility"], unique=False)
    op.create_index("ix_payment_refunds", "payment", ["refunds", "facility"], unique=False)
    op.create_index("ix_payment_visit", "payment", ["visit_id", "facility"], unique=False)
    op.create_index("uq_payment_attempt", "payment", ["attempt_id", "facility"], unique=True)
    op.create_table(
        "person",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("last", sa.Text(), nullable=True),
        sa.Column("first", sa.Text(), nullable=True),
        sa.Column("middle", sa.Text(), nullable=True),
        sa.Column("suffix", sa.Text(), nullable=True),
        sa.Column("dob", sa.Text(), nullable=True),
        sa.Column("sex", sa.String(length=1), nullable=True),
        sa.Column("ssn", sa.Text(), nullable=True),
        sa.Column("mbi", sa.Text(), nullable=True),
        sa.Column("mrn", sa.Text(), nullable=True),
        sa.Column("provisional_mrn", sa.Text(), nullable=True),
        sa.Column("phones", JSON_VALUE, nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("zip", sa.Text(), nullable=True),
        sa.Column("aliases", JSON_VALUE, nullable=True),
        sa.Column("mother_mrn", sa.Text(), nullable=True),
        sa.Column("birth_order", sa.Integer(), nullable=True),
        sa.Column("multiple_birth", sa.Boolean(), nullable=True),
        sa.Column("preferred_name", sa.Text(), nullable=True),
        sa.Column("previous_last", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("interpreter", sa.Boolean(), nullable=True),
        sa.Column("race_ethnicity", JSON_VALUE, nullable=True),
        sa.Column("tribal_affiliation", sa.Text(), nullable=True),
        sa.Column("marital_status", sa.Text(), nullable=True),
        sa.Column("deceased", sa.Boolean(), nullable=True),
        sa.Column("vip", sa.Boolean(), nullable=True),
        sa.Column("confidential_address", sa.Boolean(), nullable=True),
        sa.Column("confidential_communication", sa.Text(), nullable=True),
        sa.Column("privacy_flag", sa.Boolean(), nullable=True),
        sa.Column("photo_document", sa.Text(), nullable=True),
        sa.Column("advance_directive", sa.Text(), nullable=True),
        sa.Column("verified_at", sa.Text(), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_person")),
        sqlite_strict=True,
    )
    op.create_table(
        "person_merge",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("survivor", sa.String(length=36), nullable=False),
        sa.Column("retired", sa.String(length=36), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_person_merge")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_person_merge_retired", "person_merge", ["retired", "facility"], unique=False
    )
    op.create_table(
        "receipt_print",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=False),
        sa.Column("receipt_no", sa.String(length=24), nullable=False),
        sa.Column("copy", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_receipt_print")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_receipt_print_payment", "receipt_print", ["payment_id", "facility"], unique=False
    )
    op.create_table(
        "related_person",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("roles", JSON_VALUE, nullable=True),
        sa.Column("phones", JSON_VALUE, nullable=True),
        sa.Column("may_discuss", sa.Boolean(), nullable=True),
        sa.Column("retired", sa.Boolean(), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_related_person")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_related_person_person", "related_person", ["person_id", "facility"], unique=False
    )
    op.create_table(
        "screening_exam",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=36), nullable=False),
        sa.Column("entered_at", sa.String(length=32), nullable=False),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_screening_exam")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_screening_exam_visit", "screening_exam", ["visit_id", "facility"], unique=False
    )
    op.create_table(
        "signature",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("form_id", sa.String(length=40), nullable=False),
        sa.Column("form_version", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("signer", sa.Text(), nullable=True),
        sa.Column("signer_right", sa.String(length=24), nullable=False),
        sa.Column("relation", sa.Text(), nullable=True),
        sa.Column("proof_seen", sa.Text(), nullable=True),
        sa.Column("strokes_hash", sa.String(length=64), nullable=True),
        sa.Column("image_hash", sa.String(length=64), nullable=True),
        sa.Column("witness", sa.Text(), nullable=True),
        sa.Column("interpreter", sa.Text(), nullable=True),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_signature")),
        sqlite_strict=True,
    )
    op.create_index("ix_signature_person", "signature", ["person_id", "facility"], unique=False)
    op.create_table(
        "skipped_question",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("page", sa.String(length=24), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_skipped_question")),
        sqlite_strict=True,
    )
    op.create_index(
        "ix_skipped_question_person", "skipped_question", ["person_id", "facility"], unique=False
    )
    op.create_table(
        "visit",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("visit_number", sa.String(length=24), nullable=False),
        sa.Column("account_number", sa.String(length=24), nullable=False),
        sa.Column("class", sa.String(length=1), nullable=False),
        sa.Column("lock", sa.String(length=8), nullable=False),
        sa.Column("asks_emergency_care", sa.Boolean(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("service_date", sa.String(length=10), nullable=False),
        sa.Column("scheduled_at", sa.String(length=32), nullable=True),
        sa.Column("arrived_at", sa.String(length=32), nullable=True),
        sa.Column("finished_at", sa.String(length=32), nullable=True),
        sa.Column("owner", sa.String(length=36), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("sensitive", sa.Boolean(), nullable=True),
        sa.Column("service", sa.Text(), nullable=True),
        sa.Column("service_code", sa.String(length=16), nullable=True),
        sa.Column("department_id", sa.String(length=36), nullable=True),
        sa.Column("attending_id", sa.String(length=36), nullable=True),
        sa.Column("ordering_id", sa.String(length=36), nullable=True),
        sa.Column("referring_id", sa.String(length=36), nullable=True),
        sa.Column("admit_type", sa.String(length=1), nullable=True),
        sa.Column("point_of_origin", sa.String(length=1), nullable=True),
        sa.Column("guarantor_kind", sa.String(length=16), nullable=True),
        sa.Column("guarantor_person_id", sa.String(length=36), nullable=True),
        sa.Column("guarantor", JSON_VALUE, nullable=True),
        sa.Column("do_not_bill", sa.Boolean(), nullable=True),
        sa.Column("employer_paid", sa.Boolean(), nullable=True),
        sa.Column("payer_order", JSON_VALUE, nullable=True),
        sa.Column("accident", JSON_VALUE, nullable=True),
        sa.Column("moved_to", sa.String(length=36), nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_visit")),
        sqlite_strict=True,
    )
    op.create_index("ix_visit_day", "visit", ["service_date", "facility"], unique=False)
    op.create_index("ix_visit_person", "visit", ["person_id", "facility"], unique=False)
    op.create_table(
        "visit_event",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("detail", JSON_VALUE, nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_visit_event")),
        sqlite_strict=True,
    )
    op.create_index("ix_visit_event_visit", "visit_event", ["visit_id", "facility"], unique=False)
    op.create_table(
        "work_item",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("about_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("opened_at", sa.String(length=32), nullable=False),
        sa.Column("due", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("owner", sa.String(length=36), nullable=True),
        sa.Column("settled_at", sa.String(length=32), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("detail", JSON_VALUE, nullable=True),
        sa.Column("extra", JSON_VALUE, nullable=True),
        sa.PrimaryKeyConstraint("id", "facility", name=op.f("pk_work_item")),
        sqlite_strict=True,
    )
    op.create_index("ix_work_item_state", "work_item", ["state", "kind", "facility"], unique=False)


def _workstation() -> None:
    """What only an encrypted SQLite has."""
    op.create_table(
        "answer",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("body", JSON_VALUE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sqlite_strict=True,
    )
    op.create_table(
        "audit",
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_audit")),
        sqlite_strict=True,
    )
    op.create_table(
        "desk",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("workstation_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hospital", JSON_VALUE, nullable=False),
        sa.Column("receipt_code", sa.String(length=3), nullable=False),
        sa.Column("drawer", sa.String(length=36), nullable=False),
        sa.Column("service_user", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk")),
        sqlite_strict=True,
    )
    op.create_table(
        "document_content",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_content")),
        sqlite_strict=True,
    )
    op.create_table(
        "draft",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=36), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("saved_at", sa.String(length=32), nullable=False),
        sa.Column("body", JSON_VALUE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sqlite_strict=True,
    )
    op.create_table(
        "expected_today",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("stands_on", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_today")),
        sqlite_strict=True,
    )
    op.create_table(
        "job",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=True),
        sa.Column("payload", JSON_VALUE, nullable=False),
        sa.Column("result", JSON_VALUE, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.String(length=32), nullable=False),
        sa.Column("lease_until", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("updated_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "local_user",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.String(length=32), nullable=True),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_user")),
        sa.UniqueConstraint("login", name=op.f("uq_local_user_login")),
        sqlite_strict=True,
    )
    op.create_table(
        "match_key",
        sa.Column("key", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "n", name=op.f("pk_match_key")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "name_word",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_name_word")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "number",
        sa.Column("series", sa.String(length=32), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_number")),
        sqlite_strict=True,
    )
    op.create_table(
        "outbox",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("command_id", sa.String(length=36), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("command_id", name=op.f("uq_outbox_command_id")),
        sqlite_strict=True,
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "seq"], unique=False)
    op.create_table(
        "payment_attempt",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("payment_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("parent_id", sa.String(length=36), nullable=True),
        sa.Column("tender", sa.String(length=16), nullable=False),
        sa.Column("asked_cents", sa.Integer(), nullable=False),
        sa.Column("got_cents", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("terminal_id", sa.String(length=64), nullable=False),
        sa.Column("driver", sa.String(length=32), nullable=False),
        sa.Column("ext_request_id", sa.String(length=128), nullable=True),
        sa.Column("ext_payment_id", sa.String(length=128), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("state_seq", sa.Integer(), nullable=False),
        sa.Column("params_hash", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("deadline_at", sa.String(length=32), nullable=True),
        sa.Column("unknown_since", sa.String(length=32), nullable=True),
        sa.Column("boot_id", sa.String(length=36), nullable=False),
        sa.Column("actor", sa.String(length=36), nullable=False),
        sa.Column("drawer_session", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("give_up", sa.Boolean(), nullable=False),
        sa.Column("refund_if_found", sa.Boolean(), nullable=False),
        sa.Column("sale", sa.Text(), nullable=False),
        sa.CheckConstraint("currency = 'USD'", name=op.f("ck_payment_attempt_currency")),
        sa.CheckConstraint(
            "asked_cents > 0 AND got_cents >= 0 AND got_cents <= asked_cents",
            name=op.f("ck_payment_attempt_cents"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempt")),
        sqlite_strict=True,
    )
    op.create_index("ix_payment_attempt_parent", "payment_attempt", ["parent_id"], unique=False)
    op.create_index("ix_payment_attempt_state", "payment_attempt", ["state"], unique=False)
    op.create_index(
        "uq_payment_attempt_ext", "payment_attempt", ["driver", "ext_payment_id"], unique=True
    )
    op.create_index(
        "uq_payment_attempt_live",
        "payment_attempt",
        ["payment_id"],
        unique=True,
        sqlite_where=sa.text(
            "state IN ('armed', 'arming', 'cancelling', 'manual', 'new', 'partial', 'sent',"
            " 'unknown', 'waiting')"
        ),
    )
    op.create_index(
        "uq_payment_attempt_terminal",
        "payment_attempt",
        ["terminal_id"],
        unique=True,
        sqlite_where=sa.text(
            "kind = 'charge' AND state IN ('armed', 'cancelling', 'sent', 'waiting')"
        ),
    )
    op.create_table(
        "payment_attempt_call",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("attempt_id", sa.String(length=64), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_attempt_call")),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_payment_attempt_call_n", "payment_attempt_call", ["attempt_id", "n"], unique=True
    )
    op.create_table(
        "person_index",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("survivor", sa.String(length=64), nullable=True),
        sa.Column("last_visit", sa.String(length=10), nullable=True),
        sa.Column("pushed", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_person_index")),
        sa.UniqueConstraint("id", name=op.f("uq_person_index_id")),
        sqlite_strict=True,
    )
    op.create_table(
        "person_name",
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("pair", "n", name=op.f("pk_person_name")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person_token",
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("token", "n", name=op.f("pk_person_token")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sync_base",
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("row", JSON_VALUE, nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_sync_base")),
        sqlite_strict=True,
    )
    op.create_table(
        "sync_state",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=True),
        sa.Column("cursor", sa.Integer(), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("connected", sa.Boolean(), nullable=False),
        sa.Column("since", sa.String(length=32), nullable=True),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sync_state")),
        sqlite_strict=True,
    )
    op.create_table(
        "token_delete",
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("part", "word", name=op.f("pk_token_delete")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "window_state",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("body", JSON_VALUE, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_window_state")),
        sqlite_strict=True,
    )


def _shared() -> None:
    """What only PostgreSQL has."""
    op.create_table(
        "audit_anchor",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("ws_id", sa.String(length=36), nullable=False),
        sa.Column("entries", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("facility", "ws_id", "entries", name=op.f("pk_audit_anchor")),
    )
    op.create_table(
        "enrolment",
        sa.Column("login", sa.String(length=63), nullable=False),
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ws_id", sa.String(length=36), nullable=True),
        sa.Column("receipt_code", sa.String(length=3), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("facility", "name", name="uq_enrolment_facility_name"),
        sa.UniqueConstraint("facility", "receipt_code", name="uq_enrolment_receipt_code"),
        sa.UniqueConstraint("ws_id", name="uq_enrolment_ws_id"),
    )
    op.create_table(
        "facility_feed",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("facility", name=op.f("pk_facility_feed")),
    )
    op.create_table(
        "feed",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("n", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cmd_id", sa.String(length=36), nullable=False),
        sa.Column("ws_id", sa.String(length=36), nullable=False),
        sa.Column("ws_seq", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column(
            "body",
            JSON_VALUE,
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("facility", "n", name=op.f("pk_feed")),
    )
    op.create_table(
        "inbox",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("ws_id", sa.String(length=36), nullable=False),
        sa.Column("ws_seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cmd_id", sa.String(length=36), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "received_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("CURRENT_TIMESTAMP"),
            nullable=False,
        ),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.PrimaryKeyConstraint("facility", "ws_id", "ws_seq", name=op.f("pk_inbox")),
        sa.UniqueConstraint("facility", "cmd_id", name="uq_inbox_cmd_id"),
    )
    op.create_index(
        "ix_inbox_waiting",
        "inbox",
        ["facility", "ws_id", "ws_seq"],
        unique=False,
        postgresql_where=sa.text("outcome IS NULL"),
    )
    op.create_table(
        "progress",
        sa.Column("facility", sa.String(length=36), nullable=False),
        sa.Column("ws_id", sa.String(length=36), nullable=False),
        sa.Column("applied", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("facility", "ws_id", name=op.f("pk_progress")),
    )
