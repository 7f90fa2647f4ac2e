"""Pictures that are wrong in their own ways, through the reading process: plain words, bounded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import bad_pictures as bad
import pytest

from workstation.capture.worker import CaptureWorker
from workstation.kernel.errors import NotUnderstood, PorticoError

MEMBER, PAYER = "3416721106", "Northwind Health Plan"


@pytest.fixture(scope="module")
def worker() -> Iterator[CaptureWorker]:
    running = CaptureWorker()
    running.warm_up().result(timeout=120)
    yield running
    running.close()


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("of_50_megapixels", []),
        ("upside_down", []),
        ("animated", []),
        ("pdf_of_60_pages", []),
        ("mirrored", ["mirrored"]),
        ("two_cards", ["two_cards"]),
    ],
)
def test_a_card_is_read_all_the_same(worker: CaptureWorker, name: str, advice: list[str]) -> None:
    got = worker.read_card(getattr(bad, name)()).result(timeout=120)
    assert (got.payer_name, got.member_id) == (PAYER, MEMBER)
    assert "member_id" not in got.review
    assert [a["code"] for side in got.sides for a in side.advice] == advice


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("a_receipt", []),
        ("noise", []),
        ("tiny", ["small"]),
        ("blank", ["blank"]),
        ("licence_front", ["licence"]),
    ],
)
def test_what_is_no_card_gives_nothing(worker: CaptureWorker, name: str, advice: list[str]) -> None:
    got = worker.read_card(getattr(bad, name)()).result(timeout=120)
    assert got.not_a_card
    assert (got.payer_name, got.member_id, got.copays) == (None, None, {})
    assert [a["code"] for side in got.sides for a in side.advice] == advice


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("cut_off", "picture_damaged"),
        ("pixel_bomb", "picture_too_large"),
        ("text_bomb", "picture_damaged"),
        ("zip_file", "not_a_picture"),
    ],
)
def test_what_is_no_picture_is_told(worker: CaptureWorker, name: str, code: str) -> None:
    data = getattr(bad, name)()
    for ask in (worker.read_card, worker.read_licence, worker.open_file):
        with pytest.raises(NotUnderstood) as caught:
            ask(data).result(timeout=60)
        assert caught.value.code == code
        assert caught.value.do


def test_pages_are_opened_elsewhere_and_counted(worker: CaptureWorker) -> None:
    many = worker.open_file(bad.pdf_of_60_pages()).result(timeout=60)
    assert (len(many.pages), many.total, many.moving) == (2, 60, False)
    moving = worker.open_file(bad.animated()).result(timeout=60)
    assert (len(moving.pages), moving.moving) == (1, True)
    assert all(page.startswith(b"\xff\xd8") for page in (*many.pages, *moving.pages))


@pytest.mark.parametrize("name", ["blank", "licence_front", "a_receipt", "tiny"])
def test_no_licence_says_what_to_do(worker: CaptureWorker, name: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        worker.read_licence(getattr(bad, name)()).result(timeout=60)
    assert caught.value.code == "no_licence_barcode"
    assert caught.value.do


@pytest.mark.skipif(not Path("/proc").exists(), reason="reads /proc")
def test_none_of_it_took_more_than_its_bound(worker: CaptureWorker) -> None:
    worker.read_card(bad.of_50_megapixels()).result(timeout=120)
    status = Path(f"/proc/{worker.process_id()}/status").read_text().splitlines()
    most = int(next(row for row in status if row.startswith("VmHWM")).split()[1])
    assert most < 800_000, "kilobytes"


@pytest.mark.slow
def test_a_file_that_unfolds_to_gigabytes_ends_one_process_and_not_the_desk() -> None:
    alone = CaptureWorker(patience_s=15.0)
    try:
        with pytest.raises(PorticoError) as caught:
            alone.open_file(bad.pdf_bomb()).result(timeout=60)
        assert caught.value.code in ("capture_crashed", "capture_too_slow")
        assert alone.open_file(bad.tiny()).result(timeout=60).total == 1
    finally:
        alone.close()
