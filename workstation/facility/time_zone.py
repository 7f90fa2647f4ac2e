"""Which time zone a facility lives in: every local day and time of day is read off its wall clock.

Moments are kept in UTC. What day it is, when somebody arrived and what a receipt says are the
facility's, not the machine's: a desk may be set to another zone, and a server mostly is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from workstation.kernel.errors import NotUnderstood
from workstation.kernel.phrases import phrase

_LINK = Path("/etc/localtime")
_REGISTRY = r"SYSTEM\CurrentControlSet\Control\TimeZoneInformation"
_OF_WINDOWS = {
    "Eastern Standard Time": "America/New_York",
    "US Eastern Standard Time": "America/Indiana/Indianapolis",
    "Central Standard Time": "America/Chicago",
    "Mountain Standard Time": "America/Denver",
    "US Mountain Standard Time": "America/Phoenix",
    "Pacific Standard Time": "America/Los_Angeles",
    "Alaskan Standard Time": "America/Anchorage",
    "Aleutian Standard Time": "America/Adak",
    "Hawaiian Standard Time": "Pacific/Honolulu",
    "SA Western Standard Time": "America/Puerto_Rico",
    "West Pacific Standard Time": "Pacific/Guam",
    "Samoa Standard Time": "Pacific/Pago_Pago",
}
"""Windows' own names of the zones of the United States."""


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name, such as ``America/Chicago``. Raises NotUnderstood."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise NotUnderstood(
            "time_zone_unknown",
            phrase("This machine knows no time zone named {name}.", name=name),
            "Give a name such as America/Chicago; where a right one is not known, "
            "install the package tzdata.",
        ) from None


def machine_zone() -> str:
    """The IANA name of this machine's own zone; ``UTC`` where it cannot be told."""
    for name in _named():
        try:
            zone_of(name)
        except NotUnderstood:
            continue
        return name
    return "UTC"


def _named() -> Iterator[str]:
    yield os.environ.get("TZ", "").removeprefix(":")
    if os.name == "nt":
        yield _OF_WINDOWS.get(_windows_name(), "")
    elif _LINK.is_symlink():
        yield str(_LINK.resolve()).rpartition("zoneinfo/")[2]


def _windows_name() -> str:
    import winreg

    with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _REGISTRY) as key:  # type: ignore[attr-defined]
        return str(winreg.QueryValueEx(key, "TimeZoneKeyName")[0])  # type: ignore[attr-defined]
