"""Whether the shared PostgreSQL proves that it is the real one, and what it lacks where not."""

from __future__ import annotations

import socket
import ssl
import struct
from contextlib import suppress

from psycopg.conninfo import conninfo_to_dict

from db.engine import stays_here
from workstation.kernel.errors import PorticoError, Refused
from workstation.kernel.phrases import paragraph

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""PostgreSQL's question whether TLS may begin (Frontend/Backend Protocol, SSLRequest)."""


def is_proven(dsn: str) -> bool:
    """Whether a DSN leads nowhere but to this machine, or to a server that must prove its name."""
    return stays_here(dsn) or conninfo_to_dict(dsn).get("sslmode") == "verify-full"


def demand_proof(dsn: str) -> None:
    """Raises Refused ``server_unproven`` where anybody between could play the server.

    A desk's DSN is made of the administrator's: what this one leaves open, no desk would have.
    """
    if not is_proven(dsn):
        raise Refused(
            "server_unproven",
            "With this DSN a desk could not tell the shared database from another machine that "
            "plays it. Nothing was changed.",
            "Add sslmode=verify-full&sslrootcert=FILE to PORTICO_ADMIN_DSN; FILE is the "
            "certificate of the authority that signed the server's, at the same place on every "
            "desk, or the word system.",
        )


def unproven(said: str) -> PorticoError | None:
    """For what libpq says of a server, or a desk, that cannot prove itself; else None."""
    reason = next((words for sign, words in _OF_THE_SERVER if sign in said), None)
    if reason is not None:
        return PorticoError(
            "server_not_proven",
            "The shared database could not prove that it is the real one, so nothing was sent to "
            "it. Everything is kept on this workstation.",
            paragraph("Go on working, and call IT.", reason),
        )
    reason = next((words for sign, words in _OF_THE_DESK if sign in said), None)
    if reason is not None:
        return PorticoError(
            "desk_not_proven",
            "The shared database did not accept this desk. Everything is kept on this workstation.",
            paragraph("Go on working, and call IT.", reason),
        )
    return None


_OF_THE_SERVER = (
    (
        "certificate verify failed",
        "For IT: the server's certificate has expired, or is not signed by the authority in "
        "sslrootcert; portico doctor says which.",
    ),
    (
        "signature failure",
        "For IT: the server's certificate is signed by another authority than the one in "
        "sslrootcert, though it has the same name.",
    ),
    ("does not match host name", "For IT: the server's certificate is for another host name."),
    ("root certificate file", "For IT: the file that sslrootcert names is not on this desk."),
    ("does not support SSL", "For IT: the server, or something before it, does not speak TLS."),
)

_OF_THE_DESK = (
    (
        "requires a valid client certificate",
        "For IT: the server wants a certificate of this desk (sslcert and sslkey).",
    ),
    (
        "alert decrypt error",
        "For IT: the server does not know who signed this desk's certificate.",
    ),
    ("unknown ca", "For IT: the server does not know who signed this desk's certificate."),
    ("certificate expired", "For IT: this desk's certificate has expired."),
    ("certificate revoked", "For IT: this desk's certificate was revoked."),
    (
        "certificate authentication failed",
        "For IT: this desk's certificate is for another login.",
    ),
    ("no pg_hba.conf entry", "For IT: pg_hba.conf on the server does not let this desk in."),
)


def fault_of_certificate(dsn: str, *, patience_s: float = 5.0) -> str | None:
    """What is wrong with the certificate of the first server that answers, in OpenSSL's words.

    libpq says only that a certificate was not accepted. None where it is, or nobody answers.
    """
    given = {name: str(value) for name, value in conninfo_to_dict(dsn).items()}
    root = given.get("sslrootcert", "system")
    context = ssl.create_default_context(cafile=None if root == "system" else root)
    for host, place in _places(given):
        with suppress(OSError), socket.create_connection(place, patience_s) as line:
            line.sendall(_SSL_REQUEST)
            if line.recv(1) != b"S":
                return "it does not speak TLS"
            try:
                context.wrap_socket(line, server_hostname=host).close()
            except ssl.SSLCertVerificationError as fault:
                return fault.verify_message
            return None
    return None


def _places(given: dict[str, str]) -> list[tuple[str, tuple[str, int]]]:
    """Each server's name, with the address and port where it is."""
    names = given.get("host", "").split(",")
    addresses = given.get("hostaddr", given.get("host", "")).split(",")
    ports = given.get("port", "5432").split(",")
    if len(ports) == 1:
        ports *= len(names)
    return [
        (name, (address, int(port)))
        for name, address, port in zip(names, addresses, ports, strict=False)
    ]
