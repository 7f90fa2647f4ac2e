"""The composition root: settings to store to use cases. The one module that imports all the rest.

Everything gets what it needs by constructor arguments; nothing is global. A :class:`Workstation`
is one open store; :meth:`Workstation.use_cases` binds the use cases to one signed-in person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import db.declared  # noqa: F401  (declares every table)
from db.arrivals import SqlArrivals
from db.keys import store_key
from db.people_index import PROJECTORS
from db.people_search import SqlPersonSearch
from db.schema import bring_up_to_date
from db.store import SqlStore
from workstation.access.desk import make_desk, read_desk, service_session
from workstation.access.model import Session
from workstation.access.use_cases import Accounts, ChartAudit, SignIn
from workstation.at_the_desk import UseCases
from workstation.documents.use_cases import Documents
from workstation.facility.model import Desk, Facility, facility_id
from workstation.facility.settings import Settings
from workstation.interview.journal import DraftJournal
from workstation.interview.opening import CheckIns
from workstation.interview.use_cases import CompleteInterview
from workstation.jobs.use_cases import JobQueue
from workstation.kernel.clock import Clock, utc_now
from workstation.kernel.errors import PorticoError
from workstation.kernel.unit_of_work import StoreGateway
from workstation.papers.use_cases import RecordSignature
from workstation.payers.directory import payer_directory
from workstation.payers.use_cases import Coverages
from workstation.payments.use_cases import Payments
from workstation.people.model import Person
from workstation.people.use_cases import People
from workstation.sync.use_cases import Conflicts
from workstation.visits.rules import forbid_money_while_locked
from workstation.visits.use_cases import Visits


class IndexedDuplicates:
    """The duplicate check of ``people`` over the store's search index."""

    def __init__(self, search: SqlPersonSearch) -> None:
        self._search = search

    def likely_matches(self, person: Person) -> Sequence[Mapping[str, Any]]:
        """Every same or possible match, best first; none where the outcome is ``new``."""
        answer = self._search.candidates(person)
        if answer.outcome == "new":
            return ()
        return [candidate.as_json() for candidate in answer.candidates]


class Workstation:
    """One open store with everything that is built on it."""

    def __init__(self, settings: Settings, store: SqlStore, clock: Clock = utc_now) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.desk: Desk = read_desk(store.read())
        self.sign_in = SignIn(store, clock)
        self.jobs = JobQueue(store, clock)
        self.search = SqlPersonSearch(store)
        self.arrivals = SqlArrivals(store, payer_directory())

    @property
    def records(self) -> StoreGateway:
        """The store, for reads that no read model has."""
        return self.store

    def use_cases(self, session: Session) -> UseCases:
        """The use cases, bound to a person."""
        store, clock, desk = self.store, self.clock, self.desk
        people = People(store, clock, session, desk, IndexedDuplicates(self.search))
        visits = Visits(store, clock, session, desk)
        coverages = Coverages(store, clock, session, desk)
        signatures = RecordSignature(store, session, clock, desk.facility.id, desk.facility.name)
        journal = DraftJournal(store, clock, session)
        charts = ChartAudit(store, session)
        interview = CompleteInterview(
            store, clock, session, desk, people, visits, coverages, signatures
        )
        return UseCases(
            session=session,
            people=people,
            visits=visits,
            coverages=coverages,
            payments=Payments(store, clock, session, desk, money_gate=forbid_money_while_locked),
            documents=Documents(store, clock, session, desk),
            charts=charts,
            accounts=Accounts(store, session),
            journal=journal,
            interview=interview,
            check_ins=CheckIns(
                store,
                clock,
                session,
                desk,
                charts=charts,
                visits=visits,
                journal=journal,
                interview=interview,
            ),
            conflicts=Conflicts(store, clock, session, desk),
        )

    def automation(self) -> UseCases:
        """The use cases of the service user, for ``portico do`` and the background."""
        return self.use_cases(service_session(self.store.read()))

    def close(self) -> None:
        """Closes the store."""
        self.store.close()


def open_workstation(settings: Settings, clock: Clock = utc_now) -> Workstation:
    """Opens the store that is there. Raises PorticoError with words for every way it can fail."""
    if not settings.store.exists():
        raise PorticoError(
            "not_initialised",
            "There is no store in Portico's data folder.",
            "Run portico init --facility NAME once.",
        )
    return Workstation(settings, _store(settings, clock, create_key=False), clock)


def make_workstation(settings: Settings, facility: Facility, clock: Clock = utc_now) -> Workstation:
    """Makes the store, its key where it is missing, and the desk's identity."""
    settings.home.mkdir(parents=True, exist_ok=True)
    store = _store(settings, clock, create_key=not settings.store.exists())
    make_desk(store, settings.workstation, facility)
    return Workstation(settings, store, clock)


def facility_named(name: str) -> Facility:
    """A facility of which only the name is known; its id is the same on every desk."""
    return Facility(facility_id(name), name)


def _store(settings: Settings, clock: Clock, *, create_key: bool) -> SqlStore:
    key = store_key(settings.home, create=create_key)
    store = SqlStore(
        settings.store,
        key,
        clock=clock,
        projectors=PROJECTORS,
    )
    try:
        bring_up_to_date(store.write_engine)
    except BaseException:
        store.close()
        raise
    return store
