"""Kinds of things that a use case changed: screens decide by them whether to refresh."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """One kind of thing a screen may show."""

    PERSON = "person"
    VISIT = "visit"
    COVERAGE = "coverage"
    ELIGIBILITY = "eligibility"
    ESTIMATE = "estimate"
    PAYMENT = "payment"
    PAPER = "paper"
    DOCUMENT = "document"
    DRAFT = "draft"
    WORK_ITEM = "work_item"
    CONFLICT = "conflict"
    APPOINTMENT = "appointment"
    SYNC = "sync"
    JOB = "job"
    SESSION = "session"
