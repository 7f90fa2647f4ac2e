"""Certificates of the gateway and its desks, signed by an authority that lies in a folder.

Small on purpose (P-256, one name): a desk's certificate, its key and the authority's go together
into one entry of the keyring, of which Windows allows 1,280 characters.
"""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from workstation.kernel.errors import NotUnderstood

AUTHORITY, AUTHORITY_KEY = "ca.pem", "ca.key"
SERVER, SERVER_KEY = "gateway.pem", "gateway.key"

AUTHORITY_DAYS = 3650
DESK_DAYS = 730
"""After this a desk is enrolled again."""
SERVER_DAYS = 397
"""The longest that browsers and hospitals' scanners accept (CA/Browser Forum, 2020)."""

_PEM = serialization.Encoding.PEM
_DER = serialization.Encoding.DER
_PKCS8 = serialization.PrivateFormat.PKCS8


@dataclass(frozen=True, slots=True)
class Authority:
    """Who signs. ``key`` never leaves the folder."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def der(self) -> bytes:
        """The certificate, for who must prove others by it."""
        return self.certificate.public_bytes(_DER)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its private key (PKCS #8), both DER."""

    certificate: bytes
    key: bytes


def make_authority(folder: Path, now: datetime) -> Authority:
    """The authority in the folder, made where none is. Raises NotUnderstood like
    :func:`read_authority`."""
    if (folder / AUTHORITY).exists():
        return read_authority(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Portico")])
    certificate = (
        _named(name, name, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / AUTHORITY_KEY, key.private_bytes(_PEM, _PKCS8, _NONE), secret=True)
    _write(folder / AUTHORITY, certificate.public_bytes(_PEM))
    return Authority(certificate, key)


def read_authority(folder: Path) -> Authority:
    """Also one that the hospital brings. Raises NotUnderstood ``authority_not_understood``."""
    try:
        certificate = x509.load_pem_x509_certificate((folder / AUTHORITY).read_bytes())
        key = serialization.load_pem_private_key((folder / AUTHORITY_KEY).read_bytes(), None)
    except (OSError, ValueError, TypeError):
        raise _not_understood() from None
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise _not_understood()
    if key.public_key() != certificate.public_key():
        raise _not_understood()
    return Authority(certificate, key)


def certificate_in(file: Path) -> bytes:
    """An authority's certificate alone (DER). Raises NotUnderstood ``authority_not_understood``."""
    try:
        return x509.load_pem_x509_certificate(file.read_bytes()).public_bytes(_DER)
    except (OSError, ValueError):
        raise _not_understood() from None


def issue_to_desk(authority: Authority, login: str, now: datetime) -> Issued:
    """A desk's certificate, for proving itself and nothing else."""
    return _issue(authority, login, None, ExtendedKeyUsageOID.CLIENT_AUTH, now, DESK_DAYS)


def issue_to_gateway(authority: Authority, host: str, folder: Path, now: datetime) -> None:
    """The gateway's own certificate for a name or address, as two files beside the authority's."""
    alternative: x509.GeneralName
    try:
        alternative = x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        alternative = x509.DNSName(host)
    usage = ExtendedKeyUsageOID.SERVER_AUTH
    issued = _issue(authority, host, alternative, usage, now, SERVER_DAYS)
    key = serialization.load_der_private_key(issued.key, None)
    _write(folder / SERVER_KEY, key.private_bytes(_PEM, _PKCS8, _NONE), secret=True)
    certificate = x509.load_der_x509_certificate(issued.certificate)
    _write(folder / SERVER, certificate.public_bytes(_PEM))


_NONE = serialization.NoEncryption()


def _issue(
    authority: Authority,
    name: str,
    alternative: x509.GeneralName | None,
    usage: x509.ObjectIdentifier,
    now: datetime,
    days: int,
) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    issuer = authority.certificate.subject
    builder = _named(subject, issuer, key.public_key(), now, days).add_extension(
        x509.ExtendedKeyUsage([usage]), critical=False
    )
    if alternative is not None:
        builder = builder.add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
    certificate = builder.sign(authority.key, hashes.SHA256())
    return Issued(certificate.public_bytes(_DER), key.private_bytes(_DER, _PKCS8, _NONE))


def _named(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))  # for a clock that is behind
        .not_valid_after(now + timedelta(days=days))
    )


def _write(path: Path, content: bytes, *, secret: bool = False) -> None:
    """Whole or not at all; a secret is its owner's alone from the first byte."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _not_understood() -> NotUnderstood:
    return NotUnderstood(
        "authority_not_understood",
        f"The folder has no {AUTHORITY} and {AUTHORITY_KEY} that belong together.",
        "Name the folder that portico shared gateway made, or put the hospital's own there.",
    )
