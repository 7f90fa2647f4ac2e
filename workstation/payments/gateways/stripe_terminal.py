"""Stripe Terminal, server-driven: one PaymentIntent per attempt, the reader told over the API.

Form-encoded REST with a pinned version. The PaymentIntent is the authority; the reader's
``action`` is only its latest one and counts only where it names our PaymentIntent. A refusal is
judged by ``type`` and ``code``, never by its text. The fence: a PaymentIntent that reads
``canceled`` can never charge, so a charge is declined or cancelled only once it reads so.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from workstation.payments.attempt_model import (
    Accepted,
    Approved,
    Armed,
    Attempt,
    Cancelled,
    Declined,
    InProgress,
    Lost,
    NotActed,
    NotFound,
)
from workstation.payments.card_facts import CardFacts, card_facts
from workstation.payments.gateways import Answer, DriverFacts

VERSION = "2026-10-28.endive"
"""The pinned ``Stripe-Version`` (SDK 16.1.0)."""

_MAY_HAVE_ACTED = frozenset(
    {"terminal_reader_timeout", "terminal_reader_hardware_fault", "intent_invalid_state"}
)
"""Refusals after which the reader, or an earlier command to it, may be at work all the same."""

_RECEIPT = {
    "application_label": "application_preferred_name",
    "aid": "dedicated_file_name",
    "auth_code": "authorization_code",
    "arc": "authorization_response_code",
    "cryptogram": "application_cryptogram",
    "tvr": "terminal_verification_results",
    "tsi": "transaction_status_information",
    "cvm": "cardholder_verification_method",
    "account_type": "account_type",
}
_DESCRIPTION = "Payment at the front desk"


class _Refused(Exception):
    """An answer with an error object: status and the machine-readable code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status
        self.code = code

    @property
    def proves_no_action(self) -> bool:
        """Any 4xx but a clash of keys (409), and not one where the reader may have acted."""
        return self.status != 409 and self.code not in _MAY_HAVE_ACTED


class _Silent(Exception):
    """No answer, or one that proves nothing (5xx, a body cut short)."""


class StripeTerminal:
    """Driver of one Stripe account's readers.

    ``key`` is a closure over the keyring that yields a *restricted* key (``rk_…``): it is asked on
    each call and kept nowhere. ``client`` may be given for tests.
    """

    def __init__(
        self,
        key: Callable[[], str],
        *,
        base_url: str = "https://api.stripe.com",
        client: httpx.Client | None = None,
    ) -> None:
        self._key = key
        self._client = client or httpx.Client(
            base_url=base_url, timeout=httpx.Timeout(30.0, connect=5.0), trust_env=False
        )

    @property
    def facts(self) -> DriverFacts:
        """Keys live 24 h at Stripe; Portico stops using one after 20."""
        return DriverFacts("stripe", key_ttl_hours=20, fences=True)

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def arm(self, attempt: Attempt) -> Armed | NotActed | Lost:
        """Creates the PaymentIntent or the refund, under the attempt's id as idempotency key."""
        path, body = _creation(attempt)
        try:
            made = self._call("POST", path, body, key=attempt.id)
        except _Refused as refused:
            # A PaymentIntent whose id we never learnt cannot charge; a refund needs certainty.
            certain = refused.status in (400, 402, 404) and refused.code != "idempotency_error"
            if refused.status != 409 and (attempt.is_charge or certain):
                return NotActed(refused.code)
            return Lost(refused.code)
        except _Silent:
            return Lost() if attempt.is_charge else self._find_refund(attempt)
        return Armed(str(made["id"]), attempt.id)

    def start(self, attempt: Attempt) -> Accepted | NotActed | Lost | Answer:
        """Hands the PaymentIntent to the reader; a refund needs no reader."""
        if not attempt.is_charge:
            return Accepted()
        body = {
            "payment_intent": attempt.ext_payment_id,
            "process_config[enable_customer_cancellation]": "true",
            "process_config[skip_tipping]": "true",
        }
        path = f"/v1/terminal/readers/{attempt.terminal_id}/process_payment_intent"
        try:
            self._call("POST", path, body)
        except _Refused as refused:
            return NotActed(refused.code) if refused.proves_no_action else Lost(refused.code)
        except _Silent:
            return Lost()
        return Accepted()

    def poll(self, attempt: Attempt) -> Answer:
        """The PaymentIntent first; while it is open, whether the reader gave up on it."""
        answer = self.query(attempt)
        if not isinstance(answer, InProgress) or not attempt.is_charge:
            return answer
        try:
            reader = self._call("GET", f"/v1/terminal/readers/{attempt.terminal_id}")
        except (_Refused, _Silent):
            return answer  # the PaymentIntent answered; the reader may be asked again
        action = reader.get("action") or {}
        mine = (action.get("process_payment_intent") or {}).get("payment_intent")
        if mine != attempt.ext_payment_id or action.get("status") != "failed":
            return answer
        code = str(action.get("failure_code") or "declined")
        fenced = self._fence(attempt)
        return Declined(code) if isinstance(fenced, Cancelled) else fenced

    def cancel(self, attempt: Attempt) -> Answer:
        """Clears the reader, then cancels the PaymentIntent: the answer to that is the truth."""
        if not attempt.is_charge:
            return self.query(attempt)
        with contextlib.suppress(_Refused, _Silent):
            reader = self._call("GET", f"/v1/terminal/readers/{attempt.terminal_id}")
            action = reader.get("action") or {}
            mine = (action.get("process_payment_intent") or {}).get("payment_intent")
            if mine == attempt.ext_payment_id and action.get("status") == "in_progress":
                self._call("POST", f"/v1/terminal/readers/{attempt.terminal_id}/cancel_action", {})
        return self._fence(attempt)

    def query(self, attempt: Attempt) -> Answer:
        """Asks for the PaymentIntent, or the refund, and changes nothing."""
        if attempt.ext_payment_id is None:
            return NotFound()
        path = "payment_intents" if attempt.is_charge else "refunds"
        params = {"expand[]": "latest_charge"} if attempt.is_charge else None
        try:
            found = self._call("GET", f"/v1/{path}/{attempt.ext_payment_id}", params)
        except _Refused as refused:
            return NotFound() if refused.status == 404 else Lost(refused.code)
        except _Silent:
            return Lost()
        return _intent_answer(found) if attempt.is_charge else _refund_answer(found)

    def _fence(self, attempt: Attempt) -> Answer:
        path = f"/v1/payment_intents/{attempt.ext_payment_id}/cancel"
        try:
            found = self._call("POST", path, {})
        except _Refused:
            return self.query(attempt)  # already succeeded or already canceled
        except _Silent:
            return Lost()
        return _intent_answer(found)

    def _find_refund(self, attempt: Attempt) -> Armed | Lost:
        """A refund whose creation was not answered, found by the attempt in its metadata."""
        intent = _creation(attempt)[1]["payment_intent"]
        try:
            found = self._call("GET", "/v1/refunds", {"payment_intent": intent, "limit": "100"})
        except (_Refused, _Silent):
            return Lost()
        for refund in found.get("data") or ():
            if (refund.get("metadata") or {}).get("attempt") == attempt.id:
                return Armed(str(refund["id"]), attempt.id)
        return Lost()

    def _call(
        self,
        method: str,
        path: str,
        values: Mapping[str, Any] | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._key()}", "Stripe-Version": VERSION}
        if key is not None:
            headers["Idempotency-Key"] = key
        try:
            if method == "GET":
                answer = self._client.get(path, params=values, headers=headers)
            else:
                answer = self._client.post(path, data=dict(values or {}), headers=headers)
            body = answer.json()
        except (httpx.HTTPError, ValueError):
            raise _Silent from None
        if not isinstance(body, dict) or answer.status_code >= 500:
            raise _Silent
        if answer.status_code >= 400:
            error = body.get("error") or {}
            raise _Refused(answer.status_code, str(error.get("code") or error.get("type")))
        return body


def _creation(attempt: Attempt) -> tuple[str, dict[str, Any]]:
    """Path and body of the remote object: a function of the attempt alone, so repeats are equal."""
    if not attempt.is_charge:
        sale = json.loads(attempt.sale)
        return "/v1/refunds", {
            "payment_intent": sale["processor_payment"],
            "amount": str(attempt.asked_cents),
            "metadata[attempt]": attempt.id,
        }
    return "/v1/payment_intents", {
        "amount": str(attempt.asked_cents),
        "currency": attempt.currency.lower(),
        "allowed_payment_method_types[]": "card_present",
        "capture_method": "automatic",
        "description": _DESCRIPTION,
        "metadata[attempt]": attempt.id,
    }


def _intent_answer(intent: Mapping[str, Any]) -> Answer:
    status = intent.get("status")
    if status == "succeeded":
        return Approved(
            int(intent.get("amount_received") or 0),
            str(intent.get("currency", "")).upper(),
            _facts_of(intent),
            str(intent["id"]),
        )
    if status == "canceled":
        error = intent.get("last_payment_error") or {}
        code = error.get("decline_code") or error.get("code")
        return Declined(str(code)) if code else Cancelled()
    return InProgress()


def _refund_answer(refund: Mapping[str, Any]) -> Answer:
    status = refund.get("status")
    if status == "succeeded":
        return Approved(
            int(refund["amount"]), str(refund["currency"]).upper(), CardFacts(), str(refund["id"])
        )
    if status in ("failed", "canceled"):
        return Declined(str(refund.get("failure_reason") or status))
    return InProgress()


def _facts_of(intent: Mapping[str, Any]) -> CardFacts:
    charge = intent.get("latest_charge")
    if not isinstance(charge, Mapping):
        return CardFacts(processor_payment=str(intent["id"]))
    card = (charge.get("payment_method_details") or {}).get("card_present") or {}
    receipt = card.get("receipt") or {}
    known = {ours: receipt.get(theirs) for ours, theirs in _RECEIPT.items()}
    known |= {
        "brand": card.get("brand"),
        "last4": card.get("last4"),
        "funding": card.get("funding"),
        "entry_mode": card.get("read_method"),
        "processor_payment": intent.get("id"),
        "processor_charge": charge.get("id"),
    }
    return card_facts(known)
