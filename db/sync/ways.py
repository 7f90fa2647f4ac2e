"""Which adapter leads to a shared database: told by its address."""

from __future__ import annotations

from db.engine import shared_engine
from db.sync.postgres_transport import PostgresDocuments, PostgresTrail, PostgresTransport
from workstation.access.trail import TrailTransport
from workstation.sync.transport import DocumentTransport, Identity, Transport


def transport_to(address: str, identity: Identity) -> Transport:
    """The way for commands to the shared database at ``address``, a DSN. Connects when asked."""
    return PostgresTransport(address, identity)


def documents_to(address: str, facility: str) -> DocumentTransport:
    """The way for documents' bytes to the shared database at ``address``, a DSN."""
    return PostgresDocuments(shared_engine(address), facility)


def trail_to(address: str, identity: Identity) -> TrailTransport:
    """The way for this desk's audit trail to the shared database at ``address``, a DSN."""
    return PostgresTrail(shared_engine(address), identity)
