"""The simulated processor: payment intents, charges, refunds and readers, under one lock.

It keeps its own book of what was really captured and refunded; tests compare it with what the
workstation posted. Time passes only when a request comes in: a tap or an approval that is due by
then has happened.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

DECLINES = {
    1: "card_declined",
    5: "do_not_honor",
    55: "incorrect_pin",
    65: "withdrawal_count_limit_exceeded",
    75: "pin_try_exceeded",
}
"""Cents of the amount that the simulated bank refuses, with its reason."""


class Problem(Exception):
    """An answer with an error object."""

    def __init__(self, status: int, code: str, type_: str = "invalid_request_error") -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.type = type_

    def body(self) -> dict[str, Any]:
        """The error as the processor words it."""
        return {
            "error": {"type": self.type, "code": self.code, "message": f"Simulated: {self.code}"}
        }


@dataclass
class Reader:
    """One reader. ``unplugged``: it no longer reports, but a tap that it took may still count."""

    id: str
    online: bool = True
    busy: bool = False
    unplugged: bool = False
    auto_tap_ms: int | None = None
    approve_ms: int = 0
    action: dict[str, Any] | None = None
    tap_at: float | None = None
    seen_action: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """What the API shows; an unplugged reader shows what it last reported."""
        offline = self.unplugged or not self.online
        return {
            "id": self.id,
            "object": "terminal.reader",
            "device_type": "simulated_wisepos_e",
            "label": "Front desk",
            "livemode": False,
            "location": "tml_simulated",
            "metadata": {},
            "serial_number": "SIM-0001",
            "status": "offline" if offline else "online",
            "action": self.seen_action if self.unplugged else self.action,
        }


@dataclass
class Bank:
    """All state of the simulated processor."""

    clock: Callable[[], float] = time.monotonic
    lock: threading.RLock = field(default_factory=threading.RLock)
    intents: dict[str, dict[str, Any]] = field(default_factory=dict)
    charges: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)
    approvals: dict[str, float] = field(default_factory=dict)
    refund_status: str = "succeeded"
    _count: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def reader(self, reader_id: str) -> Reader:
        """The reader of this id; readers named ``tmr_…`` come into being when first asked for."""
        if not reader_id.startswith("tmr_"):
            raise Problem(404, "resource_missing")
        return self.readers.setdefault(reader_id, Reader(reader_id))

    def intent(self, intent_id: str) -> dict[str, Any]:
        """The payment intent of this id."""
        if intent_id not in self.intents:
            raise Problem(404, "resource_missing")
        return self.intents[intent_id]

    def pass_time(self) -> None:
        """Lets happen what is due by now: taps, then approvals."""
        now = self.clock()
        for reader in self.readers.values():
            if reader.tap_at is not None and reader.tap_at <= now:
                self.tap(reader)
        for intent_id, due in list(self.approvals.items()):
            if due <= now:
                del self.approvals[intent_id]
                self._capture(self.intents[intent_id])

    def create_intent(self, values: dict[str, str]) -> dict[str, Any]:
        """``POST /v1/payment_intents``."""
        if any(name.startswith("payment_method_types") for name in values):
            raise Problem(400, "parameter_unknown")
        if values.get("allowed_payment_method_types[]") != "card_present":
            raise Problem(400, "parameter_missing")
        amount = values.get("amount", "")
        if not amount.isdigit() or int(amount) < 50:
            raise Problem(400, "amount_too_small")
        intent_id = self._new("pi_sim")
        self.intents[intent_id] = {
            "id": intent_id,
            "object": "payment_intent",
            "amount": int(amount),
            "amount_received": 0,
            "capture_method": values.get("capture_method", "automatic"),
            "currency": values.get("currency", "usd"),
            "description": values.get("description"),
            "last_payment_error": None,
            "latest_charge": None,
            "livemode": False,
            "metadata": _metadata(values),
            "status": "requires_payment_method",
        }
        return self.intents[intent_id]

    def cancel_intent(self, intent: dict[str, Any]) -> dict[str, Any]:
        """``POST /v1/payment_intents/{id}/cancel``: the fence."""
        if intent["status"] in ("succeeded", "canceled", "processing"):
            raise Problem(400, "payment_intent_unexpected_state")
        intent["status"] = "canceled"
        for reader in self.readers.values():
            if self.at_reader(reader) == intent["id"]:
                self._end_action(reader, "failed", "canceled")
        return intent

    def process(self, reader: Reader, intent: dict[str, Any]) -> Reader:
        """``POST …/process_payment_intent``."""
        if not reader.online or reader.unplugged:
            raise Problem(400, "terminal_reader_offline")
        if reader.busy or self.at_reader(reader):
            raise Problem(400, "terminal_reader_busy")
        if intent["status"] != "requires_payment_method":
            raise Problem(400, "intent_invalid_state")
        reader.action = {
            "type": "process_payment_intent",
            "status": "in_progress",
            "failure_code": None,
            "failure_message": None,
            "api_error": None,
            "process_payment_intent": {"payment_intent": intent["id"], "process_config": {}},
        }
        reader.seen_action = dict(reader.action)
        if reader.auto_tap_ms is not None:
            reader.tap_at = self.clock() + reader.auto_tap_ms / 1000
        return reader

    def cancel_action(self, reader: Reader) -> Reader:
        """``POST …/cancel_action``."""
        if not reader.online or reader.unplugged:
            raise Problem(400, "terminal_reader_offline")
        if self.at_reader(reader):
            self._end_action(reader, "failed", "canceled")
        reader.action = None
        return reader

    def at_reader(self, reader: Reader) -> str | None:
        """The intent that the reader is busy with."""
        if reader.action is None or reader.action["status"] != "in_progress":
            return None
        return str(reader.action["process_payment_intent"]["payment_intent"])

    def tap(self, reader: Reader) -> Reader:
        """The patient taps. Nothing happens where the reader asks for no card."""
        reader.tap_at = None
        intent_id = self.at_reader(reader)
        if intent_id is None:
            return reader
        intent = self.intents[intent_id]
        declined = DECLINES.get(intent["amount"] % 100)
        if declined:
            intent["last_payment_error"] = {
                "type": "card_error",
                "code": "card_declined",
                "decline_code": declined,
            }
            self._end_action(reader, "failed", "card_declined")
        elif reader.approve_ms:
            intent["status"] = "processing"
            self.approvals[intent_id] = self.clock() + reader.approve_ms / 1000
        else:
            self._capture(intent)
        return reader

    def refund(self, values: dict[str, str]) -> dict[str, Any]:
        """``POST /v1/refunds``."""
        intent = self.intent(values.get("payment_intent", ""))
        if intent["status"] != "succeeded":
            raise Problem(400, "charge_not_refundable")
        amount = int(values.get("amount") or intent["amount_received"])
        before = sum(r["amount"] for r in self.refunds_of(intent["id"]) if r["status"] != "failed")
        if amount <= 0 or before + amount > intent["amount_received"]:
            raise Problem(400, "amount_too_large")
        refund_id = self._new("re_sim")
        self.refunds[refund_id] = {
            "id": refund_id,
            "object": "refund",
            "amount": amount,
            "charge": intent["latest_charge"],
            "currency": intent["currency"],
            "metadata": _metadata(values),
            "payment_intent": intent["id"],
            "status": self.refund_status,
        }
        return self.refunds[refund_id]

    def refunds_of(self, intent_id: str) -> list[dict[str, Any]]:
        """Refunds of one intent, oldest first."""
        return [r for r in self.refunds.values() if r["payment_intent"] == intent_id]

    def book(self) -> dict[str, Any]:
        """What was really captured and given back, by intent."""
        with self.lock:
            self.pass_time()
            return {
                "intents": [
                    {
                        "id": intent["id"],
                        "attempt": intent["metadata"].get("attempt"),
                        "status": intent["status"],
                        "captured": intent["amount_received"],
                        "refunded": sum(
                            r["amount"]
                            for r in self.refunds_of(intent["id"])
                            if r["status"] == "succeeded"
                        ),
                    }
                    for intent in self.intents.values()
                ],
                "refunds": list(self.refunds.values()),
            }

    def _capture(self, intent: dict[str, Any]) -> None:
        charge_id = self._new("ch_sim")
        self.charges[charge_id] = _charge(charge_id, intent)
        intent.update(status="succeeded", amount_received=intent["amount"], latest_charge=charge_id)
        for reader in self.readers.values():
            if self.at_reader(reader) == intent["id"]:
                self._end_action(reader, "succeeded", None)

    def _end_action(self, reader: Reader, status: str, failure: str | None) -> None:
        if reader.action is not None:
            reader.action = {**reader.action, "status": status, "failure_code": failure}
            reader.tap_at = None
            if not reader.unplugged:
                reader.seen_action = dict(reader.action)

    def _new(self, prefix: str) -> str:
        return f"{prefix}_{next(self._count):06d}"


def _metadata(values: dict[str, str]) -> dict[str, str]:
    return {
        name[len("metadata[") : -1]: value
        for name, value in values.items()
        if name.startswith("metadata[")
    }


def _charge(charge_id: str, intent: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": charge_id,
        "object": "charge",
        "amount": intent["amount"],
        "payment_method_details": {
            "type": "card_present",
            "card_present": {
                "brand": "visa",
                "funding": "credit",
                "last4": "4242",
                "exp_month": 12,
                "exp_year": 2034,
                "read_method": "contactless_emv",
                "receipt": {
                    "account_type": "credit",
                    "application_cryptogram": "C2A1D0E6F7B83941",
                    "application_preferred_name": "Visa Credit",
                    "authorization_code": "123456",
                    "authorization_response_code": "3030",
                    "cardholder_verification_method": "approval",
                    "dedicated_file_name": "A0000000031010",
                    "terminal_verification_results": "0000000000",
                    "transaction_status_information": "0000",
                },
            },
        },
    }
