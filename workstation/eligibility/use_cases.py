"""Asking a payer as a persistent job: allowed or not, sent once, answered, recorded as a fact."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.documents.model import Document
from workstation.documents.use_cases import Documents
from workstation.eligibility.asking import (
    Asker,
    envelope_for,
    inquiry_for,
    may_ask,
    question_digest,
    send,
)
from workstation.eligibility.breaker import Breakers
from workstation.eligibility.connector import (
    EligibilityConnector,
    NoReply,
    PayerBusy,
    PayerResting,
)
from workstation.eligibility.earlier import (
    JOB,
    RESEND_AFTER,
    asked_in_full,
    forbid_repetition,
)
from workstation.eligibility.kept_answers import concerning
from workstation.eligibility.model import BenefitFile
from workstation.eligibility.outcome import Outcome, outcome_of, reasons, silence
from workstation.eligibility.pending import PendingAnswer, pending_answers
from workstation.eligibility.refused_work import work_of
from workstation.eligibility.rejections import PAYER_TROUBLE
from workstation.eligibility.second import first_asked, joined, lacking
from workstation.facility.model import Desk
from workstation.jobs.model import Job, JobState
from workstation.jobs.use_cases import JobQueue
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, from_iso, iso
from workstation.kernel.commands import Insert
from workstation.kernel.errors import OutsideSilent, PorticoError, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.phrases import kept, said_again
from workstation.kernel.unit_of_work import Store, StoreGateway, UnitOfWork
from workstation.visits.rules import forbid_money_while_locked, locked_visit_of
from workstation.x12.inquiry import Inquiry, build_270

CHANGED = frozenset({Kind.ELIGIBILITY, Kind.JOB, Kind.WORK_ITEM})
MOST_ATTEMPTS = 2
"""CAQH CORE 153: one repetition, and not before 90 s."""

BUSY_FOR = timedelta(seconds=3)
"""Until a question is looked at again whose payer has enough of them under way."""

GIVE_UP_AFTER = timedelta(hours=4)

WHILE_LOCKED = timedelta(seconds=30)
"""Until a question is looked at again whose patient waits for the screening exam."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What ``ask`` answers: the job that asks, and the check that is pending."""

    job_id: str
    check_id: str


class AskPayer:
    """Asking about benefits, for one signed-in person at one desk.

    ``ask`` only writes: the question is a persistent job. ``work_once`` runs in the background,
    sends at most one due question, and records what came back.
    """

    def __init__(
        self,
        store: StoreGateway,
        clock: Clock,
        session: Session,
        desk: Desk,
        jobs: JobQueue,
        documents: Documents,
        connector: EligibilityConnector | None,
        breakers: Breakers,
        asker: Asker,
    ) -> None:
        self._store = store
        self._clock = clock
        self._session = session
        self._desk = desk
        self._jobs = jobs
        self._documents = documents
        self._connector = connector
        self._breakers = breakers
        self._asker = asker

    def ask(
        self,
        person_id: str,
        coverage_id: str,
        visit_id: str | None = None,
        service_date: date | None = None,
        service_types: Sequence[str] = ("30",),
    ) -> tuple[Asked, frozenset[Kind]]:
        """Queues the question. Raises Refused where the payer must not be asked (``emtala_locked``
        among them) or was just asked the same, NotUnderstood (with ``field``) where something that
        the payer needs is missing.
        """
        self._session.require(Permission.ASK_PAYER)
        if self._connector is None:
            raise Refused(
                "no_clearinghouse",
                "No clearinghouse is set up on this desk.",
                "Call the payer, or ask IT support to set one up.",
            )
        with self._store.unit_of_work() as work:
            known = _known(work, person_id, coverage_id, visit_id)
            forbid_money_while_locked(work, person_id, visit_id)
            may_ask(known.visit, known.coverage)
            today = self._desk.facility.day(self._clock())
            on = service_date or _service_date(known.visit) or today
            in_full = asked_in_full(work, person_id, coverage_id)
            inquiry = self._inquiry(known, on, service_types, in_full=in_full)
            self._check_complete(inquiry)
            digest = question_digest(inquiry)
            forbid_repetition(work, person_id, digest, self._clock())
            check_id, now = new_id(), self._clock()
            payload = {
                "check_id": check_id,
                "person_id": person_id,
                "coverage_id": coverage_id,
                "visit_id": visit_id,
                "service_date": on.isoformat(),
                "service_types": list(service_types),
                "question": digest,
                "about": concerning(known.coverage),
                "in_full": in_full,
                "asked_at": iso(now),
                "actor": self._session.user_id,
            }
            job_id = self._jobs.put(work, JOB, f"{JOB}:{check_id}", payload, subject=person_id)
            self._record(work, payload, check_id, {"state": "asked", "say": "Asked the payer."})
            work.commit()
        return Asked(job_id, check_id), CHANGED

    def question_of(
        self,
        person_id: str,
        coverage_id: str,
        visit_id: str | None,
        service_date: date,
        service_types: Sequence[str],
    ) -> str:
        """The digest of what would be asked today: another one than a kept check's says that
        something the payer goes by has changed since. Raises as :meth:`ask` does.
        """
        self._session.require(Permission.ASK_PAYER)
        reader = self._store.read()
        known = _known(reader, person_id, coverage_id, visit_id)
        may_ask(known.visit, known.coverage)
        in_full = asked_in_full(reader, person_id, coverage_id)
        return question_digest(self._inquiry(known, service_date, service_types, in_full=in_full))

    def pending(self) -> tuple[PendingAnswer, ...]:
        """The answers that this desk still waits for, for the bottom line: payers, no patients."""
        return pending_answers(self._store.read(), self._jobs.open_jobs())

    def work_once(self) -> frozenset[Kind]:
        """Sends the oldest due question, if there is one; empty where there was nothing to do."""
        job = self._jobs.take(JOB)
        if job is None:
            return frozenset()
        reader = self._store.read()
        payload = job.payload
        if locked_visit_of(reader, payload["person_id"]) is not None:
            # Asked before the lock began: it waits like the patient does (42 CFR 489.24(d)(4)).
            self._retry(job, after=WHILE_LOCKED, attempted=False)
            return CHANGED
        try:
            known = _known(
                reader, payload["person_id"], payload["coverage_id"], payload["visit_id"]
            )
            # The patient may have said no between the question and now.
            may_ask(known.visit, known.coverage)
            job = replace(job, payload={**payload, "about": concerning(known.coverage)})
            on = date.fromisoformat(payload["service_date"])
            types = (
                (payload["second"],)
                if payload.get("second")
                else first_asked(payload["service_types"])
            )
            in_full = bool(payload.get("in_full"))
            inquiry = self._inquiry(known, on, types, in_full=in_full)
            raw, file = self._send(inquiry)
        except OutsideSilent as error:
            self._silent(job, error)
        except PorticoError as error:
            self._finish(job, silence(error))
        else:
            self._answered(job, outcome_of(file, inquiry), raw)
        return CHANGED

    def _inquiry(
        self, known: _Known, on: date, service_types: Sequence[str], *, in_full: bool
    ) -> Inquiry:
        return inquiry_for(
            known.person,
            known.coverage,
            on,
            service_types,
            self._asker,
            in_full=in_full,
            referring_npi=known.referring_npi,
        )

    def _send(self, inquiry: Inquiry) -> tuple[str, BenefitFile]:
        """One question through the payer's breaker."""
        payer_id = inquiry.payer.id
        if self._connector is None:
            raise NoReply("no_clearinghouse", "No clearinghouse is set up on this desk.")
        self._breakers.enter(payer_id)
        trouble = False
        try:
            at = self._desk.facility.local(self._clock())
            raw, file = send(self._connector, inquiry, self._asker, at)
            trouble = bool(reasons(file) & PAYER_TROUBLE)
        except OutsideSilent as error:
            trouble = isinstance(error, NoReply) or error.code in ("http_503", "http_504")
            raise
        finally:
            self._breakers.leave(payer_id, trouble=trouble)
        return raw, file

    def _answered(self, job: Job, outcome: Outcome, raw: str) -> None:
        if outcome.trouble and job.attempts < MOST_ATTEMPTS:
            self._retry(job, why=outcome.say)
        elif job.payload.get("second"):
            self._complete(job, outcome, raw)
        else:
            self._finish(job, outcome.fields(), raw)

    def _complete(self, job: Job, outcome: Outcome, raw: str) -> None:
        """The second question's answer joins the first; a refusal of it changes nothing."""
        payload = job.payload
        first = self._store.read().get("eligibility_check", payload["first_check"])
        both = None
        if first is not None and outcome.state == "answered" and outcome.answer is not None:
            both = joined(first["answer"], outcome.answer, payload["second"])
        if first is None or both is None:
            self._finish(job, {"state": "nothing_added"})
        else:
            told = {name: first[name] for name in ("state", "status", "rejections")}
            self._finish(job, {**told, "answer": both, "say": said_again(first["said"])}, raw)

    def _silent(self, job: Job, error: OutsideSilent) -> None:
        if isinstance(error, PayerBusy):
            self._retry(job, after=BUSY_FOR, attempted=False)
        elif isinstance(error, PayerResting):
            self._rest(job, error)
        elif error.retryable and job.attempts < MOST_ATTEMPTS:
            self._retry(job, why=error.say)
        else:
            self._finish(job, silence(error))

    def _rest(self, job: Job, error: PayerResting) -> None:
        if self._clock() - from_iso(job.payload["asked_at"]) > GIVE_UP_AFTER:
            say = "The payer's system stayed down for hours."
            self._finish(job, {"state": "not_answered", "say": say})
        else:
            self._retry(job, attempted=False, why=error.say)

    def _retry(
        self,
        job: Job,
        after: timedelta = RESEND_AFTER,
        *,
        attempted: bool = True,
        why: str = "",
    ) -> None:
        """Asks later; ``why`` the payer was silent is kept with the job and told meanwhile."""
        told = {"said": kept(why)} if why else None
        with self._store.unit_of_work() as work:
            self._jobs.settle(
                work, job, JobState.WAITING, told, retry_in=after, attempted=attempted
            )
            work.commit()

    def _finish(self, job: Job, fields: Mapping[str, Any], raw: str | None = None) -> None:
        """Ends the job with the fact of what came back, and asks on where the answer lacks
        something; of a second question only what it adds becomes a fact.
        """
        payload, state = job.payload, fields["state"]
        with self._store.unit_of_work() as work:
            done = JobState.GAVE_UP if state == "not_answered" else JobState.DONE
            if not self._jobs.settle(work, job, done, {"state": state}):
                return
            if payload.get("second") and raw is None:
                work.commit()
                return
            check_id, digest = new_id(), None
            if raw is not None:
                document = _raw_document(raw, payload, check_id)
                self._documents.keep_in(work, document, raw.encode())
                digest = document.digest
            final = {**fields, "answered_at": iso(self._clock()), "raw_document": digest}
            self._record(work, payload, check_id, final)
            if state == "answered" and not payload.get("second"):
                self._ask_on(work, payload, check_id, fields["answer"])
            work.commit()

    def _ask_on(
        self, work: UnitOfWork, payload: Mapping[str, Any], check_id: str, answer: Mapping[str, Any]
    ) -> None:
        """Queues the second question, about the service type that the plan's answer lacks."""
        code = lacking(answer, payload["service_types"])
        if code is not None:
            more = {**payload, "second": code, "first_check": check_id}
            key = f"{JOB}:{payload['check_id']}:second"
            self._jobs.put(work, JOB, key, more, subject=payload["person_id"])

    def _record(
        self,
        work: UnitOfWork,
        payload: Mapping[str, Any],
        check_id: str,
        fields: Mapping[str, Any],
    ) -> None:
        """A fact: one when asked, another when it is known what came back."""
        told = ("person_id", "coverage_id", "visit_id", "asked_at", "service_date")
        row: dict[str, Any] = {
            **{name: payload[name] for name in (*told, "service_types", "question")},
            "about": payload.get("about"),
            "connector": self._connector.name if self._connector is not None else None,
            **{name: None for name in ("answered_at", "status", "answer", "rejections")},
            "raw_document": None,
            "said": kept(fields["say"]),
            **fields,
        }
        changes = (
            Insert("eligibility_check", check_id, row),
            *work_of(work, check_id, row, iso(self._clock())),
        )
        author = Author(str(payload["actor"]), self._desk, self._clock)
        what = "ask_payer" if row["state"] == "asked" else "record_payer_answer"
        work.record(author.command(what, payload["person_id"], changes))

    def _check_complete(self, inquiry: Inquiry) -> None:
        """Builds the question once for nothing, so that what is missing is told before queueing."""
        build_270(inquiry, envelope_for(self._asker, self._desk.facility.local(self._clock())))


def _raw_document(raw: str, payload: Mapping[str, Any], check_id: str) -> Document:
    return Document(
        hashlib.sha256(raw.encode()).hexdigest(),
        "raw_271",
        "application/edi-x12",
        payload["person_id"],
        payload["visit_id"],
        check_id,
    )


class _Known(NamedTuple):
    """The rows that a question is made of."""

    person: Mapping[str, Any]
    coverage: Mapping[str, Any]
    visit: Mapping[str, Any] | None
    referring_npi: str


def _known(store: Store, person_id: str, coverage_id: str, visit_id: str | None) -> _Known:
    person = store.get("person", person_id)
    coverage = store.get("coverage", coverage_id)
    visit = store.get("visit", visit_id) if visit_id else None
    if person is None or coverage is None or (visit_id and visit is None):
        raise Refused("not_found", "This person, coverage or visit is not on this desk.")
    return _Known(person, coverage, visit, _referring_npi(store, visit or {}))


def _referring_npi(store: Store, visit: Mapping[str, Any]) -> str:
    """Of the clinician on file who referred, else of who was named; empty where nobody was."""
    referring = visit.get("referring_id")
    who = store.get("clinician", referring) if referring else visit.get("referring")
    return str((who or {}).get("npi") or "")


def _service_date(visit: Mapping[str, Any] | None) -> date | None:
    day = visit.get("service_date") if visit else None
    return date.fromisoformat(str(day)[:10]) if day else None
