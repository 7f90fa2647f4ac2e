"""A 270 in JSON, its 271 in JSON: the raw X12 way of Optum (once Change Healthcare) and of Stedi.

Optum asks for a token by OAuth2 client credentials first (RFC 6749 4.4); Stedi for its key alone.
Both name the same operation, ``/medicalnetwork/eligibility/v3/raw-x12``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from workstation.eligibility.connector import HARD_LIMIT_SECONDS, EnvelopeError, NotAReply
from workstation.eligibility.gateways.exchange import (
    STANDS,
    UNAUTHORIZED,
    Exchange,
    HttpReply,
    key_refused,
    no_271,
)
from workstation.eligibility.replies import checked_reply
from workstation.kernel.phrases import paragraph, phrase

_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
_RENEW_BEFORE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class RawX12Settings:
    """The operation's address; ``token_url`` and ``client_id`` where a token is asked for first."""

    url: str
    token_url: str | None = None
    client_id: str = ""
    limit_seconds: float = HARD_LIMIT_SECONDS


class RawX12Connector:
    """Asks in JSON. The key or client secret is fetched anew when it is needed, and never kept."""

    name = "raw_x12"

    def __init__(
        self, settings: RawX12Settings, secret: Callable[[], str], clock: Callable[[], datetime]
    ) -> None:
        self._questions = Exchange(settings.url, settings.limit_seconds)
        self._secret = secret
        self._tokens = _Tokens(settings, secret, clock) if settings.token_url is not None else None

    def close(self) -> None:
        """Closes the connections."""
        self._questions.close()
        if self._tokens is not None:
            self._tokens.close()

    def ask(self, request_270: str, payload_id: str, trace: str) -> str:
        """Sends one 270; see :class:`EligibilityConnector`."""
        body = json.dumps({"x12": request_270}).encode()
        reply = self._post(body)
        if reply.status in UNAUTHORIZED and self._tokens is not None:
            self._tokens.forget()  # it ended early: asked for once more, and only once
            reply = self._post(body)
        told = _told(reply)
        payload = told.get("x12")
        if isinstance(payload, str) and payload:
            return checked_reply(payload, trace)
        raise _refusal(reply, told)

    def _post(self, body: bytes) -> HttpReply:
        tokens = self._tokens
        key = self._secret() if tokens is None else f"Bearer {tokens.current()}"
        return self._questions.post(body, {**_JSON, "Authorization": key})


class _Tokens:
    """The token in force, one for all threads."""

    def __init__(
        self, settings: RawX12Settings, secret: Callable[[], str], clock: Callable[[], datetime]
    ) -> None:
        self._exchange = Exchange(settings.token_url or "", settings.limit_seconds)
        self._client_id = settings.client_id
        self._secret, self._clock = secret, clock
        self._lock = Lock()
        self._token = ""
        self._until: datetime | None = None

    def close(self) -> None:
        self._exchange.close()

    def forget(self) -> None:
        """The token was refused."""
        with self._lock:
            self._until = None

    def current(self) -> str:
        """The token; asked for where there is none, or where it ends within a minute."""
        with self._lock:
            now = self._clock()
            if self._until is None or now >= self._until - _RENEW_BEFORE:
                self._token, seconds = self._ask()
                self._until = now + timedelta(seconds=seconds)
            return self._token

    def _ask(self) -> tuple[str, float]:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._secret(),
        }
        reply = self._exchange.post(urlencode(form).encode(), _FORM)
        told = _told(reply)
        token, seconds = told.get("access_token"), told.get("expires_in")
        if reply.fine and isinstance(token, str) and token:
            return token, float(seconds) if isinstance(seconds, int) else 0.0
        raise _refusal(reply, told)


def _told(reply: HttpReply) -> dict[str, Any]:
    """The reply as JSON. Raises NotAReply where it is a web page or anything else."""
    try:
        told = json.loads(reply.content)
    except ValueError:
        told = None
    if isinstance(told, dict):
        return told
    if not reply.fine:
        raise no_271(reply.status)
    raise NotAReply(
        "reply_not_json",
        "The clearinghouse sent no answer that can be read.",
        paragraph(STANDS, "Ask again in some minutes."),
        retryable=True,
    )


def _refusal(reply: HttpReply, told: dict[str, Any]) -> EnvelopeError | NotAReply:
    """Why no 271 came: who we are was refused, the question was, or the service is not well.

    What the clearinghouse says in words may repeat a patient's data: its code alone is told.
    """
    if reply.status in UNAUTHORIZED:
        return key_refused()
    code = _code(told)
    if reply.status >= 400 and not code:
        return no_271(reply.status)
    return EnvelopeError(
        "clearinghouse_refused",
        phrase("The clearinghouse did not pass the question on ({code}).", code=code or "-"),
        paragraph(STANDS, "Tell IT support if it says so again."),
        retryable=reply.status >= 429,
    )


def _code(told: dict[str, Any]) -> str:
    errors = told.get("errors")
    first = errors[0] if isinstance(errors, list) and errors else told
    code = first.get("code") if isinstance(first, dict) else None
    return code if isinstance(code, str) and code.replace("_", "").isalnum() else ""
