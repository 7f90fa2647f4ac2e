"""The facility's wall clock, on which the window shows and reads every day and time of day."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


class _Now:
    """The zone in force; one per process, as the language is."""

    zone: tzinfo = UTC


def keep_time_of(zone: tzinfo) -> None:
    """Chooses the zone of every time that is shown from now on."""
    _Now.zone = zone


def zone() -> tzinfo:
    """The zone in force."""
    return _Now.zone


def local(moment: datetime) -> datetime:
    """An aware moment on the wall clock."""
    return moment.astimezone(_Now.zone)
