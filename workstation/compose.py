"""The composition root: settings to store to use cases. The one module that imports all the rest.

Everything gets what it needs by constructor arguments; nothing is global. A :class:`Workstation`
is one open store; :meth:`Workstation.use_cases` binds the use cases to one signed-in person.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import db.declared  # noqa: F401  (declares every table)
from db.arrivals import SqlArrivals
from db.keys.opening import key_for
from db.keys.places import keyring_is_trusted, place_of, read_secret
from db.oversight import SqlTrails
from db.people_index import PROJECTORS
from db.people_search import SqlPersonSearch
from db.schema import bring_up_to_date
from db.store import SqlStore
from db.sync.lane import DocumentLane
from db.sync.lane_runner import LaneRunner
from db.sync.runner import SyncRunner
from db.sync.spells import OwnSpells
from db.sync.trail_lane import TrailLane
from workstation.access.desk import make_desk, read_desk, service_session
from workstation.access.model import Session
from workstation.access.use_cases import Accounts, ChartAudit, SignIn
from workstation.arrivals.downtime_papers import DowntimePapers
from workstation.arrivals.expected import ExpectedToday
from workstation.arrivals.use_cases import SeeArrivals
from workstation.at_the_desk import UseCases
from workstation.background import Background, KeepsInStep, OnChange, tell_final
from workstation.documents.lane import not_there
from workstation.documents.use_cases import Documents
from workstation.eligibility.breaker import Breakers
from workstation.eligibility.contacts import PayerContacts
from workstation.eligibility.use_cases import AskPayer
from workstation.estimates.prices import demo_prices
from workstation.estimates.use_cases import Estimates
from workstation.facility.model import Desk, Facility, facility_id
from workstation.facility.settings import Settings
from workstation.facility.time_zone import machine_zone, zone_of
from workstation.interview.journal import DraftJournal
from workstation.interview.moving import MoveVisit
from workstation.interview.opening import CheckIns
from workstation.interview.use_cases import CompleteInterview
from workstation.jobs.use_cases import JobQueue
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, utc_now
from workstation.kernel.errors import PorticoError
from workstation.kernel.ids import new_id
from workstation.kernel.log import logger, write_to
from workstation.kernel.unit_of_work import StoreGateway
from workstation.outside import Secret, build_outside
from workstation.oversight.use_cases import Oversight
from workstation.papers.estimate_papers import EstimatePapers
from workstation.papers.filed import FiledPapers
from workstation.papers.receipt_mail import ReceiptMail
from workstation.papers.shift_report import ShiftReports
from workstation.papers.use_cases import RecordSignature
from workstation.payers.directory import payer_directory
from workstation.payers.use_cases import Coverages
from workstation.payments.attempt_book import AttemptBook
from workstation.payments.card_payments import CardPayments
from workstation.payments.posting import Posting
from workstation.payments.runner import AttemptRunner
from workstation.payments.use_cases import Payments
from workstation.people.model import Person
from workstation.people.use_cases import FindPeople, People
from workstation.sync.kernel import Pace
from workstation.sync.recovery import Recovery
from workstation.sync.status import SyncStatus
from workstation.sync.use_cases import Conflicts
from workstation.sync.waiting import Waiting
from workstation.visits.use_cases import Visits
from workstation.work_items.use_cases import WorkItems

if TYPE_CHECKING:
    from db.keys.recovery import PublicHalf


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


class SharedDocuments:
    """Documents that other desks made; connects when the first one is opened."""

    def __init__(self, lane: Callable[[], DocumentLane | None]) -> None:
        self._lane = lane

    def fetch(self, digest: str) -> bytes:
        """See ``workstation.documents.lane.Elsewhere``."""
        lane = self._lane()
        if lane is None:
            raise not_there()
        return lane.fetch(digest)


class Workstation:
    """One open store with everything that is built on it."""

    def __init__(self, settings: Settings, store: SqlStore, clock: Clock = utc_now) -> None:
        self.settings = settings
        self.store = store
        self.clock = clock
        self.desk: Desk = read_desk(store.read())
        self.sign_in = SignIn(store, clock, self.desk.facility.zone)
        self.jobs = JobQueue(store, clock)
        self.search = SqlPersonSearch(store, self.desk.facility.zone)
        self.arrivals = SqlArrivals(store, payer_directory(), self.desk.facility.zone)
        self.prices = demo_prices()
        self._outside = build_outside(settings, self.desk, clock, _secret_of(settings))
        self.printing = self._outside.printing
        self._breakers = Breakers(clock)
        self._on_change: OnChange = _nobody_listens
        self._boot_id = new_id()
        self._attempts = AttemptRunner(
            AttemptBook(store, Posting(self.desk, clock)),
            self._outside.drivers,
            clock,
            self._boot_id,
            moved=tell_final(self._tell),
        )
        self._background: Background | None = None
        self._lane: DocumentLane | None = None
        self._making_lane = threading.Lock()
        self._closers: list[Callable[[], None]] = list(self._outside.closers)
        self.shared: str | None = None
        """The desk's DSN where it was enrolled in this process, as by the demo; else looked up."""

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
        signatures = RecordSignature(store, clock, session, desk)
        documents = Documents(store, clock, session, desk, SharedDocuments(self._documents_lane))
        journal = DraftJournal(store, clock, session)
        charts = ChartAudit(store, session)
        interview = CompleteInterview(
            store, clock, session, desk, people, visits, coverages, signatures
        )
        return UseCases(
            session=session,
            people=people,
            find=FindPeople(self.search, session),
            arrivals=SeeArrivals(self.arrivals, session),
            visits=visits,
            coverages=coverages,
            eligibility=self._eligibility(session, documents),
            contacts=PayerContacts(store, clock, session, desk),
            estimates=Estimates(store, clock, session, desk),
            estimate_papers=EstimatePapers(store, clock, session, desk, self.prices),
            filed_papers=FiledPapers(store, session, documents, desk.facility),
            cards=self._cards(session),
            payments=Payments(store, clock, session, desk),
            receipt_mail=ReceiptMail(store, clock, session, desk, self.jobs, self._outside.mailer),
            documents=documents,
            charts=charts,
            accounts=Accounts(store, session),
            journal=journal,
            interview=interview,
            check_ins=CheckIns(
                *(store, clock, session, desk),
                charts=charts,
                visits=visits,
                journal=journal,
                interview=interview,
                prices=self.prices,
            ),
            conflicts=Conflicts(store, clock, session, desk),
            recovery=self._recovery(session),
            moving=MoveVisit(store, clock, session, desk),
            work_items=WorkItems(store, clock, session, desk),
            waiting=Waiting(store, journal, session),
            oversight=Oversight(store, clock, session, desk, SqlTrails(store, self._shared_dsn)),
            shifts=ShiftReports(store, clock, session, desk),
            downtime_papers=DowntimePapers(
                store, SeeArrivals(self.arrivals, session), clock, session, desk
            ),
        )

    def _recovery(self, session: Session) -> Recovery:
        alike = IndexedDuplicates(self.search).likely_matches
        return Recovery(self.store, self.clock, session, self.desk, OwnSpells(self.store), alike)

    def recovered(self) -> frozenset[Kind]:
        """Makes the reports of downtimes that are over; answers what changed."""
        session = service_session(self.store.read())
        return self._recovery(session).open_reports()

    def _eligibility(self, session: Session, documents: Documents) -> AskPayer:
        return AskPayer(
            self.store,
            self.clock,
            session,
            self.desk,
            self.jobs,
            documents,
            self._outside.connector,
            self._breakers,
            self._outside.asker,
        )

    def _cards(self, session: Session) -> CardPayments | None:
        if self._outside.terminal is None:
            return None
        return CardPayments(
            self.store,
            self.clock,
            session,
            self.desk,
            runner=self._attempts,
            terminal=self._outside.terminal,
            boot_id=self._boot_id,
        )

    def automation(self) -> UseCases:
        """The use cases of the service user, for ``portico do`` and the background."""
        return self.use_cases(service_session(self.store.read()))

    def start_background(
        self, on_change: OnChange, on_status: Callable[[SyncStatus], None]
    ) -> Background:
        """Starts what runs behind a window; both callables are called on other threads."""
        write_to(self.settings.logs)
        logger().info("desk_opened", workstation_id=self.desk.workstation_id)
        self._on_change = on_change
        self._background = Background(
            lambda: self.automation().eligibility,
            lambda: self.automation().receipt_mail,
            ExpectedToday(self.store, self.clock, self.desk.facility, self.prices),
            self._attempts,
            self._in_step(on_change, on_status),
            partial(self._tell_to, on_change),
        )
        self._background.start()
        return self._background

    def _in_step(
        self, on_change: OnChange, on_status: Callable[[SyncStatus], None]
    ) -> Sequence[KeepsInStep]:
        """The threads of commands, documents and audit trail; none where no shared database is
        set up."""
        dsn, lane = self._shared_dsn(), self._documents_lane()
        if dsn is None or lane is None:
            return ()
        most = self.settings.documents_here_mb * 1024**2
        documents = LaneRunner("documents", lane, partial(lane.tidy, most))
        trail_lane = TrailLane(self.store, dsn)
        trail = LaneRunner("trail", trail_lane, trail_lane.tidy)

        def changed(kinds: frozenset[Kind]) -> None:
            if Kind.DOCUMENT in kinds:
                documents.nudge()
            on_change(kinds)

        pace = Pace(poll=timedelta(seconds=self.settings.sync_poll_seconds))

        def told(status: SyncStatus) -> None:
            on_status(status)
            if status.connected and not status.waiting and (news := self.recovered()):
                on_change(news)
                commands.nudge()

        commands = SyncRunner(
            self.store, dsn, pace=pace, clock=self.clock, on_change=changed, on_status=told
        )
        return (commands, documents, trail)

    def _shared_dsn(self) -> str | None:
        return self.shared or shared_dsn(self.settings)

    def _documents_lane(self) -> DocumentLane | None:
        with self._making_lane:
            if self._lane is None and (dsn := self._shared_dsn()) is not None:
                self._lane = DocumentLane(self.store, dsn)
            return self._lane

    def _tell(self, kinds: frozenset[Kind]) -> None:
        self._tell_to(self._on_change, kinds)

    def _tell_to(self, listener: OnChange, kinds: frozenset[Kind]) -> None:
        if self._background is not None:
            self._background.nudge()
        listener(kinds)

    def also_close(self, closer: Callable[[], None]) -> None:
        """Something to end after the store is closed, such as the demo's simulator."""
        self._closers.append(closer)

    def close(self) -> None:
        """Ends what runs in the background and its log, then closes the store."""
        if self._background is not None:
            self._background.stop()
            write_to(None)
        if self._lane is not None:
            self._lane.close()
        self.store.close()
        for closer in self._closers:
            closer()


def open_workstation(settings: Settings, clock: Clock = utc_now) -> Workstation:
    """Opens the store that is there. Raises PorticoError with words for every way it can fail."""
    if not settings.store.exists():
        raise PorticoError(
            "not_initialised",
            "There is no store in Portico's data folder.",
            "Run portico init --facility NAME once.",
        )
    store = _store(settings, clock, create_key=False)
    try:
        return Workstation(settings, store, clock)
    except BaseException:
        store.close()
        raise


def make_workstation(
    settings: Settings,
    facility: Facility,
    clock: Clock = utc_now,
    *,
    recovery: PublicHalf | None = None,
) -> Workstation:
    """Makes the store, its key where it is missing, and the desk's identity.

    The key is sealed to ``recovery`` before there is anything that could be lost with it.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    fresh = not settings.store.exists()
    if fresh and recovery is not None:
        from db.keys.escrow import Escrow

        key = key_for(settings.store, place_of(settings.home), create=True)
        Escrow(recovery, {}).having(key).write_beside(settings.store)
    store = _store(settings, clock, create_key=fresh)
    make_desk(store, settings.workstation, facility)
    return Workstation(settings, store, clock)


def facility_named(name: str, time_zone: str | None = None) -> Facility:
    """A facility of which only the name is known; its id is the same on every desk.

    Its zone is the machine's unless named. Raises NotUnderstood ``time_zone_unknown``.
    """
    zone = time_zone or machine_zone()
    zone_of(zone)
    return Facility(facility_id(name), name, time_zone=zone)


def shared_dsn(settings: Settings) -> str | None:
    """The shared database of this desk: the environment for tests, else the keyring."""
    named = os.environ.get("PORTICO_SHARED_DSN")
    if named or not keyring_is_trusted():
        return named
    return read_secret(f"shared:{settings.home.resolve()}")


def _secret_of(settings: Settings) -> Secret:
    def secret(name: str) -> str | None:
        return read_secret(f"{name}:{settings.home.resolve()}") if keyring_is_trusted() else None

    return secret


def _nobody_listens(kinds: frozenset[Kind]) -> None:
    """Before a window is there, nobody needs to know."""


def _store(settings: Settings, clock: Clock, *, create_key: bool) -> SqlStore:
    key = key_for(settings.store, place_of(settings.home), create=create_key)
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
