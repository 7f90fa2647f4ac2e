"""How a desk proves to the gateway who it is: a client certificate, or a token of the hospital's.

Either becomes the one text that its enrolment holds (``enrolment.proof``): what is not enrolled, or
not any more, is nobody, whoever signed it.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt

from workstation.kernel.errors import Refused
from workstation.sync.gateway_wire import (
    NOTHING_SHOWN,
    SIGN_IN_ENDED,
    SIGN_IN_REFUSED,
    provider_silent,
)
from workstation.sync.transport import desk_not_accepted

LONGEST = 512
"""Characters of a proof."""

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
"""Signatures with a public key only: with a shared secret every desk could make tokens."""

_LEEWAY_SECONDS = 30
_ASK_AGAIN_SECONDS = 30.0
_KEYS_KEPT_SECONDS = 3600.0


def of_certificate(der: bytes) -> str:
    """The proof of a certificate: its SHA-256 thumbprint (``x5t#S256`` of RFC 8705)."""
    return f"certificate {hashlib.sha256(der).hexdigest()}"


def of_client(issuer: str, client: str) -> str:
    """The proof of a client of an identity provider. Raises Refused where it is too long."""
    proof = f"client {issuer} {client}"
    if not client or len(proof) > LONGEST:
        raise _token_refused()
    return proof


class KeySet:
    """The identity provider's public keys (RFC 7517), asked for anew when one is missing.

    ``fetch`` answers the JSON of the set. A key that nobody has is asked for once in half a minute,
    so that made-up tokens cannot make the gateway flood the provider. Safe for several threads.
    """

    def __init__(
        self, fetch: Callable[[], Mapping[str, Any]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: dict[str | None, jwt.PyJWK] = {}
        self._asked: float | None = None
        self._lock = threading.Lock()

    def key(self, name: str | None) -> jwt.PyJWK | None:
        """The key of that name; None where the provider has no such key.

        Raises OutsideSilent where the provider did not answer and no keys are known yet.
        """
        with self._lock:
            age = None if self._asked is None else self._clock() - self._asked
            missing = name not in self._keys and (age is None or age > _ASK_AGAIN_SECONDS)
            if missing or age is None or age > _KEYS_KEPT_SECONDS:
                self._ask()
            return self._keys.get(name)

    def _ask(self) -> None:
        self._asked = self._clock()
        try:
            found = jwt.PyJWKSet.from_dict(dict(self._fetch()))
        except (OSError, ValueError, jwt.PyJWTError) as fault:
            if self._keys:
                return  # what was known an hour ago is better than nobody
            self._asked = None
            raise provider_silent() from fault
        self._keys = {
            each.key_id: each for each in found.keys if each.public_key_use in (None, "sig")
        }


@dataclass(frozen=True, slots=True)
class Tokens:
    """Judges bearer tokens offline (RFC 7519, RFC 9068): signature, issuer, audience, times.

    ``claim`` names the client in them: ``client_id`` by RFC 9068, ``azp`` with Keycloak or Entra.
    """

    issuer: str
    audience: str
    keys: KeySet
    claim: str = "client_id"
    algorithms: tuple[str, ...] = field(default=_ALGORITHMS)

    def proof(self, token: str) -> str:
        """The proof of who it was given to. Raises Refused ``desk_not_accepted``."""
        try:
            key = self.keys.key(jwt.get_unverified_header(token).get("kid"))
            if key is None:
                raise _token_refused()
            claims = jwt.decode(
                token,
                key,
                algorithms=list(self.algorithms),
                audience=self.audience,
                issuer=self.issuer,
                leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "iss", "aud", self.claim]},
            )
        except jwt.ExpiredSignatureError:
            raise desk_not_accepted(SIGN_IN_ENDED) from None
        except (jwt.PyJWTError, ValueError):
            raise _token_refused() from None
        return of_client(self.issuer, str(claims[self.claim]))


class Proofs:
    """From what a request brings to the proof of its desk."""

    def __init__(self, tokens: Tokens | None) -> None:
        self._tokens = tokens

    def of(self, certificate: bytes | None, authorization: str | None) -> str:
        """A certificate goes first: TLS has checked who signed it and when it ends.

        Raises Refused ``desk_not_accepted`` for who brings nothing, or nothing good.
        """
        if certificate is not None:
            return of_certificate(certificate)
        scheme, _, token = (authorization or "").partition(" ")
        if self._tokens is None or scheme.lower() != "bearer":
            raise desk_not_accepted(NOTHING_SHOWN)
        return self._tokens.proof(token.strip())


def _token_refused() -> Refused:
    return desk_not_accepted(SIGN_IN_REFUSED)
