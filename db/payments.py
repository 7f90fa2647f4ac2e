"""Tables of payments and the ledger, and the local ones of attempts with their hard constraints."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, String, Text, text

from db.tables import Json, entity_table, local_table
from workstation.payments.attempt_model import AT_TERMINAL, LIVE
from workstation.payments.model import (
    ATTEMPT_TABLE,
    CALL_TABLE,
    LEDGER_ENTRY,
    LEDGER_LINE,
    NOTHING_COLLECTED,
    PAYMENT,
    RECEIPT_PRINT,
)

payment = entity_table(
    PAYMENT,
    Column("person_id", String(36), nullable=False),
    Column("visit_id", String(36)),
    Column("lines", Json, nullable=False),
    Column("tender", String(16), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("receipt_no", String(24), nullable=False),
    Column("actor", String(36), nullable=False),
    Column("drawer", String(64), nullable=False),
    Column("workstation", String(64), nullable=False),
    Column("taken_at", String(32), nullable=False),
    Column("day", String(10), nullable=False),
    Column("refunds", String(36)),
    Column("split_id", String(36)),
    Column("attempt_id", String(36)),
    Column("tendered", Integer),
    Column("rounding", Integer),
    Column("reference", String(64)),
    Column("card", Json),
    Column("reason", Text),
    Column("payer_name", Text),
)
Index("ix_payment_person", payment.c.person_id, payment.c.facility)
Index("ix_payment_visit", payment.c.visit_id, payment.c.facility)
Index("ix_payment_refunds", payment.c.refunds, payment.c.facility)
Index("ix_payment_receipt_no", payment.c.receipt_no, payment.c.facility)
Index("uq_payment_attempt", payment.c.attempt_id, payment.c.facility, unique=True)

ledger_entry = entity_table(
    LEDGER_ENTRY,
    Column("person_id", String(36)),
    Column("payment_id", String(36)),
    Column("attempt_id", String(36)),
    Column("receipt_no", String(24)),
    Column("kind", String(24), nullable=False),
    Column("day", String(10), nullable=False),
    Column("posted_at", String(32), nullable=False),
    Column("command_id", String(36), nullable=False),
    Column("reverses", String(36)),
    Column("workstation", String(64), nullable=False),
)
Index("ix_ledger_entry_day", ledger_entry.c.day, ledger_entry.c.facility)
Index("ix_ledger_entry_payment", ledger_entry.c.payment_id, ledger_entry.c.facility)
Index("uq_ledger_entry_reverses", ledger_entry.c.reverses, ledger_entry.c.facility, unique=True)

ledger_line = entity_table(
    LEDGER_LINE,
    Column("entry_id", String(36), nullable=False),
    Column("n", Integer, nullable=False),
    Column("account", String(32), nullable=False),
    Column("party", String(64)),
    Column("visit_id", String(36)),
    Column("cents", Integer, nullable=False),
)
ledger_line.append_constraint(CheckConstraint("cents <> 0", name="not_zero"))
Index(
    "uq_ledger_line_entry",
    ledger_line.c.entry_id,
    ledger_line.c.n,
    ledger_line.c.facility,
    unique=True,
)
Index("ix_ledger_line_visit", ledger_line.c.visit_id, ledger_line.c.facility)

receipt_print = entity_table(
    RECEIPT_PRINT,
    Column("person_id", String(36), nullable=False),
    Column("payment_id", String(36), nullable=False),
    Column("receipt_no", String(24), nullable=False),
    Column("copy", Integer, nullable=False),
    Column("how", String(16), nullable=False),
    Column("actor", String(36), nullable=False),
    Column("at", String(32), nullable=False),
)
Index("ix_receipt_print_payment", receipt_print.c.payment_id, receipt_print.c.facility)

nothing_collected = entity_table(
    NOTHING_COLLECTED,
    Column("person_id", String(36), nullable=False),
    Column("visit_id", String(36), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("note", Text),
    Column("actor", String(36), nullable=False),
    Column("at", String(32), nullable=False),
    Column("day", String(10), nullable=False),
)
Index("ix_nothing_collected_visit", nothing_collected.c.visit_id, nothing_collected.c.facility)

payment_attempt = local_table(
    ATTEMPT_TABLE,
    Column("payment_id", String(36), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("parent_id", String(36)),
    Column("tender", String(16), nullable=False),
    Column("asked_cents", Integer, nullable=False),
    Column("got_cents", Integer, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("terminal_id", String(64), nullable=False),
    Column("driver", String(32), nullable=False),
    Column("ext_request_id", String(128)),
    Column("ext_payment_id", String(128)),
    Column("state", String(16), nullable=False),
    Column("state_seq", Integer, nullable=False),
    Column("params_hash", String(64)),
    Column("created_at", String(32), nullable=False),
    Column("deadline_at", String(32)),
    Column("unknown_since", String(32)),
    Column("boot_id", String(36), nullable=False),
    Column("actor", String(36), nullable=False),
    Column("drawer_session", String(64)),
    Column("reason", Text),
    Column("give_up", Boolean, nullable=False),
    Column("refund_if_found", Boolean, nullable=False),
    Column("sale", Text, nullable=False),
)
payment_attempt.append_constraint(CheckConstraint("currency = 'USD'", name="currency"))
payment_attempt.append_constraint(
    CheckConstraint("asked_cents > 0 AND got_cents >= 0 AND got_cents <= asked_cents", name="cents")
)


def _one_of(states: frozenset[str]) -> str:
    return ", ".join(f"'{state}'" for state in sorted(states))


Index(
    "uq_payment_attempt_ext",
    payment_attempt.c.driver,
    payment_attempt.c.ext_payment_id,
    unique=True,
)
Index(
    "uq_payment_attempt_live",
    payment_attempt.c.payment_id,
    unique=True,
    sqlite_where=text(f"state IN ({_one_of(frozenset(map(str, LIVE)))})"),
)
Index(
    "uq_payment_attempt_terminal",
    payment_attempt.c.terminal_id,
    unique=True,
    sqlite_where=text(
        f"kind = 'charge' AND state IN ({_one_of(frozenset(map(str, AT_TERMINAL)))})"
    ),
)
Index("ix_payment_attempt_state", payment_attempt.c.state)
Index("ix_payment_attempt_parent", payment_attempt.c.parent_id)

payment_attempt_call = local_table(
    CALL_TABLE,
    Column("attempt_id", String(64), nullable=False),
    Column("n", Integer, nullable=False),
    Column("at", String(32), nullable=False),
    Column("what", String(16), nullable=False),
    Column("outcome", String(24), nullable=False),
    Column("code", String(64)),
)
Index(
    "uq_payment_attempt_call_n",
    payment_attempt_call.c.attempt_id,
    payment_attempt_call.c.n,
    unique=True,
)
