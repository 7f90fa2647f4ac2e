"""``portico-gateway``: the HTTPS gateway as a service."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from db.gateway.app import Gateway
from db.gateway.cells import Cells
from db.gateway.desks import Desks
from db.gateway.proofs import KeySet, Proofs, Tokens
from db.gateway.server import GatewayServer, open_door, tls_context
from workstation.kernel.errors import NotUnderstood
from workstation.kernel.log import logger, write_to

DSN = "PORTICO_GATEWAY_DSN"

_KEYS_SECONDS = 10.0

_File = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--host", default="::", show_default=True, help="Address to listen on.")
@click.option("--port", default=8443, show_default=True, help="0: any free one.")
@click.option("--certificate", required=True, type=_File, help="The gateway's own, with its chain.")
@click.option("--key", required=True, type=_File, help="The certificate's key.")
@click.option("--client-ca", type=_File, help="Who signs desks' certificates.")
@click.option("--issuer", help="The identity provider, as it stands in tokens.")
@click.option("--audience", help="What tokens must be meant for.")
@click.option("--jwks", help="The provider's keys: an https address, or a file.")
@click.option("--claim", default="client_id", show_default=True, help="What names the client.")
@click.option("--directory", type=_File, help="Which facility belongs to which cell.")
@click.option("--cell", help="Which of them this gateway serves.")
@click.option("--connections", default=8, show_default=True, help="To PostgreSQL, at most.")
@click.option("--waiting", default=64, show_default=True, help="Requests that may wait for one.")
@click.option("--clients", default=10_000, show_default=True, help="Connections of desks, at most.")
def main(
    host: str,
    port: int,
    certificate: Path,
    key: Path,
    client_ca: Path | None,
    issuer: str | None,
    audience: str | None,
    jwks: str | None,
    claim: str,
    directory: Path | None,
    cell: str | None,
    connections: int,
    waiting: int,
    clients: int,
) -> None:
    """Speaks to PostgreSQL for many desks; the DSN of its login is in PORTICO_GATEWAY_DSN.

    Each option may stand in the environment too, as PORTICO_GATEWAY_PORT.
    """
    dsn = os.environ.get(DSN)
    if not dsn:
        raise click.UsageError(f"{DSN} is empty: set it to the DSN of portico shared gateway.")
    proofs = Proofs(_tokens(issuer, audience, jwks, claim))
    if client_ca is None and issuer is None:
        raise click.UsageError("Give --client-ca, or --issuer, --audience and --jwks, or both.")
    cells = _cells(directory, cell)
    try:
        context = tls_context(certificate, key, client_ca)
        door = open_door(host, port)
    except OSError as fault:
        raise click.ClickException(str(fault)) from None
    gateway = Gateway(
        Desks(dsn, connections), proofs, connections=connections, waiting=waiting, cells=cells
    )
    write_to(sys.stderr)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn hands it on once it has stopped
    server = GatewayServer(gateway.app(), context, clients=clients, stopping=gateway.hints.end)
    sys.stdout.write(json.dumps({"port": door.getsockname()[1]}) + "\n")
    sys.stdout.flush()
    logger().info("gateway_started", port=door.getsockname()[1])
    server.run(sockets=[door])
    logger().info("gateway_stopped")


def _cells(directory: Path | None, cell: str | None) -> Cells | None:
    if directory is None and cell is None:
        return None
    if directory is None or cell is None:
        raise click.UsageError("Give --directory and --cell together, or neither.")
    try:
        return Cells(directory, cell)
    except NotUnderstood as fault:
        raise click.ClickException(f"{fault.say} {fault.do}") from None


def _tokens(
    issuer: str | None, audience: str | None, jwks: str | None, claim: str
) -> Tokens | None:
    if not (issuer or audience or jwks):
        return None
    if not (issuer and audience and jwks):
        raise click.UsageError("Tokens need --issuer, --audience and --jwks together.")
    if not jwks.startswith("https://") and not Path(jwks).is_file():
        raise click.UsageError("--jwks is neither an https address nor a file.")
    return Tokens(issuer, audience, KeySet(lambda: _keys(jwks)), claim)


def _keys(place: str) -> Mapping[str, Any]:
    """The provider's keys; raises OSError or ValueError."""
    if not place.startswith("https://"):
        found: Mapping[str, Any] = json.loads(Path(place).read_text("utf-8"))
        return found
    import httpx

    try:
        answer = httpx.get(place, timeout=_KEYS_SECONDS).raise_for_status()
    except httpx.HTTPError:
        raise OSError("the identity provider did not answer") from None
    told: Mapping[str, Any] = answer.json()
    return told


def run() -> None:
    """The program."""
    main(auto_envvar_prefix="PORTICO_GATEWAY")


if __name__ == "__main__":
    run()
