"""What we send and read has the names that Stripe's own library (16.1.0) knows."""

from __future__ import annotations

import re
from typing import Any

import pytest
import stripe
from payments_memory_store import NOW
from stripe import terminal
from stripe.params import PaymentIntentCreateParams, RefundCreateParams
from stripe.params.terminal import ReaderProcessPaymentIntentParams

from simulator.terminal.bank import Bank
from workstation.kernel.clock import iso
from workstation.payments.attempt_model import Attempt, AttemptKind
from workstation.payments.gateways import stripe_terminal


def an_attempt(kind: AttemptKind) -> Attempt:
    return Attempt(
        "a1", "p1", kind, "card", 2500, "tmr_desk", "stripe", "u", iso(NOW), "boot",
        sale='{"processor_payment": "pi_1"}',
    )  # fmt: skip


def top_names(body: dict[str, Any]) -> set[str]:
    return {re.split(r"\[", name)[0] for name in body}


def test_the_version_is_the_one_the_library_speaks() -> None:
    assert stripe.api_version == stripe_terminal.VERSION


@pytest.mark.parametrize(
    ("kind", "path", "params"),
    [
        (AttemptKind.CHARGE, "/v1/payment_intents", PaymentIntentCreateParams),
        (AttemptKind.REFUND, "/v1/refunds", RefundCreateParams),
        (AttemptKind.VOID, "/v1/refunds", RefundCreateParams),
    ],
)
def test_what_we_create_has_known_names_and_all_required_ones(
    kind: AttemptKind, path: str, params: Any
) -> None:
    where, body = stripe_terminal._creation(an_attempt(kind))
    assert where == path
    assert top_names(body) <= set(params.__annotations__)
    assert params.__required_keys__ - {"amount", "currency"} <= top_names(body)


def test_the_create_body_is_a_function_of_the_attempt_alone() -> None:
    attempt = an_attempt(AttemptKind.CHARGE)
    assert stripe_terminal._creation(attempt) == stripe_terminal._creation(attempt)
    _, body = stripe_terminal._creation(attempt)
    assert body["allowed_payment_method_types[]"] == "card_present"
    assert "payment_method_types[]" not in body
    health = re.compile("copay|clinic|visit|health|medical|patient", re.IGNORECASE)
    assert not health.search(body["description"])


def test_the_reader_command_has_known_names() -> None:
    known = set(ReaderProcessPaymentIntentParams.__annotations__)
    assert {"payment_intent", "process_config"} <= known


def test_the_receipt_facts_are_named_as_the_library_names_them() -> None:
    receipt = stripe.Charge.PaymentMethodDetails.CardPresent.Receipt
    assert set(stripe_terminal._RECEIPT.values()) <= set(receipt.__annotations__)


def test_every_status_we_decide_by_is_a_status_of_theirs() -> None:
    statuses = re.findall(r"['\"](\w+)['\"]", str(stripe.PaymentIntent.__annotations__["status"]))
    assert {"succeeded", "canceled"} <= set(statuses)
    assert stripe_terminal._intent_answer({"status": "processing"}) == stripe_terminal.InProgress()
    for status in set(statuses) - {"succeeded", "canceled"}:
        answer = stripe_terminal._intent_answer({"status": status})
        assert answer == stripe_terminal.InProgress(), status


def test_the_library_reads_our_simulated_reader() -> None:
    bank = Bank()
    intent = bank.create_intent(
        {"amount": "2500", "currency": "usd", "allowed_payment_method_types[]": "card_present"}
    )
    bank.process(bank.reader("tmr_desk"), intent)
    reader = terminal.Reader.construct_from(bank.reader("tmr_desk").as_json(), "rk_x")
    assert reader.action is not None
    assert reader.action.status == "in_progress"
    assert reader.action.process_payment_intent is not None
    assert reader.action.process_payment_intent.payment_intent == intent["id"]
    assert set(bank.reader("tmr_desk").as_json()) <= set(terminal.Reader.__annotations__) | {
        "object"
    }
