"""Amounts, rounding, splits, what may be refunded, and card numbers that must not be kept."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.kernel.errors import NotUnderstood, PorticoError, Refused
from workstation.payments.card_facts import card_facts, luhn_valid, without_card_numbers
from workstation.payments.model import LineKind, Payment, PaymentLine, Tender
from workstation.payments.rules import (
    business_day,
    checked_amount,
    checked_lines,
    checked_tender,
    checked_tendered,
    refund_lines,
    rounded_cash,
    split_lines,
)

CHICAGO = ZoneInfo("America/Chicago")


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0, "amount_not_positive"),
        (-1, "amount_not_positive"),
        (10**9, "amount_too_high"),
        (10.005, "amount_not_understood"),
        ("1,000.00", "amount_not_understood"),
        (True, "amount_not_understood"),
        (None, "amount_not_understood"),
    ],
)
def test_odd_amounts_are_refused_in_words(value: object, code: str) -> None:
    with pytest.raises(PorticoError) as caught:
        checked_amount(value)
    assert caught.value.code == code
    assert caught.value.say
    assert caught.value.do


def test_unknown_words_are_not_understood() -> None:
    with pytest.raises(NotUnderstood):
        checked_tender("bitcoin")
    with pytest.raises(NotUnderstood):
        checked_lines([{"kind": "tip", "amount": 100}], None)
    with pytest.raises(Refused):
        checked_lines([], None)


def test_lines_take_the_visit_of_the_payment() -> None:
    (line,) = checked_lines([{"kind": "copay", "amount": 2500}], "v")
    assert line == PaymentLine(LineKind.COPAY, 2500, "v")


@pytest.mark.parametrize(
    ("cents", "nearest", "down"),
    [(1000, 1000, 1000), (1001, 1000, 1000), (1002, 1000, 1000), (1003, 1005, 1000), (4, 5, 0)],
)
def test_cash_rounding(cents: int, nearest: int, down: int) -> None:
    assert rounded_cash(cents, "nearest_5") == nearest
    assert rounded_cash(cents, "down_5") == down
    assert rounded_cash(cents, "off") == cents


def test_too_little_cash_is_refused() -> None:
    assert checked_tendered(2500, 3000) == 3000
    assert checked_tendered(2500, None) == 2500
    for wrong in (2499, 2500 + 10**8):
        with pytest.raises(Refused):
            checked_tendered(2500, wrong)


line_lists = st.lists(
    st.builds(PaymentLine, st.sampled_from(list(LineKind)), st.integers(1, 9_999), st.just("v")),
    min_size=1,
    max_size=5,
)


@settings(max_examples=80)
@given(line_lists, st.data())
def test_a_split_deals_out_every_cent(lines: list[PaymentLine], data: st.DataObject) -> None:
    total = sum(line.amount for line in lines)
    first = data.draw(st.integers(1, total))
    amounts = [first, total - first] if first < total else [total]
    parts = split_lines(lines, amounts)
    assert [sum(line.amount for line in part) for part in parts] == amounts
    for kind in LineKind:
        dealt = sum(line.amount for part in parts for line in part if line.kind is kind)
        assert dealt == sum(line.amount for line in lines if line.kind is kind)
    with pytest.raises(Refused):
        split_lines(lines, [total + 1])


def a_payment(lines: list[PaymentLine]) -> Payment:
    total = sum(line.amount for line in lines)
    return Payment(
        "pay", "p", "v", tuple(lines), Tender.CASH, total, "K7-000001-X", "u", "d", "w", "t", "day"
    )


@settings(max_examples=80)
@given(line_lists, st.lists(st.integers(1, 9_999), max_size=6))
def test_refunds_never_exceed_the_payment(lines: list[PaymentLine], asked: list[int]) -> None:
    payment, given_back, done = a_payment(lines), 0, []
    for amount in asked:
        if given_back + amount > payment.amount:
            with pytest.raises(Refused) as caught:
                refund_lines(payment, done, amount)
            assert caught.value.code == "refund_exceeds_payment"
        else:
            part = refund_lines(payment, done, amount)
            assert sum(line.amount for line in part) == amount
            done.append(part)
            given_back += amount
    for line in payment.lines:
        back = sum(x.amount for part in done for x in part if x.kind is line.kind)
        assert back <= sum(x.amount for x in payment.lines if x.kind is line.kind)


def test_the_business_day_has_a_cut_off() -> None:
    late = datetime(2026, 11, 24, 2, 30, tzinfo=CHICAGO).astimezone(UTC)
    assert business_day(late, CHICAGO) == "2026-11-24"
    assert business_day(late, CHICAGO, cutoff_hours=3) == "2026-11-23"


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-24T05:59:59", "2026-11-23"),  # one second before midnight in Chicago
        ("2026-11-24T06:00:00", "2026-11-24"),
        ("2026-07-01T04:59:59", "2026-06-30"),  # in summer midnight comes an hour earlier
        ("2026-07-01T05:00:00", "2026-07-01"),
        ("2026-03-08T07:59:00", "2026-03-08"),  # the night that has no hour from two to three
        ("2026-11-01T05:30:00", "2026-11-01"),  # the night that has one twice
    ],
)
def test_the_business_day_begins_at_the_facilitys_midnight(moment: str, day: str) -> None:
    assert business_day(datetime.fromisoformat(moment).replace(tzinfo=UTC), CHICAGO) == day


@pytest.mark.parametrize(
    "text", ["4242424242424242", "4242 4242 4242 4242", "card 4242-4242-4242-4242 seen"]
)
def test_card_numbers_are_dropped_from_text(text: str) -> None:
    cleaned, found = without_card_numbers(text)
    assert found
    assert "4242" not in cleaned


def test_other_long_numbers_stay() -> None:
    assert not luhn_valid("4242424242424241")
    text = "account 4242424242424241, phone 512 555 0123"
    assert without_card_numbers(text) == (text, False)


def test_only_allowed_card_facts_are_kept() -> None:
    facts = card_facts(
        {
            "brand": "visa",
            "last4": "42424",
            "number": "4242424242424242",
            "exp_month": "12",
            "auth_code": "4242424242424242",
            "aid": "A0000000031010",
        }
    )
    assert facts.as_json() == {"brand": "visa", "aid": "A0000000031010", "flagged": True}
