"""Asking a payer as a persistent job: allowed or not, sent once, answered, recorded as a fact."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from workstation.access.author import Author
from workstation.access.model import Permission, Session
from workstation.documents.model import Document
from workstation.documents.use_cases import Documents
from workstation.eligibility.asking import (
    Asker,
    answer_about,
    envelope_for,
    inquiry_for,
    may_ask,
    question_digest,
    send,
)
from workstation.eligibility.breaker import Breakers
from workstation.eligibility.connector import (
    RESEND_AFTER_SECONDS,
    EligibilityConnector,
    NoReply,
    PayerResting,
)
from workstation.eligibility.model import Answer, BenefitFile
from workstation.eligibility.rejections import PAYER_TROUBLE, of_patient
from workstation.facility.model import Desk
from workstation.jobs.model import Job, JobState
from workstation.jobs.use_cases import JobQueue
from workstation.kernel.changed import Kind
from workstation.kernel.clock import Clock, from_iso, iso
from workstation.kernel.commands import Insert
from workstation.kernel.errors import OutsideSilent, PorticoError, Refused
from workstation.kernel.ids import new_id
from workstation.kernel.phrases import kept, paragraph
from workstation.kernel.unit_of_work import Store, StoreGateway, UnitOfWork
from workstation.work_items.model import opened
from workstation.x12.inquiry import Inquiry, build_270

JOB = "ask_payer"
CHANGED = frozenset({Kind.ELIGIBILITY, Kind.JOB})
RESEND_AFTER = timedelta(seconds=RESEND_AFTER_SECONDS)
MOST_ATTEMPTS = 2
"""CAQH CORE 153: one repetition, and not before 90 s."""


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
        """Queues the question. Raises Refused where the payer must not be asked or was just asked
        the same, NotUnderstood (with ``field``) where something that the payer needs is missing.
        """
        self._session.require(Permission.ASK_PAYER)
        if self._connector is None:
            raise Refused(
                "no_clearinghouse",
                "No clearinghouse is set up on this desk.",
                "Call the payer, or ask IT support to set one up.",
            )
        with self._store.unit_of_work() as work:
            person, coverage, visit = _known(work, person_id, coverage_id, visit_id)
            may_ask(visit, coverage)
            on = service_date or _service_date(visit) or self._desk.facility.day(self._clock())
            inquiry = inquiry_for(person, coverage, on, service_types, self._asker)
            self._check_complete(inquiry)
            digest = question_digest(inquiry)
            self._not_too_soon(work, person_id, digest)
            check_id, now = new_id(), self._clock()
            payload = {
                "check_id": check_id,
                "person_id": person_id,
                "coverage_id": coverage_id,
                "visit_id": visit_id,
                "service_date": on.isoformat(),
                "service_types": list(service_types),
                "question": digest,
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
        person, coverage, visit = _known(self._store.read(), person_id, coverage_id, visit_id)
        may_ask(visit, coverage)
        return question_digest(
            inquiry_for(person, coverage, service_date, service_types, self._asker)
        )

    def work_once(self) -> frozenset[Kind]:
        """Sends the oldest due question, if there is one; empty where there was nothing to do."""
        job = self._jobs.take(JOB)
        if job is None:
            return frozenset()
        reader = self._store.read()
        payload = job.payload
        try:
            person, coverage, visit = _known(
                reader, payload["person_id"], payload["coverage_id"], payload["visit_id"]
            )
            # The patient may have said no between the question and now.
            may_ask(visit, coverage)
            on = date.fromisoformat(payload["service_date"])
            inquiry = inquiry_for(person, coverage, on, payload["service_types"], self._asker)
            raw, file = self._send(inquiry)
        except OutsideSilent as error:
            self._silent(job, error)
        except PorticoError as error:
            self._finish(job, _silence(error))
        else:
            self._answered(job, inquiry, raw, file)
        return CHANGED

    def _send(self, inquiry: Inquiry) -> tuple[str, BenefitFile]:
        """One question through the payer's breaker."""
        payer_id = inquiry.payer.id
        if self._connector is None:
            raise NoReply("no_clearinghouse", "No clearinghouse is set up on this desk.")
        self._breakers.enter(payer_id)
        try:
            raw, file = send(
                self._connector, inquiry, self._asker, self._desk.facility.local(self._clock())
            )
        except OutsideSilent as error:
            trouble = isinstance(error, NoReply) or error.code in ("http_503", "http_504")
            self._breakers.leave(payer_id, trouble=trouble)
            raise
        self._breakers.leave(payer_id, trouble=bool(_codes(file) & PAYER_TROUBLE))
        return raw, file

    def _answered(self, job: Job, inquiry: Inquiry, raw: str, file: BenefitFile) -> None:
        answer = answer_about(file, inquiry)
        rejections = (*file.rejections, *(answer.rejections if answer is not None else ()))
        if inquiry.dependent is None:
            rejections = tuple(of_patient(value) for value in rejections)
        if answer is not None and answer.status != "not_answered":
            state, say = "answered", answer.status_detail
        elif rejections and _codes(file) <= PAYER_TROUBLE:
            if job.attempts < MOST_ATTEMPTS:
                self._retry(job)
                return
            state, say = "not_answered", rejections[0].fix
        elif rejections:
            state, say = "rejected", rejections[0].fix
        else:
            state, say = "not_answered", _without_answer(answer)
        fields: dict[str, Any] = {
            "state": state,
            "status": answer.status if answer is not None else "not_answered",
            "answer": answer.as_json() if answer is not None else None,
            "rejections": [value.as_json() for value in rejections],
            "say": say,
        }
        self._finish(job, fields, raw)

    def _silent(self, job: Job, error: OutsideSilent) -> None:
        if isinstance(error, PayerResting):
            self._retry(job, lost=False)
        elif error.retryable and job.attempts < MOST_ATTEMPTS:
            self._retry(job)
        else:
            self._finish(job, _silence(error))

    def _retry(self, job: Job, *, lost: bool = True) -> None:
        if not lost and self._clock() - from_iso(job.payload["asked_at"]) > timedelta(hours=4):
            self._finish(
                job, {"state": "not_answered", "say": "The payer's system stayed down for hours."}
            )
            return
        with self._store.unit_of_work() as work:
            self._jobs.settle(work, job, JobState.WAITING, retry_in=RESEND_AFTER)
            work.commit()

    def _finish(self, job: Job, fields: Mapping[str, Any], raw: str | None = None) -> None:
        payload = job.payload
        with self._store.unit_of_work() as work:
            done = JobState.DONE if fields["state"] != "not_answered" else JobState.GAVE_UP
            if not self._jobs.settle(work, job, done, {"state": fields["state"]}):
                return
            digest = None
            check_id = new_id()
            if raw:
                document = _raw_document(raw, payload, check_id)
                self._documents.keep_in(work, document, raw.encode())
                digest = document.digest
            final = {**fields, "answered_at": iso(self._clock()), "raw_document": digest}
            self._record(work, payload, check_id, final)
            work.commit()

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
            "connector": self._connector.name if self._connector is not None else None,
            **{name: None for name in ("answered_at", "status", "answer", "rejections")},
            "raw_document": None,
            "said": kept(fields["say"]),
            **fields,
        }
        changes = [Insert("eligibility_check", check_id, row)]
        if row["state"] == "rejected":
            changes.append(
                opened(
                    "eligibility_rejected",
                    about_id=check_id,
                    at=iso(self._clock()),
                    person_id=payload["person_id"],
                    visit_id=payload["visit_id"],
                    detail={
                        "say": row["say"],
                        "said": row["said"],
                        "rejections": row["rejections"],
                    },
                )
            )
        author = Author(str(payload["actor"]), self._desk, self._clock)
        what = "ask_payer" if row["state"] == "asked" else "record_payer_answer"
        work.record(author.command(what, payload["person_id"], tuple(changes)))

    def _check_complete(self, inquiry: Inquiry) -> None:
        """Builds the question once for nothing, so that what is missing is told before queueing."""
        build_270(inquiry, envelope_for(self._asker, self._desk.facility.local(self._clock())))

    def _not_too_soon(self, work: Store, person_id: str, digest: str) -> None:
        since = iso(self._clock() - RESEND_AFTER)
        for row in work.find("eligibility_check", person_id=person_id, question=digest):
            if row["asked_at"] > since and row["state"] != "rejected":
                raise Refused(
                    "asked_just_now",
                    "The payer was asked the same less than 90 seconds ago.",
                    "Wait for its answer; nothing is lost.",
                    retryable=True,
                )


def _silence(error: PorticoError) -> dict[str, Any]:
    return {"state": "not_answered", "say": paragraph(error.say, error.do)}


def _codes(file: BenefitFile) -> frozenset[str]:
    people = (value for answer in file.answers for value in answer.rejections)
    return frozenset(value.code for value in (*file.rejections, *people))


def _without_answer(answer: Answer | None) -> str:
    if answer is None:
        return "The payer's reply does not speak of this patient."
    return answer.status_detail


def _raw_document(raw: str, payload: Mapping[str, Any], check_id: str) -> Document:
    return Document(
        hashlib.sha256(raw.encode()).hexdigest(),
        "raw_271",
        "application/edi-x12",
        payload["person_id"],
        payload["visit_id"],
        check_id,
    )


def _known(
    store: Store, person_id: str, coverage_id: str, visit_id: str | None
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any] | None]:
    person = store.get("person", person_id)
    coverage = store.get("coverage", coverage_id)
    visit = store.get("visit", visit_id) if visit_id else None
    if person is None or coverage is None or (visit_id and visit is None):
        raise Refused("not_found", "This person, coverage or visit is not on this desk.")
    return person, coverage, visit


def _service_date(visit: Mapping[str, Any] | None) -> date | None:
    day = visit.get("service_date") if visit else None
    return date.fromisoformat(str(day)[:10]) if day else None
