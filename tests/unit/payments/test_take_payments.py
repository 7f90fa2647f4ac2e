"""The use cases of taking and giving back money, on a store in memory."""

from __future__ import annotations

import pytest
from payments_memory_store import (
    DESK,
    PERSON,
    VISIT,
    MemoryStore,
    SteppingClock,
    a_session,
    a_store,
    books_balance,
    ledger_balance,
)

from workstation.access.model import Role
from workstation.kernel.errors import NotPermitted, NotUnderstood, Refused
from workstation.payments.history import (
    collected_for_visit,
    nothing_collected,
    payments_of_person,
)
from workstation.payments.model import NothingReason, Tender
from workstation.payments.receipt_number import read_receipt_number
from workstation.payments.use_cases import PaymentPolicy, Payments, TenderPart

COPAY = [{"kind": "copay", "amount": 2500}]


def payments(
    store: MemoryStore, role: Role = Role.REGISTRAR, policy: PaymentPolicy | None = None
) -> Payments:
    return Payments(store, SteppingClock(), a_session(role), DESK, policy=policy)


def test_cash_is_one_command_with_payment_entry_and_receipt_number() -> None:
    store = a_store()
    taken = payments(store).take(PERSON, VISIT, "cash", COPAY, tendered=3000)
    assert taken.change == 500
    assert read_receipt_number(taken.receipt_no) == ("K7", 1)
    (command,) = store.commands
    assert [c.kind for c in command.changes] == [
        "payment", "ledger_entry", "ledger_line", "ledger_line",
    ]  # fmt: skip
    assert ledger_balance(store, "cash") == 2500
    assert ledger_balance(store, "ar") == -2500
    assert books_balance(store)
    (row,) = store.read().find("payment")
    assert row["amount"] == 2500
    assert row["receipt_no"] == taken.receipt_no
    assert row["workstation"] == "desk-A"
    assert row["refunds"] is None


def test_the_same_key_takes_nothing_twice() -> None:
    store = a_store()
    first = payments(store).take(PERSON, VISIT, "cash", COPAY, tendered=3000, key="k1")
    assert payments(store).take(PERSON, VISIT, "cash", COPAY, key="k1") == first
    (command,) = store.commands
    assert set(command.answer) == {"ok", "payment_id", "receipt_no"}
    back = payments(store).refund(first.payment_id, 100, "typed wrong", key="k2")
    assert payments(store).refund(first.payment_id, 100, "typed wrong", key="k2") == back
    assert len(store.commands) == 2


def test_a_split_gives_two_receipts_in_one_command() -> None:
    store = a_store()
    parts = [TenderPart(Tender.CASH, 1000, 2000), TenderPart(Tender.CHECK, 1500, reference="1042")]
    taken = payments(store).take(PERSON, VISIT, parts, COPAY)
    assert taken.change == 1000
    assert [read_receipt_number(no)[1] for no in taken.receipt_nos] == [1, 2]
    assert len(store.commands) == 1
    assert ledger_balance(store, "check_clearing") == 1500
    assert books_balance(store)
    with pytest.raises(Refused) as caught:
        payments(store).take(PERSON, VISIT, parts[:1], COPAY)
    assert caught.value.code == "split_does_not_add_up"
    assert store.numbers["receipt"] == 2, "a refused payment takes no receipt number"


def test_deposit_and_unallocated_money_have_accounts_of_their_own() -> None:
    store = a_store()
    payments(store).take(PERSON, VISIT, "check", [{"kind": "deposit", "amount": 700}])
    payments(store).take(PERSON, None, "money_order", [{"kind": "other", "amount": 300}])
    assert ledger_balance(store, "deposits_held") == -700
    assert ledger_balance(store, "unapplied") == -300


def test_cash_rounding_credits_the_account_in_full() -> None:
    store = a_store()
    desk = payments(store, policy=PaymentPolicy(cash_rounding="nearest_5"))
    taken = desk.take(PERSON, VISIT, "cash", [{"kind": "copay", "amount": 1002}], tendered=1000)
    assert taken.change == 0
    assert ledger_balance(store, "cash") == 1000
    assert ledger_balance(store, "ar") == -1002
    assert books_balance(store)


@pytest.mark.parametrize("tender", ["card", "hsa"])
def test_a_card_needs_the_terminal(tender: str) -> None:
    with pytest.raises(Refused) as caught:
        payments(a_store()).take(PERSON, VISIT, tender, COPAY)
    assert caught.value.code == "card_needs_terminal"


def test_nothing_of_money_while_an_emergency_visit_is_locked() -> None:
    store = a_store(locked=True)
    desk = payments(store)
    for visit in (VISIT, None):
        with pytest.raises(Refused) as caught:
            desk.take(PERSON, visit, "cash", COPAY)
        assert caught.value.code == "emtala_locked"
    with pytest.raises(Refused):
        desk.nothing_today(VISIT, "nothing_due")
    assert store.commands == []


def test_refunds_stay_within_the_payment_and_the_books_balance() -> None:
    store = a_store()
    desk = payments(store)
    taken = desk.take(PERSON, VISIT, "cash", COPAY)
    desk.refund(taken.payment_id, 2000, "overpaid")
    with pytest.raises(Refused) as caught:
        desk.refund(taken.payment_id, 501, "overpaid")
    assert caught.value.code == "refund_exceeds_payment"
    back = desk.refund(taken.payment_id, 500, "overpaid")
    assert ledger_balance(store, "cash") == 0
    assert books_balance(store)
    rows = {row["id"]: row for row in store.read().find("payment")}
    assert rows[back.refund_id]["amount"] == -500
    assert rows[back.refund_id]["refunds"] == taken.payment_id
    with pytest.raises(Refused) as caught:
        desk.refund(back.refund_id, 100, "again")
    assert caught.value.code == "refund_of_refund"


def test_a_check_is_given_back_by_accounts_payable() -> None:
    store = a_store()
    taken = payments(store).take(PERSON, VISIT, "check", COPAY, reference="1042")
    payments(store).refund(taken.payment_id, 2500, "overpaid")
    assert ledger_balance(store, "refunds_payable") == -2500
    assert ledger_balance(store, "check_clearing") == 2500


def test_a_large_refund_needs_a_supervisor() -> None:
    store = a_store()
    taken = payments(store).take(PERSON, VISIT, "cash", [{"kind": "copay", "amount": 9000}])
    with pytest.raises(NotPermitted):
        payments(store).refund(taken.payment_id, 5001, "overpaid")
    payments(store, Role.SUPERVISOR).refund(taken.payment_id, 5001, "overpaid")


@pytest.mark.parametrize("role", [Role.IT, Role.KIOSK])
def test_other_roles_take_no_money(role: Role) -> None:
    with pytest.raises(NotPermitted):
        payments(a_store(), role).take(PERSON, VISIT, "cash", COPAY)


def test_a_visit_of_somebody_else_is_not_found() -> None:
    for person, visit in ((PERSON, "visit-2"), ("nobody", None)):
        with pytest.raises(Refused) as caught:
            payments(a_store()).take(person, visit, "cash", COPAY)
        assert caught.value.code == "not_found"
    line = {"kind": "copay", "amount": 1, "visit_id": "visit-2"}
    with pytest.raises(Refused):
        payments(a_store()).take(PERSON, VISIT, "cash", [line])


def test_nothing_today_is_a_fact_with_a_reason() -> None:
    store = a_store()
    payments(store).nothing_today(VISIT, NothingReason.UNABLE_TODAY, "card 4242424242424242")
    (row,) = store.read().find("nothing_collected")
    assert row["reason"] == "unable_today"
    assert row["note"] == "card [removed]"
    with pytest.raises(NotUnderstood):
        payments(store).nothing_today(VISIT, "because")


def test_every_receipt_after_the_first_is_a_duplicate() -> None:
    store = a_store()
    desk = payments(store)
    taken = desk.take(PERSON, VISIT, "cash", COPAY)
    assert [desk.receipt_handed_out(taken.payment_id, "print") for _ in range(3)] == [1, 2, 3]


def test_a_refund_needs_a_reason() -> None:
    store = a_store()
    taken = payments(store).take(PERSON, VISIT, "cash", COPAY)
    with pytest.raises(NotUnderstood):
        payments(store).refund(taken.payment_id, 100, "  ")


def test_history_tells_what_is_left_to_refund_and_what_a_visit_collected() -> None:
    store = a_store()
    desk = payments(store)
    first = desk.take(PERSON, VISIT, "cash", COPAY)
    desk.take(PERSON, VISIT, "check", [{"kind": "deposit", "amount": 700}])
    desk.take(PERSON, None, "cash", [{"kind": "other", "amount": 50}])
    desk.refund(first.payment_id, 1000, "overpaid")
    past = payments_of_person(store.read(), PERSON)
    assert sorted((p.payment.amount, p.refundable) for p in past) == [
        (50, 50),
        (700, 700),
        (2500, 1500),
    ]
    assert collected_for_visit(store.read(), VISIT) == 2200
    assert nothing_collected(store.read(), VISIT) is None
    desk.nothing_today(VISIT, "will_be_billed")
    assert nothing_collected(store.read(), VISIT) == "will_be_billed"


def test_a_card_number_typed_into_any_field_is_not_kept() -> None:
    store = a_store()
    number = "4242 4242 4242 4242"
    taken = payments(store).take(
        PERSON, VISIT, "check", COPAY, reference=number, payer_name=f"Ana {number}"
    )
    payments(store).refund(taken.payment_id, 100, f"card {number}")
    assert "4242" not in str(store.rows)
