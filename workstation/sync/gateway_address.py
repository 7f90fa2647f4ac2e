"""The address of a gateway as a desk keeps it: where it is, and how the desk proves itself.

One line of text, so that it lies in the keyring (or in PORTICO_SHARED_DSN) where a DSN would:
``https://HOST:PORT/?certificate=…&key=…&ca=…`` or
``https://HOST:PORT/?token_url=…&client_id=…&client_secret=…``. It holds a secret: it is never
written to a log or a file, and no ``repr`` shows it.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from workstation.kernel.errors import NotUnderstood

SCHEME = "https://"


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """A client certificate (DER) and its private key (PKCS #8, DER)."""

    certificate: bytes
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OwnClient:
    """A client of the hospital's identity provider that gets tokens by client credentials
    (RFC 6749 section 4.4)."""

    token_url: str
    client_id: str
    client_secret: str = field(repr=False)
    scope: str = ""
    audience: str = ""


@dataclass(frozen=True, slots=True)
class GatewayAddress:
    """``base`` is scheme, host and port. ``ca`` (DER) is the only authority that may have signed
    the gateway's certificate; None leaves it to those that the machine trusts."""

    base: str
    proof: OwnCertificate | OwnClient
    ca: bytes | None = None

    def __str__(self) -> str:
        given: dict[str, str] = {}
        if isinstance(self.proof, OwnCertificate):
            given["certificate"] = _packed(self.proof.certificate)
            given["key"] = _packed(self.proof.key)
        else:
            given |= {name: getattr(self.proof, name) for name in _CLIENT}
        if self.ca is not None:
            given["ca"] = _packed(self.ca)
        return f"{self.base}/?{urlencode({name: value for name, value in given.items() if value})}"


_CLIENT = ("token_url", "client_id", "client_secret", "scope", "audience")


def is_gateway(address: str) -> bool:
    """Whether it names a gateway; anything else is a DSN of PostgreSQL."""
    return address.strip().lower().startswith(SCHEME)


def base_of(url: str) -> str:
    """Scheme, host and port of a gateway. Raises NotUnderstood ``gateway_not_understood``."""
    try:
        parts = urlsplit(url.strip())
        good = parts.scheme == "https" and parts.hostname and not parts.username
        _ = parts.port  # raises for one that is none
    except ValueError:
        good = False
    if not good:
        raise _not_understood()
    return urlunsplit(("https", parts.netloc, "", "", ""))


def read_address(text: str) -> GatewayAddress:
    """Reads what ``str`` of an address wrote. Raises NotUnderstood ``gateway_not_understood``."""
    base = base_of(text)
    given = {name: values[0] for name, values in parse_qs(urlsplit(text.strip()).query).items()}
    try:
        ca = _unpacked(given["ca"]) if "ca" in given else None
        if "certificate" in given:
            proof: OwnCertificate | OwnClient = OwnCertificate(
                _unpacked(given["certificate"]), _unpacked(given["key"])
            )
        else:
            proof = OwnClient(
                *(given[name] for name in _CLIENT[:3]),
                *(given.get(name, "") for name in _CLIENT[3:]),
            )
            base_of(proof.token_url)
    except (KeyError, ValueError, binascii.Error):
        raise _not_understood() from None
    return GatewayAddress(base, proof, ca)


def _packed(der: bytes) -> str:
    return base64.urlsafe_b64encode(der).rstrip(b"=").decode("ascii")


def _unpacked(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _not_understood() -> NotUnderstood:
    return NotUnderstood(
        "gateway_not_understood",
        "What should name the gateway of the shared database is not its address.",
        "Take what portico shared enrol answered, the whole line.",
    )
