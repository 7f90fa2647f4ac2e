"""The administrator's DSN, and what a DSN must be."""

from __future__ import annotations

import os

from workstation.kernel.errors import NotUnderstood


def admin_dsn() -> str:
    """From PORTICO_ADMIN_DSN. Raises NotUnderstood ``admin_dsn_missing``."""
    dsn = os.environ.get("PORTICO_ADMIN_DSN")
    if not dsn:
        raise NotUnderstood(
            "admin_dsn_missing",
            "PORTICO_ADMIN_DSN does not name the shared database.",
            "Set it to the administrator's DSN, for this one command only.",
        )
    check_dsn(dsn)
    return dsn


def check_address(address: str) -> None:
    """What a desk keeps: a DSN, or the address of a gateway. Raises NotUnderstood."""
    from workstation.sync.gateway_address import is_gateway, read_address

    if is_gateway(address):
        read_address(address)
    else:
        check_dsn(address)


def check_dsn(dsn: str) -> None:
    """Raises NotUnderstood ``dsn_not_understood``; the DSN, which holds a password, is not said."""
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        conninfo_to_dict(dsn)
    except ProgrammingError:
        raise NotUnderstood(
            "dsn_not_understood",
            "What should name the shared database is not a DSN of PostgreSQL.",
            "Write it as postgresql://user:password@host/database.",
        ) from None
