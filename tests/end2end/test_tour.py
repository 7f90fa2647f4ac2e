"""``portico tour`` as a process: every scene, counts of both databases, keys, and what is left."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader
from watched_tour import WatchedTour, processes_of

pytestmark = pytest.mark.timeout(300)
"""A whole tour on a busy machine."""

SCENES = frozenset(
    {
        *("sign-in", "arrivals", "arrivals-dark", "find", "new-patient", "duplicate-warning"),
        *("what-changed", "coverage", "card", "licence", "doubt", "medicare-questions"),
        *("consent", "benefits", "estimate", "pay-cash", "pay-card", "pay-check", "receipt"),
        *("nothing-today", "conflict", "offline", "locked", "emergency", "second-desk"),
        *("privacy", "privacy-patient", "shift-report"),
    }
)
MOST_KEYS = 25


def test_it_ends_well(toured: WatchedTour) -> None:
    assert toured.code == 0, toured.said


def test_every_scene_was_seen(toured: WatchedTour) -> None:
    assert {step["scene"] for step in toured.told["steps"]} >= SCENES


def test_pictures_are_numbered_and_whole(toured: WatchedTour) -> None:
    for number, step in enumerate(toured.told["steps"], 1):
        assert step["screenshot"].startswith(f"{number:02d}-")
        with Image.open(toured.out / step["screenshot"]) as picture:
            assert picture.size == (1366, 768)
            assert len(picture.convert("RGB").getcolors(1 << 20) or ()) > 20
        assert step["ms"] >= 0


def test_a_returning_patient_takes_few_keys(toured: WatchedTour) -> None:
    assert 0 < toured.told["keys"] <= MOST_KEYS
    assert toured.told["machine_ms"] > 0


def test_both_databases_hold_the_same_new_rows(toured: WatchedTour) -> None:
    local = dict(toured.told["local"])
    assert local.pop("outbox") == 0
    assert local == toured.told["postgresql"]
    assert local["patients"] >= 1
    assert local["coverages"] >= 1
    assert local["payments"] >= 3


def test_the_receipt_says_what_was_paid(toured: WatchedTour) -> None:
    pages = PdfReader(BytesIO((toured.out / toured.told["receipt"]).read_bytes())).pages
    text = "\n".join(page.extract_text() for page in pages)
    assert "Live Oak Regional Hospital" in text
    assert "$20.00" in text
    assert "4242" in text


def test_the_ui_thread_was_measured(toured: WatchedTour) -> None:
    assert toured.told["ui_busy_max_ms"] > 0
    assert toured.told["ui_late_p99_ms"] >= 0


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks at processes as Linux shows them")
def test_no_process_and_no_file_is_left(toured: WatchedTour) -> None:
    assert processes_of(toured) == {}
    assert [path.name for path in toured.temp.iterdir() if path.name.startswith("portico")] == []
