"""Which adapter leads to a shared database: told by its address.

That of the gateway is imported when it is needed, for ``httpx`` takes its time at a start.
"""

from __future__ import annotations

from db.engine import shared_engine
from db.sync.postgres_transport import PostgresDocuments, PostgresTrail, PostgresTransport
from workstation.access.trail import TrailTransport
from workstation.sync.gateway_address import is_gateway, read_address
from workstation.sync.transport import DocumentTransport, Identity, Transport


def transport_to(address: str, identity: Identity) -> Transport:
    """The way for commands to the shared database at ``address``: a DSN, or a gateway's.

    Connects when asked. Raises NotUnderstood for an address of a gateway that is none.
    """
    if is_gateway(address):
        from db.sync.gateway_transport import GatewayTransport

        return GatewayTransport(read_address(address), identity)
    return PostgresTransport(address, identity)


def documents_to(address: str, facility: str) -> DocumentTransport:
    """The way for documents' bytes, likewise."""
    if is_gateway(address):
        from db.sync.gateway_transport import GatewayDocuments

        return GatewayDocuments(read_address(address), facility)
    return PostgresDocuments(shared_engine(address), facility)


def trail_to(address: str, identity: Identity) -> TrailTransport:
    """The way for this desk's audit trail, likewise."""
    if is_gateway(address):
        from db.sync.gateway_transport import GatewayTrail

        return GatewayTrail(read_address(address), identity)
    return PostgresTrail(shared_engine(address), identity)
