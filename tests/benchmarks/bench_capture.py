"""Reading a card and a licence, beside the bare engines on the same pictures."""

from __future__ import annotations

import io

import numpy as np
import zxingcpp
from figures import Table, cpu_ms
from PIL import Image
from rapidocr import RapidOCR

from workstation.capture.read_card import CardReader
from workstation.capture.read_licence import read_licence
from workstation.capture.specimens import draw_card, draw_licence_back

PAYLOAD = (
    "@\n\x1e\rANSI 636015090002DL00410278ZT03190008DLDAQ12345678\nDCSSAMPLE\nDACANA\n"
    "DBB03031985\nDBA02292032\nDBC2\nDAG100 EXAMPLE ST\nDAIAUSTIN\nDAJTX\nDAK787010000  \n\r"
)


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=1)
    return file.getvalue()


def test_front_and_back_of_a_card(table: Table) -> None:
    """Reading a card, ms of CPU"""
    reader, engine = CardReader(), RapidOCR(params={"Global.log_level": "critical"})
    reader.warm_up()
    card = draw_card("dense", 1)
    sides = [np.asarray(side.convert("RGB")) for side in (card.front, card.back)]
    front, back = png(card.front), png(card.back)
    bare = cpu_ms(lambda: [engine(side) for side in sides], 3)
    ours = cpu_ms(lambda: reader.read(front, back), 3)
    table.line("front and back", ours, bare, remark="baseline: rapidocr as it comes, both sides")


def test_back_of_a_licence(table: Table) -> None:
    """Reading a licence, ms of CPU"""
    straight = draw_licence_back(PAYLOAD)
    pixels = np.asarray(straight.convert("L"))
    bare = cpu_ms(lambda: zxingcpp.read_barcodes(pixels), 7)
    for words, picture in (
        ("upright", straight),
        ("askew by 9 degrees", straight.rotate(9, expand=True, fillcolor=(90, 90, 90))),
    ):
        data = png(picture)
        ours = cpu_ms(lambda data=data: read_licence(data), 7)  # type: ignore[misc]
        table.line(words, ours, bare, remark="baseline: zxing alone, upright, no file read")
