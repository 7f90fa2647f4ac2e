"""Nothing of a patient outside the encrypted store: not in logs, file names, files or processes.

The pictures and the receipt that the tour was asked to write are the exception.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from workstation.demo.cast import CAST

_LOOK_SECONDS = 0.25
_DATABASE = "portico-pg-"
"""The demo's own PostgreSQL stands for the hospital's server: its data files are a database."""


def _told_of_cast() -> dict[str, re.Pattern[str]]:
    """What would give a person away, by a name that itself says nothing."""
    found = {}
    for number, role in enumerate(CAST):
        person = role.person
        born = date.fromisoformat(person["dob"])
        digits = re.sub(r"\D", "", person["phones"][0])
        parts = {
            "name": rf"(?i){re.escape(person['last'])}.{{0,20}}{re.escape(person['first'])}"
            rf"|{re.escape(person['first'])}.{{0,20}}{re.escape(person['last'])}",
            "phone": rf"{re.escape(person['phones'][0])}|\b1?{digits}\b",
            "born": rf"\b({born:%Y-%m-%d}|{born:%Y%m%d}|{born:%m/%d/%Y}|{born:%d %b %Y})\b",
        }
        if person["mrn"]:
            parts["mrn"] = rf"\b{person['mrn']}\b"
        for cover in role.covers:
            if cover.member_id:
                parts[f"member {cover.payer_id}"] = re.escape(cover.member_id)
        found |= {f"person {number}: {what}": re.compile(how) for what, how in parts.items()}
    return found


LEAKS = _told_of_cast()


@dataclass
class Seen:
    """What could be looked at while the tour ran, by where it was."""

    texts: dict[str, str] = field(default_factory=dict)
    said: str = ""
    code: int = 0


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    """A tour, watched from outside."""
    folder = tmp_path_factory.mktemp("watched")
    out = folder / "out"
    temp = Path(tempfile.mkdtemp(prefix="tour-"))
    temp.chmod(0o711)  # a PostgreSQL that may not run as root has to come through
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(temp)}
    for name in ("PORTICO_SHARED_DSN", "PORTICO_KEY_FILE", "PORTICO_HOME"):
        environment.pop(name, None)
    watched = Seen()
    over = threading.Event()
    with (folder / "said").open("w+") as said:
        process = subprocess.Popen(
            [Path(sys.executable).with_name("portico"), "tour", out],
            env=environment,
            stdout=said,
            stderr=said,
        )
        watcher = threading.Thread(target=_watch, args=(watched, temp, over))
        watcher.start()
        try:
            watched.code = process.wait(timeout=240)
        finally:
            process.kill()
            over.set()
            watcher.join()
        said.seek(0)
        watched.said = said.read()
    yield watched
    shutil.rmtree(temp)


def _watch(watched: Seen, temp: Path, over: threading.Event) -> None:
    while not over.wait(_LOOK_SECONDS):
        _look_at_files(watched, temp)
        _look_at_processes(watched, str(temp))


def _look_at_files(watched: Seen, temp: Path) -> None:
    for base, folders, files in os.walk(temp):
        folders[:] = [name for name in folders if not name.startswith(_DATABASE)]
        for name in (*folders, *files):
            watched.texts[f"name {name}"] = name
        for name in files:
            file = Path(base) / name
            try:
                content = file.read_bytes()
            except OSError:
                continue
            watched.texts[str(file.relative_to(temp))] = content.decode("latin-1")


def _look_at_processes(watched: Seen, temp: str) -> None:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("latin-1")
            around = (process / "environ").read_bytes().replace(b"\0", b" ").decode("latin-1")
        except OSError:
            continue
        if temp in around:
            watched.texts[f"process {process.name}: {line[:40]}"] = f"{line} {around}"


def test_the_tour_ran(seen: Seen) -> None:
    assert seen.code == 0, seen.said
    assert any("logs" in where for where in seen.texts)
    assert any(where.endswith("store.db") for where in seen.texts)


def test_the_patterns_find_what_they_are_for() -> None:
    plain = "OKAFOR-DIAZ, Maria 1985-03-03 0048213 LSB123456789 (512) 555-0103"
    assert sum(bool(pattern.search(plain)) for pattern in LEAKS.values()) >= 5


@pytest.mark.parametrize("what", sorted(LEAKS))
def test_nobody_is_given_away(seen: Seen, what: str) -> None:
    pattern = LEAKS[what]
    places = [where for where, text in seen.texts.items() if pattern.search(text)]
    assert places == []
    assert not pattern.search(seen.said)
