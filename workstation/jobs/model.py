"""A persistent job: kind, idempotency key, state, lease."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    GAVE_UP = "gave_up"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """``key`` is unique: the same work is never queued twice. ``attempts`` counts leases taken."""

    id: str
    kind: str
    key: str
    state: JobState
    subject: str | None
    payload: Mapping[str, Any]
    result: Mapping[str, Any] | None
    attempts: int
    not_before: str


def job_from_row(row: Mapping[str, Any]) -> Job:
    """A job from its row."""
    return Job(
        row["id"],
        row["kind"],
        row["key"],
        JobState(row["state"]),
        row["subject"],
        row["payload"],
        row["result"],
        row["attempts"],
        row["not_before"],
    )
