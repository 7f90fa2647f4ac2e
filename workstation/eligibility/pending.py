"""Which payers' answers are still to come: since when, and when a silent one is asked once more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workstation.eligibility.earlier import JOB
from workstation.jobs.model import Job, JobState, job_from_row
from workstation.kernel.phrases import said_again
from workstation.kernel.unit_of_work import Store


@dataclass(frozen=True, slots=True)
class PendingAnswer:
    """One question under way. Times are ISO text in UTC."""

    payer: str
    asked_at: str
    again_at: str = ""
    """When it is asked once more; empty while the payer is being asked."""
    why: str = ""
    """Why the first try brought no answer; empty where there was none yet."""


def pending_answers(store: Store, jobs: Iterable[Job]) -> tuple[PendingAnswer, ...]:
    """The questions among open jobs, in the order in which they were asked."""
    return tuple(_pending(store, job) for job in jobs if job.kind == JOB)


def pending_of(store: Store, check_id: str) -> PendingAnswer | None:
    """Where the question of a check stands; None once it was answered or given up."""
    for row in store.find("job", key=f"{JOB}:{check_id}"):
        job = job_from_row(row)
        if job.state in (JobState.WAITING, JobState.RUNNING):
            return _pending(store, job)
    return None


def _pending(store: Store, job: Job) -> PendingAnswer:
    coverage = store.get("coverage", job.payload["coverage_id"]) or {}
    tried = job.result is not None and job.state is JobState.WAITING
    return PendingAnswer(
        str(coverage.get("payer_name") or coverage.get("payer_id") or ""),
        job.payload["asked_at"],
        job.not_before if tried else "",
        said_again(job.result["said"]) if tried and job.result is not None else "",
    )
