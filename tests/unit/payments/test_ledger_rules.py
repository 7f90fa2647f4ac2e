"""The double-entry rules: zero sums, mirrors, and balances that follow from what happened."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.payments.ledger import (
    Account,
    Entry,
    EntryKind,
    Line,
    account_total,
    applied_entry,
    balances,
    bank_deposit_entry,
    cash_refund_entry,
    dispute_entry,
    drawer_difference_entry,
    payment_entry,
    payout_entry,
    refund_asked_entry,
    refund_confirmed_entry,
    returned_check_entry,
    reversal,
)
from workstation.payments.model import LineKind, PaymentLine, Tender

cents = st.integers(1, 500_000)
lines = st.lists(
    st.builds(
        PaymentLine,
        st.sampled_from(list(LineKind)),
        cents,
        st.sampled_from([None, "visit-1", "visit-2"]),
    ),
    min_size=1,
    max_size=4,
)
tenders = st.sampled_from(list(Tender))


def total(of: list[PaymentLine]) -> int:
    return sum(line.amount for line in of)


@settings(max_examples=80)
@given(lines, tenders, st.integers(-2, 2))
def test_a_payment_debits_its_tender_and_credits_every_line(
    paid: list[PaymentLine], tender: Tender, rounding: int
) -> None:
    rounding = rounding if tender is Tender.CASH and total(paid) > 2 else 0
    entry = payment_entry(
        "e1", paid, tender, person="p", drawer="d", processor="stripe", rounding=rounding
    )
    assert sum(line.cents for line in entry.lines) == 0
    tender_side = sum(line.cents for line in entry.lines if line.account in _TENDERS)
    assert tender_side == total(paid) - rounding
    credited = sum(line.cents for line in entry.lines if line.account in _PATIENT)
    assert credited == -total(paid)


_TENDERS = (Account.CASH, Account.CHECK_CLEARING, Account.CARD_CLEARING)
_PATIENT = (Account.AR, Account.UNAPPLIED, Account.DEPOSITS_HELD)


@settings(max_examples=60)
@given(st.lists(st.tuples(lines, tenders, st.booleans()), max_size=8))
def test_everything_undone_leaves_nothing(
    story: list[tuple[list[PaymentLine], Tender, bool]],
) -> None:
    entries: list[Entry] = []
    for n, (paid, tender, back) in enumerate(story):
        entry = payment_entry(f"e{n}", paid, tender, person="p", drawer="d", processor="s")
        entries.append(entry)
        if back:
            entries.append(reversal(f"r{n}", entry))
    kept = [
        entry
        for entry, (_, _, back) in zip(
            [e for e in entries if e.reverses is None], story, strict=True
        )
        if not back
    ]
    assert balances(entries) == balances(kept)
    assert balances(reversed(entries)) == balances(entries), "desks merge in any order"


@settings(max_examples=40)
@given(lines, st.booleans())
def test_card_clearing_is_approved_less_refunds_less_payouts(
    paid: list[PaymentLine], confirmed: bool
) -> None:
    entries = [payment_entry("e1", paid, Tender.CARD, person="p", drawer="d", processor="s")]
    entries.append(refund_asked_entry("e2", paid, person="p"))
    assert account_total(entries, Account.REFUNDS_PAYABLE) == -total(paid)
    if confirmed:
        entries.append(refund_confirmed_entry("e3", total(paid), person="p", processor="s"))
    else:
        entries.append(reversal("e3", entries[1]))
        fee = min(30, total(paid))
        entries.append(payout_entry("e4", total(paid), fee, processor="s"))
    assert account_total(entries, Account.CARD_CLEARING) == 0
    assert account_total(entries, Account.REFUNDS_PAYABLE) == 0


@settings(max_examples=40)
@given(st.lists(st.tuples(cents, st.booleans()), max_size=10), st.integers(-500, 500))
def test_the_drawer_holds_cash_in_less_cash_out(moves: list[tuple[int, bool]], off: int) -> None:
    entries, held = [], 0
    for n, (amount, back) in enumerate(moves):
        paid = [PaymentLine(LineKind.COPAY, amount, "visit-1")]
        entries.append(payment_entry(f"p{n}", paid, Tender.CASH, person="p", drawer="d"))
        held += amount
        if back:
            entries.append(cash_refund_entry(f"r{n}", paid, person="p", drawer="d"))
            held -= amount
    if off:
        entries.append(drawer_difference_entry("off", off, drawer="d"))
        held += off
    assert account_total(entries, Account.CASH, "d") == held
    if held > 0:
        entries.append(bank_deposit_entry("b", cash=held, checks=0, drawer="d"))
        assert account_total(entries, Account.CASH, "d") == 0


def test_the_other_rules_balance_too() -> None:
    entries = [
        applied_entry("a", 500, person="p", visit="v", deposit_visit="v"),
        applied_entry("b", 500, person="p", visit="v"),
        dispute_entry("c", 500, processor="s"),
        returned_check_entry("d", 500, person="p", visit="v", drawer="d"),
    ]
    assert sum(balances(entries).values()) == 0
    assert account_total(entries, Account.AR) == -500


def test_a_one_sided_entry_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="sum to zero"):
        Entry("e", EntryKind.PAYMENT, (Line(Account.CASH, 5), Line(Account.AR, -4)))
    with pytest.raises(ValueError, match="at least two"):
        Entry("e", EntryKind.PAYMENT, (Line(Account.CASH, 0), Line(Account.AR, 0)))


def test_a_reversal_is_not_reversed() -> None:
    entry = drawer_difference_entry("e", 5, drawer="d")
    with pytest.raises(ValueError, match="not reversed"):
        reversal("r2", reversal("r1", entry))
