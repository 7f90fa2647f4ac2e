"""The directory of cells: which PostgreSQL, behind which gateway, a facility belongs to.

One JSON file, the same for every gateway and for the administrator::

    {"cells": {"north": {"gateway": "https://north.portico.org:8443",
                         "dsn": "postgresql://admin@north-db.portico.org/portico?sslmode=…"}},
     "facilities": {"Mercy General": "north"}}

It holds no password: libpq finds those in its password file. A facility whose cell is ``null`` is
being moved (``db/shared/moving.py``): no gateway serves it until then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workstation.facility.model import facility_id
from workstation.kernel.errors import NotUnderstood, Refused
from workstation.sync.gateway_address import base_of
from workstation.sync.transport import server_silent


@dataclass(frozen=True, slots=True)
class Cell:
    """One PostgreSQL by the administrator's DSN, and its gateways by the one address of them."""

    name: str
    dsn: str = field(repr=False)
    gateway: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Cells by name, and the cell of each facility by its id; None while it is being moved."""

    cells: Mapping[str, Cell]
    facilities: Mapping[str, str | None]

    def cell_of(self, facility: str) -> Cell:
        """The cell of a facility, by its name. Raises Refused ``facility_without_cell``."""
        found = self.facilities.get(facility_id(facility))
        if found is None:
            raise Refused(
                "facility_without_cell",
                "The directory names no cell for this facility. Nothing was changed.",
                "Write the facility into the directory, or mend its name there or here.",
            )
        return self.cells[found]

    def elsewhere(self, facility: str, here: str) -> str | None:
        """The gateway of a facility (by id) that belongs to another cell than ``here``; else None.

        A facility that the directory does not name is left to the database of this cell. Raises
        OutsideSilent for one that is being moved.
        """
        cell = self.facilities.get(facility, here)
        if cell is None:
            raise server_silent()
        return None if cell == here else self.cells[cell].gateway


def read_directory(text: str) -> Directory:
    """Reads the file. Raises NotUnderstood ``directory_not_understood``."""
    try:
        told = json.loads(text)
        cells = {str(name): _cell(str(name), each) for name, each in told["cells"].items()}
        facilities = {facility_id(name): cell for name, cell in told["facilities"].items()}
        good = len(facilities) == len(told["facilities"])
        good = good and {*facilities.values()} <= {*cells, None}
    except (ValueError, KeyError, TypeError, AttributeError, NotUnderstood):
        good = False
    if not good:
        raise NotUnderstood(
            "directory_not_understood",
            "The directory of cells cannot be read, or names a cell or a facility twice or not at "
            "all.",
            "Compare it with docs/scale.md.",
        )
    return Directory(cells, facilities)


def _cell(name: str, told: Mapping[str, Any]) -> Cell:
    return Cell(name, str(told["dsn"]), base_of(told["gateway"]))


def with_entry(text: str, facility: str, cell: str | None) -> str:
    """The file's text with the facility (by its name, as it stands there) in that cell."""
    read_directory(text)
    told = json.loads(text)
    names = {facility_id(name): name for name in told["facilities"]}
    told["facilities"][names.get(facility_id(facility), facility)] = cell
    return json.dumps(told, indent=2, ensure_ascii=False) + "\n"
