"""The journal: what stands in it adds up, closes where the books close, and names nobody."""

from __future__ import annotations

import re
from collections import defaultdict
from decimal import Decimal

from payments_memory_store import DESK, PERSON, VISIT, SteppingClock, a_session, a_store

from workstation.payments.journal import journal, trial_balance
from workstation.payments.use_cases import Payments


def test_the_journal_adds_up_and_its_assertions_hold() -> None:
    store = a_store()
    desk = Payments(store, SteppingClock(), a_session(), DESK)
    paid = desk.take(PERSON, VISIT, "cash", [{"kind": "copay", "amount": 2505}])
    desk.take(PERSON, None, "check", [{"kind": "other", "amount": 7}])
    desk.refund(paid.payment_id, 1999, "overpaid")
    assert sum(trial_balance(store.read()).values()) == 0
    text = list(journal(store.read()))
    sums: dict[str, Decimal] = defaultdict(Decimal)
    asserted = {}
    for line in text:
        if match := re.fullmatch(r"    (\S+)  (-?\d+\.\d\d) USD", line):
            sums[match[1]] += Decimal(match[2])
        elif match := re.fullmatch(r"    (\S+)  0 = (-?\d+\.\d\d) USD", line):
            asserted[match[1]] = Decimal(match[2])
        else:
            assert line == "" or re.match(r"\d{4}-\d\d-\d\d ", line), line
    assert sum(sums.values()) == 0
    assert asserted == sums
    assert asserted["cash:drawer-1"] == Decimal("5.06")
    assert asserted["unapplied:person-1"] == Decimal("-0.07")
    assert paid.receipt_no in "\n".join(text)


def test_an_empty_ledger_is_an_empty_journal() -> None:
    assert list(journal(a_store().read())) == []
