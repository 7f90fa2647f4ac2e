"""What arrivals needs from the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from workstation.arrivals.model import ArrivalRow


class ArrivalsReader(Protocol):
    """The rows of a day, in no particular order."""

    def of_day(self, day: date, departments: Sequence[str]) -> tuple[ArrivalRow, ...]:
        """All visits and appointments of ``day`` (facility's calendar) in these departments.

        An empty sequence means all departments of the facility. A visit without a department (a
        walk-in nobody has placed yet) is every desk's.
        """
        ...
