"""``portico tour`` as a process, watched from outside while it runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_LOOK_SECONDS = 0.25
_DATABASE = "portico-pg-"
"""The demo's own PostgreSQL stands for the hospital's server: its data files are a database."""


@dataclass
class WatchedTour:
    """One tour that has ended. ``temp`` was its folder for temporary files and nobody else's."""

    out: Path
    temp: Path
    code: int = 0
    said: str = ""
    seen: dict[str, bytes] = field(default_factory=dict)
    """Names and contents of its files and its processes' command lines, by where that was."""

    @property
    def told(self) -> dict[str, Any]:
        """tour.json."""
        told: dict[str, Any] = json.loads((self.out / "tour.json").read_text())
        return told


@contextmanager
def watched_tour(folder: Path) -> Iterator[WatchedTour]:
    """Runs a tour to its end, without a screen: it needs none."""
    temp = Path(tempfile.mkdtemp(prefix="tour-"))
    temp.chmod(0o711)  # a PostgreSQL that may not run as root has to come through
    own = ("PORTICO_SHARED_DSN", "PORTICO_KEY_FILE", "PORTICO_HOME")
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {k: v for k, v in os.environ.items() if k not in (*own, *screens)}
    tour = WatchedTour(folder / "out", temp)
    over = threading.Event()
    watcher = threading.Thread(target=_watch, args=(tour, over))
    with (folder / "said").open("w+") as said:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("portico"), "tour", tour.out],
            env={**environment, "TMPDIR": str(temp)},
            stdout=said,
            stderr=said,
        )
        watcher.start()
        try:
            tour.code = process.wait(timeout=240)
        finally:
            process.kill()
            over.set()
            watcher.join()
        said.seek(0)
        tour.said = said.read()
    yield tour
    shutil.rmtree(temp)


def _watch(tour: WatchedTour, over: threading.Event) -> None:
    while not over.wait(_LOOK_SECONDS):
        _look_at_files(tour)
        tour.seen |= processes_of(tour)


def _look_at_files(tour: WatchedTour) -> None:
    for base, folders, files in os.walk(tour.temp):
        folders[:] = [name for name in folders if not name.startswith(_DATABASE)]
        for name in (*folders, *files):
            tour.seen[f"name {name}"] = name.encode()
        for name in files:
            file = Path(base) / name
            try:
                tour.seen[str(file.relative_to(tour.temp))] = file.read_bytes()
            except OSError:
                continue


def processes_of(tour: WatchedTour) -> dict[str, bytes]:
    """Command line and environment of each process whose temporary folder is the tour's."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line, around = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:
            continue
        if os.fsencode(tour.temp) in around:
            both = (line + around).replace(b"\0", b" ")
            found[f"process {process.name}: {both[:40].decode(errors='replace')}"] = both
    return found
