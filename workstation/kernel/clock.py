"""Time comes from one place, is always aware UTC, and can be set in tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The time now, aware, in UTC."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """An aware moment as ``2026-11-23T14:07:00.123456Z``: one form, sortable as text."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    text = moment.astimezone(UTC).isoformat(timespec="microseconds")
    return text.removesuffix("+00:00") + "Z"


def from_iso(text: str) -> datetime:
    """Reads what :func:`iso` wrote, and any ISO 8601 moment with an offset."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(UTC)
