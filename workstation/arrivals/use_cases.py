"""Seeing the day, for whom the role grants it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workstation.access.model import Permission, Session
from workstation.arrivals.gateways import ArrivalsReader
from workstation.arrivals.model import ArrivalRow


class SeeArrivals:
    """The day's list as one signed-in person may see it; an ``ArrivalsReader``."""

    def __init__(self, reader: ArrivalsReader, session: Session) -> None:
        self._reader = reader
        self._session = session

    def of_day(self, day: date, departments: Sequence[str]) -> tuple[ArrivalRow, ...]:
        """The visits of a day. Raises NotPermitted for a role that does not see patients."""
        self._session.require(Permission.SEE_ARRIVALS)
        return self._reader.of_day(day, departments)
