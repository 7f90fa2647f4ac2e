"""Which adapter leads to a shared database: told by its address."""

from __future__ import annotations

from db.sync.postgres_transport import PostgresDocuments, PostgresTransport
from workstation.sync.transport import DocumentTransport, Identity, Transport


def transport_to(address: str, identity: Identity) -> Transport:
    """The way for commands to the shared database at ``address``, a DSN. Connects when asked."""
    return PostgresTransport(address, identity)


def documents_to(address: str, facility: str) -> DocumentTransport:
    """The way for documents' bytes to the shared database at ``address``, a DSN."""
    return PostgresDocuments(address, facility)
