"""The downtime forms of today, with this desk's own list: the shared database is not asked."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.access.model import Session
from workstation.arrivals.gateways import ArrivalsReader
from workstation.arrivals.model import ArrivalRow
from workstation.facility.model import Desk, Facility
from workstation.kernel.clock import Clock
from workstation.kernel.unit_of_work import StoreGateway
from workstation.papers.downtime_forms import ExpectedPatient, downtime_forms
from workstation.papers.sheet import Paper


@dataclass(frozen=True, slots=True)
class DowntimePaper:
    """``title`` is neutral: the print job's name. ``patients`` stand on the list."""

    paper: Paper
    title: str
    patients: int


class DowntimePapers:
    """For whoever sees the day's arrivals."""

    def __init__(
        self,
        store: StoreGateway,
        arrivals: ArrivalsReader,
        clock: Clock,
        session: Session,
        desk: Desk,
    ) -> None:
        self._store = store
        self._arrivals = arrivals
        self._clock = clock
        self._session = session
        self._desk = desk

    def make(self, *, prefilled: bool = False) -> DowntimePaper:
        """The forms as of now; that a list of patients was made is in the audit trail.

        ``prefilled`` adds a registration form for each patient. Raises NotPermitted for a role
        that does not see patients, Refused ``form_not_in_force``.
        """
        now, facility = self._clock(), self._desk.facility
        rows = sorted(self._arrivals.of_day(facility.day(now), ()), key=lambda row: row.time)
        expected = [_expected(row, facility) for row in rows]
        paper = downtime_forms(facility, now, expected, prefilled=prefilled)
        with self._store.unit_of_work() as work:
            detail = {"patients": len(rows), "prefilled": prefilled}
            work.audit(self._session.user_id, "downtime_forms", None, detail)
            work.commit()
        return DowntimePaper(paper, f"DOWNTIME-{facility.local(now):%Y%m%d-%H%M}", len(rows))


def _expected(row: ArrivalRow, facility: Facility) -> ExpectedPatient:
    return ExpectedPatient(
        time=f"{facility.local(row.time):%H:%M}",
        name=(row.last, row.first, row.middle),
        born=f"{row.born:%d %b %Y}" if row.born else "",
        sex=row.sex,
        mrn=row.mrn,
        visit=row.visit_number,
        department=row.department,
        reason="" if row.sensitive else row.reason,
        arrived=f"{facility.local(row.arrived_at):%H:%M}" if row.arrived_at else "",
    )
