"""Loading, judging and straightening pictures: bounds, damage, orientation, corners."""

from __future__ import annotations

import contextlib
import io
import struct
import zlib

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from workstation.capture.crop import find_card, rectify
from workstation.capture.images import load_pages
from workstation.capture.photograph import photograph
from workstation.capture.quality import judge
from workstation.capture.sources import BytesSource, FileSource, kind_of
from workstation.capture.specimens import draw_card
from workstation.kernel.errors import NotUnderstood

Picture = npt.NDArray[np.uint8]


def encoded(image: Image.Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def a_picture(width: int = 300, height: int = 200) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    image.paste((200, 30, 30), (0, 0, width // 2, height // 2))
    return image


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP"])
def test_formats_give_the_same_picture(form: str) -> None:
    pages = load_pages(encoded(a_picture(), form))
    assert len(pages) == 1
    assert pages[0].shape == (200, 300, 3)
    blue, _green, red = (int(v) for v in pages[0][50, 50])
    assert red > 180 > 60 > blue


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "I", "F"])
def test_pixel_kinds(mode: str) -> None:
    gray = a_picture().convert("L")
    if mode == "I;16":
        image = Image.fromarray(np.asarray(gray).astype(np.uint16) * 257)
    else:
        image = a_picture().convert("L" if mode in ("I", "F") else "RGB").convert(mode)
    form = "TIFF" if mode in ("CMYK", "F", "I") else "PNG"
    page = load_pages(encoded(image, form))[0]
    assert page.dtype == np.uint8
    assert int(page[150, 250].min()) > 200
    assert int(page[50, 50].min()) < 140


def test_transparent_is_paper_white() -> None:
    page = load_pages(encoded(Image.new("RGBA", (100, 80), (0, 0, 0, 0)), "PNG"))[0]
    assert int(page.min()) == 255


def test_exif_orientation_is_obeyed() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    page = load_pages(encoded(a_picture(), "JPEG", exif=exif.tobytes()))[0]
    assert page.shape == (300, 200, 3)


def test_pages_of_tiff_and_frames_of_animations() -> None:
    more = [a_picture(), a_picture()]
    tiff = encoded(a_picture(), "TIFF", save_all=True, append_images=more)
    gif = encoded(a_picture(), "GIF", save_all=True, append_images=[Image.new("RGB", (300, 200))])
    assert len(load_pages(tiff)) == 3
    assert len(load_pages(gif)) == 1


def test_pdf_pages() -> None:
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(300, 200))
    for _ in range(6):
        canvas.drawString(30, 30, "SPECIMEN")
        canvas.showPage()
    canvas.save()
    pages = load_pages(file.getvalue())
    assert len(pages) == 4
    assert max(pages[0].shape) <= 2200
    assert int(pages[0].min()) < 80


def png_header(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "picture_empty"),
        (b"hello", "not_a_picture"),
        (png_header(60_000, 60_000), "picture_too_large"),
        (encoded(a_picture(), "PNG")[:200], "picture_damaged"),
        (encoded(a_picture(900, 900), "JPEG")[:3000], "picture_damaged"),
        (encoded(a_picture(8, 8), "PNG"), "picture_too_small"),
        (b"%PDF-1.7 nothing", "pdf_damaged"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "picture_heic"),
    ],
)
def test_what_cannot_be_read_is_said_plainly(data: bytes, code: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        load_pages(data)
    assert caught.value.code == code
    assert caught.value.say.endswith(".")
    assert caught.value.do


def test_a_huge_picture_is_reduced() -> None:
    big = Image.new("L", (8000, 7000), 255)
    page = load_pages(encoded(big, "PNG", compress_level=1))[0]
    assert page.shape[0] * page.shape[1] <= 14_000_000


@given(st.binary(max_size=200), st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_damage_never_breaks_loading(junk: bytes, which: int) -> None:
    forms = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP")
    good = encoded(a_picture(40, 30), forms[which % len(forms)])
    for data in (junk, good[: len(good) // 2] + junk, good[:20] + junk + good[20:]):
        with contextlib.suppress(NotUnderstood):
            assert load_pages(data)


def test_advice() -> None:
    card = draw_card("ppo", 1).front
    good = np.ascontiguousarray(np.asarray(card)[:, :, ::-1])
    assert judge(good) == ()
    codes = {
        "blank": np.full((600, 900, 3), 250, np.uint8),
        "dark": (good // 5).astype(np.uint8),
        "blurred": np.asarray(cv2.GaussianBlur(good, (0, 0), 7), np.uint8),
        "small": np.asarray(cv2.resize(good, (400, 252), interpolation=cv2.INTER_AREA), np.uint8),
    }
    for code, picture in codes.items():
        assert code in [advice.code for advice in judge(picture)], code
    shiny = (good * 0.7).astype(np.uint8)
    cv2.circle(shiny, (500, 300), 130, (255, 255, 255), -1)
    assert "glare" in [advice.code for advice in judge(shiny)]


def overlap(corners: npt.NDArray[np.float32], truth: npt.NDArray[np.float32]) -> float:
    both, _ = cv2.intersectConvexConvex(corners.astype(np.float32), truth)
    return float(both / (cv2.contourArea(corners) + cv2.contourArea(truth) - both))


@pytest.mark.parametrize("table", [(40, 44, 48), (120, 140, 150), (60, 80, 110)])
@pytest.mark.parametrize("angle", [-9.0, 0.0, 6.0])
def test_card_on_a_table_is_found(table: tuple[int, int, int], angle: float) -> None:
    card = np.ascontiguousarray(np.asarray(draw_card("military", 3).front)[:, :, ::-1])
    ground = np.full((1000, 1400, 3), table, np.uint8)
    truth = cv2.boxPoints(((700, 500), (1012, 638), angle)).astype(np.float32)
    truth = np.roll(truth, -int(np.argmin(truth.sum(axis=1))), axis=0)
    source = np.array([[0, 0], [1012, 0], [1012, 638], [0, 638]], np.float32)
    place = cv2.getPerspectiveTransform(source, truth)
    cv2.warpPerspective(card, place, (1400, 1000), dst=ground, borderMode=cv2.BORDER_TRANSPARENT)
    found = find_card(ground)
    assert found.cropped
    assert overlap(found.corners, truth) > 0.96
    straight = rectify(ground, found.corners, 1012)
    assert abs(straight.shape[1] / straight.shape[0] - 1.586) < 0.05


@pytest.mark.parametrize("layout", ["medicare", "military", "ppo", "dense"])
@pytest.mark.parametrize("severity", ["flat", "fax"])
def test_what_has_no_edge_stays_whole(layout: str, severity: str) -> None:
    taken = photograph(draw_card(layout, 2).front, severity, 1)
    assert not find_card(taken).cropped


@pytest.mark.parametrize(
    ("table", "seed"), [((60, 90, 130), 1), ((205, 210, 214), 2), ((40, 44, 48), 3)]
)
def test_card_on_a_grained_table_in_a_picture_of_its_own_shape(
    table: tuple[int, int, int], seed: int
) -> None:
    """A phone's 3 : 2 is nearly a card's shape, and wood has edges everywhere."""
    noise = np.random.default_rng(seed)
    card = np.asarray(draw_card("dense", seed).front.convert("RGB"))[:, :, ::-1]
    grain = cv2.resize(noise.normal(0, 12, (300, 12)).astype(np.float32), (1900, 1267))
    ground = (np.full((1267, 1900, 3), table, np.float32) + grain[:, :, None]).clip(0, 255)
    true = np.array([[430, 320], [1410, 260], [1450, 880], [470, 960]], np.float32)
    height, width = card.shape[:2]
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    place = cv2.getPerspectiveTransform(flat, true)
    mask = cv2.warpPerspective(np.full((height, width), 255, np.uint8), place, (1900, 1267)) > 127
    ground[mask] = cv2.warpPerspective(card, place, (1900, 1267))[mask]
    taken = (ground + noise.normal(0, 6, ground.shape)).clip(0, 255).astype(np.uint8)
    found = find_card(taken)
    assert found.cropped
    assert float(np.abs(found.corners - true).max()) < 25


def test_sources_know_bytes_by_their_beginning(tmp_path: object) -> None:
    assert kind_of(encoded(a_picture(), "PNG")) == "picture"
    assert kind_of(b"%PDF-1.4") == "pdf"
    assert kind_of(b"@\n\x1e\rANSI 636015") == "licence_code"
    assert kind_of(b"shc:/123") == "health_card_code"
    assert kind_of(b"hello") == "unknown"
    assert BytesSource(b"hello").take().origin == "pasted"


def test_a_missing_file_is_said_plainly(tmp_path: object) -> None:
    from pathlib import Path

    with pytest.raises(NotUnderstood) as caught:
        FileSource(Path(str(tmp_path)) / "gone.png").take()
    assert caught.value.code == "file_not_opened"
