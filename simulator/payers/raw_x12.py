"""Raw X12 in JSON with OAuth2 client credentials, as Optum and Stedi offer it, seen from inside."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping
from urllib.parse import parse_qs

RAW = "/medicalnetwork/eligibility/v3/raw-x12"
TOKENS = "/apip/auth/v2/token"
ACCEPTED = "demo"
"""The key that is sent as it is, and the client's secret that buys a token."""


class Tokens:
    """Those given out; all end at once when a test says so."""

    def __init__(self, seconds: int = 3600) -> None:
        self.seconds = seconds
        self.count = 0
        self._lock = threading.Lock()
        self._good: set[str] = set()
        self._spoiled = False

    def given(self, body: bytes) -> tuple[int, Mapping[str, object]]:
        """Status and reply to a request for a token (RFC 6749 4.4, 5.1, 5.2)."""
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if form.get("grant_type") != "client_credentials" or form.get("client_secret") != ACCEPTED:
            return 401, {"error": "invalid_client"}
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._good.add(token)
            self.count += 1
        return 200, {"access_token": token, "token_type": "bearer", "expires_in": self.seconds}

    def good(self, authorization: str) -> bool:
        """Whether a question with this header may be asked."""
        kind, _, token = authorization.partition(" ")
        with self._lock:
            return authorization == ACCEPTED or (kind == "Bearer" and token in self._good)

    def expired_once(self) -> bool:
        """Ends every token the first time it is asked, as a clearinghouse does that restarts."""
        with self._lock:
            first, self._spoiled = not self._spoiled, True
            if first:
                self._good.clear()
            return first


def question_in(body: bytes) -> str:
    """The 270 of a request; empty where there is none."""
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    payload = told.get("x12") if isinstance(told, dict) else None
    return payload if isinstance(payload, str) else ""


def written(payload: str) -> dict[str, object]:
    """The reply around a 271 or a 999; what repeats the 271 in words of JSON is left out."""
    return {"controlNumber": "000000001", "errors": [], "x12": payload}
