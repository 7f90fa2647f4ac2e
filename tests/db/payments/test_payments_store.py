"""Payments on a real encrypted store: constraints hold where the rules would be passed by."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from paying_store import COPAY, DESK, PERSON, VISIT, a_store, payments
from sqlalchemy.exc import IntegrityError

from db.store import SqlStore
from workstation.kernel.clock import utc_now
from workstation.kernel.errors import Refused
from workstation.payments.attempt_book import AttemptBook, attempt_from_row, row_of
from workstation.payments.attempt_model import Attempt, AttemptKind, Begin, State
from workstation.payments.model import payment_from_row
from workstation.payments.posting import Posting, entry_of
from workstation.payments.receipt_number import read_receipt_number


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    opened = a_store(tmp_path / "desk.db")
    yield opened
    opened.close()


def an_attempt(id: str, **changes: Any) -> Attempt:
    base = Attempt(
        id, "pay-1", AttemptKind.CHARGE, "card", 2500, "tmr", "stripe", "u", "2026", "boot"
    )
    return replace(base, **changes)


def put(store: SqlStore, attempt: Attempt) -> None:
    with store.unit_of_work() as work:
        work.put_local("payment_attempt", attempt.id, row_of(attempt))
        work.commit()


def test_a_payment_and_its_entry_come_back_as_they_were(store: SqlStore) -> None:
    taken = payments(store).take(PERSON, VISIT, "cash", COPAY, tendered=3000)
    row = store.read().get("payment", taken.payment_id)
    assert row is not None
    payment = payment_from_row(row)
    assert (payment.amount, payment.change, payment.receipt_no) == (2500, 500, taken.receipt_no)
    (entry,) = store.read().find("ledger_entry", payment_id=payment.id)
    assert sum(line.cents for line in entry_of(store.read(), entry["id"]).lines) == 0
    (exported,) = store.read().find("payment")
    assert exported["receipt_no"] == taken.receipt_no


def test_two_windows_take_gapless_receipt_numbers(store: SqlStore) -> None:
    desk, taken = payments(store), []

    def window(n: int) -> None:
        for i in range(5):
            key = f"{n}-{i}"
            taken.append(desk.take(PERSON, VISIT, "cash", COPAY, key=key).receipt_no)
            desk.take(PERSON, VISIT, "cash", COPAY, key=key)

    threads = [threading.Thread(target=window, args=(n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read_receipt_number(no)[1] for no in taken) == list(range(1, 16))
    assert len(store.read().find("payment")) == 15


def test_two_windows_refund_no_more_than_was_paid(store: SqlStore) -> None:
    paid = payments(store).take(PERSON, VISIT, "cash", COPAY).payment_id
    said = []

    def window() -> None:
        try:
            payments(store).refund(paid, 2000, "overpaid")
            said.append("done")
        except Refused as refused:
            said.append(refused.code)

    threads = [threading.Thread(target=window) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["done", "refund_exceeds_payment", "refund_exceeds_payment"]


def test_a_refused_payment_leaves_no_trace(store: SqlStore) -> None:
    before = payments(store).take(PERSON, VISIT, "cash", COPAY)
    with pytest.raises(Refused):
        payments(store).take(PERSON, VISIT, "cash", [{"kind": "copay", "amount": 0}])
    after = payments(store).take(PERSON, VISIT, "cash", COPAY)
    numbers = [read_receipt_number(taken.receipt_no)[1] for taken in (before, after)]
    assert numbers == [1, 2]


def test_an_attempt_comes_back_as_it_was(store: SqlStore) -> None:
    attempt = an_attempt("a1", give_up=True, deadline_at="2026", sale='{"lines": []}')
    put(store, attempt)
    row = store.read().get("payment_attempt", "a1")
    assert row is not None
    assert attempt_from_row(row) == attempt


def test_the_database_itself_keeps_one_live_attempt_of_a_payment(store: SqlStore) -> None:
    put(store, an_attempt("a1", state=State.UNKNOWN))
    with pytest.raises(IntegrityError):
        put(store, an_attempt("a2", terminal_id="other"))
    put(store, an_attempt("a3", state=State.DECLINED))


def test_the_database_itself_keeps_one_attempt_at_a_terminal(store: SqlStore) -> None:
    put(store, an_attempt("a1", state=State.WAITING))
    with pytest.raises(IntegrityError):
        put(store, an_attempt("a2", payment_id="pay-2", state=State.SENT))
    put(store, an_attempt("a3", payment_id="pay-3", state=State.UNKNOWN))


def test_the_database_itself_keeps_a_remote_payment_once(store: SqlStore) -> None:
    put(store, an_attempt("a1", ext_payment_id="pi_1", state=State.APPROVED))
    with pytest.raises(IntegrityError):
        put(store, an_attempt("a2", payment_id="pay-2", ext_payment_id="pi_1"))


@pytest.mark.parametrize(
    "wrong", [{"currency": "CAD"}, {"asked_cents": 0}, {"got_cents": 2501}, {"got_cents": -1}]
)
def test_the_database_itself_refuses_odd_amounts(store: SqlStore, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError):
        put(store, an_attempt("a1", **wrong))


def test_two_processes_move_an_attempt_once(store: SqlStore, tmp_path: Path) -> None:
    book = AttemptBook(store, Posting(DESK, utc_now))
    put(store, an_attempt("a1"))
    moved = [book.apply("a1", Begin()), book.apply("a1", Begin())]
    assert [len(step.actions) for step in moved] == [1, 0]
    assert book.load("a1").state_seq == 1


def test_nothing_of_a_card_payment_lies_in_plain_text_on_disk(
    store: SqlStore, tmp_path: Path
) -> None:
    payments(store).take(PERSON, VISIT, "check", COPAY, reference="CANARY-1042")
    for path in tmp_path.iterdir():
        assert b"CANARY-1042" not in path.read_bytes()
