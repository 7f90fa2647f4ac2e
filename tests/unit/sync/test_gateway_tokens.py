"""Tokens of the hospital's identity provider, judged offline: who is let in, and who is not."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from db.gateway.proofs import KeySet, Proofs, Tokens, of_certificate, of_client
from workstation.kernel.errors import OutsideSilent, Refused

ISSUER, AUDIENCE = "https://id.hospital.example", "portico"
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())
STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def key_set() -> dict[str, Any]:
    one = json.loads(RSAAlgorithm.to_jwk(RSA.public_key()))
    two = json.loads(ECAlgorithm.to_jwk(EC.public_key()))
    return {"keys": [one | {"kid": "one", "use": "sig"}, two | {"kid": "two"}]}


def token(key: Any = RSA, algorithm: str = "RS256", kid: str = "one", **claims: Any) -> str:
    said = {"iss": ISSUER, "aud": AUDIENCE, "exp": time.time() + 300, "client_id": "desk-7"}
    said = {name: value for name, value in (said | claims).items() if value is not None}
    return jwt.encode(said, key, algorithm, headers={"kid": kid})


@pytest.fixture
def proofs() -> Proofs:
    return Proofs(Tokens(ISSUER, AUDIENCE, KeySet(key_set)))


def test_a_good_token_is_its_clients_proof(proofs: Proofs) -> None:
    for good in (token(), token(EC, "ES256", "two"), token(aud=["other", AUDIENCE])):
        assert proofs.of(None, f"Bearer {good}") == of_client(ISSUER, "desk-7")


def test_a_certificate_goes_before_a_token(proofs: Proofs) -> None:
    assert proofs.of(b"der", f"Bearer {token()}") == of_certificate(b"der")


PUBLIC = RSA.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(lambda: token(aud="another"), id="wrong audience"),
        pytest.param(lambda: token(iss="https://id.elsewhere.example"), id="wrong issuer"),
        pytest.param(lambda: token(aud=None), id="no audience"),
        pytest.param(lambda: token(exp=None), id="never ends"),
        pytest.param(lambda: token(client_id=None), id="nobody's"),
        pytest.param(lambda: token(client_id=""), id="of no name"),
        pytest.param(lambda: token(client_id="x" * 600), id="of a name without end"),
        pytest.param(lambda: token(nbf=time.time() + 600), id="not yet"),
        pytest.param(lambda: token(STRANGER), id="signed by a stranger"),
        pytest.param(lambda: token(kid="three"), id="by a key nobody has"),
        pytest.param(lambda: token(EC, "ES256", "one"), id="by another kind of key"),
        pytest.param(lambda: jwt.encode({"client_id": "desk-7"}, None, "none"), id="not signed"),
        pytest.param(lambda: _shared_secret(), id="signed with the public key as a secret"),
        pytest.param(lambda: token()[:-9], id="cut"),
        pytest.param(lambda: "a.b.c", id="none at all"),
        pytest.param(lambda: "", id="empty"),
    ],
)
def test_every_other_token_is_refused(proofs: Proofs, bad: Any) -> None:
    with pytest.raises(Refused, match="desk_not_accepted") as refused:
        proofs.of(None, f"Bearer {bad()}")
    assert "did not accept this desk's sign-in" in refused.value.say


def _shared_secret() -> str:
    """The old trick on libraries that take the algorithm from the token (RFC 8725 section 2.1)."""
    import base64
    import hashlib
    import hmac

    def packed(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    head = packed(json.dumps({"alg": "HS256", "kid": "one"}).encode())
    said = {"iss": ISSUER, "aud": AUDIENCE, "exp": time.time() + 300, "client_id": "desk-7"}
    signed = f"{head}.{packed(json.dumps(said).encode())}"
    return f"{signed}.{packed(hmac.digest(PUBLIC, signed.encode(), hashlib.sha256))}"


def test_a_token_that_has_ended_says_so(proofs: Proofs) -> None:
    with pytest.raises(Refused) as refused:
        proofs.of(None, f"Bearer {token(exp=time.time() - 60)}")
    assert "has expired" in refused.value.say


@pytest.mark.parametrize("shown", [None, "", "Bearer", "Basic YTpi"])
def test_who_shows_nothing_is_nobody(proofs: Proofs, shown: str | None) -> None:
    with pytest.raises(Refused, match="desk_not_accepted"):
        proofs.of(None, shown)
    with pytest.raises(Refused, match="desk_not_accepted"):
        Proofs(None).of(None, f"Bearer {token()}")


class Provider:
    """An identity provider that counts, and that may be away."""

    def __init__(self) -> None:
        self.asked = 0
        self.away = False
        self.now = 0.0
        self.keys = KeySet(self._fetch, lambda: self.now)

    def _fetch(self) -> Mapping[str, Any]:
        self.asked += 1
        if self.away:
            raise OSError
        return key_set()


def test_made_up_tokens_do_not_make_the_gateway_flood_the_provider() -> None:
    provider = Provider()
    for _ in range(50):
        assert provider.keys.key("made-up") is None
        assert provider.keys.key("one") is not None
    assert provider.asked == 1
    provider.now = 31.0  # a new key is found soon
    provider.keys.key("made-up")
    assert provider.asked == 2


def test_keys_that_are_known_serve_while_the_provider_is_away() -> None:
    provider = Provider()
    provider.away = True
    for _ in range(2):
        with pytest.raises(OutsideSilent, match="identity_provider_silent"):
            provider.keys.key("one")
    provider.away = False
    assert provider.keys.key("one") is not None
    provider.away, provider.now = True, 7200.0
    assert provider.keys.key("one") is not None
