"""What is connected to this desk, in words. Slow: printers are asked. Call it off the UI thread."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ui.words import say
from workstation.facility.settings import Settings
from workstation.kernel.errors import PorticoError
from workstation.papers.printing import Printing

_GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Device:
    """One line: what it is, how it stands, in words and tone."""

    icon: str
    name: str
    words: str
    tone: str = "text"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found: a line for each device, and the names of the printers to choose from."""

    devices: tuple[Device, ...]
    printers: tuple[str, ...] = ()


def look(settings: Settings, printing: Printing) -> Seen:
    """All that is connected, and the printers that this desk could use."""
    try:
        names = tuple(queue.name for queue in printing.queues() if queue.there)
    except PorticoError:  # said in the printer's own line
        names = ()
    return Seen(devices(settings, printing), tuple(sorted(names)))


def devices(settings: Settings, printing: Printing) -> tuple[Device, ...]:
    """Printer, card terminal, payers, camera and disk of this desk."""
    return (
        _printer(printing),
        Device("credit-card", say("Card terminal"), *_address(settings.terminal_url)),
        Device("shield-check", say("Payers"), *_address(settings.clearinghouse)),
        _camera(),
        _disk(settings.home),
    )


def _printer(printing: Printing) -> Device:
    name = say("Printer")
    try:
        queues = printing.queues()
    except PorticoError as error:
        return Device("printer", name, say(error.say), "warn")
    if not queues:
        return Device("printer", name, say("None on this workstation; ask IT to add one"), "warn")
    first = queues[0]
    if not first.there:
        words = say("{name} is not on this workstation any more", name=first.name)
        return Device("printer", name, words, "warn")
    if not first.accepting:
        words = say("{name} takes no jobs now; check paper and power", name=first.name)
        return Device("printer", name, words, "warn")
    others = sum(queue.there for queue in queues) - 1
    words = say("{name} and {n} more", name=first.name, n=others) if others else first.name
    return Device("printer", name, words)


def _address(url: str | None) -> tuple[str, str]:
    if url is None:
        return say("Not set up; IT sets it up"), "muted"
    return say("Set up: {place}", place=urlsplit(url).netloc), "text"


def _camera() -> Device:
    name = say("Camera")
    if os.name == "posix" and not list(Path("/dev").glob("video*")):
        return Device("camera", name, say("None is plugged in"), "muted")
    return Device("camera", name, say("Ready for scans"))


def _disk(home: Path) -> Device:
    free = shutil.disk_usage(home if home.exists() else Path.home()).free / _GIB
    words = say("{n} GB free for records and scans", n=f"{free:.0f}")
    return Device("database", say("Disk"), words, "text" if free > 2 else "stop")
