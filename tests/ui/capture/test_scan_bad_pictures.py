"""Pictures that are wrong in their own ways, through the window: words, and nothing typed lost."""

from __future__ import annotations

from pathlib import Path

import bad_pictures as bad
import pytest
from capture_desk import TODAY, DeskLike, Window, box, coverage_step, linnea, read

from ui.capture.scan_model import Stage
from workstation.interview.model import CoverageAnswer, PageId
from workstation.interview.situation import Situation

pytestmark = pytest.mark.qt_log_ignore("Corrupt JPEG data")

TYPED = CoverageAnswer(payer_name="Typed by hand", member_id="TYPED123")
NO_CARD = "This does not look like an insurance card."
DAMAGED = "This picture is damaged or cut off."


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a_receipt", NO_CARD),
        ("noise", NO_CARD),
        ("blank", "This picture shows nothing."),
        ("tiny", f"{NO_CARD} The card is small in this picture."),
        ("licence_front", "This is a driver's licence, not an insurance card."),
        ("cut_off", DAMAGED),
        ("text_bomb", DAMAGED),
        ("pixel_bomb", "This picture has too many pixels to open."),
        ("zip_file", "This file is not a picture or PDF."),
    ],
)
def test_what_is_no_card_is_told_and_nothing_typed_is_lost(
    desk: DeskLike, window: Window, tmp_path: Path, name: str, words: str
) -> None:
    check = window.open(linnea(TYPED), Situation(TODAY), PageId.COVERAGE)
    before = check.draft
    path = tmp_path / name
    path.write_bytes(getattr(bad, name)())
    window.chosen = [path]
    desk.press("F8", "Return")
    read(desk, window)
    assert window.overlay.state.stage is Stage.FAILED
    assert window.overlay.state.words == words
    assert window.overlay.state.do
    assert not window.overlay.use_button.isEnabled()
    desk.shot(f"capture-bad-{name}")
    desk.press("Escape")
    assert check.draft == before
    assert not check.documents.all


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("of_50_megapixels", ""),
        ("upside_down", ""),
        ("mirrored", "This picture was mirrored; it was turned round for reading."),
        ("two_cards", "Two cards lie in this picture; one of them was read."),
        ("pdf_of_60_pages", "This file has 60 pages; the first two were taken."),
        ("animated", "This is a moving picture; the first one of it was taken."),
    ],
)
def test_a_card_is_read_all_the_same_and_what_typed_stands(
    desk: DeskLike, window: Window, name: str, words: str
) -> None:
    check = window.open(linnea(TYPED), Situation(TODAY), PageId.COVERAGE)
    desk.press("F8")
    window.overlay.take_bytes(getattr(bad, name)())
    read(desk, window)
    assert window.overlay.state.stage is Stage.READ
    assert window.overlay.state.words == words
    desk.shot(f"capture-bad-{name}")
    window.overlay.use()
    item = check.draft.coverages.items[0]
    assert (item.payer_name, item.member_id) == ("Typed by hand", "TYPED123")
    note = box(coverage_step(check), "coverages.items.0.member_id").message
    assert "3416721106" in note


@pytest.mark.parametrize("name", ["blank", "licence_front", "cut_off", "zip_file"])
def test_what_is_no_licence_is_told(desk: DeskLike, window: Window, name: str) -> None:
    check = window.open(linnea(), Situation(TODAY), PageId.IDENTITY)
    before = check.draft
    desk.press("F9")
    window.overlay.take_bytes(getattr(bad, name)())
    read(desk, window)
    assert window.overlay.state.stage is Stage.FAILED
    assert window.overlay.state.words
    assert window.overlay.state.do
    desk.press("Escape")
    assert check.draft == before
