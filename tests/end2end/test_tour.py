"""``portico tour`` as a process: every scene, counts of both databases, keys, and what is left."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

SCENES = frozenset(
    {
        *("sign-in", "arrivals", "arrivals-dark", "find", "new-patient", "duplicate-warning"),
        *("what-changed", "coverage", "card", "licence", "doubt", "medicare-questions"),
        *("consent", "benefits", "estimate", "pay-cash", "pay-card", "pay-check", "receipt"),
        *("nothing-today", "conflict", "offline", "locked", "emergency", "second-desk"),
    }
)
MOST_KEYS = 25


@dataclass(frozen=True)
class Toured:
    """One tour that has ended."""

    out: Path
    temp: Path
    told: dict[str, Any]
    code: int
    said: str


@pytest.fixture(scope="module")
def toured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toured]:
    """The tour of this module; its temporary folder is its own, so that leftovers are seen."""
    out = tmp_path_factory.mktemp("tour") / "out"
    temp = Path(tempfile.mkdtemp(prefix="tour-"))
    temp.chmod(0o711)  # a PostgreSQL that may not run as root has to come through
    environment = {**os.environ, "TMPDIR": str(temp)}
    own = ("PORTICO_SHARED_DSN", "PORTICO_KEY_FILE", "PORTICO_HOME")
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")  # it needs none
    for name in (*own, *screens):
        environment.pop(name, None)
    program = Path(sys.executable).with_name("portico")
    done = subprocess.run(
        [program, "tour", out],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    told = json.loads((out / "tour.json").read_text()) if (out / "tour.json").exists() else {}
    yield Toured(out, temp, told, done.returncode, done.stderr)
    shutil.rmtree(temp)


def test_it_ends_well(toured: Toured) -> None:
    assert toured.code == 0, toured.said


def test_every_scene_was_seen(toured: Toured) -> None:
    assert {step["scene"] for step in toured.told["steps"]} >= SCENES


def test_pictures_are_numbered_and_whole(toured: Toured) -> None:
    for number, step in enumerate(toured.told["steps"], 1):
        assert step["screenshot"].startswith(f"{number:02d}-")
        with Image.open(toured.out / step["screenshot"]) as picture:
            assert picture.size == (1366, 768)
            assert len(picture.convert("RGB").getcolors(1 << 20) or ()) > 20
        assert step["ms"] >= 0


def test_a_returning_patient_takes_few_keys(toured: Toured) -> None:
    assert 0 < toured.told["keys"] <= MOST_KEYS
    assert toured.told["machine_ms"] > 0


def test_both_databases_hold_the_same_new_rows(toured: Toured) -> None:
    local = dict(toured.told["local"])
    assert local.pop("outbox") == 0
    assert local == toured.told["postgresql"]
    assert local["patients"] >= 1
    assert local["coverages"] >= 1
    assert local["payments"] >= 3


def test_the_receipt_says_what_was_paid(toured: Toured) -> None:
    pages = PdfReader(BytesIO((toured.out / toured.told["receipt"]).read_bytes())).pages
    text = "\n".join(page.extract_text() for page in pages)
    assert "Live Oak Regional Hospital" in text
    assert "$20.00" in text
    assert "4242" in text


def test_the_ui_thread_was_measured(toured: Toured) -> None:
    assert toured.told["ui_busy_max_ms"] > 0
    assert toured.told["ui_late_p99_ms"] >= 0


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at processes as Linux shows them")
def test_no_process_and_no_file_is_left(toured: Toured) -> None:
    assert _processes_with(str(toured.temp)) == []
    assert [path.name for path in toured.temp.iterdir() if path.name.startswith("portico")] == []


def _processes_with(words: str) -> list[str]:
    """Command lines and environments that name a folder."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            for part in ("cmdline", "environ"):
                try:
                    said = (
                        (process / part).read_bytes().replace(b"\0", b" ").decode(errors="replace")
                    )
                except OSError:
                    continue
                if words in said:
                    found.append(said[:80])
    return found
