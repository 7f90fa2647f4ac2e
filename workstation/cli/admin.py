"""The administrator's DSN, and what a DSN must be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.kernel.errors import NotUnderstood, Refused

if TYPE_CHECKING:
    from workstation.sync.directory import Cell, Directory


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


def cell_of(directory: Path, facility: str) -> Cell:
    """The cell of a facility, by its name, in the directory that this file holds.

    Raises NotUnderstood for a file that is none, or that holds a password; Refused where the
    facility has no cell.
    """
    return _without_password(_directory_in(directory).cell_of(facility))


def cell_named(directory: Path, name: str) -> Cell:
    """The cell of that name, likewise."""
    cell = _directory_in(directory).cells.get(name)
    if cell is None:
        raise Refused(
            "cell_unknown",
            "The directory names no such cell. Nothing was changed.",
            "Give one of the names in the directory.",
        )
    return _without_password(cell)


def write_entry(directory: Path, facility: str, cell: str | None) -> None:
    """Rewrites the file with the facility in that cell; a reader finds the old one or the new."""
    from workstation.sync.directory import with_entry

    new = directory.with_name(f"{directory.name}.new")
    new.write_text(with_entry(directory.read_text("utf-8"), facility, cell), "utf-8")
    new.replace(directory)


def _directory_in(file: Path) -> Directory:
    from workstation.sync.directory import read_directory

    return read_directory(file.read_text("utf-8", errors="replace"))


def _without_password(cell: Cell) -> Cell:
    from psycopg.conninfo import conninfo_to_dict

    check_dsn(cell.dsn)
    if "password" in conninfo_to_dict(cell.dsn):
        raise NotUnderstood(
            "directory_holds_password",
            "The directory of cells holds a password, and every gateway reads it.",
            "Write the password into libpq's password file (~/.pgpass), and set a new one.",
        )
    return cell


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
