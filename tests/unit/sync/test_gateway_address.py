"""The one line by which a desk keeps its way to a gateway."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509

from db.gateway.certificates import issue_to_desk, make_authority, read_authority
from workstation.kernel.errors import NotUnderstood
from workstation.sync.gateway_address import (
    GatewayAddress,
    OwnCertificate,
    OwnClient,
    is_gateway,
    read_address,
)

NOW = datetime(2026, 12, 1, tzinfo=UTC)
BASE = "https://portico.a-hospital-with-a-long-name.example.org:8443"
WINDOWS = 1280
"""Characters of one entry in the Windows Credential Manager (CRED_MAX_CREDENTIAL_BLOB_SIZE)."""


@pytest.fixture
def address(tmp_path: Path) -> GatewayAddress:
    """With a certificate, as ``shared enrol --gateway`` makes it."""
    authority = make_authority(tmp_path, NOW)
    issued = issue_to_desk(authority, "desk_registration1_0123456789ab", NOW)
    return GatewayAddress(BASE, OwnCertificate(issued.certificate, issued.key), authority.der)


def test_it_is_one_short_line_and_read_as_it_was_written(address: GatewayAddress) -> None:
    line = str(address)
    assert len(line) <= WINDOWS
    assert is_gateway(line)
    assert "\n" not in line
    assert read_address(line + "\n") == address


def test_a_client_of_an_identity_provider_is_kept_the_same_way() -> None:
    own = OwnClient("https://id.example.org/token", "desk-7", "s3cr&t=+ä", audience="portico")
    address = GatewayAddress(BASE, own)
    assert read_address(str(address)) == address


def test_no_secret_shows_by_accident(address: GatewayAddress) -> None:
    assert isinstance(address.proof, OwnCertificate)
    assert repr(address.proof.key) not in repr(address)
    assert "hidden" not in repr(GatewayAddress(BASE, OwnClient("https://i", "c", "hidden")))


@pytest.mark.parametrize(
    "text",
    [
        "https://",
        "https://host:99999/?certificate=AA&key=AA",
        "https://user:word@host/?certificate=AA&key=AA",
        "https://host/",
        "https://host/?certificate=AA",
        "https://host/?certificate=!&key=AA",
        "https://host/?token_url=http%3A%2F%2Fid&client_id=a&client_secret=b",
        "https://host/?token_url=https%3A%2F%2Fid&client_id=a",
    ],
)
def test_what_is_no_address_is_said_so(text: str) -> None:
    with pytest.raises(NotUnderstood, match="gateway_not_understood"):
        read_address(text)


def test_a_dsn_is_no_gateway() -> None:
    assert not is_gateway("postgresql://user:https://@host/db")


def test_an_authority_stays_and_its_key_is_its_owners_alone(tmp_path: Path) -> None:
    first = make_authority(tmp_path, NOW)
    assert make_authority(tmp_path, NOW).der == first.der
    assert (tmp_path / "ca.key").stat().st_mode & 0o777 == 0o600
    issued = issue_to_desk(first, "desk", NOW)
    x509.load_der_x509_certificate(issued.certificate).verify_directly_issued_by(first.certificate)


def test_an_authority_whose_files_do_not_belong_together_is_refused(tmp_path: Path) -> None:
    here, there = tmp_path / "a", tmp_path / "b"
    make_authority(here, NOW)
    make_authority(there, NOW)
    (here / "ca.key").write_bytes((there / "ca.key").read_bytes())
    for folder in (here, tmp_path):
        with pytest.raises(NotUnderstood, match="authority_not_understood"):
            read_authority(folder)
