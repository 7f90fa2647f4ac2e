"""PDF417 of licences at every tilt, blurred and photographed; other symbols of cards."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import zxingcpp
from PIL import Image

sys.path.insert(0, str(Path(__file__).parent))
from aamva_payloads import payload

from workstation.capture.barcodes import read_licence_symbol, read_symbols
from workstation.capture.photograph import photograph
from workstation.capture.read_licence import read_licence
from workstation.capture.specimens import draw_licence_back
from workstation.kernel.errors import NotUnderstood

Picture = npt.NDArray[np.uint8]
TEXT = payload(9)


@pytest.fixture(scope="module")
def back() -> Picture:
    image = np.asarray(draw_licence_back(TEXT, scale=3).convert("RGB"))
    return np.ascontiguousarray(image[:, :, ::-1])


def tilted(picture: Picture, degrees: float) -> Picture:
    height, width = picture.shape[:2]
    size = int((width**2 + height**2) ** 0.5) + 40
    place = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    place[:, 2] += (size - width) / 2, (size - height) / 2
    return np.asarray(
        cv2.warpAffine(picture, place, (size, size), borderValue=(90, 80, 70)), np.uint8
    )


@pytest.mark.parametrize("degrees", [0, 1, 2, 3, 5, 8, 15, 30, 45, 60, 85, 90, 178, 265])
def test_any_tilt(back: Picture, degrees: float) -> None:
    found = read_licence_symbol(tilted(back, degrees))
    assert found is not None
    assert found.type == "PDF417"
    assert b"DCSEXAMPLE" in found.raw
    assert b"\x1e" in found.raw


@pytest.mark.parametrize("degrees", [0, 4, 20])
def test_blur_of_two_pixels(back: Picture, degrees: float) -> None:
    soft = np.asarray(cv2.GaussianBlur(tilted(back, degrees), (0, 0), 2.0), np.uint8)
    found = read_licence_symbol(soft)
    assert found is not None
    assert b"DCSEXAMPLE" in found.raw


@pytest.mark.parametrize("seed", range(4))
def test_desk_photograph(seed: int) -> None:
    taken = photograph(draw_licence_back(TEXT, scale=3), "desk", seed)
    found = read_licence_symbol(taken)
    assert found is not None
    assert b"DCSEXAMPLE" in found.raw


@pytest.mark.parametrize("lean", [(30, -25, 40), (-20, 35, -30)])
def test_a_phone_held_askew(back: Picture, lean: tuple[int, int, int]) -> None:
    height, width = back.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    target = source + 120
    target[0] += lean[0]
    target[1, 1] += lean[1]
    target[2] += lean[2]
    place = cv2.getPerspectiveTransform(source, target.astype(np.float32))
    size = (width + 240, height + 240)
    taken = cv2.warpPerspective(back, place, size, borderValue=(80, 90, 100))
    data = cv2.imencode(".jpg", tilted(np.asarray(taken, np.uint8), 11))[1].tobytes()
    assert read_licence(data).last_name == "EXAMPLE"


def test_a_licence_picture_becomes_a_licence(back: Picture) -> None:
    got = read_licence(cv2.imencode(".png", tilted(back, 7))[1].tobytes())
    assert (got.last_name, got.number) == ("EXAMPLE", "12345678")


def test_a_picture_without_barcode_says_what_to_do() -> None:
    file = io.BytesIO()
    Image.new("RGB", (900, 600), "white").save(file, "PNG")
    with pytest.raises(NotUnderstood) as caught:
        read_licence(file.getvalue())
    assert caught.value.do


@pytest.mark.parametrize("form", ["QRCode", "Code128", "DataMatrix", "Aztec", "PDF417"])
def test_symbols_of_cards(form: str) -> None:
    code = zxingcpp.create_barcode("SPECIMEN 123", getattr(zxingcpp.BarcodeFormat, form))
    bars = np.array(code.to_image(scale=4))
    page = np.full((bars.shape[0] + 200, bars.shape[1] + 200), 255, np.uint8)
    page[100:-100, 100:-100] = bars
    found = read_symbols(page)
    assert [(s.type, s.text) for s in found] == [(form, "SPECIMEN 123")]


def test_a_card_without_symbols_has_none() -> None:
    assert read_symbols(np.full((638, 1012, 3), 240, np.uint8)) == []
