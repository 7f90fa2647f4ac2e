"""``shared gateway`` and ``shared enrol --gateway``: what the HTTPS gateway and its desks need."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from workstation.cli.admin import admin_dsn
from workstation.cli.answers import emit
from workstation.kernel.clock import utc_now
from workstation.kernel.errors import NotUnderstood
from workstation.sync.gateway_address import (
    GatewayAddress,
    OwnCertificate,
    OwnClient,
    base_of,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])

CLIENT_SECRET = "PORTICO_CLIENT_SECRET"  # noqa: S105
"""The environment variable with the secret of a client of the identity provider."""


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--host", help="Also make the gateway's own certificate, for this name or address.")
def gateway(folder: Path, host: str | None) -> None:
    """Makes what the gateway needs: a login, and in FOLDER an authority that signs desks.

    Safe to repeat: an authority that lies there stays, also the hospital's own (ca.pem, ca.key);
    the login gets a new password, which is shown this once.
    """
    from db.gateway.certificates import AUTHORITY, SERVER, issue_to_gateway, make_authority
    from db.shared.admin import prepare_gateway

    dsn = admin_dsn()
    authority = make_authority(folder, utc_now())
    if host is not None:
        issue_to_gateway(authority, host, folder, utc_now())
    emit(
        {
            "dsn": prepare_gateway(dsn),
            "client_ca": str(folder / AUTHORITY),
            "certificate": None if host is None else str(folder / SERVER),
        }
    )


def gateway_options(command: _Command) -> _Command:
    """The options of ``shared enrol`` for a desk that the gateway speaks for."""
    for name, words in reversed(_OPTIONS.items()):
        command = click.option(f"--{name}", help=words)(command)
    return command


_OPTIONS = {
    "gateway": "Address of the HTTPS gateway, such as https://portico.hospital.org:8443.",
    "ca": "Folder of shared gateway: signs a certificate for the desk.",
    "issuer": "Instead of --ca: the identity provider whose tokens the desk will show.",
    "token-url": "Where the desk gets its tokens.",
    "client-id": f"The desk at the identity provider; its secret is in {CLIENT_SECRET}.",
    "scope": "To ask for with a token, where the provider wants one.",
    "audience": "To ask for with a token, where the provider wants one.",
    "gateway-ca": "File of the authority that signed the gateway's certificate, "
    "if the desk's machine does not know it.",
}


def enrol_by_gateway(
    dsn: str,
    desk: str,
    facility: str,
    behind: Mapping[str, str | None],
    *,
    new_machine: bool,
    time_zone: str | None,
) -> dict[str, Any]:
    """Enrols the desk by the administrator's DSN; the answer's ``dsn`` is for ``portico sync
    connect``, like a DSN."""
    from db.shared.admin import enrol_behind_gateway

    base = base_of(behind["gateway"] or "")
    if (behind["ca"] is None) == (behind["client_id"] is None):
        raise click.UsageError("--gateway needs either --ca, or --issuer, --token-url, --client-id")
    made: list[GatewayAddress] = []
    prove = _with_certificate if behind["ca"] is not None else _with_client
    login = enrol_behind_gateway(
        dsn,
        desk,
        facility,
        lambda login: prove(base, behind, login, made),
        new_machine=new_machine,
        time_zone=time_zone,
    )
    return {"dsn": str(made[0]), "login": login}


def _with_certificate(
    base: str, behind: Mapping[str, str | None], login: str, made: list[GatewayAddress]
) -> str:
    from db.gateway.certificates import issue_to_desk, read_authority
    from db.gateway.proofs import of_certificate

    authority = read_authority(Path(behind["ca"] or ""))
    issued = issue_to_desk(authority, login, utc_now())
    ca = _authority_in(behind["gateway_ca"]) or authority.der
    own = OwnCertificate(issued.certificate, issued.key)
    made.append(GatewayAddress(base, own, ca))
    return of_certificate(issued.certificate)


def _with_client(
    base: str, behind: Mapping[str, str | None], login: str, made: list[GatewayAddress]
) -> str:
    from db.gateway.proofs import of_client

    issuer, token_url, client_id = (behind[n] for n in ("issuer", "token_url", "client_id"))
    secret = os.environ.get(CLIENT_SECRET)
    if not issuer or not token_url or not client_id:
        raise click.UsageError("--client-id needs --issuer and --token-url")
    if not secret:
        raise NotUnderstood(
            "client_secret_missing",
            f"{CLIENT_SECRET} does not hold the secret of the desk's client.",
            "Set it to what the identity provider gave, for this one command only.",
        )
    base_of(token_url)
    own = OwnClient(token_url, client_id, secret, behind["scope"] or "", behind["audience"] or "")
    made.append(GatewayAddress(base, own, _authority_in(behind["gateway_ca"])))
    return of_client(issuer, client_id)


def _authority_in(file: str | None) -> bytes | None:
    from db.gateway.certificates import certificate_in

    return None if file is None else certificate_in(Path(file))
