"""The facility's wall clock: around midnight, around the changes of the clocks, by name."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from workstation.facility import time_zone
from workstation.facility.model import Facility
from workstation.facility.time_zone import machine_zone, zone_of
from workstation.kernel.errors import NotUnderstood


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "moment", "wall"),
    [
        ("America/Chicago", "2026-11-24T05:59:59", "2026-11-23 23:59"),
        ("America/Chicago", "2026-11-24T06:00:00", "2026-11-24 00:00"),
        ("America/Chicago", "2026-03-08T07:59:00", "2026-03-08 01:59"),
        ("America/Chicago", "2026-03-08T08:00:00", "2026-03-08 03:00"),
        ("America/Chicago", "2026-11-01T06:30:00", "2026-11-01 01:30"),
        ("America/Chicago", "2026-11-01T07:30:00", "2026-11-01 01:30"),
        ("America/Phoenix", "2026-07-01T06:59:00", "2026-06-30 23:59"),
        ("Pacific/Guam", "2026-11-23T14:00:00", "2026-11-24 00:00"),
        ("Pacific/Honolulu", "2026-11-24T09:59:00", "2026-11-23 23:59"),
    ],
)
def test_days_and_hours_are_the_facilitys(zone: str, moment: str, wall: str) -> None:
    facility = Facility("f", "Mercy", time_zone=zone)
    assert f"{facility.local(at(moment)):%Y-%m-%d %H:%M}" == wall
    assert facility.day(at(moment)) == date.fromisoformat(wall[:10])


@pytest.mark.parametrize("name", ["", "Chicago", "../etc/passwd", "America/Chicago\0", "/etc"])
def test_a_zone_that_nobody_knows_is_refused_in_words(name: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        zone_of(name)
    assert refused.value.code == "time_zone_unknown"
    assert "America/Chicago" in refused.value.do


def test_the_machine_is_asked_first_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", ":America/Denver")
    assert machine_zone() == "America/Denver"


def test_then_by_its_link_and_else_it_is_greenwich(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    zone = tmp_path / "zoneinfo/America/Boise"
    zone.parent.mkdir(parents=True)
    zone.touch()
    link = tmp_path / "localtime"
    link.symlink_to(zone)
    monkeypatch.setenv("TZ", "Nowhere")
    monkeypatch.setattr(time_zone.os, "name", "posix")
    monkeypatch.setattr(time_zone, "_LINK", link)
    assert machine_zone() == "America/Boise"
    monkeypatch.setattr(time_zone, "_LINK", zone)
    assert machine_zone() == "UTC"


def test_every_zone_that_windows_names_is_known() -> None:
    for name in time_zone._OF_WINDOWS.values():
        assert zone_of(name).key == name
