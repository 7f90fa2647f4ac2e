"""What earlier questions to a payer mean for the next one."""

from __future__ import annotations

from datetime import datetime, timedelta

from workstation.eligibility.connector import RESEND_AFTER_SECONDS
from workstation.eligibility.rejections import WANTS_MORE
from workstation.jobs.model import JobState
from workstation.kernel.clock import iso
from workstation.kernel.errors import Refused
from workstation.kernel.unit_of_work import Store

JOB = "ask_payer"
RESEND_AFTER = timedelta(seconds=RESEND_AFTER_SECONDS)


def forbid_repetition(store: Store, person_id: str, question: str, now: datetime) -> None:
    """Raises Refused while the same question (a digest) is under way, and for 90 s after the
    payer's last word on it. What the payer refused may be asked again once it is mended.
    """
    since = iso(now - RESEND_AFTER)
    for row in store.find("eligibility_check", person_id=person_id, question=question):
        if row["state"] == "asked" and _under_way(store, row["id"]):
            raise Refused(
                "asked_just_now",
                "The payer is being asked the same already.",
                "Wait for its answer; nothing is lost.",
                retryable=True,
            )
        if (row["answered_at"] or row["asked_at"]) > since and row["state"] != "rejected":
            raise Refused(
                "asked_just_now",
                "The payer was asked the same less than 90 seconds ago.",
                "Wait for its answer; nothing is lost.",
                retryable=True,
            )


def _under_way(store: Store, check_id: str) -> bool:
    jobs = store.find("job", key=f"{JOB}:{check_id}")
    return any(job["state"] in (JobState.WAITING, JobState.RUNNING) for job in jobs)


def asked_in_full(store: Store, person_id: str, coverage_id: str) -> bool:
    """Whether this coverage's payer ever said that it needs more than ids, names and birth date."""
    return any(
        rejection["code"] in WANTS_MORE
        for row in store.find("eligibility_check", person_id=person_id)
        if row["coverage_id"] == coverage_id
        for rejection in row["rejections"] or ()
    )
