"""Queueing, leasing and settling persistent jobs, each step by compare-and-set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from workstation.jobs.model import Job, JobState, job_from_row
from workstation.kernel.clock import Clock, iso
from workstation.kernel.ids import new_id
from workstation.kernel.unit_of_work import StoreGateway, UnitOfWork

LEASE = timedelta(seconds=90)
"""A job whose lease ran out belonged to a process that died: it may be taken again."""


class JobQueue:
    """The table of persistent jobs."""

    def __init__(self, store: StoreGateway, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def put(
        self,
        work: UnitOfWork,
        kind: str,
        key: str,
        payload: Mapping[str, Any],
        *,
        subject: str | None = None,
        delay: timedelta = timedelta(),
    ) -> str:
        """Queues a job inside the caller's transaction; a key that is there already is kept."""
        present = work.find("job", key=key)
        if present:
            return str(present[0]["id"])
        job_id, now = new_id(), self._clock()
        work.put_local(
            "job",
            job_id,
            {
                "kind": kind,
                "key": key,
                "state": JobState.WAITING.value,
                "subject": subject,
                "payload": dict(payload),
                "result": None,
                "attempts": 0,
                "not_before": iso(now + delay),
                "lease_until": None,
                "created_at": iso(now),
                "updated_at": iso(now),
            },
        )
        return job_id

    def take(self, kind: str) -> Job | None:
        """Leases the oldest due job of a kind, or one whose lease ran out; else None."""
        for row in self._due(kind):
            leased = {
                "state": JobState.RUNNING.value,
                "attempts": row["attempts"] + 1,
                "lease_until": iso(self._clock() + LEASE),
                "updated_at": iso(self._clock()),
            }
            seen = {"attempts": row["attempts"], "state": row["state"]}
            with self._store.unit_of_work() as work:
                if work.swap_local("job", row["id"], seen, leased):
                    work.commit()
                    return job_from_row({**row, **leased})
        return None

    def _due(self, kind: str) -> Iterator[dict[str, Any]]:
        """Read without the lock of a writer: mostly there is nothing, and this is asked often."""
        now = iso(self._clock())
        for state in (JobState.WAITING, JobState.RUNNING):
            for row in self._store.read().find("job", kind=kind, state=state.value):
                due = row["lease_until"] if state is JobState.RUNNING else row["not_before"]
                if due is None or due <= now:
                    yield row

    def settle(
        self,
        work: UnitOfWork,
        job: Job,
        state: JobState,
        result: Mapping[str, Any] | None = None,
        *,
        retry_in: timedelta | None = None,
        attempted: bool = True,
    ) -> bool:
        """Ends this lease inside the caller's transaction; False if another process holds the job.

        With state WAITING the job becomes due again after ``retry_in``; without ``attempted`` the
        lease does not count, as nothing was sent.
        """
        now = self._clock()
        return work.swap_local(
            "job",
            job.id,
            {"attempts": job.attempts, "state": JobState.RUNNING.value},
            {
                "state": state.value,
                "attempts": job.attempts if attempted else job.attempts - 1,
                "result": None if result is None else dict(result),
                "not_before": iso(now + (retry_in or timedelta())),
                "lease_until": None,
                "updated_at": iso(now),
            },
        )

    def cancel(self, job_id: str) -> bool:
        """Cancels a job that nobody has taken yet."""
        with self._store.unit_of_work() as work:
            done = work.swap_local(
                "job",
                job_id,
                {"state": JobState.WAITING.value},
                {"state": JobState.CANCELLED.value, "updated_at": iso(self._clock())},
            )
            work.commit()
        return done

    def open_jobs(self) -> list[Job]:
        """Every job that is waiting or running, oldest first, for the status line."""
        reader = self._store.read()
        rows = [
            row
            for state in (JobState.WAITING, JobState.RUNNING)
            for row in reader.find("job", state=state.value)
        ]
        return [job_from_row(row) for row in sorted(rows, key=lambda row: str(row["id"]))]
