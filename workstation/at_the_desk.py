"""What the composition root hands to a window or a command line: the open desk and its use cases.

Types only: the window may know these names without knowing how a store is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from workstation.access.model import Session
from workstation.access.use_cases import Accounts, ChartAudit, SignIn
from workstation.arrivals.downtime_papers import DowntimePapers
from workstation.arrivals.gateways import ArrivalsReader
from workstation.background import Background, OnChange
from workstation.documents.use_cases import Documents
from workstation.eligibility.contacts import PayerContacts
from workstation.eligibility.use_cases import AskPayer
from workstation.estimates.prices import PriceList
from workstation.estimates.use_cases import Estimates
from workstation.facility.model import Desk
from workstation.facility.settings import Settings
from workstation.interview.journal import DraftJournal
from workstation.interview.moving import MoveVisit
from workstation.interview.opening import CheckIns
from workstation.interview.use_cases import CompleteInterview
from workstation.kernel.clock import Clock
from workstation.kernel.unit_of_work import StoreGateway
from workstation.oversight.use_cases import Oversight
from workstation.papers.estimate_papers import EstimatePapers
from workstation.papers.filed import FiledPapers
from workstation.papers.printing import Printing
from workstation.papers.receipt_mail import ReceiptMail
from workstation.papers.shift_report import ShiftReports
from workstation.payers.use_cases import Coverages
from workstation.payments.card_payments import CardPayments
from workstation.payments.use_cases import Payments
from workstation.people.use_cases import FindPeople, People
from workstation.sync.recovery import Recovery
from workstation.sync.status import SyncStatus
from workstation.sync.use_cases import Conflicts
from workstation.sync.waiting import Waiting
from workstation.visits.use_cases import Visits
from workstation.work_items.use_cases import WorkItems


@dataclass(frozen=True, slots=True)
class UseCases:
    """What one signed-in person may do at this desk."""

    session: Session
    people: People
    find: FindPeople
    arrivals: ArrivalsReader
    visits: Visits
    coverages: Coverages
    eligibility: AskPayer
    contacts: PayerContacts
    estimates: Estimates
    estimate_papers: EstimatePapers
    filed_papers: FiledPapers
    payments: Payments
    receipt_mail: ReceiptMail
    cards: CardPayments | None
    """None where no terminal is set up."""
    documents: Documents
    charts: ChartAudit
    accounts: Accounts
    journal: DraftJournal
    interview: CompleteInterview
    check_ins: CheckIns
    conflicts: Conflicts
    recovery: Recovery
    moving: MoveVisit
    work_items: WorkItems
    waiting: Waiting
    oversight: Oversight
    shifts: ShiftReports
    downtime_papers: DowntimePapers


class OpenDesk(Protocol):
    """One open store with everything that is built on it."""

    @property
    def settings(self) -> Settings:
        """What the site set."""
        ...

    @property
    def desk(self) -> Desk:
        """Which desk this is."""
        ...

    @property
    def clock(self) -> Clock:
        """The time of everything here."""
        ...

    @property
    def sign_in(self) -> SignIn:
        """Checks names and passwords."""
        ...

    @property
    def printing(self) -> Printing:
        """The print system."""
        ...

    @property
    def prices(self) -> PriceList:
        """What services cost."""
        ...

    @property
    def records(self) -> StoreGateway:
        """The store, for reads that no read model has."""
        ...

    def use_cases(self, session: Session) -> UseCases:
        """The use cases, bound to a person."""
        ...

    def start_background(
        self, on_change: OnChange, on_status: Callable[[SyncStatus], None]
    ) -> Background:
        """Starts what runs behind a window; both callables are called on other threads."""
        ...

    def close(self) -> None:
        """Ends background work and closes the store."""
        ...
