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
from typing import Any

import pytest

from workstation.demo.live import LiveDemo

_LOOK_SECONDS = 0.25
_DATABASE = "portico-pg-"
"""The demo's own PostgreSQL stands for the hospital's server: its data files are a database."""


_PART = re.compile(r"\d+|[^\W\d_]+")
_KINDS = ("name", "born", "phone", "mrn", "member")


@dataclass(frozen=True)
class Sign:
    """What gives a person away: one word, or two that stand close together."""

    person: int
    kind: str
    words: tuple[str, ...]
    parts: frozenset[str]
    """Without each of these a text needs no closer look."""

    def stands_in(self, text: str, parts: set[str]) -> bool:
        if not (self.parts <= parts and all(word in text for word in self.words)):
            return False
        near = ".{0,20}".join(map(re.escape, self.words))
        return re.search(rf"(?<![^\W_]){near}(?![^\W_])", text) is not None


def _sign(person: int, kind: str, *words: str) -> Sign:
    small = tuple(word.casefold() for word in words)
    return Sign(person, kind, small, frozenset(_PART.findall(" ".join(small))))


def _signs(people: list[dict[str, Any]], covers: list[dict[str, Any]]) -> Iterator[Sign]:
    for number, person in enumerate(people):
        yield _sign(number, "name", person["last"], person["first"])
        yield _sign(number, "name", person["first"], person["last"])
        born = date.fromisoformat(person["dob"])
        for form in ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%d %b %Y"):
            yield _sign(number, "born", f"{born:{form}}")
        for phone in person["phones"]:
            digits = re.sub(r"\D", "", phone)
            for dialled in (phone, digits, f"1{digits}"):
                yield _sign(number, "phone", dialled)
        if person["mrn"]:
            yield _sign(number, "mrn", person["mrn"])
        for cover in covers:
            if cover["person_id"] == person["id"] and cover["member_id"]:
                yield _sign(number, "member", cover["member_id"])


def given_away(text: str, signs: list[Sign]) -> list[tuple[int, str]]:
    """Whom the text gives away, and by what."""
    text = text.casefold()
    parts = set(_PART.findall(text))
    return [(sign.person, sign.kind) for sign in signs if sign.stands_in(text, parts)]


@pytest.fixture(scope="module")
def signs(tmp_path_factory: pytest.TempPathFactory) -> list[Sign]:
    """Of everybody the demo knows: its store is made of the same dice each time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PORTICO_KEY_FILE", str(tmp_path_factory.mktemp("key") / "demo.key"))
        with LiveDemo() as demo:
            reader = demo.workstation.store.read()
            return list(_signs(reader.find("person"), reader.find("coverage")))


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
            watched.texts[str(file.relative_to(temp))] = content.decode("utf-8", "replace")


def _look_at_processes(watched: Seen, temp: str) -> None:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (
                (process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            )
            around = (
                (process / "environ").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            )
        except OSError:
            continue
        if temp in around:
            watched.texts[f"process {process.name}: {line[:40]}"] = f"{line} {around}"


def test_the_tour_ran(seen: Seen) -> None:
    assert seen.code == 0, seen.said
    assert any("logs" in where for where in seen.texts)
    assert any(where.endswith("store.db") for where in seen.texts)


def test_the_signs_find_what_they_are_for(signs: list[Sign]) -> None:
    plain = "OKAFOR-DIAZ, Maria 1985-03-03 mrn_0048213 LSB123456789 (512) 555-0103"
    [maria] = {person for person, kind in given_away(plain, signs) if kind == "mrn"}
    assert {kind for person, kind in given_away(plain, signs) if person == maria} == {*_KINDS}
    assert len({sign.person for sign in signs}) >= 300
    assert {sign.kind for sign in signs} == {*_KINDS}


def test_nobody_is_given_away(seen: Seen, signs: list[Sign]) -> None:
    found = {where: given_away(text, signs) for where, text in seen.texts.items()}
    assert {where: who for where, who in found.items() if who} == {}
    assert given_away(seen.said, signs) == []
